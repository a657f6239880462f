"""What an admin may count: requests and volunteers, never who asked.

Weeks begin on Monday at midnight in the quartier's own time. A request made of an offer had its
volunteer from the start and is counted nowhere.
"""

from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median

from server.base.columns import now
from server.base.settings import settings
from server.help.claim import Claim
from server.help.claim_steps import ACTIVE, DONE, DROPPED, LAPSED, RELEASED, RETURNED
from server.posts.post import Post

WEEKS = 12
RECENT = timedelta(days=90)
MOST = 50
# What became of a request, the best first. ``gone``: expired, hidden or withdrawn, and nobody had helped.
FATES = ("thanked", "done", "taken", "open", "gone")

_ASKED = " p.kind = 'help' AND p.offer IS NULL"
_SHOWN = " p.state = 'open' AND p.withdrawn_at IS NULL AND p.hidden_at IS NULL AND p.expires_at > {}"
_FATE = f"CASE WHEN p.state IN ('thanked', 'done', 'taken') THEN p.state WHEN{_SHOWN} THEN 'open' ELSE 'gone' END"
# A claim that was cancelled under way has the state of a proposal that came to nothing; but who
# has a request in hand has read its private part, and nobody else can.
_EVER_ACTIVE = "(c.state IN ('{}') OR (c.state = '{}' AND c.viewed_at IS NOT NULL))".format(
    "', '".join((ACTIVE, DONE, RETURNED, LAPSED, RELEASED)), DROPPED
)


@dataclass(frozen=True, slots=True)
class Week:
    """The requests of one week, by what became of them, and how long half of those waited at most."""

    monday: date
    fates: dict[str, int]
    wait: timedelta | None

    @property
    def total(self) -> int:
        """All requests of the week."""
        return sum(self.fates.values())


@dataclass(frozen=True, slots=True)
class Need:
    """One need: requests open now, and those of the last 90 days that ended without anybody coming."""

    need: str
    open: int
    alone: int


@dataclass(frozen=True, slots=True)
class Returns:
    """One volunteer: requests handed back in the last 90 days, and how many after reading the private part."""

    name: str
    times: int
    read: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everything on the page. ``wait`` is the median of all weeks, None when nobody came yet."""

    weeks: list[Week]
    wait: timedelta | None
    needs: list[Need]
    returns: list[Returns]


async def numbers() -> Numbers:
    """The figures of now. Weeks start with the first that has a request, twelve at most."""
    mondays = last_mondays()
    fates = await _fates(mondays)
    waits = await _waits(mondays)
    first = min(fates, default=len(mondays))
    weeks = [Week(mondays[n], fates[n], median(waits[n]) if n in waits else None) for n in range(first, len(mondays))]
    every = [wait for of_week in waits.values() for wait in of_week]
    return Numbers(weeks, median(every) if every else None, await _needs(), await _returns())


def last_mondays() -> list[date]:
    """The Mondays of the last twelve weeks, this week's last."""
    today = now().astimezone(settings.zone).date()
    this = today - timedelta(days=today.weekday())
    return [this - timedelta(weeks=n) for n in reversed(range(WEEKS))]


def _midnight(day: date) -> datetime:
    """When this day begins in the quartier, in UTC as it is stored: an hour more or less in summer."""
    return datetime.combine(day, time(), settings.zone).astimezone(UTC)


async def _fates(mondays: list[date]) -> dict[int, dict[str, int]]:
    """For each week (its place among the Mondays) how many requests met each fate; empty weeks between are there.

    A week that nobody asked in, before the first in which somebody did, is not.
    """
    whens = " ".join(f"WHEN p.created_at < {{}} THEN {n}" for n in range(len(mondays) - 1))
    starts = [_midnight(day) for day in mondays]
    rows = await Post.raw(
        f"SELECT CASE {whens} ELSE {len(mondays) - 1} END AS week, {_FATE} AS fate, count(*) AS n FROM post p"
        f" WHERE{_ASKED} AND p.created_at >= {{}} GROUP BY 1, 2",
        *starts[1:], now(), starts[0],
    )  # fmt: skip
    found: dict[int, dict[str, int]] = {}
    for week in range(min((row["week"] for row in rows), default=len(mondays)), len(mondays)):
        counts = {row["fate"]: row["n"] for row in rows if row["week"] == week}
        found[week] = {fate: counts[fate] for fate in FATES if fate in counts}
    return found


async def _waits(mondays: list[date]) -> dict[int, list[timedelta]]:
    """For each week how long each request that found somebody had waited for them."""
    starts = [_midnight(day) for day in mondays]
    rows = await Post.raw(
        f"SELECT p.created_at AS asked, (SELECT min(c.at) FROM claim c WHERE c.post = p.id AND {_EVER_ACTIVE}) AS found"
        f" FROM post p WHERE{_ASKED} AND p.created_at >= {{}}",
        starts[0],
    )
    found = defaultdict(list)
    for row in rows:
        if row["found"] is None:
            continue
        asked = _moment(row["asked"])
        found[bisect(starts, asked) - 1].append(_moment(row["found"]) - asked)
    return found


def _moment(value: str | datetime) -> datetime:
    """SQLite forgets that the least of moments is one."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


async def _needs() -> list[Need]:
    """Needs that wait or found nobody, the loneliest first."""
    waiting = await Post.raw(
        f"SELECT p.need, count(*) AS n FROM post p WHERE{_ASKED} AND{_SHOWN} GROUP BY p.need", now()
    )
    alone = await Post.raw(
        f"SELECT p.need, count(*) AS n FROM post p WHERE{_ASKED} AND p.created_at >= {{}} AND p.state = 'open'"
        " AND (p.withdrawn_at IS NOT NULL OR p.expires_at <= {})"
        f" AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.post = p.id AND {_EVER_ACTIVE}) GROUP BY p.need",
        now() - RECENT, now(),
    )  # fmt: skip
    open_now = {row["need"]: row["n"] for row in waiting}
    nobody = {row["need"]: row["n"] for row in alone}
    needs = [Need(need, open_now.get(need, 0), nobody.get(need, 0)) for need in {**open_now, **nobody}]
    return sorted(needs, key=lambda one: (-one.alone, -one.open, one.need))


async def _returns() -> list[Returns]:
    """Who handed requests back, the most often first."""
    rows = await Claim.raw(
        "SELECT m.name, count(*) AS times, count(c.viewed_at) AS viewed FROM claim c JOIN member m ON m.id = c.member"
        " WHERE c.state = {} AND c.ended_at >= {} GROUP BY m.id, m.name ORDER BY 2 DESC, 3 DESC, 1 LIMIT {}",
        RETURNED, now() - RECENT, MOST,
    )  # fmt: skip
    return [Returns(row["name"], row["times"], row["viewed"]) for row in rows]
