"""What a browser owes an answer and does not give: storage, copies, locks, push services. Nothing waits for ever."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.support.flaky import half
from tests.browser.support.papers import papers, waits
from tests.browser.support.pocket import KARIM, at_rest, fill_tip, hold, put_up, rows, sent, until
from tests.browser.support.push import ChromiumPush
from tests.browser.support.screens import Screen, enter
from tests.browser.support.strangers import answer

# Done in the running worker: from now on this part of the browser never answers, or always fails.
NEVER = "() => new Promise(() => {})"
SILENT = {
    "rows and a push service that never answer": "IDBDatabase.prototype.transaction = () => ({ objectStore: () =>"
    f" new Proxy({{}}, {{ get: () => () => ({{}}) }}) }}); PushManager.prototype.getSubscription = {NEVER};",
    "copies that never answer": "for (const name of ['open', 'match', 'keys'])"
    f" CacheStorage.prototype[name] = {NEVER};",
    "copies that fail": "for (const name of ['open', 'match', 'keys'])"
    " CacheStorage.prototype[name] = () => Promise.reject(new Error('no copies'));",
}
UPDATE = "navigator.serviceWorker.ready.then(registration => registration.update()).catch(() => {})"
ACTIVE = """navigator.serviceWorker.ready.then(({ active }) => new Promise(said => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = ({ data }) => said(data)
  active.postMessage("build", [port2]) }))"""
AWAKE = "document.documentElement.hasAttribute('data-awake') && Boolean(globalThis.htmx)"
MUTE = "indexedDB.open = () => ({}); navigator.locks.request = () => new Promise(() => {})"
RELUS = "SELECT count(*) = 1 FROM post WHERE title = 'Relu puis laissé'"
TOP = "document.querySelector('offline-band > :not([hidden])').getBoundingClientRect().top"
NO_ALERTS = ("null", "[]", "7", '"a"', "not json", '{"notification": null}', '{"path": "//ailleurs.test/"}')


def another_build(network) -> None:
    """From now on the board has another worker."""

    def change(path: str, got: bytes) -> bytes:
        if path != "/sw.js":
            return got
        head, _, body = got.partition(b"\r\n\r\n")
        head = re.sub(rb"(?i)\r\ncontent-length:[^\r]*", b"", head)
        return head + b"\r\n\r\n" + re.sub(rb'const BUILD = "\w+"', b'const BUILD = "feedfeedfeed"', body, count=1)

    network.tamper, network.conditional = change, False


@pytest.mark.parametrize("silent", SILENT)
async def test_a_silent_browser_has_the_board_from_the_network(silent, phone, network):
    page = await hold(await phone(), network.server, KARIM)
    await page.context.service_workers[-1].evaluate(f"() => {{ {SILENT[silent]} }}")
    for path, words in (("/charte", "Les six règles"), ("/ecrire/bon-plan", "Écrire aux voisins")):
        await page.goto(network.url + path, timeout=15_000)
        assert words in await page.locator("body").inner_text()
        assert not await page.locator("offline-band > div").first.is_visible()
    # It is written too, straight to the board.
    await fill_tip(page, network.url, f"Malgré {silent}")
    await page.get_by_role("button", name="Afficher sur le tableau").click()
    await page.wait_for_url(re.compile("/avis/"), timeout=20_000)
    assert rows(network.server, "SELECT count(*) FROM post WHERE title = ?", f"Malgré {silent}") == [(1,)]


@pytest.mark.parametrize("silent", [name for name in SILENT if name.startswith("copies")])
async def test_without_copies_no_hotel_stands_under_our_address(silent, phone, network):
    page = await hold(await phone(), network.server, KARIM)
    await page.context.service_workers[-1].evaluate(f"() => {{ {SILENT[silent]} }}")
    for words in ("Ce n’est pas le tableau qui a répondu", "Le réseau manque"):
        network.stranger = lambda method, path: answer("200 OK")
        network.down = words == "Le réseau manque"
        await page.goto(network.url + "/charte", timeout=15_000)
        assert words in await page.locator("p").first.inner_text()
        network.stranger, network.down = lambda method, path: None, False
        await page.get_by_role("link", name="Essayer encore").click()
        await page.get_by_text("Les six règles").first.wait_for()


async def test_silent_storage_in_the_page_holds_nothing_up(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    await page.context.add_init_script(MUTE)
    await page.goto(network.url + "/chez-moi")
    await page.fill("#nom", "Karim Benali")
    await page.get_by_role("button", name="Garder").first.click()
    await page.get_by_text("C’est gardé").wait_for()
    await page.locator("form[action='/sortie'] button").click()
    await page.wait_for_url(network.url + "/entrer", timeout=15_000)


@pytest.mark.parametrize(
    ("name", "change"),
    [("palier.css", lambda got: answer("200 OK")), ("palier.css", half), ("answers.js", half), ("/sortie", half)],
    ids=["a hotel's style sheet", "half a style sheet", "half a script", "half a page"],
)
async def test_a_shell_that_is_not_whole_or_not_ours_is_never_installed(phone, network, name, change):
    page = await hold(await phone(), network.server, KARIM)
    before = await page.evaluate(ACTIVE)
    another_build(network)
    plain = network.tamper
    network.tamper = lambda path, got: change(got) if path.endswith(name) else plain(path, got)
    await page.evaluate(UPDATE)
    await until(lambda: _has_no_other(page))
    assert await page.evaluate(ACTIVE) == before
    caches = await page.evaluate("caches.keys()")
    assert f"palier-{before}" in caches
    for name in caches:
        if name.startswith("palier-"):
            types = await page.evaluate(TYPES_IN, name)
            assert all("text/css" in kind for path, kind in types if path.endswith(".css")), name


TYPES_IN = """async name => { const cache = await caches.open(name), found = []
  for (const one of await cache.keys())
    found.push([one.url, (await cache.match(one)).headers.get("Content-Type")])
  return found }"""


async def _has_no_other(page: Page) -> bool:
    return await page.evaluate("navigator.serviceWorker.ready.then(one => !one.installing && !one.waiting)")


async def test_relire_then_back_lets_the_paper_go(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    network.down = True
    await fill_tip(page, network.url, "Relu puis laissé")
    await put_up(page, network.url)
    await page.locator("#poche .avis").get_by_role("link", name="Relire").click()
    await expect(page.locator("#title")).to_have_value("Relu puis laissé")
    await page.go_back()
    network.down = False
    await page.goto(network.url + "/")
    # It may have left before this page came: what the one before says of it is not seen here.
    await until(lambda: rows(network.server, RELUS) == [(1,)])
    await sent(page)


async def test_a_page_that_cannot_let_the_paper_go_leaves_it_to_the_next(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    network.down = True
    await fill_tip(page, network.url, "Relu puis laissé")
    await put_up(page, network.url)
    await page.locator("#poche .avis").get_by_role("link", name="Relire").click()
    await expect(page.locator("#title")).to_have_value("Relu puis laissé")
    await page.add_init_script("if (!sessionStorage.once) { sessionStorage.once = 1; indexedDB.open = () => ({}) }")
    await page.go_back()
    await at_rest(page)
    network.down = False
    await page.goto(network.url + "/")
    await until(lambda: rows(network.server, RELUS) == [(1,)], 30)


async def test_send_now_says_what_became_of_it(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    network.down = True
    await fill_tip(page, network.url, "Tout de suite")
    await put_up(page, network.url)
    await waits(page, 1)
    await page.get_by_role("button", name="Envoyer maintenant").click()
    await page.get_by_text("Toujours pas de réponse du tableau").wait_for()
    assert "Tout de suite" in await papers(page)
    network.down = False
    await page.get_by_role("button", name="Envoyer maintenant").click()
    await page.get_by_text("C’est parti").wait_for()
    # The band that said "Hors connexion" has gone, though the browser saw no change of network.
    assert not await page.get_by_text("Hors connexion").is_visible()
    await sent(page)
    assert rows(network.server, "SELECT count(*) FROM post WHERE title = 'Tout de suite'") == [(1,)]


async def test_the_network_is_back_and_one_reads_it(phone, network):
    context = await phone()
    page = await hold(context, network.server, KARIM)
    network.down = True
    await context.set_offline(True)
    await fill_tip(page, network.url, "Au retour du réseau")
    await put_up(page, network.url)
    assert "Hors connexion" in await page.locator("offline-band").inner_text()
    network.down = False
    await context.set_offline(False)
    await page.get_by_text("C’est parti").wait_for()
    await expect(page.get_by_text("Hors connexion")).not_to_be_visible()
    assert rows(network.server, "SELECT count(*) FROM post WHERE title = 'Au retour du réseau'") == [(1,)]


async def test_without_worker_and_network_a_gesture_says_so(chromium, network):
    context = await chromium.new_context(service_workers="block", locale="fr-FR")
    page = await context.new_page()
    await enter(Screen(context, page, network.server, "A"), KARIM)
    await until(lambda: page.evaluate(AWAKE))
    for away, words in ((True, "n’a pas répondu"), (False, "Ce n’est pas le tableau")):
        await page.goto(network.url + "/?genre=mot-gentil")
        await until(lambda: page.evaluate(AWAKE))
        network.down = away
        network.stranger = lambda method, path: answer("200 OK")
        await page.locator("article form[data-hx-post]:not([action$=annuler]) button").first.click()
        await page.locator("offline-band").get_by_text(words).wait_for()
        # It is in sight, wherever one was.
        assert await page.evaluate(TOP) >= 0
        network.down, network.stranger = False, lambda method, path: None
    await context.close()


@pytest.mark.alerts
async def test_the_push_service_that_is_not_there_is_told(phone, network):
    context = await phone()
    page = await hold(context, network.server, KARIM)
    await context.grant_permissions(["notifications"], origin=network.url)
    await page.goto(network.url + "/chez-moi")
    await page.get_by_role("button", name="Prévenez-moi").click()
    said = page.locator("alert-switch [role=status]")
    await expect(said).to_contain_text("service d’alertes", timeout=15_000)
    # No leave is given.
    await context.clear_permissions()
    await page.goto(network.url + "/chez-moi")
    await page.evaluate("Notification.requestPermission = () => Promise.resolve('denied')")
    await page.get_by_role("button", name="Prévenez-moi").click()
    await expect(said).to_contain_text("fenêtre privée")


@pytest.mark.alerts
async def test_a_push_of_nothing_shows_something(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    async with ChromiumPush(page) as push:
        for n, data in enumerate(NO_ALERTS, 1):
            await push.deliver(data)
            shown = await push.shown()
            assert {(one["title"], one["data"]["path"]) for one in shown} == {("Palier", "/nouvelles")}, data
            assert len(shown) == n, data
