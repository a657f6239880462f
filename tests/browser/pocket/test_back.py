"""The way back: the typed words are there again, and sent once more they correct the first."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.support.pocket import KARIM, fill_tip, hold, rows, until
from tests.browser.support.screens import Screen, enter

AWAKE = "document.documentElement.hasAttribute('data-awake') && Boolean(globalThis.htmx)"


@pytest.fixture(params=["with the worker", "without it"])
async def page(request, phone, chromium, network) -> Page:
    """Karim's page, with and without the worker."""
    if request.param == "with the worker":
        yield await hold(await phone(), network.server, KARIM)
        return
    context = await chromium.new_context(service_workers="block", locale="fr-FR")
    page = await context.new_page()
    await enter(Screen(context, page, network.server, "A"), KARIM)
    yield page
    await context.close()


async def back(page: Page) -> None:
    """The browser's own way back."""
    await page.go_back()
    await until(lambda: page.evaluate(AWAKE))


async def test_sent_then_back_then_sent_corrects_the_first(page, network, request):
    title = f"Le premier, {request.node.callspec.id}"
    await fill_tip(page, network.url, title, "Le texte que personne ne retape.")
    await page.get_by_role("button", name="Afficher sur le tableau").click()
    await page.wait_for_url("**/avis/*")
    first = page.url
    await back(page)
    await expect(page.locator("#title")).to_have_value(title)
    await expect(page.locator("#body")).to_have_value("Le texte que personne ne retape.")
    await page.fill("#title", f"{title}, corrigé")
    await page.get_by_role("button", name="Afficher sur le tableau").click()
    await page.get_by_text("Votre premier envoi est déjà affiché").wait_for()
    await page.get_by_role("button", name="Garder la correction").click()
    await page.wait_for_url(first)
    made = rows(network.server, "SELECT title FROM post WHERE title LIKE ?", f"{title}%")
    assert made == [(f"{title}, corrigé",)]


async def test_a_second_one_is_made_when_it_is_asked_for(page, network, request):
    title = f"Deux fois, {request.node.callspec.id}"
    await fill_tip(page, network.url, title)
    await page.get_by_role("button", name="Afficher sur le tableau").click()
    await page.wait_for_url("**/avis/*")
    await back(page)
    await page.fill("#body", "Un autre texte.")
    await page.get_by_role("button", name="Afficher sur le tableau").click()
    await page.get_by_role("button", name="En faire un deuxième avis").click()
    await page.wait_for_url("**/avis/*")
    assert rows(network.server, "SELECT count(*) FROM post WHERE title = ?", title) == [(2,)]


async def test_back_from_the_check_gives_a_page_that_nothing_stores_its_words(page, network):
    await page.goto(network.url + "/ecrire/demande-d-aide")
    await until(lambda: page.evaluate(AWAKE))
    await page.check("input[name=need][value=courses]", force=True)
    await page.check("input[name=urgency][value=semaine]", force=True)
    words = {
        "title": "Deux packs d’eau",
        "body": "Au troisième.",
        "address": "8 place des Pavillons",
        "phone": "0639980001",
    }
    for name, value in words.items():
        await page.fill(f"#{name}", value)
    await page.get_by_role("button", name="Relire avant d’afficher").click()
    await page.get_by_text("Tout est bien ça ?").wait_for()
    await back(page)
    for name, value in words.items():
        await expect(page.locator(f"#{name}")).to_have_value(value)
    assert await page.locator("input[name=need]:checked, input[name=urgency]:checked").count() == 2


async def test_the_door_keeps_no_words_of_whoever_was_inside(page, network):
    await fill_tip(page, network.url, "À Karim seul")
    await page.evaluate("document.forms.composeur.dispatchEvent(new SubmitEvent('submit', { bubbles: true }))")
    assert "À Karim seul" in await page.evaluate("sessionStorage.getItem('palier-words')")
    await page.context.clear_cookies()
    await page.goto(network.url + "/entrer")
    await until(lambda: page.evaluate("!(sessionStorage.getItem('palier-words') ?? '').includes('Karim')"))
