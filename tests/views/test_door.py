"""Founding, inviting, joining, cards, links, sessions: everything between outside and inside."""

import re
from datetime import timedelta

import pytest

from server.base import keys
from server.base.columns import now
from server.base.database import execute, read_now
from server.base.settings import settings
from server.people.invitation import Invitation
from server.people.key import Key
from server.people.member import Member, Role
from server.people.session import Session
from server.views.web.cookies import SESSION as COOKIE
from server.views.web.signing_in import device_name
from tests.support.door import invite
from tests.support.makers import set_clock
from tests.support.people import Browser, browser_of, everybody, words

pytestmark = pytest.mark.one_engine

FOUNDING = {
    "quartier": "Place des Pavillons", "ville": "Lyon 7e", "rues": "rue de Gerland\nrue Georges-Gouy\n\nrue de Gerland",
    "facade": "ciel", "contact": "Jeanne", "telephone": "04 65 71 20 11", "heures": "de 9 h à 19 h", "boite": "",
    "nom": "Cyril Monnet", "rue": "rue de Gerland",
}  # fmt: skip
JOINING = {"nom": "Marguerite", "rue": "rue des Lilas", "joindre": "", "cle": "cle-pour-entrer-0001"}


async def test_before_the_founding_everything_leads_to_a_waiting_page():
    browser = Browser()
    for path in ("/", "/entrer", "/chez-moi"):
        assert (await browser.get(path)).headers["location"] == "/bientot"
    assert "n’est pas encore ouvert" in words(await browser.get("/bientot"))


async def test_the_first_evening():
    browser, address = Browser(), f"/fondation/{keys.founding_token()}"
    assert "Comment s’appelle votre quartier" in words(await browser.get(address))
    assert (await browser.get("/fondation/AUTRE")).status_code == 404
    faulty = await browser.post(address, FOUNDING | {"etape": "1", "rues": " \n"})
    assert faulty.status_code == 422 and "une par ligne" in words(faulty)
    second = await browser.post(address, FOUNDING | {"etape": "1"})
    assert "Qui répond au téléphone" in words(second)
    assert (await browser.post(address, FOUNDING | {"etape": "2", "telephone": "04 65"})).status_code == 422
    third = await browser.post(address, FOUNDING | {"etape": "2"})
    assert "Et vous ?" in words(third) and third.text.count("<option") == 2
    back = await browser.post(address, FOUNDING | {"etape": "3", "revenir": "1"})
    assert 'value="04 65 71 20 11"' in back.text
    done = await browser.post(address, FOUNDING | {"etape": "3"})
    assert done.headers["location"] == "/chez-moi/carte"
    card = await browser.get("/chez-moi/carte")
    assert "Voici votre carte, Cyril Monnet" in words(card) and "Place des Pavillons" in words(card)
    admin = await Member.objects().first()
    assert (admin.role, admin.street) == (Role.ADMIN, "rue de Gerland")
    assert (await Browser().get(address)).status_code == 404
    assert (await Browser().post(address, FOUNDING | {"etape": "3"})).status_code == 404


async def test_a_last_step_alone_cannot_found_a_nameless_board():
    answer = await Browser().post(f"/fondation/{keys.founding_token()}", {"etape": "3", "nom": "X", "rue": "Y"})
    assert answer.status_code == 422 and await Member.count() == 0


async def test_an_invitation_lets_one_neighbour_in():
    people = await everybody()
    path = await invite(people)
    newcomer = Browser()
    assert "Odette Berthier vous ouvre la porte" in words(await newcomer.get(path))
    faulty = await newcomer.post(path, JOINING | {"nom": "", "joindre": "04 65"})
    assert faulty.status_code == 422 and 'value="04 65"' in faulty.text
    assert (await newcomer.post(path, JOINING)).headers["location"] == "/chez-moi/carte"
    member = await Member.objects().get(Member.name == "Marguerite")
    assert (member.role, member.invited_by) == (Role.NEWCOMER, people.members["odette"].id)
    assert (await newcomer.get("/")).status_code == 200
    used = await Browser().get(path)
    assert used.status_code == 410 and "Toutes ses places ont servi" in words(used)


async def test_a_repeated_entry_is_the_same_person():
    people = await everybody()
    path, before = await invite(people, "10"), await Member.count()
    for _ in range(3):
        again = Browser()
        await again.post(path, JOINING)
        assert "Marguerite" in words(await again.get("/chez-moi"))
    assert await Member.count() == before + 1
    assert (await Invitation.objects().first()).uses == 1


async def test_send_again_does_not_open_anybodys_door_later():
    people = await everybody()
    path = await invite(people, "10")
    newcomer = Browser()
    await newcomer.post(path, JOINING)
    await newcomer.post("/sortie")
    assert (await newcomer.post(path, JOINING)).status_code == 410
    assert (await newcomer.get("/")).headers["location"] == "/entrer"
    await Browser().post(path, JOINING | {"nom": "Zoé", "cle": "une-autre-cle-0003"})
    await execute("UPDATE receipt SET created_at = {}", now() - timedelta(minutes=11))
    assert (await Browser().post(path, JOINING | {"nom": "Zoé", "cle": "une-autre-cle-0003"})).status_code == 410


