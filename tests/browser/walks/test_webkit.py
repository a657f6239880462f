"""The board in a real WebKit, at 390 px: the door on http://localhost, asking for help, gestures, offline, settings."""

import pytest

from tests.browser.support.links import link_for
from tests.browser.support.pocket import rows, until
from tests.browser.support.webkit import PHONE, WebKit, find_webkit

pytestmark = pytest.mark.skipif(find_webkit() is None, reason="WebKit's driver is not installed")
# It draws no sideways scroll bar.
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture
async def webkit(tmp_path):
    """A window as narrow as a phone."""
    async with WebKit(tmp_path / "webkit") as window:
        yield window


async def enter(webkit: WebKit, network, name: str) -> None:
    """Use a personal link, as somebody does who was sent one."""
    await webkit.go(link_for(network, name))
    assert await webkit.run("innerWidth") == PHONE[0]
    await webkit.click("main form button")
    await until(lambda: _at(webkit, network.url + "/"))


async def _at(webkit: WebKit, url: str) -> bool:
    return (await webkit.url()).split("#")[0] == url and await webkit.run("document.readyState") == "complete"


async def _true(webkit: WebKit, script: str) -> bool:
    return bool(await webkit.run(script))


async def test_safari_lets_one_in_on_localhost_and_out_again(webkit, network):
    await enter(webkit, network, "Karim Benali")
    assert await _true(webkit, "!!document.querySelector('article')") and await _true(webkit, FITS)
    await webkit.go(network.url + "/chez-moi")
    assert await _true(webkit, FITS)
    await webkit.click("sign-out button, form[action='/sortie'] button")
    await until(lambda: _at(webkit, network.url + "/entrer"))
    await webkit.go(network.url + "/")
    assert (await webkit.url()).endswith("/entrer")


async def test_safari_asks_for_help_in_three_steps(webkit, network):
    await enter(webkit, network, "Odette Berthier")
    await webkit.go(network.url + "/ecrire/demande-d-aide")
    await webkit.click("label:has([name=need][value=courses])")
    await webkit.click("label:has([name=urgency][value=semaine])")
    await webkit.type("#title", "Du pain et du lait, par Safari")
    if not await webkit.run("document.querySelector('#phone').value"):
        await webkit.type("#phone", "04 65 71 20 08")
    assert await _true(webkit, FITS)
    await webkit.click("#composeur .btn-large")
    await until(lambda: _true(webkit, "!!document.querySelector('#relire')"))
    assert await _true(webkit, FITS)
    await webkit.click("#relire .btn-large, [form=relire].btn-large")
    await until(lambda: rows(network.server, "SELECT 1 FROM post WHERE title = 'Du pain et du lait, par Safari'"))


async def test_safari_thanks_chooses_its_letters_and_keeps_its_choices(webkit, network):
    await enter(webkit, network, "Karim Benali")
    tip = await webkit.run("document.querySelector('article[data-genre=bonplan] h3 a').pathname")
    await webkit.go(network.url + tip)
    post = tip.split("/")[-1].replace("-", "")
    before = rows(network.server, "SELECT thanks FROM post WHERE lower(replace(id, '-', '')) = ?", post)
    await webkit.click("form[action*='/merci'] button")
    await until(
        lambda: rows(network.server, "SELECT thanks FROM post WHERE lower(replace(id, '-', '')) = ?", post) != before
    )
    await webkit.click("label:has(#taille-3)")
    await until(lambda: rows(network.server, "SELECT 1 FROM member WHERE name = 'Karim Benali' AND text_size = 3"))
    await webkit.go(network.url + "/chez-moi")
    assert await _true(webkit, "document.querySelector('#taille-3').checked") and await _true(webkit, FITS)
    await webkit.click("label:has(#taille-1)")
    await until(lambda: rows(network.server, "SELECT 1 FROM member WHERE name = 'Karim Benali' AND text_size = 1"))


async def test_safari_reads_its_errand_without_network(webkit, network):
    await enter(webkit, network, "Karim Benali")
    await until(lambda: "GET /ecrire/initiative" in network.requests, 30)
    await webkit.go(network.url + "/entraide")
    errand = await webkit.run(
        "[...document.querySelectorAll('a')].find(one => one.textContent.includes('Ouvrir la course')).pathname"
    )
    await webkit.go(network.url + errand)
    code = await webkit.text(".code")
    await webkit.go(network.url + "/charte")
    network.down = True
    try:
        await webkit.go(network.url + errand)
        assert await webkit.text(".code") == code
        await until(
            lambda: _true(webkit, "document.querySelector('offline-band').innerText.includes('Hors connexion')")
        )
        await webkit.go(network.url + "/")
        assert await _true(webkit, "!!document.querySelector('article')") and await _true(webkit, FITS)
    finally:
        network.down = False
