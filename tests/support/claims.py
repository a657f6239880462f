"""People around requests, and the steps they take."""

from uuid import UUID

import pytest

from server.base.database import query
from server.base.ids import uuid7
from server.base.refusals import NotPossible
from server.help.claim import Claim
from server.help.private import Viewing
from server.help.request import ask_quietly
from server.news.told import Notice
from server.people.member import Member, Role
from server.posts.photo import Photo
from tests.support.makers import NOON, answers, neighbour, set_clock


class People:
    """Odette asks; Théo, Karim and Lina help; Amélie is an admin."""

    def __init__(self) -> None:
        self.all: dict[str, Member] = {}

    def __getattr__(self, name: str) -> UUID:
        return self.all[name].id


@pytest.fixture
async def people(monkeypatch) -> People:
    set_clock(monkeypatch, NOON)
    here = People()
    for name, role in (("odette", Role.RESIDENT), ("theo", Role.RESIDENT), ("karim", Role.RESIDENT),
                       ("lina", Role.NEWCOMER), ("amelie", Role.ADMIN)):  # fmt: skip
        here.all[name] = await neighbour(name.title(), role)
    return here


async def ask(people: People, urgency: str = "sans-hate", **other) -> UUID:
    """A request of Odette's with private words."""
    asked = answers("help") | {"urgency": urgency, "due_at": None}
    return await ask_quietly(people.odette, "rue des Lilas", asked, {"address": "12 rue des Lilas"}, **other)


async def told(person: UUID) -> list[str]:
    """What a person was told, the oldest first."""
    return [row["what"] for row in reversed(await Notice.of(person))]


async def refused(work) -> str:
    """The sentence with which a step is refused."""
    with pytest.raises(NotPossible) as caught:
        await work
    return caught.value.sentence


async def row_of(post: UUID) -> dict:
    return (await query("SELECT * FROM post WHERE id = {}", post))[0]


async def hand_back(post: UUID, who: UUID, *, read: bool) -> None:
    """Take a request, read it or not, and give it back."""
    await Claim.take(post, who)
    if read:
        await Viewing.note(post, who)
    await Claim.hand_back(post, who, "la grippe")


async def a_receipt(post: UUID, author: UUID) -> None:
    """The row of a receipt's photo, whose files do not matter here."""
    await Photo.insert(
        Photo(
            id=uuid7(), post=post, author=author, purpose="receipt", hash="a" * 64, width=9, height=9, alt="", at=NOON
        )
    )
