"""What a device is told to keep readable: one's own requests, found by their author without a scan."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database import change

ID = "2026-11-24T22:10:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "An index for one's own requests that are not over"

STATEMENT = (
    "CREATE INDEX post_asked ON post (author)"
    " WHERE need IS NOT NULL AND withdrawn_at IS NULL AND state IN ('open', 'taken')"
)


async def forwards() -> MigrationManager:
    """Create it."""
    manager = MigrationManager(migration_id=ID, app_name="palier", description=DESCRIPTION)

    async def run() -> None:
        await change(STATEMENT)

    manager.add_raw(run)
    return manager
