BEGIN TRANSACTION;
CREATE TABLE door_key (
    id UUID PRIMARY KEY,
    member UUID REFERENCES member ON DELETE CASCADE,
    kind VARCHAR(4) NOT NULL,
    token_hash VARCHAR(64) NOT NULL UNIQUE,
    code_hash VARCHAR(64) UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ
);
INSERT INTO "door_key" VALUES('01a20d70-1920-761a-9fed-c23d6a8a1262','01a20d6e-4460-7618-9f1b-e5414cb7729c','card','5d54af4aebdfb44dd39fb67e13c65904639a5c1e94c3356dec50c31530964f86',NULL,'2026-11-24 12:00:00+00:00',NULL);
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
INSERT INTO "member" VALUES('01a20d6e-4460-7618-9f1b-e5414cb7729c','Ada Lopès','rue des Lilas',NULL,NULL,'admin',0,NULL,'auto',NULL,NULL,NULL,'2026-11-24 12:00:00+00:00',NULL,NULL,0);
CREATE TABLE "migration" ("id" INTEGER PRIMARY KEY NOT NULL, "name" VARCHAR(200) NOT NULL DEFAULT '', "app_name" VARCHAR(200) NOT NULL DEFAULT '', "ran_on" TIMESTAMP NOT NULL DEFAULT current_timestamp);
INSERT INTO "migration" VALUES(1,'2026-11-24T15:30:00:000000','palier','2026-11-27 19:14:35.141209');
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
INSERT INTO "post" VALUES('01a20d6f-2ec0-7619-b4a0-88cb473ecdb1','01a20d6e-4460-7618-9f1b-e5414cb7729c','help','',1,0,1,'2026-11-24 12:00:00+00:00','2999-01-01 00:00:00+00:00',NULL,NULL,NULL,'Du pain ?','',NULL,'courses',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'open',NULL,NULL,NULL,NULL,NULL,0,0,0,0,0,0);
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
INSERT INTO "reply" VALUES('01a20d71-0380-761b-9391-2b913b988303','01a20d6f-2ec0-7619-b4a0-88cb473ecdb1','01a20d6e-4460-7618-9f1b-e5414cb7729c','J’y vais','2026-11-24 12:00:00+00:00',NULL,NULL);
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
COMMIT;
