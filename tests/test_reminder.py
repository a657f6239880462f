"""An hour before, once for each evening, to those who said that they come."""

from datetime import timedelta

from server import upkeep
from server.tables import errand
from server.tables.mark import Mark
from server.tables.notice import Notice
from tests.alert_people import alerted, deliver, read, street, with_phone
from tests.makers import NOON, neighbour, put_up, set_clock


async def test_who_comes_is_reminded_once_each_evening(monkeypatch):
    set_clock(monkeypatch, NOON)
    async with street(monkeypatch) as (service, courier):
        odette, karim, paul = [await neighbour(name) for name in ("Odette", "Karim", "Paul")]
        for member in (odette, karim, paul):
            await with_phone(service, member)
        # It starts at three, daily.
        post = await put_up(odette, "gathering")
        await Mark.put(post, karim.id, "coming")
        heard = []
        for minutes in (0, 119, 121, 150, 24 * 60 + 119, 24 * 60 + 121):
            set_clock(monkeypatch, NOON + timedelta(minutes=minutes))
            await upkeep.once()
            await deliver(courier)
            if service.taken:
                assert read(service, service.taken[0])["notification"]["title"].replace("\u00a0", " ") == "C’est à 15 h"
            heard.append(await alerted(service))
        assert heard == [[], [], ["Karim", "Odette"], [], [], ["Karim", "Odette"]]
        assert [row["what"] for row in await Notice.of(karim.id)] == ["reminder"] * 2


async def test_nobody_is_reminded_of_what_was_called_off(monkeypatch):
    set_clock(monkeypatch, NOON)
    async with street(monkeypatch) as (service, courier):
        odette, karim = await neighbour("Odette"), await neighbour("Karim")
        await with_phone(service, karim)
        post = await put_up(odette, "gathering")
        await Mark.put(post, karim.id, "coming")
        set_clock(monkeypatch, NOON + timedelta(minutes=121))
        await upkeep.once()
        assert [row["what"] for row in await Notice.of(karim.id)] == ["reminder"]
        await errand.cancel(post, odette.id)
        await deliver(courier)
        assert await alerted(service) == []
