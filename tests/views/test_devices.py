"""Devices, cards and tries: who comes in with what, who hears of it, and what a new card closes."""

import asyncio
import re

import pytest

from server.base import keys
from server.base.database import query
from server.base.settings import settings
from server.news.told import Notice
from server.people.key import Key
from server.people.member import Member, Role
from server.people.session import Session
from tests.support.people import Browser, Neighbours, browser_of, everybody, words

WRONG = "K7QM3XNBT9RW5HDP"


async def card_of(people: Neighbours, who: str = "karim") -> tuple[str, str]:
    """The path of somebody's card, and its typed code."""
    card = (await Key.card_of(people.members[who].id)) or {"id": await Key.new_card(people.members[who].id)}
    return f"/cle/{keys.token_for('card', card['id'])}", keys.code_for(card["id"])


async def enter(path: str) -> Browser:
    """A browser that came in by this path."""
    browser = Browser()
    assert (await browser.post(path)).status_code == 303
    return browser


async def is_in(browser: Browser) -> bool:
    """Whether this browser is signed in."""
    return (await browser.get("/chez-moi")).status_code == 200


async def own_key_of(browser: Browser) -> str:
    """The path of a key for one's other screen, made here."""
    assert (await browser.post("/chez-moi/autre-ecran")).status_code == 303
    code = re.search(r'class="cle"[^>]*>([^<]+)<', (await browser.get("/chez-moi/autre-ecran")).text).group(1)
    return code


async def test_a_new_card_closes_what_the_old_one_opened():
    people = await everybody()
    path, code = await card_of(people)
    thief, typed = await enter(path), Browser()
    assert (await typed.post("/entrer", {"code": code})).status_code == 303
    further = Browser()
    assert (await further.post("/entrer", {"code": await own_key_of(thief)})).status_code == 303
    waiting = await own_key_of(thief)
    assert all([await is_in(one) for one in (thief, typed, further)])
    await people.karim.post("/chez-moi/carte")
    assert [await is_in(one) for one in (thief, typed, further)] == [False] * 3
    # What the thief prepared opens no more, and the device in which the card was made stays.
    assert (await Browser().post("/entrer", {"code": waiting})).status_code == 422
    assert await is_in(people.karim)


async def test_the_device_in_which_the_card_is_made_anew_stays_and_is_the_new_card_s():
    people = await everybody()
    path, _ = await card_of(people)
    phone, tablet = await enter(path), await enter(path)
    await phone.post("/chez-moi/carte")
    assert await is_in(phone) and not await is_in(tablet)
    await people.amelie.post(f"/voisins/{people.members['karim'].id}/carte", {"raison": "Carte perdue"})
    assert not await is_in(phone)


async def test_nobody_comes_in_with_a_card_at_the_moment_it_is_replaced():
    people = await everybody()
    karim = people.members["karim"].id
    for _ in range(5):
        path, _ = await card_of(people)
        browser = Browser()
        await asyncio.gather(browser.post(path), Key.new_card(karim))
        assert not await is_in(browser)


async def test_closing_a_device_asks_whether_it_is_lost():
    people = await everybody()
    path, _ = await card_of(people)
    phone = await enter(path)
    session = str((await Session.of(people.members["karim"].id))[0]["id"])
    where = f"/chez-moi/appareils/{session}/fermeture"
    assert "perdu ou volé" in words(await people.karim.get(where))
    assert "perdu ou volé" in words(await people.karim.post(where)) and await is_in(phone)
    assert (await people.odette.get(where)).status_code == 404
    await people.karim.post(where, {"perdu": "non"})
    assert not await is_in(phone)
    phone = await enter(path)
    session = str((await Session.of(people.members["karim"].id))[0]["id"])
    lost = await people.karim.post(f"/chez-moi/appareils/{session}/fermeture", {"perdu": "oui"})
    assert lost.headers["location"] == "/chez-moi/carte" and not await is_in(phone)
    assert (await Browser().post(path)).status_code == 404
    shown = await people.karim.get("/chez-moi/carte")
    assert "Voici votre carte" in words(shown)
    assert (await people.karim.post(f"/chez-moi/appareils/{session}/fermeture", {"perdu": "oui"})).status_code == 404
    assert keys.in_groups((await card_of(people))[1]) in shown.text


