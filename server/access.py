"""THE permissions: who may do what to which post, in one place. Pure: no query, no request."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from server.base.columns import now
from server.base.settings import settings
from server.people.member import Role
from server.people.session import Viewer
from server.posts.post import UNDO

# What needs a role and nothing else.
_BY_ROLE = {
    "write": Role.NEWCOMER,
    "reply": Role.NEWCOMER,
    "mark": Role.NEWCOMER,
    "report": Role.NEWCOMER,
    "invite": Role.RESIDENT,
    "write-for": Role.RESIDENT,
    "vouch-for": Role.RESIDENT,
    "moderate": Role.MODERATOR,
    "vouch": Role.MODERATOR,
    "give-role": Role.ADMIN,
    "renew-card": Role.ADMIN,
    "see-numbers": Role.ADMIN,
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
        # What was done for somebody stays in sight of who did it: there may be money between the two.
        return _mine(viewer, thing) or (_takes(viewer, thing) and thing["state"] in ("done", "thanked"))
    if thing["hidden_at"] is not None:
        return _mine(viewer, thing) or may(viewer, "moderate")
    if thing.get("offer") is not None:
        # What was asked of one volunteer is between the two.
        return _mine(viewer, thing) or _takes(viewer, thing) or may(viewer, "moderate")
    return True


def _takes(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    """Who has the request in hand, or had it when it was done."""
    return thing.get("taker") is not None and str(thing["taker"]) == str(viewer.id)


def _open_help(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    """``thing`` asks for help, is in sight, and is somebody else's."""
    return thing.get("state") is not None and _in_sight(viewer, thing) and not _mine(viewer, thing)


def _in_hand(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    return thing.get("state") == "taken" and _takes(viewer, thing) and _in_sight(viewer, thing)


def _asked(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    """Who asked, or wrote the request for somebody, while it is not withdrawn."""
    return thing.get("state") is not None and _mine(viewer, thing) and thing["withdrawn_at"] is None


def _trusted(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    """A newcomer, or who was put back to one, reads only what the asker's own yes opened to them.

    Nothing while a moderator has closed the doors for them, whatever they came by: taken, or joined as an offer.
    """
    return not viewer.shut and (viewer.role is not Role.NEWCOMER or bool(thing.get("agreed")))


def _talks(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    """The two of a request, once there are two, until what is between them is erased."""
    two = _mine(viewer, thing) or (_takes(viewer, thing) and _trusted(viewer, thing))
    over = thing.get("done_at") is not None and thing["done_at"] < now() - timedelta(hours=settings.keep)
    return thing.get("state") in ("taken", "done", "thanked") and two and not over and _in_sight(viewer, thing)


def _reads_private(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    """The person who asked (or who recorded it for somebody) and the present taker; nobody else."""
    taking = _in_hand(viewer, thing) and _trusted(viewer, thing)
    return (thing.get("state") is not None and _mine(viewer, thing)) or taking


def _opens_private(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    """An admin may, with a reason that is kept; who reads it anyway has no need to."""
    admin = viewer.role is Role.ADMIN and not viewer.shut and _in_sight(viewer, thing)
    return thing.get("state") is not None and admin and not _reads_private(viewer, thing)


def _answers_proposal(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    return _asked(viewer, thing) or (_open_help(viewer, thing) and viewer.role is Role.ADMIN)


def _calls_back(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    """The neighbour who wrote for somebody, or an admin."""
    return bool(thing.get("on_behalf")) and (_asked(viewer, thing) or viewer.role is Role.ADMIN)


def _is_offer(thing: Mapping[str, Any]) -> bool:
    return thing.get("capacity") is not None and thing.get("reach") is not None


def _joins(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    # Who joins leaves an address: not with somebody nobody has vouched for.
    known = thing.get("author_role") != Role.NEWCOMER.value
    open_offer = _is_offer(thing) and thing["closed_at"] is None and thing["listed"]
    return known and open_offer and not _mine(viewer, thing) and _in_sight(viewer, thing)


def _agrees(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    return _is_offer(thing) and may(viewer, "moderate") and _in_sight(viewer, thing)


def _closes(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    return _is_offer(thing) and _mine(viewer, thing) and thing["closed_at"] is None and thing["withdrawn_at"] is None


def _edits(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    return _mine(viewer, thing) and thing["withdrawn_at"] is None and thing["hidden_at"] is None


def _puts_back(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    return _mine(viewer, thing) and thing["withdrawn_at"] is not None and thing["withdrawn_at"] > now() - UNDO


def _removes_track(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    """``thing`` is the track; who added it, who made the list, or a moderator."""
    return str(viewer.id) in (str(thing["member"]), str(thing["list_author"])) or may(viewer, "moderate")


def _removes_photo(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    """``thing`` is the photo with its ``post_author``; a receipt is its author's alone."""
    if thing["purpose"] == "receipt":
        return _mine(viewer, thing)
    return str(viewer.id) == str(thing["post_author"]) or may(viewer, "moderate")


def _shuts_doors(viewer: Viewer, thing: Mapping[str, Any]) -> bool:
    """``thing`` is a member. Nobody shuts themselves out; a moderator no other moderator, and no admin."""
    if str(thing["id"]) == str(viewer.id) or not may(viewer, "moderate"):
        return False
    return viewer.role is Role.ADMIN or Role(thing["role"]).rank < viewer.role.rank


_ABOUT_A_THING = {
    "read": _in_sight,
    "edit": _edits,
    "withdraw": lambda viewer, thing: _mine(viewer, thing) and thing["withdrawn_at"] is None,
    "put-back": _puts_back,
    "remove-track": _removes_track,
    # Help: what each of the people around a request may do. Whether the request's state allows
    # it now is for the verb to say, in a sentence.
    "take": _open_help,
    "hold": _in_hand,
    "ask": _asked,
    "talk": _talks,
    "answer-proposal": _answers_proposal,
    "call-back": _calls_back,
    "see-private": _reads_private,
    "open-private": _opens_private,
    "call-for": lambda viewer, thing: viewer.role is Role.ADMIN and _open_help(viewer, thing),
    "join": _joins,
    "close-offer": _closes,
    "agree-places": _agrees,
    "remove-photo": _removes_photo,
    "shut-doors": _shuts_doors,
}
