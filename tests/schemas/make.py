"""Make the dumps of one schema: ``python -m tests.schemas.make 0006 [postgres://...]``, when a migration is released.

In a database of its own, with rows in every table that schema had, whatever columns it had.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

HERE = Path(__file__).parent
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
# Of tests only: they open nothing that anybody has.
KEY, SEAL = "1a" * 32 + "\n", "0badcafe " + "2b" * 32 + "\n"


def row(number: int) -> UUID:
    """An id as old as the board."""
    from server.base.ids import uuid7

    return uuid7(AT + timedelta(minutes=number))


def some_rows() -> dict[str, dict]:
    """A row of each table, as far as any schema knew its columns; what is left out is filled by its type."""
    from server.base import keys
    from server.base.sealed import seal

    ada, post, card = row(1), row(2), row(3)
    return {
        "quartier": {"id": 1, "name": "Les Lilas", "town": "Lyon", "streets": "rue des Lilas", "version": 1},
        "member": {"id": ada, "name": "Ada Lopès", "street": "rue des Lilas", "role": "admin", "theme": "auto"},
        "door_key": {
            "id": card, "member": ada, "kind": "card", "token_hash": keys.digest(keys.token_for("card", card)),
        },
        "post": {
            "id": post, "author": ada, "kind": "help", "title": "Du pain ?", "state": "open", "need": "courses",
            "expires_at": datetime(2999, 1, 1, tzinfo=UTC), "listed": True, "version": 1, "withdrawn_at": None,
        },
        "reply": {"id": row(4), "post": post, "author": ada, "text": "J’y vais"},
        "private_part": {"id": row(5), "post": post, "sealed": seal("private", post, {"address": "12 rue des Lilas"})},
        "notice": {"id": row(6), "person": ada, "what": "replied", "post": post, "once": "replied:x"},
    }  # fmt: skip


FILLING = {"TEXT": "", "INTEGER": 0, "BOOLEAN": False, "TIMESTAMPTZ": AT, "BYTEA": b""}


async def fill() -> None:
    """Write the rows with the columns that are there now."""
    from server.base.database import ON_POSTGRES, execute, read_now

    for table, values in some_rows().items():
        if ON_POSTGRES:
            columns = await read_now(
                "SELECT column_name, upper(udt_name), is_nullable = 'NO', column_default IS NOT NULL"
                " FROM information_schema.columns WHERE table_name = {}",
                table,
            )
        else:
            found = await read_now(f"PRAGMA table_info({table})")
            columns = [(name, kind, bool(needed), default is not None) for _, name, kind, needed, default, _ in found]
        if not columns:
            continue
        for name, kind, needed, has_default in columns:
            family = {"INT4": "INTEGER", "BOOL": "BOOLEAN"}.get(kind, kind.partition("(")[0])
            if needed and not has_default and name not in values:
                values[name] = FILLING.get(family, "")
        known = {name: values[name] for name, *_ in columns if name in values}
        marks = ", ".join("{}" for _ in known)
        await execute(f"INSERT INTO {table} ({', '.join(known)}) VALUES ({marks})", *known.values())


async def main(number: str) -> None:
    """Run the migrations up to this one, fill, dump."""
    import contextlib
    import io
    import sqlite3

    from piccolo.apps.migrations.commands.base import BaseMigrationManager
    from piccolo.apps.migrations.commands.forwards import run_forwards

    from server.base.database import ON_POSTGRES, close_database, open_database, transaction
    from server.base.settings import ROOT, settings

    known = BaseMigrationManager().get_migration_modules(str(ROOT / "migrations"))
    last = next(name for name, module in known.items() if f"palier_{number}_" in module.__name__)
    await open_database()
    async with transaction():
        with contextlib.redirect_stdout(io.StringIO()):
            done = await run_forwards("palier", last)
        assert done.success, done.message
        await fill()
    await close_database()
    if ON_POSTGRES:
        from server.running.backup.dump import tool

        text = await tool("pg_dump", "--inserts", "--no-owner", "--no-privileges")
        # What only psql reads, and what says which server wrote it.
        left_out = ("--", "\\", "SET ", "SELECT pg_catalog.set_config")
        kept = [line for line in text.splitlines() if line and not line.startswith(left_out)]
        (HERE / f"{number}.postgres.sql").write_text("\n".join(kept) + "\n")
        return
    with contextlib.closing(sqlite3.connect(settings.sqlite_path)) as database:
        (HERE / f"{number}.sqlite.sql").write_text("\n".join(database.iterdump()) + "\n")


if __name__ == "__main__":
    os.environ["PALIER_DATA"] = folder = tempfile.mkdtemp()
    os.environ["DATABASE_URL"] = sys.argv[2] if len(sys.argv) > 2 else ""
    Path(folder, "key").write_text(KEY)
    Path(folder, "seal").write_text(SEAL)
    asyncio.run(main(sys.argv[1]))
    subprocess.run(["rm", "-r", folder], check=True)
