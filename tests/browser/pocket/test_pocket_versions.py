"""A new version of the board on a device that has an older one: told once, never in the way, never half."""

import re

from server.base.settings import ROOT
from tests.browser.support.flaky import Weather
from tests.browser.support.pocket import KARIM, LEFT, ODETTE, PUT_IN_POCKET, SETTLED, hold, rows, sent, until
from tests.browser.support.screens import Screen, enter

BUILD = re.compile(rb'const BUILD = "(\w+)"')
NEW_VERSION = "Une nouvelle version est prête"
UPDATE = "navigator.serviceWorker.ready.then(registration => registration.update()).catch(() => {})"
FORM = [["/ecrire/bon-plan", "post", {"title": "Écrit avant la mise à jour", "body": "Des mots.", "place": "Ici"}]]
# The caches and the copy of an errand as the first version of the worker named and wrote them.
FORMER = """(async () => {
  const put = async (name, path, headers) => (await caches.open(name)).put(path, new Response("<html >avant</html>",
    { headers: { "Content-Type": "text/html", ...headers } }))
  await put("palier-0000aaaa1111", "/static/0000aaaa1111/css/palier.css", {})
  await put("pages-0123456789abcdef01234567", "/", { "Kept-At": "1" })
  await put("pages-0123456789abcdef01234567", "/avis/x", { "Kept-At": "1", "Kept-Until": "99999999999999" })
})()"""


def another(network, *, broken: bool = False, kill: str = "") -> None:
    """From now on the server tells of another build, whose worker may be broken."""

    def change(path: str, answer: bytes) -> bytes:
        if path != "/sw.js":
            return answer
        head, _, body = answer.partition(b"\r\n\r\n")
        head = re.sub(rb"(?i)\r\ncontent-(length|encoding):[^\r]*", b"", head)
        body = kill.encode() if kill else BUILD.sub(b'const BUILD = "feedfeedfeed"', body)
        return head + b"\r\n\r\n" + (b"this is not a worker (" if broken else b"") + body

    network.tamper, network.conditional = change, False


async def caches_of(page) -> set[str]:
    """The caches on this device."""
    return set(await page.evaluate("caches.keys()"))


async def test_a_new_version_is_told_once_and_opened_when_asked(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    # A page that is open while the new version comes: nothing happens to it.
    await page.goto(network.url + "/ecrire/bon-plan")
    await page.fill("#title", "En train d’écrire")
    former = await caches_of(page)
    another(network)
    await page.evaluate(UPDATE)
    await page.get_by_text(NEW_VERSION).wait_for()
    assert await page.input_value("#title") == "En train d’écrire"
    assert former < await caches_of(page)
    # Told once: the next page does not say it again.
    await page.goto(network.url + "/charte")
    await page.wait_for_timeout(1500)
    assert not await page.get_by_text(NEW_VERSION).is_visible()
    # Nor did it take over by itself.
    assert former < await caches_of(page)


async def test_the_new_version_opens_when_asked_and_what_waits_survives(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    await page.evaluate(FORMER)
    network.weather = Weather(reset=1, on=lambda method, path: method == "POST")
    await page.evaluate(PUT_IN_POCKET, FORM)
    another(network)
    await page.evaluate(UPDATE)
    await page.get_by_role("button", name="Ouvrir maintenant").click()
    await until(lambda: _gone(page, "palier-0000aaaa1111"))
    names = await caches_of(page)
    # Of the former version nothing is left: not its shell, not a copy of its making.
    assert "palier-feedfeedfeed" in names and not any(name.startswith("pages-") for name in names)
    assert sum(name.startswith("palier-") for name in names) == 1
    assert await page.evaluate(LEFT) == 1
    # It reads without network, and what waited goes.
    network.down = True
    await page.goto(network.url + "/")
    assert await page.locator("article").count() > 3
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgba(0, 0, 0, 0)"
    network.down, network.weather = False, Weather()
    await page.goto(network.url + "/")
    await sent(page)
    assert rows(network.server, "SELECT count(*) FROM post WHERE title = ?", FORM[0][2]["title"]) == [(1,)]


async def _gone(page, name: str) -> bool:
    return name not in await caches_of(page)


async def test_a_broken_or_half_downloaded_version_changes_nothing(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    for broken in (True, False):
        another(network, broken=broken)
        # The second time the worker is whole, but one of its files cannot be had.
        network.weather = Weather(lost=0 if broken else 1, on=lambda method, path: path.endswith("palier.css"))
        await page.evaluate(UPDATE)
        await until(
            lambda: page.evaluate("navigator.serviceWorker.ready.then(one => !one.waiting && !one.installing)"), 20
        )
        network.down = True
        await page.goto(network.url + "/")
        assert "Hors connexion" in await page.locator("offline-band").inner_text()
        assert await page.locator("article").count() > 3
        network.down, network.weather = False, Weather()
        await page.goto(network.url + "/")
        assert await page.evaluate(SETTLED) is True


async def test_the_kill_switch_takes_the_worker_away_and_leaves_what_was_written(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    network.weather = Weather(reset=1, on=lambda method, path: method == "POST")
    title = "Écrit avant que l’ouvrier ne parte"
    await page.evaluate(PUT_IN_POCKET, [[*FORM[0][:2], FORM[0][2] | {"title": title}]])
    another(network, kill=(ROOT / "web" / "sw-off.js").read_text())
    await page.evaluate(UPDATE)
    await until(lambda: _nobody(page))
    assert await caches_of(page) == set() and await page.evaluate(LEFT) == 1
    # Pages come from the network, ask themselves who reads, and send what waited to nobody else's account.
    network.weather = Weather()
    screen = Screen(page.context, page, network.server, "A")
    await page.context.clear_cookies()
    await enter(screen, ODETTE)
    await page.goto(network.url + "/")
    await page.wait_for_timeout(2000)
    assert await page.locator("#poche .avis").count() == 0
    assert not rows(network.server, "SELECT 1 FROM post WHERE title = ?", title)
    await page.context.clear_cookies()
    await enter(screen, KARIM)
    await page.goto(network.url + "/")
    await until(lambda: bool(rows(network.server, "SELECT 1 FROM post WHERE title = ?", title)), 20)
    by = rows(network.server, "SELECT m.name FROM post p JOIN member m ON m.id = p.author WHERE p.title = ?", title)
    assert len(by) == 1 and by[0][0].startswith("Karim")


async def _nobody(page) -> bool:
    return await page.evaluate("caches.keys().then(names => names.length)") == 0
