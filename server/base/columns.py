"""Columns that every table shares."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from piccolo.columns import UUID, Timestamptz

from server.base.ids import uuid7


def now() -> datetime:
    """This moment, in UTC. Tests move it by replacing ``clock.now``."""
    return clock.now()


class Clock:
    """The clock of the house; one place, so that a test can move it."""

    @staticmethod
    def now() -> datetime:
        """The real time, in UTC."""
        return datetime.now(UTC)


clock = Clock()


def whole_minute(moment: datetime) -> datetime:
    """This moment, or the next whole minute: said as an hour, it is never too early."""
    begun = timedelta(seconds=moment.second, microseconds=moment.microsecond)
    return moment - begun + timedelta(minutes=1) if begun else moment


def row_id() -> UUID:
    """The primary key of every table: a UUIDv7 made by us, never reused."""
    return UUID(primary_key=True, default=uuid7)


def moment(**options) -> Timestamptz:
    """A moment in UTC; without ``null=True`` it is the moment the row is made."""
    default = None if options.get("null") else now
    return Timestamptz(default=default, **options)


async def each(rows: list[dict[str, Any]], work: Callable[[dict[str, Any]], Awaitable[Any]]) -> list[Any]:
    """Do this with each row, whatever becomes of the others. Raises ExceptionGroup at the end."""
    done, failures = [], []
    for row in rows:
        try:
            done.append(await work(row))
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup("rows", failures)
    return done


def moment_of(value: Any) -> datetime | None:
    """A moment as a query gives it: SQLite says it in text where it is not plainly a column."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value
