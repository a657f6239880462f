"""An offer that neighbours join: each joining is a request already taken, with its own private list."""

from datetime import timedelta
from typing import Any
from uuid import UUID as Id

from server.database import change, read, transaction
from server.ids import uuid7
from server.kinds import HELP
from server.settings import settings
from server.shapes import N_
from server.tables.base import now
from server.tables.claim import Claim
from server.tables.claim_steps import (
    ACTIVE,
    RELEASED,
    NotPossible,
    active_of,
    end,
    hold,
    set_free,
)
from server.tables.errand import cancel, finish
from server.tables.mark import Mark
from server.tables.notice import Notice
from server.tables.post import Post
from server.tables.private import PrivatePart

ENDED = N_("Ce coup de main n’est plus proposé.")
FULL = N_("C’est complet : toutes les places sont prises.")
COMING = "coming"


async def join(offer: Id, member: Id, street: str, private: dict[str, Any]) -> Id:
    """Take a place; give the request made of it, or the one made before. Raises NotPossible."""
    async with transaction():
        one = await hold(offer)
        if one is None or one["closed_at"] is not None or not one["listed"] or str(one["author"]) == str(member):
            raise NotPossible(ENDED)
        mine = await joined(offer, member)
        if mine is not None:
            return mine
        if not await Mark.put(offer, member, COMING):
            raise NotPossible(FULL)
        answers = {"need": "autre", "urgency": "sans-hate", "title": one["title"], "body": "", "place": street}
        request = await Post.put_up(member, street, HELP, answers)
        await PrivatePart.put(request, private)
        await change(
            "UPDATE post SET state = 'taken', taker = {}, taken_at = {}, offer = {}, listed = {}, rank = 0"
            " WHERE id = {}",
            one["author"], now(), offer, False, request,
        )  # fmt: skip
        claim = Claim(id=uuid7(), post=request, member=one["author"], state=ACTIVE, at=now())
        await Claim.insert(claim)
        await Notice.tell(one["author"], "joined", request, member, claim.id)
    return request


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
        await change(
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
    for row in await change(
        "SELECT id, author FROM post WHERE kind = 'offer' AND closed_at IS NULL AND withdrawn_at IS NULL"
        " AND expires_at < {} LIMIT 200",
        cut,
    ):
        await close(row["id"], row["author"])


async def joined(offer: Id, member: Id) -> Id | None:
    """The request this member made of the offer, if it still stands."""
    rows = await read(
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
        row["id"] for row in await change("SELECT id FROM post WHERE offer = {} AND state = 'taken' ORDER BY id", offer)
    ]
