"""Between the two, through the door: the talk, the money, an admin's reading, the bell, offers, leaving."""

import re
from datetime import timedelta

import pytest

from server.base.audit_log import journal
from server.base.columns import now
from server.base.database import query
from server.base.ids import uuid7
from server.base.settings import settings
from server.help.claim import Claim
from server.help.private import PrivatePart, Viewing
from server.news.told import Notice
from server.people.member import Member
from server.posts.post import Post
from server.running import upkeep
from tests.support.help_people import CANARIES, around_a_request, asked, for_somebody, in_state
from tests.support.makers import put_up, set_clock
from tests.support.people import everybody, form_key, words

KEY = "une-cle-de-formulaire-0001"
LIST = {"cle": KEY, "note": "Six œufs", "phone": "04 65 71 20 08"}


def bell(page) -> int:
    """The number on the bell."""
    found = re.search(r'class="cloche".*?<i>(\d+)', page.text, re.S)
    return int(found.group(1)) if found else 0


async def news_of(people, who: str) -> list[str]:
    """What somebody was told, the newest first."""
    return [one["what"] for one in await Notice.of(people.members[who].id)]


async def test_the_two_write_to_each_other_with_numbers_and_nobody_else_reads():
    people = await around_a_request()
    post = await in_state(people, "taken")
    line = {"message": "Je sonne au 06 39 98 41 12, code B4071 ?", "cle": KEY}
    for _ in range(2):
        sent = await people.theo.post(f"/avis/{post}/messages", line)
        assert sent.status_code == 303
    assert len(await query("SELECT 1 FROM message")) == 2  # the canary's and this one
    page = await people.odette.get(f"/avis/{post}")
    assert words(page).count("Je sonne au 06 39 98 41 12, code B4071 ?") == 1
    for who in ("karim", "amelie", "jeanne", "lucien"):
        assert "Je sonne" not in (await people.browsers[who].get(f"/avis/{post}")).text
    other = await people.theo.post(f"/avis/{post}/messages", line | {"message": "autre chose"})
    assert other.status_code == 409


@pytest.mark.parametrize(("text", "said"), [(" \u200b ", "Écrivez quelques mots"), ("x" * 601, "C’est un peu long")])
async def test_a_line_that_cannot_be_sent_is_kept(text, said):
    people = await around_a_request()
    post = await in_state(people, "taken")
    refused = await people.theo.post(f"/avis/{post}/messages", {"message": text, "cle": KEY})
    assert refused.status_code == 422 and said in words(refused)
    assert text.strip() in refused.text


async def test_ten_lines_are_one_piece_of_news_until_it_is_read():
    people = await around_a_request()
    post = await in_state(people, "taken")
    for n in range(3):
        await people.theo.post(f"/avis/{post}/messages", {"message": f"ligne {n}", "cle": f"{KEY}-{n}"})
    assert (await news_of(people, "odette")).count("message") == 1
    await people.odette.get(f"/avis/{post}")
    await people.theo.post(f"/avis/{post}/messages", {"message": "encore", "cle": f"{KEY}-9"})
    assert (await news_of(people, "odette")).count("message") == 2


async def test_once_erased_nothing_can_be_added_that_nobody_would_read(monkeypatch):
    people = await around_a_request()
    post = await in_state(people, "done")
    set_clock(monkeypatch, now() + timedelta(hours=settings.keep + 1))
    await upkeep.once()
    page = await people.odette.get(f"/avis/{post}")
    assert page.status_code == 200 and "Entre vous deux" not in words(page)
    for path, form in (("messages", {"message": "merci", "cle": KEY}), ("somme", {"somme": "5"}), ("rembourse", {})):
        assert (await people.odette.post(f"/avis/{post}/{path}", form)).status_code == 404
    assert await query("SELECT 1 FROM message") == []


