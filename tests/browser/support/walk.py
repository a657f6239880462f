"""Writing on the board as a person does."""

from datetime import timedelta

from server.posts.kinds import KINDS
from server.text.i18n import today
from tests.browser.support.screens import Screen

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
