"""What an alert says on a device: its words, its page, its gestures. Never a name, an address or a code.

The form is a notification of our worker and, at once, a declarative one (W3C Push API, "declarative push
message"), which Safari shows even if the worker cannot run.
"""

import json
from collections.abc import Mapping
from typing import Any

from server.base.columns import now
from server.base.settings import settings
from server.news.news import ACTIONS, NEWS, PAGES
from server.people.quartier import Plate
from server.posts.kinds import HELP
from server.text.i18n import hour, no_break, translations

DECLARATIVE = 8030
# A device shows the first few lines; the push services take 3,993 bytes.
MOST = 300


def words(what: str, language: str, plate: Plate, post: Mapping[str, Any] | None, count: int = 0) -> tuple[str, str]:
    """The title and the body of this news. ``post``: need, due_at, starts_at, place, taken from a row."""
    _ = translations(language).gettext
    need = HELP.label_of("need", post["need"]) if post and post["need"] else HELP.label
    values = {
        "need": _(need),
        "before": _before(what, language, post),
        "place": _place(plate, post),
        "count": count,
    }
    news = NEWS[what]
    said = tuple(_(text) % values for text in (news.title, news.body))
    return tuple(no_break(one) if language == "fr" else one for one in said)


def _before(what: str, language: str, post: Mapping[str, Any] | None) -> str:
    _ = translations(language).gettext
    if what == "reminder" and post and post["starts_at"]:
        return hour(post["starts_at"], language)
    # An hour that is past would be read as that of today.
    if not post or not post["due_at"] or post["due_at"] <= now():
        return _("bientôt")
    due, zone = post["due_at"], settings.zone
    days = (due.astimezone(zone).date() - now().astimezone(zone).date()).days
    at = hour(due, language)
    return _("avant %(hour)s") % {"hour": at} if days <= 0 else _("demain avant %(hour)s") % {"hour": at}


def _place(plate: Plate, post: Mapping[str, Any] | None) -> str:
    """A street of the quartier, as its founder wrote it: what a neighbour typed may say more."""
    typed = ((post or {}).get("place") or "").casefold()
    street = next((one for one in plate.streets if one.casefold() in typed), None)
    return street or plate.name


def path_of(what: str, post: object | None) -> str:
    """The page that a tap opens."""
    if what == "digest":
        return "/"
    if what == "trial":
        return "/chez-moi#alertes"
    return f"/avis/{post}" if post else PAGES.get(what, "/nouvelles")


def payload(
    what: str, language: str, plate: Plate, post: Mapping[str, Any] | None, *, news: int, count: int = 0,
    receipt: object | None = None, short: bool = False,
) -> bytes:  # fmt: skip
    """The message for a device, as JSON in UTF-8.

    ``news``: what waits for its reader, for the badge. ``receipt``: the alert to acknowledge.
    ``short``: for a push service that found it too large (413).
    """
    _ = translations(language).gettext
    title, body = words(what, language, plate, post, count)
    path = path_of(what, post and post["id"])
    shown: dict[str, Any] = {
        "title": title,
        "body": "" if short else body[:MOST],
        "lang": language,
        "navigate": settings.address + path,
        "tag": topic(what, post and post["id"]),
        "app_badge": str(news),
    }
    told: dict[str, Any] = {"web_push": DECLARATIVE, "mutable": True, "notification": shown, "path": path}
    if not short:
        actions = NEWS[what].actions
        told["actions"] = [{"action": one, "title": no_break(_(ACTIONS[one]))} for one in actions]
        told["loud"] = NEWS[what].group == "urgent"
    if receipt:
        told["receipt"] = str(receipt)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def topic(what: str, post: object | None) -> str:
    """What a newer alert takes the place of: the last one about the same request (RFC 8030, 5.4: 32 signs at most)."""
    return str(post).replace("-", "") if post else what
