"""Alerts: which devices, what each person chose, what was told to which device, and the alarm of an urgent request."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database import change

ID = "2026-11-25T19:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Subscriptions, choices, the ledger of alerts, alarms"

STATEMENTS = """
ALTER TABLE notice ADD COLUMN alerted_at TIMESTAMPTZ;
ALTER TABLE notice ADD COLUMN opened_at TIMESTAMPTZ;
ALTER TABLE notice ADD COLUMN woke BOOLEAN NOT NULL DEFAULT FALSE;
CREATE TABLE subscription (
    id UUID PRIMARY KEY,
    member UUID REFERENCES member ON DELETE CASCADE,
    session UUID UNIQUE REFERENCES session ON DELETE CASCADE,
    endpoint VARCHAR(1000) NOT NULL,
    digest VARCHAR(64) NOT NULL UNIQUE,
    p256dh VARCHAR(90) NOT NULL,
    auth VARCHAR(24) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    renewed_at TIMESTAMPTZ NOT NULL,
    heard_at TIMESTAMPTZ
);
CREATE TABLE alert_choice (
    id UUID PRIMARY KEY,
    member UUID UNIQUE REFERENCES member ON DELETE CASCADE,
    what VARCHAR(8) NOT NULL,
    quiet_from INTEGER NOT NULL,
    quiet_until INTEGER NOT NULL,
    mail VARCHAR(120),
    mail_confirmed_at TIMESTAMPTZ,
    mail_urgent BOOLEAN NOT NULL,
    mail_digest VARCHAR(5) NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE alert (
    id UUID PRIMARY KEY,
    notice UUID NOT NULL REFERENCES notice ON DELETE CASCADE,
    subscription UUID REFERENCES subscription ON DELETE CASCADE,
    state VARCHAR(8) NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    until TIMESTAMPTZ NOT NULL,
    tries INTEGER NOT NULL,
    sent_at TIMESTAMPTZ,
    heard_at TIMESTAMPTZ
);
CREATE TABLE alarm (
    id UUID PRIMARY KEY,
    post UUID UNIQUE REFERENCES post ON DELETE CASCADE,
    author UUID REFERENCES member ON DELETE CASCADE,
    begun_at TIMESTAMPTZ NOT NULL,
    open_since TIMESTAMPTZ NOT NULL,
    round INTEGER NOT NULL,
    step INTEGER NOT NULL,
    next_at TIMESTAMPTZ,
    held_at TIMESTAMPTZ,
    stopped_at TIMESTAMPTZ,
    stopped_by UUID,
    called_at TIMESTAMPTZ,
    called_by UUID
);
CREATE UNIQUE INDEX alert_push ON alert (notice, subscription) WHERE subscription IS NOT NULL;
CREATE UNIQUE INDEX alert_mail ON alert (notice) WHERE subscription IS NULL;
CREATE INDEX alert_due ON alert (due_at) WHERE state = 'waiting';
CREATE INDEX alert_device ON alert (subscription);
CREATE INDEX subscription_member ON subscription (member);
CREATE INDEX alarm_next ON alarm (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX alarm_author ON alarm (author, begun_at);
CREATE INDEX notice_post ON notice (post);
CREATE INDEX notice_woke ON notice (person, at) WHERE woke
"""


async def forwards() -> MigrationManager:
    """Create them."""
    manager = MigrationManager(migration_id=ID, app_name="palier", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS.split(";"):
            await change(statement)

    manager.add_raw(run)
    return manager
