"""A rendez-vous that repeats lives until it is stopped: when its author last said so, and how often they were asked."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database import change

ID = "2026-11-27T19:00:00:000010"
VERSION = "1.38.0"
DESCRIPTION = "What repeats is asked about once a month"

STATEMENTS = """
ALTER TABLE post ADD COLUMN kept_at TIMESTAMPTZ;
ALTER TABLE post ADD COLUMN asks INTEGER NOT NULL DEFAULT 0;
CREATE INDEX post_repeating ON post (starts_at) WHERE listed AND repeats IN ('daily', 'weekly')
"""


async def forwards() -> MigrationManager:
    """Add the columns and the index."""
    manager = MigrationManager(migration_id=ID, app_name="palier", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS.split(";"):
            await change(statement)

    manager.add_raw(run)
    return manager
