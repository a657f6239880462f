"""Who comes, time by time: reminded an hour before, told of a change; and what repeats, asked about once a month."""

import asyncio
import re
from datetime import timedelta
from uuid import UUID

import pytest

from server.base.columns import now
from server.base.database import execute, query
from server.gatherings import recurrence
from server.gatherings.attendance import move_on
from server.help import life
from server.news.told import Notice
from server.posts.post import Post
from server.posts.reaction import Mark, Over
from server.rights import leaving
from server.running import upkeep
from tests.support.alert_people import alerted, deliver, read, street, with_phone
from tests.support.help_forms import form_of
from tests.support.makers import NOON, answers, neighbour, put_up, set_clock
from tests.support.people import everybody, words


async def test_who_comes_is_reminded_once_each_evening(monkeypatch):
    set_clock(monkeypatch, NOON)
    async with street(monkeypatch) as (service, courier):
        odette, karim, paul = [await neighbour(name) for name in ("Odette", "Karim", "Paul")]
        for member in (odette, karim, paul):
            await with_phone(service, member)
        # It starts at three, daily.
        post = await put_up(odette, "gathering")
        heard = []
        await Mark.put(post, karim.id, "coming")
        for minutes in (0, 119, 121, 150, 24 * 60 + 119, 24 * 60 + 121):
            set_clock(monkeypatch, NOON + timedelta(minutes=minutes))
            await upkeep.once()
            await deliver(courier)
            if service.taken:
                assert read(service, service.taken[0])["notification"]["title"].replace("\u00a0", " ") == "C’est à 15 h"
            heard.append(await alerted(service))
        # The next day Karim has not said that he comes.
        assert heard == [[], [], ["Karim", "Odette"], [], [], ["Odette"]]
        assert [row["what"] for row in await Notice.of(karim.id)] == ["reminder"]


async def test_nobody_is_reminded_of_what_was_called_off(monkeypatch):
    set_clock(monkeypatch, NOON)
    async with street(monkeypatch) as (service, courier):
        odette, karim = await neighbour("Odette"), await neighbour("Karim")
        await with_phone(service, karim)
        post = await put_up(odette, "gathering")
        await Mark.put(post, karim.id, "coming")
        set_clock(monkeypatch, NOON + timedelta(minutes=121))
        await upkeep.once()
        assert [row["what"] for row in await Notice.of(karim.id)] == ["reminder"]
        await life.cancel(post, odette.id)
        await deliver(courier)
        assert await alerted(service) == []


async def test_it_was_said_of_one_evening_and_not_of_those_to_come(monkeypatch):
    set_clock(monkeypatch, NOON)
    odette, karim, paul = [await neighbour(name) for name in ("Odette", "Karim", "Paul")]
    post = await put_up(odette, "gathering")
    first = int((await Post.load(post))["starts_at"].timestamp())
    assert await Mark.put(post, karim.id, "coming", time=first)
    assert (await Post.load(post))["coming"] == 1
    set_clock(monkeypatch, NOON + timedelta(days=1))
    await upkeep.once()
    loaded = await Post.load(post)
    assert (loaded["coming"], await Mark.made_by(karim.id, post)) == (0, set())
    assert loaded["starts_at"].timestamp() == first + 86_400
    # A page that was opened yesterday says yesterday's evening.
    with pytest.raises(Over):
        await Mark.put(post, paul.id, "coming", time=first)
    assert await Mark.put(post, paul.id, "coming", time=first + 86_400)
    assert (await Post.load(post))["coming"] == 1


