CREATE FUNCTION public.refuse_log_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
CREATE TABLE public.door_key (
    id uuid NOT NULL,
    member uuid,
    kind character varying(4) NOT NULL,
    token_hash character varying(64) NOT NULL,
    code_hash character varying(64),
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone
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
    version integer NOT NULL
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
    tracks integer NOT NULL
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
    closed_by uuid
);
CREATE TABLE public.session (
    id uuid NOT NULL,
    member uuid,
    token_hash character varying(64) NOT NULL,
    device character varying(80) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL
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
ALTER TABLE ONLY public.migration ALTER COLUMN id SET DEFAULT nextval('public.migration_id_seq'::regclass);
INSERT INTO public.door_key VALUES ('01a20d70-1920-7576-baa7-f1dad3b4a540', '01a20d6e-4460-7574-b116-1c817de31708', 'card', 'eaaaf3e12934b39ff58e1e0ab7e2cf3d9edb49d6ae69fa5f9ba058804956950a', NULL, '2026-11-24 12:00:00+00', NULL);
INSERT INTO public.member VALUES ('01a20d6e-4460-7574-b116-1c817de31708', 'Ada Lopès', 'rue des Lilas', NULL, NULL, 'admin', 0, NULL, 'auto', NULL, NULL, NULL, '2026-11-24 12:00:00+00', NULL, NULL, 0);
INSERT INTO public.migration VALUES (1, '2026-11-24T15:30:00:000000', 'palier', '2026-11-27 19:15:39.176793');
INSERT INTO public.migration VALUES (2, '2026-11-24T15:40:00:000000', 'palier', '2026-11-27 19:15:39.193688');
INSERT INTO public.post VALUES ('01a20d6f-2ec0-7575-b203-0b956bb686a9', '01a20d6e-4460-7574-b116-1c817de31708', 'help', '', 1, 0, true, '2026-11-24 12:00:00+00', '2999-01-01 00:00:00+00', NULL, NULL, NULL, 'Du pain ?', '', NULL, 'courses', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'open', NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0);
INSERT INTO public.quartier VALUES (1, 'Les Lilas', 'Lyon', 'rue des Lilas', '', '', '', '', '', 1, '2026-11-24 12:00:00+00');
INSERT INTO public.reply VALUES ('01a20d71-0380-7577-85b7-d7fdcbe211b6', '01a20d6f-2ec0-7575-b203-0b956bb686a9', '01a20d6e-4460-7574-b116-1c817de31708', 'J’y vais', '2026-11-24 12:00:00+00', NULL, NULL);
SELECT pg_catalog.setval('public.migration_id_seq', 2, true);
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
ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.post
    ADD CONSTRAINT post_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.quartier
    ADD CONSTRAINT quartier_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.track
    ADD CONSTRAINT track_pkey PRIMARY KEY (id);
CREATE INDEX door_key_member ON public.door_key USING btree (member);
CREATE INDEX invitation_author ON public.invitation USING btree (author);
CREATE UNIQUE INDEX mark_once ON public.mark USING btree (post, member, kind);
CREATE INDEX member_role ON public.member USING btree (role);
CREATE INDEX post_author ON public.post USING btree (author);
CREATE INDEX post_board ON public.post USING btree (rank DESC, id DESC, version, author, expires_at, listed, kind) WHERE listed;
CREATE INDEX post_board_kind ON public.post USING btree (kind, rank DESC, id DESC, version, author, expires_at, listed) WHERE listed;
CREATE INDEX post_board_street ON public.post USING btree (street, rank DESC, id DESC, version, author, expires_at, listed, kind) WHERE listed;
CREATE INDEX post_expiry ON public.post USING btree (expires_at) WHERE listed;
CREATE INDEX post_start ON public.post USING btree (kind, starts_at) WHERE listed;
CREATE INDEX receipt_created ON public.receipt USING btree (created_at);
CREATE UNIQUE INDEX receipt_once ON public.receipt USING btree (actor, key);
CREATE INDEX reply_post ON public.reply USING btree (post, id);
CREATE INDEX report_waiting ON public.report USING btree (post, reply) WHERE (closed_at IS NULL);
CREATE INDEX session_member ON public.session USING btree (member);
CREATE INDEX track_post ON public.track USING btree (post, id);
CREATE TRIGGER log_entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.log_entry FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_log_change();
ALTER TABLE ONLY public.door_key
    ADD CONSTRAINT door_key_member_fkey FOREIGN KEY (member) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_author_fkey FOREIGN KEY (author) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.mark
    ADD CONSTRAINT mark_member_fkey FOREIGN KEY (member) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.mark
    ADD CONSTRAINT mark_post_fkey FOREIGN KEY (post) REFERENCES public.post(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.post
    ADD CONSTRAINT post_author_fkey FOREIGN KEY (author) REFERENCES public.member(id) ON DELETE CASCADE;
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
ALTER TABLE ONLY public.track
    ADD CONSTRAINT track_member_fkey FOREIGN KEY (member) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.track
    ADD CONSTRAINT track_post_fkey FOREIGN KEY (post) REFERENCES public.post(id) ON DELETE CASCADE;
