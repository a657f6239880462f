"""Everybody who may stand around a request for help, and requests in each state, with a canary behind the door."""

from datetime import timedelta
from uuid import UUID

from server.base.database import execute, query
from server.help import life
from server.help.claim import Claim
from server.help.private import Message, Viewing
from server.help.proxy import ProxyFile
from server.help.request import ask_quietly
from server.people.member import Role
from server.posts.kinds import HELP
from server.posts.post import Post
from tests.support.makers import answers, neighbour
from tests.support.people import Neighbours, browser_of, everybody

# What must never be seen by anybody else: an address, a code, a number, a line of the talk.
CANARIES = ("77 allée du Canari", "C4N4R1", "04 65 71 77 77", "le canari dort au fond", "le canari chante à midi")
PRIVATE = {
    "who": "Odette B.", "address": CANARIES[0], "door_code": CANARIES[1], "phone": CANARIES[2], "note": CANARIES[3],
    "floor": "2e", "ceiling": 2000,
}  # fmt: skip


async def around_a_request() -> Neighbours:
    """Everybody, and two more: Théo, who has requests in hand, and Lucien, who handed one back."""
    people = await everybody()
    for who, name in (("theo", "Théo Vasseur"), ("lucien", "Lucien Ferrand")):
        people.members[who] = await neighbour(name, Role.RESIDENT)
        people.browsers[who] = await browser_of(people.members[who])
    return people


async def asked(people: Neighbours, **other) -> UUID:
    """A request of Odette's, open, with the canary behind the door."""
    odette = people.members["odette"]
    return await ask_quietly(
        odette.id, odette.street, answers("help") | {"urgency": "semaine", "due_at": None}, PRIVATE, **other
    )


async def in_state(people: Neighbours, state: str, **other) -> UUID:
    """The same in any state; Lucien had it once, read it and gave it back; Théo has it, or had it when it was done."""
    await another_day()
    post = await asked(people, **other)
    odette, theo, lucien = (people.members[who].id for who in ("odette", "theo", "lucien"))
    await Claim.take(post, lucien)
    await Viewing.note(post, lucien)
    await Claim.hand_back(post, lucien, "la grippe")
    if state in ("taken", "done", "thanked"):
        await Claim.take(post, theo)
        await Message.write(post, odette, CANARIES[4])
    if state in ("done", "thanked"):
        await life.finish(post, theo)
    if state == "thanked":
        await life.thank(post, odette, "merci")
    if state == "withdrawn":
        await life.cancel(post, odette)
    if state == "hidden":
        await Post.hide(post)
    return post


async def another_day() -> None:
    """Whatever doors were opened until now were opened two days ago: nobody has spent their day's."""
    for row in await query("SELECT id, at FROM claim WHERE way IS NOT NULL"):
        await execute("UPDATE claim SET at = {} WHERE id = {}", row["at"] - timedelta(days=2), row["id"])


async def for_somebody(people: Neighbours) -> UUID:
    """A request that Odette wrote for somebody else, taken by Théo."""
    post = await in_state(people, "taken", on_behalf=True)
    await ProxyFile.write(post, people.members["odette"].id, "voice", "me", False, "417")
    return post


assert HELP.needs_help
