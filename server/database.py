"""The database: SQLite out of the box, PostgreSQL where ``DATABASE_URL`` names one.

Piccolo's own SQLite engine opens a connection and a thread for every query. Ours keeps
two readers and one writer open. Every write holds the writer's lock and every transaction
starts IMMEDIATE: a deferred one that reads and then writes fails with "database is locked".
"""

import asyncio
import errno
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import aiosqlite
import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType, dict_factory
from piccolo.querystring import QueryString

from server.settings import ROOT, settings

READERS = 2
CLOSING = 1.0
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA synchronous = FULL",
)


class ImmediateTransaction(SQLiteTransaction):
    """A transaction on the one kept writer; its lock is held from BEGIN to the end."""

    afterwards: tuple[Callable[[], None], ...] = ()

    async def __aenter__(self) -> SQLiteTransaction:
        if self._parent is not None:
            return self._parent
        await self.engine.write_lock.acquire()
        try:
            self.connection = await self.engine.writer()
            await self.begin()
        except BaseException:
            await asyncio.shield(self._abandon())
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, exception_type, exception, traceback) -> bool:
        if self._parent is not None:
            return exception is None
        self.engine.current_transaction.reset(self.context)
        # Shielded: a visitor who hangs up must not leave the writer inside a transaction.
        await asyncio.shield(self._finish(exception is None))
        _then(self, exception is None)
        return exception is None

    async def _abandon(self) -> None:
        """Undo a BEGIN that its thread may have run although nobody waits for it any more."""
        try:
            connection = await self.engine.writer()
            # The thread works in order: once this is answered, the BEGIN is over.
            await connection.execute_fetchall("SELECT 1")
            if connection.in_transaction:
                await connection.execute("ROLLBACK")
        finally:
            self.engine.write_lock.release()

    async def _finish(self, success: bool) -> None:
        try:
            if self._committed or self._rolled_back:
                return
            try:
                await (self.commit() if success else self.rollback())
            except sqlite3.Error:
                # A COMMIT refused by a full disk leaves the transaction open.
                if self.connection.in_transaction:
                    await self.rollback()
                if success:
                    raise
        finally:
            self.engine.write_lock.release()


class KeptSQLiteEngine(SQLiteEngine):
    """Kept readers, one writer, and a reader for the loop's own thread (``read``)."""

    def __init__(self, path: Path) -> None:
        super().__init__(path=str(path))
        self.write_lock = asyncio.Lock()
        self._writer: aiosqlite.Connection | None = None
        self._idle: list[aiosqlite.Connection] = []
        self._places = asyncio.Semaphore(READERS)
        self._direct: sqlite3.Connection | None = None

    async def get_connection(self) -> aiosqlite.Connection:
        """Open a connection with our pragmas, each set once."""
        connection = await aiosqlite.connect(**self.connection_kwargs)
        connection.row_factory = dict_factory
        try:
            for pragma in PRAGMAS:
                await connection.execute_fetchall(pragma)
        except BaseException:
            # Its thread is no daemon: left alone, it would keep the process from ending.
            await asyncio.shield(connection.close())
            raise
        return connection

    async def writer(self) -> aiosqlite.Connection:
        """The one connection that writes. Hold ``write_lock`` first."""
        if self._writer is None:
            self._writer = await self.get_connection()
        return self._writer

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[aiosqlite.Connection]:
        async with self._places:
            connection = self._idle.pop() if self._idle else await self.get_connection()
            try:
                yield connection
            finally:
                self._idle.append(connection)

    async def _run_in_new_connection(self, query, args=None, query_type="generic", table=None):
        if query.lstrip()[:6].upper() == "SELECT":
            async with self._reader() as connection:
                return await connection.execute_fetchall(query, args or [])
        async with self.write_lock:
            connection = await self.writer()
            return await connection.execute_fetchall(query, args or [])

    async def _run_in_existing_connection(self, connection, query, args=None, query_type="generic", table=None):
        return await connection.execute_fetchall(query, args or [])

    def transaction(
        self, transaction_type: TransactionType = TransactionType.immediate, allow_nested: bool = True
    ) -> ImmediateTransaction:
        """A writing transaction, always IMMEDIATE."""
        return ImmediateTransaction(self, TransactionType.immediate, allow_nested)

    def read(self, sql: str, arguments: Sequence[Any]) -> list[tuple]:
        """Run one short, indexed SELECT in the loop's own thread.

        It takes some 10 µs where a trip to another thread takes 56. Never for a scan.
        """
        if self._direct is None:
            self._direct = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
            for pragma in (*PRAGMAS, "PRAGMA query_only = ON", "PRAGMA cache_size = -16000"):
                self._direct.execute(pragma)
        return self._direct.execute(sql, arguments).fetchall()

    async def fault(self) -> str:
        """What SQLite finds wrong with its file, in its own words; nothing when it is sound."""
        rows = await (await self.writer()).execute_fetchall("PRAGMA quick_check(1)")
        said = next(iter(rows[0].values()))
        return "" if said == "ok" else said

    async def close(self) -> None:
        """Close every kept connection; the last one folds the WAL back into the file."""
        for connection in (self._writer, *self._idle):
            if connection is not None:
                await connection.close()
        if self._direct is not None:
            self._direct.close()
        self._writer, self._idle, self._direct = None, [], None


