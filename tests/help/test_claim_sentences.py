"""What the state machine does not say: the sentences of refusal, and who is told what, once."""

from datetime import timedelta

import pytest

from server.base.database import query
from server.base.refusals import NotPossible
from server.base.settings import settings
from server.help import life
from server.help.claim import Claim
from server.help.claim_steps import FINISHED, GONE, NOT_TAKEN, NOT_YOURS_NOW, OWN, TAKEN_ALREADY, TOO_LATE, TOO_MANY
from server.help.private import Message, PrivatePart
from server.news.told import Notice
from server.posts.kinds import HELP
from server.posts.post import Post, lease_of
from server.rights.leaving import leave
from server.running import upkeep
from tests.support.claims import a_receipt, ask, hand_back, refused, row_of, told
from tests.support.makers import NOON, answers, put_up, set_clock


async def test_each_refusal_has_its_sentence(people, monkeypatch):
    post = await ask(people)
    assert await refused(Claim.take(post, people.odette)) == OWN
    assert await refused(Claim.take(people.odette, people.theo)) == GONE
    assert await refused(Claim.take(post, post)) == GONE
    assert await refused(Claim.take(await put_up(people.all["odette"], "tip"), people.theo)) == GONE
    assert await refused(Claim.stand_by(post, people.karim)) == NOT_TAKEN
    assert await refused(Claim.stand_by(people.odette, people.karim)) == GONE
    assert await refused(life.finish(people.odette, people.theo)) == GONE
    assert await refused(life.thank(post, people.odette, None)) == life.NOT_DONE
    assert await refused(life.finish(post, people.odette)) == NOT_TAKEN
    await Claim.take(post, people.theo)
    with pytest.raises(NotPossible) as caught:
        await Claim.take(post, people.karim)
    assert (caught.value.sentence, caught.value.values) == (TAKEN_ALREADY, {"name": "Theo"})
    assert await refused(Claim.stand_by(post, people.theo)) == NOT_TAKEN
    assert await refused(Claim.stand_by(post, people.odette)) == OWN
    assert await refused(life.finish(post, people.karim)) == NOT_YOURS_NOW
    await life.finish(post, people.theo)
    assert await refused(Claim.take(post, people.karim)) == FINISHED
    assert await refused(Claim.hand_back(post, people.theo, "")) == FINISHED
    assert await refused(Claim.keep(post, people.theo)) == FINISHED
    await life.thank(post, people.odette, None)
    assert await refused(life.reopen(post, people.odette)) == FINISHED


async def test_what_is_off_the_board_cannot_be_taken(people, monkeypatch):
    expired, withdrawn, hidden = [await ask(people) for _ in range(3)]
    await life.cancel(withdrawn, people.odette)
    await Post.hide(hidden)
    assert await refused(Claim.take(withdrawn, people.theo)) == GONE
    assert await refused(Claim.take(hidden, people.theo)) == GONE
    assert await refused(life.reopen(withdrawn, people.odette)) == GONE
    set_clock(monkeypatch, NOON + timedelta(days=31))
    assert await refused(Claim.take(expired, people.theo)) == GONE
    assert await told(people.theo) == []


async def test_no_more_than_two_in_hand_and_a_proposal_answered_once(people):
    posts = [await ask(people) for _ in range(3)]
    for post in posts[:2]:
        await Claim.take(post, people.theo)
    with pytest.raises(NotPossible) as caught:
        await Claim.take(posts[2], people.theo)
    assert (caught.value.sentence, caught.value.values) == (TOO_MANY, {"count": settings.takes})
    assert (await row_of(posts[2]))["taker"] is None
    await Claim.take(posts[2], people.lina)
    claim = (await Claim.of(posts[2]))[0]["id"]
    await Claim.decline(claim, people.odette)
    assert await refused(Claim.accept(claim, people.odette)) == TOO_LATE
    assert await told(people.lina) == ["declined"]


