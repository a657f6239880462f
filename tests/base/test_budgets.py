"""What one person may do: every flood that went through before, and the honest evenings that must."""

import asyncio
import re
from collections import Counter
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest

from server.base import budgets
from server.base.budgets import BUDGETS
from server.base.database import query
from server.base.ids import uuid7
from server.base.spending import TooMuch, spend
from server.help import escalation
from server.help.claim import Claim
from server.help.doors import NoDoorLeft
from server.help.volunteer import Volunteer
from server.news.told import Notice
from server.people.invitation import Invitation
from server.people.member import Member, Role
from server.posts.post import Post
from server.running import upkeep
from server.talk.reply import Reply
from tests.support.forms import GOOD
from tests.support.help_people import around_a_request, asked, in_state
from tests.support.makers import NOON, found, neighbour, put_up, set_clock
from tests.support.people import Browser, Neighbours, browser_of, everybody, words

HOUR = timedelta(hours=1)


def form(fields: dict[str, str]) -> dict[str, str]:
    """A form with a key of its own."""
    return fields | {"cle": f"cle-{uuid7()}"}


async def flood(browser: Browser, path: str, fields: dict[str, str], times: int) -> Counter:
    """Send this form so often; how often each status came."""
    sent = [
        await browser.post(path, form({k: v.replace("#", str(n)) for k, v in fields.items()})) for n in range(times)
    ]
    return Counter(one.status_code for one in sent)


async def told(person: Member) -> Counter:
    """What waits to be seen by this person."""
    return Counter(one["what"] for one in await Notice.of(person.id))


# gesture, path (a post is put up first where it asks for one), its form, how many passed before.
FLOODS = {
    "post": ("", "/ecrire/bon-plan", {"title": "Des œufs #"}, 79),
    "reply": ("tip", "/avis/{}/reponses", {"reponse": "bonjour #"}, 216),
    "report": ("tips", "/avis/{}/signalement", {"raison": "une arnaque #"}, 250),
    "song": ("playlist", "/avis/{}/chansons", {"titre": "Nantes #", "artiste": "Barbara", "lien": ""}, 203),
    "rename": ("", "/chez-moi/nom", {"nom": "Nom #", "rue": "rue des Lilas", "joindre": ""}, 127),
    "invite": ("", "/invitations", {"note": "", "personnes": "10", "jours": "7"}, 60),
}


