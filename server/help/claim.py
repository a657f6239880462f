"""Who takes a request for help: taking, proposing, standing by, confirming, handing back.

Every verb locks the member (``hold_member``) where it counts what they have, then the post (``hold``), then claims,
always in that order, and decides in plain Python: of a hundred people at once one succeeds and the others read who
it was. A verb that cannot be raises ``NotPossible``.
"""

from uuid import UUID as Id

from piccolo.columns import ForeignKey, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base.audit_log import record
from server.base.budgets import TAKE
from server.base.columns import moment, now, row_id
from server.base.database import ON_POSTGRES, execute, query, transaction
from server.base.ids import uuid7
from server.base.refusals import NotPossible
from server.base.settings import settings
from server.base.spending import spend
from server.help import doors
from server.help.claim_steps import (
    ACTIVE,
    DECLINED,
    DROPPED,
    FINISHED,
    GONE,
    INVITED,
    NOT_TAKEN,
    NOT_YOURS_NOW,
    NOT_YOURS_TO_SAY,
    OWN,
    PROPOSED,
    RETURNED,
    SECOND,
    TAKEN_ALREADY,
    TOO_LATE,
    TOO_MANY,
    active_of,
    end,
    hold_with_offer,
    open_again,
    set_free,
    tell_seconds,
    watch,
)
from server.news.told import Notice
from server.people.member import Member, Role
from server.posts.kinds import BY_SLUG
from server.posts.post import Post, hold, lease_of, vital
from server.posts.reaction import Mark
from server.posts.top import settle
from server.trust.second_person import decide_alone

REASON_LIMIT = 200


