"""Somebody leaves the board for good: nothing of theirs stays, and nobody who counts on them is forgotten."""

from uuid import UUID as Id

from server.base import tombstones
from server.base.database import execute, query, transaction
from server.base.refusals import NotPossible
from server.base.shapes import N_
from server.gatherings.attendance import tell_gone
from server.help.claim import Claim
from server.help.claim_steps import RELEASED, active_of, end, open_again, set_free, tell_seconds
from server.help.offer import call_off
from server.news.told import Notice
from server.people.member import Role
from server.posts.kinds import MARKS
from server.posts.post import hold
from server.posts.reaction import Mark

LAST_ADMIN = N_("Il faut au moins un admin. Nommez-en un autre d’abord.")


async def leave(member: Id) -> None:
    """Erase a member. Raises NotPossible for the last admin.

    What they had in hand opens again; who was coming to them is told; what they wrote for
    somebody else passes to an admin; their offers are called off.
    """
    async with transaction():
        heir = await _another_admin(member)
        await _give_up(member)
        await _hand_over(member, heir)
        await tell_gone(member)
        await _let_go(member)
        await _uncount(member)
        await _forget_names(member)
        await execute("DELETE FROM budget WHERE who = {}", str(member))
        await execute("DELETE FROM member WHERE id = {}", member)
        tombstones.note("member", member)


async def _another_admin(member: Id) -> Id:
    """The admin who follows what is left behind; the admins are locked, so that two cannot both go."""
    admins = await execute("UPDATE member SET version = version + 1 WHERE role = {} RETURNING id", Role.ADMIN.value)
    others = sorted(row["id"] for row in admins if str(row["id"]) != str(member))
    if not others:
        raise NotPossible(LAST_ADMIN)
    return others[0]


async def _forget_names(member: Id) -> None:
    """The names they had are notes of the journal, which keeps that they changed."""
    await execute(
        "DELETE FROM log_note WHERE entry IN (SELECT id FROM log_entry WHERE verb = 'rename' AND thing = {})", member
    )


async def _give_up(member: Id) -> None:
    """Every request they had in hand."""
    offers = await query("SELECT id FROM post WHERE author = {} AND kind = 'offer' ORDER BY id", member)
    for row in offers:
        await call_off(row["id"], member)
    taken = await query("SELECT id FROM post WHERE taker = {} AND state = 'taken' ORDER BY id", member)
    for row in taken:
        one = await hold(row["id"])
        if one["offer"] is None:
            await open_again(one)
            await tell_seconds(one, f"{one['id']}:{member}")
        else:
            await set_free(one)
        await Notice.tell(one["author"], "left", one["id"], None, f"{one['id']}:{member}")


async def _hand_over(member: Id, heir: Id) -> None:
    """What they wrote for somebody else is not theirs to take along."""
    rows = await execute(
        "UPDATE post SET author = {}, version = version + 1 WHERE author = {} AND on_behalf AND withdrawn_at IS NULL"
        " AND state <> 'thanked' RETURNING id, taker, state",
        heir,
        member,
    )
    for row in rows:
        # An alarm goes on, and would go with whoever raised it.
        await execute("UPDATE alarm SET author = {} WHERE post = {}", heir, row["id"])
        await Claim.step_aside(row["id"], heir)
        if row["state"] == "taken" and str(row["taker"]) == str(heir):
            # Nobody asks and comes at once: it opens again, for others.
            one, claim = await hold(row["id"]), await active_of(row["id"])
            await end([claim["id"]], RELEASED)
            await open_again(one)
            await tell_seconds(one, claim["id"])
        await Notice.tell(heir, "inherited", row["id"], None, f"{row['id']}:{member}")


async def _let_go(member: Id) -> None:
    """Who was about to come to them, or had joined to, hears that there is nothing to do any more."""
    rows = await query(
        "SELECT c.id, c.member, p.offer, p.author FROM claim c JOIN post p ON p.id = c.post WHERE p.author = {}"
        " AND c.member <> {} AND c.state IN ('active', 'proposed', 'second')",
        member,
        member,
    )
    for row in rows:
        # The post goes, so the news stands alone.
        await Notice.tell(row["member"], "gone", None, None, row["id"])


async def _uncount(member: Id) -> None:
    """The counts on cards, of what goes with the member."""
    for kind in sorted({mark.slug for mark in MARKS.values()}):
        for row in await query("SELECT post FROM mark WHERE member = {} AND kind = {} ORDER BY post", member, kind):
            await Mark.take_back(row["post"], member, kind)
    for table, count, shown in (
        ("reply", "replies", " AND withdrawn_at IS NULL AND hidden_at IS NULL"),
        ("track", "tracks", ""),
    ):
        owner = "author" if table == "reply" else "member"
        rows = await execute(f"DELETE FROM {table} WHERE {owner} = {{}} RETURNING post", member)
        for post in sorted({row["post"] for row in rows}):
            await execute(
                f"UPDATE post SET version = version + 1, {count} ="
                f" (SELECT count(*) FROM {table} WHERE post = {{}}{shown}) WHERE id = {{}}",
                post,
                post,
            )
    # What they did for others stays done, by a neighbour without a name.
    await execute("UPDATE post SET taker = NULL, version = version + 1 WHERE taker = {}", member)