async def test_the_money_is_settled_when_both_say_so_and_a_new_sum_asks_again():
    people = await around_a_request()
    post = await in_state(people, "done")
    page = f"/avis/{post}"
    assert "20 € au plus" in words(await people.theo.get(page))
    assert (await people.theo.post(f"{page}/somme", {"somme": "12,50"})).status_code == 303
    assert "12,50 €" in words(await people.odette.get(page))
    await people.odette.post(f"{page}/rembourse")
    assert "Odette Berthier dit que l’argent est rendu" in words(await people.theo.get(page))
    await people.theo.post(f"{page}/rembourse")
    for who in (people.odette, people.theo):
        assert "Remboursé : vous l’avez dit tous les deux" in words(await who.get(page))
    await people.theo.post(f"{page}/somme", {"somme": "25"})
    for who in (people.odette, people.theo):
        said = words(await who.get(page))
        assert "Remboursé" not in said and "C’est plus que prévu" in said and "C’est remboursé" in said
    await people.odette.post(f"{page}/rembourse")
    await people.odette.post(f"{page}/rembourse")
    assert (await news_of(people, "theo")).count("settled") == 2


async def test_money_that_was_never_noted_is_not_said_to_be_given_back():
    people = await around_a_request()
    post = await in_state(people, "done")
    await people.odette.post(f"/avis/{post}/rembourse")
    assert "settled" not in await news_of(people, "theo")
    for sum in ("", "abc", "-3", "0"):
        refused = await people.theo.post(f"/avis/{post}/somme", {"somme": sum})
        assert refused.status_code == 422, sum
    assert (await PrivatePart.of(post))["paid"] is None


async def test_the_two_can_finish_after_the_other_left():
    people = await around_a_request()
    post = await in_state(people, "done")
    await people.theo.post(f"/avis/{post}/somme", {"somme": "5"})
    assert (await people.theo.post("/chez-moi/depart", {"oui": "oui"})).status_code == 303
    page = f"/avis/{post}"
    assert (await people.odette.get(page)).status_code == 200
    for path, form in (("messages", {"message": "au revoir", "cle": KEY}), ("rembourse", {}), ("remerciement", {})):
        assert (await people.odette.post(f"{page}/{path}", form)).status_code == 303, path


async def test_an_admin_reads_with_a_reason_that_is_kept_and_shown():
    people = await around_a_request()
    post = await in_state(people, "taken")
    page, reason = f"/avis/{post}", "Elle ne répond plus depuis midi"
    for empty in ("", " ", "\u200b"):
        refused = await people.amelie.post(f"{page}/lecture", {"raison-lecture": empty})
        assert refused.status_code == 422 and not any(canary in refused.text for canary in CANARIES)
    assert [one["name"] for one in await Viewing.of(post)] == ["Lucien Ferrand"]
    opened = await people.amelie.post(f"{page}/lecture", {"raison-lecture": reason})
    assert CANARIES[0] in words(opened) and "no-store" in opened.headers["cache-control"]
    entry = (await journal())[0]
    assert (entry["verb"], entry["reason"], entry["thing"]) == ("private", reason, post)
    assert (await news_of(people, "odette"))[0] == "read"
    for place in (page, "/chez-moi"):
        said = words(await people.odette.get(place))
        assert "Amélie Roche" in said and reason in said, place
    assert CANARIES[0] not in (await people.amelie.get(page)).text
    assert reason not in (await people.theo.get(page)).text


async def test_an_admin_opens_nothing_that_its_author_took_down():
    people = await around_a_request()
    post = await in_state(people, "withdrawn")
    answer = await people.amelie.post(f"/avis/{post}/lecture", {"raison-lecture": "pour voir"})
    assert answer.status_code == 404 and "Du pain" not in answer.text


async def test_who_read_my_lines_stands_in_chez_moi():
    people = await around_a_request()
    post = await asked(people)
    assert "Qui a lu mes lignes" not in words(await people.odette.get("/chez-moi"))
    await people.theo.post(f"/avis/{post}/prise")
    await people.theo.get(f"/avis/{post}")
    await people.theo.get(f"/avis/{post}")
    assert len(await Viewing.of(post)) == 1
    assert "Théo Vasseur" in words(await people.odette.get("/chez-moi"))
    assert "Théo Vasseur" not in words(await people.karim.get("/chez-moi"))


