"""What may change under an open board: the clock, the data folder, the disk, the database."""

import contextlib
import errno
import logging
import os
import shutil
import socket
import sqlite3
import threading
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from server.base import faults, ids, watch
from server.base.columns import now
from server.base.database import ON_POSTGRES, execute
from server.base.engines import KeptSQLiteEngine
from server.base.faults import Trouble, tell, trouble_of
from server.base.ids import first_of, go_on_from, moment_of_id, uuid7
from server.base.watch import HOLD, LONG_AGO, Clock, doubtful
from server.help.private import PrivatePart
from server.help.request import ask_quietly
from server.posts.post import Post
from server.running import upkeep
from server.running.newest import newest_row
from tests.support.command_line import palier, refuses, running
from tests.support.makers import answers, found, neighbour, put_up, set_clock
from tests.support.people import everybody, words
from tests.support.ports import free_port

pytestmark = pytest.mark.long

AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
MINUTE, DAY, YEAR = timedelta(minutes=1), timedelta(days=1), timedelta(days=365)


@pytest.mark.parametrize("jump", [YEAR, -DAY, timedelta(minutes=11)])
def test_a_clock_that_jumps_is_not_believed_until_it_is_set_back_or_stays(jump):
    clock = Clock(AT, 0.0)
    assert clock.look(AT + MINUTE, 60.0)
    assert not clock.look(AT + 2 * MINUTE + jump, 120.0)
    assert not clock.look(AT + 3 * MINUTE + jump, 180.0)
    # Set right, everything goes on at once.
    assert clock.look(AT + 4 * MINUTE, 240.0)
    assert not clock.look(AT + 5 * MINUTE + jump, 300.0)
    later = 300.0 + HOLD.total_seconds()
    assert clock.look(AT + timedelta(seconds=later) + jump, later)
    assert clock.look(AT + timedelta(seconds=later + 60) + jump, later + 60)


def test_a_clock_that_is_corrected_bit_by_bit_and_a_night_asleep_are_no_jump():
    clock = Clock(AT, 0.0)
    assert clock.look(AT + 9 * MINUTE, 0.0)
    assert clock.look(AT + DAY, DAY.total_seconds())


def test_the_newest_rows_make_a_start_doubtful():
    assert not doubtful(AT, None)
    assert not doubtful(AT, AT - DAY) and not doubtful(AT, AT)
    assert doubtful(AT, AT + DAY) and doubtful(AT, AT - LONG_AGO - DAY)
    clock = Clock(AT, 0.0)
    clock.doubt()
    assert not clock.look(AT + MINUTE, 60.0)
    # Set right meanwhile, it is another clock that has to prove itself, for as long.
    assert not clock.look(AT + YEAR, 120.0)
    assert clock.look(AT + YEAR + HOLD, 120.0 + HOLD.total_seconds())


@pytest.fixture
def watched():
    """As between the opening and the closing of a board."""
    watch.begin(now(), None)
    yield
    watch.end()


async def test_a_year_ahead_for_a_round_erases_nothing_and_says_so(monkeypatch, caplog, watched):
    await found()
    odette = await neighbour()
    post = await ask_quietly(
        odette.id, odette.street, answers("help"), {"address": "12 rue des Lilas", "list": "du pain"}
    )
    await execute("UPDATE post SET state = 'done', done_at = {} WHERE id = {}", now(), post)
    tip = await put_up(odette, "tip")
    faults._told.clear()
    set_clock(monkeypatch, now() + YEAR)
    await upkeep.once()
    await upkeep.once()
    assert await PrivatePart.of(post) is not None and (await Post.load(tip))["listed"]
    assert caplog.text.count("the clock of this machine has jumped") == 1
    # What it would have done, had nobody looked.
    watch.end()
    await upkeep.once()
    assert await PrivatePart.of(post) is None and not (await Post.load(tip))["listed"]


