"""What the board's worker does with an alert, in Chromium: shown, kept for the stairwell, touched, taken."""

import asyncio
import json
import re

import pytest
from playwright.async_api import expect

from tests.browser.support.pocket import KARIM, at_rest, hold, rows, until
from tests.browser.support.push import ChromiumPush
from tests.browser.support.screens import enter
from tests.browser.support.strangers import answer

OPEN = (
    "SELECT p.id FROM post p WHERE p.state = 'open' AND p.listed AND p.need IS NOT NULL AND p.offer IS NULL"
    " AND p.author <> (SELECT id FROM member WHERE name = 'Karim Benali') ORDER BY p.id"
)

pytestmark = pytest.mark.alerts
# As if this reader had said yes here.
SUBSCRIBED = """async () => {
  const { get, put } = await import(new URL("../lib/store.js", document.querySelector("script[src*=alert-switch]").src))
  await put("device", { reader: (await get("device", "reader")).name, endpoint: "x", at: Date.now() }, "alerts")
}"""


def told(path: str) -> str:
    """An alert as the board writes it."""
    shown = {"title": "Pharmacie, avant 18 h", "body": "Une demande urgente.", "tag": "a1", "app_badge": "3"}
    actions = [{"action": "take", "title": "Je m’en occupe"}, {"action": "read", "title": "Lire"}]
    return json.dumps({"web_push": 8030, "notification": shown, "path": path, "actions": actions, "loud": True})


# A push service that says yes at once.
SAYS_YES = """PushManager.prototype.subscribe = async () => ({
  endpoint: "https://fcm.googleapis.com/fcm/send/x",
  getKey: name => new Uint8Array(name === "auth" ? 16 : 65).buffer })"""


