"""A rendez-vous that repeats lives until it is stopped: when its author last said so, and how often they were asked."""

from datetime import UTC, datetime, timedelta

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database import change

# What stands on the board already follows its date too.
UNTIL_STOPPED, TAKES_PLACE = timedelta(days=36_500), timedelta(hours=3)

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
        await change(
            "UPDATE post SET expires_at = {} WHERE listed AND kind = 'gathering' AND repeats IN ('daily', 'weekly')",
            datetime.now(UTC) + UNTIL_STOPPED,
        )
        called = await change(
            "SELECT id, starts_at FROM post WHERE listed AND kind = 'initiative' AND starts_at IS NOT NULL"
        )
        for row in called:
            starts = row["starts_at"]
            starts = datetime.fromisoformat(starts) if isinstance(starts, str) else starts
            await change("UPDATE post SET expires_at = {} WHERE id = {}", starts + TAKES_PLACE, row["id"])

    manager.add_raw(run)
    return manager
