"""Ids that sort by the moment they were made (UUID version 7, RFC 9562 section 5.7)."""

import secrets
import time
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

SEQUENCES = 1 << 12
# What distinguishes ids that are dated.
_counter = count(secrets.randbelow(SEQUENCES))
# The last moment an id was made of, in milliseconds, and its number in it: a clock that is set back does not make
# later ids smaller.
_last, _sequence = 0, 0


def uuid7(at: datetime | None = None) -> UUID:
    """A new id, greater than every one made before it in this process; ``at`` dates it in the past, for a
    demonstration or an import, and then it sorts by that moment.

    48 bits of milliseconds, 12 bits of a counter, 62 random bits. The counter begins anew, at random in its lower
    half, with each millisecond, and one that is full borrows the next (RFC 9562, section 6.2, method 1).
    """
    global _last, _sequence
    if at:
        return _made_of(int(at.timestamp() * 1000), next(_counter) % SEQUENCES)
    now = int(time.time() * 1000)
    if now <= _last and _sequence + 1 < SEQUENCES:
        _sequence += 1
    else:
        _last, _sequence = max(now, _last + 1), secrets.randbelow(SEQUENCES // 2)
    return _made_of(_last, _sequence)


def _made_of(milliseconds: int, sequence: int) -> UUID:
    return UUID(int=milliseconds << 80 | 0x7 << 76 | sequence << 64 | 0b10 << 62 | secrets.randbits(62))


def go_on_from(newest: str | UUID) -> None:
    """Make no id before this one."""
    global _last, _sequence
    if (moment := UUID(str(newest)).int >> 80) >= _last:
        _last, _sequence = moment, SEQUENCES - 1


def moment_of_id(one: str | UUID) -> datetime:
    """When an id was made, in UTC."""
    return datetime.fromtimestamp((UUID(str(one)).int >> 80) / 1000, UTC)


def first_of(at: datetime) -> str:
    """The smallest id that could have been made at this moment, to compare ids with a time."""
    return str(UUID(int=int(at.timestamp() * 1000) << 80))
