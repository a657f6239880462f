"""The small steps that the verbs of a request are made of: holding its row, closing claims, opening it again.

All of them run in the caller's transaction.
"""

from datetime import timedelta
from uuid import UUID as Id

from server.base import tombstones
from server.base.columns import now
from server.base.database import execute, query
from server.base.shapes import N_
from server.help.alarm import Alarm
from server.news.told import Notice
from server.posts.kinds import BY_SLUG
from server.posts.post import hold, rank_of
from server.posts.top import settle

PROPOSED, SECOND, ACTIVE = "proposed", "second", "active"
DONE, RETURNED, LAPSED, RELEASED, DECLINED, DROPPED = "done", "returned", "lapsed", "released", "declined", "dropped"
WATCHED = timedelta(days=7)

GONE = N_("Cette demande n’est plus sur le tableau.")
OWN = N_("C’est votre propre demande.")
TAKEN_ALREADY = N_("%(name)s s’en occupe déjà. Vous pouvez vous mettre en second.")
FINISHED = N_("C’est déjà fait.")
TOO_MANY = N_("Vous avez déjà %(count)s demandes en cours. Finissez-en une, ou rendez-la.")
NOT_YOURS_NOW = N_("Vous ne vous occupez plus de cette demande : elle a été rouverte ou reprise.")
NOT_YOURS_TO_SAY = N_("C’est à la personne qui demande de dire si c’est d’accord.")
INVITED = N_("Vous avez invité cette personne : c’est à qui demande, ou à un autre admin, de dire si c’est d’accord.")
NOT_TAKEN = N_("Personne ne s’en occupe en ce moment.")
TOO_LATE = N_("Cette proposition n’attend plus de réponse.")


async def hold_with_offer(post: Id) -> dict | None:
    """``hold``, but first the offer that the request joined: the order of ``offer.close``, or the two block."""
    joined = await query("SELECT offer FROM post WHERE id = {} AND offer IS NOT NULL", post)
    for row in joined:
        await hold(row["offer"])
    return await hold(post)


async def open_again(one: dict) -> None:
    """Back to the first step, and to its place on the board unless its date is past."""
    await part(one["id"])
    shown = one["withdrawn_at"] is None and one["hidden_at"] is None and one["expires_at"] > now()
    await execute(
        "UPDATE post SET state = 'open', taker = NULL, taken_at = NULL, done_at = NULL, lease_until = NULL,"
        " offer = NULL, rank = {}, listed = {}, version = version + 1 WHERE id = {}",
        rank_of(BY_SLUG[one["kind"]], one),
        shown,
        one["id"],
    )
    await settle(one["id"])
    if one["urgency"] == "urgent":
        await Alarm.anew(one["id"])


async def part(post: Id) -> None:
    """What the two had between them, receipts and sums, is not for the next one."""
    gone = await execute("DELETE FROM photo WHERE post = {} AND purpose = 'receipt' RETURNING id", post)
    tombstones.note("photo", *(row["id"] for row in gone))
    await execute(
        "UPDATE private_part SET paid = NULL, taker_settled_at = NULL, asker_settled_at = NULL WHERE post = {}", post
    )


async def set_free(one: dict) -> None:
    """A request made of an offer loses its volunteer; only who asked may show it to the quartier."""
    await execute(
        "UPDATE post SET state = 'open', taker = NULL, taken_at = NULL, version = version + 1 WHERE id = {}", one["id"]
    )


async def active_of(post: Id) -> dict:
    """The active claim of a taken request; there always is one."""
    return (await query("SELECT * FROM claim WHERE post = {} AND state = {}", post, ACTIVE))[0]


async def latest_of(post: Id) -> dict | None:
    """The claim of whoever has or had it last."""
    rows = await query(
        "SELECT * FROM claim WHERE post = {} AND state IN ({}, {}) ORDER BY at DESC LIMIT 1", post, ACTIVE, DONE
    )
    return rows[0] if rows else None


async def end(claims: list[Id], state: str, reason: str | None = None) -> None:
    """Close claims with the state that says how."""
    for claim in claims:
        await execute(
            "UPDATE claim SET state = {}, ended_at = {}, reason = {} WHERE id = {}", state, now(), reason or None, claim
        )


async def end_waiting(post: Id) -> None:
    """Close every proposal and every second place."""
    await execute(
        "UPDATE claim SET state = {}, ended_at = {} WHERE post = {} AND state IN ({}, {})",
        DROPPED, now(), post, PROPOSED, SECOND,
    )  # fmt: skip


async def tell_seconds(one: dict, cause: Id | str) -> None:
    """Who stood by hears that the request is free again; the place is theirs to take, not given."""
    rows = await query("SELECT member FROM claim WHERE post = {} AND state = {} ORDER BY id", one["id"], SECOND)
    for row in rows:
        await Notice.tell(row["member"], "free", one["id"], None, cause)


async def watch(post: Id, member: Id, claim: dict) -> None:
    """Tell the admins of a second request within seven days that was read, then handed back or let lapse."""
    if claim["viewed_at"] is None:
        return
    rows = await query(
        "SELECT count(*) AS n FROM claim WHERE member = {} AND state IN ({}, {}) AND viewed_at IS NOT NULL"
        " AND ended_at > {}",
        member, RETURNED, LAPSED, now() - WATCHED,
    )  # fmt: skip
    if rows[0]["n"] > 1:
        await Notice.tell_admins("returned-twice", post, member, claim["id"])
