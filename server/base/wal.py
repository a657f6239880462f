"""Whether the log that lies beside SQLite's file was written for this file (https://sqlite.org/walformat.html).

SQLite would take it for its own and play it into another database: mostly that is damaged then, and now and then it
opens as something that never was. Call it before any connection of this process to the file.
"""

import shutil
import sqlite3
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

HEADER, FRAME = 32, 24
MAGIC = (0x377F0682, 0x377F0683)


def marks_of(file: Path) -> str:
    """Which log and which file these are on this machine, and since when, for ``belongs`` after a crash."""
    try:
        return f"{_mark(_log_of(file))} {_mark(file)} {file.stat().st_mtime_ns}"
    except FileNotFoundError:
        return ""


def belongs(file: Path, served: str = "") -> bool:
    """False when the file was replaced after its log was last written. ``served``: ``marks_of`` what was served last.

    They belong together when nothing touched the file since, or when it holds pages of the log, as whoever folds the
    log back changes the file last too. Else a log that is still where it was served tells: its file is the one that
    was served, and no byte of it was written since; another owner, other rights or one more name change no byte.
    A log that came here with its file, or that nobody noted, is tried with it on a copy.
    """
    log = _log_of(file)
    try:
        of_file, of_log = file.stat(), log.stat()
        if of_log.st_size <= HEADER or of_file.st_ctime_ns <= of_log.st_ctime_ns or _holds_some(file, log):
            return True
        untouched = of_file.st_mtime_ns <= of_log.st_mtime_ns
        was_log, was_file, since = (served.split() + [""] * 3)[:3]
        if was_log == _mark(log):
            # An old copy that was written over the file with its own times is older than what was served.
            newer = since.isdecimal() and of_file.st_mtime_ns >= int(since)
            return untouched and was_file == _mark(file) and (newer or _whole_together(file, log))
        return (untouched or bool(was_log)) and _whole_together(file, log)
    except FileNotFoundError:
        return True


def _log_of(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def _mark(file: Path) -> str:
    try:
        state = file.stat()
    except FileNotFoundError:
        # No log yet.
        return "-"
    return f"{state.st_dev}:{state.st_ino}"


def _holds_some(file: Path, log: Path) -> bool:
    """Whether pages of the log are in the file, the first ones at least; also when it has none."""
    seen = False
    with file.open("rb") as pages, log.open("rb") as frames:
        for size, number, page in _pages(frames):
            seen = True
            pages.seek((number - 1) * size)
            if pages.read(size) == page:
                return True
    return not seen


def _whole_together(file: Path, log: Path) -> bool:
    """Whether SQLite finds no fault when it plays the log into a copy of the file. False, too, without room for one."""
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".essai-") as folder:
            copy = Path(folder) / file.name
            shutil.copyfile(file, copy)
            shutil.copyfile(log, copy.with_name(log.name))
            connection = sqlite3.connect(copy)
            try:
                # The long check: it also compares each index with its table, where half of two databases shows.
                faults = connection.execute("PRAGMA integrity_check(1)").fetchall()
                strays = connection.execute("PRAGMA foreign_key_check").fetchall()
            finally:
                connection.close()
    except (sqlite3.Error, OSError):
        return False
    return faults == [("ok",)] and not strays


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
