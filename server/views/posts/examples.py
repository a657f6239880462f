"""A notice that worked, shown beside the form of its kind: a nudge, never a template to fill."""

import re
from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from server.base.columns import now
from server.base.shapes import N_, Kind
from server.text.i18n import local, today, translations
from server.views.post.cards import Stance, blank_row, card

EXAMPLE = UUID(int=0)

_EXAMPLES: dict[str, dict[str, Any]] = {
    "help": {
        "title": N_("Tenir compagnie après l’opération"),
        "place": N_("place des Pavillons"),
        "author_name": "Mme Aubert",
        "state": "thanked",
        "taker_name": "Nadia",
        "thanked_words": N_("trois parties de belote, elle triche"),
    },
    "offer": {
        "title": N_("Je règle les téléviseurs et les box"),
        "body": N_("Vingt minutes, un café, et vous avez de nouveau les informations."),
        "author_name": "Karim Benali",
        "repeats": "on-call",
        "capacity": 3,
        "coming": 3,
        "reach": "quartier",
    },
    "tip": {
        "title": N_("Les œufs du Pilat, sans faire la queue"),
        "body": N_("Passez par le côté de la fontaine : les anciens d’abord. Rapportez vos boîtes."),
        "place": N_("Marché, allée de la fontaine"),
        "hours": N_("Jeudi et samedi, 7 h à 12 h 30"),
        "author_name": "Lucien Ferrand",
        "valid": 4,
    },
    "gathering": {
        "title": N_("On applaudit ceux qui veillent"),
        "body": N_("Deux minutes aux fenêtres, pour les soignants de nuit. Nadia sort l’accordéon."),
        "author_name": "Nadia Ferhat",
        "repeats": "daily",
        "coming": 38,
    },
    "encouragement": {
        "body": N_(
            "Il fait nuit à cinq heures, d’accord. Mais chez moi la soupe est au feu, et il y a toujours une"
            " assiette de trop."
        ),
        "author_name": "Mme Santoni",
        "tone": "word",
    },
    "playlist": {
        "title": N_("Pour balayer l’escalier en rythme"),
        "tracks": 12,
        "first_tracks": [
            {"title": "Le Poinçonneur des Lilas", "artist": "Serge Gainsbourg", "member_name": "Nadia"},
            {"title": "Ya Rayah", "artist": "Rachid Taha", "member_name": "Karim"},
            {"title": "La Javanaise", "artist": "Juliette Gréco", "member_name": "M. Ferrand"},
        ],
        "author_name": "Nadia Ferhat",
    },
    "initiative": {
        "title": N_("On repeint les bancs de la place"),
        "body": N_("La mairie fournit la peinture. Il faut des bras, des pinceaux et un thermos de café."),
        "author_name": "Karim Benali",
        "wanted": "hands",
        "capacity": 6,
        "coming": 4,
    },
}
_TRANSLATED = ("title", "body", "place", "hours", "thanked_words")


def example(kind: Kind, language: str) -> str:
    """The example card of a kind; it looks like the real one and does nothing."""
    return _example(kind, language, today().toordinal())


@lru_cache(maxsize=32)
def _example(kind: Kind, language: str, day: int) -> str:
    _ = translations(language).gettext
    values = {name: _(value) if name in _TRANSLATED else value for name, value in _EXAMPLES[kind.slug].items()}
    evening = local(now()).replace(hour=20, minute=0, second=0, microsecond=0) + timedelta(days=2)
    row = blank_row(kind) | {"author": None, "author_street": _("place des Pavillons"), "starts_at": evening}
    row |= {"id": EXAMPLE, "created_at": now() - timedelta(days=2)}
    html = card(row | values, Stance(mine=True), language)
    # It does nothing: no link leads to a post that does not exist, no anchor doubles a real one.
    html = re.sub(r"</?a\b[^<>]*>", "", html)
    return html.replace(f' id="avis-{EXAMPLE}"', "")
