BEGIN TRANSACTION;
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
CREATE TABLE budget (
    id UUID PRIMARY KEY,
    who VARCHAR(80) NOT NULL,
    gesture VARCHAR(20) NOT NULL,
    full_at INTEGER NOT NULL,
    spent INTEGER NOT NULL
);
CREATE TABLE claim (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    member UUID REFERENCES member ON DELETE CASCADE,
    state VARCHAR(10) NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    reason VARCHAR(200),
    viewed_at TIMESTAMPTZ
, way VARCHAR(8));
CREATE TABLE custody (
    id UUID PRIMARY KEY,
    key_mark VARCHAR(64) NOT NULL,
    vapid_mark VARCHAR(64) NOT NULL,
    sealed BYTEA NOT NULL,
    epoch INTEGER NOT NULL,
    restored_at TIMESTAMPTZ
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
INSERT INTO "door_key" VALUES('01a20d70-1920-7d1f-8131-415ec8b93ab4','01a20d6e-4460-7d1d-8284-98e4abf66f03','card','4f367644e3bdeb63f0a8e81a0adf244a1d2024b0bcd0de9a6866fcee6808766c',NULL,'2026-11-24 12:00:00+00:00',NULL);
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
, invitation UUID, shut_until TIMESTAMPTZ);
INSERT INTO "member" VALUES('01a20d6e-4460-7d1d-8284-98e4abf66f03','Ada Lopès','rue des Lilas',NULL,NULL,'admin',0,NULL,'auto',NULL,NULL,NULL,'2026-11-24 12:00:00+00:00',NULL,NULL,0,NULL,NULL);
CREATE TABLE message (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    author UUID REFERENCES member ON DELETE CASCADE,
    sealed BYTEA NOT NULL,
    at TIMESTAMPTZ NOT NULL
);
CREATE TABLE "migration" ("id" INTEGER PRIMARY KEY NOT NULL, "name" VARCHAR(200) NOT NULL DEFAULT '', "app_name" VARCHAR(200) NOT NULL DEFAULT '', "ran_on" TIMESTAMP NOT NULL DEFAULT current_timestamp);
INSERT INTO "migration" VALUES(1,'2026-11-24T15:30:00:000000','palier','2026-11-27 22:10:14.031838');
INSERT INTO "migration" VALUES(2,'2026-11-24T15:40:00:000000','palier','2026-11-27 22:10:14.033254');
INSERT INTO "migration" VALUES(3,'2026-11-24T18:30:00:000000','palier','2026-11-27 22:10:14.036227');
INSERT INTO "migration" VALUES(4,'2026-11-24T22:10:00:000001','palier','2026-11-27 22:10:14.036505');
INSERT INTO "migration" VALUES(5,'2026-11-25T19:10:00:000000','palier','2026-11-27 22:10:14.038120');
INSERT INTO "migration" VALUES(6,'2026-11-25T23:05:00:000000','palier','2026-11-27 22:10:14.038397');
INSERT INTO "migration" VALUES(7,'2026-11-27T18:40:00:000000','palier','2026-11-27 22:10:14.042621');
INSERT INTO "migration" VALUES(8,'2026-11-27T18:40:00:000008','palier','2026-11-27 22:10:14.043022');
CREATE TABLE migration_sum (
    id UUID PRIMARY KEY,
    name VARCHAR(40) NOT NULL UNIQUE,
    sum VARCHAR(64) NOT NULL
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
, alerted_at TIMESTAMPTZ, opened_at TIMESTAMPTZ, woke BOOLEAN NOT NULL DEFAULT FALSE, times INTEGER NOT NULL DEFAULT 1);
INSERT INTO "notice" VALUES('01a20d72-d840-7d22-aece-73281afd1571','01a20d6e-4460-7d1d-8284-98e4abf66f03','replied','01a20d6f-2ec0-7d1e-9109-919d1bf074d9',NULL,'replied:x','2026-11-24 12:00:00+00:00',NULL,NULL,NULL,0,1);
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
, lease_until TIMESTAMPTZ, on_behalf BOOLEAN NOT NULL DEFAULT FALSE, offer UUID, building VARCHAR(64), closed_at TIMESTAMPTZ, photos INTEGER NOT NULL DEFAULT 0, agreed BOOLEAN NOT NULL DEFAULT FALSE, unlocked_at TIMESTAMPTZ, places INTEGER NOT NULL DEFAULT 0, helped VARCHAR(64));
INSERT INTO "post" VALUES('01a20d6f-2ec0-7d1e-9109-919d1bf074d9','01a20d6e-4460-7d1d-8284-98e4abf66f03','help','',1,0,1,'2026-11-24 12:00:00+00:00','2999-01-01 00:00:00+00:00',NULL,NULL,NULL,'Du pain ?','',NULL,'courses',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'open',NULL,NULL,NULL,NULL,NULL,0,0,0,0,0,0,NULL,0,NULL,NULL,NULL,0,0,NULL,0,NULL);
CREATE TABLE private_part (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE UNIQUE,
    sealed BYTEA NOT NULL,
    paid BYTEA,
    taker_settled_at TIMESTAMPTZ,
    asker_settled_at TIMESTAMPTZ
);
INSERT INTO "private_part" VALUES('01a20d71-ede0-7d21-a1cf-1a7cfbc28abd','01a20d6f-2ec0-7d1e-9109-919d1bf074d9',X'010BADCAFE9F9D96E9C8F1E67BB717ADA9FB2A44E9129EF984E43FADF83EFF32D87EEE2953E916B9A720EEE7D22B3B962A4E458C8051DB91603D82D1EDB574',NULL,NULL,NULL);
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
INSERT INTO "reply" VALUES('01a20d71-0380-7d20-8bf0-24925d87aa68','01a20d6f-2ec0-7d1e-9109-919d1bf074d9','01a20d6e-4460-7d1d-8284-98e4abf66f03','J’y vais','2026-11-24 12:00:00+00:00',NULL,NULL);
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
CREATE TABLE safety_run (
    id UUID PRIMARY KEY,
    what VARCHAR(6) NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    seconds INTEGER NOT NULL,
    kilobytes INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    fault VARCHAR(200)
);
CREATE TABLE session (
    id UUID PRIMARY KEY,
    member UUID REFERENCES member ON DELETE CASCADE,
    token_hash VARCHAR(64) NOT NULL UNIQUE,
    device VARCHAR(80) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL
);
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
CREATE TABLE track (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    member UUID REFERENCES member ON DELETE CASCADE,
    title VARCHAR(90) NOT NULL,
    artist VARCHAR(90) NOT NULL,
    link VARCHAR(400),
    created_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE "viewing" (
    id UUID PRIMARY KEY,
    post UUID REFERENCES post ON DELETE CASCADE,
    viewer UUID NOT NULL,
    name BYTEA,
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
CREATE INDEX message_post ON message (post, id);
CREATE INDEX notice_new ON notice (person, post) WHERE seen_at IS NULL;
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
CREATE INDEX post_asked ON post (author) WHERE need IS NOT NULL AND withdrawn_at IS NULL AND state IN ('open', 'taken');
CREATE UNIQUE INDEX alert_push ON alert (notice, subscription) WHERE subscription IS NOT NULL;
CREATE UNIQUE INDEX alert_mail ON alert (notice) WHERE subscription IS NULL;
CREATE INDEX alert_due ON alert (due_at) WHERE state = 'waiting';
CREATE INDEX alert_device ON alert (subscription);
CREATE INDEX subscription_member ON subscription (member);
CREATE INDEX alarm_next ON alarm (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX alarm_author ON alarm (author, begun_at);
CREATE INDEX notice_post ON notice (post);
CREATE INDEX notice_woke ON notice (person, at) WHERE woke
;
CREATE INDEX alert_notice ON alert (notice);
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
CREATE INDEX notice_person ON notice (person, at)
;
COMMIT;
