"""The alarm of an urgent request: how far it has gone, whether a moderator holds or stopped it, who was rung.

Its steps: the volunteers who fit, then everybody who accepts urgent needs, then the admins, who call. While it is
held: the moderators, then the admins. ``server.help.escalation`` takes them.
"""

from datetime import datetime
from uuid import UUID as Id

from piccolo.columns import UUID, ForeignKey, SmallInt
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base.bell import ring
from server.base.budgets import RING_COUPON, RING_FOR
from server.base.columns import moment, now, row_id
from server.base.database import ON_POSTGRES, after_commit, execute, query, read_now
from server.base.ids import uuid7
from server.base.settings import settings
from server.base.spending import is_fresh, may_ring, may_spend
from server.news.alert import Alert
from server.people.member import Member, Role
from server.posts.post import Post

VOLUNTEERS, EVERYBODY, ADMINS, OVER = 0, 1, 2, 3


class Alarm(Table):
    """One row an urgent request. ``step``: the next one, at ``next_at``.

    ``round`` grows when it reopens, ``open_since`` is when it did; ``begun_at`` counts for the day's quota.
    """

    id = row_id()
    post = ForeignKey(Post, on_delete=OnDelete.cascade, unique=True)
    author = ForeignKey(Member, on_delete=OnDelete.cascade)
    begun_at = moment()
    open_since = moment()
    round = SmallInt(default=1)
    step = SmallInt(default=VOLUNTEERS)
    next_at = moment(null=True)
    held_at = moment(null=True)
    stopped_at = moment(null=True)
    stopped_by = UUID(null=True, default=None)
    called_at = moment(null=True)
    called_by = UUID(null=True, default=None)

    @staticmethod
    async def begin(post: Id, author: Id, *, held: bool) -> bool:
        """Note that a request is urgent; ``held``: it waits for a moderator. False when it had been noted."""
        rows = await execute(
            "INSERT INTO alarm (id, post, author, begun_at, open_since, round, step, next_at, held_at)"
            " VALUES ({}, {}, {}, {}, {}, 1, 0, {}, {}) ON CONFLICT (post) DO NOTHING RETURNING id",
            uuid7(), post, author, now(), now(), now(), now() if held else None,
        )  # fmt: skip
        return bool(rows)

    @staticmethod
    async def left(post: Id, *, lock: bool = False) -> int | None:
        """How many alarms who asks for this may still raise today; None: as many as it takes, for moderators.

        What was written for somebody counts for them. A newcomer has one. ``lock``: of several at once each counts
        the others.
        """
        held = " FOR NO KEY UPDATE OF m" if lock and ON_POSTGRES else ""
        rows = await query(
            f"SELECT p.author, p.helped, m.role FROM post p JOIN member m ON m.id = p.author WHERE p.id = {{}}{held}",
            post,
        )
        one, role = rows[0], Role(rows[0]["role"])
        if role.rank >= Role.MODERATOR.rank:
            return None
        midnight = now().astimezone(settings.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        whose, asker = (
            ("p.helped", one["helped"]) if one["helped"] else ("p.helped IS NULL AND a.author", one["author"])
        )
        rows = await query(
            "SELECT count(*) AS n FROM alarm a JOIN post p ON p.id = a.post"
            f" WHERE {whose} = {{}} AND a.begun_at >= {{}}",
            asker, midnight,
        )  # fmt: skip
        return max(0, (1 if role is Role.NEWCOMER else settings.alarms) - rows[0]["n"])

    @staticmethod
    async def may_begin(post: Id) -> bool:
        """Whether a new alarm of this request rings by itself; else it is held for a moderator.

        In the caller's transaction, which holds the request. Newcomers count for whoever let them in and all together,
        a resident who writes for others for all of those. The number of a coupon is three digits that anybody can
        type: it rings once a day, and lifts the budget of nobody but who moderates.
        """
        rows = await query(
            "SELECT p.author, p.helped, f.coupon, m.role FROM post p JOIN member m ON m.id = p.author"
            " LEFT JOIN proxy_file f ON f.post = p.id WHERE p.id = {}",
            post,
        )
        one, moderates = rows[0], Role(rows[0]["role"]).rank >= Role.MODERATOR.rank
        fresh = one["coupon"] is None or await is_fresh(one["coupon"])
        if await Alarm.left(post, lock=True) == 0:
            return False
        if one["helped"] is not None:
            gesture = RING_COUPON if moderates and one["coupon"] else RING_FOR
            return (fresh or moderates) and await may_spend(one["author"], gesture)
        return await may_ring(one["author"])

    @staticmethod
    async def of(post: Id) -> dict | None:
        """The alarm of a request, with the names of whoever stopped it or rang; None when it has none."""
        rows = await Alarm.raw(
            "SELECT a.*, s.name AS stopper, c.name AS caller FROM alarm a LEFT JOIN member s ON s.id = a.stopped_by"
            " LEFT JOIN member c ON c.id = a.called_by WHERE a.post = {}",
            post,
        )
        return rows[0] if rows else None

    @staticmethod
    async def due(at: datetime) -> list[Id]:
        """The requests whose next step is due at this moment, the longest first."""
        rows = await query(
            "SELECT a.post FROM alarm a JOIN post p ON p.id = a.post WHERE a.next_at <= {} AND p.state = 'open'"
            " AND p.urgency = 'urgent' AND p.due_at IS NOT NULL AND p.listed AND p.expires_at > {}"
            " ORDER BY a.next_at LIMIT 100",
            at,
            now(),
        )
        return [row["post"] for row in rows]

    @staticmethod
    async def go_on(post: Id, step: int, next_at: datetime | None) -> None:
        """The next step is this one, then. Not for an alarm that a moderator has stopped meanwhile."""
        await execute(
            "UPDATE alarm SET step = {}, next_at = {} WHERE post = {} AND stopped_at IS NULL", step, next_at, post
        )

    @staticmethod
    async def sooner(post: Id, at: datetime) -> None:
        """The next step is not later than this."""
        await execute("UPDATE alarm SET next_at = {} WHERE post = {} AND next_at > {}", at, post, at)

    @staticmethod
    async def anew(post: Id) -> None:
        """An urgent request has reopened: from the first step, to everybody who fits now.

        It may have become urgent while somebody had it in hand, and have no alarm yet: then it counts for the day.
        Two who open and take it by turns do not ring for ever: after some rounds it waits for a moderator.
        """
        left = await Alarm.left(post)
        author = (await query("SELECT author FROM post WHERE id = {}", post))[0]["author"]
        await execute(
            "INSERT INTO alarm (id, post, author, begun_at, open_since, round, step, next_at, held_at)"
            " VALUES ({}, {}, {}, {}, {}, 1, 0, {}, {}) ON CONFLICT (post) DO UPDATE SET round = alarm.round + 1,"
            " step = 0, open_since = excluded.open_since, next_at = excluded.next_at, called_at = NULL,"
            " called_by = NULL, held_at = CASE WHEN alarm.held_at IS NOT NULL OR ({} AND alarm.round >= {})"
            " THEN excluded.open_since END WHERE alarm.stopped_at IS NULL",
            uuid7(), post, author, now(), now(), now(), now() if left == 0 else None,
            left is not None, settings.alarms,
        )  # fmt: skip
        after_commit(ring)

    @staticmethod
    async def release(post: Id) -> bool:
        """A moderator lets a held alarm go. False when it is not held, or another one has stopped it."""
        return bool(
            await execute(
                "UPDATE alarm SET held_at = NULL, step = 0, next_at = {} WHERE post = {} AND held_at IS NOT NULL"
                " AND stopped_at IS NULL RETURNING id",
                now(), post,
            )
        )  # fmt: skip

    @staticmethod
    async def stop(post: Id, by: Id) -> bool:
        """A moderator ends an alarm: nothing that still waits is sent. False when it was over."""
        rows = await execute(
            "UPDATE alarm SET stopped_at = {}, stopped_by = {}, next_at = NULL WHERE post = {} AND stopped_at IS NULL"
            " RETURNING id",
            now(), by, post,
        )  # fmt: skip
        await Alert.stop(post)
        return bool(rows)

    @staticmethod
    async def called(post: Id, by: Id) -> bool:
        """Somebody on duty rang whoever asks. False when somebody had."""
        return bool(
            await execute(
                "UPDATE alarm SET called_at = {}, called_by = {} WHERE post = {} AND called_at IS NULL RETURNING id",
                now(), by, post,
            )
        )  # fmt: skip

    @staticmethod
    async def count_held() -> int:
        """How many wait for a moderator."""
        rows = await read_now(
            "SELECT count(*) FROM alarm a JOIN post p ON p.id = a.post WHERE a.held_at IS NOT NULL"
            " AND a.stopped_at IS NULL AND p.urgency = 'urgent' AND p.kind = 'help' AND p.state = 'open' AND p.listed"
            " AND p.expires_at > {}",
            now(),
        )
        return rows[0][0]

    @staticmethod
    async def waiting(most: int = 50) -> list[dict]:
        """For moderation: what is held, and what nobody took after the admins were told; the longest first."""
        return await Alarm.raw(
            "SELECT a.post, a.open_since, a.held_at, a.called_at, a.step, p.title, p.need, p.due_at, p.place,"
            " m.name AS author_name, c.name AS caller,"
            " (SELECT count(DISTINCT n.person) FROM notice n WHERE n.post = a.post AND n.alerted_at IS NOT NULL"
            " AND n.what = 'urgent') AS reached"
            " FROM alarm a JOIN post p ON p.id = a.post JOIN member m ON m.id = p.author"
            " LEFT JOIN member c ON c.id = a.called_by WHERE p.kind = 'help' AND p.state = 'open' AND p.listed"
            " AND p.expires_at > {} AND p.urgency = 'urgent' AND a.stopped_at IS NULL"
            " AND (a.held_at IS NOT NULL OR a.step = {})"
            " ORDER BY a.begun_at LIMIT {}",
            now(), OVER, most,
        )  # fmt: skip
