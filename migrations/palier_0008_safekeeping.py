"""What belongs to this database outside it, what became of backups, and the sums of the migrations that ran."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database import change

ID = "2026-11-27T18:40:00:000008"
VERSION = "1.38.0"
DESCRIPTION = "Custody of keys, the restore epoch, backups and drills, sums of migrations"

STATEMENTS = """
CREATE TABLE custody (
    id UUID PRIMARY KEY,
    key_mark VARCHAR(64) NOT NULL,
    vapid_mark VARCHAR(64) NOT NULL,
    sealed BYTEA NOT NULL,
    epoch INTEGER NOT NULL,
    restored_at TIMESTAMPTZ
);
CREATE TABLE safety_run (
    id UUID PRIMARY KEY,
    what VARCHAR(6) NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    seconds INTEGER NOT NULL,
    kilobytes INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    fault VARCHAR(200)
);
CREATE TABLE migration_sum (
    id UUID PRIMARY KEY,
    name VARCHAR(40) NOT NULL UNIQUE,
    sum VARCHAR(64) NOT NULL
)
"""


async def forwards() -> MigrationManager:
    """Create them."""
    manager = MigrationManager(migration_id=ID, app_name="palier", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS.split(";"):
            await change(statement)

    manager.add_raw(run)
    return manager
