"""Who is who on the board: names of two people, of somebody with a role, and names of before."""

import re
from datetime import timedelta

import pytest

from server.__main__ import link
from server.base.audit_log import journal
from server.base.columns import now
from server.base.database import execute, query, read_now
from server.news.told import Notice
from server.people.invitation import Invitation
from server.people.member import Member, Role
from server.trust.naming import fill_keys
from tests.support.help_people import around_a_request, in_state
from tests.support.makers import found, neighbour, put_up, set_clock
from tests.support.people import Browser, Neighbours, everybody, words

pytestmark = pytest.mark.one_engine

REASON = {"raison": "Je la connais, c’est son vrai nom"}


async def joins(people: Neighbours, name: str, number: int = 1, **more: str):
    """Somebody enters by an invitation of Odette's; their browser and the answer."""
    invitation = await Invitation.find(people.token) if "token" in vars(people) else None
    if invitation is None:
        invitation = await Invitation.make(people.members["odette"].id, "", 10, 7)
        people.token = invitation.token
    browser = Browser()
    form = {"nom": name, "rue": "rue des Lilas", "cle": f"cle-pour-entrer-{number:04}"} | more
    return browser, await browser.post(f"/invitation/{people.token}", form)


async def named(name: str) -> list[Member]:
    """Who bears this name."""
    return await Member.objects().where(Member.name == name)


async def renames(browser: Browser, name: str, street: str = "rue des Lilas", **more: str):
    """Take another name."""
    return await browser.post("/chez-moi/nom", {"nom": name, "rue": street, "joindre": ""} | more)


@pytest.mark.parametrize("name", ["Jeanne Morel (modératrice)", "SAMU 15", "Jeаnne Morel", "Admin"])
async def test_roles_and_mixed_letters_are_refused_at_joining_and_renaming(name):
    """Before: all of them, and they looked like the real ones."""
    people = await everybody()
    _, answer = await joins(people, name)
    assert answer.status_code == 422 and f'value="{name}"' in answer.text
    assert (await renames(people.karim, name)).status_code == 422
    assert await Member.count() == 5


@pytest.mark.parametrize(
    "name", ["Jeanne Morel", "JEANNE  MOREL", "Jeanne M0rel", "La vraie Jeanne Morel", "Morel Jeanne"]
)
async def test_a_namesake_of_somebody_with_a_role_waits_and_is_shown_with_the_street(name):
    people = await everybody()
    browser, answer = await joins(people, name)
    assert answer.status_code == 303
    assert "attend un oui" in words(await browser.get(answer.headers["location"]))
    member = (await Member.objects().where(Member.wanted_name.is_not_null()))[0]
    assert re.fullmatch(r"(\w\. ?)+", member.name)
    queue = await people.jeanne.get("/moderation")
    assert "Noms qui attendent" in words(queue) and "Ressemble à Jeanne Morel" in words(queue)
    assert "name-waits" in [one["what"] for one in await Notice.of(people.members["amelie"].id)]
    path = f"/moderation/noms/{member.id}/oui"
    assert (await people.karim.post(path, REASON)).status_code == 404
    assert (await people.jeanne.post(path, {"raison": "."})).status_code == 422
    assert (await people.jeanne.post(path, REASON)).status_code == 303
    kept = " ".join(name.split())
    assert len(await named(f"{kept}, rue des Lilas")) == 1
    assert (await people.jeanne.post(path, REASON)).status_code == 409
    assert "name-yes" in [entry["verb"] for entry in await journal()]
    # Moving takes the street along.
    await renames(browser, f"{kept}, rue des Lilas", "place du Marché")
    assert len(await named(f"{kept}, place du Marché")) == 1


async def test_a_rename_to_somebody_with_a_role_waits_with_the_old_name():
    people = await everybody()
    assert (await renames(people.karim, "Amelie Roche")).status_code == 303
    assert len(await named("Karim Benali")) == 1
    assert (await people.jeanne.post(f"/moderation/noms/{people.members['karim'].id}/non", REASON)).status_code == 303
    assert len(await named("Karim Benali")) == 1 and not await named("Amelie Roche")
    assert "trop proche" in words(await people.karim.get("/nouvelles"))
    # Who has the role may write their own as they like.
    assert (await renames(people.amelie, "AMÉLIE Roche")).status_code == 303 and await named("AMÉLIE Roche")


async def test_a_namesake_of_another_neighbour_is_asked_once():
    people = await everybody()
    browser, answer = await joins(people, "Karim  BenaIi")
    assert answer.status_code == 422 and "Êtes-vous un autre Karim Benali ?" in words(answer)
    key = re.search(r'name="autre" value="([^"]+)"', answer.text).group(1)
    _, other = await joins(people, "Marguerite Aubert", autre=key)
    assert other.status_code == 422 and "un autre Marguerite Aubert" in words(other)
    browser, answer = await joins(people, "Karim BenaIi", autre=key)
    assert answer.status_code == 303
    # A send repeated because its answer was lost is no other person.
    repeated = await browser.post(
        f"/invitation/{people.token}",
        {"nom": "Karim BenaIi", "rue": "rue des Lilas", "cle": "cle-pour-entrer-0001", "autre": key},
    )
    assert repeated.status_code == 303 and len(await named("Karim BenaIi")) == 1
    asked = await renames(people.odette, "Karim Benali")
    assert asked.status_code == 422 and "Êtes-vous un autre" in words(asked)
    key = re.search(r'name="autre" value="([^"]+)"', asked.text).group(1)
    assert (await renames(people.odette, "Karim Benali", autre=key)).status_code == 303


