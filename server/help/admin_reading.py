"""An admin reads a private part without having taken the request: with a reason, told, and counted as a door."""

from uuid import UUID as Id

from server.base.audit_log import record
from server.base.columns import now
from server.base.database import transaction
from server.base.ids import uuid7
from server.help import doors
from server.help.claim import hold_member
from server.help.private import Viewing
from server.news.told import Notice
from server.posts.post import vital


async def read_with_reason(one: dict, admin: Id, role: str, reason: str) -> None:
    """Note that this admin reads the private part of this post now. Raises NoDoorLeft, but for what is vital."""
    async with transaction():
        await hold_member(admin)
        opened = await doors.opened_by(admin)
        if not (opened.left or str(one["id"]) in opened.posts or vital(one, now())):
            raise doors.NoDoorLeft(len(opened.posts), opened.again_at)
        await record(admin, role, "private", one["id"], reason)
        await Viewing.note(one["id"], admin, reason)
        await Notice.tell(one["author"], "read", one["id"], admin, uuid7())
        await doors.has_opened(one, admin, doors.TOOK)
