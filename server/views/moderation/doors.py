"""Who opened three doors within an hour, and what a moderator may do about it."""

from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.access import may
from server.base.columns import now
from server.help import doors, offer
from server.moderation import shutting
from server.people.member import Member
from server.people.session import Viewer
from server.trust.second_person import is_alone
from server.views.moderation.reasons import reason_for
from server.views.moderation.routes import moderator
from server.views.web.page import go, page


@get("/moderation/portes", name="doors")
async def show_doors(request: Request) -> Response:
    """Today's doors of whoever opened three within an hour, and offers that wait for a yes."""
    viewer = moderator(request)
    return await page(
        request, "moderation/doors.html", people=await doors.to_look_at(), offers=await offer.waiting_places(),
        now=now(), alone=await is_alone(viewer.id), not_ones_own=offer.NOT_ONES_OWN,
    )  # fmt: skip


@post("/moderation/voisins/{member_id:uuid}/portes", name="shut-doors", status_code=200)
async def shut_doors(request: Request, member_id: FromPath[UUID]) -> Response:
    """Close the doors for somebody until tomorrow, with a reason."""
    viewer = moderator(request)
    name = await _name_under(viewer, member_id)
    reason = await reason_for(request, "shut", name)
    if not isinstance(reason, str):
        return reason
    await shutting.shut(member_id, viewer.id, viewer.role, reason)
    return go("/moderation/portes", "shut")


@post("/moderation/voisins/{member_id:uuid}/portes/rouvrir", name="reopen-doors", status_code=200)
async def reopen_doors(request: Request, member_id: FromPath[UUID]) -> Response:
    """Take it back."""
    viewer = moderator(request)
    await _name_under(viewer, member_id)
    await shutting.reopen(member_id, viewer.id, viewer.role)
    return go("/moderation/portes", "unshut")


async def _name_under(viewer: Viewer, member_id: UUID) -> str:
    """The name of this member. Nobody else finds this door: not for oneself, nor for somebody of one's own role."""
    person = await Member.by_id(member_id)
    if person is None or not may(viewer, "shut-doors", {"id": person.id, "role": person.role}):
        raise NotFoundException
    return person.name
