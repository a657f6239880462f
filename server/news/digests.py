"""Digests: what is new on the board since the last one, once a day or a week, at the end of one's quiet hours.

They go through the same ledger as alerts. A period has a name (``day:2026-11-25``, ``week:2026-W48``), so
that its digest is told once, by whichever process and however late; when there is nothing new, never.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID as Id

from server.base.columns import moment_of, now
from server.base.database import query, transaction
from server.base.quiet_hours import Quiet
from server.base.settings import settings
from server.news.alert_choice import COLUMNS, DAY, WEEK, choice_of
from server.news.news import DAILY, NOT_IN_BELL
from server.news.planning import DIGESTS
from server.news.told import Notice

PERIODS = ("digest", "weekly")
# A digest reaches no further back, whatever one was not told.
LONGEST = timedelta(days=14)
MONDAY = 0
# As many as anybody reads; the board has the rest.
MOST_POSTS, MOST_NEWS = 60, 20

# What everybody sees on the board and can still do something about: requests that somebody has taken are not.
_SHOWN = "p.listed AND p.expires_at > {} AND (p.state IS NULL OR p.state = 'open')"
_BELL = f"n.seen_at IS NULL AND n.what NOT IN {NOT_IN_BELL}"


@dataclass(frozen=True, slots=True)
class Content:
    """What a digest says: requests that wait for somebody, other new posts, lines of the bell, of a span of time.

    ``found``: how many requests found somebody meanwhile. ``new``: how much of all this is new.
    """

    since: datetime
    until: datetime
    waiting: list[dict]
    posts: list[dict]
    news: list[dict]
    found: int
    new: int


@dataclass(frozen=True, slots=True)
class _Due:
    person: str
    what: str
    cause: str
    at: datetime


async def write_due() -> int:
    """Write the digests whose hour has come; how many. Twice, in two processes or late, writes nothing more.

    Only what was new at that hour counts, so that a morning with nothing stays without a digest all day.
    """
    at = now()
    due = [one for row in await _readers() for one in _periods(row, at)]
    last = await _last([one.person for one in due])
    due = [one for one in due if last.get((one.person, one.what), one.at - LONGEST) < one.at]
    since = {one: _since(last.get((one.person, one.what)), one.cause, one.at) for one in due}
    new = await _new_to(due, min(since.values(), default=at))
    people: dict[tuple[str, str], list[Id]] = defaultdict(list)
    for one in due:
        if any(since[one] < moment <= one.at for moment in new[one.person]):
            people[one.what, one.cause].append(Id(one.person))
    written = 0
    for (what, cause), persons in people.items():
        async with transaction():
            written += len(await Notice.tell_many(persons, what, None, None, cause))
    return written


async def content(person: Id, once: str, told_at: datetime) -> Content:
    """What a digest says to this person, as the board is now. ``once``: the key of its notice, told at that moment."""
    what, cause = once.split(":", 1)[0], ":".join(once.split(":")[1:3])
    before = await query(
        "SELECT max(at) AS at FROM notice WHERE person = {} AND what = {} AND at < {}", person, what, told_at
    )
    since = _since(moment_of(before[0]["at"]), cause, told_at)
    rows = await query(
        "SELECT p.id, p.kind, p.title, p.body, p.place, p.need, p.urgency, p.due_at, p.starts_at, p.created_at,"
        " p.state, p.on_behalf, m.name AS author_name FROM post p JOIN member m ON m.id = p.author"
        f" WHERE {_SHOWN} AND p.author <> {{}} AND p.created_at <= {{}} AND (p.created_at > {{}} OR p.state = 'open')"
        " ORDER BY p.rank DESC, p.id DESC LIMIT {}",
        now(), person, told_at, since, MOST_POSTS,
    )  # fmt: skip
    news = await query(
        "SELECT n.what, n.at, p.title, p.body, m.name AS who_name FROM notice n"
        " LEFT JOIN post p ON p.id = n.post LEFT JOIN member m ON m.id = n.who"
        f" WHERE n.person = {{}} AND {_BELL} AND n.at > {{}} AND n.at <= {{}} ORDER BY n.id DESC LIMIT {{}}",
        person, since, told_at, MOST_NEWS,
    )  # fmt: skip
    found = await query(
        "SELECT count(*) AS n FROM post WHERE taken_at > {} AND taken_at <= {} AND offer IS NULL"
        " AND state IN ('taken', 'done', 'thanked')",
        since, told_at,
    )  # fmt: skip
    waiting = [row for row in rows if row["state"] == "open"]
    posts = [row for row in rows if row["state"] != "open"]
    new = len(news) + sum(row["created_at"] > since for row in rows)
    return Content(since, told_at, waiting, posts, news, found[0]["n"], new)


async def _readers() -> list[dict]:
    """The choices of those who want a digest and can be reached by it."""
    mail = "(c.mail_digest IN ({}, {}) AND c.mail_confirmed_at IS NOT NULL)" if settings.smtp else "{} = {}"
    return await query(
        f"SELECT c.member, c.changed_at, {COLUMNS},"
        " EXISTS (SELECT 1 FROM subscription s WHERE s.member = c.member) AS device"
        f" FROM alert_choice c WHERE c.what = {{}} OR {mail}",
        DAILY, DAY, WEEK,
    )  # fmt: skip


def _periods(row: Mapping[str, Any], at: datetime) -> list[_Due]:
    """The last period of each digest of this person, unless they chose it after its hour."""
    choice, person = choice_of(row), str(row["member"])
    kinds = {what for what, often in DIGESTS.items() if settings.smtp and choice.mail and often == choice.mail_digest}
    if choice.what == DAILY and row["device"]:
        kinds.add("digest")
    due = [_due(person, what, choice.quiet, at) for what in sorted(kinds)]
    return [one for one in due if one.at > moment_of(row["changed_at"])]


def _due(person: str, what: str, quiet: Quiet, at: datetime) -> _Due:
    hour = quiet.last_end(at, MONDAY if what == "weekly" else None)
    cause = f"{hour:week:%G-W%V}" if what == "weekly" else f"{hour:day:%Y-%m-%d}"
    return _Due(person, what, cause, hour.astimezone(UTC))


async def _last(people: list[str]) -> dict[tuple[str, str], datetime]:
    """When each of these people was last told each kind of digest."""
    if not people:
        return {}
    marks = ", ".join("{}" for _ in people)
    rows = await query(
        f"SELECT person, what, max(at) AS at FROM notice WHERE what IN {PERIODS} AND person IN ({marks})"
        " GROUP BY person, what",
        *people,
    )
    return {(str(row["person"]), row["what"]): moment_of(row["at"]) for row in rows}


def _since(last: datetime | None, cause: str, at: datetime) -> datetime:
    """Where a digest begins: at the one before it, else at the midnight that opens the day or week before."""
    if last is None:
        often, name = cause.split(":")
        if often == "day":
            day = date.fromisoformat(name) - timedelta(days=1)
        else:
            year, week = map(int, name.split("-W"))
            day = date.fromisocalendar(year, week, 1) - timedelta(days=7)
        last = datetime.combine(day, time(), settings.zone).astimezone(UTC)
    return max(last, at - LONGEST)


async def _new_to(due: list[_Due], since: datetime) -> dict[str, list[datetime]]:
    """For each of these people, the moments since then at which something came that is new to them."""
    if not due:
        return {}
    people = list(dict.fromkeys(one.person for one in due))
    marks = ", ".join("{}" for _ in people)
    news = await query(
        f"SELECT n.person, n.at FROM notice n WHERE {_BELL} AND n.at > {{}} AND n.person IN ({marks})", since, *people
    )
    posts = await query(
        f"SELECT p.author, p.created_at FROM post p WHERE {_SHOWN} AND p.created_at > {{}}", now(), since
    )
    new = {person: [moment_of(p["created_at"]) for p in posts if str(p["author"]) != person] for person in people}
    for row in news:
        new[str(row["person"])].append(moment_of(row["at"]))
    return new
