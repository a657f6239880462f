"""What one person may do: doors opened, budgets spent; and a trace of readings that its reader cannot rewrite.

``viewing`` is made anew: SQLite takes no foreign key off a table. Names of readings made before are sealed by upkeep.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database import change

ID = "2026-11-27T18:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Budgets, doors, readings that outlive their reader"

STATEMENTS = """
ALTER TABLE claim ADD COLUMN way VARCHAR(8);
ALTER TABLE post ADD COLUMN agreed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE post ADD COLUMN unlocked_at TIMESTAMPTZ;
ALTER TABLE post ADD COLUMN places INTEGER NOT NULL DEFAULT 0;
ALTER TABLE post ADD COLUMN helped VARCHAR(64);
ALTER TABLE member ADD COLUMN invitation UUID;
ALTER TABLE member ADD COLUMN shut_until TIMESTAMPTZ;
ALTER TABLE notice ADD COLUMN times INTEGER NOT NULL DEFAULT 1;
UPDATE post SET agreed = TRUE WHERE state = 'taken' AND offer IS NULL;
CREATE TABLE budget (
    id UUID PRIMARY KEY,
    who VARCHAR(80) NOT NULL,
    gesture VARCHAR(20) NOT NULL,
    full_at INTEGER NOT NULL,
    spent INTEGER NOT NULL
);
CREATE TABLE reading (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    viewer UUID NOT NULL,
    name BYTEA,
    reason VARCHAR(300),
    at TIMESTAMPTZ NOT NULL
);
INSERT INTO reading (id, post, viewer, reason, at) SELECT id, post, viewer, reason, at FROM viewing
    WHERE viewer IS NOT NULL;
DROP TABLE viewing;
ALTER TABLE reading RENAME TO viewing;
CREATE UNIQUE INDEX budget_once ON budget (who, gesture);
CREATE INDEX budget_old ON budget (full_at);
CREATE INDEX viewing_post ON viewing (post, id);
CREATE INDEX viewing_viewer ON viewing (viewer, at);
CREATE INDEX viewing_at ON viewing (at);
CREATE INDEX viewing_plain ON viewing (id) WHERE name IS NULL;
CREATE INDEX claim_doors ON claim (member, at) WHERE way IS NOT NULL;
CREATE INDEX claim_days ON claim (at) WHERE way IS NOT NULL;
CREATE INDEX claim_asked ON claim (at) WHERE way = 'asked' AND state = 'proposed';
CREATE INDEX post_helped ON post (helped) WHERE helped IS NOT NULL;
DROP INDEX notice_person;
CREATE INDEX notice_person ON notice (person, at)
"""


async def forwards() -> MigrationManager:
    """Create them."""
    manager = MigrationManager(migration_id=ID, app_name="palier", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS.split(";"):
            await change(statement)

    manager.add_raw(run)
    return manager
