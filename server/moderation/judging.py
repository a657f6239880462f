"""A moderator's decision about a post or a reply: who may take it, what it does, who hears of it and why."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID as Id

from server.base.audit_log import record
from server.base.columns import now
from server.base.database import query, transaction
from server.base.ids import uuid7
from server.base.shapes import N_
from server.gatherings import attendance
from server.help import life, request
from server.moderation.report import Report
from server.news.told import Notice
from server.people.session import Viewer
from server.posts.post import Post
from server.talk.reply import Reply
from server.trust.second_person import PAUSE, decide_alone

UNDO = timedelta(minutes=10)
HIDES = {"hide-post": "post-hidden", "hide-reply": "reply-hidden"}
SHOWS = {"show-post": "post-shown", "show-reply": "reply-shown"}

YOURS = N_("C’est le vôtre : à quelqu’un d’autre de la modération d’en décider.")


async def judge(viewer: Viewer, verb: str, post: dict[str, Any], reply: dict[str, Any] | None, reason: str) -> None:
    """Hide, show again or leave a post or a reply, close its reports, write it down; its author hears, all or nothing.

    ``verb`` is one of ``audit_log.VERBS``. Raises NotPossible for what is one's own, while somebody else may decide.
    """
    thing = reply or post
    async with transaction():
        await _refuse_own(viewer, verb, thing, post["id"], reply["id"] if reply else None)
        if verb in (HIDES if thing["hidden_at"] else SHOWS):
            # Another moderator was faster.
            return
        undone = verb in SHOWS and await _undo(viewer, thing, post["id"], reply["id"] if reply else None)
        if verb in ("hide-reply", "show-reply"):
            await Reply.set_aside(reply["id"], "hidden_at", verb == "hide-reply")
        elif verb == "hide-post":
            await life.stop(post["id"])
            await Post.hide(post["id"])
        elif verb == "show-post":
            await request.show_again(post["id"])
        if not undone:
            await Report.close(post["id"], reply["id"] if reply else None, viewer.id)
        await record(viewer.id, viewer.role, verb, thing["id"], reason)
        silent = undone and await Notice.take_back_of(post["id"], "reply-hidden" if reply else "post-hidden")
        if not silent and (what := (HIDES | SHOWS).get(verb)):
            await Notice.tell(thing["author"], what, post["id"], None, uuid7())
        if verb == "hide-post" and post["listed"]:
            await attendance.tell(post, "called-off")
        if verb == "show-post" and post["withdrawn_at"] is None and post["expires_at"] > now():
            await attendance.tell(post, "on-again")


async def _refuse_own(viewer: Viewer, verb: str, thing: dict[str, Any], post: Id, reply: Id | None) -> None:
    if str(thing["author"]) != str(viewer.id):
        return
    # Without a report there is nothing to wait for: one hides one's own. What is hidden stays so for as long.
    since = thing["hidden_at"] if verb in SHOWS else await Report.first_of(post, reply)
    await decide_alone(viewer.id, thing["id"], since or now() - PAUSE, YOURS, post=post)


async def _undo(viewer: Viewer, thing: dict[str, Any], post: Id, reply: Id | None) -> bool:
    """Whether this undoes one's own hiding of a moment ago: then the reports that it closed are open again."""
    hidden_at = thing["hidden_at"]
    if hidden_at is None or hidden_at < now() - UNDO:
        return False
    return await Report.reopen(post, reply, viewer.id, hidden_at)


async def why_hidden(thing: Id) -> str:
    """The reason that was given for hiding this post or reply last; empty when it was erased."""
    rows = await query(
        "SELECT n.reason FROM log_entry e LEFT JOIN log_note n ON n.entry = e.id WHERE e.thing = {}"
        " AND e.verb IN ('hide-post', 'hide-reply') ORDER BY e.id DESC LIMIT 1",
        thing,
    )
    return (rows[0]["reason"] or "") if rows else ""


async def hidden(before: datetime | None, most: int) -> list[dict[str, Any]]:
    """What is hidden now, posts and replies, the latest first; ``place`` is where it stands: avis or reponses."""
    bound = before or now() + UNDO
    return await Post.raw(
        "SELECT 'avis' AS place, p.id, p.id AS post, p.kind, p.title, p.body AS words, m.name AS author_name,"
        " m.street AS author_street, p.author, p.hidden_at FROM post p JOIN member m ON m.id = p.author"
        " WHERE p.hidden_at IS NOT NULL AND p.hidden_at < {} AND p.withdrawn_at IS NULL"
        " UNION ALL SELECT 'reponses', r.id, r.post, p.kind, '', r.text, m.name, m.street, r.author, r.hidden_at"
        " FROM reply r JOIN post p ON p.id = r.post JOIN member m ON m.id = r.author"
        " WHERE r.hidden_at IS NOT NULL AND r.hidden_at < {} AND r.withdrawn_at IS NULL"
        " ORDER BY 10 DESC LIMIT {}",
        bound, bound, most,
    )  # fmt: skip
