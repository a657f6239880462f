"""What the page of a request for help, or of an offer, shows beyond the card: to each only their part."""

from typing import Any

from litestar import Request

from server.access import may
from server.base.sealed import Unreadable
from server.base.settings import settings
from server.help import doors
from server.help.claim import Claim, answers
from server.help.claim_steps import ACTIVE, PROPOSED, SECOND
from server.help.offer import joined, requests_of
from server.help.private import Message, PrivatePart, Viewing
from server.help.proxy import ProxyFile
from server.news.told import Notice
from server.people.member import Role
from server.people.session import Viewer
from server.posts.photo import Photo
from server.views.web.device import by_person, for_shelf
from server.views.web.door import visit_of

UNREADABLE = {"answers": {}, "paid": None, "taker_settled_at": None, "asker_settled_at": None, "unreadable": True}

# The same page with nothing private on it, which a device may keep.
CLOSED: dict[str, Any] = {
    "private": None, "readers": [], "proposals": [], "my_part": "", "returns": [], "active": None,
    "receipts": [], "messages": [], "file": None, "keep": settings.keep, "no_door": None,
}  # fmt: skip


async def errand(request: Request, found: dict[str, Any]) -> dict[str, Any]:
    """The context of ``help/*.html`` for this viewer. Reading the private part is noted."""
    viewer = visit_of(request).viewer
    if for_shelf(request) and not may(viewer, "hold", found):
        return CLOSED
    claims = await Claim.of(found["id"])
    waiting = [claim for claim in claims if claim["state"] in (PROPOSED, SECOND)]
    talks = may(viewer, "talk", found)
    file = await ProxyFile.of(found["id"]) if found["on_behalf"] else None
    return {
        "private": await _private(request, found),
        "readers": await Viewing.of(found["id"]) if may(viewer, "ask", found) else [],
        "proposals": await _proposals(waiting, found, viewer),
        "no_door": await _no_door(request, found),
        "my_part": next((one["state"] for one in waiting if str(one["member"]) == str(viewer.id)), ""),
        "returns": [one for one in claims if one["state"] == "returned"] if may(viewer, "ask", found) else [],
        "active": next((one for one in claims if one["state"] == ACTIVE), None),
        "receipts": await Photo.of(found["id"], "receipt") if talks else [],
        "messages": await _messages(found) if talks else [],
        "file": file if file and (may(viewer, "ask", found) or may(viewer, "moderate")) else None,
        "keep": settings.keep,
    }


async def _proposals(waiting: list[dict], found: dict[str, Any], viewer: Viewer) -> list[dict]:
    """Those that this viewer may answer; of who asks for one more door, how many they opened today."""
    if not may(viewer, "answer-proposal", found):
        return []
    proposed = [one for one in waiting if one["state"] == PROPOSED and answers(one, found, viewer.id)]
    return [
        one | {"doors": len((await doors.opened_by(one["member"])).posts)} if one["way"] == doors.ASKED else one
        for one in proposed
    ]


async def _no_door(request: Request, found: dict[str, Any]) -> doors.NoDoorLeft | None:
    """Why this viewer has to ask before opening this door; None when they need not."""
    viewer = visit_of(request).viewer
    asks = found["state"] == "open" and may(viewer, "take", found) and viewer.role is not Role.NEWCOMER
    return await doors.needs_a_yes(found, viewer.id) if asks and not for_shelf(request) else None


async def offer(request: Request, found: dict[str, Any]) -> dict[str, Any]:
    """The context of ``help/offer.html``: one's own place, and for who offers, who joined."""
    viewer = visit_of(request).viewer
    mine = str(found["author"]) == str(viewer.id)
    return {
        "joined": await joined(found["id"], viewer.id),
        "keep": settings.keep,
        "doors": settings.doors,
        "requests": await requests_of(found["id"]) if mine and not for_shelf(request) else [],
    }


async def open_private(found: dict[str, Any]) -> dict[str, Any] | None:
    """The private part, opened; None when it was erased or never written."""
    try:
        return await PrivatePart.of(found["id"])
    except Unreadable:
        return UNREADABLE


async def _private(request: Request, found: dict[str, Any]) -> dict[str, Any] | None:
    viewer = visit_of(request).viewer
    if not may(viewer, "see-private", found) and not may(viewer, "talk", found):
        return None
    private = await open_private(found)
    if private is None:
        return None
    if not may(viewer, "see-private", found):
        # The errand is over for its volunteer, but the money is still between the two.
        return private | {"answers": {"ceiling": private["answers"].get("ceiling")}}
    if str(found["author"]) != str(viewer.id):
        # Noted first: what cannot be noted is not shown.
        await Viewing.note(found["id"], viewer.id)
    return private


async def _messages(found: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        return await Message.of(found["id"], found["taken_at"])
    except Unreadable:
        return []


async def saw(request: Request, found: dict[str, Any]) -> None:
    """Opening a post is reading the news about it; a device that fetches it by itself has not read anything."""
    if by_person(request):
        await Notice.open(visit_of(request).viewer.id, found["id"])
