"""The alerts of a notice, found without a scan: when old news go, or a neighbour leaves, nobody waits to write."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database import change

ID = "2026-11-25T23:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "An index for the alerts of a notice"

STATEMENT = "CREATE INDEX alert_notice ON alert (notice)"


async def forwards() -> MigrationManager:
    """Create it."""
    manager = MigrationManager(migration_id=ID, app_name="palier", description=DESCRIPTION)

    async def run() -> None:
        await change(STATEMENT)

    manager.add_raw(run)
    return manager
