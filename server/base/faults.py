"""What may be wrong with the machine under the board: no room, a disk that fails, a database that does not answer.

Each is told once a minute in the log, however many requests meet it.
"""

import errno
import logging
import os
import sqlite3
import time
from enum import StrEnum

import asyncpg

from server.base.database import ON_POSTGRES
from server.base.settings import settings

# Bytes. SQLite also calls it an I/O error when the file beside its log finds no room.
LITTLE = 4 << 20
EVERY = 60.0

log = logging.getLogger("palier")


class Trouble(StrEnum):
    """Which."""

    FULL = "there is no room left to write on this disk"
    FAILING = "this disk does not read or write any more (I/O error): save what it holds, replace it"
    AWAY = "the database does not answer"
    MISPLACED = "the data folder was removed or replaced while the board is open: put it back, or restart Palier"
    CLOCK = "the clock of this machine has jumped: nothing is erased until it is right again (or Palier restarted)"


_GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    ConnectionError,
    TimeoutError,
)
_told: dict[Trouble, float] = {}


def trouble_of(error: BaseException) -> Trouble | None:
    """What is wrong when this was raised; None when it is something else. Of a group, what all of it means."""
    if isinstance(error, BaseExceptionGroup):
        found = {trouble_of(one) for one in error.exceptions}
        return found.pop() if len(found) == 1 else None
    number = getattr(error, "errno", None)
    if isinstance(error, asyncpg.DiskFullError) or number in (errno.ENOSPC, errno.EDQUOT):
        return Trouble.FULL
    if isinstance(error, sqlite3.OperationalError):
        if "disk is full" in str(error):
            return Trouble.FULL
        if "disk I/O error" in str(error):
            return Trouble.FULL if _room() < LITTLE else Trouble.FAILING
        return None
    if isinstance(error, asyncpg.PostgresIOError) or number == errno.EIO:
        return Trouble.FAILING
    return Trouble.AWAY if ON_POSTGRES and _is_away(error) else None


def _is_away(error: BaseException) -> bool:
    # Two words of asyncpg for a connection that broke are also its words for faults of ours.
    lost = isinstance(error, (asyncpg.InterfaceError, asyncpg.InternalClientError)) and "connection" in str(error)
    return isinstance(error, _GONE) or (lost and ("closed" in str(error) or "lost" in str(error)))


def tell(trouble: Trouble) -> None:
    """One line in the log, unless this process wrote it within the minute."""
    last = _told.get(trouble)
    if last is None or time.monotonic() - last >= EVERY:
        _told[trouble] = time.monotonic()
        log.error("%s", trouble.value)


def _room() -> int:
    try:
        disk = os.statvfs(settings.data)
    except OSError:
        return LITTLE
    return disk.f_bavail * disk.f_frsize
