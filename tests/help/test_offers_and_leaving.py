"""Around a request: places on an offer, who leaves the board, upkeep twice at once or cut short."""

import asyncio
import contextlib
from datetime import timedelta
from uuid import UUID

import pytest

from server.base.database import query
from server.base.refusals import NotPossible
from server.base.settings import settings
from server.help import life, offer
from server.help.claim import Claim
from server.help.offer import ENDED, FULL
from server.help.private import PrivatePart, Viewing
from server.help.proxy import ProxyFile
from server.news.told import Notice
from server.people.member import Role
from server.posts import photo_files
from server.posts.board import Filter, rows
from server.posts.post import Post
from server.posts.reaction import Mark
from server.rights.leaving import LAST_ADMIN, leave
from server.running import upkeep
from tests.support.claims import a_receipt, ask, hand_back, refused, row_of, told
from tests.support.makers import NOON, neighbour, put_up, set_clock

LIST = {"note": "Du pain", "phone": "04 65 71 20 08"}


async def an_offer(people, capacity: int = 2) -> UUID:
    """Théo goes to the market."""
    return await put_up(people.all["theo"], "offer", capacity=capacity)


async def join(post: UUID, people, who: str) -> UUID:
    return await offer.join(post, people.all[who].id, "rue des Lilas", dict(LIST))


async def on_the_board(viewer: UUID) -> set[str]:
    """The ids of what the board shows."""
    found, _ = await rows(viewer, None, Filter())
    return {row.id for row in found}


async def test_a_place_becomes_a_request_with_its_own_list_seen_by_nobody_else(people):
    post = await an_offer(people)
    request = await join(post, people, "odette")
    assert await join(post, people, "odette") == request
    one = await row_of(request)
    assert (one["state"], one["taker"], one["offer"], one["lease_until"]) == ("taken", people.theo, post, None)
    assert (await row_of(post))["coming"] == 1
    assert await on_the_board(people.karim) == {str(post)}
    assert await told(people.theo) == ["joined"]
    assert await refused(Claim.take(request, people.karim)) != ""


async def test_no_place_on_what_is_full_closed_called_off_hidden_or_one_s_own(people):
    post = await an_offer(people, capacity=1)
    assert await refused(join(post, people, "theo")) == ENDED
    assert await refused(join(people.theo, people, "odette")) == ENDED
    request = await join(post, people, "odette")
    assert await refused(join(post, people, "karim")) == FULL
    await offer.leave(post, people.odette)
    await join(post, people, "karim")
    await offer.close(post, people.theo)
    assert await refused(join(post, people, "odette")) == ENDED
    assert (await row_of(request))["withdrawn_at"] is not None
    for end in (offer.call_off(await an_offer(people), people.theo), Post.hide(await an_offer(people))):
        await end
    for other in await query("SELECT id FROM post WHERE kind = 'offer'"):
        assert await refused(join(other["id"], people, "odette")) == ENDED


@pytest.mark.parametrize("way", ["leaves", "cancels", "asks everybody", "is handed back", "quits", "is called off"])
async def test_a_place_comes_back_however_one_loses_it(people, way):
    post = await an_offer(people, capacity=1)
    request = await join(post, people, "odette")
    if way == "leaves":
        await offer.leave(post, people.odette)
        await offer.leave(post, people.odette)
    elif way == "cancels":
        await life.cancel(request, people.odette)
        await life.cancel(request, people.odette)
    elif way == "asks everybody":
        await life.reopen(request, people.odette)
    elif way == "is handed back":
        await Claim.hand_back(request, people.theo, "la grippe")
    elif way == "quits":
        await leave(people.odette)
    else:
        await offer.call_off(post, people.theo)
        assert await told(people.odette) == ["offer-ended"]
        await Post.put_back(post)
    assert (await row_of(post))["coming"] == 0
    await join(post, people, "karim")
    assert (await row_of(post))["coming"] == 1


async def test_what_was_asked_of_one_never_comes_to_the_board_by_itself(people):
    post = await an_offer(people)
    request = await join(post, people, "odette")
    row = await Post.load(request)
    answers = {"need": "autre", "urgency": "sans-hate", "title": "Courses", "body": "", "place": "rue", "due_at": None}
    assert await Post.rewrite(request, row["edition"], row["kind"], answers)
    assert await on_the_board(people.karim) == {str(post)}
    await Post.hide(request)
    await Post.show_again(request)
    assert await on_the_board(people.karim) == {str(post)}
    await offer.leave(post, people.odette)
    await Post.put_back(request)
    assert await on_the_board(people.karim) == {str(post)}
    await life.reopen(request, people.odette)
    assert await on_the_board(people.karim) == {str(post), str(request)}


