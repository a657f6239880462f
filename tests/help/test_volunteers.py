"""The volunteers' register and what each neighbour has to do with help, on both engines."""

import asyncio
from datetime import timedelta

import pytest

from server.base.columns import now
from server.base.database import execute
from server.base.keys import blind
from server.help import mutual_aid
from server.help.volunteer import BUILDING_REST, MEANS, SLOTS, Availability, Volunteer, building_digest
from server.people.member import Member, Role
from server.posts.post import Post
from tests.support.makers import NOON, neighbour, put_up, set_clock

CHOICES = {"needs": {"courses", "trajet"}, "slots": {"mar-soir", "sam-matin"}, "reach": "street", "means": {"car"}}
EVERY_NEED = {"courses", "pharmacie", "compagnie", "trajet", "bricolage", "garde", "autre"}


async def ready(member: Member, **other) -> bool:
    """Keep some choices of this member; ``other`` replaces single ones."""
    return await Volunteer.keep(member.id, **{**CHOICES, "shown": "nobody", **other})


async def test_what_was_chosen_is_what_comes_back():
    karim = await neighbour("Karim")
    assert await Volunteer.of(karim.id) is None
    assert await ready(karim)
    assert await Volunteer.of(karim.id) == Availability(
        karim.id, "rue des Lilas", frozenset({"courses", "trajet"}), frozenset({"mar-soir", "sam-matin"}), "street",
        frozenset({"car"}), "nobody",
    )  # fmt: skip
    # Everything that can be ticked fits its column, and what is not known is not kept.
    await ready(karim, needs=EVERY_NEED | {"x"}, slots={*SLOTS, "lun-nuit"}, means={*MEANS, "avion"}, reach="quartier")
    mine = await Volunteer.of(karim.id)
    assert (mine.needs, mine.slots, mine.means) == (EVERY_NEED, set(SLOTS), set(MEANS))
    await ready(karim, needs=set(), slots=set(), means=set())
    mine = await Volunteer.of(karim.id)
    assert not mine.needs | mine.slots | mine.means
    assert await Volunteer.count() == 1


async def test_two_at_once_are_one_row():
    karim = await neighbour("Karim")
    await asyncio.gather(*(ready(karim, reach=reach) for reach in ("street", "quartier", "street")))
    assert await Volunteer.count() == 1


async def test_pausing_and_going_on(monkeypatch):
    set_clock(monkeypatch, NOON)
    karim = await neighbour("Karim")
    await Volunteer.pause(karim.id, NOON + timedelta(days=7))
    assert await Volunteer.count() == 0
    await ready(karim)
    await Volunteer.pause(karim.id, NOON + timedelta(days=7))
    mine = await Volunteer.of(karim.id)
    assert mine.paused(NOON) and not mine.paused(NOON + timedelta(days=7))
    assert await Volunteer.active() == []
    # Other choices do not end a pause.
    await ready(karim, reach="quartier")
    assert await Volunteer.active() == []
    set_clock(monkeypatch, NOON + timedelta(days=7))
    assert [one.member for one in await Volunteer.active()] == [karim.id]
    await Volunteer.pause(karim.id, NOON + timedelta(days=9))
    await Volunteer.resume(karim.id)
    assert [one.member for one in await Volunteer.active()] == [karim.id]


async def test_only_those_who_may_be_asked_are_active():
    karim, nadia, paul = await neighbour("Karim"), await neighbour("Nadia", Role.NEWCOMER), await neighbour("Paul")
    await ready(karim)
    await ready(nadia)
    await ready(paul, needs=set())
    assert [one.member for one in await Volunteer.active()] == [karim.id]
    await Member.vouch(nadia.id, karim.id)
    assert {one.member for one in await Volunteer.active()} == {karim.id, nadia.id}


async def test_others_see_what_its_owner_chose(monkeypatch):
    set_clock(monkeypatch, NOON)
    karim, nadia = await neighbour("Karim"), await neighbour("Nadia", Role.NEWCOMER)
    assert await Volunteer.shown_of(karim.id) is None
    for shown, seen in (("nobody", None), ("badge", ()), ("needs", ("courses", "trajet"))):
        await ready(karim, shown=shown)
        assert await Volunteer.shown_of(karim.id) == seen
    # Somebody who is away is not given away.
    await Volunteer.pause(karim.id, NOON + timedelta(days=7))
    assert await Volunteer.shown_of(karim.id) == ("courses", "trajet")
    await ready(karim, shown="needs", needs=set())
    assert await Volunteer.shown_of(karim.id) is None
    await ready(nadia, shown="needs")
    assert await Volunteer.shown_of(nadia.id) is None


@pytest.mark.parametrize(
    ("written", "same"),
    [("12", "12"), (" 012 ", "12"), ("12 bis", "12BIS"), ("12, b", "12B"), ("7 ter.", "7ter"), ("１２", "12")],
)
def test_one_building_however_it_is_written(written, same):
    assert building_digest("rue des Lilas", written) == building_digest("rue des Lilas", same) is not None


@pytest.mark.parametrize("written", ["", "0", "bis", "12345", "-1", "12 rue", "1" * 5000, "12\x00", "douze", "²"])
def test_what_is_no_number_has_no_building(written):
    digest = building_digest("rue des Lilas", written)
    # NFKC reads the small two as a two; everything else is refused.
    assert digest == (building_digest("rue des Lilas", "2") if written == "²" else None)