@pytest.mark.parametrize("repeats", ["daily", "weekly"])
async def test_what_repeats_or_is_far_ahead_stays_until_it_is_stopped(monkeypatch, repeats):
    set_clock(monkeypatch, NOON)
    odette = await neighbour("Odette")
    again = await put_up(odette, "gathering", repeats=repeats)
    far = await put_up(odette, "gathering", repeats="once", starts_at=NOON + timedelta(days=45))
    offer = await put_up(odette, "offer", repeats="weekly", starts_at=NOON + timedelta(days=100))
    set_clock(monkeypatch, NOON + timedelta(days=44))
    await upkeep.once()
    for post in (again, far, offer):
        assert (await Post.load(post))["listed"], post
    set_clock(monkeypatch, NOON + timedelta(days=45, hours=4))
    await upkeep.once()
    assert not (await Post.load(far))["listed"] and (await Post.load(again))["listed"]


async def test_a_call_for_hands_ends_with_its_day(monkeypatch):
    set_clock(monkeypatch, NOON)
    odette = await neighbour("Odette")
    post = await put_up(odette, "initiative", valid_until=NOON + timedelta(days=40))
    starts = (await Post.load(post))["starts_at"]
    set_clock(monkeypatch, starts + timedelta(hours=4))
    await upkeep.once()
    assert not (await Post.load(post))["listed"]


async def test_its_author_is_asked_once_a_month_and_two_without_answer_take_it_down(monkeypatch):
    set_clock(monkeypatch, NOON)
    odette = await neighbour("Odette")
    post = await put_up(odette, "gathering")

    async def heard_by(day: float) -> list[str]:
        set_clock(monkeypatch, NOON + timedelta(days=day))
        await upkeep.once()
        await upkeep.once()
        return [row["what"] for row in await Notice.of(odette.id) if row["what"] != "reminder"]

    assert await heard_by(29) == []
    assert await heard_by(30.1) == ["still-on"]
    assert await heard_by(59) == ["still-on"]
    assert await heard_by(60.1) == ["still-on"] * 2
    assert (await Post.load(post))["listed"]
    assert await heard_by(90.1) == ["off-board", "still-on", "still-on"]
    assert not (await Post.load(post))["listed"]
    set_clock(monkeypatch, NOON + timedelta(days=120))
    await recurrence.go_on(post)
    loaded = await Post.load(post)
    assert loaded["listed"] and loaded["asks"] == 0 and loaded["starts_at"] > NOON + timedelta(days=119)
    for day, asks in ((149, 0), (150.1, 1)):
        await heard_by(day)
        assert (await Post.load(post))["asks"] == asks


async def test_an_answer_or_a_correction_counts_as_one(monkeypatch):
    set_clock(monkeypatch, NOON)
    odette = await neighbour("Odette")
    posts = [await put_up(odette, "gathering", title=title) for title in ("Un", "Deux")]
    set_clock(monkeypatch, NOON + timedelta(days=31))
    await upkeep.once()
    await recurrence.go_on(posts[0])
    row = await Post.load(posts[1])
    assert await Post.rewrite(
        posts[1], row["edition"], row["kind"], answers("gathering") | {"starts_at": row["starts_at"]}
    )
    set_clock(monkeypatch, NOON + timedelta(days=60))
    await upkeep.once()
    assert [row["what"] for row in await Notice.of(odette.id)].count("still-on") == 2


async def test_those_who_come_hear_of_a_change_and_of_calling_off():
    people = await everybody()
    in_three_days = (now() + timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)
    post = await put_up(people.members["odette"], "gathering", repeats="once", starts_at=in_three_days)
    await people.karim.post(f"/avis/{post}/presence")
    form = form_of(await people.odette.get(f"/avis/{post}/modifier"), "composeur")
    assert (await people.odette.post(f"/avis/{post}/modifier", form | {"body": "Venez nombreux"})).status_code == 303
    assert await heard(people, "karim") == []
    await people.odette.post(f"/avis/{post}/modifier", form | {"place": "au square", "edition": "2"})
    await people.odette.post(f"/avis/{post}/retrait")
    await people.odette.post(f"/avis/{post}/retour")
    # Off and on again before anybody looked is nothing.
    assert await heard(people, "karim") == ["moved"]
    for number in range(8):
        again = form_of(await people.odette.get(f"/avis/{post}/modifier"), "composeur")
        await people.odette.post(f"/avis/{post}/modifier", again | {"place": f"au square {number}"})
        await people.odette.post(f"/avis/{post}/retrait")
        await people.odette.post(f"/avis/{post}/retour")
    assert await heard(people, "karim") == ["moved"]
    await people.jeanne.post(f"/moderation/avis/{post}/masquer", {"raison": "Une annonce"})
    assert (await heard(people, "karim"))[0] == "called-off"
    for who in ("jeanne", "marguerite"):
        assert await heard(people, who) == []


