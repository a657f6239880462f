"""Who is watched, and who is told to stop: many readings, lapses after reading, a request that a moderator hides."""

from datetime import timedelta

from server.base.database import read_now
from server.base.settings import settings
from server.help import life
from server.help.claim import Claim
from server.help.private import MANY, Viewing
from server.news.told import Notice
from server.people.member import Role
from server.posts.post import Post
from tests.support.help_people import CANARIES, around_a_request, asked, in_state
from tests.support.makers import NOON, put_up, set_clock
from tests.support.people import words


async def told(person) -> list[str]:
    """What this person was told, the first first."""
    return [one["what"] for one in reversed(await Notice.of(person.id))]


async def read_and_finish(people, who: str) -> None:
    """Take a request, read behind its door, say that it is done: nothing is handed back."""
    post = await asked(people)
    await Claim.take(post, people.members[who].id)
    await Viewing.note(post, people.members[who].id)
    await life.finish(post, people.members[who].id)


async def test_reading_many_doors_in_a_week_is_told_to_the_admins_once(monkeypatch):
    people = await around_a_request()
    for hours in range(0, 8 * (MANY - 1), 8):
        set_clock(monkeypatch, NOON + timedelta(hours=hours))
        await read_and_finish(people, "karim")
    assert "read-many" not in await told(people.members["amelie"])
    for hours in range(72, 96, 8):
        set_clock(monkeypatch, NOON + timedelta(hours=hours))
        await read_and_finish(people, "karim")
    assert (await told(people.members["amelie"])).count("read-many") == 1


async def test_reading_as_many_over_a_month_is_not(monkeypatch):
    people = await around_a_request()
    for week in range(MANY + 1):
        set_clock(monkeypatch, NOON + timedelta(days=4 * week))
        await read_and_finish(people, "karim")
    assert "read-many" not in await told(people.members["amelie"])


async def test_letting_a_second_read_request_lapse_is_told_like_handing_it_back(monkeypatch):
    people = await around_a_request()
    set_clock(monkeypatch, NOON)
    for _ in range(2):
        post = await asked(people)
        await Claim.take(post, people.members["karim"].id)
        await Viewing.note(post, people.members["karim"].id)
    set_clock(monkeypatch, NOON + timedelta(hours=settings.leases[1], minutes=1))
    assert await life.lapse() == 2
    assert (await told(people.members["amelie"])).count("returned-twice") == 1


async def test_a_hidden_request_sends_nobody_out_any_more():
    people = await around_a_request()
    post = await in_state(people, "taken")
    await people.jeanne.post(f"/moderation/avis/{post}/masquer", {"raison": "une arnaque"})
    assert (await told(people.members["theo"]))[-1] == "stopped"
    assert "n’y allez pas" in words(await people.theo.get("/nouvelles"))
    row = await Post.load(post)
    assert (row["state"], row["taker"]) == ("open", None)
    assert CANARIES[0] not in (await people.theo.get(f"/avis/{post}")).text


async def test_who_came_keeps_sight_of_a_request_that_was_withdrawn_after_it_was_done():
    people = await around_a_request()
    post = await in_state(people, "done")
    await people.odette.post(f"/avis/{post}/retrait")
    page = await people.theo.get(f"/avis/{post}")
    assert page.status_code == 200 and CANARIES[0] not in page.text
    assert (await people.karim.get(f"/avis/{post}")).status_code == 404


async def test_nobody_leaves_an_address_with_a_newcomer():
    people = await around_a_request()
    offer = await put_up(people.members["marguerite"], "offer")
    form = {"cle": "une-cle-de-formulaire-0001", "note": "des œufs", "address": CANARIES[0]}
    assert (await people.karim.post(f"/avis/{offer}/inscription", form)).status_code == 404
    assert "vient d’arriver sur le palier" in words(await people.karim.get(f"/avis/{offer}"))
    people.members["marguerite"].role = Role.RESIDENT
    await people.members["marguerite"].save()
    assert (await people.karim.post(f"/avis/{offer}/inscription", form)).status_code == 303


async def test_a_message_written_while_the_lease_ended_is_not_lost():
    people = await around_a_request()
    post = await in_state(people, "taken")
    await Claim.hand_back(post, people.members["theo"].id, "")
    form = {"cle": "une-cle-de-formulaire-0001", "message": "J’arrive dans dix minutes"}
    late = await people.theo.post(f"/avis/{post}/messages", form)
    assert late.status_code == 409
    assert "Vous ne vous occupez plus" in words(late) and "J’arrive dans dix minutes" in words(late)
    assert (await read_now("SELECT count(*) FROM message WHERE author = {}", str(people.members["theo"].id)))[0][0] == 0


async def test_one_tap_hands_a_request_back_with_its_reason():
    people = await around_a_request()
    post = await in_state(people, "taken")
    page = await people.theo.get(f"/avis/{post}")
    assert page.text.count('name="raison-rendre" value="Je suis malade"') == 1
    await people.theo.post(f"/avis/{post}/prise/rendre", {"raison-rendre": "Je suis malade"})
    assert "« Je suis malade »" in words(await people.odette.get(f"/avis/{post}"))
