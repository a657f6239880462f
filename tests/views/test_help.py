"""Asking for help through the door: what is caught, moved, read again, refused, corrected; and for somebody else."""

import re

import pytest

from server.base.database import execute, query
from server.help.private import PrivatePart
from server.help.proxy import ProxyFile
from server.news.told import Notice
from server.posts.post import Post
from tests.support.forms import GOOD
from tests.support.help_forms import ASK, ASKED, DOOR, FOR, KEY, form_of
from tests.support.help_people import around_a_request, asked, for_somebody, in_state
from tests.support.people import everybody, words

SOMEBODY = {
    "need": "courses", "title": "Du lait", "urgency": "semaine", "rue": "rue des Lilas", "who": "Mme Gachet",
    "phone": "04 65 71 20 08", "accord": "oui", "consent": "phone", "call_back": "me", "cle": KEY,
}  # fmt: skip


async def the_post() -> dict:
    """The only post there is, as its page loads it."""
    rows = await query("SELECT id FROM post")
    assert len(rows) == 1
    return await Post.load(rows[0]["id"])


async def test_both_parts_are_read_again_and_each_goes_to_its_place():
    people = await everybody()
    checked = await people.odette.post(ASK, ASKED)
    assert checked.status_code == 200 and "no-store" in checked.headers["cache-control"]
    for said in ("Du pain", "52 rue de Gerland", "B4071", "04 65 71 20 08", "12,50 €", "Sonnez deux fois 🔔"):
        assert said in words(checked), said
    sent = await people.odette.post(ASK, form_of(checked, "relire") | {"relu": "oui"})
    assert sent.status_code == 303
    part = await PrivatePart.of((await the_post())["id"])
    assert part["answers"] == DOOR | {"ceiling": 1250}
    assert "52 rue de Gerland" in words(await people.odette.get(sent.headers["location"]))
    assert "52 rue" not in words(await people.karim.get(sent.headers["location"]))


async def test_a_similar_request_is_shown_before_posting():
    people = await everybody()
    await people.odette.post(ASK, ASKED | {"relu": "oui"})
    again = await people.karim.post(ASK, ASKED | {"title": "Des œufs"})
    assert "Une demande semblable existe" in words(again) and "Odette Berthier demande aussi : Du pain" in words(again)
    other = await people.karim.post(ASK, ASKED | {"need": "trajet"})
    assert "Une demande semblable existe" not in words(other)


CAUGHT = [
    ("Appelez au 06 39 98 41 12 avant midi", "phone", "06 39 98 41 12", "Appelez au avant midi"),
    ("Écrivez à odette@exemple.test merci", "note", "odette@exemple.test", "Écrivez à merci"),
    ("Le code est 4071B en bas", "door_code", "4071B", "Le en bas"),
    ("Code d'entrée : 12B45", "door_code", "12B45", ""),
    ("12, rue de Gerland", "address", "12, rue de Gerland", "rue de Gerland"),
    ("C’est au 52 rue de Gerland, au fond", "address", "52 rue de Gerland", "C’est au rue de Gerland, au fond"),
]


@pytest.mark.parametrize("field", ["title", "body", "place"])
@pytest.mark.parametrize(("typed", "where", "detail", "left"), CAUGHT)
async def test_a_private_detail_is_caught_and_moved_where_it_belongs(field, typed, where, detail, left):
    people = await everybody()
    bare = GOOD["help"] | {"cle": KEY, "phone": "" if where == "phone" else GOOD["help"]["phone"], "title": "Du pain"}
    refused = await people.odette.post(ASK, bare | {field: typed, "relu": "oui"})
    assert refused.status_code == 422 and 'name="ranger"' in refused.text
    assert await query("SELECT 1 FROM post") == []
    moved = await people.odette.post(ASK, form_of(refused, "composeur") | {"ranger": "oui"})
    form = form_of(moved, "composeur")
    assert (form[field], form[where]) == (left, detail)
    assert "C’est rangé derrière la porte" in words(moved)
    # What is left of a sentence may be nothing: then it is asked for again.
    empty = not left and field != "body"
    assert (await people.odette.post(ASK, form)).status_code == (422 if empty else 200)


