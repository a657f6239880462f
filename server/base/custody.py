"""What belongs to this database and lies outside it: marks of the keys, the restore epoch, runs of backup and drill."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID as Id

from piccolo.columns import Bytea, Integer, Varchar
from piccolo.table import Table

from server.base import keys, sealed
from server.base.columns import moment, now, row_id
from server.base.database import execute, read_now
from server.base.ids import uuid7

# There is one row.
ONE = Id(int=1)
CHECK = "custody"
BACKUP, DRILL = "backup", "drill"
# A backup that is older than this is worth a word.
LATE = timedelta(days=3)


class Custody(Table):
    """``key_mark`` and ``vapid_mark`` only these keys can make; ``sealed`` only ``data/seal`` opens.

    ``epoch`` grows with every restore: devices told of another one fetch their copies anew.
    """

    id = row_id()
    key_mark = Varchar(64)
    vapid_mark = Varchar(64)
    sealed = Bytea()
    epoch = Integer(default=0)
    restored_at = moment(null=True)

    @staticmethod
    async def row() -> dict[str, Any] | None:
        """The row, or None before the first start."""
        return await Custody.select().where(Custody.id == ONE).first()

    @staticmethod
    async def begin(vapid_mark: str) -> None:
        """Note the keys of now, once."""
        await execute(
            "INSERT INTO custody (id, key_mark, vapid_mark, sealed, epoch) VALUES ({}, {}, {}, {}, 0)"
            " ON CONFLICT (id) DO NOTHING",
            ONE, key_mark(), vapid_mark, sealed.seal(CHECK, ONE, "palier"),
        )  # fmt: skip

    @staticmethod
    async def anew() -> int:
        """A backup was restored; the new epoch."""
        # Above whatever any device has heard, even when this backup is of before an earlier restore.
        at = now()
        await execute(
            "UPDATE custody SET restored_at = {}, epoch = CASE WHEN epoch >= {} THEN epoch + 1 ELSE {} END",
            at, int(at.timestamp()), int(at.timestamp()),
        )  # fmt: skip
        return await epoch()


class SafetyRun(Table):
    """A backup or a drill: how long it took, how much it was, what went wrong if anything did.

    ``gone``: how many lines the list of erasures had, or how many of them a drill applied.
    """

    id = row_id()
    what = Varchar(6)
    at = moment()
    seconds = Integer(default=0)
    kilobytes = Integer(default=0)
    gone = Integer(default=0)
    fault = Varchar(200, null=True, default=None)

    @staticmethod
    async def note(what: str, at: datetime, *, kilobytes: int = 0, gone: int = 0, fault: str | None = None) -> Id:
        """Note a run that began then and ends now."""
        made, seconds = uuid7(), max(0, int((now() - at).total_seconds()))
        await SafetyRun.insert(
            SafetyRun(
                id=made, what=what, at=at, seconds=seconds, kilobytes=kilobytes, gone=gone,
                fault=fault and fault[:200],
            )
        )  # fmt: skip
        return made

    @staticmethod
    async def latest(what: str, most: int = 14) -> list[dict[str, Any]]:
        """The last runs, the newest first."""
        return (
            await SafetyRun.select().where(SafetyRun.what == what).order_by(SafetyRun.at, ascending=False).limit(most)
        )

    @staticmethod
    async def last_good(what: str) -> datetime | None:
        """When one last went well."""
        row = (
            await SafetyRun.select(SafetyRun.at)
            .where((SafetyRun.what == what) & SafetyRun.fault.is_null())
            .order_by(SafetyRun.at, ascending=False)
            .first()
        )
        return row["at"] if row else None


class MigrationSum(Table):
    """The SHA-256 of a migration's file as it was when it ran (see ``server.base.database.migrate``)."""

    id = row_id()
    name = Varchar(40, unique=True)
    sum = Varchar(64)


def key_mark() -> str:
    """What only ``data/key`` can compute."""
    return keys.blind(CHECK, "key")


async def epoch() -> int:
    """How often this board was restored, as a number that only grows."""
    rows = await read_now("SELECT epoch FROM custody LIMIT 1")
    return rows[0][0] if rows else 0


_known = 0


async def learn_epoch() -> None:
    """Keep the epoch in mind, for this process: a restore waits until nobody serves."""
    global _known
    _known = await epoch()


def known_epoch() -> int:
    """The epoch that this process learnt when it opened."""
    return _known


def opens(row: Mapping[str, Any]) -> bool:
    """Whether ``data/seal`` opens what this database had sealed."""
    try:
        return sealed.unseal(CHECK, ONE, row["sealed"]) == "palier"
    except sealed.Unreadable:
        return False
