"""What the tables alone do not say: the board's indexes, and a log that nobody can rewrite.

Written once for both engines; only the triggers are spelt differently.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database import ON_POSTGRES, change

ID = "2026-11-24T15:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes of the board; the log is append-only"

SHOWN = "version, author, expires_at, listed"
INDEXES = (
    # The board reads nothing but its index: the order first, then what it shows of each row.
    f"CREATE INDEX post_board ON post (rank DESC, id DESC, {SHOWN}, kind) WHERE listed",
    f"CREATE INDEX post_board_kind ON post (kind, rank DESC, id DESC, {SHOWN}) WHERE listed",
    f"CREATE INDEX post_board_street ON post (street, rank DESC, id DESC, {SHOWN}, kind) WHERE listed",
    "CREATE INDEX post_expiry ON post (expires_at) WHERE listed",
    "CREATE INDEX post_start ON post (kind, starts_at) WHERE listed",
    "CREATE INDEX post_author ON post (author)",
    "CREATE UNIQUE INDEX mark_once ON mark (post, member, kind)",
    "CREATE INDEX reply_post ON reply (post, id)",
    "CREATE INDEX track_post ON track (post, id)",
    "CREATE INDEX session_member ON session (member)",
    "CREATE INDEX door_key_member ON door_key (member)",
    "CREATE INDEX invitation_author ON invitation (author)",
    "CREATE INDEX member_role ON member (role)",
    "CREATE UNIQUE INDEX receipt_once ON receipt (actor, key)",
    "CREATE INDEX receipt_created ON receipt (created_at)",
    "CREATE INDEX report_waiting ON report (post, reply) WHERE closed_at IS NULL",
)

APPEND_ONLY_SQLITE = tuple(
    f"CREATE TRIGGER log_entry_no_{verb.lower()} BEFORE {verb} ON log_entry"
    " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
    for verb in ("UPDATE", "DELETE")
)
APPEND_ONLY_POSTGRES = (
    "CREATE FUNCTION refuse_log_change() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$",
    "CREATE TRIGGER log_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_entry"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_log_change()",
)


async def forwards() -> MigrationManager:
    """Add them all."""
    manager = MigrationManager(migration_id=ID, app_name="palier", description=DESCRIPTION)

    async def run() -> None:
        for statement in INDEXES + (APPEND_ONLY_POSTGRES if ON_POSTGRES else APPEND_ONLY_SQLITE):
            await change(statement)

    manager.add_raw(run)
    return manager