async def test_moving_loses_no_word_of_what_stood_there_already():
    people = await everybody()
    typed = ASKED | {"body": "Le 06 39 98 41 12, ou o@exemple.test, code 1234A, au 7 rue Basse. Merci"}
    form = form_of(await people.odette.post(ASK, typed | {"ranger": "oui"}), "composeur")
    assert {name: form[name] for name in ("phone", "door_code", "address", "who")} == {
        name: DOOR[name] for name in ("phone", "door_code", "address", "who")
    }
    for word in ("Sonnez deux fois 🔔", "06 39 98 41 12", "o@exemple.test", "1234A", "7 rue Basse"):
        assert word in form["note"], word
    assert "rue Basse" in form["body"] and "Merci" in form["body"] and not re.search(r"\d", form["body"])


async def test_a_correction_is_caught_and_moved_too():
    people = await everybody()
    page = (await people.odette.post(ASK, ASKED | {"relu": "oui"})).headers["location"]
    form = form_of(await people.odette.get(f"{page}/modifier"), "composeur")
    assert {name: form[name] for name in DOOR} == DOOR
    refused = await people.odette.post(f"{page}/modifier", form | {"body": "digicode 9876C", "door_code": ""})
    assert refused.status_code == 422
    moved = await people.odette.post(f"{page}/modifier", form_of(refused, "composeur") | {"ranger": "oui"})
    kept = form_of(moved, "composeur")
    assert (kept["body"], kept["door_code"]) == ("", "9876C")
    assert (await people.odette.post(f"{page}/modifier", kept)).status_code == 303
    assert (await PrivatePart.of((await the_post())["id"]))["answers"]["door_code"] == "9876C"


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("20", 2000), ("12,50", 1250), ("8 €", 800), ("8.5", 850), ("500", 50000), ("", None), ("0", None)],
)
async def test_a_sum_as_people_write_it(typed, cents):
    people = await everybody()
    assert (await people.odette.post(ASK, ASKED | {"relu": "oui", "ceiling": typed})).status_code == 303
    assert (await PrivatePart.of((await the_post())["id"]))["answers"]["ceiling"] == cents


BAD = [
    *[({"ceiling": sum}, "Écrivez une somme en euros") for sum in ("-1", "abc", "1e9", "12,505", "1 x", "²", "٣٣")],
    ({"ceiling": "501"}, "500 € au plus"),
    ({"address": "", "phone": ""}, "Il faut une adresse ou un téléphone"),
    ({"address": " \u200b", "phone": " "}, "Il faut une adresse ou un téléphone"),
    ({"phone": "0639"}, "Il manque des chiffres"),
    ({"phone": "o@exemple.test"}, "Ce n’est ni un numéro"),
    *[({name: "é" * 5000}, "C’est un peu long") for name in ("title", "body", "place", "note", "address", "who")],
]  # fmt: skip


@pytest.mark.parametrize(("typed", "said"), BAD, ids=range(len(BAD)))
async def test_what_cannot_be_is_refused_with_a_sentence_and_kept_on_screen(typed, said):
    people = await everybody()
    refused = await people.odette.post(ASK, ASKED | typed | {"relu": "oui"})
    assert refused.status_code == 422 and said in words(refused)
    again = form_of(refused, "composeur")
    assert all(again[name] == value for name, value in (ASKED | typed).items())
    assert await query("SELECT 1 FROM post") == []


@pytest.mark.parametrize("path", [ASK, FOR])
async def test_a_text_of_fifty_thousand_letters_is_answered(path):
    people = await everybody()
    for extra in ({}, {"ranger": "oui"}):
        answer = await people.odette.post(path, {"cle": KEY, "title": "a" * 50_000} | extra)
        assert answer.status_code in (200, 422)


