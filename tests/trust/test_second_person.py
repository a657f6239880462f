"""Where another person is required: who lets in does not also say yes; and on a board with one moderator."""

import asyncio
import re
from datetime import timedelta

import pytest

from server.base.audit_log import journal
from server.base.columns import now
from server.base.database import execute, query
from server.base.refusals import NotPossible
from server.help import escalation
from server.help.claim import Claim
from server.news.told import Notice
from server.people.member import Member, Role
from server.trust.vouching import Vouching
from tests.support.alert_people import ask
from tests.support.help_people import CANARIES, around_a_request, asked
from tests.support.makers import neighbour, put_up, set_clock
from tests.support.people import Neighbours, browser_of, everybody, words

HOUR = timedelta(hours=1)
REASON = {"raison": "Vue au marché avec sa sœur"}


async def invented(people: Neighbours, by: str) -> Member:
    """A newcomer whom this person let in."""
    member = await neighbour("Personne Inventée", Role.NEWCOMER)
    await execute("UPDATE member SET invited_by = {} WHERE id = {}", people.members[by].id, member.id)
    return member


async def seen(people: Neighbours, who: str, ago: timedelta = timedelta()) -> None:
    """This person was here so long ago."""
    await execute("UPDATE member SET seen_at = {} WHERE id = {}", now() - ago, people.members[who].id)


async def told(member: Member) -> list[str]:
    """What this person was told."""
    return [one["what"] for one in await Notice.of(member.id)]


async def verbs() -> list[str]:
    """What stands in the journal, the first first."""
    return [entry["verb"] for entry in reversed(await journal())]


async def proposal(post, browser) -> str:
    """The path of the yes to the newcomer who proposes in this browser."""
    assert (await browser.post(f"/avis/{post}/prise")).status_code == 303
    claim = await query("SELECT id FROM claim WHERE post = {} AND state = 'proposed'", post)
    return f"/avis/{post}/propositions/{claim[0]['id']}/accord"


async def role_of(member: Member) -> str:
    """Their role now."""
    return (await Member.objects().get(Member.id == member.id)).role


async def test_an_admin_reads_no_door_through_an_invented_newcomer():
    """Before: in three gestures, without a line in the journal."""
    people = await around_a_request()
    post, invention = await asked(people), await invented(people, "amelie")
    browser = await browser_of(invention)
    yes = await proposal(post, browser)
    await seen(people, "jeanne")
    refused = await people.amelie.post(yes)
    assert refused.status_code == 409 and "Vous avez invité cette personne" in words(refused)
    refused = await people.amelie.post(f"/moderation/voisins/{invention.id}/presentation", REASON)
    assert refused.status_code == 409 and "Votre invitation l’a fait entrer" in words(refused)
    page = (await browser.get(f"/avis/{post}")).text
    assert not any(canary in page for canary in CANARIES)
    assert await verbs() == [] and await role_of(invention) == Role.NEWCOMER
    # Somebody else who knows them may.
    assert (await people.jeanne.post(f"/moderation/voisins/{invention.id}/presentation", REASON)).status_code == 303
    assert await role_of(invention) == Role.RESIDENT and await told(invention) == ["vouched"]


async def test_a_yes_for_somebody_else_is_in_the_journal_and_told_to_who_asked():
    people = await around_a_request()
    post = await asked(people)
    yes = await proposal(post, people.marguerite)
    assert (await people.amelie.post(yes)).status_code == 303
    assert await verbs() == ["accept"]
    assert {"yes-for-you", "taken"} <= set(await told(people.members["odette"]))
    assert "Amélie Roche a dit oui à votre place" in words(await people.odette.get("/nouvelles"))
    # One's own yes is no news.
    await people.odette.post(f"/avis/{post}/reouverture")
    yes = await proposal(post, people.marguerite)
    await people.odette.post(yes)
    assert await verbs() == ["accept"]


