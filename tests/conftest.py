"""One migrated database for the whole session, empty at the start of every test.

It is SQLite in a temporary folder; where ``DATABASE_URL`` names a PostgreSQL server, it is a
new database there, dropped at the end. What that address itself names is never touched.
"""

import asyncio
import os
import secrets
import shutil
import signal
import tempfile
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

# A shell starts what it runs beside with SIGINT ignored, and so would be every server started from here.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Before anything imports server.base.settings.
DATA = tempfile.mkdtemp(prefix="palier-tests-")
POSTGRES = os.environ.get("DATABASE_URL", "")
DATABASE = f"palier_test_{secrets.token_hex(6)}"
os.environ["PALIER_DATA"] = DATA
os.environ["PALIER_TIMEZONE"] = "Europe/Paris"


async def _ask_server(statement: str) -> None:
    connection = await asyncpg.connect(POSTGRES)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


if POSTGRES:
    asyncio.run(_ask_server(f"CREATE DATABASE {DATABASE}"))
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{DATABASE}"))

from server.base import ids  # noqa: E402
from server.base.columns import clock  # noqa: E402
from server.base.database import ON_POSTGRES, close_database, execute, migrate, open_database, query, transaction  # noqa: E402
from server.people import quartier  # noqa: E402
from server.piccolo_app import APP_CONFIG  # noqa: E402
from tests.support import limits, plans  # noqa: E402

# ``PALIER_TESTS_SHIFT=7.5``: the same tests so many hours later, for those that hold at some hours only.
if shift := float(os.environ.get("PALIER_TESTS_SHIFT", 0)):
    clock.now = lambda: datetime.now(UTC) + timedelta(hours=shift)


def pytest_collection_modifyitems(items: list) -> None:
    """Nothing waits for ever."""
    for item in items:
        limits.limit(item)


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(DATA, ignore_errors=True)
    if POSTGRES:
        asyncio.run(_ask_server(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"))


def pytest_report_header() -> str:
    """Say which engine this run is about."""
    return "database: " + ("PostgreSQL" if ON_POSTGRES else "SQLite")


@pytest.fixture(scope="session", autouse=True)
async def database():
    """The session's database, migrated and open."""
    try:
        await open_database()
        await migrate()
        plans.refuse_unindexed()
        yield
    finally:
        # Without this, its threads would keep pytest from ending.
        await close_database()


@pytest.fixture(autouse=True)
async def empty_tables(database):
    """Every test starts from empty tables."""
    yield
    tables = [table._meta.tablename for table in reversed(APP_CONFIG.table_classes)]
    filled = " UNION ALL ".join(f"SELECT '{name}' AS name WHERE EXISTS (SELECT 1 FROM {name})" for name in tables)
    async with transaction():
        for row in await execute(filled):
            await (_empty_log() if row["name"] == "log_entry" else execute(f"DELETE FROM {row['name']}"))
    # The next test founds another quartier, again with version 1, and its ids are of now.
    quartier._plate = quartier.Plate()
    ids._last, ids._sequence = 0, 0


async def _empty_log() -> None:
    """What the application can not do: its triggers have to be out of the way."""
    if ON_POSTGRES:
        await execute("ALTER TABLE log_entry DISABLE TRIGGER USER")
        await execute("DELETE FROM log_entry")
        await execute("ALTER TABLE log_entry ENABLE TRIGGER USER")
        return
    triggers = await query("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'log_entry'")
    for trigger in triggers:
        await execute(f"DROP TRIGGER {trigger['name']}")
    await execute("DELETE FROM log_entry")
    for trigger in triggers:
        await execute(trigger["sql"])