async def test_an_alert_is_shown_kept_and_opens_the_right_page(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    first, second = (row[0] for row in rows(network.server, OPEN)[:2])
    first, second = (f"/avis/{one}" for one in (first, second))
    async with ChromiumPush(page) as push:
        await push.deliver(told(first))
        (alert,) = await push.shown()
        assert (alert["title"], alert["data"]) == ("Pharmacie, avant 18 h", {"path": first})
        assert alert["actions"] == [["take", "Je m’en occupe"], ["read", "Lire"]]
        # A window of ours where nothing is typed goes there.
        assert await push.tap(0, "read") == [["focus", page.url], ["navigate", network.url + first]]
        # One that shows it already only comes to the front.
        await page.goto(network.url + second)
        await push.deliver(told(second))
        assert await push.tap(0) == [["focus", network.url + second]]
        # Words that are being typed are left alone: another window opens.
        await page.goto(network.url + "/ecrire/bon-plan")
        await at_rest(page)
        await page.fill("#title", "Des mots à moi")
        await push.deliver(told(second))
        assert await push.tap(0, "read") == [["openWindow", network.url + second]]
        assert await page.input_value("#title") == "Des mots à moi"
        # What nobody can read is shown all the same: a push that shows nothing loses the permission.
        await push.deliver("\x00 pas du JSON")
        assert [one["title"] for one in await push.shown()] == ["Palier"]
        await push.dismiss(0)
        # It was announced, never opened, and reads without network.
        network.down = True
        await page.goto(network.url + first)
        assert "Hors connexion" in await page.locator("offline-band").inner_text()
        assert await page.locator("#etapes").count() == 1
        network.down = False


async def test_taken_from_the_alert_itself(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    post = next(row[0] for row in rows(network.server, OPEN))
    async with ChromiumPush(page) as push:
        await page.goto("about:blank")
        await push.deliver(told(f"/avis/{post}"))
        assert await push.tap(0, "take") == [["openWindow", f"{network.url}/avis/{post}"]]
        assert rows(network.server, f"SELECT state FROM post WHERE id = '{post}'") == [("taken",)]
        await page.goto(f"{network.url}/avis/{post}")
        assert re.search("Vous vous en occupez", await page.locator("main").inner_text())
        # Somebody was quicker, or there is no network: the page says how things stand.
        network.down = True
        await page.goto("about:blank")
        await push.deliver(told(f"/avis/{post}"))
        assert await push.tap(0, "take") == [["openWindow", f"{network.url}/avis/{post}"]]
        network.down = False


async def test_the_badge_counts_what_waits(phone, network):
    context = await phone()
    await context.add_init_script(
        "navigator.setAppBadge = async n => { localStorage.badge = n };"
        "navigator.clearAppBadge = async () => { localStorage.badge = 0 }"
    )
    page = await hold(context, network.server, KARIM)
    said = page.locator(".cloche i")
    number = int(re.search(r"\d+", await said.inner_text())[0]) if await said.count() else 0
    await until(lambda: page.evaluate("localStorage.badge !== undefined"), 20)
    assert int(await page.evaluate("localStorage.badge")) == number


async def test_who_leaves_takes_their_alerts_along(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    async with ChromiumPush(page) as push:
        await page.goto(network.url + "/chez-moi")
        await page.evaluate(SUBSCRIBED)
        await push.deliver(told("/nouvelles"))
        assert len(await push.shown()) == 1
        # Even without network, and where the browser cannot say what it is subscribed to.
        await push.break_subscriptions()
        network.down = True
        await page.click("sign-out form button")
        await page.get_by_text("Cet appareil a tout oublié").wait_for()
        assert await push.shown() == []
        network.down = False


async def test_what_nobody_can_read_does_not_empty_the_badge(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    async with ChromiumPush(page) as push:
        await push.count_badges()
        await push.deliver(told("/nouvelles"))
        await push.deliver("\x00 pas du JSON")
        assert await push.badges() == [3]


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Safari/604.1"


async def test_each_browser_is_told_what_it_can_do(whole_chromium, demo, open_screen):
    karim = await open_screen(demo, width=390)
    await enter(karim, KARIM)
    state = await karim.context.storage_state()
    for agent, knows_push, granted, said in (
        (IPHONE, False, False, "Sur iPhone, il faut d’abord l’icône"),
        (None, False, False, "Cet appareil ne sait pas sonner"),
        (None, True, False, "Ce navigateur refuse les alertes"),
        (None, True, True, "Cet appareil ne sonne pas encore"),
    ):
        context = await whole_chromium.new_context(storage_state=state, user_agent=agent, locale="fr-FR")
        # Whatever is not granted then is refused.
        await context.grant_permissions(["notifications"] if granted else [])
        if not knows_push:
            await context.add_init_script("delete globalThis.PushManager")
        page = await context.new_page()
        await page.goto(demo.url + "/chez-moi")
        await page.evaluate("navigator.serviceWorker.ready")
        await page.goto(demo.url + "/chez-moi")
        shown = page.locator("alert-switch [data-when]:not([hidden])")
        await shown.get_by_text(said).wait_for()
        assert await shown.count() == 1
        if agent:
            assert await shown.get_by_role("link").get_attribute("href") == "/installer/iphone"
        await context.close()


@pytest.mark.parametrize(
    ("weather", "words"),
    [
        ("gone", "Le tableau n’a pas répondu"),
        ("silent", "Le tableau n’a pas répondu"),
        ("hotel", "Ce n’est pas le tableau qui a répondu"),
    ],
)
async def test_a_board_that_was_not_heard_alerts_nobody(phone, network, weather, words):
    context = await phone()
    page = await hold(context, network.server, KARIM)
    await context.grant_permissions(["notifications"], origin=network.url)
    await page.goto(network.url + "/chez-moi")
    await at_rest(page)
    await page.evaluate(SAYS_YES)
    network.down = weather == "gone"
    if weather == "silent":
        network.held["/alertes/appareil"] = asyncio.Event()
    if weather == "hotel":
        network.stranger = lambda method, path: answer("200 OK")
    await page.get_by_role("button", name="Prévenez-moi").click()
    await expect(page.locator("alert-switch [role=status]")).to_contain_text(words, timeout=15_000)
    assert not await page.get_by_text("Cet appareil est prévenu").is_visible()
    network.down, network.stranger = False, lambda method, path: None
    for event in network.held.values():
        event.set()
