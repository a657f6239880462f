"""The page of a post, shown by its own route and again by the routes that refuse a form on it."""

from typing import Any
from uuid import UUID

from litestar import Request, Response
from litestar.exceptions import NotFoundException

from server.access import may
from server.base.refusals import NotPossible
from server.gatherings import recurrence
from server.help.claim_steps import TOO_MANY
from server.help.mutual_aid import promised_by
from server.moderation.judging import why_hidden
from server.posts import kinds
from server.posts.board import new_since
from server.posts.post import Post
from server.posts.reaction import Mark
from server.posts.track import Track
from server.trust.second_person import is_alone
from server.views.post.alert_page import alarm_of
from server.views.post.cards import Stance, card
from server.views.post.errand_page import errand, offer, saw
from server.views.post.thread import id_of, thread_of
from server.views.web.device import SHELF, for_shelf, keep_closed
from server.views.web.door import visit_of
from server.views.web.page import page

# Of a playlist on its own page.
SONGS = 60
# What of ``errand`` and ``offer`` is not for the whole quartier.
BETWEEN_FEW = ("private", "readers", "proposals", "returns", "receipts", "messages", "file", "requests", "alarm")


async def post_for(request: Request, post_id: UUID, verb: str = "read") -> dict[str, Any]:
    """Load a post and check the viewer's right to ``verb`` in one call; 404 hides what is not theirs."""
    found = await Post.load(post_id)
    if found is None or not may(visit_of(request).viewer, verb, found):
        raise NotFoundException
    return found


async def whole_card(request: Request, found: dict[str, Any], made: set[str], *, full: bool) -> str:
    """The card of a post as this viewer sees it now, with all songs of a playlist when ``full``."""
    viewer = visit_of(request).viewer
    tracks = await _songs(request, found) if full else []
    for track in tracks:
        track["list_author"] = found["author"]
    mine = str(found["author"]) == str(viewer.id)
    new = not mine and not full and str(found["id"]) > new_since(viewer.previous_visit)
    taking = str(found["taker"]) == str(viewer.id)
    stance = Stance(mine, taking, found["kind"].mark.slug in made, new)
    return card(found, stance, visit_of(request).language, full=full, tracks=tracks, viewer=viewer)


async def _songs(request: Request, found: dict[str, Any]) -> list[dict[str, Any]]:
    """The songs of a playlist from where the address says (``chansons``: after this one)."""
    if found["kind"] is not kinds.PLAYLIST:
        return []
    return await Track.of(found["id"], id_of(request.query_params.get("chansons")), SONGS)


async def _next_song(request: Request, found: dict[str, Any]) -> str:
    """After which song the next page of the list begins; nothing when this is the last."""
    shown = await _songs(request, found)
    return shown[-1]["id"] if len(shown) == SONGS and await Track.of(found["id"], shown[-1]["id"], 1) else ""


async def post_page(
    request: Request,
    found: dict[str, Any],
    status: int = 200,
    *,
    typed: Any = None,
    faults: dict | None = None,
    refusal: NotPossible | None = None,
    opened: dict[str, Any] | None = None,
) -> Response:
    """The page of a post; ``typed`` and ``faults`` belong to the form that was refused, if one was.

    ``refusal``: a step that the request's state does not allow. ``opened``: the private part,
    when an admin opened it with a reason.
    """
    viewer = visit_of(request).viewer
    kind = found["kind"]
    await saw(request, found)
    context = await errand(request, found) | await alarm_of(request, found) if kind.needs_help else {}
    context |= await offer(request, found) if kind is kinds.OFFER else {}
    made = await Mark.made_by(viewer.id, found["id"])
    response = await page(
        request,
        "posts/show.html",
        status,
        here=f"/avis/{found['id']}",
        post=found,
        kind=kind,
        card=await whole_card(request, found, made, full=True),
        made=made,
        thread=await thread_of(request, found["id"]),
        why_hidden=await why_hidden(found["id"]) if found["hidden_at"] else "",
        coming=await Mark.people(found["id"], "coming") if kind.mark.slug == "coming" else [],
        next_song=await _next_song(request, found),
        goes_on=recurrence.asked(found),
        confirmed=await Mark.latest(found["id"], "valid") if kind is kinds.TIP else None,
        typed=typed or {},
        faults=faults or {},
        refusal=refusal,
        in_hand=await promised_by(viewer.id) if refusal and refusal.sentence == TOO_MANY else [],
        alone=await is_alone(viewer.id) if may(viewer, "moderate") else False,
        opened=opened,
        shelf=for_shelf(request),
        **context,
    )
    keep_closed(response, private=bool(opened) or any(context.get(name) for name in BETWEEN_FEW))
    if kind.needs_help and may(viewer, "hold", found):
        # The errand in hand, with its door: the one private page that its device may keep, for a while.
        response.headers["Cache-Control"] = "private, no-store"
        response.headers[SHELF] = "errand"
    return response