async def heard(people, who: str) -> list[str]:
    """What somebody was told, the latest first."""
    return [row["what"] for row in await Notice.of(people.members[who].id)]


async def test_a_page_of_yesterday_says_it_without_javascript_too():
    people = await everybody()
    post = await put_up(people.members["odette"], "gathering", starts_at=now() + timedelta(hours=2))
    page = await people.karim.get(f"/avis/{post}")
    sent = {"quand": re.search(r'name="quand" value="(\d+)"', page.text).group(1)}
    await execute("UPDATE post SET starts_at = {} WHERE id = {}", now() + timedelta(days=1), post)
    answer = await people.karim.post(f"/avis/{post}/presence", sent)
    assert answer.status_code == 303
    assert "Cette fois-là est passée" in words(await people.karim.get(answer.headers["location"]))
    assert await Mark.made_by(people.members["karim"].id, UUID(str(post))) == set()
    for spoilt in ("x", "-1", "9" * 40, ""):
        assert (await people.jeanne.post(f"/avis/{post}/presence", {"quand": spoilt})).status_code == 303


async def test_only_its_author_says_that_it_goes_on_and_only_of_what_repeats():
    people = await everybody()
    post = await put_up(people.members["odette"], "gathering")
    once = await put_up(people.members["odette"], "gathering", repeats="once")
    await execute("UPDATE post SET asks = 1 WHERE id = {}", post)
    assert "Il revient toujours" in words(await people.odette.get(f"/avis/{post}"))
    assert "Il revient toujours" not in words(await people.karim.get(f"/avis/{post}"))
    assert (await people.karim.post(f"/avis/{post}/toujours")).status_code == 404
    assert (await people.odette.post(f"/avis/{once}/toujours")).status_code == 404
    assert (await people.odette.post(f"/avis/{post}/toujours")).status_code == 303
    assert "Il revient toujours" not in words(await people.odette.get(f"/avis/{post}"))


async def test_who_comes_hears_that_it_goes_with_its_author():
    people = await everybody()
    post = await put_up(people.members["odette"], "gathering", starts_at=now() + timedelta(days=1))
    await people.karim.post(f"/avis/{post}/presence")
    await leaving.leave(people.members["odette"].id)
    assert await heard(people, "karim") == ["event-gone"]


async def test_a_tap_while_it_moves_on_is_of_one_time_or_of_none(monkeypatch):
    """Before: the tap's mark was swept away with its count left, or counted for an evening nobody had said yes to."""
    people = await everybody()
    for n in range(8):
        set_clock(monkeypatch, NOON)
        post = await put_up(people.members["odette"], "gathering")
        first = int((await Post.load(post))["starts_at"].timestamp())
        await Mark.put(post, people.members["jeanne"].id, "coming", time=first)
        set_clock(monkeypatch, NOON + timedelta(days=1))
        presence = f"/avis/{post}/presence"
        jobs = [
            people.karim.post(presence, {"quand": str(first)}),
            people.marguerite.post(presence, {"quand": str(first + 86_400)}),
            people.jeanne.post(f"{presence}/annuler"),
            people.amelie.post(presence),
            recurrence.move(),
            recurrence.move(),
        ]
        *answered, once, again = await asyncio.gather(*(jobs if n % 2 else [*jobs[1:4], jobs[0], *jobs[4:]]))
        assert {one.status_code for one in answered} == {303} and once + again == 1
        counted = await query("SELECT count(*) AS n FROM mark WHERE post = {} AND kind = 'coming'", post)
        assert (await Post.load(post))["coming"] == counted[0]["n"]
        assert "coming" not in await Mark.made_by(people.members["karim"].id, post)
        await life.cancel(post, people.members["odette"].id)


