"""How many private parts one person reads in a day: decided before the take, and never for who has come."""

import asyncio
import re
from datetime import timedelta

import pytest

from server.base.database import execute, query, read_now
from server.base.settings import settings
from server.help import life
from server.help.claim import Claim
from server.help.doors import to_look_at, unlock_due
from server.help.private import Viewing
from server.help.request import ask_quietly
from server.moderation.shutting import shut
from server.news.told import Notice
from server.people.member import Member, Role
from server.running import upkeep
from tests.support.help_people import CANARIES, around_a_request
from tests.support.makers import NOON, answers, neighbour, put_up, set_clock
from tests.support.people import Neighbours, browser_of, words

MINUTE = timedelta(minutes=1)
KEY = "une-cle-de-formulaire-"


async def doors(people: Neighbours, many: int, **other) -> list:
    """As many requests, each of somebody else with a code of their own."""
    posts = []
    for number in range(many):
        asker = await neighbour(f"Voisine {number}")
        asked = answers("help") | {"urgency": "semaine", "due_at": None, "need": "courses"} | other
        posts.append(await ask_quietly(asker.id, asker.street, asked, {"door_code": f"CODE{number}X"}))
    return posts


async def harvest(people: Neighbours, who: str, posts: list) -> set[str]:
    """The robber's script: take, read, done, and on to the next; the codes that were read."""
    read_now = set()
    for post in posts:
        await people.browsers[who].post(f"/avis/{post}/prise")
        read_now |= set(re.findall(r"CODE\d+X", (await people.browsers[who].get(f"/avis/{post}")).text))
        await people.browsers[who].post(f"/avis/{post}/fait")
    return read_now


async def told(person) -> list[str]:
    """What this person was told, the first first."""
    return [one["what"] for one in reversed(await Notice.of(person.id))]


@pytest.mark.parametrize("who", ["karim", "jeanne", "amelie"])
async def test_a_loop_over_open_requests_reads_four_doors(who):
    """Before: 7 of 7."""
    people = await around_a_request()
    assert len(await harvest(people, who, await doors(people, 7))) == settings.doors == 4


async def test_twenty_offers_of_twenty_places_give_four_lists():
    """Before: 400 lists in two seconds."""
    people = await around_a_request()
    joined = 0
    neighbours = [await neighbour(f"Voisin {number}") for number in range(6)]
    for number in range(4):
        offer = await put_up(people.members["karim"], "offer", capacity=20)
        for person in neighbours:
            form = {"cle": f"{KEY}{number:04}", "note": "du pain", "phone": "04 65 71 20 08"}
            answer = await (await browser_of(person)).post(f"/avis/{offer}/inscription", form)
            joined += answer.status_code == 303
    assert joined == settings.doors
    page = await people.karim.get(f"/avis/{offer}")
    assert page.status_code == 200


async def test_the_third_within_an_hour_is_told_to_the_admins_once():
    people = await around_a_request()
    posts = await doors(people, 4)
    await harvest(people, "karim", posts[:2])
    assert "many-doors" not in await told(people.members["amelie"])
    await harvest(people, "karim", posts[2:])
    assert (await told(people.members["amelie"])).count("many-doors") == 1
    page = words(await people.jeanne.get("/moderation/portes"))
    assert "Karim Benali" in page and "4 portes ouvertes en un jour" in page and "Voisine 3" in page


async def test_the_case_of_who_leaves_stays_that_day_under_the_name_of_that_time(monkeypatch):
    """Before: « Rien à regarder »."""
    people = await around_a_request()
    set_clock(monkeypatch, NOON)
    posts = await doors(people, 5)
    await people.karim.post("/chez-moi/nom", {"nom": "Samir Haddad", "rue": "rue des Lilas", "joindre": ""})
    await harvest(people, "karim", posts[:3])
    assert "S’appelait Karim Benali" in words(await people.jeanne.get("/moderation/portes"))
    # Two doors are no case; what an admin opened with a reason counts.
    await harvest(people, "theo", posts[3:])
    for post in posts[:3]:
        await Viewing.note(post, people.members["lucien"].id, "elle ne répond plus")
    for who in ("karim", "theo", "lucien"):
        assert (await people.browsers[who].post("/chez-moi/depart", {"oui": "oui"})).status_code == 303, who
        assert not await Member.exists().where(Member.id == people.members[who].id), who
    page = words(await people.jeanne.get("/moderation/portes"))
    assert "Samir Haddad" in page and "S’appelait Karim Benali" in page and "A quitté le palier depuis" in page
    assert "3 portes ouvertes en un jour" in page and "Voisine 0" in page
    assert "Théo" not in page and "Lucien" in page
    set_clock(monkeypatch, NOON + timedelta(days=1, seconds=1))
    assert "Rien à regarder" in words(await people.jeanne.get("/moderation/portes"))