async def test_an_accepted_newcomer_is_named_as_who_comes(people):
    post = await ask(people)
    await Claim.take(post, people.lina)
    await Claim.accept((await Claim.of(post))[0]["id"], people.amelie)
    news = await Notice.of(people.odette)
    said = [(one["what"], one["who_name"]) for one in news]
    assert said == [("yes-for-you", "Amelie"), ("taken", "Lina"), ("proposed", "Lina")]
    assert await told(people.lina) == ["accepted"]


async def test_who_asked_and_accepts_is_not_told_what_they_just_did(people):
    post = await ask(people)
    await Claim.take(post, people.lina)
    await Claim.accept((await Claim.of(post))[0]["id"], people.odette)
    assert await told(people.odette) == ["proposed"]


async def test_a_hand_back_after_reading_is_told_as_such_and_a_second_to_the_admins(people, monkeypatch):
    await hand_back(await ask(people), people.theo, read=False)
    assert await told(people.odette) == ["taken", "returned"]
    await hand_back(await ask(people), people.theo, read=True)
    assert (await told(people.odette))[2:] == ["taken", "returned-read"]
    await hand_back(await ask(people), people.theo, read=False)
    assert await told(people.amelie) == []
    set_clock(monkeypatch, NOON + timedelta(days=7, minutes=-1))
    await hand_back(await ask(people), people.theo, read=True)
    assert await told(people.amelie) == ["returned-twice"]
    await hand_back(await ask(people), people.theo, read=False)
    assert await told(people.amelie) == ["returned-twice"]


async def test_a_second_on_the_eighth_day_or_of_somebody_else_is_not_told_to_the_admins(people, monkeypatch):
    await hand_back(await ask(people), people.theo, read=True)
    await hand_back(await ask(people), people.karim, read=True)
    set_clock(monkeypatch, NOON + timedelta(days=7, minutes=1))
    await hand_back(await ask(people), people.theo, read=True)
    assert await told(people.amelie) == []


@pytest.mark.parametrize("way", ["handed back", "lapsed", "reopened", "left"])
async def test_who_stands_by_is_told_however_it_becomes_free(people, monkeypatch, way):
    post = await ask(people, "semaine")
    await Claim.take(post, people.theo)
    await Claim.stand_by(post, people.karim)
    await Claim.stand_by(post, people.karim)
    if way == "handed back":
        await Claim.hand_back(post, people.theo, "")
    elif way == "reopened":
        await life.reopen(post, people.odette)
    elif way == "left":
        await leave(people.theo)
    else:
        set_clock(monkeypatch, NOON + timedelta(hours=settings.leases[1]))
        await upkeep.once()
        await upkeep.once()
    assert await told(people.karim) == ["free"]
    await Claim.take(post, people.karim)
    assert [one["state"] for one in await Claim.of(post) if one["name"] == "Karim"] == ["active"]


async def test_a_warning_once_a_lease_and_again_after_confirming(people, monkeypatch):
    post = await ask(people, "semaine")
    await Claim.take(post, people.theo)
    for hours, expected in ((17.9, 0), (18, 1), (20, 1), (23.9, 1)):
        set_clock(monkeypatch, NOON + timedelta(hours=hours))
        await upkeep.once()
        assert (await told(people.theo)).count("lease-soon") == expected, hours
    await Claim.keep(post, people.theo)
    for hours, expected in ((24, 1), (41.8, 1), (41.9, 2), (47, 2)):
        set_clock(monkeypatch, NOON + timedelta(hours=hours))
        await upkeep.once()
        await upkeep.once()
        assert (await told(people.theo)).count("lease-soon") == expected, hours
    set_clock(monkeypatch, NOON + timedelta(hours=48))
    await upkeep.once()
    assert (await told(people.theo))[-1] == "lapsed-own"


async def test_a_week_asleep_is_told_once(people, monkeypatch):
    post = await ask(people, "sans-hate")
    await Claim.take(post, people.theo)
    set_clock(monkeypatch, NOON + timedelta(days=10))
    for _ in range(2):
        await upkeep.once()
    assert await told(people.theo) == ["lapsed-own"]
    assert await told(people.odette) == ["taken", "lapsed"]
    assert (await row_of(post))["state"] == "open"


