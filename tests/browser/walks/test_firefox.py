"""The board in a pocket in a real Firefox: read and written without network, after a restart too."""

import pytest

from tests.browser.support.firefox import Firefox, find_firefox
from tests.browser.support.links import link_for
from tests.browser.support.pocket import rows, until

pytestmark = pytest.mark.skipif(find_firefox() is None, reason="Firefox is not installed")


async def test_firefox_reads_and_writes_without_network(tmp_path, network):
    board = network.url
    async with Firefox(tmp_path / "firefox") as firefox:
        await firefox.go(link_for(network, "Karim Benali"))
        await firefox.click("main form button")
        await until(lambda: "GET /ecrire/initiative" in network.requests, 30)
        await firefox.go(board + "/")
        tip = await firefox.run("[...document.querySelectorAll('article[data-genre=bonplan] h3 a')].at(-1).pathname")
        await firefox.go(board + tip)
        await firefox.go(board + "/entraide")
        errand = await firefox.run(
            "[...document.querySelectorAll('a')].find(one => one.textContent.includes('Ouvrir la course')).pathname"
        )
        await firefox.go(board + errand)
        code = await firefox.text(".code")
        await firefox.go(board + "/charte")
    network.down = True
    async with Firefox(tmp_path / "firefox") as firefox:
        await firefox.go(board + "/")
        assert "Hors connexion" in await firefox.text("offline-band")
        await firefox.go(board + errand)
        assert await firefox.text(".code") == code
        await firefox.go(board + tip)
        await firefox.type("#reponse", "Une réponse de Firefox")
        await firefox.click("#repondre button")
        await until(lambda: _at_pocket(firefox), 20)
        assert "Une réponse de Firefox" in await firefox.text("#poche")
        network.down = False
        # No Background Sync here: opening the board is what sends.
        await firefox.go(board + "/")
        await until(lambda: rows(network.server, "SELECT 1 FROM reply WHERE text = 'Une réponse de Firefox'"), 20)
    assert rows(network.server, "SELECT count(*) FROM reply WHERE text = 'Une réponse de Firefox'") == [(1,)]


async def _at_pocket(firefox: Firefox) -> bool:
    return await firefox.run("document.querySelectorAll('#poche .avis').length") == 1
