"""From an empty folder to a board in use: the founder, an invitation, a second person, seven posts.

The same walk with JavaScript, without it, and at 320 px with the largest letters.
"""

import re

import pytest

from tests.browser.support.screens import Screen
from tests.browser.support.walk import FILLED, write

WAYS = {
    "desktop": {"width": 1280},
    "without JavaScript": {"width": 1280, "script": False},
    "320 px, A++": {"width": 320, "size": "A++"},
}


async def found(screen: Screen) -> str:
    """The three screens of the first evening; the path of an invitation."""
    await screen.go(re.search(r"http://\S+/fondation/\S+", screen.server.said).group(0))
    await screen.page.fill("#quartier", "Place des Pavillons")
    await screen.page.fill("#ville", "Lyon 7e")
    await screen.page.fill("#rues", "place des Pavillons\nrue de Gerland")
    await screen.press("Continuer : qui répond")
    await screen.page.fill("#contact", "Jeanne")
    await screen.page.fill("#telephone", "04 65 71 20 11")
    await screen.press("Continuer : votre carte")
    await screen.page.fill("#nom", "Cyril Monnet")
    await screen.page.select_option("#rue", "rue de Gerland")
    await screen.press("Ouvrir le palier")
    assert await screen.says("Voici votre carte, Cyril Monnet")
    await screen.press("Aller au tableau")
    assert await screen.says("Le tableau est tout neuf")
    await screen.press("Inviter un voisin")
    await screen.page.fill("#note", "La voisine du 4e")
    await screen.press("Préparer l’invitation")
    return await screen.page.locator("share-link").get_attribute("data-address")


@pytest.mark.parametrize("way", WAYS)
async def test_a_quartier_comes_to_life(way, new_board, open_screen):
    server = new_board()
    cyril = await open_screen(server, **{**WAYS[way], "size": "A"})
    invitation = await found(cyril)

    odette = await open_screen(server, **WAYS[way])
    await odette.go(invitation)
    assert await odette.says("Cyril Monnet vous ouvre la porte")
    await odette.page.fill("#nom", "Odette Berthier")
    await odette.page.select_option("#rue", "rue de Gerland")
    await odette.press("Entrer", exact=True)
    assert await odette.says("Voici votre carte, Odette Berthier")
    for slug in FILLED:
        await write(odette, slug)

    await cyril.go("/")
    for texts, _, _ in FILLED.values():
        assert await cyril.says(texts.get("title") or texts["body"])
    first = cyril.page.locator("article").first
    assert "Deux packs d’eau" in await first.inner_text()
    assert await first.locator(".presse").count() == 1

    await cyril.page.get_by_role("link", name="Deux packs d’eau à monter").click()
    await cyril.page.fill("#reponse", "Je passe à midi.")
    await cyril.press("Envoyer")
    await cyril.page.locator(".fil li").wait_for()
    assert await cyril.says("Je passe à midi.")
    await cyril.go("/?genre=bon-plan")
    await cyril.page.locator("article").get_by_role("button", name="Merci").click()
    await cyril.page.get_by_role("button", name="Merci, c’est dit").wait_for()

    await odette.go("/")
    assert await odette.says("Un merci") or await odette.says("un merci")
    await odette.page.get_by_role("link", name="Deux packs d’eau à monter").click()
    assert await odette.says("Je passe à midi.")
    for screen in (cyril, odette):
        assert screen.wrong == []
        assert {url.split("/")[2] for url in screen.requests} == {server.url.split("/")[2]}