async def test_a_no_for_somebody_else_too():
    people = await around_a_request()
    post = await asked(people)
    yes = await proposal(post, people.marguerite)
    assert (await people.amelie.post(yes.replace("accord", "refus"))).status_code == 303
    assert await verbs() == ["decline"] and "no-for-you" in await told(people.members["odette"])


@pytest.mark.parametrize("away", [None, timedelta(days=15)])
async def test_alone_for_fourteen_days_one_may_after_an_hour(monkeypatch, away):
    people = await around_a_request()
    post, invention = await asked(people), await invented(people, "amelie")
    yes = await proposal(post, await browser_of(invention))
    if away:
        await seen(people, "jeanne", away)
    early = await people.amelie.post(yes)
    assert early.status_code == 409 and "Personne d’autre ne modère" in words(early)
    assert re.search(r"possible à \d+ h \d\d", words(early)) and await verbs() == []
    set_clock(monkeypatch, now() + HOUR)
    assert (await people.amelie.post(yes)).status_code == 303
    assert await verbs() == ["alone", "accept"]
    assert "alone" in await told(people.members["jeanne"]) and "yes-for-you" in await told(people.members["odette"])


async def test_what_is_vital_waits_for_no_hour():
    people = await around_a_request()
    post, invention = await asked(people), await invented(people, "amelie")
    await execute("UPDATE post SET need = 'pharmacie' WHERE id = {}", post)
    yes = await proposal(post, await browser_of(invention))
    assert (await people.amelie.post(yes)).status_code == 303
    assert await verbs() == ["alone", "accept"]


async def test_a_moderator_who_was_here_thirteen_days_ago_is_another(monkeypatch):
    people = await around_a_request()
    post, invention = await asked(people), await invented(people, "amelie")
    yes = await proposal(post, await browser_of(invention))
    await seen(people, "jeanne", timedelta(days=13))
    set_clock(monkeypatch, now() + HOUR)
    assert (await people.amelie.post(yes)).status_code == 409 and await verbs() == []


async def test_a_lone_founder_opens_the_door_after_an_hour(monkeypatch):
    people = await everybody()
    invention = await invented(people, "amelie")
    path = f"/moderation/voisins/{invention.id}/presentation"
    assert (await people.amelie.post(path, REASON)).status_code == 409
    set_clock(monkeypatch, now() + HOUR)
    assert (await people.amelie.post(path, REASON)).status_code == 303
    assert await verbs() == ["alone", "vouch"] and await told(invention) == ["vouched"]
    assert "sans autre modérateur" in words(await people.jeanne.get("/moderation/journal"))
    assert "/moderation/journal" in (await people.jeanne.get("/nouvelles")).text


async def test_one_s_own_places_after_an_hour_alone(monkeypatch):
    people = await everybody()
    offer = await put_up(people.members["amelie"], "offer", capacity=20)
    assert (await people.amelie.post(f"/avis/{offer}/places")).status_code == 409
    set_clock(monkeypatch, now() + HOUR)
    assert (await people.amelie.post(f"/avis/{offer}/places")).status_code == 303
    assert await verbs() == ["alone", "places"]
    await seen(people, "jeanne")
    other = await put_up(people.members["amelie"], "offer", capacity=20)
    set_clock(monkeypatch, now() + HOUR)
    assert (await people.amelie.post(f"/avis/{other}/places")).status_code == 409


