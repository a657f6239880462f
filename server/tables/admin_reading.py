"""An admin reads a private part without having taken the request: with a reason, told, and counted as a door."""

from uuid import UUID as Id

from server.database import transaction
from server.ids import uuid7
from server.tables import doors
from server.tables.base import now
from server.tables.claim import hold_member
from server.tables.log import record
from server.tables.notice import Notice
from server.tables.post import vital
from server.tables.private import Viewing


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