async def test_what_no_form_of_ours_sends_is_refused():
    people = await everybody()
    assert (await people.odette.post(ASK, ASKED | {"note": "a\0b"})).status_code == 400
    assert (await people.odette.post(ASK, ASKED | {"note": "x" * 10_000_000})).status_code == 413
    multipart = {name: (None, value) for name, value in (ASKED | {"note": "a\0b"}).items()}
    assert (await people.odette.http.post(ASK, files=multipart)).status_code == 400
    assert (await people.odette.post(ASK, {**ASKED, "cle": ""} | {"relu": "oui"})).status_code == 400
    assert await query("SELECT 1 FROM post") == []


async def test_right_to_left_and_emoji_stay_and_overrides_go():
    people = await everybody()
    await people.odette.post(ASK, ASKED | {"relu": "oui", "title": "\u202eخبز 🥖", "note": "\u2066شكرا\u2069 👩‍🦽"})
    post = await the_post()
    assert post["title"] == "خبز 🥖"
    assert (await PrivatePart.of(post["id"]))["answers"]["note"] == "شكرا 👩‍🦽"


async def test_sent_twice_is_one_request_and_another_body_is_said():
    people = await everybody()
    first = await people.odette.post(ASK, ASKED | {"relu": "oui"})
    again = await people.odette.post(ASK, ASKED | {"relu": "oui"})
    assert first.headers["location"] == again.headers["location"]
    other = await people.odette.post(ASK, ASKED | {"relu": "oui", "door_code": "C9999"})
    assert other.status_code == 409 and "Votre premier envoi est déjà affiché" in words(other)
    assert (await PrivatePart.of((await the_post())["id"]))["answers"]["door_code"] == "B4071"


async def test_a_correction_in_hand_is_told_to_the_volunteer_once_until_seen():
    people = await around_a_request()
    post = await in_state(people, "taken")
    for note in ("Troisième étage", "Quatrième étage"):
        form = form_of(await people.odette.get(f"/avis/{post}/modifier"), "composeur")
        assert (await people.odette.post(f"/avis/{post}/modifier", form | {"note": note})).status_code == 303
    told = [one["what"] for one in await Notice.of(people.members["theo"].id)]
    assert told.count("changed") == 1
    assert "Quatrième étage" in words(await people.theo.get(f"/avis/{post}"))


async def test_a_form_opened_before_it_was_taken_is_kept_and_told_to_the_taker():
    people = await around_a_request()
    post = await asked(people)
    form = form_of(await people.odette.get(f"/avis/{post}/modifier"), "composeur")
    await people.theo.post(f"/avis/{post}/prise")
    kept = await people.odette.post(f"/avis/{post}/modifier", form | {"title": "Autre chose", "door_code": "Z0000"})
    assert kept.status_code == 303
    assert (await PrivatePart.of(post))["answers"]["door_code"] == "Z0000"
    told = [one["what"] for one in await Notice.of(people.members["theo"].id)]
    assert told.count("changed") == 1


async def test_two_corrections_at_once_show_both_and_lose_neither():
    people = await around_a_request()
    post = await asked(people)
    form = form_of(await people.odette.get(f"/avis/{post}/modifier"), "composeur")
    assert (await people.odette.post(f"/avis/{post}/modifier", form | {"door_code": "AUTRE1"})).status_code == 303
    late = await people.odette.post(f"/avis/{post}/modifier", form | {"title": "Du riz", "door_code": "Z0000"})
    assert late.status_code == 409 and "corrigé entre-temps" in words(late) and "AUTRE1" in words(late)
    mine = form_of(late, "composeur")
    assert (mine["title"], mine["door_code"]) == ("Du riz", "Z0000")
    assert (await PrivatePart.of(post))["answers"]["door_code"] == "AUTRE1"
    assert (await people.odette.post(f"/avis/{post}/modifier", mine)).status_code == 303
    assert (await PrivatePart.of(post))["answers"]["door_code"] == "Z0000"