async def test_a_closed_offer_does_not_come_back_by_a_correction_or_a_withdrawal(people):
    post = await an_offer(people)
    await offer.close(post, people.theo)
    row = await Post.load(post)
    changed = {"title": "Courses", "body": "", "repeats": "on-call", "capacity": 4, "reach": "near"}
    assert await Post.rewrite(post, row["edition"], row["kind"], changed)
    assert await on_the_board(people.karim) == set()
    await Post.withdraw(post)
    await Post.put_back(post)
    assert await on_the_board(people.karim) == set()


async def test_closing_settles_all_and_an_offer_long_past_closes_itself(people, monkeypatch):
    first, second = await an_offer(people), await an_offer(people)
    ours, theirs = await join(first, people, "odette"), await join(first, people, "karim")
    late = await join(second, people, "odette")
    for _ in range(2):
        await offer.close(first, people.theo)
    assert [(await row_of(one))["state"] for one in (ours, theirs, late)] == ["done", "done", "taken"]
    assert await told(people.karim) == ["done"]
    ends = (await row_of(second))["expires_at"]
    for hours, state in ((settings.keep - 0.1, "taken"), (settings.keep + 0.1, "done")):
        set_clock(monkeypatch, ends + timedelta(hours=hours))
        await upkeep.once()
        await upkeep.once()
        assert (await row_of(late))["state"] == state
    assert await told(people.odette) == ["done", "done"]
    assert await PrivatePart.of(ours) is None


async def test_who_has_it_in_hand_leaves(people):
    post = await ask(people)
    await Claim.take(post, people.theo)
    await Viewing.note(post, people.theo)
    before = (await row_of(post))["version"]
    await leave(people.theo)
    one = await row_of(post)
    assert (one["state"], one["taker"], one["listed"]) == ("open", None, True)
    assert one["version"] > before
    assert (await told(people.odette))[-1] == "left"
    await Claim.take(post, people.karim)


@pytest.mark.parametrize("step", ["thank", "reopen", "cancel"])
async def test_what_somebody_did_and_then_left_can_still_end_well(people, step):
    post = await ask(people)
    await Claim.take(post, people.theo)
    await life.finish(post, people.theo)
    await leave(people.theo)
    if step == "thank":
        await life.thank(post, people.odette, "merci")
    else:
        await getattr(life, step)(post, people.odette)
    assert (await row_of(post))["state"] == {"thank": "thanked", "reopen": "open", "cancel": "done"}[step]


async def test_who_asked_leaves_while_somebody_is_on_the_way(people):
    post = await ask(people)
    await Claim.take(post, people.theo)
    await Claim.stand_by(post, people.karim)
    await leave(people.odette)
    assert (await told(people.theo), await told(people.karim)) == (["gone"], ["gone"])
    for table in ("post", "private_part", "claim", "viewing"):
        assert await query(f"SELECT 1 FROM {table}") == []
    assert await refused(life.finish(post, people.theo)) != ""


async def for_somebody(people) -> UUID:
    post = await ask(people, on_behalf=True)
    await ProxyFile.write(post, people.odette, "voice", "me", False, None)
    return post


async def test_a_proxy_leaves_and_an_admin_follows(people):
    theirs, own = await for_somebody(people), await ask(people)
    await Claim.take(theirs, people.theo)
    await leave(people.odette)
    one = await row_of(theirs)
    assert (one["author"], one["state"], one["taker"]) == (people.amelie, "taken", people.theo)
    assert await told(people.amelie) == ["inherited"]
    assert (await PrivatePart.of(theirs))["answers"]["address"] == "12 rue des Lilas"
    assert await ProxyFile.of(theirs) is not None
    assert await query("SELECT 1 FROM post WHERE id = {}", own) == []
    await life.finish(theirs, people.theo)
    assert (await told(people.amelie))[-1] == "done"