async def test_a_volunteer_on_a_quiet_day_is_told_of_to_nobody(monkeypatch):
    people = await around_a_request()
    for hours, post in enumerate(await doors(people, 4)):
        set_clock(monkeypatch, NOON + timedelta(hours=1.1 * hours))
        await harvest(people, "karim", [post])
    assert "many-doors" not in await told(people.members["amelie"])
    assert "Personne n’a ouvert trois portes" in words(await people.jeanne.get("/moderation/portes"))


async def test_the_refusal_says_when_and_offers_to_ask(monkeypatch):
    people = await around_a_request()
    set_clock(monkeypatch, NOON)
    *first, last = await doors(people, 5)
    await harvest(people, "karim", first)
    set_clock(monkeypatch, NOON + 10 * MINUTE)
    page = await people.karim.get(f"/avis/{last}")
    assert "Demander encore une porte" in page.text and f'action="/avis/{last}/prise"' not in page.text
    refused = await people.karim.post(f"/avis/{last}/prise")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, str(23 * 3600 + 50 * 60))
    assert "vous en avez ouvert 4 aujourd’hui" in words(refused) and "demain à 12 h" in words(refused)
    assert f'action="/avis/{last}/prise/demander"' in refused.text
    set_clock(monkeypatch, NOON + timedelta(days=1, seconds=1))
    assert len(await harvest(people, "karim", [last])) == 1


async def test_whoever_has_come_is_never_turned_away_at_the_door():
    people = await around_a_request()
    posts = await doors(people, 4)
    await harvest(people, "karim", posts[:3])
    await people.karim.post(f"/avis/{posts[3]}/prise")
    for _ in range(3):
        assert "CODE3X" in (await people.karim.get(f"/avis/{posts[3]}")).text
    # Nor who gives it back and takes it again: it is the same door.
    await people.karim.post(f"/avis/{posts[3]}/prise/rendre")
    assert (await people.karim.post(f"/avis/{posts[3]}/prise")).status_code == 303


async def test_what_was_handed_back_unread_is_no_door():
    people = await around_a_request()
    *first, last = await doors(people, 6)
    for post in first:
        await Claim.take(post, people.members["karim"].id)
        await Claim.hand_back(post, people.members["karim"].id, "")
    assert await Claim.take(last, people.members["karim"].id) == "active"


async def out_of_doors(people: Neighbours, many: int = 2, **other) -> list:
    """Karim has opened the doors of the day; so many more requests."""
    posts = await doors(people, settings.doors + many, **other)
    assert len(await harvest(people, "karim", posts[: settings.doors])) == settings.doors
    return posts[settings.doors :]


async def proposal(post) -> dict:
    return next(one for one in await Claim.of(post) if one["state"] == "proposed")


async def author_of(post) -> Member:
    row = (await query("SELECT author FROM post WHERE id = {}", post))[0]
    return await Member.objects().get(Member.id == row["author"])


async def test_the_askers_yes_is_one_tap():
    people = await around_a_request()
    post, other = await out_of_doors(people)
    assert (await people.karim.post(f"/avis/{post}/prise/demander")).status_code == 303
    assert not re.search(r"CODE\d+X", (await people.karim.get(f"/avis/{post}")).text)
    # One at a time.
    assert (await people.karim.post(f"/avis/{other}/prise/demander")).status_code == 409
    asker = await browser_of(await author_of(post))
    page = await asker.get(f"/avis/{post}")
    assert "Karim Benali peut venir aussi" in words(page) and "Portes ouvertes aujourd’hui : 4" in words(page)
    yes = f"/avis/{post}/propositions/{(await proposal(post))['id']}/accord"
    assert f'action="{yes}"' in page.text
    assert (await asker.post(yes)).status_code == 303
    assert "CODE4X" in (await people.karim.get(f"/avis/{post}")).text
    # A yes is for one door.
    await people.karim.post(f"/avis/{post}/fait")
    assert (await people.karim.post(f"/avis/{other}/prise")).status_code == 429


