"""Help, from the request to the thanks: who took what, what is private, who was told what."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database import change

ID = "2026-11-24T18:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Claims, private parts, messages, notices, volunteers, photos"

SHOWN = "version, author, taker, expires_at, listed"

STATEMENTS = f"""
ALTER TABLE post ADD COLUMN lease_until TIMESTAMPTZ;
ALTER TABLE post ADD COLUMN on_behalf BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE post ADD COLUMN offer UUID;
ALTER TABLE post ADD COLUMN building VARCHAR(64);
ALTER TABLE post ADD COLUMN closed_at TIMESTAMPTZ;
ALTER TABLE post ADD COLUMN photos INTEGER NOT NULL DEFAULT 0;
CREATE TABLE claim (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    member UUID REFERENCES member ON DELETE CASCADE,
    state VARCHAR(10) NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    reason VARCHAR(200),
    viewed_at TIMESTAMPTZ
);
CREATE TABLE private_part (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE UNIQUE,
    sealed BYTEA NOT NULL,
    paid BYTEA,
    taker_settled_at TIMESTAMPTZ,
    asker_settled_at TIMESTAMPTZ
);
CREATE TABLE viewing (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    viewer UUID REFERENCES member ON DELETE CASCADE,
    reason VARCHAR(300),
    at TIMESTAMPTZ NOT NULL
);
CREATE TABLE message (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    author UUID REFERENCES member ON DELETE CASCADE,
    sealed BYTEA NOT NULL,
    at TIMESTAMPTZ NOT NULL
);
CREATE TABLE proxy_file (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE UNIQUE,
    recorded_by UUID NOT NULL,
    consent VARCHAR(8) NOT NULL,
    consent_at TIMESTAMPTZ NOT NULL,
    call_back VARCHAR(5) NOT NULL,
    call_round BOOLEAN NOT NULL,
    coupon VARCHAR(6),
    called_at TIMESTAMPTZ
);
CREATE TABLE notice (
    id UUID PRIMARY KEY,
    person UUID REFERENCES member ON DELETE CASCADE,
    what VARCHAR(16) NOT NULL,
    post UUID REFERENCES post ON DELETE CASCADE,
    who UUID,
    once VARCHAR(120) NOT NULL UNIQUE,
    at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ
);
CREATE TABLE volunteer (
    id UUID PRIMARY KEY,
    member UUID REFERENCES member ON DELETE CASCADE UNIQUE,
    needs VARCHAR(80) NOT NULL,
    slots VARCHAR(160) NOT NULL,
    reach VARCHAR(10) NOT NULL,
    means VARCHAR(20) NOT NULL,
    shown VARCHAR(10) NOT NULL,
    building VARCHAR(64),
    building_at TIMESTAMPTZ,
    paused_until TIMESTAMPTZ,
    changed_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE photo (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    author UUID REFERENCES member ON DELETE CASCADE,
    purpose VARCHAR(8) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    alt VARCHAR(200) NOT NULL,
    at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX claim_active ON claim (post) WHERE state = 'active';
CREATE UNIQUE INDEX claim_waiting ON claim (post, member) WHERE state IN ('proposed', 'second');
CREATE INDEX claim_post ON claim (post, id);
CREATE INDEX claim_member ON claim (member, state);
CREATE INDEX viewing_post ON viewing (post, id);
CREATE INDEX message_post ON message (post, id);
CREATE INDEX notice_new ON notice (person, post) WHERE seen_at IS NULL;
CREATE INDEX notice_person ON notice (person, id);
CREATE INDEX photo_post ON photo (post, id);
CREATE INDEX photo_hash ON photo (hash);
CREATE INDEX post_taker ON post (taker, state) WHERE taker IS NOT NULL;
CREATE INDEX post_lease ON post (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX post_offer ON post (offer) WHERE offer IS NOT NULL;
CREATE INDEX post_help ON post (need, state) WHERE need IS NOT NULL;
DROP INDEX post_board;
DROP INDEX post_board_kind;
DROP INDEX post_board_street;
CREATE INDEX post_board ON post (rank DESC, id DESC, {SHOWN}, kind) WHERE listed;
CREATE INDEX post_board_kind ON post (kind, rank DESC, id DESC, {SHOWN}) WHERE listed;
CREATE INDEX post_board_street ON post (street, rank DESC, id DESC, {SHOWN}, kind) WHERE listed
"""


async def forwards() -> MigrationManager:
    """Create them."""
    manager = MigrationManager(migration_id=ID, app_name="palier", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS.split(";"):
            await change(statement)

    manager.add_raw(run)
    return manager
