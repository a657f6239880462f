"""The first tables, in SQL that SQLite and PostgreSQL both read.

Written by hand: it says in a page what a generated migration says in three thousand lines.
``tests/test_house.py`` holds the tables of ``server/tables`` against what the migrations made.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database import change

ID = "2026-11-24T15:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The first tables"

TABLES = """
CREATE TABLE quartier (
    id INTEGER PRIMARY KEY,
    name VARCHAR(80) NOT NULL,
    town VARCHAR(80) NOT NULL,
    streets TEXT NOT NULL,
    facade VARCHAR(10) NOT NULL,
    contact_name VARCHAR(60) NOT NULL,
    contact_phone VARCHAR(30) NOT NULL,
    contact_hours VARCHAR(60) NOT NULL,
    letterbox VARCHAR(120) NOT NULL,
    version INTEGER NOT NULL,
    founded_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE member (
    id UUID PRIMARY KEY,
    name VARCHAR(60) NOT NULL,
    street VARCHAR(80) NOT NULL,
    phone VARCHAR(30),
    email VARCHAR(120),
    role VARCHAR(10) NOT NULL,
    text_size INTEGER NOT NULL,
    facade VARCHAR(10),
    theme VARCHAR(5) NOT NULL,
    language VARCHAR(2),
    invited_by UUID,
    vouched_by UUID,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ,
    previous_visit TIMESTAMPTZ,
    version INTEGER NOT NULL
);
CREATE TABLE session (
    id UUID PRIMARY KEY,
    member UUID REFERENCES member ON DELETE CASCADE,
    token_hash VARCHAR(64) NOT NULL UNIQUE,
    device VARCHAR(80) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE door_key (
    id UUID PRIMARY KEY,
    member UUID REFERENCES member ON DELETE CASCADE,
    kind VARCHAR(4) NOT NULL,
    token_hash VARCHAR(64) NOT NULL UNIQUE,
    code_hash VARCHAR(64) UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ
);
CREATE TABLE invitation (
    id UUID PRIMARY KEY,
    author UUID REFERENCES member ON DELETE CASCADE,
    token_hash VARCHAR(64) NOT NULL UNIQUE,
    note VARCHAR(60) NOT NULL,
    max_uses INTEGER NOT NULL,
    uses INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ
);
CREATE TABLE post (
    id UUID PRIMARY KEY,
    author UUID REFERENCES member ON DELETE CASCADE,
    kind VARCHAR(15) NOT NULL,
    street VARCHAR(80) NOT NULL,
    version INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    listed BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ,
    withdrawn_at TIMESTAMPTZ,
    hidden_at TIMESTAMPTZ,
    title VARCHAR(90) NOT NULL,
    body TEXT NOT NULL,
    place VARCHAR(90),
    need VARCHAR(12),
    urgency VARCHAR(10),
    due_at TIMESTAMPTZ,
    starts_at TIMESTAMPTZ,
    repeats VARCHAR(8),
    capacity INTEGER,
    reach VARCHAR(10),
    hours VARCHAR(90),
    valid_until TIMESTAMPTZ,
    link VARCHAR(400),
    tone VARCHAR(5),
    wanted VARCHAR(6),
    state VARCHAR(9),
    taker UUID,
    taken_at TIMESTAMPTZ,
    done_at TIMESTAMPTZ,
    thanked_at TIMESTAMPTZ,
    thanked_words VARCHAR(180),
    thanks INTEGER NOT NULL,
    coming INTEGER NOT NULL,
    valid INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    replies INTEGER NOT NULL,
    tracks INTEGER NOT NULL
);
CREATE TABLE track (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    member UUID REFERENCES member ON DELETE CASCADE,
    title VARCHAR(90) NOT NULL,
    artist VARCHAR(90) NOT NULL,
    link VARCHAR(400),
    created_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE mark (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    member UUID REFERENCES member ON DELETE CASCADE,
    kind VARCHAR(8) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE reply (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    author UUID REFERENCES member ON DELETE CASCADE,
    text VARCHAR(600) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ,
    hidden_at TIMESTAMPTZ
);
CREATE TABLE report (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    reply UUID REFERENCES reply ON DELETE CASCADE,
    member UUID REFERENCES member ON DELETE CASCADE,
    reason VARCHAR(300) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ,
    closed_by UUID
);
CREATE TABLE log_entry (
    id UUID PRIMARY KEY,
    actor UUID NOT NULL,
    role VARCHAR(10) NOT NULL,
    verb VARCHAR(12) NOT NULL,
    thing UUID,
    at TIMESTAMPTZ NOT NULL
);
CREATE TABLE log_note (
    id UUID PRIMARY KEY,
    entry UUID NOT NULL UNIQUE,
    reason VARCHAR(300) NOT NULL
);
CREATE TABLE receipt (
    id UUID PRIMARY KEY,
    actor UUID NOT NULL,
    key VARCHAR(64) NOT NULL,
    route VARCHAR(80) NOT NULL,
    body_hash VARCHAR(64) NOT NULL,
    made UUID,
    created_at TIMESTAMPTZ NOT NULL
)
"""


async def forwards() -> MigrationManager:
    """Create them."""
    manager = MigrationManager(migration_id=ID, app_name="palier", description=DESCRIPTION)

    async def run() -> None:
        for statement in TABLES.split(";"):
            await change(statement)

    manager.add_raw(run)
    return manager
