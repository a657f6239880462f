"""A reply under a post."""

from datetime import UTC, datetime
from uuid import UUID as Id

from piccolo.columns import ForeignKey, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base import tombstones
from server.base.budgets import REPLY
from server.base.columns import moment, moment_of, now, row_id
from server.base.database import execute, query, transaction
from server.base.ids import uuid7
from server.base.spending import spend
from server.news.told import Notice
from server.people.member import Member
from server.posts.post import Post

LIMIT = 600
EVER = datetime(2000, 1, 1, tzinfo=UTC)

# What each turn is called among the tombstones.
ASIDE = {
    ("withdrawn_at", True): "reply-withdrawn", ("withdrawn_at", False): "reply-put-back",
    ("hidden_at", True): "reply-hidden", ("hidden_at", False): "reply-shown",
}  # fmt: skip


class Reply(Table):
    """Text that the whole quartier reads."""

    id = row_id()
    post = ForeignKey(Post, on_delete=OnDelete.cascade)
    author = ForeignKey(Member, on_delete=OnDelete.cascade)
    text = Varchar(LIMIT)
    created_at = moment()
    withdrawn_at = moment(null=True)
    hidden_at = moment(null=True)

    @staticmethod
    async def write(post: Id, author: Id, text: str) -> Id:
        """Reply to a post. Raises TooMuch."""
        reply = Reply(id=uuid7(), post=post, author=author, text=text)
        async with transaction():
            await spend(author, REPLY)
            await Reply.insert(reply)
            await _recount(post)
            found = await query("SELECT author FROM post WHERE id = {}", post)
            await Notice.tell_anew(found[0]["author"], "replied", post, author, reply.id)
        return reply.id

    @staticmethod
    async def beyond(post: Id, start: Id | None, most: int, *, back: bool) -> list[dict]:
        """Replies of a post after ``start``, or ``back`` before it, with their authors; those out of sight included.

        None starts at the end of the thread.
        """
        sql = (
            "SELECT r.*, m.name AS author_name FROM reply r JOIN member m ON m.id = r.author WHERE r.post = {}"
            + ("" if start is None else " AND r.id < {}" if back else " AND r.id > {}")
            + (" ORDER BY r.id DESC LIMIT {}" if back else " ORDER BY r.id LIMIT {}")
        )
        return await Reply.raw(sql, post, *([] if start is None else [start]), most)

    @staticmethod
    async def load(reply: Id) -> dict | None:
        """One reply, or None."""
        return await Reply.select().where(Reply.id == reply).first()

    @staticmethod
    async def set_aside(reply: Id, column: str, aside: bool) -> None:
        """Withdraw (``withdrawn_at``) or hide (``hidden_at``) a reply, or undo that."""
        assert column in ("withdrawn_at", "hidden_at")
        async with transaction():
            rows = await execute(
                f"UPDATE reply SET {column} = {{}} WHERE id = {{}} RETURNING post", now() if aside else None, reply
            )
            if rows:
                await _recount(rows[0]["post"])
                if aside:
                    await _take_news_back(rows[0]["post"], reply)
                tombstones.note(ASIDE[column, aside], reply)


async def _take_news_back(post: Id, reply: Id) -> None:
    """Nobody is led to what is not there. Replies that were not told apart, for that news waited, are told now."""
    person = (await query("SELECT author FROM post WHERE id = {}", post))[0]["author"]
    if not await Notice.take_back(person, "replied", reply):
        return
    seen = await query(
        "SELECT max(seen_at) AS at FROM notice WHERE person = {} AND post = {} AND what = 'replied'", person, post
    )
    left = await query(
        "SELECT id, author FROM reply WHERE post = {} AND author <> {} AND withdrawn_at IS NULL AND hidden_at IS NULL"
        " AND created_at > {} ORDER BY id DESC LIMIT 1",
        post, person, moment_of(seen[0]["at"]) or EVER,
    )  # fmt: skip
    for row in left:
        await Notice.tell_anew(person, "replied", post, row["author"], f"{row['id']}:{reply}")


async def _recount(post: Id) -> None:
    # In two statements: on PostgreSQL one that waited for the post's row would count replies
    # as they were before it waited.
    await execute("UPDATE post SET version = version + 1 WHERE id = {}", post)
    await execute(
        "UPDATE post SET replies = (SELECT count(*) FROM reply"
        " WHERE post = {} AND withdrawn_at IS NULL AND hidden_at IS NULL) WHERE id = {}",
        post,
        post,
    )
