"""Ids that sort by the moment they were made (UUID version 7, RFC 9562 section 5.7)."""

import secrets
import time
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

_counter = count(secrets.randbelow(4096))
# The last moment an id was made of, in milliseconds: a clock that is set back does not make later ids smaller.
_last = 0


def uuid7(at: datetime | None = None) -> UUID:
    """A new id; ``at`` dates it in the past, for a demonstration or an import.

    48 bits of milliseconds, 12 bits of a counter (so that ids of one process made in the
    same millisecond differ and mostly sort), 62 random bits.
    """
    global _last
    if at:
        milliseconds = int(at.timestamp() * 1000)
    else:
        milliseconds = _last = max(_last, int(time.time() * 1000))
    sequence = next(_counter) & 0xFFF
    value = milliseconds << 80 | 0x7 << 76 | sequence << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)


def go_on_from(newest: str | UUID) -> None:
    """Make no id before this one."""
    global _last
    _last = max(_last, UUID(str(newest)).int >> 80)


def moment_of_id(one: str | UUID) -> datetime:
    """When an id was made, in UTC."""
    return datetime.fromtimestamp((UUID(str(one)).int >> 80) / 1000, UTC)


def first_of(at: datetime) -> str:
    """The smallest id that could have been made at this moment, to compare ids with a time."""
    return str(UUID(int=int(at.timestamp() * 1000) << 80))
