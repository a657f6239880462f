CREATE FUNCTION public.refuse_log_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
CREATE TABLE public.alarm (
    id uuid NOT NULL,
    post uuid,
    author uuid,
    begun_at timestamp with time zone NOT NULL,
    open_since timestamp with time zone NOT NULL,
    round integer NOT NULL,
    step integer NOT NULL,
    next_at timestamp with time zone,
    held_at timestamp with time zone,
    stopped_at timestamp with time zone,
    stopped_by uuid,
    called_at timestamp with time zone,
    called_by uuid
);
CREATE TABLE public.alert (
    id uuid NOT NULL,
    notice uuid NOT NULL,
    subscription uuid,
    state character varying(8) NOT NULL,
    due_at timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    tries integer NOT NULL,
    sent_at timestamp with time zone,
    heard_at timestamp with time zone
);
CREATE TABLE public.alert_choice (
    id uuid NOT NULL,
    member uuid,
    what character varying(8) NOT NULL,
    quiet_from integer NOT NULL,
    quiet_until integer NOT NULL,
    mail character varying(120),
    mail_confirmed_at timestamp with time zone,
    mail_urgent boolean NOT NULL,
    mail_digest character varying(5) NOT NULL,
    changed_at timestamp with time zone NOT NULL
);
CREATE TABLE public.budget (
    id uuid NOT NULL,
    who character varying(80) NOT NULL,
    gesture character varying(20) NOT NULL,
    full_at integer NOT NULL,
    spent integer NOT NULL
);
CREATE TABLE public.claim (
    id uuid NOT NULL,
    post uuid,
    member uuid,
    state character varying(10) NOT NULL,
    at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    reason character varying(200),
    viewed_at timestamp with time zone,
    way character varying(8)
);
CREATE TABLE public.custody (
    id uuid NOT NULL,
    key_mark character varying(64) NOT NULL,
    vapid_mark character varying(64) NOT NULL,
    sealed bytea NOT NULL,
    epoch integer NOT NULL,
    restored_at timestamp with time zone
);
CREATE TABLE public.door_key (
    id uuid NOT NULL,
    member uuid,
    kind character varying(4) NOT NULL,
    token_hash character varying(64) NOT NULL,
    code_hash character varying(64),
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    card uuid
);
CREATE TABLE public.invitation (
    id uuid NOT NULL,
    author uuid,
    token_hash character varying(64) NOT NULL,
    note character varying(60) NOT NULL,
    max_uses integer NOT NULL,
    uses integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);
