"""Ids that sort by the moment they were made (UUID version 7, RFC 9562 section 5.7)."""

import secrets
import time
from datetime import datetime
from itertools import count
from uuid import UUID

_counter = count(secrets.randbelow(4096))


def uuid7(at: datetime | None = None) -> UUID:
    """A new id; ``at`` dates it in the past, for a demonstration or an import.

    48 bits of milliseconds, 12 bits of a counter (so that ids of one process made in the
    same millisecond differ and mostly sort), 62 random bits.
    """
    milliseconds = int((at.timestamp() if at else time.time()) * 1000)
    sequence = next(_counter) & 0xFFF
    value = milliseconds << 80 | 0x7 << 76 | sequence << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)


def first_of(at: datetime) -> str:
    """The smallest id that could have been made at this moment, to compare ids with a time."""
    return str(UUID(int=int(at.timestamp() * 1000) << 80))
