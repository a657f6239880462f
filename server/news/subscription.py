"""A device that can be alerted (W3C Push API): where to send, and the keys to seal for it alone.

It belongs to a session: whoever signs out, or whose device is revoked, is alerted there no more.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID as Id

from piccolo.columns import ForeignKey, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base.columns import moment, now, row_id
from server.base.database import ON_POSTGRES, execute, query, read_now, transaction
from server.base.ids import uuid7
from server.base.keys import digest
from server.news.news import CONCERNS, URGENCIES
from server.people.member import Member, Role
from server.people.session import Session

# A device that was not opened for so long is not counted on.
ALIVE = timedelta(days=30)
# An endpoint changes now and then; more than this of one person are left over from somewhere.
MOST = 12


class Subscription(Table):
    """One device of one person. ``digest`` names its endpoint, which is itself a secret."""

    id = row_id()
    member = ForeignKey(Member, on_delete=OnDelete.cascade)
    session = ForeignKey(Session, on_delete=OnDelete.cascade, unique=True)
    endpoint = Varchar(1000)
    digest = Varchar(64, unique=True)
    p256dh = Varchar(90)
    auth = Varchar(24)
    created_at = moment()
    renewed_at = moment()
    heard_at = moment(null=True)

    @staticmethod
    async def keep(member: Id, session: Id, endpoint: str, p256dh: str, auth: str) -> bool:
        """Alert this session's device at that endpoint; the same one again is only renewed. Whether it is new.

        Another endpoint, other keys or another person make another row: what waits for the former
        one is not shown to the next.
        """
        name = digest(endpoint)
        async with transaction():
            same = await execute(
                "UPDATE subscription SET renewed_at = {} WHERE digest = {} AND member = {} AND session = {}"
                " AND p256dh = {} AND auth = {} RETURNING id",
                now(), name, member, session, p256dh, auth,
            )  # fmt: skip
            if same:
                return False
            await execute("DELETE FROM subscription WHERE digest = {} OR session = {}", name, session)
            # Two tabs may say so at the same moment: one of them writes the row.
            made = await execute(
                "INSERT INTO subscription (id, member, session, endpoint, digest, p256dh, auth, created_at, renewed_at)"
                " VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT DO NOTHING RETURNING id",
                uuid7(), member, session, endpoint, name, p256dh, auth, now(), now(),
            )  # fmt: skip
            await execute(
                "DELETE FROM subscription WHERE member = {} AND id NOT IN"
                " (SELECT id FROM subscription WHERE member = {} ORDER BY id DESC LIMIT {})",
                member, member, MOST,
            )  # fmt: skip
        return bool(made)

    @staticmethod
    async def of_session(session: Id) -> dict | None:
        """The subscription of this device, or None."""
        return await Subscription.select().where(Subscription.session == session).first()

    @staticmethod
    async def hold(devices: Sequence[Id]) -> set[str]:
        """Those of these devices that are still there, and stay until the caller's transaction ends.

        In the order of their ids, and after the alerts, as the sender does: else the two might block.
        """
        if not devices:
            return set()
        marks, lock = ", ".join("{}" for _ in devices), " FOR KEY SHARE" if ON_POSTGRES else ""
        rows = await query(f"SELECT id FROM subscription WHERE id IN ({marks}) ORDER BY id{lock}", *devices)
        return {str(row["id"]) for row in rows}

    @staticmethod
    async def any() -> bool:
        """Whether anybody at all can be alerted."""
        return bool(await read_now("SELECT 1 FROM subscription LIMIT 1"))

    @staticmethod
    async def close(session: Id) -> None:
        """Alert this device no more."""
        await execute("DELETE FROM subscription WHERE session = {}", session)

    @staticmethod
    async def reachable(at: datetime) -> tuple[int, int, int]:
        """Of all members: how many can be alerted of an urgent need, all of them, and how many set nothing.

        Reachable is who has a device that was opened within a month and did not choose the daily word, or
        said yes to urgent needs by email.
        """
        rows = await read_now(
            "SELECT (SELECT count(*) FROM member m LEFT JOIN alert_choice c ON c.member = m.id WHERE m.role <> {}"
            " AND ((coalesce(c.what, {}) IN ({}, {}) AND EXISTS (SELECT 1 FROM subscription s WHERE s.member = m.id"
            " AND s.renewed_at > {})) OR (c.mail_urgent AND c.mail_confirmed_at IS NOT NULL))),"
            " (SELECT count(*) FROM member), (SELECT count(*) FROM member m WHERE NOT EXISTS"
            " (SELECT 1 FROM subscription s WHERE s.member = m.id) AND NOT EXISTS"
            " (SELECT 1 FROM alert_choice c WHERE c.member = m.id))",
            Role.NEWCOMER.value, CONCERNS, CONCERNS, URGENCIES, at - ALIVE,
        )  # fmt: skip
        return rows[0]