async def test_ids_never_go_back(monkeypatch):
    odette = await neighbour()
    post = await put_up(odette)
    newest = await newest_row()
    assert newest == str(post) and abs(moment_of_id(newest) - datetime.now(UTC)) < MINUTE
    monkeypatch.setattr(ids.time, "time", lambda: (datetime.now(UTC) - DAY).timestamp())
    assert str(uuid7()) > first_of(moment_of_id(newest))
    # A new process, in which nothing was made yet.
    monkeypatch.setattr(ids, "_last", 0)
    assert str(uuid7()) < newest
    go_on_from(newest)
    made = [str(uuid7()) for _ in range(3)]
    assert all(one >= first_of(moment_of_id(newest)) for one in made)
    # What is dated on purpose still is.
    assert moment_of_id(uuid7(AT)) == AT


def test_which_trouble_it_is(monkeypatch):
    full, failing = sqlite3.OperationalError("database or disk is full"), sqlite3.OperationalError("disk I/O error")
    assert trouble_of(full) is Trouble.FULL and trouble_of(OSError(errno.ENOSPC, "")) is Trouble.FULL
    assert trouble_of(failing) is Trouble.FAILING and trouble_of(OSError(errno.EIO, "")) is Trouble.FAILING
    # Without room SQLite says the same of the file beside its log.
    monkeypatch.setattr(faults, "_room", lambda: 0)
    assert trouble_of(failing) is Trouble.FULL
    assert trouble_of(asyncpg.DiskFullError("")) is Trouble.FULL
    assert trouble_of(ExceptionGroup("upkeep", [full, full])) is Trouble.FULL
    assert trouble_of(ExceptionGroup("upkeep", [full, ValueError()])) is None
    assert trouble_of(ValueError()) is None and trouble_of(sqlite3.OperationalError("no such table")) is None
    away = Trouble.AWAY if ON_POSTGRES else None
    for error in (ConnectionRefusedError(), asyncpg.ConnectionDoesNotExistError(""), asyncpg.AdminShutdownError("")):
        assert trouble_of(error) is away
    assert trouble_of(asyncpg.InterfaceError("cannot use Connection: another operation is in progress")) is None


def test_trouble_is_told_once_a_minute(caplog, monkeypatch):
    faults._told.clear()
    at = 1000.0
    monkeypatch.setattr(faults.time, "monotonic", lambda: at)
    with caplog.at_level(logging.ERROR):
        for _ in range(100):
            tell(Trouble.FULL)
        tell(Trouble.FAILING)
        at += 61
        tell(Trouble.FULL)
    assert [record.getMessage().split()[0] for record in caplog.records] == ["there", "this", "there"]


async def test_a_failing_disk_is_not_told_as_a_full_one(monkeypatch):
    people = await everybody()
    post = await put_up(people.members["odette"])

    async def fails(*arguments, **options):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("server.people.session.execute", fails)
    monkeypatch.setattr("server.people.member.execute", fails)
    monkeypatch.setattr("server.posts.reaction.execute", fails)
    # Reading goes on.
    assert (await people.karim.get(f"/avis/{post}")).status_code == 200
    refused = await people.karim.post(f"/avis/{post}/merci")
    assert refused.status_code == 500 and "Le disque du tableau ne va pas bien" in words(refused)


async def test_without_its_folder_nothing_is_acknowledged(monkeypatch):
    people = await everybody()
    post = await put_up(people.members["odette"])
    monkeypatch.setattr(watch, "_there", False)
    assert (await people.karim.get(f"/avis/{post}")).status_code == 200
    refused = await people.karim.post(f"/avis/{post}/merci")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert "Le tableau ne retrouve plus ses affaires" in words(refused)
    assert (await Post.load(post))["thanks"] == 0