@pytest.mark.parametrize("change_to", ["urgent", "semaine"])
async def test_a_request_that_becomes_more_urgent_is_confirmed_sooner(people, change_to):
    post = await ask(people, "sans-hate")
    await Claim.take(post, people.theo)
    before = await row_of(post)
    await Post.rewrite(
        post, before["edition"], HELP, answers("help") | {"urgency": change_to, "due_at": NOON + timedelta(days=1)}
    )
    hours = settings.leases[("urgent", "semaine").index(change_to)]
    assert (await row_of(post))["lease_until"] == NOON + timedelta(hours=hours)


async def test_a_request_that_becomes_less_urgent_keeps_its_lease(people):
    post = await ask(people, "urgent")
    await Claim.take(post, people.theo)
    before = await row_of(post)
    await Post.rewrite(post, before["edition"], HELP, answers("help") | {"urgency": "sans-hate", "due_at": None})
    assert (await row_of(post))["lease_until"] == NOON + timedelta(hours=settings.leases[0])


async def test_private_words_go_at_forty_eight_hours_and_not_before(people, monkeypatch):
    ends = {"done": await ask(people), "withdrawn": await ask(people), "expired": await ask(people, "semaine")}
    still = await ask(people)
    await Claim.take(ends["done"], people.theo)
    await Message.write(ends["done"], people.theo, "bonjour")
    await life.finish(ends["done"], people.theo)
    await life.cancel(ends["withdrawn"], people.odette)
    for hours, gone in ((48, set()), (48.02, {"done", "withdrawn"}), (8 * 24 + 48, {"done", "withdrawn"}),
                        (8 * 24 + 48.02, set(ends))):  # fmt: skip
        set_clock(monkeypatch, NOON + timedelta(hours=hours))
        await upkeep.once()
        assert {name for name, post in ends.items() if await PrivatePart.of(post) is None} == gone, hours
    assert await query("SELECT 1 FROM message") == []
    assert (await PrivatePart.of(still))["answers"]["address"] == "12 rue des Lilas"


@pytest.mark.parametrize("way", ["handed back", "lapsed", "reopened", "reopened when done", "withdrawn and put back"])
async def test_what_the_two_had_between_them_is_not_for_the_next(people, monkeypatch, way):
    post = await ask(people, "semaine")
    await Claim.take(post, people.theo)
    await PrivatePart.pay(post, 1250)
    await PrivatePart.settle(post, "taker", people.theo, None)
    await a_receipt(post, people.theo)
    if way == "handed back":
        await Claim.hand_back(post, people.theo, "")
    elif way == "lapsed":
        set_clock(monkeypatch, NOON + timedelta(hours=24))
        await upkeep.once()
    elif way == "withdrawn and put back":
        await life.cancel(post, people.odette)
        await Post.put_back(post)
    else:
        if way == "reopened when done":
            await life.finish(post, people.theo)
        await life.reopen(post, people.odette)
    part = await PrivatePart.of(post)
    assert (part["paid"], part["taker_settled_at"]) == (None, None)
    assert await query("SELECT 1 FROM photo WHERE post = {}", post) == []
    assert (await row_of(post))["rank"] == 2


@pytest.mark.parametrize(
    ("hour", "due", "need", "until"),
    [
        # An evening promise for tomorrow: nobody has to get up for it.
        (23, timedelta(hours=10), "courses", timedelta(hours=9, minutes=30)),
        # Due in the night, or vital: as ever.
        (21, timedelta(hours=2, minutes=30), "trajet", timedelta(hours=2)),
        (23, timedelta(hours=10), "pharmacie", timedelta(hours=2)),
        (14, timedelta(hours=3), "trajet", timedelta(hours=2)),
    ],
)
def test_a_lease_that_would_end_at_night_ends_in_the_morning(monkeypatch, hour, due, need, until):
    moment = NOON.astimezone(settings.zone).replace(hour=hour)
    set_clock(monkeypatch, moment)
    assert lease_of({"urgency": "urgent", "need": need, "due_at": moment + due}) == moment + until
