"""From an empty folder to a board in use: the founder, an invitation, a second person, seven posts.

The same walk with JavaScript, without it, and at 320 px with the largest letters.
"""

import re
from datetime import timedelta

import pytest

from server.posts.kinds import KINDS
from server.text.i18n import today
from tests.browser.conftest import Screen

WAYS = {
    "desktop": {"width": 1280},
    "without JavaScript": {"width": 1280, "script": False},
    "320 px, A++": {"width": 320, "size": "A++"},
}
TOMORROW = (today() + timedelta(days=1)).isoformat()

# What Odette fills in for each kind: text fields, then choices, then lists.
FILLED = {
    "help": ({"title": "Deux packs d’eau à monter", "body": "Au 3e.", "address": "52 rue de Gerland"},
             {"need": "courses", "urgency": "urgent"},
             {"due_at_day": TOMORROW, "due_at_hour": "18:00"}),
    "offer": ({"title": "Samedi, je fais le marché", "capacity": "4"}, {"repeats": "once"},
              {"starts_at_day": TOMORROW, "starts_at_hour": "08:00"}),
    "tip": ({"title": "Les œufs du Pilat", "place": "Marché, 12 place des Pavillons", "hours": "jeudi, 7 h"}, {}, {}),
    "gathering": ({"title": "On applaudit à la fenêtre", "place": "côté place"}, {"repeats": "daily"},
                  {"starts_at_day": TOMORROW, "starts_at_hour": "20:00"}),
    "encouragement": ({"body": "La soupe est au feu, il y a une assiette de trop."}, {"tone": "word"}, {}),
    "playlist": ({"title": "Pour balayer", "track_title_1": "La Javanaise", "track_artist_1": "Gréco"}, {}, {}),
    "initiative": ({"title": "On repeint les bancs", "capacity": "6"}, {"wanted": "hands"},
                   {"starts_at_day": TOMORROW, "starts_at_hour": "14:00"}),
}  # fmt: skip


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


async def write(screen: Screen, slug: str) -> None:
    """Fill the composer of a kind and put it on the board."""
    kind = next(kind for kind in KINDS if kind.slug == slug)
    await screen.go("/ecrire")
    await screen.page.locator(f"#genre-{kind.path}").click()
    await screen.page.locator(f'form[data-genre="{kind.genre}"]').wait_for()
    texts, choices, lists = FILLED[slug]
    for name, value in choices.items():
        await screen.page.locator(f'[name="{name}"][value="{value}"]').check(force=True)
    for name, value in texts.items():
        await screen.page.fill(f"#{name}", value)
    for name, value in lists.items():
        await screen.page.select_option(f"#{name}", value)
    await screen.page.locator("#composeur .btn-large").click()
    if kind.checked:
        assert await screen.says("Tout est bien ça ?")
        await screen.press("Afficher")
    assert await screen.says("Votre avis est affiché.")


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
