"""My alerts through the door: choices, this device, a trial; a moderator's hand on an alert; who reads what."""

import re
from dataclasses import replace
from datetime import datetime

import pytest

from server.base.audit_log import journal
from server.base.columns import now
from server.base.database import execute, query
from server.base.quiet_hours import Quiet
from server.base.settings import Smtp, settings
from server.help.alarm import OVER, Alarm
from server.news.alert_choice import AlertChoice
from server.news.subscription import ALIVE
from server.news.told import Notice
from server.sending.push import endpoint
from server.views.people import alerts
from server.views.post import alert_page
from tests.support.alert_pages import GOOD, KEYS, devices
from tests.support.alert_people import ask, deliver, street, volunteer
from tests.support.help_forms import ASK, ASKED
from tests.support.help_people import CANARIES
from tests.support.makers import NOON, set_clock
from tests.support.people import browser_of, everybody, words

pytestmark = pytest.mark.one_engine


async def test_a_device_says_that_it_rings_and_that_it_does_no_more():
    people = await everybody()
    for _ in range(2):
        assert (await people.karim.post("/alertes/appareil", GOOD)).status_code == 204
    (device,) = await devices()
    assert device["endpoint"] == GOOD["endpoint"]
    page = await people.karim.get("/chez-moi")
    assert "Faites l’essai" in words(page) and "Alertes : pas encore d’essai" in words(page)
    assert GOOD["endpoint"] not in page.text
    assert (await people.karim.post("/alertes/appareil/coupure")).headers["location"] == "/chez-moi#alertes"
    assert await devices() == []


@pytest.mark.parametrize(
    "form",
    [
        {},
        KEYS,
        GOOD | {"endpoint": "https://127.0.0.1/x"},
        GOOD | {"endpoint": "http://fcm.googleapis.com/x"},
        GOOD | {"endpoint": "https://fcm.googleapis.com.evil.example/x"},
        GOOD | {"endpoint": "https://fcm.googleapis.com/" + "x" * 2000},
        GOOD | {"endpoint": ""},
        GOOD | {"p256dh": "x"},
        GOOD | {"p256dh": "B" + "A" * 86},
        GOOD | {"auth": ""},
        GOOD | {"auth": "é" * 16},
    ],
)
async def test_what_no_browser_would_send_is_refused_and_changes_nothing(form):
    people = await everybody()
    assert (await people.karim.post("/alertes/appareil", form)).status_code == 400
    assert await devices() == []


async def test_nul_is_refused_and_strangers_are_shown_the_door():
    people = await everybody()
    assert (await people.karim.post("/alertes/appareil", GOOD | {"auth": "\0"})).status_code == 400
    for path in ("/alertes/appareil", "/alertes/essai", "/chez-moi/alertes", "/alertes/appareil/coupure"):
        assert (await people.stranger.post(path, GOOD)).headers["location"] == "/entrer", path
    assert await devices() == []


async def test_signing_out_ends_the_alerts_of_that_device_only():
    people = await everybody()
    karim = people.members["karim"]
    other = await browser_of(karim)
    await people.karim.post("/alertes/appareil", GOOD)
    await other.post("/alertes/appareil", GOOD | {"endpoint": "https://fcm.googleapis.com/fcm/send/other"})
    assert len(await devices()) == 2
    await people.karim.post("/sortie")
    (left,) = await devices()
    assert left["endpoint"].endswith("other")


async def test_the_next_person_on_a_device_gets_it_for_themselves():
    people = await everybody()
    await people.karim.post("/alertes/appareil", GOOD)
    await people.odette.post("/alertes/appareil", GOOD)
    (device,) = await devices()
    assert str(device["member"]) == str(people.members["odette"].id)


async def test_choices_are_kept_and_unknown_ones_read_as_the_usual():
    people = await everybody()
    odette = people.members["odette"].id
    kept = await people.odette.post("/chez-moi/alertes", {"dire": "daily", "calme": "oui", "de": "22", "a": "7"})
    assert kept.headers["location"] == "/chez-moi#alertes"
    row = await AlertChoice.of(odette)
    assert (row["what"], row["quiet_from"], row["quiet_until"]) == ("daily", 22, 7)
    page = (await people.odette.get("/chez-moi")).text
    assert re.search(r'value="daily" checked', page) and re.search(r'value="22" selected', page)
    await people.odette.post("/chez-moi/alertes", {"dire": "tout", "de": "25", "a": "minuit"})
    row = await AlertChoice.of(odette)
    assert (row["what"], row["quiet_from"], row["quiet_until"]) == ("mine", 21, 8)
    await people.odette.post("/chez-moi/alertes", {"dire": "urgent", "calme": "non", "de": "22", "a": "7"})
    row = await AlertChoice.of(odette)
    assert Quiet(row["quiet_from"], row["quiet_until"]).ends(row["changed_at"]) is None


async def test_a_board_without_email_does_not_ask_for_an_address():
    people = await everybody()
    assert 'name="courriel"' not in (await people.odette.get("/chez-moi")).text
    await people.odette.post("/chez-moi/alertes", {"courriel": "odette@exemple.fr", "lettre": "day"})
    assert (await AlertChoice.of(people.members["odette"].id))["mail"] is None


