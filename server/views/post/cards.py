"""Cards, rendered once and kept as text: per post, version, language, stance of the viewer and day.

Whatever a card shows changes its version (see ``Post``), so nothing here is ever stale; what
a viewer may not see is never asked for, because the board's rows are read at every request.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.base.columns import now
from server.base.ids import uuid7
from server.base.shapes import Kind
from server.posts.board import Row
from server.posts.post import Post, cards
from server.text.i18n import today
from server.views.web.page import render

# About 1.5 kB each: what is looked at, not all there is.
MOST = 4_000


@dataclass(frozen=True, slots=True)
class Stance:
    """How a card stands to the one who looks."""

    mine: bool = False
    taking: bool = False
    marked: bool = False
    new: bool = False


_kept: OrderedDict[tuple, str] = OrderedDict()


def key_of(row: Row, language: str) -> tuple:
    """What names one rendering of a card."""
    return (row.id, row.version, language, row.mine, row.taking, row.marked, row.new, today().toordinal())


async def board_cards(rows: list[Row], language: str) -> list[str]:
    """The cards of these rows, in order; only those never shown before are loaded and rendered."""
    keys = [key_of(row, language) for row in rows]
    shown = {key: _kept[key] for key in keys if key in _kept}
    missing = {key: row for key, row in zip(keys, rows, strict=True) if key not in shown}
    if missing:
        posts = {str(post["id"]): post for post in await cards([UUID(row.id) for row in missing.values()])}
        for key, row in missing.items():
            stance = Stance(row.mine, bool(row.taking), row.marked, row.new)
            shown[key] = card(posts[row.id], stance, language) if row.id in posts else ""
    for key, html in shown.items():
        _kept[key] = html
        _kept.move_to_end(key)
    while len(_kept) > MOST:
        _kept.popitem(last=False)
    return [shown[key] for key in keys]


def card(post: dict[str, Any], stance: Stance, language: str, *, full: bool = False, **more: Any) -> str:
    """One card, rendered now. ``full``: the post on its own page."""
    return render(language, "posts/card.html", post=post, stance=stance, full=full, **more)


def blank_row(kind: Kind) -> dict[str, Any]:
    """A post that is not stored yet, with every column a card may ask for."""
    counts = dict.fromkeys(("thanks", "coming", "valid", "changed", "replies", "tracks", "rank"), 0)
    row = dict.fromkeys(column._meta.name for column in Post._meta.columns) | counts
    state = "open" if kind.needs_help else None
    return row | {
        "id": uuid7(), "kind": kind, "created_at": now(), "state": state, "title": "", "body": "",
        "first_tracks": [], "first_photos": [], "taker_name": None,
    }  # fmt: skip
