"""A neighbour points out a post or a reply to the moderators."""

from datetime import datetime
from uuid import UUID as Id

from piccolo.columns import UUID, ForeignKey, Text, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base.budgets import REPORT
from server.base.columns import moment, moment_of, now, row_id
from server.base.database import execute, query, read_now, transaction
from server.base.shapes import N_
from server.base.spending import spend
from server.people.member import Member
from server.posts.post import Post
from server.talk.reply import Reply

LIMIT = 300
# Reasons of one case that are read out; of the others only the count.
REASONS = 10
NO_REASON = N_("Dites en quelques mots ce qui ne va pas.")


class Report(Table):
    """Open until a moderator closes it; the author of the post never learns who wrote it."""

    id = row_id()
    post = ForeignKey(Post, on_delete=OnDelete.cascade)
    reply = ForeignKey(Reply, null=True, default=None, on_delete=OnDelete.cascade)
    member = ForeignKey(Member, on_delete=OnDelete.cascade)
    reason = Varchar(LIMIT)
    # What stood there when it was pointed out: its author may correct it since.
    words = Text(default="")
    created_at = moment()
    closed_at = moment(null=True)
    closed_by = UUID(null=True, default=None)

    @staticmethod
    async def write(post: Id, reply: Id | None, member: Id, reason: str) -> None:
        """Report; a second report of the same thing by the same person is the first. Raises TooMuch."""
        async with transaction():
            # Taking the member's row makes a double tap wait, then find the first report.
            await execute("UPDATE member SET version = version WHERE id = {}", member)
            already = await Report.exists().where(
                (Report.post == post)
                & (Report.reply == reply if reply else Report.reply.is_null())
                & (Report.member == member)
                & Report.closed_at.is_null()
            )
            if not already:
                await spend(member, REPORT)
                words = await _words_of(post, reply)
                await Report.insert(Report(post=post, reply=reply, member=member, reason=reason, words=words))

    @staticmethod
    async def waiting(after: Id | None = None, most: int = 50) -> list[dict]:
        """Open cases, the oldest first: each reported thing once, with how often (``times``) and its first reasons.

        ``first`` is the id of its first report, by which the next page begins ``after`` it.
        """
        # An id is text here: PostgreSQL knows no least of its own type.
        cases = await Report.raw(
            "SELECT post, reply, min(CAST(id AS VARCHAR)) AS first, count(*) AS times FROM report"
            " WHERE closed_at IS NULL GROUP BY post, reply HAVING min(CAST(id AS VARCHAR)) > {} ORDER BY 3 LIMIT {}",
            str(after or ""), most,
        )  # fmt: skip
        return [await _case(case) for case in cases]

    @staticmethod
    async def first_of(post: Id, reply: Id | None) -> datetime | None:
        """When this thing was pointed out first, among the reports that are still open."""
        which, arguments = ("reply = {}", [reply]) if reply else ("reply IS NULL", [])
        rows = await query(
            f"SELECT min(created_at) AS at FROM report WHERE post = {{}} AND {which} AND closed_at IS NULL",
            post, *arguments,
        )  # fmt: skip
        return moment_of(rows[0]["at"])

    @staticmethod
    async def count() -> int:
        """How many things wait in the queue."""
        rows = await read_now(
            "SELECT count(*) FROM (SELECT DISTINCT post, reply FROM report WHERE closed_at IS NULL) AS waiting"
        )
        return rows[0][0]

    @staticmethod
    async def reopen(post: Id, reply: Id | None, by: Id, since: datetime) -> bool:
        """Open again what this moderator closed when they hid the thing; true when they hid it themselves."""
        which, arguments = ("reply = {}", [reply]) if reply else ("reply IS NULL", [])
        hid = await query(
            "SELECT actor FROM log_entry WHERE thing = {} AND verb IN ('hide-post', 'hide-reply')"
            " ORDER BY id DESC LIMIT 1",
            reply or post,
        )
        if not hid or str(hid[0]["actor"]) != str(by):
            return False
        await execute(
            f"UPDATE report SET closed_at = NULL, closed_by = NULL WHERE post = {{}} AND {which}"
            " AND closed_by = {} AND closed_at >= {}",
            post, *arguments, by, since,
        )  # fmt: skip
        return True

    @staticmethod
    async def close(post: Id, reply: Id | None, by: Id) -> None:
        """Close every open report of this thing."""
        which = "reply = {}" if reply else "reply IS NULL"
        arguments = [now(), by, post] + ([reply] if reply else [])
        await execute(
            f"UPDATE report SET closed_at = {{}}, closed_by = {{}} WHERE post = {{}} AND {which} AND closed_at IS NULL",
            *arguments,
        )


async def _case(case: dict) -> dict:
    which = "r.reply = {}" if case["reply"] else "r.reply IS NULL"
    rows = await Report.raw(
        "SELECT r.post, r.reply, r.reason, r.words, r.created_at, p.kind, p.title, p.body, p.hidden_at,"
        " p.withdrawn_at, p.author, y.author AS reply_author, a.name AS author_name, a.street AS author_street,"
        " y.text AS reply_text,"
        " y.hidden_at AS reply_hidden, y.withdrawn_at AS reply_withdrawn,"
        " b.name AS reply_author_name, b.street AS reply_author_street"
        " FROM report r JOIN post p ON p.id = r.post JOIN member a ON a.id = p.author"
        " LEFT JOIN reply y ON y.id = r.reply LEFT JOIN member b ON b.id = y.author"
        f" WHERE r.closed_at IS NULL AND r.post = {{}} AND {which} ORDER BY r.id LIMIT {{}}",
        case["post"], *([case["reply"]] if case["reply"] else []), REASONS,
    )  # fmt: skip
    first = rows[0]
    now = first["reply_text"] if case["reply"] else in_words(first["title"], first["body"])
    reasons = [row["reason"] for row in rows]
    return first | {"first": case["first"], "times": case["times"], "reasons": reasons, "now": now}


async def _words_of(post: Id, reply: Id | None) -> str:
    if reply:
        rows = await query("SELECT text FROM reply WHERE id = {}", reply)
        return rows[0]["text"] if rows else ""
    rows = await query("SELECT title, body FROM post WHERE id = {}", post)
    return in_words(rows[0]["title"], rows[0]["body"]) if rows else ""


def in_words(title: str, body: str) -> str:
    """What a post says, in one piece."""
    return ". ".join(filter(None, (title, body)))
