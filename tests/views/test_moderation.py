"""Reports, the queue, hiding and showing again, the door, roles, and the journal of it all."""

import html
import re

import pytest

from server.base.audit_log import journal
from server.base.ids import uuid7
from server.moderation.report import Report
from server.people.member import Member, Role
from server.posts.post import Post
from server.talk.reply import Reply
from tests.support.makers import neighbour, put_up
from tests.support.people import browser_of, everybody, words


async def test_from_a_report_to_a_decision():
    people = await everybody()
    post = await put_up(people.members["odette"], "tip", title="Combles à 1 €")
    empty = await people.karim.post(f"/avis/{post}/signalement", {"raison": " "})
    assert empty.status_code == 422 and "Dites en quelques mots" in words(empty)
    for _ in range(2):
        await people.karim.post(f"/avis/{post}/signalement", {"raison": "De la publicité"})
    await people.marguerite.post(f"/avis/{post}/signalement", {"raison": "Pas un voisin"})
    queue = words(await people.jeanne.get("/moderation"))
    assert "Signalé par 2 voisins" in queue and "De la publicité" in queue and "Karim" not in queue
    assert "Modération 2" in words(await people.jeanne.get("/")).replace(" cas", "")  # this case, and the newcomer
    refused = await people.jeanne.post(f"/moderation/avis/{post}/masquer", {"raison": ""})
    assert refused.status_code == 422 and "Dites en une phrase pourquoi" in words(refused)
    assert f'action="/moderation/avis/{post}/masquer"' in refused.text
    await people.jeanne.post(f"/moderation/avis/{post}/masquer", {"raison": "Publicité"})
    assert (await people.karim.get(f"/avis/{post}")).status_code == 404
    assert "Cet avis est masqué" in words(await people.odette.get(f"/avis/{post}"))
    assert await Report.count() == 0
    said = words(await people.amelie.get("/moderation/journal"))
    assert "A masqué un avis : Combles à 1 €" in said and "« Publicité »" in said and "Jeanne Morel" in said
    await people.amelie.post(f"/moderation/avis/{post}/montrer", {"raison": "Erreur"})
    assert (await people.karim.get(f"/avis/{post}")).status_code == 200


async def test_leaving_a_post_closes_its_reports_and_changes_nothing():
    people = await everybody()
    post = await put_up(people.members["odette"])
    await people.karim.post(f"/avis/{post}/signalement", {"raison": "Bof"})
    await people.jeanne.post(f"/moderation/avis/{post}/laisser", {"raison": "Rien de grave"})
    assert (await Report.count(), (await Post.load(post))["hidden_at"]) == (0, None)
    assert [entry["verb"] for entry in await journal()] == ["leave"]


async def test_a_reply_is_reported_and_hidden():
    people = await everybody()
    post = await put_up(people.members["odette"])
    reply = await Reply.write(post, people.members["karim"].id, "Vous êtes tous nuls")
    assert (await people.odette.get(f"/reponses/{reply}/signaler")).status_code == 200
    assert (await people.odette.post(f"/reponses/{reply}/signaler", {"raison": ""})).status_code == 422
    await people.odette.post(f"/reponses/{reply}/signaler", {"raison": "Blessant"})
    assert "Vous êtes tous nuls" in words(await people.jeanne.get("/moderation"))
    await people.jeanne.post(f"/moderation/reponses/{reply}/masquer", {"raison": "Charte, règle 2"})
    assert "nuls" not in words(await people.odette.get(f"/avis/{post}"))
    assert "Masquée par un modérateur" in words(await people.karim.get(f"/avis/{post}"))
    assert (await Post.load(post))["replies"] == 0
    await people.jeanne.post(f"/moderation/reponses/{reply}/montrer", {"raison": "Après discussion"})
    assert "nuls" in words(await people.odette.get(f"/avis/{post}"))