async def test_too_late_by_one_keeps_what_was_typed():
    people = await everybody()
    path = await invite(people)
    await Browser().post(path, JOINING)
    late = await Browser().post(path, JOINING | {"nom": "Zoé 🌻", "cle": "une-autre-cle-0002"})
    assert late.status_code == 410 and "Zoé 🌻" in words(late)
    assert await Member.objects().get(Member.name == "Zoé 🌻") is None


async def test_an_expired_and_a_revoked_invitation_say_so():
    people = await everybody()
    path = await invite(people)
    await execute("UPDATE invitation SET expires_at = {}", now() - timedelta(minutes=1))
    assert "arrivée à sa date" in words(await Browser().get(path))
    assert (await Browser().post(path, JOINING)).status_code == 410
    await execute("UPDATE invitation SET expires_at = {}", now() + timedelta(days=1))
    invitation = await Invitation.objects().first()
    assert (await people.karim.post(f"/invitations/{invitation.id}/annulation")).status_code == 404
    await people.odette.post(f"/invitations/{invitation.id}/annulation")
    assert "l’a annulée" in words(await Browser().get(path))
    assert (await Browser().get("/invitation/RIENDUTOUT")).status_code == 404


async def test_a_newcomer_does_not_invite():
    people = await everybody()
    assert (await people.marguerite.get("/invitations")).status_code == 403
    assert "/invitations" not in (await people.marguerite.get("/")).text


@pytest.mark.parametrize(("uses", "days"), [("3", "7"), ("1", "365"), ("beaucoup", "7"), ("-1", "7")])
async def test_only_the_offered_lengths_and_numbers(uses, days):
    people = await everybody()
    form = {"cle": "cle-d-invitation-01", "note": "x", "personnes": uses, "jours": days}
    assert (await people.odette.post("/invitations", form)).status_code == 422
    assert await Invitation.count() == 0


async def test_a_card_opens_by_its_code_and_by_its_square():
    people = await everybody()
    page = await people.karim.get("/chez-moi/carte")
    code = re.search(r'class="cle">([^<]+)<', page.text).group(1)
    assert re.fullmatch(r"([2-9A-HJKMNP-Z]{4} ){3}[2-9A-HJKMNP-Z]{4}", code)
    for typed in (code, code.lower(), code.replace(" ", ""), code.replace(" ", "-")):
        phone = Browser()
        assert (await phone.post("/entrer", {"code": typed})).headers["location"] == "/"
        assert "Karim Benali" in words(await phone.get("/chez-moi"))
    card = (await Key.card_of(people.members["karim"].id))["id"]
    square, phone = f"/cle/{keys.token_for('card', card)}", Browser()
    assert "Bonjour, Karim Benali" in words(await phone.get(square))
    assert COOKIE not in phone.http.cookies
    assert (await phone.post(square)).headers["location"] == "/"


async def test_a_new_card_cuts_the_old_one():
    people = await everybody()
    old = re.search(r'class="cle">([^<]+)<', (await people.karim.get("/chez-moi/carte")).text).group(1)
    await people.karim.post("/chez-moi/carte")
    new = re.search(r'class="cle">([^<]+)<', (await people.karim.get("/chez-moi/carte")).text).group(1)
    assert new != old
    assert (await Browser().post("/entrer", {"code": old})).status_code == 422
    assert (await Browser().post("/entrer", {"code": new})).status_code == 303


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "Tapez les seize signes"), ("K7QM", "il y en a 4"), ("K7QM 3XNB T9RW 5HDP", "n’ouvre pas"),
        ("🌻" * 16, "Tapez les seize signes"), ("é" * 16, "n’ouvre pas"),
    ],
)  # fmt: skip
async def test_a_wrong_code_keeps_what_was_typed(code, sentence):
    await everybody()
    response = await Browser().post("/entrer", {"code": code})
    assert response.status_code == 422 and sentence in words(response)
    assert f'value="{code}"' in response.text


async def test_a_link_opens_once_and_a_look_uses_nothing():
    people = await everybody()
    path = f"/cle/{await Key.new_link(people.members['odette'].id)}"
    for _ in range(3):
        assert (await Browser().get(path)).status_code == 200
    assert (await Browser().post(path)).status_code == 303
    gone = await Browser().post(path)
    assert gone.status_code == 404 and "n’ouvre plus" in words(gone)
    old = f"/cle/{await Key.new_link(people.members['odette'].id, timedelta(seconds=-1))}"
    assert (await Browser().post(old)).status_code == 404


