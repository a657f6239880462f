"""Who opened three doors within an hour, and what a moderator may do about it."""

from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.tables import doors, offer
from server.tables.base import now
from server.tables.member import Member
from server.views.moderation.reasons import reason_for
from server.views.moderation.routes import moderator
from server.views.page import go, page


@get("/moderation/portes", name="doors")
async def show_doors(request: Request) -> Response:
    """Today's doors of whoever opened three within an hour, and offers that wait for a yes."""
    moderator(request)
    return await page(
        request, "moderation/doors.html", people=await doors.to_look_at(), offers=await offer.waiting_places(),
        now=now(),
    )  # fmt: skip


@post("/moderation/voisins/{member_id:uuid}/portes", name="shut-doors", status_code=200)
async def shut_doors(request: Request, member_id: FromPath[UUID]) -> Response:
    """Close the doors for somebody until tomorrow, with a reason."""
    viewer = moderator(request)
    if not await Member.exists().where(Member.id == member_id):
        raise NotFoundException
    reason = await reason_for(request, "shut")
    if not isinstance(reason, str):
        return reason
    await doors.shut(member_id, viewer.id, viewer.role, reason)
    return go("/moderation/portes", "shut")