class Claim(Table):
    """One person's part in one request. At most one is active for each post (a unique index)."""

    id = row_id()
    post = ForeignKey(Post, on_delete=OnDelete.cascade)
    member = ForeignKey(Member, on_delete=OnDelete.cascade)
    state = Varchar(10)
    at = moment()
    ended_at = moment(null=True)
    reason = Varchar(REASON_LIMIT, null=True, default=None)
    viewed_at = moment(null=True)
    # How the door was opened, see ``doors``; none for a claim that opened none.
    way = Varchar(8, null=True, default=None)

    @staticmethod
    async def take(post: Id, member: Id, *, ask: bool = False) -> str:
        """Take a request; a newcomer only proposes. Gives ``active`` or ``proposed``. Raises NotPossible.

        ``ask``: beyond the day's doors, ask who asked for help for one more; else that raises NoDoorLeft. TooMuch, too.
        """
        async with transaction():
            who = await hold_member(member)
            one = await _takable(post, member)
            if str(one["taker"]) == str(member):
                return ACTIVE
            if who["role"] == Role.NEWCOMER.value:
                await _propose(one, member)
                return PROPOSED
            await _has_a_hand_free(member)
            try:
                way = await doors.way_in(one, member)
            except doors.NoDoorLeft:
                if not ask:
                    raise
                await doors.may_ask(one, member)
                await _propose(one, member, doors.ASKED)
                return PROPOSED
            await spend(member, TAKE)
            await _activate(one, member, way)
            claim = await active_of(post)
            await Notice.tell(one["author"], "taken", post, member, claim["id"])
        return ACTIVE

    @staticmethod
    async def accept(claim: Id, by: Id) -> None:
        """Say yes to who proposed to come: a newcomer, or somebody beyond the day's doors. Raises NotPossible."""
        async with transaction():
            found = await _proposal(claim)
            await hold_member(found["member"])
            one = await _takable(found["post"], found["member"])
            if str(one["taker"]) == str(found["member"]):
                return
            found = await _proposal(claim, lock=True)
            _may_answer(found, one, by)
            if str(by) != str(one["author"]):
                await _answer_for(found, one, by)
            await _has_a_hand_free(found["member"])
            await doors.refuse_shut(found["member"])
            await _activate(one, found["member"], doors.AGREED)
            await Notice.tell(found["member"], "accepted", one["id"], by, claim)
            if str(by) != str(one["author"]):
                await Notice.tell(one["author"], "taken", one["id"], found["member"], claim)
                await Notice.tell(one["author"], "yes-for-you", one["id"], by, claim)

    @staticmethod
    async def decline(claim: Id, by: Id) -> None:
        """Say no to a newcomer's proposal. Raises NotPossible."""
        async with transaction():
            found = await _proposal(claim)
            one = await hold(found["post"])
            if one is None:
                raise NotPossible(GONE)
            _may_answer(await _proposal(claim, lock=True), one, by)
            await end([claim], DECLINED)
            await Notice.tell(found["member"], "declined", found["post"], by, claim)
            if str(by) != str(one["author"]):
                await record(by, await _role_of(by), "decline", one["id"])
                await Notice.tell(one["author"], "no-for-you", one["id"], by, claim)

    @staticmethod
    async def stand_by(post: Id, member: Id) -> None:
        """Be told first should a taken request open again. Raises NotPossible, TooMuch."""
        async with transaction():
            await hold_member(member)
            one = await hold(post)
            if one is None or str(one["author"]) == str(member):
                raise NotPossible(OWN if one else GONE)
            if one["state"] != "taken" or str(one["taker"]) == str(member):
                raise NotPossible(NOT_TAKEN)
            made = await execute(
                "INSERT INTO claim (id, post, member, state, at) VALUES ({}, {}, {}, {}, {}) ON CONFLICT DO NOTHING"
                " RETURNING id",
                uuid7(), post, member, SECOND, now(),
            )  # fmt: skip
            if made:
                await spend(member, TAKE)

    @staticmethod
    async def step_aside(post: Id, member: Id) -> None:
        """Take back a proposal, or a place as second."""
        await execute(
            "UPDATE claim SET state = {}, ended_at = {} WHERE post = {} AND member = {} AND state IN ({}, {})",
            DROPPED, now(), post, member, PROPOSED, SECOND,
        )  # fmt: skip

    @staticmethod
    async def keep(post: Id, member: Id) -> None:
        """Say that one is still on it: the lease starts anew. Raises NotPossible."""
        async with transaction():
            one = await _in_hand(post, member)
            if one["lease_until"] is not None:
                await execute("UPDATE post SET lease_until = {} WHERE id = {}", lease_of(one), post)

    @staticmethod
    async def hand_back(post: Id, member: Id, reason: str) -> None:
        """Give a request back. The asker hears of it, and whether the private part was read. Raises NotPossible."""
        async with transaction():
            one = await _in_hand(post, member)
            claim = await active_of(post)
            await end([claim["id"]], RETURNED, reason)
            read = claim["viewed_at"] is not None
            if one["offer"] is None:
                await open_again(one)
                await tell_seconds(one, claim["id"])
                word = "returned-read" if read else "returned"
            else:
                await set_free(one)
                await Mark.take_back(one["offer"], one["author"], "coming")
                word = "offer-ended"
            await Notice.tell(one["author"], word, post, member, claim["id"])
            await watch(post, member, claim)

    @staticmethod
    async def of(post: Id) -> list[dict]:
        """Everybody's part in a request, the first first, with their names."""
        return await Claim.raw(
            "SELECT c.*, m.name, m.street, m.role, m.created_at AS arrived_at, m.renamed_at, m.former_name,"
            " i.name AS inviter FROM claim c JOIN member m ON m.id = c.member LEFT JOIN member i ON i.id = m.invited_by"
            " WHERE c.post = {} ORDER BY c.id LIMIT 100",
            post,
        )

    @staticmethod
    async def load(claim: Id) -> dict | None:
        """One claim, or None."""
        return await Claim.select().where(Claim.id == claim).first()


async def hold_member(member: Id) -> dict:
    """A member's row, locked like ``hold``: two takes of one person are counted one after the other."""
    lock = " FOR NO KEY UPDATE" if ON_POSTGRES else ""
    rows = await query(f"SELECT id, role FROM member WHERE id = {{}}{lock}", member)
    if not rows:
        raise NotPossible(GONE)
    return rows[0]


async def _takable(post: Id, member: Id) -> dict:
    """A request that this member may take now, or has taken already. Raises NotPossible."""
    one = await hold(post)
    if one is None or not BY_SLUG[one["kind"]].needs_help:
        raise NotPossible(GONE)
    if str(one["author"]) == str(member):
        raise NotPossible(OWN)
    if one["state"] in ("done", "thanked"):
        raise NotPossible(FINISHED)
    if one["state"] == "taken":
        if str(one["taker"]) == str(member):
            return one
        names = await query("SELECT name FROM member WHERE id = {}", one["taker"])
        raise NotPossible(TAKEN_ALREADY, name=names[0]["name"] if names else "")
    if one["withdrawn_at"] is not None or one["hidden_at"] is not None or one["expires_at"] <= now() or one["offer"]:
        raise NotPossible(GONE)
    return one


