"""Moderation that can answer for itself: what is hidden is found again, authors hear why, nobody judges themselves."""

import re
from datetime import timedelta

import pytest

from server.base.columns import now
from server.base.database import execute, query
from server.news.told import Notice
from server.posts.post import Post
from server.trust import second_person
from tests.support.makers import put_up, set_clock
from tests.support.people import everybody, words

REASON = {"raison": "Un numéro dans le texte"}
KEY = "une-cle-de-formulaire-0501"


async def replied(people, who: str = "karim", text: str = "Une réponse"):
    """A post of Odette with a reply; both ids."""
    post = await put_up(people.members["odette"], title="Des œufs", body="Au coin")
    sent = await people.browsers[who].post(f"/avis/{post}/reponses", {"cle": KEY, "reponse": text})
    return post, sent.headers["location"].split("reponse-")[1]


async def heard(people, who: str) -> list[str]:
    """What somebody was told, the latest first."""
    return [row["what"] for row in await Notice.of(people.members[who].id)]


async def test_what_is_hidden_stands_in_a_list_and_in_the_journal_and_can_be_undone():
    people = await everybody()
    post, reply = await replied(people)
    hidden = await people.jeanne.post(f"/moderation/avis/{post}/masquer", REASON)
    toast = await people.jeanne.get(hidden.headers["location"])
    assert "C’est masqué" in words(toast) and f'action="/moderation/avis/{post}/montrer"' in toast.text
    await people.jeanne.post(f"/moderation/reponses/{reply}/masquer", REASON)
    page = await people.jeanne.get("/moderation/masques")
    assert "Des œufs. Au coin" in words(page) and "Une réponse" in words(page)
    assert f"/avis/{post}#reponse-{reply}" in page.text
    journal = await people.jeanne.get("/moderation/journal")
    assert f'href="/avis/{post}"' in journal.text and f'href="/avis/{post}#reponse-{reply}"' in journal.text
    for browser in (people.karim, people.marguerite):
        assert (await browser.get("/moderation/masques")).status_code == 404
    # Undone from the toast, with the reason that it brings along.
    undone = await people.jeanne.post(f"/moderation/avis/{post}/montrer", {"raison": "Annulé aussitôt"})
    assert undone.status_code == 303
    assert "Des œufs. Au coin" not in words(await people.jeanne.get("/moderation/masques"))
    assert (await Post.load(post))["listed"]


async def test_the_list_of_what_is_hidden_has_pages(monkeypatch):
    people = await everybody()
    monkeypatch.setattr("server.views.moderation.routes.PAGE", 2)
    for number in range(5):
        post = await put_up(people.members["odette"], title=f"Avis {number}")
        hidden_at = now() + timedelta(seconds=number)
        await execute("UPDATE post SET hidden_at = {}, listed = {} WHERE id = {}", hidden_at, False, post)
    seen, path = [], "/moderation/masques"
    while path:
        page = await people.jeanne.get(path)
        seen += [int(number) for number in re.findall(r"« Avis (\d)", words(page))]
        found = re.search(r'href="(/moderation/masques\?avant=[^"]+)"', page.text)
        path = found.group(1) if found else ""
    assert seen == [4, 3, 2, 1, 0]
    for spoilt in ("x", "2026-99-99", "2026-01-01"):
        assert (await people.jeanne.get(f"/moderation/masques?avant={spoilt}")).status_code in (200, 404)


async def test_the_author_hears_that_and_why():
    people = await everybody()
    post, reply = await replied(people)
    await people.jeanne.post(f"/moderation/avis/{post}/masquer", REASON)
    assert await heard(people, "odette") == ["post-hidden", "replied"]
    page = words(await people.odette.get(f"/avis/{post}"))
    assert "La raison : « Un numéro dans le texte »" in page and "Pour en parler : Jeanne au" in page
    await people.odette.post("/nouvelles/lues")
    await people.jeanne.post(f"/moderation/avis/{post}/montrer", {"raison": "Il l’a retiré"})
    await people.jeanne.post(f"/moderation/reponses/{reply}/masquer", {"raison": "Ce n’est pas aimable"})
    assert (await heard(people, "odette"))[0] == "post-shown"
    assert await heard(people, "karim") == ["reply-hidden"]
    assert "La raison : « Ce n’est pas aimable »" in words(await people.karim.get(f"/avis/{post}"))
    assert "Ce n’est pas aimable" not in words(await people.odette.get(f"/avis/{post}"))
    await people.jeanne.post(f"/moderation/avis/{post}/laisser", REASON)
    assert len(await heard(people, "odette")) == 3


async def test_a_report_keeps_the_text_as_it_was_reported():
    people = await everybody()
    post, _ = await replied(people)
    await people.karim.post(f"/avis/{post}/signalement", {"raison": "Ce n’est pas vrai"})
    assert "l’a changé depuis" not in words(await people.jeanne.get("/moderation"))
    await execute("UPDATE post SET title = 'Tout va bien' WHERE id = {}", post)
    page = words(await people.jeanne.get("/moderation"))
    assert "« Des œufs. Au coin »" in page and "Son auteur l’a changé depuis" in page
    assert "« Tout va bien. Au coin »" in page


