"""When each person is to be alerted of what: now, through their quiet hours, in the morning, or not at all."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID as Id

from server.base.bell import ring
from server.base.columns import moment_of, now
from server.base.database import after_commit, execute, query, transaction
from server.base.quiet_hours import Quiet
from server.news.alert_choice import COLUMNS, DAY, WEEK, AlertChoice, Choice, choice_of
from server.news.news import ALERTED, DIGEST, DUTY, NEWS, NOT_IN_BELL, TRIAL, URGENT

# Which digest by email is whose.
DIGESTS = {"digest": DAY, "weekly": WEEK}
# How often a night somebody may be woken for what is vital.
WAKES = 1
# An alert is worth something a little beyond the hour that was asked for, or beyond the morning it waited for.
AFTER = timedelta(hours=1)


def plan(group: str, vital: bool, choice: Choice, at: datetime, woken: bool) -> tuple[datetime, bool] | None:
    """When to alert somebody with this choice, and whether it comes through their quiet hours; None: not at all.

    ``woken``: they were woken in this night already.
    """
    if group not in ALERTED[choice.what]:
        return None
    morning = choice.quiet.ends(at)
    if morning is None or group in (TRIAL, DIGEST):
        return at, False
    return (at, True) if vital and not woken else (morning, False)


def plan_mail(what: str, vital: bool, choice: Choice, at: datetime) -> tuple[datetime, bool] | None:
    """The same for email, which is chosen apart from what one's devices say, and wakes nobody."""
    if not mails(what, choice):
        return None
    return (at if vital or what in DIGESTS else choice.quiet.ends(at) or at), False


def worth_until(what: str, due: datetime, until: datetime | None) -> datetime:
    """How long an alert is worth showing that goes at ``due``. An urgent need still waits, even if its hour is past."""
    if until is None:
        return due + NEWS[what].lasts
    return max(until, due + AFTER) if NEWS[what].group == URGENT else until


def mails(what: str, choice: Choice) -> bool:
    """Whether this goes by email: urgent needs to those who asked for them, and each digest to its readers.

    To those on duty also what is theirs to do about an urgent need: email may be all that reaches them.
    """
    if choice.mail is None:
        return False
    return choice.mail_urgent if NEWS[what].group in (URGENT, DUTY) else DIGESTS.get(what) == choice.mail_digest


async def woken(people: list[str], what: str, at: datetime) -> dict[str, list[datetime]]:
    """When these people were woken by such news in the last day, or are about to be.

    Of each news apart: an admin who was asked to come is still woken to call. What was struck before any
    device had it woke nobody.
    """
    marks = ", ".join("{}" for _ in people)
    rows = await query(
        f"SELECT n.person, n.at FROM notice n WHERE n.woke AND n.what = {{}} AND n.at > {{}} AND n.person IN ({marks})"
        " AND (n.alerted_at IS NOT NULL OR EXISTS (SELECT 1 FROM alert a WHERE a.notice = n.id"
        " AND a.subscription IS NOT NULL AND a.state = 'waiting'))",
        what, at - timedelta(days=1), *people,
    )  # fmt: skip
    found: dict[str, list[datetime]] = {}
    for row in rows:
        found.setdefault(str(row["person"]), []).append(moment_of(row["at"]))
    return found


def was_woken(moments: list[datetime], choice: Choice, at: datetime) -> bool:
    """Whether one of these moments, or as many as it takes, lies in the night of this one."""
    began = choice.quiet.began(at)
    return began is not None and sum(one >= began for one in moments) >= WAKES


# Alerts with what their readers chose, and of these what is planned for later and was never tried.
_ALERTS = (
    f"SELECT a.id, a.notice, a.subscription, a.until, n.person, n.what, {COLUMNS} FROM alert a"
    " JOIN notice n ON n.id = a.notice LEFT JOIN alert_choice c ON c.member = n.person"
)
_UNTRIED, _STRUCK = "a.state = 'waiting' AND a.tries = 0", "a.state = 'stopped'"
_PLANNED = f"{_ALERTS} WHERE {_UNTRIED} AND a.due_at > {{}}"