async def test_the_owner_hears_of_a_new_device_and_the_device_does_not():
    people = await everybody()
    path, _ = await card_of(people)
    thief = Browser()
    thief.http.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/150 Mobile Safari/537"
    await thief.post(path)
    said = "Chrome, Android vient d’entrer chez vous"
    assert said not in words(await thief.get("/nouvelles"))
    # Nor can it make the others not see it.
    await thief.post("/nouvelles/lues")
    page = await people.karim.get("/nouvelles")
    assert said in words(page) and "/chez-moi#appareils" in page.text and "data-nouveau" in page.text
    await people.karim.post("/nouvelles/lues")
    assert "data-nouveau" not in (await people.karim.get("/nouvelles")).text


async def test_one_s_own_second_screen_is_no_alarm(monkeypatch):
    people, spread = await everybody(), []

    async def note(what, told, *rest, **more):
        spread.append(what)

    monkeypatch.setattr("server.news.told.Alert.spread", note)
    assert (await Browser().post("/entrer", {"code": await own_key_of(people.karim)})).status_code == 303
    assert [one["what"] for one in await Notice.of(people.members["karim"].id)] == ["own-device"] and not spread
    await enter((await card_of(people))[0])
    assert spread == ["new-device"]


@pytest.mark.parametrize("demoted", [Role.NEWCOMER, None])
async def test_invitations_of_who_was_put_back_open_no_door(demoted):
    people = await everybody()
    form = {"cle": "une-cle-pour-inviter-1", "note": "", "personnes": "10", "jours": "7"}
    page = await people.odette.get((await people.odette.post("/invitations", form)).headers["location"])
    path = re.search(r'data-address="https://palier.test([^"]+)"', page.text).group(1)
    if demoted:
        form = {"role": demoted.value, "raison": "Elle invite des inconnus"}
        await people.amelie.post(f"/voisins/{people.members['odette'].id}/role", form)
    joining = {"nom": "Marguerite", "rue": "rue des Lilas", "joindre": "", "cle": "cle-pour-entrer-0001"}
    before = await Member.count()
    joined = await Browser().post(path, joining)
    assert (joined.status_code, await Member.count() - before) == ((410, 0) if demoted else (303, 1))
    looked = await Browser().get(path)
    assert looked.status_code == (410 if demoted else 200)
    if demoted:
        assert "ne peut plus inviter" in words(looked) and "Marguerite" in words(joined)
        uses = await query("SELECT uses FROM invitation")
        assert [row["uses"] for row in uses] == [0]


async def test_a_hall_on_one_network_is_not_kept_out_by_one_person_s_guesses():
    people = await everybody()
    path, code = await card_of(people)
    guesser = Browser("203.0.113.61")
    answers = [await guesser.post("/entrer", {"code": WRONG}) for _ in range(settings.attempts + 5)]
    assert [one.status_code for one in answers] == [422] * settings.attempts + [429] * 5
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 61
    for _ in range(settings.attempts + 5):
        neighbour = Browser("203.0.113.61")
        assert (await neighbour.post(path)).status_code == 303
        assert (await neighbour.post("/entrer", {"code": code})).status_code == 303
    form = {"cle": "une-cle-pour-inviter-1", "note": "", "personnes": "10", "jours": "7"}
    page = await people.odette.get((await people.odette.post("/invitations", form)).headers["location"])
    invitation = re.search(r'data-address="https://palier.test([^"]+)"', page.text).group(1)
    for number, name in enumerate(("Noé", "Ana", "Zoé", "Luc", "Ugo", "Éva", "Tom", "Mia", "Sam", "Iris")):
        joining = {"nom": name, "rue": "rue des Lilas", "cle": f"cle-pour-entrer-{number:04}"}
        assert (await Browser("203.0.113.61").post(invitation, joining)).status_code == 303
    # An eleventh finds a real invitation: no guess. A made-up one is.
    assert (await Browser("203.0.113.61").post(invitation, joining)).status_code in (303, 410)
    assert (await guesser.post("/invitation/AUTRE", joining)).status_code == 429
    assert (await guesser.post("/cle/AUTRE")).status_code == 429


async def test_whoever_comes_in_is_not_counted_as_a_try():
    people = await everybody()
    path, _ = await card_of(people)
    for _ in range(settings.attempts + 5):
        assert (await Browser("203.0.113.62").post(path)).status_code == 303
    await browser_of(people.members["karim"])
    assert (await Browser("203.0.113.62").post("/entrer", {"code": WRONG})).status_code == 422