@pytest.fixture
def with_mail(monkeypatch):
    """A board that sends email."""
    for module in (alerts, alert_page):
        monkeypatch.setattr(module, "settings", replace(settings, smtp=Smtp("127.0.0.1", 1, tls=False)))


async def test_an_address_is_asked_whether_it_is_theirs(with_mail):
    people = await everybody()
    odette = people.members["odette"].id
    form = {"dire": "mine", "courriel": "odette@exemple.fr", "lettre": "week", "urgences": "oui"}
    await people.odette.post("/chez-moi/alertes", form)
    row = await AlertChoice.of(odette)
    assert (row["mail"], row["mail_digest"], bool(row["mail_urgent"])) == ("odette@exemple.fr", "week", True)
    assert row["mail_confirmed_at"] is None
    page = await people.odette.get("/chez-moi")
    assert "Un courriel vous demande" in words(page) and "On attend votre" in words(page)
    # It is not asked for again and again, and nobody is told who has which address.
    for _ in range(5):
        await people.odette.post("/chez-moi/alertes", form)
    assert len(await query("SELECT id FROM notice WHERE what = 'mail-check'")) == 3
    await AlertChoice.confirm(odette, "odette@exemple.fr")
    await people.odette.post("/chez-moi/alertes", form | {"lettre": "day"})
    assert (await AlertChoice.of(odette))["mail_confirmed_at"] is not None
    await people.odette.post("/chez-moi/alertes", form | {"courriel": "autre@exemple.fr"})
    assert (await AlertChoice.of(odette))["mail_confirmed_at"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        "", "odette", "odette@", "@exemple.fr", "a b@exemple.fr", "x" * 200 + "@exemple.fr",
        "o..b@exemple.fr", ".o@exemple.fr", "odette.@exemple.fr",
    ],
)  # fmt: skip
async def test_an_address_that_is_none_is_explained_and_nothing_is_lost(with_mail, wrong):
    people = await everybody()
    form = {"dire": "urgent", "courriel": wrong, "lettre": "week", "de": "23"}
    refused = await people.odette.post("/chez-moi/alertes", form)
    assert refused.status_code == 422 and ("adresse de courriel" in words(refused))
    assert 'value="urgent" checked' in refused.text and 'value="23" selected' in refused.text
    assert await AlertChoice.of(people.members["odette"].id) is None


async def test_a_trial_goes_all_the_way_and_only_its_device_may_say_so(monkeypatch):
    async with street(monkeypatch) as (service, courier):
        await execute("DELETE FROM quartier")
        people = await everybody()
        assert (await people.karim.post("/alertes/essai")).status_code == 404
        monkeypatch.setattr(endpoint, "settings", replace(settings, push_origin=service.origin))
        await people.karim.post("/alertes/appareil", service.subscribe())
        number = (await people.karim.post("/alertes/essai")).text
        path = f"/alertes/essai/{number}"
        assert (await people.karim.get(path)).text == "waiting"
        await deliver(courier)
        assert (await people.karim.get(path)).text == "sent"
        for other in (people.odette, people.stranger, await browser_of(people.members["karim"])):
            assert (await other.post(path)).status_code in (303, 404)
        assert (await people.odette.get(path)).status_code == 404
        assert (await people.karim.post(path)).status_code == 204
        assert (await people.karim.get(path)).text == "heard"
        assert "Cet appareil sonne bien" in words(await people.karim.get("/chez-moi"))
        # Twenty an hour are enough to find out why it does not ring.
        answers = [(await people.karim.post("/alertes/essai")).status_code for _ in range(20)]
        assert answers == [200] * 19 + [429]
        # It is no news: the bell shows nothing of it.
        assert await Notice.of(people.members["karim"].id) == []


async def test_who_asked_and_who_watches_see_whom_it_reached_and_nobody_else(monkeypatch):
    set_clock(monkeypatch, NOON)
    async with street(monkeypatch) as (service, courier):
        await execute("DELETE FROM quartier")
        people = await everybody()
        helper = await volunteer("Lucien Ferrand", service)
        post = await ask(people.members["odette"])
        await deliver(courier)
        # What a device fetches by itself is not "seen".
        lucien = await browser_of(helper)
        await lucien.get(f"/avis/{post}", headers={"Palier-Shelf": "fetch"})
        await lucien.get(f"/avis/{post}", headers={"Sec-Purpose": "prefetch;prerender"})
        assert "vu par" not in words(await people.odette.get(f"/avis/{post}"))
        await lucien.get(f"/avis/{post}")
        for who in ("odette", "jeanne", "amelie"):
            assert "Prévenus : 1, vu par Lucien Ferrand" in words(await people.browsers[who].get(f"/avis/{post}")), who
        for who in ("karim", "marguerite"):
            assert "Prévenus" not in words(await people.browsers[who].get(f"/avis/{post}")), who