async def test_two_residents_who_did_not_invite_open_the_door():
    people = await around_a_request()
    invention = await invented(people, "odette")
    path = f"/voisins/{invention.id}/presentation"
    how = {"connait": "Ma voisine de palier"}
    assert "Vous connaissez cette personne" not in words(await people.odette.get(f"/voisins/{invention.id}"))
    assert (await people.odette.post(path, how)).status_code == 409
    assert (await people.marguerite.post(path, how)).status_code == 404
    page = await people.karim.get(f"/voisins/{invention.id}")
    assert "Vous connaissez cette personne" in words(page) and "Invitation : Odette Berthier" in words(page)
    for silent in ("", "…", "12", "\u3164"):
        assert (await people.karim.post(path, {"connait": silent})).status_code == 422
    for _ in range(3):
        assert (await people.karim.post(path, how)).status_code == 303
    assert await role_of(invention) == Role.NEWCOMER and await verbs() == ["vouch-for"]
    assert "Karim Benali dit connaître" in words(await people.jeanne.get("/moderation"))
    # Somebody who lost their role meanwhile does not count.
    await Member.give_role(people.members["karim"].id, Role.NEWCOMER)
    await people.theo.post(path, how)
    assert await role_of(invention) == Role.NEWCOMER
    await people.lucien.post(path, how)
    assert await role_of(invention) == Role.RESIDENT and await told(invention) == ["vouched"]
    assert (await people.lucien.post(path, how)).status_code == 303 and (await verbs()).count("vouch-for") == 3


async def circle(people: Neighbours, inviter: str, *others: str) -> None:
    """These came by an invitation of that person."""
    for who in others:
        await execute(
            "UPDATE member SET invited_by = {} WHERE id = {}", people.members[inviter].id, people.members[who].id
        )


async def test_whoever_vouches_has_been_a_resident_for_seven_days(monkeypatch):
    """Before: one newcomer a minute, each let in by the one before."""
    people = await around_a_request()
    how = {"connait": "Ma voisine de palier"}
    set_clock(monkeypatch, now() + timedelta(days=30))
    first, second = await invented(people, "odette"), await invented(people, "odette")
    for who in ("karim", "theo"):
        assert (await people.browsers[who].post(f"/voisins/{first.id}/presentation", how)).status_code == 303
    assert await role_of(first) == Role.RESIDENT
    browser, path = await browser_of(first), f"/voisins/{second.id}/presentation"
    page = await browser.get(f"/voisins/{second.id}")
    assert "Vous êtes voisin depuis moins de 7 jours" in words(page) and path not in page.text
    refused = await browser.post(path, how)
    assert refused.status_code == 409 and "Demandez à un modérateur" in words(refused)
    assert await role_of(second) == Role.NEWCOMER and (await verbs()).count("vouch-for") == 2
    # Nor who has been here long, and became a resident just now.
    await execute("UPDATE member SET created_at = {} WHERE id = {}", now() - timedelta(days=20), first.id)
    assert (await browser.post(path, how)).status_code == 409
    set_clock(monkeypatch, now() + timedelta(days=7))
    assert (await (await browser_of(first)).post(path, how)).status_code == 303


async def test_a_moderator_vouches_at_any_time_and_a_resident_of_the_first_days_too(monkeypatch):
    people = await around_a_request()
    how = {"connait": "Ma voisine de palier"}
    # The board is six days old, and so is everybody.
    set_clock(monkeypatch, now() + timedelta(days=6))
    late = await neighbour("Tard Venue")
    await invented(people, "odette")
    invention = await invented(people, "odette")
    assert (await (await browser_of(late)).post(f"/voisins/{invention.id}/presentation", how)).status_code == 303
    # Eight days old: who came on the sixth day still counts, who comes now does not.
    set_clock(monkeypatch, now() + timedelta(days=2))
    other = await invented(people, "odette")
    assert (await (await browser_of(late)).post(f"/voisins/{other.id}/presentation", how)).status_code == 303
    newest = await browser_of(await neighbour("Plus Tard"))
    assert (await newest.post(f"/voisins/{other.id}/presentation", how)).status_code == 409
    moderator = await browser_of(await neighbour("Modeste Roy", Role.MODERATOR))
    assert (await moderator.post(f"/moderation/voisins/{other.id}/presentation", REASON)).status_code == 303