async def test_sign_out_closes_this_device_only():
    people = await everybody()
    phone = await browser_of(people.members["karim"])
    out = await people.karim.post("/sortie")
    assert out.headers["location"] == "/entrer" and "storage" in out.headers["clear-site-data"]
    gone = next(c for c in out.headers.get_list("set-cookie") if c.startswith(COOKIE))
    assert {"Secure", "Max-Age=0"} <= set(gone.split("; "))
    assert (await people.karim.get("/")).headers["location"] == "/entrer"
    assert (await phone.get("/")).status_code == 200


async def test_a_device_is_closed_from_another_one_at_the_next_request():
    people = await everybody()
    phone = await browser_of(people.members["karim"])
    page = await people.karim.get("/chez-moi")
    session = re.search(r"/chez-moi/appareils/([\w-]+)/fermeture", page.text).group(1)
    for answer in ({}, {"perdu": "non"}, {"perdu": "oui"}):
        assert (await people.odette.post(f"/chez-moi/appareils/{session}/fermeture", answer)).status_code == 404
    assert (await people.karim.post(f"/chez-moi/appareils/{session}/fermeture", {"perdu": "non"})).status_code == 303
    assert (await phone.get("/")).headers["location"] == "/entrer"


async def test_the_database_holds_only_hashes():
    people = await everybody()
    await people.karim.get("/chez-moi/carte")
    path = await invite(people)
    token = people.karim.http.cookies[COOKIE]
    stored = str([await read_now(f"SELECT * FROM {table}") for table in ("session", "door_key", "invitation")])
    card = (await Key.card_of(people.members["karim"].id))["id"]
    for secret in (token, path.rsplit("/", 1)[1], keys.code_for(card), keys.token_for("card", card)):
        assert secret not in stored
    assert keys.digest(token) in stored


async def test_the_cookie_is_a_host_cookie():
    people = await everybody()
    path = f"/cle/{await Key.new_link(people.members['odette'].id)}"
    cookie = next(c for c in (await Browser().post(path)).headers.get_list("set-cookie") if c.startswith(COOKIE))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; ")) and "Domain" not in cookie


async def test_guessing_is_slowed_down():
    await everybody()
    guesser = Browser("203.0.113.9")
    answers = [(await guesser.post("/entrer", {"code": "K7QM3XNBT9RW5HDP"})).status_code for _ in range(25)]
    assert answers.count(429) == 25 - settings.attempts
    assert "Doucement" in words(await guesser.post("/entrer", {"code": "x"}))
    assert (await Browser("203.0.113.10").post("/entrer", {"code": "x"})).status_code == 422
    assert (await guesser.get("/entrer")).status_code == 200


async def test_plain_http_elsewhere_is_explained():
    await everybody()
    browser = Browser()
    for base, warned in (("http://192.0.2.7:8000", True), ("http://localhost:8000", False), ("https://p.test", False)):
        page = await browser.get(f"{base}/entrer")
        assert ("Cette adresse n’est pas protégée" in words(page)) is warned


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/150 Mobile Safari/537", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604", "Safari, iPhone"),
        ("", ""),
        ("curl/8 <script>", "curl 8 script"),
    ],
)
def test_devices_have_plain_names(agent, name):
    assert device_name(agent) == name


async def test_an_idle_session_ends_and_one_that_is_used_slides(monkeypatch):
    people, begin = await everybody(), now()
    for week in range(1, 120):
        set_clock(monkeypatch, begin + timedelta(weeks=week))
        seen = await people.karim.get("/chez-moi")
        assert seen.status_code == 200, week
        renewed = next(c for c in seen.headers.get_list("set-cookie") if c.startswith(COOKIE))
        assert {f"Max-Age={400 * 24 * 3600}", "Secure", "HttpOnly"} <= set(renewed.split("; "))
    assert not [c for c in (await people.karim.get("/")).headers.get_list("set-cookie") if c.startswith(COOKIE)]
    await Session.forget()
    set_clock(monkeypatch, begin + timedelta(weeks=119, days=182))
    out = await people.karim.post("/sortie")
    assert [c for c in out.headers.get_list("set-cookie") if c.startswith(COOKIE) and "Max-Age=0" in c]
    assert len([c for c in out.headers.get_list("set-cookie") if c.startswith(COOKIE)]) == 1
    karim = await browser_of(people.members["karim"])
    set_clock(monkeypatch, begin + timedelta(weeks=119, days=182 + 184))
    assert (await karim.get("/")).headers["location"] == "/entrer"
    await Session.forget()
    assert not await Session.count()


async def test_what_opens_a_door_is_kept_by_no_cache():
    people = await everybody()
    path = await invite(people)
    for browser, address in ((people.karim, "/chez-moi/carte"), (people.odette, "/invitations"), (Browser(), path)):
        headers = (await browser.get(address)).headers
        assert headers.get_list("cache-control") == ["private, no-store"]
        assert headers["referrer-policy"] == "strict-origin"
