"""A consistent copy of the database of either engine while the board serves, and what it holds."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from server.base.database import ON_POSTGRES
from server.base.settings import settings
from server.piccolo_app import APP_CONFIG
from server.running.backup.progress import Tell
from server.running.opening import COMMAND, Refusal

Query = Callable[[str], Awaitable[list[tuple]]]
# Of PostgreSQL, what an earlier restore had set aside is not part of the board.
ASIDE = "palier_avant_"


@dataclass(frozen=True)
class Facts:
    """What a copy holds: migrations that ran, rows a table, photos as (hash, widest), sealed values, the epoch."""

    version: str
    migrations: list[str]
    rows: dict[str, int]
    photos: list[tuple[str, int]]
    sealed: list[tuple[str, str, bytes]]
    epoch: int


async def dump(target: Path, tell: Tell) -> Facts:
    """Copy the database into this new file. Refusal when there is none, OSError when there is no room."""
    return await (_dump_postgres(target) if ON_POSTGRES else asyncio.to_thread(_dump_sqlite, target, tell))


def _dump_sqlite(target: Path, tell: Tell) -> Facts:
    source = settings.sqlite_path
    if not source.exists() or not source.stat().st_size:
        raise Refusal(f"Il n’y a pas de base dans « {settings.data} » : indiquez le bon dossier avec --data.")
    # Never the file itself: what was written last is in the log beside it, and closing a copy of our own of it would
    # drop other processes' locks (fcntl). VACUUM reads one moment of the whole, and leaves erased text out.
    with closing(sqlite3.connect(f"{source.as_uri()}?mode=rw", uri=True, timeout=60, isolation_level=None)) as database:
        size = source.stat().st_size
        database.set_progress_handler(lambda: tell(target.stat().st_size if target.exists() else 0, size), 200_000)
        database.execute("VACUUM INTO ?", (str(target),))
    return look_into(target)


def look_into(file: Path) -> Facts:
    """What a copy that nobody else uses holds. sqlite3.Error when it is damaged."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
        if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("quick_check")

        async def query(sql: str) -> list[tuple]:
            return database.execute(sql).fetchall()

        tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
        return _run(_facts(query, tables, f"SQLite {sqlite3.sqlite_version}"))


def _run(work):
    """Run a coroutine that never waits."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise RuntimeError("it waited")


async def _dump_postgres(target: Path) -> Facts:
    connection = await connected()
    try:
        # The counts and the dump are of one and the same moment.
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await connection.fetchval("SELECT pg_export_snapshot()")

            async def query(sql: str) -> list[tuple]:
                return [tuple(row.values()) for row in await connection.fetch(sql)]

            tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
            version = await connection.fetchval("SHOW server_version")
            facts = await _facts(query, tables, f"PostgreSQL {version}")
            await tool(
                "pg_dump", "--format=custom", "--compress=1", "--no-owner", "--no-privileges",
                f"--exclude-schema={ASIDE}*", f"--snapshot={snapshot}", f"--file={target}",
            )  # fmt: skip
            return facts
    finally:
        await connection.close()


async def connected() -> asyncpg.Connection:
    """A connection to the board’s PostgreSQL, of its own. Refusal when it does not answer."""
    try:
        return await asyncpg.connect(settings.database_url, timeout=20)
    except (TimeoutError, OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise Refusal(f"La base PostgreSQL de DATABASE_URL ne répond pas ({said}) : vérifiez qu’elle tourne.") from None


async def _facts(query: Query, tables: str, version: str) -> Facts:
    there = {row[0] for row in await query(tables)}
    if "migration" not in there:
        raise Refusal(f"Cette base n’est pas celle d’un tableau ; « {COMMAND} run » en fait un.")
    names = sorted(table._meta.tablename for table in APP_CONFIG.table_classes)
    rows = {name: (await query(f"SELECT count(*) FROM {name}"))[0][0] for name in names if name in there}
    migrations = await query("SELECT name FROM migration WHERE app_name = 'palier' ORDER BY name")
    photos = await query("SELECT DISTINCT hash, width FROM photo ORDER BY hash") if "photo" in there else []
    sealed: list[tuple[str, str, bytes]] = []
    if "private_part" in there:
        found = await query("SELECT CAST(post AS VARCHAR), sealed FROM private_part ORDER BY id DESC LIMIT 20")
        sealed = [("private", row[0], bytes(row[1])) for row in found]
    epoch = await query("SELECT epoch FROM custody") if "custody" in there else []
    return Facts(
        version, [row[0] for row in migrations], rows, [tuple(row) for row in photos], sealed,
        epoch[0][0] if epoch else 0,
    )  # fmt: skip


def tool_path(name: str) -> str:
    """Where one of PostgreSQL's programs is, the newest; Refusal when nowhere."""
    places = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parent.parent.name), reverse=True
    )
    found = str(places[0]) if places else shutil.which(name)
    if not found:
        raise Refusal(f"Il manque le programme « {name} » de PostgreSQL : « sudo apt install postgresql-client ».")
    return found


async def tool(name: str, *options: str) -> str:
    """Run one of PostgreSQL's programs on the board's database; what it printed. Refusal when it fails.

    The password goes by the environment: a command line can be read by everybody on the machine.
    """
    address, environment = _without_password(settings.database_url)
    process = await asyncio.create_subprocess_exec(
        tool_path(name), f"--dbname={address}", *options, env=os.environ | environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    said, wrong = await process.communicate()
    if process.returncode:
        lines = wrong.decode(errors="replace").strip().splitlines() or ["?"]
        raise Refusal(f"« {name} » n’a pas abouti ({lines[0]}). Rien n’est perdu.")
    return said.decode(errors="replace")


def _without_password(address: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(address)
    if not parts.password:
        return address, {}
    user, _, host = parts.netloc.rpartition("@")
    return (
        urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}@{host}")),
        {"PGPASSWORD": unquote(parts.password)},
    )


def describe_engine() -> str:
    """``sqlite`` or ``postgres``."""
    return "postgres" if ON_POSTGRES else "sqlite"
