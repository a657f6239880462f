"""Who is who: which card let a device in, names that wait for a yes, the name of before, who vouched for whom."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database import change

ID = "2026-11-27T20:00:00:000011"
VERSION = "1.38.0"
DESCRIPTION = "Cards and their sessions, names and their look-alikes, two who vouch"

# Devices of before are taken to have come in with the card of today: a new one closes them.
STATEMENTS = """
ALTER TABLE session ADD COLUMN card UUID;
UPDATE session SET card = (SELECT k.id FROM door_key k WHERE k.member = session.member AND k.kind = 'card');
ALTER TABLE door_key ADD COLUMN card UUID;
ALTER TABLE member ADD COLUMN name_key VARCHAR(200) NOT NULL DEFAULT '';
ALTER TABLE member ADD COLUMN wanted_name VARCHAR(60);
ALTER TABLE member ADD COLUMN former_name VARCHAR(60);
ALTER TABLE member ADD COLUMN renamed_at TIMESTAMPTZ;
CREATE INDEX member_name_key ON member (name_key);
CREATE INDEX member_wanted ON member (id) WHERE wanted_name IS NOT NULL;
CREATE TABLE vouching (
    id UUID PRIMARY KEY,
    member UUID REFERENCES member ON DELETE CASCADE,
    voucher UUID REFERENCES member ON DELETE CASCADE,
    at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX vouching_once ON vouching (member, voucher);
CREATE INDEX vouching_voucher ON vouching (voucher)
"""


async def forwards() -> MigrationManager:
    """Add the columns and the table."""
    manager = MigrationManager(migration_id=ID, app_name="palier", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS.split(";"):
            await change(statement)

    manager.add_raw(run)
    return manager