async def test_nobody_else_says_yes_for_who_has_an_account_and_nobody_to_themselves():
    people = await around_a_request()
    post, _ = await out_of_doors(people)
    await people.karim.post(f"/avis/{post}/prise/demander")
    yes = f"/avis/{post}/propositions/{(await proposal(post))['id']}/accord"
    assert f'action="{yes}"' not in (await people.amelie.get(f"/avis/{post}")).text
    assert (await people.amelie.post(yes)).status_code == 409
    for who in ("odette", "jeanne", "theo", "karim"):
        assert (await people.browsers[who].post(yes)).status_code == 404
    # An admin out of doors asks for somebody without an account, whose proxy is somebody else.
    await execute("UPDATE post SET on_behalf = {} WHERE id = {}", True, post)
    await people.members["karim"].give_role(people.members["karim"].id, Role.ADMIN)
    assert (await people.karim.post(yes)).status_code == 409
    assert (await people.amelie.post(yes)).status_code == 303


async def test_nobody_goes_on_asking_from_door_to_door():
    """Asked and taken back, one after the other: as many as the day has doors."""
    people = await around_a_request()
    posts = await out_of_doors(people, settings.doors + 2, need="pharmacie")
    statuses = []
    for post in posts:
        statuses.append((await people.karim.post(f"/avis/{post}/prise/demander")).status_code)
        await people.karim.post(f"/avis/{post}/attente/annuler")
    assert statuses == [303] * settings.doors + [409] * 2
    # The same one again is none of the others.
    assert (await people.karim.post(f"/avis/{posts[0]}/prise/demander")).status_code == 303


async def test_who_was_declined_does_not_ask_again():
    people = await around_a_request()
    post, _ = await out_of_doors(people, need="pharmacie")
    await people.karim.post(f"/avis/{post}/prise/demander")
    asker = await browser_of(await author_of(post))
    assert (await asker.post(f"/avis/{post}/propositions/{(await proposal(post))['id']}/refus")).status_code == 303
    assert (await people.karim.post(f"/avis/{post}/prise/demander")).status_code == 409


async def test_a_vital_request_without_an_answer_opens_to_everybody_who_is_vouched_for(monkeypatch):
    people = await around_a_request()
    set_clock(monkeypatch, NOON)
    post, other = await out_of_doors(people, need="pharmacie")
    await people.karim.post(f"/avis/{post}/prise/demander")
    set_clock(monkeypatch, NOON + 9 * MINUTE)
    await upkeep.once()
    assert (await people.karim.post(f"/avis/{post}/prise")).status_code == 429
    set_clock(monkeypatch, NOON + 10 * MINUTE)
    await upkeep.once()
    await upkeep.once()
    assert (await told(people.members["karim"])).count("unlocked") == 1
    assert (await told(people.members["amelie"])).count("unlocked-all") == 1
    # The other one, which nobody asked for, is as closed as before; a newcomer still proposes.
    assert (await people.karim.post(f"/avis/{other}/prise")).status_code == 429
    assert await Claim.take(post, people.members["marguerite"].id) == "proposed"
    assert f'action="/avis/{post}/prise"' in (await people.karim.get(f"/avis/{post}")).text
    assert (await people.karim.post(f"/avis/{post}/prise")).status_code == 303
    journal = words(await people.jeanne.get("/moderation/journal"))
    assert "une demande vitale s’est ouverte à tous" in journal and "A ouvert une porte de plus" in journal


async def test_what_is_not_vital_waits_for_its_yes(monkeypatch):
    people = await around_a_request()
    set_clock(monkeypatch, NOON)
    post, _ = await out_of_doors(people, need="compagnie")
    await people.karim.post(f"/avis/{post}/prise/demander")
    set_clock(monkeypatch, NOON + timedelta(hours=5))
    await upkeep.once()
    assert (await people.karim.post(f"/avis/{post}/prise")).status_code == 429


