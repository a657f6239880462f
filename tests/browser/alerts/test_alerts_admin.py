"""An admin's way through an alarm that nobody answers, and a moderator's hand on one, in a real Chromium.

What the board sends reaches, sealed, a push service of the test's own; there it is opened, and put before the worker
of the admin's browser. Minutes pass by rewriting when the board's own notes say that something is due.
"""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from playwright.async_api import Page

from tests.browser.support.alerts import ask
from tests.browser.support.keys import Keys
from tests.browser.support.pocket import rows, until, write
from tests.browser.support.push import ChromiumPush
from tests.browser.support.screens import Screen, Server, enter
from tests.support.push_service import PushService

pytestmark = pytest.mark.alerts

ADMIN, MODERATOR, ODETTE, NEWCOMER = "administratrice", "modératrice", "voisine de 82 ans", "nouvelle"
NUMBER = "04 65 71 20 08"
# A form of the board sent from its own page, as its scripts do.
SEND = """async ([path, form]) => (await fetch(path, { method: "POST", body: new URLSearchParams(form) })).status"""


@pytest.fixture(scope="module")
async def service() -> PushService:
    """Where the board's alerts go."""
    async with PushService() as service:
        yield service


@pytest.fixture(scope="module")
def board(new_board, service) -> Server:
    """A demonstration whose alerts go there."""
    return new_board("--demo", PALIER_PUSH_ORIGIN=service.origin)


async def can_be_alerted(page: Page, service: PushService) -> None:
    """This browser is subscribed, and its reader is told of what is urgent at whatever hour the test runs."""
    assert await page.evaluate(SEND, ["/chez-moi/alertes", {"dire": "mine", "calme": "non"}]) == 200
    assert await page.evaluate(SEND, ["/alertes/appareil", service.subscribe()]) == 204


def sent(service: PushService, path: str) -> dict[str, str]:
    """What was taken for this page: each title, and the message as the browser reads it."""
    opened = [service.open(message).decode() for message in service.taken]
    told = {json.loads(one)["notification"]["title"]: one for one in opened if json.loads(one)["path"] == path}
    return {title.replace("\u00a0", " "): one for title, one in told.items()}


async def arrives(service: PushService, path: str, title: str) -> str:
    """Wait for the alert whose title begins so; the message."""
    await until(lambda: any(one.startswith(title) for one in sent(service, path)))
    return next(message for one, message in sent(service, path).items() if one.startswith(title))