async def test_the_admin_who_inherits_what_they_had_in_hand_asks_others(people):
    taken, done = await for_somebody(people), await for_somebody(people)
    for post in (taken, done):
        await Claim.take(post, people.amelie)
    await life.finish(done, people.amelie)
    await Claim.stand_by(taken, people.karim)
    await leave(people.odette)
    one = await row_of(taken)
    assert (one["author"], one["state"], one["taker"]) == (people.amelie, "open", None)
    assert await told(people.karim) == ["free"]
    assert all(claim["ended_at"] for claim in await Claim.of(taken) if claim["name"] == "Amelie")
    # What was done stays done.
    assert (await row_of(done))["state"] == "done"


async def test_an_admin_who_waited_for_what_they_inherit_waits_no_more(people):
    post = await for_somebody(people)
    await Claim.take(post, people.theo)
    await Claim.stand_by(post, people.amelie)
    await leave(people.odette)
    assert [claim["state"] for claim in await Claim.of(post)] == ["active", "dropped"]


async def test_the_last_admin_stays(people):
    assert await refused(leave(people.amelie)) == LAST_ADMIN
    other = await neighbour("Cyril", Role.ADMIN)
    results = await asyncio.gather(leave(people.amelie), leave(other.id), return_exceptions=True)
    assert sorted(map(type, results), key=str) == sorted((NotPossible, type(None)), key=str)
    assert len(await query("SELECT 1 FROM member WHERE role = 'admin'")) == 1


async def test_the_counts_are_right_after_somebody_left(people):
    tip = await put_up(people.all["odette"], "tip")
    await Mark.put(tip, people.theo, "thanks")
    await Mark.put(tip, people.karim, "thanks")
    market = await an_offer(people)
    await join(market, people, "karim")
    await leave(people.karim)
    assert ((await row_of(tip))["thanks"], (await row_of(market))["coming"]) == (1, 0)


async def test_two_rounds_of_upkeep_at_once_are_one(people, monkeypatch):
    for _ in range(3):
        await Claim.take(await ask(people, "urgent"), (await neighbour("Nadir")).id)
    set_clock(monkeypatch, NOON + timedelta(hours=3))
    await asyncio.gather(*(upkeep.once() for _ in range(4)))
    assert (await told(people.odette)).count("lapsed") == 3


async def test_a_round_cut_short_is_finished_by_the_next_and_nothing_is_doubled(people, monkeypatch):
    taken, over = [await ask(people, "urgent") for _ in range(2)], await ask(people)
    for post, who in zip(taken, (people.theo, people.karim), strict=True):
        await Claim.take(post, who)
    await Claim.take(over, people.theo)
    await a_receipt(over, people.theo)
    await life.finish(over, people.theo)
    set_clock(monkeypatch, NOON + timedelta(hours=50))
    real, calls = Notice.tell, 0

    async def tell(person, what, *rest):
        nonlocal calls
        calls += what.startswith("lapsed")
        if calls == 4:
            raise RuntimeError("power cut")
        return await real(person, what, *rest)

    async def no_files(hashes):
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(Notice, "tell", tell)
        broken.setattr(photo_files.Photo, "forget_receipts", no_files)
        with pytest.raises(ExceptionGroup):
            await upkeep.once()
    # One lease was ended whole, the other not at all; and private words went all the same.
    assert sorted([(await row_of(post))["state"] for post in taken]) == ["open", "taken"]
    assert await PrivatePart.of(over) is None
    for _ in range(2):
        await upkeep.once()
    assert [(await row_of(post))["state"] for post in taken] == ["open", "open"]
    assert (await told(people.odette)).count("lapsed") == 2
    assert [(await told(who)).count("lapsed-own") for who in (people.theo, people.karim)] == [1, 1]
    assert await query("SELECT 1 FROM photo") == []


async def test_who_reads_and_gives_back_again_and_again_is_told_to_the_admins_each_time(people):
    for _ in range(4):
        await hand_back(await ask(people), people.theo, read=True)
    assert [what for what in await told(people.amelie) if what != "many-doors"] == ["returned-twice"] * 3
    assert (await told(people.odette)).count("returned-read") == 4


async def test_upkeep_stops_even_when_a_part_of_it_swallows_being_told_to(monkeypatch):
    begun = asyncio.Event()

    async def deaf() -> None:
        begun.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)

    monkeypatch.setattr(upkeep.life, "warn", deaf)
    async with asyncio.timeout(10) as limit:
        async with upkeep.running():
            await begun.wait()
    assert not limit.expired()
