"""A report keeps the words that it is about; what is hidden is found again without reading all posts."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database import change

ID = "2026-11-27T19:00:00:000012"
VERSION = "1.38.0"
DESCRIPTION = "What was reported, and what is hidden"

STATEMENTS = """
ALTER TABLE report ADD COLUMN words TEXT NOT NULL DEFAULT '';
CREATE INDEX post_hidden ON post (hidden_at) WHERE hidden_at IS NOT NULL;
CREATE INDEX reply_hidden ON reply (hidden_at) WHERE hidden_at IS NOT NULL;
CREATE INDEX log_entry_thing ON log_entry (thing)
"""


async def forwards() -> MigrationManager:
    """Add the column and the indexes."""
    manager = MigrationManager(migration_id=ID, app_name="palier", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS.split(";"):
            await change(statement)

    manager.add_raw(run)
    return manager