def answers(claim: dict, one: dict, by: Id) -> bool:
    """Whether this person, who asked or is an admin, may answer this proposal to come.

    Beyond the day's doors an admin may only for whoever has no account. Nobody says yes to themselves.
    """
    mine = str(by) == str(one["author"])
    admins_too = claim["way"] != doors.ASKED or one["on_behalf"]
    return str(by) != str(claim["member"]) and (mine or bool(admins_too))


def _may_answer(claim: dict, one: dict, by: Id) -> None:
    if not answers(claim, one, by):
        raise NotPossible(NOT_YOURS_TO_SAY)


async def _answer_for(claim: dict, one: dict, by: Id) -> None:
    """An admin says yes for somebody else: it is noted; not for whom they let in themselves. Raises NotPossible."""
    rows = await query("SELECT invited_by FROM member WHERE id = {}", claim["member"])
    if str(rows[0]["invited_by"]) == str(by):
        await decide_alone(by, one["id"], claim["at"], INVITED, post=one["id"], vital=vital(one, now()))
    await doors.refuse_beyond(one, claim["member"])
    await record(by, await _role_of(by), "accept", one["id"])


async def _role_of(member: Id) -> str:
    return (await query("SELECT role FROM member WHERE id = {}", member))[0]["role"]


async def _propose(one: dict, member: Id, way: str | None = None) -> None:
    await doors.refuse_shut(member)
    made = await execute(
        "INSERT INTO claim (id, post, member, state, at, way) VALUES ({}, {}, {}, {}, {}, {}) ON CONFLICT DO NOTHING"
        " RETURNING id",
        uuid7(), one["id"], member, PROPOSED, now(), way,
    )  # fmt: skip
    what = "one-more-door" if way else "proposed"
    for row in made:
        # Once more what stands already costs nothing.
        await spend(member, TAKE)
        await Notice.tell(one["author"], what, one["id"], member, row["id"])
        if way is None or one["on_behalf"]:
            await Notice.tell_admins(what, one["id"], member, row["id"])


async def _has_a_hand_free(member: Id) -> None:
    """Raises NotPossible when this member has as many requests in hand as one may."""
    # What a moderator hid is out of their sight: they could neither finish it nor hand it back.
    held = await query(
        "SELECT count(*) AS n FROM post WHERE taker = {} AND state = 'taken' AND offer IS NULL AND hidden_at IS NULL",
        member,
    )
    if held[0]["n"] >= settings.takes:
        raise NotPossible(TOO_MANY, count=held[0]["n"])


async def _activate(one: dict, member: Id, way: str) -> None:
    """Give the request to the member: their claim becomes the active one."""
    raised = await execute(
        "UPDATE claim SET state = {}, at = {}, way = {} WHERE post = {} AND member = {} AND state IN ({}, {})"
        " RETURNING id",
        ACTIVE, now(), way, one["id"], member, PROPOSED, SECOND,
    )  # fmt: skip
    if not raised:
        await Claim.insert(Claim(id=uuid7(), post=one["id"], member=member, state=ACTIVE, at=now(), way=way))
    await execute(
        "UPDATE post SET state = 'taken', taker = {}, taken_at = {}, lease_until = {}, rank = 0, agreed = {},"
        " unlocked_at = NULL, version = version + 1 WHERE id = {}",
        member, now(), lease_of(one), way == doors.AGREED, one["id"],
    )  # fmt: skip
    await settle(one["id"])
    await doors.has_opened(one, member, way)


async def _in_hand(post: Id, member: Id) -> dict:
    """A request that this member has in hand, locked. Raises NotPossible."""
    one = await hold_with_offer(post)
    if one is None or one["state"] != "taken" or str(one["taker"]) != str(member):
        raise NotPossible(FINISHED if one and one["state"] in ("done", "thanked") else NOT_YOURS_NOW)
    return one


async def _proposal(claim: Id, *, lock: bool = False) -> dict:
    """A proposal that still waits. Raises NotPossible.

    Asked once without a lock, to know its member and post, and with one when both are held: it may have been
    answered meanwhile, and whoever locks the claim first and the post then blocks with who takes or cancels.
    """
    held = " FOR NO KEY UPDATE" if lock and ON_POSTGRES else ""
    found = await query(f"SELECT * FROM claim WHERE id = {{}} AND state = {{}}{held}", claim, PROPOSED)
    if not found:
        raise NotPossible(TOO_LATE)
    return found[0]
