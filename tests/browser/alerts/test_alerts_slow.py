"""An alert is touched where the network is slow, in a real Firefox."""

from urllib.parse import urlsplit

import pytest

from tests.browser.support.alerts import ask, at, come_home, say_yes, shown
from tests.browser.support.firefox import Firefox, find_firefox, push_prefs
from tests.browser.support.flaky import Network
from tests.browser.support.pocket import rows, until
from tests.browser.support.screens import demo_link
from tests.support.push_service import PushService

pytestmark = pytest.mark.skipif(find_firefox() is None, reason="Firefox is not installed")

# False while there is nothing to forget. Opening a store that the board has not made yet would make an empty one.
FORGET = """indexedDB.databases().then(all => all.some(one => one.name === "palier") && new Promise(done => {
  const asked = indexedDB.open("palier")
  asked.onerror = () => done(false)
  asked.onsuccess = () => {
    const held = asked.result
    if (!held.objectStoreNames.contains("device")) { held.close(); return done(false) }
    const change = held.transaction("device", "readwrite")
    change.objectStore("device").delete("reader")
    change.onabort = () => { held.close(); done(false) }
    change.oncomplete = () => { held.close(); done(true) }
  }
}))"""


async def test_what_was_touched_opens_before_a_slow_network_answers(tmp_path, new_board, open_screen):
    async with PushService() as service:
        board = new_board("--demo", PALIER_PUSH_ORIGIN=service.origin)
        odette = await open_screen(board)
        await odette.go(demo_link(board, "voisine de 82 ans"))
        await odette.press("Entrer", exact=True)
        # A person's Firefox opens nothing later than a second after the touch; here it has three, and the network five.
        prefs = push_prefs(service) | {"dom.webnotifications.disable_open_click_delay": 3000}
        async with Network(urlsplit(board.url).port, 1) as network, Firefox(tmp_path / "firefox", **prefs) as firefox:
            await come_home(firefox, board, network.url)
            # Even if nobody has told this device yet who reads here.
            await until(lambda: firefox.run(FORGET), 20)
            await say_yes(firefox)
            await firefox.go("about:blank")
            path = await ask(odette)
            alert = (await shown(firefox, 2))[1]
            await until(lambda: f"GET {path}" in network.requests, 10)
            if not alert["actions"]:
                pytest.skip("this Firefox draws no buttons on alerts")
            network.slow = 5
            await firefox.tap(1, "take")
            await until(lambda: at(firefox, network.url + path), 4)
            network.slow = 0
            await until(lambda: rows(board, "SELECT state FROM post WHERE id = ?", path.split("/")[-1]) == [("taken",)])
            # The page that came first is shown anew.
            await until(lambda: _stands(firefox, "Vous vous en occupez"))


async def _stands(firefox: Firefox, words: str) -> bool:
    return words in (await firefox.run("document.querySelector('#etapes')?.innerText") or "")