@pytest.mark.parametrize("bond", ["invited", "moderated", "vouched"])
async def test_two_of_the_inviters_circle_do_not_make_two(bond):
    """Before: three with the same inviter let in each other."""
    people = await around_a_request()
    odette, invention = people.members["odette"], await invented(people, "odette")
    path, how = f"/voisins/{invention.id}/presentation", {"connait": "Du square"}
    for who in ("karim", "theo"):
        friend = people.members[who].id
        if bond == "invited":
            await circle(people, "odette", who)
        elif bond == "moderated":
            await execute("UPDATE member SET vouched_by = {} WHERE id = {}", odette.id, friend)
        else:
            # Of the two who vouched, Odette was the first: the member's row names the second.
            await Vouching.insert(Vouching(member=friend, voucher=odette.id, at=now()))
    for who in ("karim", "theo"):
        answer = await people.browsers[who].post(path, how)
        assert answer.status_code == 303
        assert "il faut encore un voisin venu par une autre" in words(
            await people.browsers[who].get(f"/voisins/{invention.id}")
        )
    assert await role_of(invention) == Role.NEWCOMER
    await people.lucien.post(path, how)
    assert await role_of(invention) == Role.RESIDENT


async def test_one_of_the_circle_and_one_from_outside_do():
    people = await around_a_request()
    for first, second in (("karim", "lucien"), ("lucien", "karim")):
        invention = await invented(people, "odette")
        await circle(people, "odette", "karim")
        for who in (first, second):
            await people.browsers[who].post(f"/voisins/{invention.id}/presentation", {"connait": "Du square"})
        assert await role_of(invention) == Role.RESIDENT


async def test_two_residents_at_once_open_it_once():
    people = await around_a_request()
    invention = await invented(people, "odette")
    path, how = f"/voisins/{invention.id}/presentation", {"connait": "Du square"}
    await asyncio.gather(*(people.browsers[who].post(path, how) for who in ("karim", "theo", "lucien")))
    assert await role_of(invention) == Role.RESIDENT and await told(invention) == ["vouched"]


@pytest.mark.parametrize("raison", ["", " ", ".", "12345", "!!!", "\u3164", "\u200d", "🙂"])
async def test_a_reason_has_letters(raison):
    people = await around_a_request()
    post, marguerite = await asked(people), people.members["marguerite"].id
    for path, form in (
        (f"/moderation/voisins/{marguerite}/presentation", {"raison": raison}),
        (f"/moderation/avis/{post}/masquer", {"raison": raison}),
        (f"/voisins/{marguerite}/role", {"role": "resident", "raison": raison}),
        (f"/moderation/voisins/{marguerite}/portes", {"raison": raison}),
        (f"/avis/{post}/lecture", {"raison-lecture": raison}),
    ):
        assert (await people.amelie.post(path, form)).status_code == 422, path
    assert await verbs() == []


async def test_nobody_lets_their_own_held_alert_go_where_another_moderator_is(monkeypatch):
    people = await around_a_request()
    jeanne = people.members["jeanne"]
    posts = [await ask(jeanne, need="menage", due_at=now() + 5 * HOUR) for _ in range(2)]
    await execute("UPDATE alarm SET held_at = {} WHERE post = {}", now(), posts[1])
    await seen(people, "amelie")
    with pytest.raises(NotPossible):
        await escalation.agree(posts[1], jeanne.id, "moderator")
    assert (await people.jeanne.post(f"/avis/{posts[1]}/alerte/depart")).status_code == 409
    await seen(people, "amelie", timedelta(days=15))
    set_clock(monkeypatch, now() + HOUR)
    assert await escalation.agree(posts[1], jeanne.id, "moderator")
    assert await verbs() == ["alone", "let-alert"]


async def test_somebody_put_out_vouches_for_nobody():
    people = await everybody()
    invention = await invented(people, "odette")
    await people.karim.post("/sortie")
    answer = await people.karim.post(f"/voisins/{invention.id}/presentation", {"connait": "Du square"})
    assert answer.headers["location"] == "/entrer"
    assert not await Claim.count() and await role_of(invention) == Role.NEWCOMER