async def test_two_accounts_that_help_each_other_read_no_more_than_two():
    """One writes requests and says yes, closes, opens anew; the other reads: no gesture gives a door back."""
    people = await around_a_request()
    karim, theo = people.members["karim"], people.members["theo"]
    theirs = await ask_quietly(
        theo.id, theo.street, answers("help") | {"urgency": "semaine", "due_at": None}, {"door_code": "A"}
    )
    posts = await doors(people, 12)
    read_now = await harvest(people, "karim", posts[:6])
    await people.karim.post(f"/avis/{theirs}/prise/demander")
    await people.theo.post(f"/avis/{theirs}/propositions/{(await proposal(theirs))['id']}/accord")
    await people.theo.post(f"/avis/{theirs}/reouverture")
    await people.theo.post(f"/avis/{theirs}/retrait")
    for post in posts[:6]:
        await people.theo.post(f"/avis/{post}/attente")
    read_now |= await harvest(people, "karim", posts[4:])
    assert len(read_now) == settings.doors
    # Théo cannot say yes for others, nor take for Karim beyond his own four.
    await people.karim.post(f"/avis/{posts[-1]}/prise/demander")
    yes = f"/avis/{posts[-1]}/propositions/{(await proposal(posts[-1]))['id']}/accord"
    assert (await people.theo.post(yes)).status_code == 404
    assert len(read_now | await harvest(people, "theo", posts[4:])) == 2 * settings.doors
    # Leaving and coming back by name changes nothing for who stays.
    await life.cancel(posts[-1], (await author_of(posts[-1])).id)
    assert (await people.karim.post(f"/avis/{posts[-2]}/prise")).status_code in (409, 429)
    assert karim.id != theo.id


async def test_takes_at_the_same_moment_are_counted_one_after_the_other(monkeypatch):
    people = await around_a_request()
    monkeypatch.setattr("server.help.claim.settings", settings.__class__(**{**vars(settings), "takes": 9}))
    posts = await doors(people, 9)
    answered = await asyncio.gather(*(people.karim.post(f"/avis/{post}/prise") for post in posts))
    assert sorted(one.status_code for one in answered) == [303] * settings.doors + [429] * (9 - settings.doors)


async def test_a_moderator_says_yes_to_more_places():
    people = await around_a_request()
    offer = await put_up(people.members["karim"], "offer", capacity=9)
    page = await people.jeanne.get(f"/avis/{offer}")
    assert f'action="/avis/{offer}/places"' in page.text
    for who in ("karim", "odette", "marguerite"):
        assert (await people.browsers[who].post(f"/avis/{offer}/places")).status_code == 404
    assert (await people.jeanne.post(f"/avis/{offer}/places")).status_code == 303
    joined = 0
    for number in range(9):
        form = {"cle": f"{KEY}{number:04}", "note": "du pain", "phone": "04 65 71 20 08"}
        person = await browser_of(await neighbour(f"Voisin {number}"))
        joined += (await person.post(f"/avis/{offer}/inscription", form)).status_code == 303
    assert joined == 9
    # More places than were agreed to are asked for again.
    await execute("UPDATE post SET capacity = 20 WHERE id = {}", offer)
    form = {"cle": f"{KEY}0010", "note": "du pain", "phone": "04 65 71 20 08"}
    late = await (await browser_of(await neighbour("Tard"))).post(f"/avis/{offer}/inscription", form)
    assert late.status_code == 409 and "quand un modérateur aura dit oui" in words(late) and "du pain" in late.text


async def test_many_small_offers_wait_like_a_large_one_and_the_moderators_hear():
    people = await around_a_request()
    statuses = []
    for number in range(6):
        offer = await put_up(people.members["karim"], "offer", capacity=1)
        form = {"cle": f"{KEY}{number:04}", "note": "du pain", "phone": "04 65 71 20 08"}
        person = await browser_of(await neighbour(f"Voisin {number}"))
        statuses.append((await person.post(f"/avis/{offer}/inscription", form)).status_code)
    assert statuses == [303] * settings.doors + [409] * 2
    assert (await told(people.members["jeanne"])).count("places") == 2
    assert (await people.jeanne.post(f"/avis/{offer}/places")).status_code == 303
    assert (await person.post(f"/avis/{offer}/inscription", form)).status_code == 303


