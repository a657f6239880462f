"""Piccolo's engines, with the transactions and the kept connections that Palier wants.

Piccolo's own SQLite engine opens a connection and a thread for every query. Ours keeps
two readers and one writer open. Every write holds the writer's lock and every transaction
starts IMMEDIATE: a deferred one that reads and then writes fails with "database is locked".
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType, dict_factory

READERS = 2
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA synchronous = FULL",
    # Bytes that its log keeps on disk once it is folded back: one large delete would else leave it as large for ever.
    "PRAGMA journal_size_limit = 8388608",
)


class _Ending:
    """How a transaction ends, on either engine: finished, whoever hangs up, and then what was to follow is done."""

    afterwards: tuple[Callable[[], None], ...] = ()

    async def __aexit__(self, exception_type, exception, traceback) -> bool:
        if self._parent is not None:
            return exception is None
        self.engine.current_transaction.reset(self.context)
        # Shielded: a visitor who hangs up must not leave a connection inside a transaction.
        await asyncio.shield(self._finish(exception is None))
        if exception is None:
            for work in dict.fromkeys(self.afterwards):
                work()
        return exception is None


class ImmediateTransaction(_Ending, SQLiteTransaction):
    """A transaction on the one kept writer; its lock is held from BEGIN to the end."""

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
    """Kept readers, one writer, and a reader for the loop's own thread (``read_now``)."""

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
            for pragma in (*PRAGMAS, "PRAGMA query_only = ON", "PRAGMA cache_size = -8000"):
                self._direct.execute(pragma)
        return self._direct.execute(sql, arguments).fetchall()

    async def read_within(self, connection: aiosqlite.Connection, sql: str, arguments: Sequence[Any]) -> list[tuple]:
        """The same as ``read_now``, in the transaction that this connection is in."""
        cursor = await connection.cursor()
        # The connection's own rows are dicts, in which two columns of one name become one.
        cursor.row_factory = None
        await cursor.execute(sql, arguments)
        return await cursor.fetchall()

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


class PooledTransaction(_Ending, PostgresTransaction):
    """Piccolo's, but whatever happens at either end, the connection goes back to the pool."""

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