async def test_the_bell_counts_until_one_opens_the_post_or_says_that_all_is_read():
    people = await around_a_request()
    first, second = await asked(people), await asked(people)
    for post in (first, second):
        await people.theo.post(f"/avis/{post}/prise")
    assert bell(await people.odette.get("/")) == 2
    assert bell(await people.karim.get("/")) == 0
    assert words(await people.odette.get("/nouvelles")).count("Théo Vasseur s’occupe de « Du pain »") == 2
    await people.odette.get(f"/avis/{first}")
    assert bell(await people.odette.get("/")) == 1
    await people.karim.post("/nouvelles/lues")
    assert bell(await people.odette.get("/")) == 1
    await people.odette.post("/nouvelles/lues")
    page = await people.odette.get("/nouvelles")
    assert bell(page) == 0 and "Tout est lu" not in words(page)


async def test_an_offer_from_joining_to_the_end():
    people = await around_a_request()
    offer = await put_up(people.members["theo"], "offer", capacity=2)
    page = f"/avis/{offer}"
    empty = await people.karim.post(f"{page}/inscription", LIST | {"note": ""})
    assert empty.status_code == 422 and "Dites ce qu’il vous faut" in words(empty)
    joined = [await people.karim.post(f"{page}/inscription", LIST) for _ in range(2)]
    assert joined[0].headers["location"] == joined[1].headers["location"]
    mine = joined[0].headers["location"]
    assert "Six œufs" in words(await people.theo.get(mine))
    for who in ("odette", "marguerite", "lucien"):
        assert (await people.browsers[who].get(mine)).status_code == 404
        assert "Six œufs" not in (await people.browsers[who].get(page)).text
    assert "Encore une place" in words(await people.odette.get(page))
    await people.odette.post(f"{page}/inscription", LIST | {"cle": KEY + "o"})
    full = await people.lucien.post(f"{page}/inscription", LIST | {"cle": KEY + "l"})
    assert full.status_code == 409 and "C’est complet" in words(full)
    assert (await people.karim.post(f"{page}/inscription/annuler")).status_code == 303
    assert (await people.theo.get(mine)).status_code == 404
    assert (await people.lucien.post(f"{page}/inscription", LIST | {"cle": KEY + "m"})).status_code == 303
    assert (await people.theo.post(f"{page}/cloture")).status_code == 303
    assert (await Post.load(offer))["listed"] is False
    assert (await people.marguerite.post(f"{page}/inscription", LIST | {"cle": KEY + "n"})).status_code == 404


async def test_a_withdrawn_offer_leaves_each_list_to_its_writer():
    people = await around_a_request()
    offer = await put_up(people.members["theo"], "offer", capacity=2)
    mine = (await people.karim.post(f"/avis/{offer}/inscription", LIST)).headers["location"]
    await people.theo.post(f"/avis/{offer}/retrait")
    assert (await people.theo.get(mine)).status_code == 404
    assert "Demander à tout le quartier" in words(await people.karim.get(mine))
    assert (await people.karim.post(f"{mine}/reouverture")).status_code == 303
    assert (await people.odette.post(f"{mine}/prise")).status_code == 303
    assert "Six œufs" in words(await people.odette.get(mine))


async def test_a_lease_that_ended_while_the_page_was_open_is_said_and_changes_nothing(monkeypatch):
    people = await around_a_request()
    post = await in_state(people, "taken")
    # The night after it has passed as well: a lease does not end in one.
    set_clock(monkeypatch, now() + timedelta(hours=settings.leases[1] + 12))
    await upkeep.once()
    for path, form in (("fait", {}), ("prise/garder", {}), ("prise/rendre", {"raison-rendre": "trop tard"})):
        late = await people.theo.post(f"/avis/{post}/{path}", form)
        assert late.status_code == 409, path
        assert "Vous ne vous occupez plus de cette demande : elle a été rouverte ou reprise." in words(late)
        assert not any(canary in late.text for canary in CANARIES)
    await people.karim.post(f"/avis/{post}/prise")
    late = await people.theo.post(f"/avis/{post}/fait")
    assert late.status_code == 409 and "Karim Benali s’en occupe" in words(late)
    assert (await Post.load(post))["state"] == "taken"