class PooledTransaction(PostgresTransaction):
    """Piccolo's, but whatever happens at either end, the connection goes back to the pool."""

    afterwards: tuple[Callable[[], None], ...] = ()

    async def __aenter__(self) -> PostgresTransaction:
        if self._parent is not None:
            return self._parent
        self.connection = await self.get_connection()
        self.transaction = self.connection.transaction()
        try:
            await self.begin()
        except BaseException:
            await asyncio.shield(self._give_back())
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, exception_type, exception, traceback) -> bool:
        if self._parent is not None:
            return exception is None
        self.engine.current_transaction.reset(self.context)
        await asyncio.shield(self._finish(exception is None))
        _then(self, exception is None)
        return exception is None

    async def _finish(self, success: bool) -> None:
        try:
            if not self._committed and not self._rolled_back:
                await (self.commit() if success else self.rollback())
        finally:
            await self._give_back()

    async def _give_back(self) -> None:
        if self.engine.pool:
            # It rolls back what is still open.
            await self.engine.pool.release(self.connection)
        else:
            await self.connection.close()


class PooledPostgresEngine(PostgresEngine):
    """Piccolo's PostgreSQL engine with our transactions."""

    async def check_version(self) -> None:
        """Not while importing: a database that does not answer is told of when it is opened."""

    def transaction(self, allow_nested: bool = True) -> PooledTransaction:
        """A transaction on a connection of the pool."""
        return PooledTransaction(engine=self, allow_nested=allow_nested)


def make_engine() -> KeptSQLiteEngine | PooledPostgresEngine:
    """The engine that the settings ask for."""
    if settings.database_url:
        return PooledPostgresEngine(config={"dsn": settings.database_url}, extensions=())
    return KeptSQLiteEngine(settings.sqlite_path)


engine = make_engine()
ON_POSTGRES = isinstance(engine, PostgresEngine)


def _then(transaction: ImmediateTransaction | PooledTransaction, success: bool) -> None:
    if success:
        for work in dict.fromkeys(transaction.afterwards):
            work()


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


async def read(sql: str, *arguments: Any) -> list[tuple]:
    """Rows of one short SELECT, as tuples; ``{}`` marks each argument.

    Ids must be cast to VARCHAR in the query, so that both engines give text.
    """
    if ON_POSTGRES:
        rows = await engine.run_querystring(_Statement(sql, *arguments), in_pool=True)
        return [tuple(row.values()) for row in rows]
    current = engine.current_transaction.get()
    if current is not None:
        cursor = await current.connection.cursor()
        # The connection's own rows are dicts, in which two columns of one name become one.
        cursor.row_factory = None
        await cursor.execute(_marked(sql), arguments)
        return await cursor.fetchall()
    return engine.read(_marked(sql), arguments)


async def change(sql: str, *arguments: Any) -> list[dict]:
    """Run one writing statement; give the rows of its RETURNING clause."""
    return await engine.run_querystring(_Statement(sql, *arguments), in_pool=ON_POSTGRES)


def disk_full(error: BaseException) -> bool:
    """Whether there is no room to write. SQLite has two words for it, PostgreSQL class 53100, files two numbers."""
    if isinstance(error, sqlite3.OperationalError):
        return "disk is full" in str(error) or "disk I/O error" in str(error)
    return isinstance(error, asyncpg.DiskFullError) or getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)


async def open_database() -> None:
    """Open the pool (PostgreSQL); SQLite opens its connections as they are needed."""
    if ON_POSTGRES and engine.pool is None:
        await engine.start_connection_pool(max_size=10)


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


async def migrate() -> None:
    """Apply the migrations that have not run yet, all or none, quietly. Raises NewerDatabase."""
    import contextlib
    import io

    from piccolo.apps.migrations.commands.base import BaseMigrationManager
    from piccolo.apps.migrations.commands.forwards import run_forwards
    from piccolo.apps.migrations.tables import Migration

    known = BaseMigrationManager().get_migration_modules(str(ROOT / "migrations"))
    said = io.StringIO()
    # One transaction around them all: a start that is cut short leaves nothing half done.
    async with transaction():
        if await Migration.table_exists() and set(await Migration.get_migrations_which_ran("palier")) - set(known):
            raise NewerDatabase
        with contextlib.redirect_stdout(said):
            result = await run_forwards("palier")
        if not result.success:
            raise RuntimeError(f"A migration failed: {result.message}\n{said.getvalue()}")
