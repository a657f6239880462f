"""After a crash the last posts lie in SQLite's log only: it is taken for its database's own exactly when it is.

Of SQLite, whatever this session's engine.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from server.base import wal
from tests.support.command_line import palier, refuses, running
from tests.support.ports import free_port

pytestmark = [pytest.mark.one_engine, pytest.mark.long]

WRITER = """
import os, sqlite3, sys
board = sqlite3.connect(sys.argv[1], isolation_level=None)
board.execute("PRAGMA journal_mode = WAL")
board.execute("PRAGMA wal_autocheckpoint = 0")
for at in range(int(sys.argv[2])):
    board.execute("INSERT INTO receipt_of_test (words) VALUES (?)", (f"{at} " + "x" * 500,))
os._exit(9)
"""


def write(file: Path, rows: int) -> None:
    """Write rows that stay in the log, and die; nothing is folded back.

    Whatever is done next is later than the log by the file system's clock, which goes in steps of some milliseconds.
    """
    died = subprocess.run([sys.executable, "-c", WRITER, str(file), str(rows)], timeout=60)
    assert died.returncode == 9
    written, now = file.with_name(f"{file.name}-wal").stat().st_ctime_ns, file.with_name("now")
    while not now.exists() or now.stat().st_ctime_ns <= written:
        now.write_text("")
        time.sleep(0.001)
    now.unlink()


def rows_of(file: Path) -> int:
    """How many rows there are."""
    board = sqlite3.connect(file)
    try:
        return board.execute("SELECT count(*) FROM receipt_of_test").fetchone()[0]
    finally:
        board.close()


def link(data: Path) -> None:
    """A backup by another name of the same file."""
    os.link(data / "palier.sqlite", data / ".copie.sqlite")


def move(data: Path) -> None:
    """The whole folder copied elsewhere, file by file, the database last, times as they come."""
    elsewhere = data.with_name("elsewhere")
    elsewhere.mkdir(0o700)
    for file in sorted(data.iterdir(), key=lambda file: file.name == "palier.sqlite"):
        if file.is_file():
            shutil.copyfile(file, elsewhere / file.name)
    data.rename(data.with_name("before"))
    elsewhere.rename(data)


TOUCHED: dict[str, Callable[[Path], object]] = {
    "chmod": lambda data: (data / "palier.sqlite").chmod(0o640),
    "chown": lambda data: os.chown(data / "palier.sqlite", -1, os.getegid()),
    "link": link,
    "moved": move,
    "nothing": lambda data: None,
}


@pytest.mark.parametrize("how", TOUCHED)
def test_a_sound_board_opens_after_a_crash_whatever_touched_its_names(tmp_path, how):
    """Before: refused as « remplacée à la main », with the advice to restore, which would have lost the last posts."""
    data = tmp_path / "data"
    with running("--data", data) as server:
        assert server.status() == 200
        # Ours is the last connection that closes, and it does not.
        board = sqlite3.connect(data / "palier.sqlite")
        board.execute("CREATE TABLE receipt_of_test (words TEXT)")
        board.commit()
        board.close()
        write(data / "palier.sqlite", 50)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(10)
        server.process.communicate()
    assert (data / "palier.sqlite-wal").stat().st_size > 50 * 500
    TOUCHED[how](data)
    with running("--data", data) as again:
        assert again.status() == 200, again.said
        again.stop()
    assert rows_of(data / "palier.sqlite") == 50


@pytest.mark.parametrize("way", ["written over", "renamed", "copied with its times"])
@pytest.mark.parametrize("noted", [True, False])
def test_a_log_of_another_database_is_refused_however_it_came(tmp_path, way, noted):
    data = tmp_path / "data"
    assert palier("migrate", "--data", data).returncode == 0
    file = data / "palier.sqlite"
    board = sqlite3.connect(file)
    board.execute("CREATE TABLE receipt_of_test (words TEXT)")
    board.commit()
    board.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    board.close()
    old = tmp_path / "old.sqlite"
    shutil.copy2(file, old)
    write(file, 200)
    # Folded back and gone on with: the old one lacks what the log builds upon.
    board = sqlite3.connect(file)
    board.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    board.close()
    write(file, 40)
    served = wal.marks_of(file) if noted else ""
    assert wal.belongs(file, served)
    if way == "written over":
        file.write_bytes(old.read_bytes())
    elif way == "renamed":
        old.rename(file)
    else:
        shutil.copy2(old, file)
        # Changed after the log, although its bytes say an earlier time.
        file.chmod(0o600)
    assert not wal.belongs(file, served)
    (data / ".open").write_text(served)
    refuses(palier("run", "--data", data, "--port", free_port()), "ne va pas avec la base")
    assert not list(data.glob(".essai-*"))


def test_a_log_that_cannot_be_tried_for_want_of_room_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "one.sqlite"
    board = sqlite3.connect(file)
    board.execute("CREATE TABLE receipt_of_test (words TEXT)")
    board.commit()
    board.close()
    write(file, 5)
    file.chmod(0o600)
    assert wal.belongs(file)

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    assert not wal.belongs(file) and wal.belongs(file, wal.marks_of(file))