@pytest.mark.parametrize("who", ["odette", "karim", "marguerite"])
async def test_neighbours_find_no_moderation(who):
    people = await everybody()
    browser, post = people.browsers[who], await put_up(people.members["odette"])
    newcomer = people.members["marguerite"].id
    for path in ("/moderation", "/moderation/journal"):
        assert (await browser.get(path)).status_code == 404
    for path in (f"/moderation/avis/{post}/masquer", f"/moderation/voisins/{newcomer}/presentation"):
        assert (await browser.post(path, {"raison": "x"})).status_code == 404
    assert (await browser.post(f"/voisins/{newcomer}/role", {"role": "admin", "raison": "x"})).status_code == 404
    assert (await browser.post(f"/voisins/{newcomer}/carte")).status_code == 404
    assert (await Post.load(post))["hidden_at"] is None
    assert await journal() == []


async def test_a_newcomer_is_let_in_once():
    people = await everybody()
    marguerite = people.members["marguerite"].id
    assert "Marguerite Aubert" in words(await people.jeanne.get("/moderation"))
    for _ in range(2):
        await people.jeanne.post(f"/moderation/voisins/{marguerite}/presentation", {"raison": "Vue au marché"})
    assert [entry["verb"] for entry in await journal()] == ["vouch"]
    assert (await people.marguerite.get("/invitations")).status_code == 200


async def test_a_role_is_given_by_an_admin_with_a_reason():
    people = await everybody()
    karim = people.members["karim"].id
    path = f"/voisins/{karim}/role"
    assert (await people.jeanne.post(path, {"role": "moderator", "raison": "x"})).status_code == 404
    assert (await people.amelie.post(path, {"role": "moderator", "raison": ""})).status_code == 422
    assert (await people.amelie.post(path, {"role": "roi", "raison": "elle aide"})).status_code == 404
    await people.amelie.post(path, {"role": "moderator", "raison": "De garde cet hiver"})
    assert (await people.karim.get("/moderation")).status_code == 200
    assert (await Member.objects().get(Member.id == karim)).role == Role.MODERATOR


async def test_the_last_admin_stays():
    people = await everybody()
    amelie = people.members["amelie"].id
    answer = await people.amelie.post(f"/voisins/{amelie}/role", {"role": "resident", "raison": "Vacances"})
    assert "Il faut au moins un admin" in words(await people.amelie.get(answer.headers["location"]))
    assert (await people.amelie.get("/moderation")).status_code == 200
    assert await journal() == []


async def test_an_admin_replaces_a_card_and_closes_devices():
    people = await everybody()
    odette, phone = people.members["odette"], await browser_of(people.members["odette"])
    asked = await people.amelie.get(f"/voisins/{odette.id}/carte")
    assert "L’ancienne carte n’ouvrira plus" in words(asked)
    for spoilt in ("", "…", "123"):
        refused = await people.amelie.post(f"/voisins/{odette.id}/carte", {"raison": spoilt})
        assert refused.status_code == 422 and 'class="cle"' not in refused.text
    card = await people.amelie.post(f"/voisins/{odette.id}/carte", {"raison": "Carte perdue au marché"})
    assert f"remettez-la à {odette.name} en main propre" in words(card) and "L’ancienne n’ouvre plus" in words(card)
    assert "La carte d’Odette Berthier" in words(card)
    code = re.search(r'class="cle">([^<]+)<', card.text).group(1)
    await people.amelie.post(f"/voisins/{odette.id}/appareils/fermeture")
    assert (await phone.get("/")).status_code == 303
    assert (await phone.post("/entrer", {"code": code})).status_code == 303
    assert [entry["verb"] for entry in await journal()] == ["devices", "card"]


async def test_the_journal_is_sorted_by_gesture():
    people = await everybody()
    post = await put_up(people.members["odette"])
    await people.jeanne.post(f"/moderation/avis/{post}/masquer", {"raison": "Une fois"})
    await people.jeanne.post(f"/moderation/avis/{post}/montrer", {"raison": "Deux"})
    only = words(await people.jeanne.get("/moderation/journal?geste=show-post"))
    assert "« Deux »" in only and "« Une fois »" not in only
    assert "« Une fois »" in words(await people.jeanne.get("/moderation/journal?geste=rien"))


