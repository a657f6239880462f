"""A moderator closes the doors for somebody until tomorrow, or opens them again."""

from datetime import datetime, timedelta
from uuid import UUID as Id

from server.base.audit_log import record
from server.base.columns import now
from server.base.database import execute, query, transaction
from server.base.ids import uuid7
from server.base.settings import settings
from server.help import doors
from server.help.claim_steps import DROPPED, PROPOSED, RELEASED, active_of, end, open_again, tell_seconds
from server.news.told import Notice
from server.posts.post import hold


async def shut(member: Id, by: Id, role: str, reason: str) -> None:
    """A moderator closes the doors for this member until tomorrow: what they had in hand opens again.

    Told to the member, to every admin, to who asked and to who joined their offers.
    """
    async with transaction():
        if not await execute("UPDATE member SET shut_until = {} WHERE id = {} RETURNING id", _tomorrow(), member):
            return
        await record(by, role, "shut", member, reason)
        cause = uuid7()
        await Notice.tell(member, "shut", None, None, cause)
        for admin in await Notice.admins(by):
            if str(admin) != str(member):
                await Notice.tell(admin, "shut-told", None, member, cause)
        await execute(
            "UPDATE claim SET state = {}, ended_at = {} WHERE member = {} AND state = {} AND way = {}",
            DROPPED, now(), member, PROPOSED, doors.ASKED,
        )  # fmt: skip
        taken = await query(
            "SELECT id FROM post WHERE taker = {} AND state = 'taken' AND offer IS NULL ORDER BY id", member
        )
        for row in taken:
            one = await hold(row["id"])
            if one["state"] != "taken" or str(one["taker"]) != str(member):
                continue
            claim = await active_of(one["id"])
            await end([claim["id"]], RELEASED)
            await open_again(one)
            await tell_seconds(one, claim["id"])
            await Notice.tell(one["author"], "shut-asker", one["id"], None, claim["id"])
            await Notice.tell(member, "shut-errand", one["id"], None, claim["id"])
        # Who joined an offer of theirs counts on somebody whose list is closed until then.
        joined = await query(
            "SELECT p.id, p.author FROM post o JOIN post p ON p.offer = o.id"
            " WHERE o.author = {} AND o.kind = 'offer' AND p.state = 'taken' ORDER BY p.id",
            member,
        )
        for row in joined:
            await Notice.tell(row["author"], "shut-offer", row["id"], None, cause)


async def reopen(member: Id, by: Id, role: str) -> None:
    """Take that back: from now on they take again. What was reopened stays open to all."""
    async with transaction():
        if await execute("UPDATE member SET shut_until = NULL WHERE id = {} AND shut_until > {} RETURNING id",
                        member, now()):  # fmt: skip
            await record(by, role, "unshut", member)
            await Notice.tell(member, "unshut", None, None, uuid7())


def _tomorrow() -> datetime:
    """Tomorrow at eight, where the quartier is."""
    return (now().astimezone(settings.zone) + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