async def test_correcting_what_is_done_brings_no_private_word_back():
    people = await around_a_request()
    post = await in_state(people, "done")
    await execute("DELETE FROM private_part")
    page = await people.odette.get(f"/avis/{post}/modifier")
    assert 'name="door_code"' not in page.text
    form = form_of(page, "composeur") | DOOR
    assert (await people.odette.post(f"/avis/{post}/modifier", form)).status_code == 303
    assert await PrivatePart.of(post) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"accord": ""}, "Sans son accord"), ({"who": " "}, "Dites qui a besoin d’aide"),
        ({"talon": "12"}, "trois chiffres"), ({"talon": "٤١٧"}, "trois chiffres"),
        ({"rue": "rue de Rivoli"}, "Choisissez votre rue"), ({"phone": ""}, "Il faut une adresse ou un téléphone"),
        ({"title": "Du lait au 12 rue des Lilas"}, "L’adresse exacte est dans le texte"),
    ],
)  # fmt: skip
async def test_for_somebody_is_refused_with_a_sentence(typed, said):
    people = await everybody()
    refused = await people.odette.post(FOR, SOMEBODY | typed)
    assert refused.status_code == 422 and said in words(refused)
    again, expected = form_of(refused, "pour-quelqu-un"), SOMEBODY | typed
    # A street that is not ours has no place in the list.
    assert all(again.get(name, "") == value for name, value in expected.items() if name != "rue")
    assert await query("SELECT 1 FROM post") == []


async def test_for_somebody_moving_keeps_every_detail():
    people = await everybody()
    typed = SOMEBODY | {"title": "Du lait, code 1234A, au 12 rue des Lilas", "phone": ""}
    form = form_of(await people.odette.post(FOR, typed | {"ranger": "oui"}), "pour-quelqu-un")
    assert form["address"] == "12 rue des Lilas" and "1234A" in form["note"]
    assert (await people.odette.post(FOR, form)).status_code == 303


async def test_for_somebody_is_written_once_and_asks_once_about_a_similar_one():
    people = await everybody()
    sent = await people.odette.post(FOR, SOMEBODY | {"talon": "417", "rappels": "oui"})
    assert sent.status_code == 303
    again = await people.odette.post(FOR, SOMEBODY | {"talon": "417", "rappels": "oui"})
    assert (again.status_code, again.headers.get("location")) == (303, sent.headers["location"])
    post = await the_post()
    file = await ProxyFile.of(post["id"])
    assert (file["consent"], file["coupon"], file["call_round"], post["on_behalf"]) == ("phone", "417", True, True)
    similar = await people.odette.post(FOR, SOMEBODY | {"cle": KEY + "b"})
    assert similar.status_code == 200 and "Une demande semblable existe" in words(similar)
    shown = await people.odette.post(FOR, form_of(similar, "pour-quelqu-un") | {"semblable": "vu"})
    assert shown.status_code == 303 and len(await query("SELECT 1 FROM post")) == 2
    assert "Gachet" not in words(await people.karim.get("/")) + words(await people.karim.get(sent.headers["location"]))


async def test_a_newcomer_writes_for_nobody_and_who_is_rung_back_is_noted():
    people = await around_a_request()
    assert (await people.marguerite.get(FOR)).status_code == 404
    assert (await people.marguerite.post(FOR, SOMEBODY)).status_code == 404
    post = await for_somebody(people)
    assert "Rappelez cette personne : Théo Vasseur vient" in words(await people.odette.get(f"/avis/{post}"))
    await people.odette.post(f"/avis/{post}/rappel")
    assert "Rappelée" in words(await people.odette.get(f"/avis/{post}"))
    assert "Rappelée" not in words(await people.karim.get(f"/avis/{post}"))