async def test_nobody_agrees_to_their_own_places_where_another_moderator_is():
    people = await around_a_request()
    offer = await put_up(people.members["jeanne"], "offer", capacity=9)
    assert (await people.jeanne.post(f"/avis/{offer}/places")).status_code == 409
    assert (await people.amelie.post(f"/avis/{offer}/places")).status_code == 303


async def test_joined_places_are_no_doors_of_who_offers():
    people = await around_a_request()
    offer = await put_up(people.members["karim"], "offer", capacity=4)
    for number in range(4):
        form = {"cle": f"{KEY}{number:04}", "note": "du pain", "phone": "04 65 71 20 08"}
        answer = await (await browser_of(await neighbour(f"V {number}"))).post(f"/avis/{offer}/inscription", form)
        await people.karim.get(answer.headers["location"])
    assert len(await harvest(people, "karim", await doors(people, 5))) == settings.doors


async def test_who_was_put_back_to_newcomer_reads_nothing_that_was_not_given_to_them():
    people = await around_a_request()
    offer = await put_up(people.members["karim"], "offer", capacity=3)
    form = {"cle": f"{KEY}0001", "note": "du pain", "door_code": CANARIES[1], "phone": CANARIES[2]}
    joined = (await people.odette.post(f"/avis/{offer}/inscription", form)).headers["location"]
    (taken,) = await doors(people, 1)
    await people.karim.post(f"/avis/{taken}/prise")
    assert CANARIES[1] in (await people.karim.get(joined)).text
    await people.amelie.post(f"/voisins/{people.members['karim'].id}/role", {"role": "newcomer", "raison": "un doute"})
    assert CANARIES[1] not in (await people.karim.get(joined)).text
    assert "CODE0X" not in (await people.karim.get(f"/avis/{taken}")).text
    # What the asker said yes to, a newcomer reads.
    (given,) = await doors(people, 1)
    await people.marguerite.post(f"/avis/{given}/prise")
    asker = await browser_of(await author_of(given))
    await asker.post(f"/avis/{given}/propositions/{(await proposal(given))['id']}/accord")
    assert "CODE0X" in (await people.marguerite.get(f"/avis/{given}")).text


async def test_a_moderator_closes_the_doors_until_tomorrow(monkeypatch):
    people = await around_a_request()
    set_clock(monkeypatch, NOON)
    posts = await doors(people, 4)
    await harvest(people, "karim", posts[:3])
    await people.karim.post(f"/avis/{posts[3]}/prise")
    path = f"/moderation/voisins/{people.members['karim'].id}/portes"
    assert (await people.odette.post(path, {"raison": "x"})).status_code == 404
    assert (await people.jeanne.post(path)).status_code == 422
    assert (await people.jeanne.post(path, {"raison": "trois portes en dix minutes"})).status_code == 303
    assert "CODE3X" not in (await people.karim.get(f"/avis/{posts[3]}")).text
    assert (await people.karim.post(f"/avis/{posts[3]}/prise")).status_code == 409
    assert "shut" in await told(people.members["karim"])
    assert "shut-asker" in await told(await author_of(posts[3]))
    assert "trois portes en dix minutes" in words(await people.jeanne.get("/moderation/journal"))
    set_clock(monkeypatch, NOON + timedelta(days=1, minutes=1))
    assert (await people.karim.post(f"/avis/{posts[3]}/prise")).status_code == 303