CREATE TABLE public.log_entry (
    id uuid NOT NULL,
    actor uuid NOT NULL,
    role character varying(10) NOT NULL,
    verb character varying(12) NOT NULL,
    thing uuid,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.log_note (
    id uuid NOT NULL,
    entry uuid NOT NULL,
    reason character varying(300) NOT NULL
);
CREATE TABLE public.mark (
    id uuid NOT NULL,
    post uuid,
    member uuid,
    kind character varying(8) NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.member (
    id uuid NOT NULL,
    name character varying(60) NOT NULL,
    street character varying(80) NOT NULL,
    phone character varying(30),
    email character varying(120),
    role character varying(10) NOT NULL,
    text_size integer NOT NULL,
    facade character varying(10),
    theme character varying(5) NOT NULL,
    language character varying(2),
    invited_by uuid,
    vouched_by uuid,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone,
    previous_visit timestamp with time zone,
    version integer NOT NULL,
    invitation uuid,
    shut_until timestamp with time zone,
    name_key character varying(200) DEFAULT ''::character varying NOT NULL,
    wanted_name character varying(60),
    former_name character varying(60),
    renamed_at timestamp with time zone
);
CREATE TABLE public.message (
    id uuid NOT NULL,
    post uuid,
    author uuid,
    sealed bytea NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.migration (
    id integer NOT NULL,
    name character varying(200) DEFAULT ''::character varying NOT NULL,
    app_name character varying(200) DEFAULT ''::character varying NOT NULL,
    ran_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);
CREATE SEQUENCE public.migration_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.migration_id_seq OWNED BY public.migration.id;
CREATE TABLE public.migration_sum (
    id uuid NOT NULL,
    name character varying(40) NOT NULL,
    sum character varying(64) NOT NULL
);
CREATE TABLE public.notice (
    id uuid NOT NULL,
    person uuid,
    what character varying(16) NOT NULL,
    post uuid,
    who uuid,
    once character varying(120) NOT NULL,
    at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone,
    alerted_at timestamp with time zone,
    opened_at timestamp with time zone,
    woke boolean DEFAULT false NOT NULL,
    times integer DEFAULT 1 NOT NULL
);
CREATE TABLE public.photo (
    id uuid NOT NULL,
    post uuid,
    author uuid,
    purpose character varying(8) NOT NULL,
    hash character varying(64) NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    alt character varying(200) NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.post (
    id uuid NOT NULL,
    author uuid,
    kind character varying(15) NOT NULL,
    street character varying(80) NOT NULL,
    version integer NOT NULL,
    rank integer NOT NULL,
    listed boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    hidden_at timestamp with time zone,
    title character varying(90) NOT NULL,
    body text NOT NULL,
    place character varying(90),
    need character varying(12),
    urgency character varying(10),
    due_at timestamp with time zone,
    starts_at timestamp with time zone,
    repeats character varying(8),
    capacity integer,
    reach character varying(10),
    hours character varying(90),
    valid_until timestamp with time zone,
    link character varying(400),
    tone character varying(5),
    wanted character varying(6),
    state character varying(9),
    taker uuid,
    taken_at timestamp with time zone,
    done_at timestamp with time zone,
    thanked_at timestamp with time zone,
    thanked_words character varying(180),
    thanks integer NOT NULL,
    coming integer NOT NULL,
    valid integer NOT NULL,
    changed integer NOT NULL,
    replies integer NOT NULL,
    tracks integer NOT NULL,
    lease_until timestamp with time zone,
    on_behalf boolean DEFAULT false NOT NULL,
    offer uuid,
    building character varying(64),
    closed_at timestamp with time zone,
    photos integer DEFAULT 0 NOT NULL,
    agreed boolean DEFAULT false NOT NULL,
    unlocked_at timestamp with time zone,
    places integer DEFAULT 0 NOT NULL,
    helped character varying(64),
    edition integer DEFAULT 1 NOT NULL,
    kept_at timestamp with time zone,
    asks integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.private_part (
    id uuid NOT NULL,
    post uuid,
    sealed bytea NOT NULL,
    paid bytea,
    taker_settled_at timestamp with time zone,
    asker_settled_at timestamp with time zone
);
CREATE TABLE public.proxy_file (
    id uuid NOT NULL,
    post uuid,
    recorded_by uuid NOT NULL,
    consent character varying(8) NOT NULL,
    consent_at timestamp with time zone NOT NULL,
    call_back character varying(5) NOT NULL,
    call_round boolean NOT NULL,
    coupon character varying(6),
    called_at timestamp with time zone
);
CREATE TABLE public.quartier (
    id integer NOT NULL,
    name character varying(80) NOT NULL,
    town character varying(80) NOT NULL,
    streets text NOT NULL,
    facade character varying(10) NOT NULL,
    contact_name character varying(60) NOT NULL,
    contact_phone character varying(30) NOT NULL,
    contact_hours character varying(60) NOT NULL,
    letterbox character varying(120) NOT NULL,
    version integer NOT NULL,
    founded_at timestamp with time zone NOT NULL
);
CREATE TABLE public.receipt (
    id uuid NOT NULL,
    actor uuid NOT NULL,
    key character varying(64) NOT NULL,
    route character varying(80) NOT NULL,
    body_hash character varying(64) NOT NULL,
    made uuid,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.reply (
    id uuid NOT NULL,
    post uuid,
    author uuid,
    text character varying(600) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    hidden_at timestamp with time zone
);
CREATE TABLE public.report (
    id uuid NOT NULL,
    post uuid,
    reply uuid,
    member uuid,
    reason character varying(300) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    closed_by uuid,
    words text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.safety_run (
    id uuid NOT NULL,
    what character varying(6) NOT NULL,
    at timestamp with time zone NOT NULL,
    seconds integer NOT NULL,
    kilobytes integer NOT NULL,
    gone integer NOT NULL,
    fault character varying(200)
);
CREATE TABLE public.session (
    id uuid NOT NULL,
    member uuid,
    token_hash character varying(64) NOT NULL,
    device character varying(80) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    card uuid
);
CREATE TABLE public.subscription (
    id uuid NOT NULL,
    member uuid,
    session uuid,
    endpoint character varying(1000) NOT NULL,
    digest character varying(64) NOT NULL,
    p256dh character varying(90) NOT NULL,
    auth character varying(24) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    renewed_at timestamp with time zone NOT NULL,
    heard_at timestamp with time zone
);
CREATE TABLE public.track (
    id uuid NOT NULL,
    post uuid,
    member uuid,
    title character varying(90) NOT NULL,
    artist character varying(90) NOT NULL,
    link character varying(400),
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.viewing (
    id uuid NOT NULL,
    post uuid,
    viewer uuid NOT NULL,
    name bytea,
    reason character varying(300),
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.volunteer (
    id uuid NOT NULL,
    member uuid,
    needs character varying(80) NOT NULL,
    slots character varying(160) NOT NULL,
    reach character varying(10) NOT NULL,
    means character varying(20) NOT NULL,
    shown character varying(10) NOT NULL,
    building character varying(64),
    building_at timestamp with time zone,
    paused_until timestamp with time zone,
    changed_at timestamp with time zone NOT NULL
);
CREATE TABLE public.vouching (
    id uuid NOT NULL,
    member uuid,
    voucher uuid,
    at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.migration ALTER COLUMN id SET DEFAULT nextval('public.migration_id_seq'::regclass);
INSERT INTO public.door_key VALUES ('01a20d70-1920-7882-a78a-e80d6c6b3ecd', '01a20d6e-4460-7880-a5a6-f180e9320ef4', 'card', '742975933c10e5a8b9c30bb087b6cf3e25b5f647bc445d201a60cc118bb9a708', NULL, '2026-11-24 12:00:00+00', NULL, NULL);
INSERT INTO public.member VALUES ('01a20d6e-4460-7880-a5a6-f180e9320ef4', 'Ada Lopès', 'rue des Lilas', NULL, NULL, 'admin', 0, NULL, 'auto', NULL, NULL, NULL, '2026-11-24 12:00:00+00', NULL, NULL, 0, NULL, NULL, '', NULL, NULL, NULL);
INSERT INTO public.migration VALUES (1, '2026-11-24T15:30:00:000000', 'palier', '2026-11-27 22:15:25.033876');
INSERT INTO public.migration VALUES (2, '2026-11-24T15:40:00:000000', 'palier', '2026-11-27 22:15:25.068139');
INSERT INTO public.migration VALUES (3, '2026-11-24T18:30:00:000000', 'palier', '2026-11-27 22:15:25.259785');
INSERT INTO public.migration VALUES (4, '2026-11-24T22:10:00:000001', 'palier', '2026-11-27 22:15:25.33226');
INSERT INTO public.migration VALUES (5, '2026-11-25T19:10:00:000000', 'palier', '2026-11-27 22:15:25.623927');
INSERT INTO public.migration VALUES (6, '2026-11-25T23:05:00:000000', 'palier', '2026-11-27 22:15:25.640522');
INSERT INTO public.migration VALUES (7, '2026-11-27T18:40:00:000000', 'palier', '2026-11-27 22:15:25.83083');
INSERT INTO public.migration VALUES (8, '2026-11-27T18:40:00:000008', 'palier', '2026-11-27 22:15:25.87936');
INSERT INTO public.migration VALUES (9, '2026-11-27T19:00:00:000009', 'palier', '2026-11-27 22:15:25.908104');
INSERT INTO public.migration VALUES (10, '2026-11-27T19:00:00:000010', 'palier', '2026-11-27 22:15:26.02548');
INSERT INTO public.migration VALUES (11, '2026-11-27T19:00:00:000012', 'palier', '2026-11-27 22:15:26.067714');
INSERT INTO public.migration VALUES (12, '2026-11-27T20:00:00:000011', 'palier', '2026-11-27 22:15:26.096436');
INSERT INTO public.notice VALUES ('01a20d72-d840-7885-aac1-a3d5894f0754', '01a20d6e-4460-7880-a5a6-f180e9320ef4', 'replied', '01a20d6f-2ec0-7881-a01e-e62e1f722752', NULL, 'replied:x', '2026-11-24 12:00:00+00', NULL, NULL, NULL, false, 1);
INSERT INTO public.post VALUES ('01a20d6f-2ec0-7881-a01e-e62e1f722752', '01a20d6e-4460-7880-a5a6-f180e9320ef4', 'help', '', 1, 0, true, '2026-11-24 12:00:00+00', '2999-01-01 00:00:00+00', NULL, NULL, NULL, 'Du pain ?', '', NULL, 'courses', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'open', NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, NULL, false, NULL, NULL, NULL, 0, false, NULL, 0, NULL, 1, NULL, 0);
INSERT INTO public.private_part VALUES ('01a20d71-ede0-7884-8025-b77774129091', '01a20d6f-2ec0-7881-a01e-e62e1f722752', '\x010badcafe58a9cd3dad1219a5859c4cc45d9f9d63f25ac3d668e90fdd4f93bde5bb0da2ac7bb65bd35b23df39c5f5c7fa448c8a2c92c5dd50d398bbc6fa57', NULL, NULL, NULL);
INSERT INTO public.quartier VALUES (1, 'Les Lilas', 'Lyon', 'rue des Lilas', '', '', '', '', '', 1, '2026-11-24 12:00:00+00');
INSERT INTO public.reply VALUES ('01a20d71-0380-7883-8377-cb1333d442c1', '01a20d6f-2ec0-7881-a01e-e62e1f722752', '01a20d6e-4460-7880-a5a6-f180e9320ef4', 'J’y vais', '2026-11-24 12:00:00+00', NULL, NULL);
SELECT pg_catalog.setval('public.migration_id_seq', 12, true);
ALTER TABLE ONLY public.alarm
    ADD CONSTRAINT alarm_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.alarm
    ADD CONSTRAINT alarm_post_key UNIQUE (post);
ALTER TABLE ONLY public.alert_choice
    ADD CONSTRAINT alert_choice_member_key UNIQUE (member);
ALTER TABLE ONLY public.alert_choice
    ADD CONSTRAINT alert_choice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.budget
    ADD CONSTRAINT budget_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.claim
    ADD CONSTRAINT claim_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.custody
    ADD CONSTRAINT custody_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.door_key
    ADD CONSTRAINT door_key_code_hash_key UNIQUE (code_hash);
ALTER TABLE ONLY public.door_key
    ADD CONSTRAINT door_key_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.door_key
    ADD CONSTRAINT door_key_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.log_entry
    ADD CONSTRAINT log_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.log_note
    ADD CONSTRAINT log_note_entry_key UNIQUE (entry);
ALTER TABLE ONLY public.log_note
    ADD CONSTRAINT log_note_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mark
    ADD CONSTRAINT mark_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.migration_sum
    ADD CONSTRAINT migration_sum_name_key UNIQUE (name);
ALTER TABLE ONLY public.migration_sum
    ADD CONSTRAINT migration_sum_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_once_key UNIQUE (once);
ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.photo
    ADD CONSTRAINT photo_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.post
    ADD CONSTRAINT post_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.private_part
    ADD CONSTRAINT private_part_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.private_part
    ADD CONSTRAINT private_part_post_key UNIQUE (post);
ALTER TABLE ONLY public.proxy_file
    ADD CONSTRAINT proxy_file_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.proxy_file
    ADD CONSTRAINT proxy_file_post_key UNIQUE (post);
ALTER TABLE ONLY public.quartier
    ADD CONSTRAINT quartier_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.viewing
    ADD CONSTRAINT reading_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.safety_run
    ADD CONSTRAINT safety_run_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT subscription_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT subscription_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT subscription_session_key UNIQUE (session);
ALTER TABLE ONLY public.track
    ADD CONSTRAINT track_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.volunteer
    ADD CONSTRAINT volunteer_member_key UNIQUE (member);
ALTER TABLE ONLY public.volunteer
    ADD CONSTRAINT volunteer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vouching
    ADD CONSTRAINT vouching_pkey PRIMARY KEY (id);
CREATE INDEX alarm_author ON public.alarm USING btree (author, begun_at);
CREATE INDEX alarm_next ON public.alarm USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE INDEX alert_device ON public.alert USING btree (subscription);
CREATE INDEX alert_due ON public.alert USING btree (due_at) WHERE ((state)::text = 'waiting'::text);
CREATE UNIQUE INDEX alert_mail ON public.alert USING btree (notice) WHERE (subscription IS NULL);
CREATE INDEX alert_notice ON public.alert USING btree (notice);
CREATE UNIQUE INDEX alert_push ON public.alert USING btree (notice, subscription) WHERE (subscription IS NOT NULL);
CREATE INDEX budget_old ON public.budget USING btree (full_at);
CREATE UNIQUE INDEX budget_once ON public.budget USING btree (who, gesture);
CREATE UNIQUE INDEX claim_active ON public.claim USING btree (post) WHERE ((state)::text = 'active'::text);
CREATE INDEX claim_asked ON public.claim USING btree (at) WHERE (((way)::text = 'asked'::text) AND ((state)::text = 'proposed'::text));
CREATE INDEX claim_days ON public.claim USING btree (at) WHERE (way IS NOT NULL);
CREATE INDEX claim_doors ON public.claim USING btree (member, at) WHERE (way IS NOT NULL);
CREATE INDEX claim_member ON public.claim USING btree (member, state);
CREATE INDEX claim_post ON public.claim USING btree (post, id);
CREATE UNIQUE INDEX claim_waiting ON public.claim USING btree (post, member) WHERE ((state)::text = ANY ((ARRAY['proposed'::character varying, 'second'::character varying])::text[]));
CREATE INDEX door_key_member ON public.door_key USING btree (member);
CREATE INDEX invitation_author ON public.invitation USING btree (author);
CREATE INDEX log_entry_thing ON public.log_entry USING btree (thing);
CREATE UNIQUE INDEX mark_once ON public.mark USING btree (post, member, kind);
CREATE INDEX member_name_key ON public.member USING btree (name_key);
CREATE INDEX member_role ON public.member USING btree (role);
CREATE INDEX member_wanted ON public.member USING btree (id) WHERE (wanted_name IS NOT NULL);
CREATE INDEX message_post ON public.message USING btree (post, id);
CREATE INDEX notice_new ON public.notice USING btree (person, post) WHERE (seen_at IS NULL);
CREATE INDEX notice_person ON public.notice USING btree (person, at);
CREATE INDEX notice_post ON public.notice USING btree (post);
CREATE INDEX notice_woke ON public.notice USING btree (person, at) WHERE woke;
CREATE INDEX photo_hash ON public.photo USING btree (hash);
CREATE INDEX photo_post ON public.photo USING btree (post, id);
CREATE INDEX post_asked ON public.post USING btree (author) WHERE ((need IS NOT NULL) AND (withdrawn_at IS NULL) AND ((state)::text = ANY ((ARRAY['open'::character varying, 'taken'::character varying])::text[])));
CREATE INDEX post_author ON public.post USING btree (author);
CREATE INDEX post_board ON public.post USING btree (rank DESC, id DESC, version, author, taker, expires_at, listed, kind) WHERE listed;
CREATE INDEX post_board_kind ON public.post USING btree (kind, rank DESC, id DESC, version, author, taker, expires_at, listed) WHERE listed;
CREATE INDEX post_board_street ON public.post USING btree (street, rank DESC, id DESC, version, author, taker, expires_at, listed, kind) WHERE listed;
CREATE INDEX post_expiry ON public.post USING btree (expires_at) WHERE listed;
CREATE INDEX post_help ON public.post USING btree (need, state) WHERE (need IS NOT NULL);
CREATE INDEX post_helped ON public.post USING btree (helped) WHERE (helped IS NOT NULL);
CREATE INDEX post_hidden ON public.post USING btree (hidden_at) WHERE (hidden_at IS NOT NULL);
CREATE INDEX post_lease ON public.post USING btree (lease_until) WHERE (lease_until IS NOT NULL);
CREATE INDEX post_offer ON public.post USING btree (offer) WHERE (offer IS NOT NULL);
CREATE INDEX post_repeating ON public.post USING btree (starts_at) WHERE (listed AND ((repeats)::text = ANY ((ARRAY['daily'::character varying, 'weekly'::character varying])::text[])));
CREATE INDEX post_start ON public.post USING btree (kind, starts_at) WHERE listed;
CREATE INDEX post_taker ON public.post USING btree (taker, state) WHERE (taker IS NOT NULL);
CREATE INDEX receipt_created ON public.receipt USING btree (created_at);
CREATE UNIQUE INDEX receipt_once ON public.receipt USING btree (actor, key);
CREATE INDEX reply_hidden ON public.reply USING btree (hidden_at) WHERE (hidden_at IS NOT NULL);
CREATE INDEX reply_post ON public.reply USING btree (post, id);
CREATE INDEX report_waiting ON public.report USING btree (post, reply) WHERE (closed_at IS NULL);
CREATE INDEX session_member ON public.session USING btree (member);
CREATE INDEX subscription_member ON public.subscription USING btree (member);
CREATE INDEX track_post ON public.track USING btree (post, id);
CREATE INDEX viewing_at ON public.viewing USING btree (at);
CREATE INDEX viewing_plain ON public.viewing USING btree (id) WHERE (name IS NULL);
CREATE INDEX viewing_post ON public.viewing USING btree (post, id);
CREATE INDEX viewing_viewer ON public.viewing USING btree (viewer, at);
CREATE UNIQUE INDEX vouching_once ON public.vouching USING btree (member, voucher);
CREATE INDEX vouching_voucher ON public.vouching USING btree (voucher);
CREATE TRIGGER log_entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.log_entry FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_log_change();
ALTER TABLE ONLY public.alarm
    ADD CONSTRAINT alarm_author_fkey FOREIGN KEY (author) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.alarm
    ADD CONSTRAINT alarm_post_fkey FOREIGN KEY (post) REFERENCES public.post(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.alert_choice
    ADD CONSTRAINT alert_choice_member_fkey FOREIGN KEY (member) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_notice_fkey FOREIGN KEY (notice) REFERENCES public.notice(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_subscription_fkey FOREIGN KEY (subscription) REFERENCES public.subscription(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.claim
    ADD CONSTRAINT claim_member_fkey FOREIGN KEY (member) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.claim
    ADD CONSTRAINT claim_post_fkey FOREIGN KEY (post) REFERENCES public.post(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.door_key
    ADD CONSTRAINT door_key_member_fkey FOREIGN KEY (member) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_author_fkey FOREIGN KEY (author) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.mark
    ADD CONSTRAINT mark_member_fkey FOREIGN KEY (member) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.mark
    ADD CONSTRAINT mark_post_fkey FOREIGN KEY (post) REFERENCES public.post(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_author_fkey FOREIGN KEY (author) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_post_fkey FOREIGN KEY (post) REFERENCES public.post(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_person_fkey FOREIGN KEY (person) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_post_fkey FOREIGN KEY (post) REFERENCES public.post(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.photo
    ADD CONSTRAINT photo_author_fkey FOREIGN KEY (author) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.photo
    ADD CONSTRAINT photo_post_fkey FOREIGN KEY (post) REFERENCES public.post(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.post
    ADD CONSTRAINT post_author_fkey FOREIGN KEY (author) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.private_part
    ADD CONSTRAINT private_part_post_fkey FOREIGN KEY (post) REFERENCES public.post(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.proxy_file
    ADD CONSTRAINT proxy_file_post_fkey FOREIGN KEY (post) REFERENCES public.post(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.viewing
    ADD CONSTRAINT reading_post_fkey FOREIGN KEY (post) REFERENCES public.post(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_author_fkey FOREIGN KEY (author) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_post_fkey FOREIGN KEY (post) REFERENCES public.post(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_member_fkey FOREIGN KEY (member) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_post_fkey FOREIGN KEY (post) REFERENCES public.post(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_reply_fkey FOREIGN KEY (reply) REFERENCES public.reply(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_member_fkey FOREIGN KEY (member) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT subscription_member_fkey FOREIGN KEY (member) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT subscription_session_fkey FOREIGN KEY (session) REFERENCES public.session(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.track
    ADD CONSTRAINT track_member_fkey FOREIGN KEY (member) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.track
    ADD CONSTRAINT track_post_fkey FOREIGN KEY (post) REFERENCES public.post(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.volunteer
    ADD CONSTRAINT volunteer_member_fkey FOREIGN KEY (member) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.vouching
    ADD CONSTRAINT vouching_member_fkey FOREIGN KEY (member) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.vouching
    ADD CONSTRAINT vouching_voucher_fkey FOREIGN KEY (voucher) REFERENCES public.member(id) ON DELETE CASCADE;
