"""Chez moi: one's name, reading with ease, languages, and what an error page says."""

import re
import sqlite3

import pytest

from server.people.member import Member
from tests.support.makers import put_up
from tests.support.people import Browser, everybody, words

pytestmark = pytest.mark.one_engine


async def test_a_new_name_is_everywhere_at_once():
    people = await everybody()
    await put_up(people.members["odette"])
    form = {"nom": "Odette B.", "rue": "place du Marché", "joindre": "odette@exemple.fr"}
    assert (await people.odette.post("/chez-moi/nom", form)).status_code == 303
    assert re.search("Odette B. A changé de nom,? place du Marché", page := words(await people.karim.get("/"))), page
    me = await Member.objects().get(Member.id == people.members["odette"].id)
    assert (me.phone, me.email) == (None, "odette@exemple.fr")
    assert "odette@exemple.fr" in (await people.odette.get("/chez-moi")).text
    faulty = await people.odette.post("/chez-moi/nom", {"nom": "", "rue": "ailleurs", "joindre": "04"})
    assert faulty.status_code == 422 and "Choisissez votre rue" in words(faulty)


async def test_text_size_is_remembered_inside_and_before_the_door():
    people = await everybody()
    answer = await people.karim.post("/lire/taille", {"taille": "3", "retour": "/avis/x?a=1"})
    assert answer.headers["location"] == "/avis/x?a=1"
    assert 'value="3" checked' in (await people.karim.get("/")).text
    stranger = Browser()
    await stranger.post("/lire/taille", {"taille": "2"})
    assert 'value="2" checked' in (await stranger.get("/entrer")).text
    for spoilt in ("9", "x", "", "²", "٢", "0123", "1" * 400):
        assert (await stranger.post("/lire/taille", {"taille": spoilt})).status_code == 303
    assert 'value="1" checked' in (await stranger.get("/entrer")).text
    for away in ("//ailleurs.test", "/\\ailleurs.test", "https://ailleurs.test", "\r\nX: y"):
        back = (await stranger.post("/lire/taille", {"taille": "1", "retour": away})).headers["location"]
        assert back.startswith("/") and not back.startswith(("//", "/\\")) and "\n" not in back


async def test_reading_choices_are_kept_and_spoilt_ones_ignored():
    people = await everybody()
    await people.karim.post("/chez-moi/lire", {"facade": "ciel", "theme": "jour", "langue": "en"})
    page = (await people.karim.get("/")).text
    assert '<html lang="en" data-facade="ciel" data-theme="jour">' in page
    assert "Write" in page and "Écrire" not in page
    await people.karim.post("/chez-moi/lire", {"facade": "noir", "theme": "x", "langue": "de"})
    assert '<html lang="en" data-facade="ciel" data-theme="jour">' in (await people.karim.get("/")).text


async def test_the_browser_chooses_the_language_of_a_stranger():
    await everybody()
    for header, lang in (("en-GB", "en"), ("fr", "fr"), ("de", "fr")):
        assert f'lang="{lang}"' in (await Browser().get("/entrer", headers={"Accept-Language": header})).text


@pytest.mark.parametrize(
    "path",
    [
        "/rien", "/avis/pas-un-id", "/avis/00000000-0000-0000-0000-000000000000", "/ecrire/potager",
        "/avis/99999999999999999999999999999999999999", "/voisins/00000000-0000-7000-8000-000000000000",
        "/static/x/rien.css", "/static/x/../../server/base/keys.py", "/%00", "/avis/%00", "/moderation/journal?avant=x",
    ],
)  # fmt: skip
async def test_what_does_not_exist_is_said_in_french(path):
    people = await everybody()
    response = await people.amelie.get(path)
    assert response.status_code in (400, 404)
    assert any(word in words(response) for word in ("Cette porte n’existe pas", "Nous n’avons pas pu lire"))


async def test_a_method_that_does_not_exist_is_said_in_french():
    people = await everybody()
    response = await people.karim.http.request("DELETE", "/chez-moi")
    assert response.status_code == 405 and "Cette porte n’existe pas" in words(response)
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/chez-moi"), ("GET", "/avis/pas-un-id"), ("GET", "/rien")])
async def test_what_does_not_exist_is_said_on_the_page_of_who_asks(method, path):
    people = await everybody()
    met = await people.karim.http.request(method, path)
    assert met.headers["palier-reader"] == (await people.karim.get("/")).headers["palier-reader"]
    stranger = await Browser().http.request(method, path)
    assert stranger.headers["palier-reader"] == "nobody"