async def test_nobody_closes_the_doors_of_their_equals_nor_their_own():
    """Before: a moderator shut out every admin, 44 people in a second, and nobody heard of it."""
    people = await around_a_request()
    jeanne, karim, amelie = (people.members[who] for who in ("jeanne", "karim", "amelie"))
    other = await neighbour("Paul Modère", role="moderator")
    for person in (jeanne, amelie, other):
        path = f"/moderation/voisins/{person.id}/portes"
        for way in (path, f"{path}/rouvrir"):
            assert (await people.jeanne.post(way, {"raison": "parce que"})).status_code == 404
    path = f"/moderation/voisins/{karim.id}/portes"
    assert (await people.jeanne.post(path, {"raison": "un doute"})).status_code == 303
    assert "shut" in await told(karim) and "shut-told" in await told(amelie)
    # An admin stops a moderator, and opens again what a moderator closed.
    answer = await people.amelie.post(f"/moderation/voisins/{other.id}/portes", {"raison": "un doute"})
    assert answer.status_code == 303
    assert (await people.karim.post(f"{path}/rouvrir")).status_code == 404
    assert (await people.amelie.post(f"{path}/rouvrir")).status_code == 303
    assert "unshut" in await told(karim)
    (post,) = await doors(people, 1)
    assert (await people.karim.post(f"/avis/{post}/prise")).status_code == 303


async def test_a_reading_with_a_reason_is_a_door_like_any_other(monkeypatch):
    """Before: an admin read twelve codes in seconds, and no other admin heard."""
    people = await around_a_request()
    set_clock(monkeypatch, NOON)
    posts = await doors(people, 6)
    other = await neighbour("Cyril Monnet", role="admin")
    read_now = set()
    for post in posts[:5]:
        answer = await people.amelie.post(f"/avis/{post}/lecture", {"raison-lecture": "elle appelle"})
        read_now |= set(re.findall(r"CODE\d+X", answer.text))
    assert len(read_now) == settings.doors
    assert answer.status_code == 409 and "vous en avez ouvert 4 aujourd’hui" in words(answer)
    assert "many-doors" in await told(other) and "many-doors" not in await told(people.members["amelie"])
    assert "4 portes ouvertes en un jour" in words(await people.jeanne.get("/moderation/portes"))
    # What was read once may be read again; and they count where the admin takes, too.
    again = await people.amelie.post(f"/avis/{posts[0]}/lecture", {"raison-lecture": "elle rappelle"})
    assert again.status_code == 200
    assert (await people.amelie.post(f"/avis/{posts[5]}/prise")).status_code == 429


async def test_beyond_the_days_doors_only_the_askers_own_yes_opens(monkeypatch):
    """Before: nine doors of a newcomer within a minute, by an admin's yes in each asker's place."""
    people = await around_a_request()
    set_clock(monkeypatch, NOON)
    posts, marguerite = await doors(people, 6), people.members["marguerite"]
    for number, post in enumerate(posts[:5]):
        await people.marguerite.post(f"/avis/{post}/prise")
        yes = f"/avis/{post}/propositions/{(await proposal(post))['id']}/accord"
        answer = await people.amelie.post(yes)
        assert answer.status_code == (303 if number < settings.doors else 409)
        await people.marguerite.get(f"/avis/{post}")
        if number < settings.doors:
            await Claim.hand_back(post, marguerite.id, "")
    assert "Seul le oui de qui demande suffit" in words(answer)
    asker = await browser_of(await author_of(posts[4]))
    assert (await asker.post(yes)).status_code == 303


async def test_closed_doors_close_ones_offers_and_proposals_too(monkeypatch):
    """Before: the lists of who had joined stayed open, and more joined."""
    people = await around_a_request()
    set_clock(monkeypatch, NOON)
    offer = await put_up(people.members["karim"], "offer", capacity=3, starts_at=NOON + timedelta(days=2))
    form = {"cle": f"{KEY}0001", "note": "du pain", "door_code": CANARIES[1], "phone": CANARIES[2]}
    joined = (await people.odette.post(f"/avis/{offer}/inscription", form)).headers["location"]
    assert CANARIES[1] in (await people.karim.get(joined)).text
    jeanne = people.members["jeanne"]
    for who in ("karim", "marguerite", "amelie"):
        await shut(people.members[who].id, jeanne.id, "moderator", "un doute")
    assert CANARIES[1] not in (await people.karim.get(joined)).text
    assert CANARIES[1] in (await people.odette.get(joined)).text
    assert "shut-offer" in await told(people.members["odette"])
    refused = await people.theo.post(f"/avis/{offer}/inscription", form | {"note": "six œufs"})
    assert refused.status_code == 409 and "en pause jusqu’à demain" in words(refused) and "six œufs" in refused.text
    # A newcomer does not propose either, nor does an admin open one with a reason.
    (post,) = await doors(people, 1)
    assert (await people.marguerite.post(f"/avis/{post}/prise")).status_code == 409
    assert (await people.amelie.post(f"/avis/{post}/lecture", {"raison": "pour voir"})).status_code == 404
    set_clock(monkeypatch, NOON + timedelta(days=1))
    assert CANARIES[1] in (await people.karim.get(joined)).text
    assert (await people.theo.post(f"/avis/{offer}/inscription", form | {"note": "six œufs"})).status_code == 303