async def hasten(post: Id, what: str) -> None:
    """This news of an urgent request became vital: what waits for the morning is due, to whom may still be woken.

    In the caller's transaction.
    """
    rows = await query(f"{_PLANNED} AND n.post = {{}} AND n.what = {{}}", now(), post, what)
    await _plan_anew(rows, what, _UNTRIED, vital=True)


async def resume(post: Id, *, vital: bool) -> None:
    """An urgent request is back on the board: what was struck meanwhile is planned anew, in the caller's transaction.

    Not what later news took the place of, nor for who gave the request back or was sent away.
    """
    rows = await query(
        f"{_ALERTS} WHERE {_STRUCK} AND a.until > {{}} AND n.post = {{}} AND n.what = 'urgent'"
        " AND n.seen_at IS NULL AND NOT EXISTS (SELECT 1 FROM alert b JOIN notice m ON m.id = b.notice"
        " WHERE m.post = n.post AND b.id > a.id AND (b.subscription = a.subscription"
        " OR (a.subscription IS NULL AND b.subscription IS NULL AND m.person = n.person)))"
        " AND NOT EXISTS (SELECT 1 FROM claim t WHERE t.post = n.post AND t.member = n.person"
        " AND t.state IN ('returned', 'lapsed', 'released', 'declined'))",
        now(), post,
    )  # fmt: skip
    await _plan_anew(rows, "urgent", _STRUCK, vital=vital)


async def _plan_anew(rows: list[dict], what: str, still: str, *, vital: bool) -> None:
    """These alerts of one news wait until they would be due if they were written now; what is wanted no more stays.

    ``still``: a sender may have come first (PostgreSQL), and what it has sent is not to be sent again.
    """
    at, group = now(), NEWS[what].group
    waked = await woken(sorted({str(row["person"]) for row in rows}), what, at) if rows else {}
    due, woke = defaultdict(list), set()
    for row in rows:
        choice = choice_of(row)
        if row["subscription"] is None:
            planned = plan_mail(what, vital, choice, at)
        else:
            planned = plan(group, vital, choice, at, was_woken(waked.get(str(row["person"]), []), choice, at))
        if planned is not None:
            due[planned[0]].append(row["id"])
            if planned[1]:
                woke.add(row["notice"])
    for moment, alerts in due.items():
        until = worth_until(what, moment, moment)
        marks = ", ".join("{}" for _ in alerts)
        await execute(
            "UPDATE alert AS a SET state = 'waiting', due_at = {}, until = CASE WHEN until < {} THEN {} ELSE until END"
            f" WHERE {still} AND a.id IN ({marks})",
            moment, until, until, *alerts,
        )  # fmt: skip
    if woke:
        marks = ", ".join("{}" for _ in woke)
        await execute(f"UPDATE notice SET woke = {{}} WHERE id IN ({marks})", True, *woke)


async def keep_choice(person: Id, what: str, quiet: Quiet, *by_mail: Any) -> bool:
    """Keep what one chose, and plan anew what waits for them; whether their address is to be confirmed.

    ``by_mail`` as ``AlertChoice.keep`` takes it.
    """
    async with transaction():
        unsure = await AlertChoice.keep(person, what, quiet, *by_mail)
        await replan(person)
        after_commit(ring)
    return unsure


async def replan(person: Id) -> None:
    """This person chose anew: what waits for their morning waits for the one they have now, or is not said at all.

    In the caller's transaction.
    """
    at = now()
    for row in await query(f"{_PLANNED} AND n.person = {{}} AND n.what NOT IN {NOT_IN_BELL}", at, person):
        what, choice = row["what"], choice_of(row)
        by_mail = row["subscription"] is None
        planned = plan_mail(what, False, choice, at) if by_mail else plan(NEWS[what].group, False, choice, at, False)
        if planned is None:
            await execute(f"UPDATE alert AS a SET state = 'stopped' WHERE {_UNTRIED} AND a.id = {{}}", row["id"])
        else:
            until = worth_until(what, planned[0], row["until"])
            await execute(
                f"UPDATE alert AS a SET due_at = {{}}, until = {{}} WHERE {_UNTRIED} AND a.id = {{}}",
                planned[0], until, row["id"],
            )  # fmt: skip