@pytest.mark.parametrize("gesture", FLOODS)
@pytest.mark.parametrize(("who", "role"), [("karim", "resident"), ("marguerite", "newcomer")])
async def test_a_flood_ends_at_the_budget_of_the_hour(gesture, who, role, monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    what, path, fields, _before = FLOODS[gesture]
    most = getattr(BUDGETS[gesture], role)
    if most is None:
        assert gesture == "invite" and (await people.browsers[who].post(path, form(fields))).status_code == 403
        return
    many = 3 if gesture == "invite" else most.hour
    statuses = Counter()
    if what == "tips":
        # One report of one thing is the first again: so many things.
        for number in range(many + 2):
            thing = await put_up(people.members["odette"], title=f"n {number}")
            statuses += await flood(people.browsers[who], path.format(thing), fields, 1)
    else:
        thing = await put_up(people.members["odette"], what) if what else ""
        statuses = await flood(people.browsers[who], path.format(thing), fields, many + 2)
    assert statuses == {303: many, 429: 2}


async def test_a_flood_of_messages_between_the_two_ends_and_is_one_piece_of_news():
    """Before: 250."""
    people = await around_a_request()
    post = await in_state(people, "taken")
    most = BUDGETS["message"].resident.hour
    assert await flood(people.theo, f"/avis/{post}/messages", {"message": "alors #"}, most + 2) == {303: most, 429: 2}
    assert (await told(people.members["odette"]))["message"] == 1


async def test_the_refusal_says_when_and_keeps_what_was_typed(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    post = await put_up(people.members["odette"])
    most = BUDGETS["reply"].resident.hour
    await flood(people.karim, f"/avis/{post}/reponses", {"reponse": "bonjour"}, most)
    late = form({"reponse": "J’ai un moulin à café à <prêter>"})
    refused = await people.karim.post(f"/avis/{post}/reponses", late)
    step = 3600 // most
    assert (refused.status_code, refused.headers["retry-after"]) == (429, str(step))
    said = words(refused)
    assert "Vous avez beaucoup répondu aujourd’hui" in said and "possible cet après-midi à 12 h 02" in said
    assert "J’ai un moulin à café à &lt;prêter&gt;" in refused.text and late["cle"] in refused.text
    assert refused.headers["cache-control"] == "private, no-store"
    # For a page that htmx drew, the sentence comes above what is typed, which stays.
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}
    above = await people.karim.post(f"/avis/{post}/reponses", late, headers=part)
    assert (above.status_code, above.headers["hx-retarget"]) == (429, "#mots") and "12 h 02" in words(above)
    # The very form goes when it is possible again, once.
    set_clock(monkeypatch, NOON + timedelta(seconds=step))
    for _ in range(2):
        assert (await people.karim.post(f"/avis/{post}/reponses", late)).status_code == 303
    assert len(await query("SELECT 1 FROM reply WHERE text LIKE '%moulin%'")) == 1


async def test_what_waits_in_a_pocket_goes_on_waiting(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    post = await put_up(people.members["odette"])
    await flood(people.karim, f"/avis/{post}/reponses", {"reponse": "bonjour"}, BUDGETS["reply"].resident.hour)
    mine = {"Palier-Pocket": (await people.karim.get("/")).headers["palier-reader"]}
    kept = form({"reponse": "écrit hors connexion"})
    refused = await people.karim.post(f"/avis/{post}/reponses", kept, headers=mine)
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) > 0
    assert "palier-pocket" not in refused.headers
    set_clock(monkeypatch, NOON + HOUR)
    assert (await people.karim.post(f"/avis/{post}/reponses", kept, headers=mine)).status_code in (201, 303)
    assert len(await query("SELECT 1 FROM reply WHERE text = 'écrit hors connexion'")) == 1


async def test_an_hour_s_budget_comes_back_bit_by_bit_and_the_day_s_is_kept(monkeypatch):
    who = await neighbour()
    most = BUDGETS["post"].resident
    done = 0
    for quarter in range(96):
        set_clock(monkeypatch, NOON + quarter * HOUR / 4)
        for _ in range(most.hour + 1):
            try:
                await spend(who.id, "post")
                done += 1
            except TooMuch as refused:
                assert refused.again_at > NOON + quarter * HOUR / 4
                break
        if quarter == 0:
            assert done == most.hour
    # What was there at noon, and what came back in a day.
    assert most.day <= done < 2 * most.day


async def test_when_it_says_it_is_possible_it_is(monkeypatch):
    who = await neighbour(role=Role.NEWCOMER)
    at = NOON
    for _ in range(30):
        set_clock(monkeypatch, at)
        try:
            await spend(who.id, "reply")
        except TooMuch as refused:
            set_clock(monkeypatch, refused.again_at - timedelta(seconds=1))
            with pytest.raises(TooMuch):
                await spend(who.id, "reply")
            at = refused.again_at


async def test_a_clock_that_is_put_back_binds_nobody(monkeypatch):
    who = await neighbour()
    for moment in (NOON + 30 * HOUR, NOON, NOON - 400 * 24 * HOUR):
        set_clock(monkeypatch, moment)
        for _ in range(BUDGETS["post"].resident.hour):
            await spend(who.id, "post")
        with pytest.raises(TooMuch) as refused:
            await spend(who.id, "post")
        assert moment < refused.value.again_at <= moment + HOUR


async def test_a_deed_that_fails_costs_nothing():
    odette, karim = await neighbour(), await neighbour("Karim")
    post = await put_up(odette, "help")
    for _ in range(BUDGETS["take"].resident.hour + 5):
        with pytest.raises(Exception, match="propre demande"):
            await Claim.take(post, odette.id)
    assert await Claim.take(post, karim.id) == "active"
    assert await query("SELECT 1 FROM budget WHERE who = {}", str(odette.id)) == []


async def test_many_at_once_are_counted_one_after_the_other():
    odette, karim = await neighbour(), await neighbour("Karim")
    post, most = await put_up(odette), BUDGETS["reply"].resident.hour
    outcomes = await asyncio.gather(
        *(Reply.write(post, karim.id, f"n {number}") for number in range(most + 15)), return_exceptions=True
    )
    assert Counter(isinstance(one, UUID) or type(one) for one in outcomes) == {True: most, TooMuch: 15}
    assert (await query("SELECT count(*) AS n FROM reply"))[0]["n"] == most


# Asking for help: never refused; what rings, and where it stands.


async def urgent(people: Neighbours, who: str, number: int, **other: str):
    hour = {"due_at_day": "2026-03-17", "due_at_hour": "18:00"}
    fields = GOOD["help"] | hour | {"urgency": "urgent", "title": f"Urgent {number}", "relu": "oui"} | other
    return await people.browsers[who].post("/ecrire/demande-d-aide", form(fields))


def top(page) -> list[str]:
    """The titles of the first page, in order."""
    return re.findall(r"<h3[^>]*>\s*<a href=\"/avis/[^>]*>([^<]*)</a>", page.text)


async def test_sixty_urgent_requests_are_all_asked_two_stand_at_the_top_and_three_ring(monkeypatch):
    """Before: sixty at the top, and 57 messages to each moderator."""
    set_clock(monkeypatch, NOON)
    people = await everybody()
    await put_up(people.members["odette"], "help", title="Celle d’Odette")
    assert Counter([(await urgent(people, "karim", n)).status_code for n in range(60)]) == {303: 60}
    rows = await query("SELECT title, rank FROM post WHERE rank = 3 ORDER BY id")
    assert [row["title"] for row in rows] == ["Celle d’Odette", "Urgent 0", "Urgent 1"]
    assert await told(people.members["jeanne"]) == {"held": 1}
    assert len(await query("SELECT 1 FROM alarm WHERE held_at IS NULL")) == 3
    set_clock(monkeypatch, NOON + timedelta(minutes=9, seconds=59))
    await escalation.escalate()
    assert (await told(people.members["amelie"]))["nobody"] == 0
    set_clock(monkeypatch, NOON + timedelta(minutes=10))
    while await escalation.escalate():
        pass
    assert (await told(people.members["amelie"]))["nobody"] == 1


async def test_the_next_one_moves_to_the_top_when_one_is_over(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    asked_ = [(await urgent(people, "odette", n)).headers["location"] for n in range(5)]

    async def at_top() -> list[str]:
        rows = await query("SELECT title FROM post WHERE rank = 3 AND listed AND state = 'open' ORDER BY id")
        return [row["title"] for row in rows]

    assert await at_top() == ["Urgent 0", "Urgent 1"]
    await people.karim.post(f"{asked_[0]}/prise")
    assert await at_top() == ["Urgent 1", "Urgent 2"]
    await people.odette.post(f"{asked_[1]}/retrait")
    assert await at_top() == ["Urgent 2", "Urgent 3"]
    await people.karim.post(f"{asked_[0]}/prise/rendre")
    assert await at_top() == ["Urgent 0", "Urgent 2"]
    await people.jeanne.post(f"/moderation{asked_[2]}/masquer", {"raison": "un doute"})
    assert await at_top() == ["Urgent 0", "Urgent 3"]
    await people.odette.post(f"{asked_[1]}/retour")
    assert await at_top() == ["Urgent 0", "Urgent 1"]


async def test_of_twelve_at_the_same_moment_two_stand_at_the_top(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    answers = await asyncio.gather(*(urgent(people, "karim", number) for number in range(12)))
    assert {one.status_code for one in answers} == {303}
    assert len(await query("SELECT 1 FROM post WHERE rank = 3")) == 2
    assert len(await query("SELECT 1 FROM alarm WHERE held_at IS NULL")) == 3
    # All taken at once, and given back: again two.
    paths = [one.headers["location"] for one in answers]
    helpers = [await browser_of(await neighbour(f"Voisin {'abcdefghijkl'[number]}")) for number in range(12)]
    for step in ("prise", "prise/rendre"):
        await asyncio.gather(*(who.post(f"{path}/{step}") for who, path in zip(helpers, paths, strict=True)))
    await Post.expire()
    assert len(await query("SELECT 1 FROM post WHERE rank = 3 AND state = 'open'")) == 2


async def test_who_was_helped_is_forgotten_with_the_private_words(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    made = await for_somebody(people, "karim", 1, "Mme Gachet")
    await people.karim.post(f"{made.headers['location']}/retrait")
    set_clock(monkeypatch, NOON + 49 * HOUR)
    await upkeep.once()
    assert await query("SELECT 1 FROM post WHERE helped IS NOT NULL") == []
    set_clock(monkeypatch, NOON + 40 * 24 * HOUR)
    await upkeep.once()
    assert await query("SELECT 1 FROM budget") == []


async def for_somebody(people: Neighbours, who: str, number: int, name: str, **other: str):
    fields = {
        "need": "pharmacie", "urgency": "urgent", "due_at_day": "2026-03-17", "due_at_hour": "18:00",
        "title": f"Pour {number}", "who": name, "phone": "04 65 71 20 08", "address": f"{number} rue des Lilas",
        "rue": "rue des Lilas", "accord": "oui", "semblable": "vu",
    }  # fmt: skip
    return await people.browsers[who].post("/pour-quelqu-un", form(fields | other))


async def test_requests_for_others_count_per_person_who_is_helped(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    for who in ("karim", "odette"):
        for number in range(3):
            assert (await for_somebody(people, who, number, "Mme Gachet")).status_code == 303
    # One person, whoever writes for her: two at the top, three rang.
    assert len(await query("SELECT 1 FROM post WHERE rank = 3")) == 2
    assert len(await query("SELECT 1 FROM alarm WHERE held_at IS NULL")) == 3
    # Nor does it count against what Karim asks for himself.
    assert (await urgent(people, "karim", 1)).status_code == 303
    assert len(await query("SELECT 1 FROM alarm WHERE held_at IS NULL")) == 4
    digest = (await query("SELECT helped FROM post WHERE helped IS NOT NULL"))[0]["helped"]
    assert "achet" not in digest.lower() and len(digest) == 64


async def test_sixty_invented_people_who_are_helped_fill_no_board(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    for number in range(30):
        assert (
            await for_somebody(people, "karim", number, f"Mme {'abcdefghij'[number % 10]}{number}")
        ).status_code == 303
    assert len(await query("SELECT 1 FROM post WHERE rank = 3")) == budgets.MOST_FOR_OTHERS_AT_TOP
    assert len(await query("SELECT 1 FROM alarm WHERE held_at IS NULL")) == BUDGETS["ring-for"].resident.hour


_arrivals = count(1)


async def hall(author: Member, many: int, uses: int = 10) -> list[Browser]:
    """So many newcomers come in by one invitation for several."""
    invitation = await Invitation.make(author.id, "", uses, 7)
    inside = []
    for _ in range(many):
        newcomer = Browser()
        # Of a hall after another, nobody has the name of somebody before.
        fields = {"nom": f"Arrivé {next(_arrivals)}", "rue": "rue des Lilas", "joindre": ""}
        answer = await newcomer.post(f"/invitation/{invitation.token}", form(fields))
        assert answer.status_code == 303, words(answer)
        inside.append(newcomer)
    return inside


async def test_fourteen_invented_newcomers_do_not_ring_one_volunteer_fourteen_times(monkeypatch):
    """Before: fourteen."""
    set_clock(monkeypatch, NOON)
    people = await everybody()
    await Volunteer.keep(
        people.members["odette"].id, needs={"courses"}, slots=set(), reach="quartier", means=set(), shown="nobody"
    )
    newcomers = await hall(people.members["karim"], 7) + await hall(people.members["karim"], 7)
    hour = {"due_at_day": "2026-03-17", "due_at_hour": "18:00", "urgency": "urgent", "relu": "oui"}
    for newcomer in newcomers:
        assert (await newcomer.post("/ecrire/demande-d-aide", form(GOOD["help"] | hour))).status_code == 303
    assert (await told(people.members["odette"]))["urgent"] == 2 * BUDGETS["ring"].inviter.hour
    assert len(await query("SELECT 1 FROM alarm")) == 14


async def test_newcomers_of_one_inviter_count_together_and_those_of_a_hall_for_the_hall(monkeypatch):
    set_clock(monkeypatch, NOON)
    await found()
    amelie = await neighbour("Amélie", Role.ADMIN)
    first, second = await hall(amelie, 5), await hall(amelie, 1)
    tip = {"title": "Des œufs"}
    statuses = Counter()
    for newcomer in first:
        statuses += await flood(newcomer, "/ecrire/bon-plan", tip, BUDGETS["post"].newcomer.hour)
    most = BUDGETS["post"].inviter.hour
    assert statuses == {303: most, 429: 5 * BUDGETS["post"].newcomer.hour - most}
    assert await flood(second[0], "/ecrire/bon-plan", tip, 1) == {303: 1}
    for number in range(6):
        (newcomer,) = await hall(amelie, 1, uses=1)
        statuses = await flood(newcomer, "/ecrire/bon-plan", tip, 6)
        assert (statuses[429] == 0) == (number < 5)


# What the same person does again to the same thing.


async def test_taking_and_giving_back_sixty_times_is_two_messages():
    """Before: 120 to one asker."""
    people = await around_a_request()
    post = await asked(people)
    for _ in range(60):
        await people.karim.post(f"/avis/{post}/prise")
        await people.karim.post(f"/avis/{post}/prise/rendre")
    news = await Notice.of(people.members["odette"].id)
    assert sorted(one["what"] for one in news) == ["returned", "taken"]
    assert {one["times"] for one in news} == {BUDGETS["take"].resident.hour}
    assert "30 fois" in words(await people.odette.get("/nouvelles"))


async def test_after_it_was_seen_or_a_while_later_it_is_news_again(monkeypatch):
    people = await around_a_request()
    set_clock(monkeypatch, NOON)
    post = await asked(people)
    karim, odette = people.members["karim"].id, people.members["odette"].id
    for minutes, seen, waiting in ((0, False, 1), (1, True, 0), (2, False, 1), (30, False, 1)):
        set_clock(monkeypatch, NOON + timedelta(minutes=minutes))
        await Claim.take(post, karim)
        await Claim.hand_back(post, karim, "")
        if seen:
            await Notice.see(odette)
        fresh = [one for one in await Notice.of(odette) if one["what"] == "taken" and not one["seen_at"]]
        assert len(fresh) == waiting
    # The last thing that happened stands first.
    assert (await Notice.of(odette))[0]["what"] == "returned"


async def test_joining_and_leaving_one_offer_again_and_again_is_one_message():
    people = await around_a_request()
    offer = await put_up(people.members["theo"], "offer", capacity=4)
    for _ in range(3):
        await people.karim.post(f"/avis/{offer}/inscription", form({"note": "des œufs", "phone": "04 65 71 20 08"}))
        await people.karim.post(f"/avis/{offer}/inscription/annuler")
    assert await told(people.members["theo"]) == {"joined": 1, "unjoined": 1}


async def test_a_newcomer_who_proposes_and_takes_it_back_is_one_message():
    people = await around_a_request()
    post = await asked(people)
    for _ in range(5):
        await people.marguerite.post(f"/avis/{post}/prise")
        await people.marguerite.post(f"/avis/{post}/attente/annuler")
    assert (await told(people.members["odette"])) == {"proposed": 1}
    assert (await told(people.members["amelie"])) == {"proposed": 1}


# Invitations.


async def test_three_open_invitations_a_resident_and_one_more_for_each_that_is_over():
    people = await everybody()
    made = {"note": "", "personnes": "10", "jours": "7"}
    assert await flood(people.karim, "/invitations", made, 4) == {303: 3, 429: 1}
    refused = await people.karim.post("/invitations", form(made | {"note": "Pour le 12"}))
    assert "déjà trois invitations ouvertes" in words(refused) and "Pour le 12" in refused.text
    first = (await Invitation.of(people.members["karim"].id))[0]
    await people.karim.post(f"/invitations/{first.id}/annulation")
    assert await flood(people.karim, "/invitations", made, 2) == {303: 1, 429: 1}
    both = await asyncio.gather(*(people.odette.post("/invitations", form(made)) for _ in range(8)))
    assert Counter(one.status_code for one in both) == {303: 3, 429: 5}


async def test_who_enters_by_an_invitation_too_many_reads_why_and_keeps_what_was_typed(monkeypatch):
    await found()
    karim = await neighbour("Karim")
    most = BUDGETS["enter"].resident.hour
    await hall(karim, 10)
    await hall(karim, 10)
    assert most == 20
    invitation = await Invitation.make(karim.id, "", 10, 7)
    refused = await Browser().post(
        f"/invitation/{invitation.token}", form({"nom": "Lucie Petit", "rue": "rue des Lilas", "joindre": ""})
    )
    assert refused.status_code == 429 and "Lucie Petit" in refused.text and "retry-after" in refused.headers
    assert (await Invitation.find(invitation.token)).uses == 0


# Honest evenings.


async def test_a_founder_invites_135_people_in_one_evening_and_they_write(monkeypatch):
    set_clock(monkeypatch, NOON)
    await found()
    founder = await neighbour("Amélie", Role.ADMIN)
    at_home = await browser_of(founder)
    for _ in range(14):
        made = form({"note": "Le hall", "personnes": "10", "jours": "30"})
        assert (await at_home.post("/invitations", made)).status_code == 303
    entered = 0
    for invitation in await Invitation.of(founder.id):
        for _ in range(min(10, 135 - entered)):
            entered += 1
            newcomer = Browser()
            fields = {"nom": f"Voisin {'abcdefghij'[entered % 10]}{entered}", "rue": "rue des Lilas", "joindre": ""}
            assert (await newcomer.post(f"/invitation/{invitation.token}", form(fields))).status_code == 303
            assert (await newcomer.post("/ecrire/bon-plan", form({"title": "Bonsoir à tous"}))).status_code == 303
    assert entered == 135 and (await query("SELECT count(*) AS n FROM post"))[0]["n"] == 135


async def test_a_volunteer_on_a_market_day_meets_no_limit(monkeypatch):
    """An offer of eight places, which a moderator agreed to; every list read, every neighbour answered, two errands."""
    set_clock(monkeypatch, NOON)
    people = await around_a_request()
    theo = people.theo
    made = form(GOOD["offer"] | {"capacity": "8"})
    offer = (await theo.post("/ecrire/coup-de-main", made)).headers["location"]
    assert (await told(people.members["jeanne"]))["places"] == 1
    await people.jeanne.post(f"{offer}/places")
    statuses = Counter()
    for number in range(8):
        joiner = await browser_of(await neighbour(f"Voisine {'abcdefgh'[number]}"))
        joined = await joiner.post(f"{offer}/inscription", form({"note": "du pain", "phone": "04 65 71 20 08"}))
        errand = joined.headers["location"]
        statuses[(await theo.get(errand)).status_code] += 1
        for line in ("Je pars à 9 h", "Pas de figues ce matin", "Je suis en bas"):
            statuses[(await theo.post(f"{errand}/messages", form({"message": line}))).status_code] += 1
    for _ in range(2):
        post = await asked(people)
        statuses[(await theo.post(f"/avis/{post}/prise")).status_code] += 1
        statuses[(await theo.post(f"/avis/{post}/messages", form({"message": "J’arrive"}))).status_code] += 1
        statuses[(await theo.post(f"/avis/{post}/fait", form({}))).status_code] += 1
    statuses[(await theo.post(f"{offer}/cloture")).status_code] += 1
    assert set(statuses) == {200, 303}
    assert "many-doors" not in await told(people.members["amelie"])


async def test_an_admin_keys_in_thirty_coupons(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    names = [
        f"{title} {name}"
        for title in ("Mme", "M.", "Mlle")
        for name in ["Abel", "Brun", "Caron", "Denis", "Petit", "Faure", "Gros", "Huet", "Imbert", "Joly"]
    ]
    for number, name in enumerate(names):
        answer = await for_somebody(people, "amelie", number, name, talon=f"{number:03}")
        assert answer.status_code == 303, words(answer)
    assert len(await query("SELECT 1 FROM alarm WHERE held_at IS NULL")) == 30
    assert len(await query("SELECT 1 FROM post WHERE rank = 3")) == 30
    recorded = await query("SELECT spent FROM budget WHERE who = {}", str(people.members["amelie"].id))
    assert max(row["spent"] for row in recorded) == 30


@pytest.mark.parametrize("talon", ["", "{:03}", "417"])
async def test_any_three_digits_ring_no_more_than_none(monkeypatch, talon):
    """Before: 40 alerts of the whole quartier in an hour, by whoever types a number. All are on the board."""
    set_clock(monkeypatch, NOON)
    people = await everybody()
    for number in range(45):
        name = f"Mme {'abcdefghij'[number % 10]}{'klmno'[number // 10]}"
        made = await for_somebody(people, "karim", number, name, talon=talon.format(number))
        assert made.status_code == 303
    rang = await query("SELECT 1 FROM alarm WHERE held_at IS NULL")
    assert len(rang) == (1 if talon == "417" else BUDGETS["ring-for"].resident.hour)
    assert len(await query("SELECT 1 FROM post WHERE listed")) == 45
    held = await query("SELECT next_at FROM alarm WHERE held_at IS NOT NULL")
    assert len(held) == 45 - len(rang) and all(row["next_at"] is not None for row in held)


async def test_a_coupon_rings_once_a_day_whoever_types_it(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()

    async def rang(who: str, number: int, talon: str) -> bool:
        made = await for_somebody(people, who, number, f"Mme {'abcdefgh'[number]}", talon=talon)
        post = UUID(made.headers["location"].split("/")[2])
        return (await query("SELECT held_at FROM alarm WHERE post = {}", post))[0]["held_at"] is None

    assert await rang("karim", 0, "417")
    assert not await rang("odette", 1, "417") and not await rang("karim", 2, "417")
    assert await rang("odette", 3, "418") and not await rang("karim", 4, "418")
    # Who moderates may key one in again, and theirs counts for the others.
    assert await rang("amelie", 5, "417") and await rang("jeanne", 6, "419") and not await rang("karim", 7, "419")
    set_clock(monkeypatch, NOON + 24 * HOUR)
    again = {"due_at_day": "2026-03-18", "talon": "417"}
    made = await for_somebody(people, "odette", 1, "Mme z", **again)
    post = UUID(made.headers["location"].split("/")[2])
    assert (await query("SELECT held_at FROM alarm WHERE post = {}", post))[0]["held_at"] is None


async def test_moderators_work_is_recorded_and_never_refused():
    people = await everybody()
    assert await flood(people.jeanne, "/ecrire/bon-plan", {"title": "Des œufs"}, 30) == {303: 30}
    rows = await query("SELECT gesture, spent FROM budget WHERE who = {}", str(people.members["jeanne"].id))
    assert [(row["gesture"], row["spent"]) for row in rows] == [("post", 30)]


# The table.


def test_every_gesture_has_a_sentence_or_is_never_refused():
    for gesture, budget in BUDGETS.items():
        rings = gesture.startswith("ring")
        limited = any((budget.newcomer, budget.resident, budget.moderator, budget.inviter, budget.quartier))
        assert bool(budget.sentence) == (limited and not rings), gesture
        for most in filter(None, (budget.newcomer, budget.resident, budget.moderator, budget.inviter, budget.quartier)):
            assert 0 < most.hour <= most.day


def test_security_md_shows_the_table_that_the_code_has():
    written = budgets.PAPER.read_text()
    assert f"{budgets.BEGIN}\n{budgets.table()}\n{budgets.END}" in written


def test_an_hour_that_is_said_is_never_too_early():
    for moment, said in ((NOON, NOON), (NOON + timedelta(seconds=32), NOON + timedelta(minutes=1))):
        assert TooMuch("", moment).again_at == said == NoDoorLeft(3, moment).again_at
