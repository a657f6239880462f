"""Alerts on the real board, in a real Firefox: asked for, tried, shown with no page open, touched, ended."""

import pytest

from tests.browser.support.alerts import ask, at, come_home, say_yes, says, shown
from tests.browser.support.firefox import Firefox, find_firefox, push_prefs
from tests.browser.support.pocket import rows, until
from tests.browser.support.screens import demo_link
from tests.support.push_service import PushService

pytestmark = pytest.mark.skipif(find_firefox() is None, reason="Firefox is not installed")
KEPT = "caches.match('PATH').then(copy => copy !== undefined)"


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
