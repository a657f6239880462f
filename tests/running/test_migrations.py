"""What ran stays as it was, and the board of every earlier schema opens as today's."""

import asyncio
import contextlib
import hashlib
import sqlite3
from pathlib import Path

import asyncpg
import pytest

from server.base.database import ChangedMigration, execute, migrate
from server.running.opening import COMMAND
from tests.schemas.make import KEY, SEAL
from tests.support.backup_place import SERVER, Place, place
from tests.support.ports import free_port

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
MIGRATIONS = sorted((ROOT / "migrations").glob("palier_*.py"))
SUMS = dict(reversed(line.split()) for line in (ROOT / "migrations" / "sums.txt").read_text().splitlines())
DUMPS = sorted((ROOT / "tests" / "schemas").glob("*.postgres.sql" if SERVER else "*.sqlite.sql"))


@pytest.mark.parametrize("file", MIGRATIONS, ids=lambda file: file.stem)
def test_a_committed_migration_never_changes(file):
    now = hashlib.sha256(file.read_bytes()).hexdigest()
    assert file.name in SUMS, f"a new one: add to migrations/sums.txt the line\n{now}  {file.name}"
    assert now == SUMS[file.name], "boards out there have run it as it was: write another one"


async def test_one_that_was_edited_after_it_ran_is_refused_by_name():
    await migrate()
    await execute("UPDATE migration_sum SET sum = {} WHERE name LIKE {}", "0" * 64, "%18:30%")
    with pytest.raises(ChangedMigration, match=r"palier_0003_help\.py"):
        await migrate()


async def _run(address: str, text: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(text)
    finally:
        await connection.close()


async def _rows(address: str, sql: str) -> list[tuple]:
    connection = await asyncpg.connect(address)
    try:
        return [tuple(row.values()) for row in await connection.fetch(sql)]
    finally:
        await connection.close()


def _load(here: Place, text: str) -> None:
    here.data.mkdir(mode=0o700)
    (here.data / "key").write_text(KEY)
    (here.data / "seal").write_text(SEAL)
    if SERVER:
        return asyncio.run(_run(here.address, text))
    with contextlib.closing(sqlite3.connect(here.data / "palier.sqlite")) as database:
        database.executescript(text)


def _ask(here: Place, sql: str) -> list[tuple]:
    if SERVER:
        return asyncio.run(_rows(here.address, sql))
    with contextlib.closing(sqlite3.connect(here.data / "palier.sqlite")) as database:
        return database.execute(sql).fetchall()


@pytest.mark.parametrize("dump", DUMPS, ids=lambda file: file.name[:4])
def test_the_board_of_an_earlier_schema_is_upgraded(tmp_path, dump):
    with place(tmp_path, SERVER) as here:
        _load(here, dump.read_text())
        assert "à jour" in here.does("migrate")
        assert _ask(here, "SELECT name FROM member") == [("Ada Lopès",)]
        assert _ask(here, "SELECT title, photos FROM post") == [("Du pain ?", 0)]
        assert _ask(here, "SELECT text FROM reply") == [("J’y vais",)]
        assert _ask(here, "SELECT count(*) FROM migration") == [(len(MIGRATIONS),)]
        # Its keys are known from now on, and its private lines open, if it had any.
        assert "Tout va ensemble." in here.does("check")


def test_another_key_is_told_on_the_first_start_after_an_upgrade_too(tmp_path):
    with place(tmp_path, SERVER) as here:
        _load(here, DUMPS[0].read_text())
        here.does("migrate")
        # With another key it never opened: the token of its card is no longer what was kept.
        (here.data / "key").write_text("3c" * 32 + "\n")
        here.refuses("run", "--port", str(free_port()), words=f"{COMMAND} keys import")


def test_a_wrong_key_is_told_by_the_upgrade_itself(tmp_path):
    with place(tmp_path, SERVER) as here:
        _load(here, DUMPS[-1].read_text())
        (here.data / "key").write_text("3c" * 32 + "\n")
        assert "n’est pas celle de ce tableau" in here.palier("migrate").stderr
        (here.data / "key").write_text(KEY)
        (here.data / "seal").unlink()
        assert "Il manque la clé" in here.palier("migrate").stderr
        (here.data / "seal").write_text(SEAL.replace("2b", "4d"))
        assert "seal » n’est pas celle de ce tableau" in here.palier("migrate").stderr
