"""A one-tap gesture on a post: merci, j'y serai, toujours valable. At most one of each a person."""

from uuid import UUID as Id

from piccolo.columns import ForeignKey, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base.budgets import MARK
from server.base.columns import moment, moment_of, now, row_id
from server.base.database import execute, read_now, transaction
from server.base.ids import uuid7
from server.base.spending import spend
from server.people.member import Member
from server.posts.post import STALE, Post, hold

TWO_NOES = 2
# A yes replaces one's own no, and the reverse.
_OPPOSITE = {"valid": "changed", "changed": "valid"}


class Over(Exception):
    """What one says to come to has taken place, or was moved."""


class Mark(Table):
    """Unique by (post, member, kind): a second tap, or two at once, changes nothing."""

    id = row_id()
    post = ForeignKey(Post, on_delete=OnDelete.cascade)
    member = ForeignKey(Member, on_delete=OnDelete.cascade)
    kind = Varchar(8)
    created_at = moment()

    @staticmethod
    async def put(post: Id, member: Id, kind: str, *, free: bool = False, time: int | None = None) -> bool:
        """Make the gesture. False when a coming-along finds every place taken. Raises TooMuch, unless it is ``free``.

        ``time``: the moment (Unix time) that one says to come to; raises Over when that is not the next one any more.
        ``kind`` is one of ``kinds.MARKS`` and so also the name of its count on ``post``.
        """
        async with transaction():
            # The post first, as for every verb: it must not move on between this look and the gesture.
            one = await hold(post)
            if time is not None and one and one["starts_at"] and int(moment_of(one["starts_at"]).timestamp()) != time:
                raise Over
            made = await execute(
                "INSERT INTO mark (id, post, member, kind, created_at) VALUES ({}, {}, {}, {}, {})"
                " ON CONFLICT (post, member, kind) DO NOTHING RETURNING id",
                uuid7(),
                post,
                member,
                kind,
                now(),
            )
            if not made:
                return True
            if not free:
                await spend(member, MARK)
            room = " AND (capacity IS NULL OR coming < capacity)" if kind == "coming" else ""
            counted = await execute(
                f"UPDATE post SET {kind} = {kind} + 1, version = version + 1 WHERE id = {{}}{room} RETURNING id", post
            )
            if not counted:
                await execute("DELETE FROM mark WHERE id = {}", made[0]["id"])
                return False
            if kind in _OPPOSITE:
                await Mark.take_back(post, member, _OPPOSITE[kind])
            await _weigh_tip(post, kind)
        return True

    @staticmethod
    async def take_back(post: Id, member: Id, kind: str) -> None:
        """Undo the gesture; nothing happens when it was not made."""
        async with transaction():
            await hold(post)
            gone = await execute(
                "DELETE FROM mark WHERE post = {} AND member = {} AND kind = {} RETURNING id", post, member, kind
            )
            if gone:
                await execute(f"UPDATE post SET {kind} = {kind} - 1, version = version + 1 WHERE id = {{}}", post)
                await _weigh_tip(post, kind)

    @staticmethod
    async def made_by(member: Id, post: Id) -> set[str]:
        """The kinds of gestures this member made on this post."""
        rows = await read_now("SELECT kind FROM mark WHERE post = {} AND member = {}", post, member)
        return {row[0] for row in rows}

    @staticmethod
    async def people(post: Id, kind: str, most: int = 12) -> list[dict]:
        """Who made this gesture first: name and street."""
        return await Mark.raw(
            "SELECT m.id, m.name, m.street, k.created_at FROM mark k JOIN member m ON m.id = k.member"
            " WHERE k.post = {} AND k.kind = {} ORDER BY k.id LIMIT {}",
            post,
            kind,
            most,
        )

    @staticmethod
    async def latest(post: Id, kind: str) -> dict | None:
        """When this gesture was made last."""
        rows = await Mark.raw(
            "SELECT created_at FROM mark WHERE post = {} AND kind = {} ORDER BY id DESC LIMIT 1", post, kind
        )
        return rows[0] if rows else None


async def _weigh_tip(post: Id, kind: str) -> None:
    """After two noes, and more noes than yeses, a tip sinks to the bottom of the board."""
    if kind in _OPPOSITE:
        await execute(
            "UPDATE post SET rank = CASE WHEN changed >= {} AND changed > valid THEN {} ELSE 0 END WHERE id = {}",
            TWO_NOES,
            STALE,
            post,
        )
