"""Of PostgreSQL: the present tables set aside under another schema's name, and the dump of a backup in their place."""

from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from server.running.backup.dump import connected, tool
from server.running.opening import Refusal

_COMPANY = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)
_TABLES = "SELECT count(*) FROM information_schema.tables WHERE table_schema = $1"


@asynccontextmanager
async def _connection():
    connection = await connected()
    try:
        yield connection
    finally:
        await connection.close()


async def refuse_company() -> None:
    """Refusal while anybody else is connected to the database: a board that is open, on this machine or another."""
    async with _connection() as connection:
        if await connection.fetchval(_COMPANY):
            raise Refusal(
                "Quelqu’un est encore relié à cette base PostgreSQL : fermez le tableau et ce qui s’y relie,"
                " puis relancez. Rien n’a été touché."
            )


async def named(aside: str) -> dict[str, str]:
    """What will be set aside under which name; ``aside`` is empty when there is nothing to set aside."""
    async with _connection() as connection:
        schema = await connection.fetchval("SELECT current_schema()") or "public"
        return {"schema": schema, "aside": aside if await connection.fetchval(_TABLES, schema) else ""}


async def set_aside(names: dict[str, str]) -> None:
    """Rename the present schema and make an empty one, both or neither. Refusal when one may not."""
    async with _connection() as connection:
        try:
            async with connection.transaction():
                if names["aside"]:
                    await connection.execute(
                        f"ALTER SCHEMA {_quoted(names['schema'])} RENAME TO {_quoted(names['aside'])}"
                    )
                    await connection.execute(f"CREATE SCHEMA {_quoted(names['schema'])}")
        except asyncpg.InsufficientPrivilegeError:
            raise Refusal(
                "L’utilisateur de DATABASE_URL n’est pas le propriétaire de sa base : « ALTER DATABASE … OWNER TO … »,"
                " puis relancez. Rien n’a été touché."
            ) from None


async def load(dump: Path) -> None:
    """Load a dump into the empty schema, all or nothing. Refusal."""
    await tool("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(dump))


async def bring_back(names: dict[str, str]) -> None:
    """Undo ``set_aside`` and ``load``, as far as they had come."""
    schema, aside = _quoted(names["schema"]), names["aside"]
    async with _connection() as connection, connection.transaction():
        if aside and not await connection.fetchval("SELECT 1 FROM pg_namespace WHERE nspname = $1", aside):
            return
        await connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        await connection.execute(
            f"ALTER SCHEMA {_quoted(aside)} RENAME TO {schema}" if aside else f"CREATE SCHEMA {schema}"
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
