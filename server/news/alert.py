"""The ledger of alerts: one row for each piece of news and each device, or email, that is to hear it.

It is written in the transaction of the news. Senders claim rows with a lease: until it ends nobody else
sends them; should the sender die, they are due again. So a crash loses none, and what is sent twice is
folded by its topic (RFC 8030, 5.4).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID as Id

from piccolo.columns import UUID, ForeignKey, SmallInt, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base.bell import ring
from server.base.columns import moment, moment_of, now, row_id
from server.base.database import ON_POSTGRES, after_commit, execute, query
from server.base.ids import uuid7
from server.news import planning
from server.news.alert_choice import COLUMNS, choice_of
from server.news.news import NEWS
from server.news.planning import plan, plan_mail, was_woken, woken, worth_until
from server.news.subscription import Subscription

WAITING, SENT, STOPPED, FAILED = "waiting", "sent", "stopped", "failed"
# How long a claimed row is its sender's. Longer than a sender needs for what it claims at once.
LEASE = timedelta(seconds=75)
# Values in one statement: SQLite takes 32,766 of them, PostgreSQL 32,767.
AT_ONCE = 2000


class Alert(Table):
    """``subscription`` is empty for email. ``due_at``: not before; ``until``: not after."""

    id = row_id()
    # Of ``Notice``, which writes these rows.
    notice = UUID()
    subscription = ForeignKey(Subscription, on_delete=OnDelete.cascade, null=True, default=None)
    state = Varchar(8, default=WAITING)
    due_at = moment()
    until = moment()
    tries = SmallInt(default=0)
    sent_at = moment(null=True)
    heard_at = moment(null=True)

    @staticmethod
    async def spread(
        what: str, told: dict[Id, Id], post: Id | None, *, vital: bool = False, until: datetime | None = None
    ) -> None:
        """Write what this news means for the devices of those who were told: ``told`` is person -> notice.

        In the caller's transaction. For whoever is alerted of it, it takes the place of what still waits about
        the same post. ``until``: when it is worth nothing any more (else as ``NEWS`` says).
        """
        rows = list(told.items())
        for start in range(0, len(rows), AT_ONCE):
            part = {str(person): notice for person, notice in rows[start : start + AT_ONCE]}
            await _spread(what, part, post, vital, until)

    @staticmethod
    async def try_out(notice: Id, subscription: Id) -> Id:
        """A trial, on this device only; gives the row to ask about."""
        made = uuid7()
        await _write(await _still_there([(made, notice, subscription, now(), now() + NEWS["trial"].lasts)]))
        after_commit(ring)
        return made

    @staticmethod
    async def write_to(notice: Id, what: str) -> None:
        """By email, whatever this person chose: it is they who just asked for it."""
        await _write([(uuid7(), notice, None, now(), now() + NEWS[what].lasts)])
        after_commit(ring)

    @staticmethod
    async def of(alert: Id, person: Id) -> dict | None:
        """An alert to this person, or None."""
        rows = await Alert.raw(
            "SELECT a.* FROM alert a JOIN notice n ON n.id = a.notice WHERE a.id = {} AND n.person = {}", alert, person
        )
        return rows[0] if rows else None

    @staticmethod
    async def count_of(notices: Sequence[Id]) -> int:
        """How many devices and mailboxes are to hear of these notices."""
        total = 0
        for start in range(0, len(notices), AT_ONCE):
            part = notices[start : start + AT_ONCE]
            marks = ", ".join("{}" for _ in part)
            total += (await query(f"SELECT count(*) AS n FROM alert WHERE notice IN ({marks})", *part))[0]["n"]
        return total

    @staticmethod
    async def hear(alert: Id, session: Id) -> bool:
        """The device of this session has shown it. False when it was not meant for that one."""
        rows = await execute(
            "UPDATE alert SET heard_at = {} WHERE id = {} AND subscription IN"
            " (SELECT id FROM subscription WHERE session = {}) RETURNING subscription",
            now(), alert, session,
        )  # fmt: skip
        for row in rows:
            await execute("UPDATE subscription SET heard_at = {} WHERE id = {}", now(), row["subscription"])
        return bool(rows)

    @staticmethod
    async def claim(most: int, *, mail: bool = False) -> list[Id]:
        """Take up to ``most`` rows that are due, for ``LEASE``; several senders get different ones."""
        skip = " FOR UPDATE SKIP LOCKED" if ON_POSTGRES else ""
        rows = await execute(
            "UPDATE alert SET due_at = {}, tries = tries + 1 WHERE id IN (SELECT id FROM alert"
            f" WHERE state = 'waiting' AND due_at <= {{}} AND subscription IS {'' if mail else 'NOT '}NULL"
            f" ORDER BY due_at, id LIMIT {{}}{skip}) RETURNING id",
            now() + LEASE, now(), most,
        )  # fmt: skip
        return [row["id"] for row in rows]

    @staticmethod
    async def settle(state: str, alerts: Sequence[Id]) -> None:
        """These are over: sent, stopped or failed."""
        if not alerts:
            return
        marks = ", ".join("{}" for _ in alerts)
        sent = now() if state == SENT else None
        await execute(f"UPDATE alert SET state = {{}}, sent_at = {{}} WHERE id IN ({marks})", state, sent, *alerts)

    @staticmethod
    async def give_away(alert: Id) -> bool:
        """Call it sent before it is. False when it is no longer waiting: somebody else has done so."""
        return bool(
            await execute(
                "UPDATE alert SET state = 'sent', sent_at = {} WHERE id = {} AND state = 'waiting' RETURNING id",
                now(), alert,
            )
        )  # fmt: skip

    @staticmethod
    async def take_back(alert: Id) -> None:
        """``give_away`` came to nothing: it waits again."""
        await execute("UPDATE alert SET state = 'waiting', sent_at = NULL WHERE id = {} AND state = 'sent'", alert)

    @staticmethod
    async def later(alert: Id, at: datetime) -> None:
        """Try it again then."""
        await execute("UPDATE alert SET due_at = {} WHERE id = {} AND state = 'waiting'", at, alert)

    @staticmethod
    async def give_back(alerts: Sequence[Id], at: datetime) -> None:
        """Claimed, and not tried: they are due then, as if nobody had claimed them."""
        if alerts:
            marks = ", ".join("{}" for _ in alerts)
            await execute(
                f"UPDATE alert SET due_at = {{}}, tries = tries - 1 WHERE state = 'waiting' AND id IN ({marks})",
                at, *alerts,
            )  # fmt: skip

    @staticmethod
    async def next_due() -> datetime | None:
        """When the next row is due; None when nothing waits."""
        rows = await query("SELECT min(due_at) AS at FROM alert WHERE state = 'waiting'")
        return moment_of(rows[0]["at"])

    @staticmethod
    async def stop(post: Id) -> int:
        """Send no more of what an urgent request had sent; how many that were."""
        rows = await execute(
            "UPDATE alert SET state = 'stopped' WHERE state = 'waiting' AND notice IN"
            " (SELECT id FROM notice WHERE post = {} AND what IN ('urgent', 'nobody')) RETURNING id",
            post,
        )
        return len(rows)

    @staticmethod
    async def resume(post: Id, *, vital: bool = False) -> None:
        """An urgent request is back on the board: send what was struck meanwhile, ``vital`` even by night."""
        await planning.resume(post, vital=vital)
        after_commit(ring)


async def _fold(people: list[str], post: Id) -> None:
    marks = ", ".join("{}" for _ in people)
    await execute(
        "UPDATE alert SET state = 'stopped' WHERE state = 'waiting' AND subscription IS NOT NULL AND notice IN"
        f" (SELECT id FROM notice WHERE post = {{}} AND person IN ({marks}))",
        post, *people,
    )  # fmt: skip


async def _spread(what: str, told: dict[str, Id], post: Id | None, vital: bool, until: datetime | None) -> None:
    news, at = NEWS[what], now()
    rows, waked = [], await woken(list(told), what, at) if vital else {}
    woke, alerted = set(), set()
    for row in await _devices(list(told)):
        choice, person = choice_of(row), str(row["member"])
        if row["subscription"] is None:
            planned = plan_mail(what, vital, choice, at)
        else:
            planned = plan(news.group, vital, choice, at, was_woken(waked.get(person, []), choice, at))
        if planned is None:
            continue
        due, wakes = planned
        if wakes:
            woke.add(told[person])
        if row["subscription"] is not None:
            alerted.add(person)
        # What waits for the morning is worth as long from then on.
        rows.append((uuid7(), told[person], row["subscription"], due, worth_until(what, due, until)))
    if post and alerted:
        await _fold(sorted(alerted), post)
    for start in range(0, len(rows), AT_ONCE):
        await _write(await _still_there(rows[start : start + AT_ONCE]))
    if woke:
        marks = ", ".join("{}" for _ in woke)
        await execute(f"UPDATE notice SET woke = {{}} WHERE id IN ({marks})", True, *woke)
    if rows:
        after_commit(ring)


async def _devices(people: list[str]) -> list[dict]:
    """Every device of these people, and one row without a device for each email address; with their choices."""
    marks = ", ".join("{}" for _ in people)
    return await query(
        f"SELECT s.member, s.id AS subscription, {COLUMNS} FROM subscription s"
        f" LEFT JOIN alert_choice c ON c.member = s.member WHERE s.member IN ({marks})"
        f" UNION ALL SELECT c.member, NULL, {COLUMNS} FROM alert_choice c"
        f" WHERE c.mail_confirmed_at IS NOT NULL AND c.member IN ({marks})",
        *people, *people,
    )  # fmt: skip


async def _still_there(rows: list[tuple]) -> list[tuple]:
    """Those of these rows whose device is there: somebody who signs out meanwhile must not make it all fail."""
    there = await Subscription.hold([row[2] for row in rows if row[2] is not None])
    return [row for row in rows if row[2] is None or str(row[2]) in there]


async def _write(rows: list[tuple]) -> None:
    """Rows of (id, notice, subscription, due_at, until); one that is there already stays."""
    if not rows:
        return
    values = ", ".join("({}, {}, {}, 'waiting', {}, {}, 0)" for _ in rows)
    await execute(
        "INSERT INTO alert (id, notice, subscription, state, due_at, until, tries)"
        f" VALUES {values} ON CONFLICT DO NOTHING",
        *(value for row in rows for value in row),
    )
