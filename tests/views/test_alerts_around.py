"""What pages about alerts keep, and what they say of devices and of refused choices."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from server.base.columns import now
from server.base.database import execute
from server.base.settings import Smtp, settings
from server.help import escalation
from server.help.alarm import Alarm
from server.news.subscription import Subscription
from server.views.people import alerts
from server.views.post import alert_page
from tests.support.alert_pages import GOOD, devices
from tests.support.alert_people import ask, deliver, street, volunteer
from tests.support.escalation import rewrite
from tests.support.makers import NOON, set_clock
from tests.support.people import browser_of, everybody, words

pytestmark = pytest.mark.one_engine


async def test_whom_an_alert_reached_is_not_kept_on_a_device(monkeypatch):
    set_clock(monkeypatch, NOON)
    async with street(monkeypatch) as (service, courier):
        await execute("DELETE FROM quartier")
        people = await everybody()
        helper = await volunteer("Lucien Ferrand", service)
        post = await ask(people.members["odette"])
        await deliver(courier)
        await (await browser_of(helper)).get(f"/avis/{post}")
        page = await people.jeanne.get(f"/avis/{post}")
        assert "Lucien Ferrand" in words(page)
        assert "no-store" in page.headers["cache-control"] and page.headers["palier-shelf"] == "closed"
        for who in ("odette", "jeanne", "amelie"):
            kept = await people.browsers[who].get(f"/avis/{post}", headers={"Palier-Shelf": "fetch"})
            assert "Lucien Ferrand" not in words(kept), who


async def test_the_last_alert_of_a_device_is_the_last_one(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    await people.karim.post("/alertes/appareil", GOOD)
    (device,) = await devices()
    await people.karim.post("/alertes/essai")
    await execute("UPDATE alert SET state = 'sent', sent_at = {}", now())
    await execute("UPDATE subscription SET heard_at = {} WHERE id = {}", now() - timedelta(days=9), device["id"])
    assert "Dernière alerte reçue cet après-midi" in words(await people.karim.get("/chez-moi"))


async def test_what_was_unticked_stays_so_when_the_address_is_refused(monkeypatch):
    for module in (alerts, alert_page):
        monkeypatch.setattr(module, "settings", replace(settings, smtp=Smtp("127.0.0.1", 1, tls=False)))
    people = await everybody()
    form = {"dire": "mine", "courriel": "odette@exemple.fr", "lettre": "week", "urgences": "oui"}
    await people.odette.post("/chez-moi/alertes", form)
    refused = await people.odette.post("/chez-moi/alertes", {"dire": "mine", "courriel": "odette", "lettre": "week"})
    assert refused.status_code == 422 and not re.search(r'name="urgences" value="oui" checked', refused.text)


async def test_a_mistyped_address_does_not_say_that_nobody_reads_here():
    """The device would forget its copies, and end its alerts."""
    people = await everybody()
    lost = await people.karim.get("/avis/1")
    assert lost.status_code == 404
    assert lost.headers["palier-reader"] == (await people.karim.get("/")).headers["palier-reader"]
    assert (await people.stranger.get("/entrer")).headers["palier-reader"] == "nobody"


async def test_put_back_or_shown_again_its_alert_goes_on(monkeypatch):
    set_clock(monkeypatch, NOON)
    async with street(monkeypatch) as (service, courier):
        await execute("DELETE FROM quartier")
        people = await everybody()
        await volunteer("Lucien Ferrand", service)
        ways = (
            (people.odette, "/avis/{}/retrait", "/avis/{}/retour"),
            (people.jeanne, "/moderation/avis/{}/masquer", "/moderation/avis/{}/montrer"),
        )
        for number, (who, off, back) in enumerate(ways):
            set_clock(monkeypatch, NOON + number * timedelta(hours=1))
            post = await ask(people.members["odette"])
            assert (await who.post(off.format(post), {"raison": "Un doute"})).status_code == 303
            await deliver(courier)
            assert service.received == []
            assert (await who.post(back.format(post), {"raison": "Levé"})).status_code == 303
            set_clock(monkeypatch, NOON + number * timedelta(hours=1) + timedelta(minutes=2))
            await deliver(courier)
            assert len(service.taken) == 1
            service.received.clear()


async def test_a_trial_of_a_device_that_is_being_cut_off_fails_softly(monkeypatch):
    people = await everybody()
    await people.karim.post("/alertes/appareil", GOOD)
    device = await Subscription.of_session((await devices())[0]["session"])

    async def then_cut(session):
        await Subscription.close(session)
        return device

    monkeypatch.setattr(Subscription, "of_session", then_cut)
    made = await people.karim.post("/alertes/essai")
    assert made.status_code == 200 and (await people.karim.get(f"/alertes/essai/{made.text}")).status_code == 404


async def test_who_asked_reads_what_becomes_of_an_alert_that_is_held_and_whom_to_call(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    for _ in range(settings.alarms + 1):
        post = await ask(people.members["odette"])
    page = words(await people.odette.get(f"/avis/{post}"))
    assert "L’alerte n’est pas encore partie" in page
    assert "Si aucun ne le fait, les admins sont prévenus cet après-midi à 12 h 10" in page
    assert "Pour une urgence entre voisins, Jeanne répond au 04 78 00 00 00" in page
    # The others do not read whom to call about somebody else's alert.
    assert "les admins sont prévenus" not in words(await people.jeanne.get(f"/avis/{post}"))
    set_clock(monkeypatch, NOON + timedelta(minutes=40))
    await escalation.escalate()
    page = words(await people.odette.get(f"/avis/{post}"))
    assert "Les admins sont prévenus : ils savent comment vous joindre" in page
    assert "Personne encore : appelez" in words(await people.amelie.get(f"/avis/{post}"))


async def test_what_is_urgent_no_more_has_no_alert_to_wait_for(monkeypatch):
    people = await everybody()
    for _ in range(settings.alarms + 1):
        post = await ask(people.members["odette"])
    await Alarm.stop(await ask(people.members["odette"]), people.members["jeanne"].id)
    assert "Son alerte attend votre accord" in words(await people.jeanne.get("/moderation"))
    await rewrite(post, urgency="semaine", due_at=None)
    assert "Son alerte attend votre accord" not in words(await people.jeanne.get("/moderation"))
    assert "L’alerte n’est pas encore partie" not in words(await people.odette.get(f"/avis/{post}"))
    assert await Alarm.count_held() == 0