async def test_it_moves_on_from_the_time_it_was_looked_at_only(monkeypatch):
    """Before: a second process, or a correction meanwhile, wiped out who comes the next time."""
    set_clock(monkeypatch, NOON)
    odette, karim = await neighbour("Odette"), await neighbour("Karim")
    post = await put_up(odette, "gathering")
    first = (await Post.load(post))["starts_at"]
    assert await move_on(post, first, first + timedelta(days=1))
    assert await Mark.put(post, karim.id, "coming", time=int(first.timestamp()) + 86_400)
    assert not await move_on(post, first, first + timedelta(days=1))
    loaded = await Post.load(post)
    assert (loaded["coming"], loaded["starts_at"]) == (1, first + timedelta(days=1))
    assert await Mark.made_by(karim.id, post) == {"coming"}


async def test_one_that_fails_keeps_none_of_the_others_from_moving_or_being_asked(monkeypatch):
    set_clock(monkeypatch, NOON)
    odette = await neighbour("Odette")
    posts = [await put_up(odette, "gathering", title=str(n)) for n in range(3)]
    starts = (await Post.load(posts[0]))["starts_at"]
    true_move, true_tell = recurrence.move_on, Notice.tell

    async def moves(post, *times):
        if post == posts[0]:
            raise ValueError("one row")
        return await true_move(post, *times)

    async def tells(person, what, post, *others, **more):
        if post == posts[0]:
            raise ValueError("one row")
        await true_tell(person, what, post, *others, **more)

    monkeypatch.setattr(recurrence, "move_on", moves)
    monkeypatch.setattr(Notice, "tell", staticmethod(tells))
    set_clock(monkeypatch, NOON + timedelta(days=31))
    for part in (recurrence.move, recurrence.ask):
        with pytest.raises(ExceptionGroup):
            await part()
    rows = [await Post.load(post) for post in posts]
    assert [row["starts_at"] > starts for row in rows] == [False, True, True]
    assert [row["asks"] for row in rows] == [0, 1, 1]


@pytest.mark.parametrize("spoilt", ["x", "-1", "9" * 40, " ", "1 ", "1e9", "١٢٣", "12.0", "\u200b"])
async def test_a_moment_that_is_no_number_marks_nothing(spoilt):
    """Before: it was left out, and the tap counted for whatever comes next."""
    people = await everybody()
    post = await put_up(people.members["odette"], "gathering")
    answer = await people.jeanne.post(f"/avis/{post}/presence", {"quand": spoilt})
    assert answer.status_code == 303
    assert "Cette fois-là est passée" in words(await people.jeanne.get(answer.headers["location"]))
    assert (await Post.load(post))["coming"] == 0
    assert (await people.jeanne.post(f"/avis/{post}/presence", {"quand": ""})).status_code == 303
    assert (await Post.load(post))["coming"] == 1


async def test_a_tap_of_htmx_reads_the_sentence_too():
    people = await everybody()
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}
    post = await put_up(people.members["odette"], "gathering")
    late = await people.karim.post(f"/avis/{post}/presence", {"quand": "1"}, headers=part)
    assert late.status_code == 200 and f'id="avis-{post}"' in late.text
    assert "Cette fois-là est passée" in words(late) and 'data-hx-target="#mots"' in late.text
    call = await put_up(people.members["odette"], "initiative", capacity=1)
    await people.karim.post(f"/avis/{call}/presence", headers=part)
    full = await people.jeanne.post(f"/avis/{call}/presence", headers=part)
    assert "C’est complet" in words(full)
    made = await people.amelie.post(f"/avis/{post}/presence", headers=part)
    assert "#mots" not in made.text
