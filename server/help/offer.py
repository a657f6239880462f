"""An offer that neighbours join: each joining is a request already taken, with its own private list."""

from datetime import timedelta
from typing import Any
from uuid import UUID as Id

from server.base.audit_log import record
from server.base.budgets import PLACE
from server.base.columns import each, now
from server.base.database import execute, query, read_now, transaction
from server.base.ids import uuid7
from server.base.refusals import NotPossible
from server.base.settings import settings
from server.base.shapes import N_, Kind
from server.base.spending import spend
from server.help import doors
from server.help.claim import Claim, hold_member
from server.help.claim_steps import ACTIVE, RELEASED, active_of, end, set_free
from server.help.life import cancel, finish
from server.help.private import PrivatePart
from server.news.told import Notice
from server.posts.kinds import HELP
from server.posts.post import Post, hold
from server.posts.reaction import Mark
from server.trust.second_person import decide_alone, other_moderators

ENDED = N_("Ce coup de main n’est plus proposé.")
FULL = N_("C’est complet : toutes les places sont prises.")
WAITS = N_("Les places suivantes s’ouvriront quand un modérateur aura dit oui. Votre liste est encore là.")
NOT_ONES_OWN = N_("C’est votre propre coup de main : un autre modérateur dira oui.")
PAUSED = N_("Ce coup de main est en pause jusqu’à demain. Votre liste est encore là : demandez aussi sur le tableau.")
COMING = "coming"


class PlacesWait(NotPossible):
    """The next place needs a moderator's yes, for which ``ask_for_places`` asks: not in what this undoes."""


async def put_up(author: Id, street: str, kind: Kind, answers: dict[str, Any]) -> Id:
    """Put an offer on the board; of more than four places the moderators hear. Raises TooMuch."""
    async with transaction():
        made = await Post.publish(author, street, kind, answers)
        if answers["capacity"] > settings.doors:
            await ask_for_places(made)
    return made


async def join(offer: Id, member: Id, street: str, private: dict[str, Any]) -> Id:
    """Take a place; give the request made of it, or the one made before. Raises NotPossible, TooMuch."""
    async with transaction():
        author = await _hold_both(offer, member)
        mine = await joined(offer, member)
        if mine is None:
            # What one has already costs nothing.
            await spend(member, PLACE)
        one = await hold(offer)
        if one is None or one["closed_at"] is not None or not one["listed"] or author == str(member):
            raise NotPossible(ENDED)
        # Asked again, now that the offer is held: the place may have been given back meanwhile.
        if mine is not None and (mine := await joined(offer, member)) is not None:
            return mine
        if await doors.is_shut(one["author"]):
            raise NotPossible(PAUSED)
        await _refuse_too_many(one)
        if not await Mark.put(offer, member, COMING, free=True):
            raise NotPossible(FULL)
        answers = {"need": "autre", "urgency": "sans-hate", "title": one["title"], "body": "", "place": street}
        request = await Post.put_up(member, street, HELP, answers)
        await PrivatePart.put(request, private)
        await execute(
            "UPDATE post SET state = 'taken', taker = {}, taken_at = {}, offer = {}, listed = {}, rank = 0"
            " WHERE id = {}",
            one["author"], now(), offer, False, request,
        )  # fmt: skip
        claim = Claim(id=uuid7(), post=request, member=one["author"], state=ACTIVE, at=now(), way=doors.PLACE)
        await Claim.insert(claim)
        await Notice.tell(one["author"], "joined", request, member, claim.id)
    return request


async def _hold_both(offer: Id, member: Id) -> str:
    """Lock who joins and who offers, before the offer: whoever leaves the board locks them in that order too.

    Gives the author. Raises NotPossible.
    """
    rows = await query("SELECT author FROM post WHERE id = {}", offer)
    if not rows:
        raise NotPossible(ENDED)
    author = str(rows[0]["author"])
    for one in sorted({author, str(member)}):
        await hold_member(Id(one))
    return author


async def _refuse_too_many(one: dict) -> None:
    """Raises NotPossible when who offers has been given as many lists today as anybody opens doors, and no yes.

    Counted over all their offers: ten of two places are twenty lists. The caller holds the author's row.
    """
    if one["places"] >= one["capacity"]:
        return
    rows = await query(
        "SELECT count(*) AS n FROM claim c JOIN post p ON p.id = c.post LEFT JOIN post o ON o.id = p.offer"
        " WHERE c.member = {} AND c.way = {} AND (c.at > {} OR c.state = {})"
        " AND (o.id IS NULL OR o.places < o.capacity)",
        one["author"], doors.PLACE, now() - doors.DAY, ACTIVE,
    )  # fmt: skip
    if rows[0]["n"] >= settings.doors:
        raise PlacesWait(WAITS)


