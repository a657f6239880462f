"""A number of its own for what a post says: a "merci" no longer stands in the way of a correction."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database import change

ID = "2026-11-27T19:00:00:000009"
VERSION = "1.38.0"
DESCRIPTION = "The edition of a post's text"

STATEMENT = "ALTER TABLE post ADD COLUMN edition INTEGER NOT NULL DEFAULT 1"


async def forwards() -> MigrationManager:
    """Add it."""
    manager = MigrationManager(migration_id=ID, app_name="palier", description=DESCRIPTION)

    async def run() -> None:
        await change(STATEMENT)

    manager.add_raw(run)
    return manager
