"""The alert of an urgent request, in a moderator's hands: let it go, stop it, and an admin's tick that they rang."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.base.refusals import NotPossible
from server.help import escalation
from server.help.alarm import Alarm
from server.views.moderation.reasons import reason_for
from server.views.post.post_page import post_for, post_page
from server.views.web.door import visit_of
from server.views.web.page import go


@post("/avis/{post_id:uuid}/alerte/depart", name="let-alert", status_code=200)
async def let_go(request: Request, post_id: FromPath[UUID]) -> Response:
    """Let an alert go that was held because there were many; once."""
    await _alarm(request, post_id, "moderate")
    viewer = visit_of(request).viewer
    try:
        gone = await escalation.agree(post_id, viewer.id, viewer.role)
    except NotPossible as refusal:
        return await post_page(request, await post_for(request, post_id), 409, refusal=refusal)
    return go(f"/avis/{post_id}", "alert-sent" if gone else "")


@post("/avis/{post_id:uuid}/alerte/arret", name="stop-alert", status_code=200)
async def stop(request: Request, post_id: FromPath[UUID]) -> Response:
    """Stop an alert on its way, with a reason: what is not sent yet stays, and no further step is taken."""
    found = await _alarm(request, post_id, "moderate")
    reason = await reason_for(request, "stop-alert", found["title"])
    if not isinstance(reason, str):
        return reason
    viewer = visit_of(request).viewer
    await escalation.stop(post_id, viewer.id, viewer.role, reason)
    return go(f"/avis/{post_id}", "alert-stopped")


@post("/avis/{post_id:uuid}/alerte/appel", name="rang", status_code=200)
async def note_call(request: Request, post_id: FromPath[UUID]) -> Response:
    """An admin has rung who asks, or the neighbour who wrote for them."""
    await _alarm(request, post_id, "call-for")
    viewer = visit_of(request).viewer
    await escalation.note_call(post_id, viewer.id, viewer.role)
    return go(f"/avis/{post_id}#appeler", "rang")


async def _alarm(request: Request, post_id: UUID, verb: str) -> dict[str, Any]:
    """The request; 404 unless this person may, and it has an alarm."""
    await post_for(request, post_id)
    found = await post_for(request, post_id, verb)
    if await Alarm.of(post_id) is None:
        raise NotFoundException
    return found