@pytest.mark.parametrize("verb", ["masquer", "montrer", "laisser"])
async def test_nobody_judges_their_own(verb):
    people = await everybody()
    await execute("UPDATE member SET seen_at = {}", now())
    post = await put_up(people.members["jeanne"], title="Le mien")
    await people.karim.post(f"/avis/{post}/signalement", {"raison": "Ce n’est pas vrai"})
    refused = await people.jeanne.post(f"/moderation/avis/{post}/{verb}", REASON)
    assert refused.status_code == 409 and "C’est le vôtre" in words(refused)
    assert (await query("SELECT closed_at FROM report"))[0]["closed_at"] is None
    sent = await people.jeanne.post(f"/avis/{post}/reponses", {"cle": KEY, "reponse": "La mienne"})
    reply = sent.headers["location"].split("reponse-")[1]
    assert (await people.jeanne.post(f"/moderation/reponses/{reply}/{verb}", REASON)).status_code == 409
    assert (await people.amelie.post(f"/moderation/avis/{post}/{verb}", REASON)).status_code == 303


async def test_alone_on_a_board_one_waits_an_hour(monkeypatch):
    people = await everybody()
    for who in ("jeanne", "amelie"):
        await execute("UPDATE member SET seen_at = {} WHERE id = {}", now(), people.members[who].id)
    post = await put_up(people.members["amelie"], title="Le mien")
    await people.karim.post(f"/avis/{post}/signalement", {"raison": "Ce n’est pas vrai"})
    assert (await people.amelie.post(f"/moderation/avis/{post}/laisser", REASON)).status_code == 409
    away = now() - second_person.AWAY
    await execute("UPDATE member SET seen_at = {} WHERE id = {}", away, people.members["jeanne"].id)
    early = await people.amelie.post(f"/moderation/avis/{post}/laisser", REASON)
    assert early.status_code == 409 and "Personne d’autre ne modère" in words(early)
    set_clock(monkeypatch, now() + second_person.PAUSE)
    assert (await people.amelie.post(f"/moderation/avis/{post}/laisser", REASON)).status_code == 303
    assert [row["verb"] for row in await query("SELECT verb FROM log_entry ORDER BY id")] == ["alone", "leave"]


async def test_a_withdrawn_reply_says_so_and_its_news_goes():
    people = await everybody()
    post, reply = await replied(people)
    assert await heard(people, "odette") == ["replied"]
    await people.karim.post(f"/reponses/{reply}/retrait")
    assert await heard(people, "odette") == []
    for who in ("odette", "jeanne"):
        page = words(await people.browsers[who].get(f"/avis/{post}"))
        assert "Réponse retirée par son auteur" in page and "Une réponse" not in page
    assert "Vous avez retiré cette réponse" in words(await people.karim.get(f"/avis/{post}"))
    # Read already, it stays among the news.
    other = await people.karim.post(f"/avis/{post}/reponses", {"cle": KEY + "b", "reponse": "Encore"})
    await people.odette.post("/nouvelles/lues")
    await people.karim.post(f"/reponses/{other.headers['location'].split('reponse-')[1]}/retrait")
    assert await heard(people, "odette") == ["replied"]


async def test_a_moderator_reaches_the_queue_from_the_bell_with_the_count():
    people = await everybody()
    post, _ = await replied(people)
    before = words(await people.jeanne.get("/nouvelles"))
    await people.karim.post(f"/avis/{post}/signalement", {"raison": "Ce n’est pas vrai"})
    page = await people.jeanne.get("/nouvelles")
    # Marguerite at the door, and the report.
    assert "Un cas à regarder" in before and "2 cas à regarder" in words(page) and 'href="/moderation"' in page.text
    assert "à regarder" not in words(await people.karim.get("/nouvelles"))


async def test_undone_at_once_the_report_is_back_and_the_author_never_heard():
    people = await everybody()
    post, _ = await replied(people)
    await people.karim.post(f"/avis/{post}/signalement", {"raison": "Ce n’est pas vrai"})
    await people.jeanne.post(f"/moderation/avis/{post}/masquer", REASON)
    assert "Ce n’est pas vrai" not in words(await people.jeanne.get("/moderation"))
    await people.jeanne.post(f"/moderation/avis/{post}/montrer", {"raison": "Annulé aussitôt"})
    assert "Ce n’est pas vrai" in words(await people.jeanne.get("/moderation"))
    assert await heard(people, "odette") == ["replied"]


async def test_what_another_hid_is_not_undone_but_shown_again():
    people = await everybody()
    post, _ = await replied(people)
    await people.karim.post(f"/avis/{post}/signalement", {"raison": "Ce n’est pas vrai"})
    await people.jeanne.post(f"/moderation/avis/{post}/masquer", REASON)
    await people.jeanne.post(f"/moderation/avis/{post}/masquer", REASON)
    await people.amelie.post(f"/moderation/avis/{post}/masquer", REASON)
    assert (await heard(people, "odette")).count("post-hidden") == 1
    assert len(await query("SELECT 1 FROM log_entry")) == 1
    await people.amelie.post(f"/moderation/avis/{post}/montrer", {"raison": "Il l’a retiré"})
    assert (await heard(people, "odette"))[0] == "post-shown"