async def test_leaving_the_board_needs_a_yes_and_closes_every_door():
    people = await around_a_request()
    await Claim.take(await asked(people), people.members["theo"].id)
    assert "Quitter le palier" in words(await people.theo.get("/chez-moi/depart"))
    unsure = await people.theo.post("/chez-moi/depart")
    assert unsure.status_code == 422 and "Cochez la case" in words(unsure)
    gone = await people.theo.post("/chez-moi/depart", {"oui": "oui"})
    assert gone.status_code == 303 and "cache" in gone.headers["clear-site-data"]
    assert not await Member.exists().where(Member.id == people.members["theo"].id)
    assert (await people.theo.get("/")).headers["location"] == "/entrer"
    alone = await people.amelie.post("/chez-moi/depart", {"oui": "oui"})
    assert alone.status_code == 422 and "Il faut au moins un admin" in words(alone)


async def test_each_form_of_the_page_has_a_key_of_its_own():
    people = await around_a_request()
    post = await in_state(people, "taken")
    assert form_key(await people.theo.get(f"/avis/{post}")) != form_key(await people.theo.get(f"/avis/{post}"))


async def test_nobody_is_offered_to_ring_themselves_up():
    people = await around_a_request()
    post = await in_state(people, "taken")
    mine, theirs = [await people.browsers[who].get(f"/avis/{post}") for who in ("odette", "theo")]
    number = 'class="btn btn-large" href="tel:+33465717777"'
    assert number in theirs.text and number not in mine.text and CANARIES[2] in words(mine)


async def test_who_wrote_for_somebody_rings_them_and_only_who_may_says_so():
    people = await around_a_request()
    post = await for_somebody(people)
    pages = {who: await people.browsers[who].get(f"/avis/{post}") for who in ("odette", "amelie", "jeanne")}
    assert 'href="tel:+33465717777"' in pages["odette"].text
    for who, may_say in (("odette", True), ("amelie", True), ("jeanne", False)):
        assert (f'action="/avis/{post}/rappel"' in pages[who].text) == may_say, who
    assert (await people.jeanne.post(f"/avis/{post}/rappel")).status_code == 404


async def test_a_third_request_in_hand_is_refused_with_the_way_to_the_two():
    people = await around_a_request()
    posts = [await asked(people) for _ in range(3)]
    for post in posts[:2]:
        await people.karim.post(f"/avis/{post}/prise")
    refused = await people.karim.post(f"/avis/{posts[2]}/prise")
    assert refused.status_code == 409 and "Vous avez déjà 2 demandes en cours" in words(refused)
    links = re.findall(r'<li><a class="lien" href="/avis/([0-9a-f-]{36})"', refused.text)
    assert {*links} == {str(post) for post in posts[:2]}
    assert f'action="/avis/{posts[2]}/prise"' not in refused.text


async def test_what_joining_an_offer_made_is_not_said_to_have_left_the_board():
    people = await around_a_request()
    offer = await put_up(people.members["theo"], "offer")
    joined = await people.karim.post(f"/avis/{offer}/inscription", LIST)
    mine = (await people.karim.get(f"/avis/{offer}")).text
    request = re.search(r'href="/avis/([0-9a-f-]{36})">[^<]*<svg[^>]*>.*?</svg>Ouvrir ma liste', mine)[1]
    assert joined.status_code == 303
    for browser in (people.karim, people.theo):
        assert "décroché à sa date" not in words(await browser.get(f"/avis/{request}"))


async def test_words_to_a_request_that_went_on_meanwhile_are_kept():
    people = await around_a_request()
    post = await in_state(people, "taken")
    late = await people.odette.post(f"/avis/{post}/remerciement", {"cle": KEY, "votre-merci": "Mille fois merci"})
    assert late.status_code == 409 and "Vos mots ne sont pas partis. Les voici : « Mille fois merci »" in words(late)


async def test_older_news_are_on_older_pages_each_once():
    """Before: sixty, and no way further."""
    people = await everybody()
    karim = people.members["karim"]
    for number in range(130):
        await Notice.tell(karim.id, "backup-failed", None, None, f"nuit {number}")
    found, path = [], "/nouvelles"
    while path:
        page = (await people.karim.get(path)).text
        found.append(page.count("La sauvegarde du tableau n’a pas abouti"))
        path = (re.findall(r'href="(/nouvelles\?avant=[^"]+)"', page) or [None])[0]
    assert found == [60, 60, 10]
    for odd in ("x", uuid7(), "%00"):
        assert (await people.karim.get(f"/nouvelles?avant={odd}")).status_code in (200, 400)
