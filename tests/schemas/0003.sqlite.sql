BEGIN TRANSACTION;
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
CREATE TABLE door_key (
    id UUID PRIMARY KEY,
    member UUID REFERENCES member ON DELETE CASCADE,
    kind VARCHAR(4) NOT NULL,
    token_hash VARCHAR(64) NOT NULL UNIQUE,
    code_hash VARCHAR(64) UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ
);
INSERT INTO "door_key" VALUES('01a20d70-1920-7260-a124-e1f020c28d51','01a20d6e-4460-725e-a8f4-2de73fa14720','card','6cd2a810b956060b388205df272830f8616fac79f3be5c4ccf8b76a3f0404c95',NULL,'2026-11-24 12:00:00+00:00',NULL);
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
CREATE TABLE mark (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    member UUID REFERENCES member ON DELETE CASCADE,
    kind VARCHAR(8) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
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
INSERT INTO "member" VALUES('01a20d6e-4460-725e-a8f4-2de73fa14720','Ada Lopès','rue des Lilas',NULL,NULL,'admin',0,NULL,'auto',NULL,NULL,NULL,'2026-11-24 12:00:00+00:00',NULL,NULL,0);
CREATE TABLE message (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    author UUID REFERENCES member ON DELETE CASCADE,
    sealed BYTEA NOT NULL,
    at TIMESTAMPTZ NOT NULL
);
CREATE TABLE "migration" ("id" INTEGER PRIMARY KEY NOT NULL, "name" VARCHAR(200) NOT NULL DEFAULT '', "app_name" VARCHAR(200) NOT NULL DEFAULT '', "ran_on" TIMESTAMP NOT NULL DEFAULT current_timestamp);
INSERT INTO "migration" VALUES(1,'2026-11-24T15:30:00:000000','palier','2026-11-27 19:14:38.217436');
INSERT INTO "migration" VALUES(2,'2026-11-24T15:40:00:000000','palier','2026-11-27 19:14:38.235243');
INSERT INTO "migration" VALUES(3,'2026-11-24T18:30:00:000000','palier','2026-11-27 19:14:38.244598');
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
INSERT INTO "notice" VALUES('01a20d72-d840-7263-b9e1-8a01310b2eeb','01a20d6e-4460-725e-a8f4-2de73fa14720','replied','01a20d6f-2ec0-725f-b347-a3fe09cfb1ff',NULL,'replied:x','2026-11-24 12:00:00+00:00',NULL);
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
, lease_until TIMESTAMPTZ, on_behalf BOOLEAN NOT NULL DEFAULT FALSE, offer UUID, building VARCHAR(64), closed_at TIMESTAMPTZ, photos INTEGER NOT NULL DEFAULT 0);
INSERT INTO "post" VALUES('01a20d6f-2ec0-725f-b347-a3fe09cfb1ff','01a20d6e-4460-725e-a8f4-2de73fa14720','help','',1,0,1,'2026-11-24 12:00:00+00:00','2999-01-01 00:00:00+00:00',NULL,NULL,NULL,'Du pain ?','',NULL,'courses',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'open',NULL,NULL,NULL,NULL,NULL,0,0,0,0,0,0,NULL,0,NULL,NULL,NULL,0);
CREATE TABLE private_part (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE UNIQUE,
    sealed BYTEA NOT NULL,
    paid BYTEA,
    taker_settled_at TIMESTAMPTZ,
    asker_settled_at TIMESTAMPTZ
);
INSERT INTO "private_part" VALUES('01a20d71-ede0-7262-81cb-2bb1c351842b','01a20d6f-2ec0-725f-b347-a3fe09cfb1ff',X'010BADCAFE0400076D784B9E42BE72D9E6E3A76FD2420AD0DBADD9A41FCF963EBB1DD1B4FFCE0E52AF39C39027C107478AC40FC6B35234B13117903F595AA6',NULL,NULL,NULL);
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
INSERT INTO "quartier" VALUES(1,'Les Lilas','Lyon','rue des Lilas','','','','','',1,'2026-11-24 12:00:00+00:00');
CREATE TABLE receipt (
    id UUID PRIMARY KEY,
    actor UUID NOT NULL,
    key VARCHAR(64) NOT NULL,
    route VARCHAR(80) NOT NULL,
    body_hash VARCHAR(64) NOT NULL,
    made UUID,
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
INSERT INTO "reply" VALUES('01a20d71-0380-7261-af43-727935aad68e','01a20d6f-2ec0-725f-b347-a3fe09cfb1ff','01a20d6e-4460-725e-a8f4-2de73fa14720','J’y vais','2026-11-24 12:00:00+00:00',NULL,NULL);
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
CREATE TABLE session (
    id UUID PRIMARY KEY,
    member UUID REFERENCES member ON DELETE CASCADE,
    token_hash VARCHAR(64) NOT NULL UNIQUE,
    device VARCHAR(80) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL
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
CREATE TABLE viewing (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    viewer UUID REFERENCES member ON DELETE CASCADE,
    reason VARCHAR(300),
    at TIMESTAMPTZ NOT NULL
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
CREATE INDEX post_expiry ON post (expires_at) WHERE listed;
CREATE INDEX post_start ON post (kind, starts_at) WHERE listed;
CREATE INDEX post_author ON post (author);
CREATE UNIQUE INDEX mark_once ON mark (post, member, kind);
CREATE INDEX reply_post ON reply (post, id);
CREATE INDEX track_post ON track (post, id);
CREATE INDEX session_member ON session (member);
CREATE INDEX door_key_member ON door_key (member);
CREATE INDEX invitation_author ON invitation (author);
CREATE INDEX member_role ON member (role);
CREATE UNIQUE INDEX receipt_once ON receipt (actor, key);
CREATE INDEX receipt_created ON receipt (created_at);
CREATE INDEX report_waiting ON report (post, reply) WHERE closed_at IS NULL;
CREATE TRIGGER log_entry_no_update BEFORE UPDATE ON log_entry BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_entry_no_delete BEFORE DELETE ON log_entry BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
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
CREATE INDEX post_board ON post (rank DESC, id DESC, version, author, taker, expires_at, listed, kind) WHERE listed;
CREATE INDEX post_board_kind ON post (kind, rank DESC, id DESC, version, author, taker, expires_at, listed) WHERE listed;
CREATE INDEX post_board_street ON post (street, rank DESC, id DESC, version, author, taker, expires_at, listed, kind) WHERE listed
;
COMMIT;