@pytest.mark.parametrize("turn", ["removed", "replaced", "put back"])
async def test_a_folder_that_is_taken_away_is_noticed_within_a_round(monkeypatch, tmp_path, turn, caplog):
    data = tmp_path / "data"
    data.mkdir()
    (data / "key").write_text("clé")
    monkeypatch.setattr(watch, "settings", watch.settings.__class__(**{**vars(watch.settings), "data": data}))
    watch.begin(now(), None)
    faults._told.clear()
    try:
        await upkeep.once()
        assert watch.is_there()
        data.rename(tmp_path / "away")
        if turn == "replaced":
            shutil.copytree(tmp_path / "away", data)
        if turn == "put back":
            await upkeep.once()
            (tmp_path / "away").rename(data)
        await upkeep.once()
        assert watch.is_there() is (turn == "put back")
        assert caplog.text.count("the data folder was removed") == 1
    finally:
        watch.end()


async def test_the_log_of_sqlite_shrinks_again(tmp_path):
    engine = KeptSQLiteEngine(tmp_path / "large.sqlite")
    log = tmp_path / "large.sqlite-wal"
    try:
        connection = await engine.writer()
        await connection.execute_fetchall("CREATE TABLE t (x BLOB)")
        await connection.execute_fetchall("BEGIN")
        for _ in range(24):
            await connection.execute_fetchall("INSERT INTO t VALUES (randomblob(1000000))")
        await connection.execute_fetchall("COMMIT")
        assert log.stat().st_size > 20 << 20
        for _ in range(2):
            await connection.execute_fetchall("INSERT INTO t VALUES (1)")
        assert log.stat().st_size <= 8 << 20
    finally:
        await engine.close()


SERVER = os.environ.get("DATABASE_URL", "")


@pytest.mark.parametrize("address", [SERVER])
def test_a_second_server_on_one_folder(tmp_path, address):
    """Of SQLite it says so and stops; PostgreSQL is made for several."""
    with running("--data", tmp_path / "data", DATABASE_URL=address) as first:
        if not address:
            refuses(palier("run", "--data", tmp_path / "data", "--port", free_port()), "déjà ouvert")
        else:
            with running("--data", tmp_path / "data", DATABASE_URL=address) as second:
                assert second.status() == 200
        assert first.status() == 200
        # Commands beside it go on.
        assert palier("migrate", "--data", tmp_path / "data", DATABASE_URL=address).returncode == 0


class Cable:
    """What leads to PostgreSQL, and can be pulled out."""

    def __init__(self, address: str) -> None:
        self.to = urlsplit(address)
        self.port = free_port()
        self.ends: list[socket.socket] = []

    def plug(self) -> None:
        """Lead there from now on."""
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def pull(self) -> None:
        """Every connection ends, and no other begins."""
        for one in (self.listener, *self.ends):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self.ends.clear()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = listener.accept()
                there = socket.create_connection((self.to.hostname, self.to.port))
                self.ends += [here, there]
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while some := source.recv(65536):
                target.sendall(some)
            target.shutdown(socket.SHUT_RDWR)


def _ask(port: int) -> tuple[int, str | None, str]:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/bientot", timeout=20) as answer:
            return answer.status, answer.headers["Retry-After"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Retry-After"], error.read().decode()


def test_postgres_away_is_told_and_comes_back_by_itself(tmp_path):
    if not SERVER:
        assert trouble_of(ConnectionRefusedError()) is None
        return
    cable = Cable(SERVER)
    cable.plug()
    address = urlunsplit(cable.to._replace(netloc=f"{cable.to.username}@127.0.0.1:{cable.port}"))
    try:
        with running("--data", tmp_path / "data", DATABASE_URL=address) as server:
            assert _ask(server.port)[0] == 200
            cable.pull()
            answers = [_ask(server.port) for _ in range(12)]
            assert {(status, after) for status, after, _ in answers[2:]} == {(503, "10")}
            assert "Sa base se relance" in answers[-1][2]
            cable.plug()
            assert _ask(server.port)[0] == 200
            server.stop()
        assert "Traceback" not in server.said, server.said
        assert server.said.count("the database does not answer") == 1
    finally:
        cable.pull()
