"""The database: SQLite out of the box, PostgreSQL where ``DATABASE_URL`` names one."""

import asyncio
import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from piccolo.querystring import QueryString

from server.base.engines import KeptSQLiteEngine, PooledPostgresEngine
from server.base.ids import uuid7
from server.base.settings import ROOT, settings

# Seconds for the pool's connections to end by themselves.
CLOSING = 1.0


def make_engine() -> KeptSQLiteEngine | PooledPostgresEngine:
    """The engine that the settings ask for."""
    if settings.database_url:
        return PooledPostgresEngine(config={"dsn": settings.database_url}, extensions=())
    return KeptSQLiteEngine(settings.sqlite_path)


engine = make_engine()
ON_POSTGRES = isinstance(engine, PooledPostgresEngine)


def after_commit(work: Callable[[], None]) -> None:
    """Do this once when the transaction of the caller is stored, or now when there is none. Not when it fails."""
    current = engine.current_transaction.get()
    if current is None:
        work()
    else:
        current.afterwards = (*current.afterwards, work)


def transaction():
    """``async with transaction():`` everything inside happens, or nothing does."""
    return engine.transaction()


class _Statement(QueryString):
    """SQL of our own. Piccolo would take it apart at each run, mark by mark; a batch of alerts has hundreds of them."""

    def compile_string(self, engine_type: str = "postgres") -> tuple[str, list[Any]]:
        """The text as the engine reads it, and its values."""
        return _marked(self.template), self.args


@lru_cache(maxsize=500)
def _marked(sql: str) -> str:
    """``{}`` as the engine spells it."""
    if not ON_POSTGRES:
        return sql.replace("{}", "?")
    first, *others = sql.split("{}")
    return first + "".join(f"${number}{other}" for number, other in enumerate(others, 1))


async def read_now(sql: str, *arguments: Any) -> list[tuple]:
    """Rows of one short SELECT, as tuples; ``{}`` marks each argument.

    Ids must be cast to VARCHAR in the query, so that both engines give text.
    """
    if ON_POSTGRES:
        rows = await engine.run_querystring(_Statement(sql, *arguments), in_pool=True)
        return [tuple(row.values()) for row in rows]
    current = engine.current_transaction.get()
    if current is not None:
        return await engine.read_within(current.connection, _marked(sql), arguments)
    return engine.read(_marked(sql), arguments)


async def query(sql: str, *arguments: Any) -> list[dict]:
    """The rows of one SELECT, as dictionaries; ``{}`` marks each argument."""
    return await engine.run_querystring(_Statement(sql, *arguments), in_pool=ON_POSTGRES)


async def execute(sql: str, *arguments: Any) -> list[dict]:
    """Run one writing statement; the rows of its RETURNING clause. ``{}`` marks each argument."""
    return await engine.run_querystring(_Statement(sql, *arguments), in_pool=ON_POSTGRES)


async def open_database() -> None:
    """Open the pool (PostgreSQL); SQLite opens its connections as they are needed."""
    if ON_POSTGRES and engine.pool is None:
        # Seconds for a connection: whoever waits for a database that is away is told soon. None is held for nobody:
        # asyncpg tells of each that it cannot keep, with a traceback.
        await engine.start_connection_pool(min_size=0, max_size=10, timeout=5)


async def close_database() -> None:
    """Close what is kept open."""
    if not ON_POSTGRES:
        await engine.close()
    elif engine.pool is not None:
        pool, engine.pool = engine.pool, None
        try:
            await asyncio.wait_for(pool.close(), CLOSING)
        except TimeoutError:
            # Somebody still holds a connection; the server is stopping, so it is cut.
            pool.terminate()


class NewerDatabase(Exception):
    """The database was made by a version of Palier that knows more than this one."""


class ChangedMigration(Exception):
    """A migration's file is no longer the one that made this database; ``args[0]`` is the file's name."""


# Since this migration the database keeps the sum of each that ran.
SUMS_SINCE = "2026-11-27T18:40:00:000008"


async def migrations_which_ran() -> list[str] | None:
    """The ids of the migrations that made this database, in order; None when there is nothing in it."""
    from piccolo.apps.migrations.tables import Migration

    return await Migration.get_migrations_which_ran("palier") if await Migration.table_exists() else None


async def migrate() -> None:
    """Apply the migrations that have not run yet, all or none, quietly. Raises NewerDatabase, ChangedMigration."""
    import contextlib
    import io

    from piccolo.apps.migrations.commands.base import BaseMigrationManager
    from piccolo.apps.migrations.commands.forwards import run_forwards

    known = BaseMigrationManager().get_migration_modules(str(ROOT / "migrations"))
    said = io.StringIO()
    # One transaction around them all: a start that is cut short leaves nothing half done.
    async with transaction():
        ran = set(await migrations_which_ran() or ())
        if ran - set(known):
            raise NewerDatabase
        files = {name: Path(module.__file__) for name, module in known.items()}
        if SUMS_SINCE in ran:
            for row in await query("SELECT name, sum FROM migration_sum"):
                if sum_of(files[row["name"]]) != row["sum"]:
                    raise ChangedMigration(files[row["name"]].name)
        with contextlib.redirect_stdout(said):
            result = await run_forwards("palier")
        if not result.success:
            raise RuntimeError(f"A migration failed: {result.message}\n{said.getvalue()}")
        for name, file in files.items():
            await execute(
                "INSERT INTO migration_sum (id, name, sum) VALUES ({}, {}, {}) ON CONFLICT (name) DO NOTHING",
                uuid7(), name, sum_of(file),
            )  # fmt: skip


def sum_of(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