def test_a_building_cannot_be_read_back():
    digests = {building_digest(street, number) for street in ("a", "b") for number in ("1", "1 bis", "11")}
    assert len(digests) == 6 and all(len(digest) == 64 for digest in digests)


def test_what_is_digested_is_the_street_and_the_number():
    """The same text as a request's address gives, or no request would ever be of one's building."""
    assert building_digest("rue des Lilas", "12 BIS") == blind("building", "rue des Lilas|12bis")


async def test_the_building_changes_at_most_once_in_thirty_days(monkeypatch):
    set_clock(monkeypatch, NOON)
    karim = await neighbour("Karim")
    first, second = (building_digest("rue des Lilas", number) for number in ("1", "2"))
    assert await ready(karim, building=first)
    assert await ready(karim, building=first, reach="building") and await ready(karim)
    assert not await ready(karim, building=second, reach="quartier")
    mine = await Volunteer.of(karim.id)
    assert (mine.building, mine.building_at, mine.reach) == (first, NOON, "quartier")
    # Forgetting it is no way around, and neither is writing the same again.
    await Volunteer.forget_building(karim.id)
    for again in (first, second):
        assert not await ready(karim, building=again)
    set_clock(monkeypatch, NOON + BUILDING_REST)
    assert await ready(karim, building=second)
    assert not await ready(karim, building=first)
    assert (await Volunteer.of(karim.id)).building == second


async def test_two_buildings_at_once_are_one_change():
    karim = await neighbour("Karim")
    await ready(karim)
    numbers = [building_digest("rue des Lilas", str(number)) for number in range(1, 6)]
    kept = await asyncio.gather(*(ready(karim, building=number) for number in numbers))
    assert kept.count(True) == 1
    assert (await Volunteer.of(karim.id)).building == numbers[kept.index(True)]


async def test_who_moves_leaves_the_building_behind():
    karim = await neighbour("Karim")
    await ready(karim, building=building_digest("rue des Lilas", "1"))
    await karim.rename("Karim B.", "rue des Lilas")
    assert (await Volunteer.of(karim.id)).building is not None
    await karim.rename("Karim B.", "place du Marché")
    mine = await Volunteer.of(karim.id)
    assert (mine.building, mine.street) == (None, "place du Marché") and mine.building_at is not None


async def test_who_leaves_takes_their_row_along():
    karim = await neighbour("Karim")
    await ready(karim)
    await execute("DELETE FROM member WHERE id = {}", karim.id)
    assert await Volunteer.count() == 0


async def state(post, name: str, taker: Member, **columns) -> None:
    """Set a request to this state, as taking and finishing it do."""
    await Post.update({"state": name, "taker": taker.id, "done_at": now() if name != "taken" else None, **columns},
                      force=True).where(Post.id == post)  # fmt: skip


async def titles(rows) -> list[str]:
    """The titles of what a query gave."""
    return [row["title"] for row in await rows]


async def test_what_one_has_to_do_with_help():
    odette, karim = await neighbour(), await neighbour("Karim")
    posts = {name: await put_up(odette, "help", title=name) for name in ("open", "taken", "done", "thanked", "gone")}
    await put_up(odette, "tip", title="tip")
    await put_up(karim, "help", title="mine")
    for name in ("taken", "done", "thanked"):
        await state(posts[name], name, karim)
    await Post.withdraw(posts["gone"])
    assert await titles(mutual_aid.open_for(karim.id)) == ["open"]
    assert await titles(mutual_aid.open_for(odette.id)) == ["mine"]
    assert await titles(mutual_aid.promised_by(karim.id)) == ["taken"]
    assert await titles(mutual_aid.done_by(karim.id)) == ["thanked", "done"]
    assert await titles(mutual_aid.asked_by(odette.id)) == ["done", "taken", "open"]
    assert await titles(mutual_aid.asked_by(karim.id)) == ["mine"]
    assert await titles(mutual_aid.promised_by(odette.id)) == await titles(mutual_aid.done_by(odette.id)) == []
    for name in ("taken", "done", "open"):
        await Post.hide(posts[name])
    assert await titles(mutual_aid.open_for(karim.id)) == await titles(mutual_aid.promised_by(karim.id)) == []
    assert await titles(mutual_aid.done_by(karim.id)) == ["thanked"]


async def test_what_is_past_its_date_waits_for_nobody(monkeypatch):
    set_clock(monkeypatch, NOON)
    odette, karim = await neighbour(), await neighbour("Karim")
    await put_up(odette, "help", urgency="semaine", due_at=None)
    set_clock(monkeypatch, NOON + timedelta(days=9))
    # Upkeep has not come by yet.
    assert await mutual_aid.open_for(karim.id) == await mutual_aid.asked_by(odette.id) == []


async def test_an_urgent_request_stands_before_newer_ones():
    odette, karim = await neighbour(), await neighbour("Karim")
    await put_up(odette, "help", title="urgent")
    await put_up(odette, "help", title="later", urgency="semaine", due_at=None)
    assert await titles(mutual_aid.open_for(karim.id)) == ["urgent", "later"]
