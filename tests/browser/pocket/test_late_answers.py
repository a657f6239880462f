"""An answer that comes late overwrites neither what was chosen after it was asked for, nor what was typed since."""

import asyncio
import secrets

import pytest
from playwright.async_api import Page, expect

from tests.browser.support.pocket import KARIM, hold, rows, until
from tests.browser.support.screens import Screen, enter

SIZE = "SELECT text_size FROM member WHERE name = 'Karim Benali'"
FORGET = """async path => { for (const name of await caches.keys()) if (name.startsWith("pages"))
  await (await caches.open(name)).delete(path) }"""
HTMX = "document.documentElement.hasAttribute('data-awake') && Boolean(globalThis.htmx)"


@pytest.fixture(params=["with the worker", "without it"])
async def page(request, phone, chromium, network) -> Page:
    """Karim's page, with and without the worker."""
    if request.param == "with the worker":
        yield await hold(await phone(), network.server, KARIM)
        return
    context = await chromium.new_context(
        service_workers="block", locale="fr-FR", viewport={"width": 390, "height": 844}
    )
    page = await context.new_page()
    await enter(Screen(context, page, network.server, "A"), KARIM)
    yield page
    await context.close()


def late(network, path: str) -> asyncio.Event:
    """The answer to this waits until the event is set."""
    return network.held.setdefault(path, asyncio.Event())


async def asked(network, path: str) -> None:
    """Until the board was asked for this."""
    await until(lambda: any(one.endswith(f" {path}") for one in network.requests))


async def open_at(page: Page, network, path: str) -> None:
    """A page with htmx awake."""
    await page.goto(network.url + path)
    await until(lambda: page.evaluate(HTMX))


async def test_the_last_filter_wins(page, network):
    await open_at(page, network, "/?genre=playlist")
    slow = late(network, "/?genre=bon-plan")
    bar = page.locator(".filtres")
    await bar.get_by_role("link", name="Bon plan").click()
    await asked(network, "/?genre=bon-plan")
    await bar.get_by_role("link", name="Mot gentil").click()
    current = bar.locator("[aria-current]")
    await expect(current).to_contain_text("Mot gentil")
    slow.set()
    # Another answer after it, and two frames: whatever the late one would do is done by then.
    await page.evaluate("fetch('/charte').then(answer => answer.text()).then(() => new Promise(requestAnimationFrame))")
    await page.evaluate("new Promise(requestAnimationFrame)")
    await expect(current).to_contain_text("Mot gentil")
    assert page.url.endswith("genre=mot-gentil")


@pytest.mark.parametrize("path", ["/?genre=playlist", "/ecrire/playlist"])
async def test_a_part_that_does_not_come_is_told_and_leaves_the_address(page, network, path):
    before = "/?genre=mot-gentil" if path.startswith("/?") else "/ecrire/initiative"
    network.silent = path
    await open_at(page, network, before)
    # No copy of it, which would come in its place.
    await page.evaluate(FORGET, path)
    await page.locator(f"[href='{path}']").first.click()
    await page.get_by_text("Le tableau n’a pas répondu").wait_for(timeout=15_000)
    assert page.url == network.url + before
    assert await page.locator(f"[href='{before}'][aria-current=page]").count() == 1


async def test_the_last_kind_wins_and_what_was_typed_meanwhile_stays(page, network):
    await open_at(page, network, "/ecrire/bon-plan")
    await page.fill("#title", "Avant")
    await page.fill("#place", "Au coin de la rue")
    slow = late(network, "/ecrire/initiative?title=Avant&body=&place=Au+coin+de+la+rue&link=")
    await page.locator("#genre-initiative").click()
    await until(lambda: any("/ecrire/initiative?" in one for one in network.requests))
    await page.fill("#title", "Après le geste")
    await page.fill("#body", "Des mots qui restent")
    await page.locator("#genre-rendez-vous").focus()
    slow.set()
    await expect(page.locator("#composeur")).to_have_attribute("data-genre", "initiative")
    await expect(page.locator("#title")).to_have_value("Après le geste")
    await expect(page.locator("#body")).to_have_value("Des mots qui restent")
    # A field that another kind does not have comes back with the kind that has it.
    await page.locator("#genre-mot-gentil").click()
    await expect(page.locator("#composeur")).to_have_attribute("data-genre", "mot")
    await page.locator("#genre-bon-plan").click()
    await expect(page.locator("#composeur")).to_have_attribute("data-genre", "bonplan")
    await expect(page.locator("#place")).to_have_value("Au coin de la rue")
    await expect(page.locator("#title")).to_have_value("Après le geste")


async def test_words_typed_while_a_reply_travels_are_not_wiped_by_its_answer(page, network):
    tip = rows(network.server, "SELECT id FROM post WHERE kind = 'tip' AND listed ORDER BY id")[0][0]
    await open_at(page, network, f"/avis/{tip}")
    first, second = (f"{words} {secrets.token_hex(3)}" for words in ("La première", "La deuxième"))
    slow = late(network, f"/avis/{tip}/reponses")
    await page.fill("#reponse", first)
    await page.get_by_role("button", name="Envoyer").click()
    await asked(network, f"/avis/{tip}/reponses")
    await page.fill("#reponse", second)
    await page.locator("h1").click()
    slow.set()
    await page.locator(".fil").get_by_text(first).wait_for()
    await expect(page.locator("#reponse")).to_have_value(second)
    await page.get_by_role("button", name="Envoyer").click()
    await page.locator(".fil").get_by_text(second).wait_for()
    written = rows(network.server, "SELECT text FROM reply WHERE post = ? ORDER BY id", tip)
    assert [text for (text,) in written][-2:] == [first, second]
    await expect(page.locator("#reponse")).to_have_value("")
    network.held.clear()


async def test_the_last_text_size_wins(page, network):
    await open_at(page, network, "/charte")
    slow = late(network, "/lire/taille")
    await page.locator("#taille-3").check(force=True)
    await asked(network, "/lire/taille")
    await page.locator("#taille-2").check(force=True)
    # Whatever would be sent beside it is on its way by then.
    await page.evaluate("fetch('/entraide').then(answer => answer.text())")
    assert network.requests.count("POST /lire/taille") == 1
    network.held.clear()
    slow.set()
    await until(lambda: network.requests.count("POST /lire/taille") == 2)
    await until(lambda: rows(network.server, SIZE) == [(2,)])
    await page.reload()
    await expect(page.locator("#taille-2")).to_be_checked()
    await page.locator("#taille-1").check(force=True)
    await until(lambda: rows(network.server, SIZE) == [(1,)])


async def test_a_text_size_chosen_without_network_is_kept_until_the_board_hears(page, network):
    await open_at(page, network, "/charte")
    network.down = True
    await page.locator("#taille-3").check(force=True)
    await until(lambda: page.evaluate("localStorage['palier-size']"))
    network.down = False
    await open_at(page, network, "/entraide")
    await expect(page.locator("#taille-3")).to_be_checked()
    await until(lambda: rows(network.server, SIZE) == [(3,)])
    await until(lambda: page.evaluate("localStorage['palier-size'] === undefined"))
    await page.locator("#taille-1").check(force=True)
    await until(lambda: rows(network.server, SIZE) == [(1,)])