BODIES = [
    (b"reponse=" + b"x" * 10_000_000, "application/x-www-form-urlencoded", 413),
    (b"reponse=" + b"%C3%A9" * 20_000, "application/x-www-form-urlencoded", 413),
    (b"reponse=%ff%fe", "application/x-www-form-urlencoded", 400),
    (b"reponse=\xff", "application/x-www-form-urlencoded", 400),
    (b"reponse=a%00b", "application/x-www-form-urlencoded", 400),
    (b"&".join(b"a%d=1" % n for n in range(200)), "application/x-www-form-urlencoded", 400),
    (b'{"reponse": "x"}', "application/json", 400),
    (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 400),
    (b"reponse=x", "application/x-www-form-urlencoded", 400),  # without the form's key
    (b"reponse=x&cle=" + b"x" * 65, "application/x-www-form-urlencoded", 400),
    (b"reponse=x&cle=../../../../etc/passwd", "application/x-www-form-urlencoded", 400),
]


@pytest.mark.parametrize(("body", "kind", "status"), BODIES, ids=range(len(BODIES)))
async def test_unreadable_bodies_get_a_sentence(body, kind, status):
    people = await everybody()
    post = await put_up(people.members["odette"])
    for headers in ({}, {"HX-Request-Type": "partial"}):
        response = await people.karim.post(
            f"/avis/{post}/reponses", content=body, headers={"Content-Type": kind, **headers}
        )
        assert response.status_code == status
        assert "votre texte y est encore" in words(response)
        # For htmx the sentence goes above the page, which stays as it is with what was typed.
        assert response.headers.get("hx-retarget") == ("#mots" if headers else None)


async def test_an_htmx_request_of_a_stranger_leads_the_page_to_the_door():
    await everybody()
    answer = await Browser().fragment("/")
    assert answer.headers["hx-redirect"] == "/entrer"


async def test_on_a_full_disk_one_reads_and_is_told_why_one_cannot_write(monkeypatch):
    people = await everybody()
    post = await put_up(people.members["odette"])

    async def full(*arguments, **options):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("server.people.session.execute", full)
    monkeypatch.setattr("server.people.member.execute", full)
    monkeypatch.setattr("server.posts.reaction.execute", full)
    assert (await people.karim.get("/")).status_code == 200
    refused = await people.karim.post(f"/avis/{post}/merci")
    assert refused.status_code == 507 and "Il n’y a plus de place pour écrire" in words(refused)
    monkeypatch.undo()
    assert (await people.karim.post(f"/avis/{post}/merci")).status_code == 303


async def test_what_does_not_exist_still_knows_who_asks():
    people = await everybody()
    await people.karim.post("/chez-moi/lire", {"langue": "en"})
    page = await people.karim.get("/nowhere/at/all")
    assert page.status_code == 404 and 'lang="en"' in page.text and "Chez moi" not in page.text
    assert 'class="nav"' in page.text


@pytest.mark.parametrize("host", ["a:b:c", "localhost:999999", "x" * 5000, "a b", "[::1", "evil.test/x", ""])
async def test_a_host_that_is_no_name_is_refused(host):
    people = await everybody()
    for path in ("/", "/chez-moi/carte", "/invitations"):
        response = await people.odette.get(path, headers={"Host": host})
        assert response.status_code == 400 and "content-security-policy" in response.headers


@pytest.mark.parametrize("word", ["[" * 3000, "%5B%22posted%22%2C%22x%22%5D", "%ED%A0%80", "x", "[1,2]"])
async def test_a_spoilt_flash_says_nothing(word):
    people = await everybody()
    people.karim.http.cookies.set("__Host-mot", word, domain="palier.test")
    page = await people.karim.get("/")
    assert page.status_code == 200 and "toast" not in page.text


async def test_a_flash_is_said_once_and_its_cookie_goes():
    people = await everybody()
    await people.karim.post("/chez-moi/lire", {"theme": "jour"})
    first = await people.karim.get("/chez-moi")
    assert "C’est gardé" in words(first)
    gone = next(c for c in first.headers.get_list("set-cookie") if c.startswith("__Host-mot"))
    assert {"Secure", "Path=/", "Max-Age=0"} <= set(gone.split("; "))


async def test_an_endless_body_is_cut_off():
    people = await everybody()

    async def endless():
        for _ in range(1000):
            yield b"x" * 100_000

    response = await people.stranger.http.post(
        "/lire/taille", content=endless(), headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert response.status_code == 413


async def test_saving_a_colour_does_not_pin_the_language():
    people = await everybody()
    await people.karim.post("/chez-moi/lire", {"facade": "ciel", "langue": "fr"})
    assert (await Member.objects().get(Member.id == people.members["karim"].id)).language is None
