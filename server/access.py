"""THE permissions: who may do what to which post, in one place. Pure: no query, no request."""

from collections.abc import Mapping
from typing import Any

from server.tables.base import now
from server.tables.member import Role
from server.tables.post import UNDO
from server.tables.session import Viewer

# What needs a role and nothing else.
_BY_ROLE = {
    "write": Role.NEWCOMER,
    "reply": Role.NEWCOMER,
    "mark": Role.NEWCOMER,
    "report": Role.NEWCOMER,
    "invite": Role.RESIDENT,
    "moderate": Role.MODERATOR,
    "vouch": Role.MODERATOR,
    "give-role": Role.ADMIN,
    "renew-card": Role.ADMIN,
}


def may(viewer: Viewer | None, verb: str, thing: Mapping[str, Any] | None = None) -> bool:
    """Whether this viewer may do ``verb`` to ``thing`` (a post row, a reply row, or nothing).

    A stranger (None) may nothing. KeyError for a verb that is not known.
    """
    if viewer is None:
        return False
    if verb in _BY_ROLE:
        allowed = viewer.role.rank >= _BY_ROLE[verb].rank
        return allowed and (thing is None or verb not in ("reply", "mark", "report") or _in_sight(viewer, thing))
    return _ABOUT_A_THING[verb](viewer, thing)


def _mine(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    return str(thing["author"]) == str(viewer.id)


def _in_sight(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    """Nobody but its author sees what was withdrawn; moderators also see what was hidden."""
    if thing["withdrawn_at"] is not None:
        return _mine(viewer, thing)
    if thing["hidden_at"] is not None:
        return _mine(viewer, thing) or may(viewer, "moderate")
    return True


def _edits(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    return _mine(viewer, thing) and thing["withdrawn_at"] is None and thing["hidden_at"] is None


def _puts_back(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    return _mine(viewer, thing) and thing["withdrawn_at"] is not None and thing["withdrawn_at"] > now() - UNDO


def _removes_track(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    """``thing`` is the track; who added it, who made the list, or a moderator."""
    return str(viewer.id) in (str(thing["member"]), str(thing["list_author"])) or may(viewer, "moderate")


def _talks(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    """Between who asked for help and who took it, from then on."""
    if thing["state"] not in ("taken", "done", "thanked"):
        return False
    return str(viewer.id) in (str(thing["author"]), str(thing["taker"]))


def _removes_photo(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    """``thing`` is the photo with its ``post_author``; a receipt is its author's alone."""
    if thing["purpose"] == "receipt":
        return _mine(viewer, thing)
    return str(viewer.id) == str(thing["post_author"]) or may(viewer, "moderate")


_ABOUT_A_THING = {
    "read": _in_sight,
    "edit": _edits,
    "withdraw": lambda viewer, thing: _mine(viewer, thing) and thing["withdrawn_at"] is None,
    "put-back": _puts_back,
    "remove-track": _removes_track,
    "talk": _talks,
    "remove-photo": _removes_photo,
}