async def agree(offer: Id, by: Id) -> None:
    """A moderator says yes to all places of an offer. Raises NotPossible for one's own, but see ``second_person``."""
    async with transaction():
        one = await hold(offer)
        if one is None or one["capacity"] is None or one["closed_at"] is not None or one["withdrawn_at"] is not None:
            raise NotPossible(ENDED)
        if one["places"] < one["capacity"]:
            if str(one["author"]) == str(by):
                await decide_alone(by, offer, one["created_at"], NOT_ONES_OWN, post=offer)
            await execute("UPDATE post SET places = capacity, version = version + 1 WHERE id = {}", offer)
            who = await query("SELECT role FROM member WHERE id = {}", by)
            await record(by, who[0]["role"], "places", offer)
            await Notice.tell(one["author"], "places-agreed", offer, by, f"{offer}:{one['capacity']}")


async def ask_for_places(offer: Id) -> None:
    """Tell the moderators of an offer of more places than one gives without their yes; once for this many."""
    async with transaction():
        one = await hold(offer)
        if one is not None and one["capacity"] > one["places"]:
            cause = f"{offer}:{one['capacity']}"
            others = [who["id"] for who in await other_moderators(one["author"])]
            await Notice.tell_many(others, "places", offer, one["author"], cause)


async def waiting_places() -> list[dict]:
    """Offers on the board that wait for a moderator's yes, the first first."""
    return await Post.raw(
        "SELECT p.id, p.title, p.capacity, p.coming, p.created_at, p.author, m.name AS author_name,"
        " m.street AS author_street"
        " FROM post p JOIN member m ON m.id = p.author WHERE p.kind = 'offer' AND p.listed AND p.capacity > {}"
        " AND p.places < p.capacity AND p.expires_at > {} ORDER BY p.id LIMIT 50",
        settings.doors, now(),
    )  # fmt: skip


async def leave(offer: Id, member: Id) -> None:
    """Give one's place back; nothing happens when one has none."""
    async with transaction():
        await hold(offer)
        mine = await joined(offer, member)
        if mine is not None:
            await cancel(mine, member, word="unjoined")
        await Mark.take_back(offer, member, COMING)


async def close(offer: Id, by: Id) -> None:
    """It was done: every request made of it is done, and the offer leaves the board."""
    async with transaction():
        await hold(offer)
        for request in await _taken(offer):
            await finish(request, by)
        await execute(
            "UPDATE post SET closed_at = {}, listed = {}, version = version + 1 WHERE id = {} AND closed_at IS NULL",
            now(),
            False,
            offer,
        )


async def call_off(offer: Id, by: Id) -> None:
    """It will not be done: everybody who joined is told, and keeps their list to ask the quartier with."""
    async with transaction():
        one = await hold(offer)
        if one is None or one["withdrawn_at"] is not None:
            return
        for request in await _taken(offer):
            claim = await active_of(request)
            await end([claim["id"]], RELEASED)
            joiner = (await hold(request))["author"]
            await set_free(await hold(request))
            # Should the offer come back, its places are free.
            await Mark.take_back(offer, joiner, COMING)
            await Notice.tell(joiner, "offer-ended", request, by, claim["id"])
        await Post.withdraw(offer)


async def settle_past() -> None:
    """Close offers whose date is past by so much that nobody will say it any more."""
    cut = now() - timedelta(hours=settings.keep)
    rows = await query(
        "SELECT id, author FROM post WHERE kind = 'offer' AND closed_at IS NULL AND withdrawn_at IS NULL"
        " AND expires_at < {} LIMIT 200",
        cut,
    )
    await each(rows, lambda row: close(row["id"], row["author"]))


async def joined(offer: Id, member: Id) -> Id | None:
    """The request this member made of the offer, if it still stands."""
    rows = await read_now(
        "SELECT CAST(id AS VARCHAR) FROM post WHERE offer = {} AND author = {} AND state = 'taken'",
        str(offer),
        str(member),
    )
    return Id(rows[0][0]) if rows else None


async def requests_of(offer: Id) -> list[dict]:
    """The requests made of an offer that are still to be done or were: who, and which page."""
    return await Post.raw(
        "SELECT p.id, p.state, m.name, m.street FROM post p JOIN member m ON m.id = p.author"
        " WHERE p.offer = {} AND p.withdrawn_at IS NULL AND p.state <> 'open' ORDER BY p.id LIMIT 60",
        offer,
    )


async def _taken(offer: Id) -> list[Id]:
    return [
        row["id"] for row in await query("SELECT id FROM post WHERE offer = {} AND state = 'taken' ORDER BY id", offer)
    ]
