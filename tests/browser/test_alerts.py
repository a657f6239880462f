"""Alerts on the real board, in a real Firefox: asked for, tried, shown with no page open, touched, ended."""

import re
from urllib.parse import urlsplit

import pytest

from server.base.ids import uuid7
from tests.browser.conftest import demo_link
from tests.browser.firefox import Firefox, find_firefox, push_prefs
from tests.browser.pocket import rows, until, write
from tests.support.push_service import PushService

pytestmark = pytest.mark.skipif(find_firefox() is None, reason="Firefox is not installed")
ALWAYS_AWAKE = (
    "INSERT INTO alert_choice (id, member, what, quiet_from, quiet_until, mail_urgent, mail_digest, changed_at)"
    " SELECT ?, id, 'mine', 0, 0, FALSE, 'never', '2026-01-01 00:00:00+00:00' FROM member WHERE name = 'Karim Benali'"
)
KEPT = "caches.match('PATH').then(copy => copy !== undefined)"


async def shown(firefox: Firefox, count: int, patience: float = 20) -> list[dict]:
    """The alerts, as soon as there are so many."""

    async def enough() -> bool:
        return len(await firefox.alerts()) >= count

    await until(enough, patience)
    return await firefox.alerts()


async def says(firefox: Firefox, selector: str, words: str) -> bool:
    """Whether this part of the page says so."""
    said = await firefox.run(f"document.querySelector({selector!r})?.innerText")
    return words in re.sub(r"\s+", " ", said or "")


async def ask(screen, **lines: str) -> str:
    """Somebody asks for something urgent, with more lines if need be; the address of the request."""
    await screen.go("/ecrire/demande-d-aide")
    await screen.page.check("input[name=need][value=pharmacie]", force=True)
    await screen.page.check("input[name=urgency][value=urgent]", force=True)
    await screen.page.fill("#title", "Une ordonnance pour Madame Canari")
    await screen.page.locator("#due_at_day").select_option(index=2)
    await screen.page.locator("#due_at_hour").select_option("18:00")
    for name, words in {"address": "77 allée du Canari", **lines}.items():
        await screen.page.fill(f"#{name}", words)
    await screen.press("Relire")
    await screen.page.get_by_role("button", name=re.compile("^Afficher")).click()
    return urlsplit(screen.page.url).path


async def come_home(firefox: Firefox, board, url: str) -> None:
    """Karim signs in and stands before his alerts. Whatever the hour of the test, it is no night for him."""
    await firefox.watch_alerts()
    await firefox.go(demo_link(board, "bénévole").replace(board.url, url))
    await firefox.click("main form button")
    await firefox.go(url + "/chez-moi")
    await until(lambda: says(firefox, "alert-switch", "Prévenez-moi"), 30)
    write(board, ALWAYS_AWAKE, str(uuid7()))


async def say_yes(firefox: Firefox) -> None:
    """Alerts on this device; the trial goes all the way round, and the worker's own receipt comes back."""
    await firefox.click("alert-switch button[value=on]")
    await until(lambda: says(firefox, "alert-switch [role=status]", "Reçu. Cet appareil sonne bien."), 30)


async def test_firefox_is_alerted_by_the_real_board(tmp_path, new_board, open_screen):
    async with PushService() as service:
        board = new_board("--demo", PALIER_PUSH_ORIGIN=service.origin)
        odette = await open_screen(board)
        await odette.go(demo_link(board, "voisine de 82 ans"))
        await odette.press("Entrer", exact=True)
        profile, prefs = tmp_path / "firefox", push_prefs(service)
        async with Firefox(profile, **prefs) as firefox:
            await come_home(firefox, board, board.url)
            await say_yes(firefox)
            assert (await firefox.alerts())[0]["title"] == "Cet appareil sonne bien"
            assert rows(board, "SELECT heard_at IS NOT NULL FROM subscription") == [(1,)]
            # From here on no page is open.
            await firefox.go("about:blank")

            path = await ask(odette)
            alert = (await shown(firefox, 2))[1]
            assert alert["title"].startswith("Pharmacie, demain avant") and alert["text"].startswith("Une demande urg")
            assert "Canari" not in str(alert)
            assert [action for action, _ in alert["actions"]] in (["take", "read"], [])
            # What was announced is kept for the stairwell.
            await until(lambda: rows(board, "SELECT 1 FROM alert WHERE state = 'sent' AND heard_at IS NULL"))
            await firefox.tap(1, "read" if alert["actions"] else "")
            await until(lambda: at(firefox, board.url + path), 20)
            await odette.go(path)
            assert await odette.says("Prévenus :") and await odette.says("vu par Karim")

            service.tamper = True
            await odette.go("/")
            await ask(odette)
            await until(lambda: service.taken[-1].ack == 101, 20)
            service.tamper = False
        # Closed, and opened again: what came meanwhile is shown, and the copy of it reads without network.
        path = await ask(odette)
        async with Firefox(profile, **prefs) as firefox:
            await firefox.watch_alerts()
            await shown(firefox, 1, 30)
            await firefox.go(board.url + "/chez-moi")
            # Never opened, but announced: it reads without network.
            await until(lambda: firefox.run(KEPT.replace("PATH", path)), 20)
            await until(lambda: says(firefox, "alert-switch", "Refaire l’essai"), 20)
            # The push service forgets its devices: the worker is told, and tells the board of another endpoint.
            (former,) = rows(board, "SELECT endpoint FROM subscription")
            await service.forget()
            await until(lambda: rows(board, "SELECT endpoint FROM subscription") not in ([former], []), 20)
            await firefox.go(board.url + "/chez-moi")
            await firefox.click("alert-switch button[value=off]")
            await until(lambda: rows(board, "SELECT count(*) FROM subscription") == [(0,)], 20)
            assert all(one.gone for one in service.channels)
            # Once more, and out: who signs out is alerted there no more, by the board nor by the push service.
            await until(lambda: says(firefox, "alert-switch", "Prévenez-moi"), 20)
            await say_yes(firefox)
            await firefox.click("sign-out form button")
            await until(lambda: rows(board, "SELECT count(*) FROM subscription") == [(0,)], 20)
            await until(lambda: all(one.gone for one in service.channels), 20)


async def at(firefox: Firefox, url: str) -> bool:
    """Whether one of its windows shows this page."""
    handles = await firefox.call("WebDriver:GetWindowHandles")
    for handle in handles:
        await firefox.call("WebDriver:SwitchToWindow", handle=handle)
        if (await firefox.url()).split("#")[0] == url:
            return True
    return False