@pytest.mark.parametrize("who", ["odette", "marguerite"])
async def test_a_place_one_has_already_costs_nothing(who):
    """Before: 429 from the eleventh on, with a page saying too many offers were joined."""
    people = await around_a_request()
    offer = await put_up(people.members["karim"], "offer", capacity=3)
    where = set()
    for number in range(15):
        form = {"cle": f"{KEY}{number:04}", "note": "du pain", "phone": CANARIES[2]}
        answer = await people.browsers[who].post(f"/avis/{offer}/inscription", form)
        assert answer.status_code == 303
        where.add(answer.headers["location"])
    assert len(where) == 1
    person = str(people.members[who].id)
    spent = await query("SELECT spent FROM budget WHERE who = {} AND gesture = 'place:h'", person)
    assert [row["spent"] for row in spent] == [1]


async def test_viewings_and_claims_agree_on_what_a_door_is():
    people = await around_a_request()
    await harvest(people, "karim", await doors(people, 9))
    viewer = str(people.members["karim"].id)
    assert (await read_now("SELECT count(DISTINCT post) FROM viewing WHERE viewer = {}", viewer))[0][
        0
    ] == settings.doors
    assert len(await Viewing.of((await query("SELECT post FROM viewing LIMIT 1"))[0]["post"])) == 1


async def test_a_vital_request_is_not_starved_by_a_hundred_others(monkeypatch):
    """Before: the first hundred that waited were looked at, vital or not."""
    people = await around_a_request()
    set_clock(monkeypatch, NOON)
    others = await doors(people, 101, need="compagnie")
    (late,) = await doors(people, 1, need="courses", due_at=NOON + timedelta(days=1))
    vital = await doors(people, 2, need="courses", due_at=NOON + timedelta(hours=11, minutes=59)) + await doors(
        people, 1, need="pharmacie"
    )
    for number, post in enumerate([*others, late, *vital]):
        claim = Claim(
            post=post, member=people.members["karim"].id, state="proposed", way="asked", at=NOON + number * MINUTE / 60
        )
        await Claim.insert(claim)
    set_clock(monkeypatch, NOON + 15 * MINUTE)
    assert await unlock_due() == 3
    opened = await query("SELECT id FROM post WHERE unlocked_at IS NOT NULL")
    assert {str(row["id"]) for row in opened} == {str(post) for post in vital}


async def test_who_is_to_be_looked_at_is_not_hidden_by_fifty_who_gave_or_asked(monkeypatch):
    """Before: fifty with three places or three questions came first, by the age of their accounts."""
    people = await around_a_request()
    set_clock(monkeypatch, NOON)
    posts = await doors(people, 6)
    ways = ["place", "asked", "took"]
    for number in range(60):
        person = await neighbour(f"Avant {number}")
        # Three within the hour that are no doors, or three doors far from each other, or one door three times.
        for n in range(3):
            post = posts[0] if number % 4 == 3 else posts[n]
            at = NOON - timedelta(hours=n * (2 if number % 4 == 2 else 0), minutes=n)
            way = ways[min(number % 4, 2)]
            await Claim.insert(Claim(post=post, member=person.id, state="returned", way=way, at=at, viewed_at=at))
    late = await neighbour("Zoé Dernière")
    for n, post in enumerate(posts[:3]):
        at = NOON - n * 29 * MINUTE
        await Claim.insert(Claim(post=post, member=late.id, state="returned", way="took", at=at, viewed_at=at))
    found = await to_look_at()
    assert [one["name"] for one in found] == ["Zoé Dernière"] and len(found[0]["doors"]) == 3
    await execute("UPDATE claim SET at = {} WHERE member = {} AND post = {}", NOON - 60 * MINUTE, late.id, posts[2])
    assert await to_look_at() == []