def pass_minutes(board: Server, path: str, minutes: int) -> None:
    """The alarm of this request is so much older, and its next step due."""
    then = (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(" ")
    sql = "UPDATE alarm SET open_since = ?, next_at = ? WHERE next_at IS NOT NULL AND post = ?"
    write(board, sql, then, then, path.rpartition("/")[2])


async def until_admins_are_told(board: Server, path: str) -> None:
    """Three quarters of an hour, and nobody comes: each step is taken as soon as it is due."""

    def over() -> bool:
        pass_minutes(board, path, 45)
        return rows(board, "SELECT step FROM alarm WHERE post = ?", path.rpartition("/")[2]) == [(3,)]

    await until(over)


async def test_nobody_comes_and_the_admin_calls(phone, board, service, open_screen):
    odette = await open_screen(board, width=390, script=False)
    await enter(odette, ODETTE)
    context = await phone()
    page = context.pages[0]
    amelie = Screen(context, page, board, "A")
    await enter(amelie, ADMIN)
    await can_be_alerted(page, service)
    async with ChromiumPush(page) as push:
        path = await ask(odette, phone=NUMBER)
        await push.deliver(await arrives(service, path, "Pharmacie, "))
        await until_admins_are_told(board, path)
        message = await arrives(service, path, "Personne depuis 45 min")
        for private in ("Odette", "Canari", NUMBER):
            assert private not in message
        # The worse news takes the place of the first one.
        await push.deliver(message)
        (alert,) = await push.shown()
        assert alert["title"].replace("\u00a0", " ") == "Personne depuis 45 min"
        assert [action for action, _ in alert["actions"]] == ["read"]
        focus, navigate = await push.tap(0, "read")
        assert (focus[0], navigate) == ("focus", ["navigate", board.url + path])
    await amelie.go(navigate[1])
    assert await amelie.says("Odette Berthier attend depuis")
    await amelie.press("Voir son numéro")
    assert await page.get_by_role("link", name="Appeler", exact=True).get_attribute("href") == "tel:+33465712008"
    await amelie.press("C’est appelé")
    await page.get_by_text("vous avez appelé").wait_for()
    assert await page.locator("#appeler").get_by_text("Amélie Roche a appelé").count() == 1
    assert await page.get_by_role("button", name="C’est appelé").count() == 0
    await odette.go(path)
    assert await odette.page.locator("#etapes").get_by_text("Amélie Roche a appelé").count() == 1
    # Whoever read her number is named, with the reason.
    assert await odette.says("« Personne n’est venu : j’appelle »")
    assert amelie.wrong == odette.wrong == []


async def ask_for_somebody(screen: Screen) -> str:
    """A neighbour writes for one who has neither telephone nor email; the address of the request."""
    page = screen.page
    await screen.go("/pour-quelqu-un")
    await page.check("input[name=need][value=pharmacie]", force=True)
    await page.check("input[name=urgency][value=urgent]", force=True)
    await page.fill("#title", "Une ordonnance à porter")
    await page.locator("#due_at_day").select_option(index=2)
    await page.locator("#due_at_hour").select_option("18:00")
    await page.locator("#rue").select_option(index=1)
    await page.fill("#who", "Mme Merle")
    await page.fill("#address", "7 allée du Canari, 2e")
    await page.check("input[name=accord]", force=True)
    await screen.press("Afficher sa demande")
    if await screen.says("Une demande semblable existe"):
        await screen.press("Afficher quand même")
    await page.get_by_text("Votre avis est affiché").first.wait_for()
    return urlsplit(page.url).path


async def test_the_tick_with_keys_alone_and_no_script_for_somebody_without_a_telephone(board, open_screen):
    jeanne = await open_screen(board, script=False)
    await enter(jeanne, MODERATOR)
    await jeanne.go("/chez-moi")
    await jeanne.page.fill("#joindre", NUMBER)
    await jeanne.page.locator("form:has(#joindre) button").click()
    path = await ask_for_somebody(jeanne)
    await until_admins_are_told(board, path)

    amelie = await open_screen(board, script=False)
    await enter(amelie, ADMIN)
    keys = Keys(amelie.page)
    await amelie.go("/nouvelles")
    await keys.skip()
    await keys.to("Personne encore pour « Une ordonnance à porter »")
    await keys.enter()
    assert urlsplit(amelie.page.url).path == path
    for words in (
        "Jeanne Morel a écrit pour quelqu’un, qui attend depuis",
        "ou chez Jeanne Morel",
        "Écrite par Jeanne Morel pour quelqu’un",
    ):
        assert await amelie.says(words), words
    # Behind the door is only where she lives: it is her neighbour who knows how to reach her.
    await keys.skip()
    await keys.to("Joindre Jeanne Morel")
    await keys.enter()
    await keys.skip()
    await keys.to("Comment la joindre")
    await keys.enter()
    assert await amelie.says(NUMBER)
    await amelie.go(path)
    await keys.skip()
    await keys.to("C’est appelé")
    await keys.enter()
    assert await amelie.says("C’est noté : vous avez appelé.")
    assert keys.hidden == []
    await jeanne.go(path)
    assert await jeanne.page.locator("#etapes").get_by_text("Amélie Roche a appelé").count() == 1
    assert jeanne.wrong == amelie.wrong == []


async def test_a_moderator_stops_an_alert_on_its_way_and_lets_one_go(board, service, open_screen):
    amelie, jeanne, marguerite = [await open_screen(board, script=False) for _ in range(3)]
    for screen, role in ((amelie, ADMIN), (jeanne, MODERATOR), (marguerite, NEWCOMER)):
        await enter(screen, role)
    # Not Jeanne: whoever has the page open by then is not alerted of it any more.
    await can_be_alerted(amelie.page, service)
    # The push service is busy: the alert is on its way.
    service.answer = lambda token, request: web.Response(status=503, headers={"Retry-After": "60"})
    service.received.clear()
    stopped = await ask(marguerite)
    await until(lambda: service.received)
    await jeanne.go(stopped)
    # Not without a reason.
    await jeanne.press("Arrêter l’alerte")
    assert await jeanne.says("Rien n’est encore fait.")
    await jeanne.page.fill("#raison", "La pharmacie a livré")
    await jeanne.press("Arrêter l’alerte de")
    await jeanne.page.get_by_text("Alerte arrêtée").first.wait_for()
    waited = "SELECT DISTINCT a.state FROM alert a JOIN notice n ON n.id = a.notice WHERE n.post = ?"
    assert rows(board, waited, stopped.rpartition("/")[2]) == [("stopped",)]
    service.answer = None
    # Midnight may strike between the two: the first one counts for tomorrow too.
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat(" ")
    write(board, "UPDATE alarm SET begun_at = ? WHERE post = ?", later, stopped.rpartition("/")[2])
    # A minute passes for whatever still waits.
    write(board, "UPDATE alert SET due_at = '2026-01-01 00:00:00+00:00'")

    held = await ask(marguerite)
    assert await marguerite.says("L’alerte n’est pas encore partie")
    await arrives(service, held, "Une alerte attend")
    await jeanne.go("/moderation")
    assert await jeanne.says("Son alerte attend votre accord.")
    await jeanne.page.locator(f"a.btn[href='{held}']").click()
    await jeanne.press("Laisser partir l’alerte")
    await arrives(service, held, "Pharmacie, ")
    assert sent(service, stopped) == {}
    await marguerite.go(stopped)
    assert await marguerite.says("Alerte arrêtée")
    await marguerite.go(held)
    assert not await marguerite.says("L’alerte n’est pas encore partie")
    assert amelie.wrong == jeanne.wrong == marguerite.wrong == []