async def test_a_lost_answer_is_answered_before_the_name_is_asked_about():
    people = await everybody()
    for _ in range(2):
        _, answer = await joins(people, "Cyril Monnet")
        assert answer.status_code == 303
    assert len(await named("Cyril Monnet")) == 1


async def test_the_former_name_is_read_by_moderators_and_partners_and_others_read_that_it_changed(monkeypatch):
    people = await around_a_request()
    await in_state(people, "taken")
    theo = people.members["theo"]
    await renames(people.theo, "Jules Perrin")
    page = f"/voisins/{theo.id}"
    for who, former in (("odette", True), ("jeanne", True), ("karim", False)):
        said = words(await people.browsers[who].get(page))
        assert ("S’appelait Théo Vasseur" in said) is former, who
        assert ("A changé de nom" in said) is not former, who
    # Twice renamed does not hide the first.
    await renames(people.theo, "Jules Perret")
    assert "S’appelait Théo Vasseur" in words(await people.odette.get(page))
    set_clock(monkeypatch, now() + timedelta(days=31))
    await people.odette.get("/")
    assert "S’appelait" not in words(await people.odette.get(page))


@pytest.mark.parametrize("kind", ["help", "offer", "tip", "encouragement", "initiative"])
async def test_the_card_of_somebody_with_a_new_name_says_so_for_thirty_days(monkeypatch, kind):
    people = await everybody()
    await put_up(people.members["odette"], kind, valid_until=now() + timedelta(days=60))
    await execute("UPDATE post SET expires_at = {}", now() + timedelta(days=60))
    assert "A changé de nom" not in words(await people.karim.get("/"))
    await renames(people.odette, "Paule Martin")
    said = words(await people.karim.get("/"))
    assert "Paule Martin A changé de nom" in said and "Odette" not in said
    set_clock(monkeypatch, now() + timedelta(days=31))
    said = words(await people.karim.get("/"))
    assert "Paule Martin" in said and "A changé de nom" not in said


async def test_role_and_arrival_stand_where_trust_is_decided():
    people = await around_a_request()
    post = await in_state(people, "open")
    await people.marguerite.post(f"/avis/{post}/prise")
    said = words(await people.odette.get(f"/avis/{post}"))
    assert "Marguerite Aubert" in said and "Là depuis aujourd’hui" in said
    long_ago = now() - timedelta(days=90)
    await execute("UPDATE member SET created_at = {}", long_ago)
    assert "Pas encore de présentation" in words(await people.odette.get(f"/avis/{post}"))
    await people.jeanne.post(f"/avis/{post}/prise")
    await people.jeanne.get(f"/avis/{post}")
    page = (await people.odette.get(f"/avis/{post}")).text
    page = page[page.index('id="etapes"') :] + page
    who = re.search(r"Jeanne Morel s’en occupe</b>(.*?)</small>", page, re.S).group(1)
    readers = page[page.index("Qui a lu ces lignes") :]
    assert "Modération" in who and "Modération" in readers.split("</ul>")[0]


async def test_link_tells_two_people_of_one_name_apart_and_finds_decomposed_names(capsys):
    await found()
    first = await neighbour("Amélie Roche", Role.ADMIN)
    await neighbour("Ame\u0301lie Roche", Role.RESIDENT, "rue des Lilas")
    await neighbour("Amelie Roche", Role.RESIDENT, "place du Marché")
    for typed in ("Amélie Roche", "Ame\u0301lie Roche"):
        assert await link(typed) == 0
        said = capsys.readouterr().out
        assert said.count("/cle/") == 2 and "2 personnes" in said and "admin" in said and "voisin" in said
        assert str(first.id)[-6:] in said
    assert await link("Amelie  Roché") == 1
    refused = capsys.readouterr()
    assert "/cle/" not in refused.out and refused.err.count("Cela ressemble à") == 3
    await neighbour("Seule Ici")
    assert await link("Seule Ici") == 0
    assert capsys.readouterr().out.startswith("Seule Ici, rue des Lilas : http")


@pytest.mark.parametrize("before", ["", "a key of another table"])
async def test_members_of_before_get_their_key(before):
    await neighbour("Jeanne Morel")
    await execute("UPDATE member SET name_key = {}", before)
    for _ in range(2):
        await fill_keys()
        assert [row["name_key"] for row in await query("SELECT name_key FROM member")] == ["leannemorel"]


async def test_the_table_of_keys_is_asked_by_its_index():
    from server.base.database import ON_POSTGRES

    if ON_POSTGRES:
        rows = await read_now("SELECT indexdef FROM pg_indexes WHERE indexname = 'member_name_key'")
        assert "name_key" in rows[0][0]
    else:
        rows = await read_now("EXPLAIN QUERY PLAN SELECT id, name FROM member WHERE name_key = {}", "x")
        assert "member_name_key" in str(rows)