async def test_a_reply_is_hidden_from_its_own_page():
    people = await everybody()
    post = await put_up(people.members["odette"])
    reply = await Reply.write(post, people.members["karim"].id, "Trop fort")
    page = await people.jeanne.get(f"/avis/{post}")
    form = page.text[page.text.index(f"/moderation/reponses/{reply}/masquer") :]
    assert 'name="raison"' in form[: form.index("</form>")]
    assert (await people.jeanne.post(f"/moderation/reponses/{reply}/masquer", {"raison": "Ton"})).status_code == 303


async def test_a_withdrawn_case_says_so_and_leads_nowhere():
    people = await everybody()
    post = await put_up(people.members["odette"])
    await people.karim.post(f"/avis/{post}/signalement", {"raison": "Bof"})
    await people.odette.post(f"/avis/{post}/retrait")
    queue = await people.jeanne.get("/moderation")
    assert "Son auteur l’a déjà retiré" in words(queue) and f'href="/avis/{post}"' not in queue.text


async def test_an_admin_reads_how_to_reach_somebody_and_it_is_written_down():
    people = await everybody()
    karim = people.members["karim"]
    await Member.update({Member.phone: "04 65 71 20 08"}).where(Member.id == karim.id)
    assert (await people.jeanne.post(f"/voisins/{karim.id}/joindre")).status_code == 404
    assert "04 65 71 20 08" in words(await people.amelie.post(f"/voisins/{karim.id}/joindre"))
    assert [(entry["verb"], entry["member_name"]) for entry in await journal()] == [("contact", "Karim Benali")]


async def test_nobody_is_let_in_who_does_not_exist():
    people = await everybody()
    path = "/moderation/voisins/00000000-0000-7000-8000-000000000000/presentation"
    assert (await people.jeanne.post(path, {"raison": "x"})).status_code == 404


async def test_nobody_gets_a_list_of_people():
    people = await everybody()
    await Member.update({Member.phone: "04 65 71 20 08", Member.email: "o@exemple.fr"}, force=True)
    pages = ["/", "/moderation", "/moderation/journal", "/invitations", f"/voisins/{people.members['odette'].id}"]
    for path in pages:
        for browser in (people.amelie, people.jeanne, people.karim):
            text = (await browser.get(path)).text
            assert "04 65 71 20 08" not in text and "o@exemple.fr" not in text
    assert (await people.amelie.get("/voisins")).status_code == 404


async def test_the_queue_comes_in_pages_each_case_once():
    people = await everybody()
    odette, karim = people.members["odette"], people.members["karim"]
    for number in range(45):
        post = await put_up(odette, "tip", title=f"Signalé {number:02}")
        for member in (karim, people.members["marguerite"]):
            await Report.insert(Report(id=uuid7(), post=post, reply=None, member=member.id, reason="Non"))
        await neighbour(f"Venue {number:02}", Role.NEWCOMER)
    page, cases, door = await people.jeanne.get("/moderation"), [], []
    assert "Signalés, 45" in words(page) and "À la porte, 46" in words(page)
    assert len(page.content) < 60_000
    while True:
        cases += re.findall(r"« Signalé (\d\d)", words(page))
        if not (link := re.search(r'href="(/moderation\?cas=[^"#]+)"', page.text)):
            break
        page = await people.jeanne.get(html.unescape(link[1]))
    assert cases == [f"{number:02}" for number in range(45)]
    page = await people.jeanne.get("/moderation")
    while True:
        door += re.findall(r"Ouvrir la porte à Venue (\d\d)", words(page))
        if not (link := re.search(r'href="(/moderation\?[^"#]*porte=[^"#]+)#porte"', page.text)):
            break
        page = await people.jeanne.get(html.unescape(link[1]))
    assert door == [f"{number:02}" for number in range(45)]


async def test_a_thing_that_many_reported_is_one_case_with_its_first_reasons():
    people = await everybody()
    post = await put_up(people.members["odette"], "tip")
    for number in range(250):
        row = Report(id=uuid7(), post=post, reply=None, member=people.members["karim"].id, reason=f"Raison {number}")
        await Report.insert(row)
    page = await people.jeanne.get("/moderation")
    assert "Signalé par 250 voisins" in words(page) and "et 240 autres" in words(page)
    assert page.text.count("Raison ") == 10