async def test_nobody_shows_their_own_again_at_once(monkeypatch):
    people = await everybody()
    post = await put_up(people.members["jeanne"], title="Le mien")
    await people.amelie.post(f"/moderation/avis/{post}/masquer", REASON)
    away = now() - 2 * second_person.AWAY
    await execute("UPDATE member SET seen_at = {} WHERE id = {}", away, people.members["amelie"].id)
    assert (await people.jeanne.post(f"/moderation/avis/{post}/montrer", REASON)).status_code == 409
    set_clock(monkeypatch, now() + second_person.PAUSE)
    assert (await people.jeanne.post(f"/moderation/avis/{post}/montrer", REASON)).status_code == 303


async def test_a_withdrawn_reply_takes_nobody_elses_news_along():
    people = await everybody()
    post, reply = await replied(people)
    await people.jeanne.post(f"/avis/{post}/reponses", {"cle": KEY, "reponse": "La mienne"})
    await people.karim.post(f"/reponses/{reply}/retrait")
    rows = await Notice.of(people.members["odette"].id)
    assert [(row["what"], row["who_name"]) for row in rows] == [("replied", "Jeanne Morel")]


async def test_the_queue_says_that_a_reported_reply_was_withdrawn():
    people = await everybody()
    _, reply = await replied(people)
    await people.jeanne.post(f"/reponses/{reply}/signaler", {"raison": "Ce n’est pas vrai"})
    await people.karim.post(f"/reponses/{reply}/retrait")
    assert "Son auteur l’a déjà retiré" in words(await people.jeanne.get("/moderation"))


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_moment_that_no_clock_has_is_no_page(moment):
    people = await everybody()
    assert (await people.jeanne.get(f"/moderation/masques?avant={moment}")).status_code in (200, 404)


async def test_ones_own_case_has_no_buttons_while_another_may_decide():
    people = await everybody()
    for who in ("jeanne", "amelie"):
        await execute("UPDATE member SET seen_at = {} WHERE id = {}", now(), people.members[who].id)
    post = await put_up(people.members["jeanne"], title="Le mien")
    await people.karim.post(f"/avis/{post}/signalement", {"raison": "Ce n’est pas vrai"})
    mine, another_s = [await people.browsers[who].get("/moderation") for who in ("jeanne", "amelie")]
    assert "C’est le vôtre" in words(mine) and f"/moderation/avis/{post}" not in mine.text
    assert "C’est le vôtre" not in words(another_s) and f"/moderation/avis/{post}/laisser" in another_s.text
    assert f"/moderation/avis/{post}/masquer" not in (await people.jeanne.get(f"/avis/{post}")).text
    await people.amelie.post(f"/moderation/avis/{post}/masquer", REASON)
    hidden = await people.jeanne.get("/moderation/masques")
    assert "C’est le vôtre" in words(hidden) and "/montrer" not in hidden.text
    # Alone, one may, after a while.
    await execute("UPDATE member SET seen_at = NULL WHERE id = {}", people.members["amelie"].id)
    assert "/montrer" in (await people.jeanne.get("/moderation/masques")).text


async def test_a_decision_that_is_refused_keeps_its_reason():
    people = await everybody()
    post = await put_up(people.members["amelie"], title="Le mien")
    await people.karim.post(f"/avis/{post}/signalement", {"raison": "Ce n’est pas vrai"})
    refused = await people.amelie.post(f"/moderation/avis/{post}/laisser", {"raison": "Rien de grave"})
    assert refused.status_code == 409 and 'value="Rien de grave"' in refused.text
    odette = people.members["odette"].id
    refused = await people.amelie.post(f"/voisins/{odette}/role", {"role": "moderator", "raison": "x" * 301})
    assert refused.status_code == 422 and f'value="{"x" * 301}"' in refused.text
    assert re.search(r'value="moderator" checked', refused.text)


@pytest.mark.parametrize(
    ("gesture", "deed"),
    [
        ("avis/{post}/masquer", "Masquer l’avis « Des œufs »"),
        ("avis/{post}/laisser", "Laisser « Des œufs » comme avant"),
        ("reponses/{reply}/masquer", "Masquer la réponse « Une réponse »"),
        ("voisins/{newcomer}/presentation", "Ouvrir la porte à Marguerite Aubert"),
        ("voisins/{newcomer}/portes", "Fermer les portes à Marguerite Aubert jusqu’à demain"),
    ],
)
async def test_the_page_that_asks_why_names_the_deed_in_its_title_and_its_button(gesture, deed):
    people = await everybody()
    post, reply = await replied(people)
    path = gesture.format(post=post, reply=reply, newcomer=people.members["marguerite"].id)
    asked = words(await people.jeanne.post(f"/moderation/{path}", {"raison": ""}))
    assert asked.count(deed) == 3 and "A masqué" not in asked and "Continuer" not in asked
