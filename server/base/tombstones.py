"""What a backup must not bring back: erasures and revocations, noted outside the database, append-only.

One keyed digest a line (``keys.blind``), so that the file ``gone`` of the data folder tells nobody anything. A
restore asks of each row that came back whether its digest is there. 10,000 lines are 0.65 MB.
"""

import logging
import os
import re
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from server.base.database import after_commit
from server.base.keys import blind
from server.base.settings import settings

NAME = "gone"
# For good: a member who left, the private part of a request, a closed device, a card or key that opens no more, an
# invitation that is over, a photo taken down, words withdrawn from a playlist.
FOR_GOOD = ("member", "private", "session", "key", "invitation", "photo", "track")
# What the last line decides: a role, what is hidden or shown, withdrawn or put back.
_LINE = re.compile(rb"^([0-9a-f]{64})$", re.MULTILINE)

log = logging.getLogger("palier")
_waiting: list[str] = []


def note(what: str, *rows: Any) -> None:
    """Note this of these rows once the caller's transaction is stored; at once when there is none."""
    lines = [line_of(what, row) for row in rows]
    if lines:
        after_commit(partial(_append, lines))


def line_of(what: str, row: Any) -> str:
    """The digest of one row; ``what`` names what became of it (a word of ``FOR_GOOD``, or ``role:admin`` and such)."""
    return blind("gone", f"{what}:{row}")


def path() -> Path:
    """Where they are."""
    return settings.data / NAME


def read(file: Path | None = None) -> list[str]:
    """Every digest in the order they came; a line that a crash cut short is none."""
    try:
        return parse((file or path()).read_bytes())
    except FileNotFoundError:
        return []


def parse(text: bytes) -> list[str]:
    """The digests of such a file."""
    return [line.decode() for line in _LINE.findall(text)]


def flush() -> None:
    """Try again what found no room."""
    if _waiting:
        _append([])


def later(kept: Sequence[str], present: Sequence[str]) -> list[str]:
    """What the present list says beyond the one that a backup kept."""
    if list(present[: len(kept)]) == list(kept):
        return list(present[len(kept) :])
    known = set(kept)
    return [line for line in present if line not in known]


def append(lines: Iterable[str]) -> None:
    """Add these lines to the file. OSError when that cannot be."""
    # A line of its own, whatever a power cut left of the one before.
    text = "".join(f"\n{line}" for line in lines).encode() + b"\n"
    descriptor = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if os.write(descriptor, text) != len(text):
            raise OSError("written in part only")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _append(lines: list[str]) -> None:
    """What is done is done: without room it is kept in mind, and written by the next one or the next round."""
    _waiting.extend(lines)
    try:
        append(_waiting)
    except OSError as error:
        log.error("what was erased could not be noted yet (%s), will try again", error)
    else:
        _waiting.clear()
