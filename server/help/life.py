"""The rest of a request's life: done, thanked, opened again, cancelled, and what time does to it.

Like the verbs of ``Claim``, each locks the post first, and raises ``NotPossible`` with a sentence.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID as Id

from server.base.columns import each, now
from server.base.database import execute, query, transaction
from server.base.refusals import NotPossible
from server.base.settings import settings
from server.base.shapes import N_
from server.help.alarm import Alarm
from server.help.claim_steps import (
    ACTIVE,
    DONE,
    DROPPED,
    FINISHED,
    GONE,
    LAPSED,
    NOT_TAKEN,
    NOT_YOURS_NOW,
    PROPOSED,
    RELEASED,
    SECOND,
    active_of,
    end,
    end_waiting,
    hold_with_offer,
    latest_of,
    open_again,
    part,
    set_free,
    tell_seconds,
    watch,
)
from server.news.told import Notice
from server.posts.kinds import BY_SLUG
from server.posts.post import Post, hold, rank_of
from server.posts.reaction import Mark

# Warned when this part of the lease is left.
WARNING = 4
ASKED_ANEW = timedelta(days=2)
NOT_DONE = N_("On remercie quand c’est fait.")


async def finish(post: Id, by: Id) -> None:
    """Say that it is done: the volunteer, or who asked. Raises NotPossible."""
    async with transaction():
        one = await hold(post)
        if one is None:
            raise NotPossible(GONE)
        if one["state"] in ("done", "thanked"):
            return
        asks = str(by) == str(one["author"])
        if one["state"] != "taken" or (not asks and str(by) != str(one["taker"])):
            raise NotPossible(NOT_TAKEN if asks else NOT_YOURS_NOW)
        claim = await active_of(post)
        await end([claim["id"]], DONE)
        await end_waiting(post)
        await execute(
            "UPDATE post SET state = 'done', done_at = {}, lease_until = NULL, version = version + 1 WHERE id = {}",
            now(),
            post,
        )
        await Notice.tell(one["author"], "done", post, by, claim["id"])
        await Notice.tell(one["taker"], "done", post, by, claim["id"])


async def thank(post: Id, by: Id, words: str | None) -> None:
    """Thank the volunteer, in words that the board shows, or without. Raises NotPossible."""
    async with transaction():
        one = await hold(post)
        if one is None or one["state"] not in ("done", "thanked"):
            raise NotPossible(NOT_DONE if one else GONE)
        if one["state"] == "thanked":
            return
        await execute(
            "UPDATE post SET state = 'thanked', thanked_at = {}, thanked_words = {}, version = version + 1"
            " WHERE id = {}",
            now(),
            words,
            post,
        )
        if one["taker"] is not None:
            await Notice.tell(one["taker"], "thanked", post, by, post)


async def reopen(post: Id, by: Id) -> None:
    """Who asked opens the request again: it was not done, or somebody else should come. Raises NotPossible."""
    async with transaction():
        one = await hold_with_offer(post)
        if one is None or one["state"] == "thanked" or one["withdrawn_at"] is not None:
            raise NotPossible(FINISHED if one and one["state"] == "thanked" else GONE)
        if one["state"] == "open" and one["offer"] is None:
            return
        claim = await latest_of(post)
        if claim is not None:
            await end([claim["id"]], RELEASED)
        if one["offer"] is not None and one["state"] == "taken":
            await Mark.take_back(one["offer"], one["author"], "coming")
        # Asked anew, it is shown anew, even if its date was past.
        expiry = max(one["expires_at"], now() + ASKED_ANEW)
        await execute("UPDATE post SET expires_at = {} WHERE id = {}", expiry, post)
        await open_again(one | {"expires_at": expiry})
        if one["taker"] is not None and claim is not None:
            await Notice.tell(one["taker"], "released", post, by, claim["id"])
        await tell_seconds(one, claim["id"] if claim else post)


async def cancel(post: Id, by: Id, *, word: str = "cancelled") -> None:
    """Who asked needs no help any more: off the board; whoever was on it or waited is told."""
    async with transaction():
        one = await hold_with_offer(post)
        if one is None or one["withdrawn_at"] is not None:
            return
        if one["offer"] is not None and one["state"] == "taken":
            await Mark.take_back(one["offer"], one["author"], "coming")
        concerned = await query(
            "SELECT id, member FROM claim WHERE post = {} AND state IN ({}, {}, {})", post, ACTIVE, PROPOSED, SECOND
        )
        await end([row["id"] for row in concerned], DROPPED)
        if one["state"] == "taken":
            await part(post)
            await execute(
                "UPDATE post SET state = 'open', taker = NULL, taken_at = NULL, lease_until = NULL, rank = {}"
                " WHERE id = {}",
                rank_of(BY_SLUG[one["kind"]], one),
                post,
            )
            if one["urgency"] == "urgent":
                # Should it be put back, it has nobody any more.
                await Alarm.anew(post)
        await Post.withdraw(post)
        for row in concerned:
            await Notice.tell(row["member"], word, post, by, row["id"])


async def stop(post: Id) -> None:
    """A moderator hides a request, in the caller's transaction: whoever was on the way hears not to go."""
    one = await hold_with_offer(post)
    if one is None or one["state"] != "taken":
        return
    claim = await active_of(post)
    await end([claim["id"]], RELEASED)
    await (open_again(one) if one["offer"] is None else set_free(one))
    await Notice.tell(one["taker"], "stopped", post, None, claim["id"])


async def lapse() -> int:
    """Open again every request whose lease is over; tell everybody concerned. Twice changes nothing more."""
    due = await query("SELECT id FROM post WHERE lease_until <= {} ORDER BY lease_until LIMIT 500", now())
    return sum(await each(due, lambda row: _lapse(row["id"])))


async def _lapse(post: Id) -> bool:
    async with transaction():
        one = await hold(post)
        # Confirmed, handed back or taken by another process meanwhile.
        if one is None or one["state"] != "taken" or one["lease_until"] is None or one["lease_until"] > now():
            return False
        claim = await active_of(one["id"])
        await end([claim["id"]], LAPSED)
        await open_again(one)
        await Notice.tell(one["author"], "lapsed", one["id"], one["taker"], claim["id"])
        await Notice.tell(one["taker"], "lapsed-own", one["id"], None, claim["id"])
        await tell_seconds(one, claim["id"])
        await watch(one["id"], one["taker"], claim)
    return True


async def warn() -> None:
    """Ask who took a request, shortly before the lease ends, whether they are still on it."""
    for urgency, hours in zip(("urgent", "semaine", "sans-hate"), settings.leases, strict=True):
        rows = await query(
            "SELECT p.id, p.taker, p.lease_until, c.id AS claim FROM post p"
            " JOIN claim c ON c.post = p.id AND c.state = {}"
            " WHERE p.urgency = {} AND p.lease_until > {} AND p.lease_until <= {}",
            ACTIVE,
            urgency,
            now(),
            now() + timedelta(hours=hours) / WARNING,
        )
        await each(rows, _warn)


async def _warn(row: dict[str, Any]) -> None:
    cause = f"{row['claim']}:{row['lease_until'].timestamp():.0f}"
    await Notice.tell(row["taker"], "lease-soon", row["id"], None, cause)
