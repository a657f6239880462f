"""Whether the log that lies beside SQLite's file was written for this file (https://sqlite.org/walformat.html).

SQLite would take it for its own and play it into another database: mostly that is damaged then, and now and then it
opens as something that never was. Call it before any connection of this process to the file.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

HEADER, FRAME = 32, 24
MAGIC = (0x377F0682, 0x377F0683)


def belongs(file: Path) -> bool:
    """False when the file was replaced after its log was last written, and holds none of the pages that are in it.

    Whoever folds the log back changes the file last too; but then pages of the log are in it, the first ones at least.
    """
    log = file.with_name(f"{file.name}-wal")
    try:
        if log.stat().st_size <= HEADER or file.stat().st_ctime_ns <= log.stat().st_ctime_ns:
            return True
        with file.open("rb") as pages, log.open("rb") as frames:
            seen = False
            for size, number, page in _pages(frames):
                seen = True
                pages.seek((number - 1) * size)
                if pages.read(size) == page:
                    return True
            return not seen
    except FileNotFoundError:
        return True


def _pages(log: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
    """The pages of the present run of the log: size, number and content."""
    head = log.read(HEADER)
    magic, _version, size = struct.unpack(">III", head[:12])
    if magic not in MAGIC:
        return
    size = 65536 if size == 1 else size
    while len(frame := log.read(FRAME)) == FRAME:
        number, _commit = struct.unpack(">II", frame[:8])
        # Frames of an earlier run lie behind, with other salts.
        if frame[8:16] != head[16:24] or not number:
            return
        page = log.read(size)
        if len(page) == size:
            yield size, number, page
