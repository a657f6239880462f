"""Indexes, so that no page and no round of upkeep goes through all that a board has ever held."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database import change

ID = "2026-11-27T22:00:00:000013"
VERSION = "1.38.0"
DESCRIPTION = "Nothing that happens often goes through all posts"

STATEMENTS = """
CREATE INDEX post_open ON post (expires_at) WHERE kind = 'help' AND state = 'open';
CREATE INDEX post_wanted ON post (created_at) WHERE kind = 'help' AND offer IS NULL;
CREATE INDEX post_offered ON post (expires_at) WHERE kind = 'offer' AND closed_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX post_named ON post (id) WHERE building IS NOT NULL OR helped IS NOT NULL;
CREATE INDEX post_pictures ON post (withdrawn_at) WHERE withdrawn_at IS NOT NULL AND photos > 0;
CREATE INDEX photo_receipt ON photo (post) WHERE purpose = 'receipt';
CREATE INDEX claim_ended ON claim (state, ended_at);
CREATE INDEX notice_at ON notice (at);
CREATE INDEX notice_trial ON notice (at) WHERE what = 'trial';
CREATE INDEX reply_author ON reply (author);
CREATE INDEX mark_member ON mark (member);
CREATE INDEX track_member ON track (member);
CREATE INDEX photo_author ON photo (author);
CREATE INDEX report_post ON report (post);
CREATE INDEX report_reply ON report (reply) WHERE reply IS NOT NULL;
CREATE INDEX report_member ON report (member);
CREATE INDEX report_open ON report (id) WHERE closed_at IS NULL;
CREATE INDEX log_verb ON log_entry (verb, id)
"""


async def forwards() -> MigrationManager:
    """Add the indexes."""
    manager = MigrationManager(migration_id=ID, app_name="palier", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS.split(";"):
            await change(statement)

    manager.add_raw(run)
    return manager