async def test_a_moderator_stops_and_lets_go_and_it_is_in_the_journal():
    people = await everybody()
    posts = [await ask(people.members["odette"]) for _ in range(settings.alarms + 1)]
    held, running = posts[-1], posts[0]
    page = await people.odette.get(f"/avis/{held}")
    assert "L’alerte n’est pas encore partie" in words(page) and "alerte/depart" not in page.text
    assert "Son alerte attend votre accord" in words(await people.jeanne.get("/moderation"))
    for path in (f"/avis/{held}/alerte/depart", f"/avis/{running}/alerte/arret"):
        for who in ("odette", "karim", "marguerite"):
            assert (await people.browsers[who].post(path)).status_code == 404
    empty = await people.jeanne.post(f"/avis/{running}/alerte/arret", {"raison": "\u200b "})
    assert empty.status_code == 422 and "Arrêter l’alerte de « Du pain »" in words(empty)
    assert (await Alarm.of(running))["stopped_at"] is None
    for path in (f"/avis/{held}/alerte/depart", f"/avis/{running}/alerte/arret"):
        for _ in range(2):
            answer = await people.jeanne.post(path, {"raison": "Déjà livré"})
            assert answer.headers["location"] == path.rpartition("/alerte")[0]
    assert [(entry["verb"], entry["reason"]) for entry in await journal()] == [
        ("stop-alert", "Déjà livré"), ("let-alert", None)
    ]  # fmt: skip
    assert (await Alarm.of(held))["held_at"] is None and (await Alarm.of(running))["stopped_at"] is not None
    assert "Alerte arrêtée" in words(await people.odette.get(f"/avis/{running}"))
    assert (await people.jeanne.post("/avis/01234567-89ab-7def-8000-000000000000/alerte/arret")).status_code == 404


async def test_the_admins_call_and_tick_it(monkeypatch):
    people = await everybody()
    post = await ask(people.members["odette"])
    page = await people.amelie.get(f"/avis/{post}")
    assert "Personne encore : appelez" not in words(page)
    await Alarm.go_on(post, OVER, None)
    page = await people.amelie.get(f"/avis/{post}")
    assert "Personne encore : appelez" in words(page)
    assert "Personne encore, depuis" in words(await people.amelie.get("/moderation"))
    for who in ("jeanne", "karim", "odette", "marguerite"):
        assert (await people.browsers[who].post(f"/avis/{post}/alerte/appel")).status_code == 404, who
    for _ in range(2):
        assert (await people.amelie.post(f"/avis/{post}/alerte/appel")).status_code == 303
    # Who asks knows it too, whoever picked the telephone up.
    for who in ("amelie", "odette", "jeanne"):
        assert "Amélie Roche a appelé" in words(await people.browsers[who].get(f"/avis/{post}")), who
    for who in ("karim", "marguerite"):
        assert "a appelé" not in words(await people.browsers[who].get(f"/avis/{post}")), who
    assert [entry["verb"] for entry in await journal()] == ["called"]
    # How to reach who asks is behind the door, with a reason that they see.
    opened = await people.amelie.post(f"/avis/{post}/lecture", {"raison-lecture": "Personne n’est venu : j’appelle"})
    assert opened.status_code == 200


async def test_samples_say_what_alerts_say_and_nothing_of_anybody(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    page = await people.karim.get("/alertes")
    assert "Pharmacie, avant" in words(page) and "Cet appareil sonne bien" in words(page)
    assert not any(secret in page.text for secret in CANARIES)
    assert (await people.stranger.get("/alertes")).headers["location"] == "/entrer"


async def test_an_admin_sees_how_many_can_be_reached(monkeypatch):
    async with street(monkeypatch) as (service, _courier):
        await execute("DELETE FROM quartier")
        people = await everybody()
        numbers = "/moderation/chiffres"
        assert "Personne n’est encore joignable" in words(await people.amelie.get(numbers))
        await volunteer("Léa", service)
        await volunteer("Théo", service, what="daily")
        page = words(await people.amelie.get(numbers))
        assert "1 voisin sur 7 joignable pour une urgence" in page and "5 voisins n’ont rien réglé" in page
        assert (await people.jeanne.get(numbers)).status_code == 404
        # A device that was not opened for a month is not counted on.
        await execute("UPDATE subscription SET renewed_at = {}", now() - 2 * ALIVE)
        assert "Personne n’est encore joignable" in words(await people.amelie.get(numbers))


async def test_at_night_the_check_says_when_neighbours_will_hear(monkeypatch):
    people = await everybody()
    set_clock(monkeypatch, datetime(2026, 3, 17, 22, tzinfo=settings.zone))
    form = ASKED | {"urgency": "urgent", "due_at_day": "2026-03-18", "due_at_hour": "18:00"}
    page = words(await people.odette.post(ASK, form | {"need": "garde"}))
    assert "Afficher et prévenir" in page and "Il fait nuit" in page
    page = words(await people.odette.post(ASK, form | {"need": "pharmacie"}))
    assert "Afficher et prévenir" in page and "Il fait nuit" not in page
