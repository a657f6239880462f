"""What pages about alerts keep, and what they say of devices and of refused choices."""

from datetime import timedelta

from server.database import change
from server.tables.base import now
from tests.alert_people import ask, deliver, street, volunteer
from tests.makers import NOON, set_clock
from tests.people import browser_of, everybody, words
from tests.views.test_alerts import GOOD, devices


async def test_whom_an_alert_reached_is_not_kept_on_a_device(monkeypatch):
    set_clock(monkeypatch, NOON)
    async with street(monkeypatch) as (service, courier):
        await change("DELETE FROM quartier")
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
    await change("UPDATE alert SET state = 'sent', sent_at = {}", now())
    await change("UPDATE subscription SET heard_at = {} WHERE id = {}", now() - timedelta(days=9), device["id"])
    assert "Dernière alerte reçue aujourd’hui" in words(await people.karim.get("/chez-moi"))
