"""From the ledger to a push service, with everything that it may answer."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web

from server.base.database import execute, query
from server.base.ids import uuid7
from server.news.alert import LEASE, Alert
from server.news.news import NEWS
from server.news.subscription import Subscription
from server.news.told import Notice
from server.people.session import Session
from server.sending.push import delivery, words
from tests.support.alert_people import alerted, ask, deliver, read, street, volunteer, with_phone
from tests.support.help_people import CANARIES, PRIVATE
from tests.support.makers import NOON, neighbour, put_up, set_clock


@pytest.fixture
async def town(monkeypatch):
    """Noon, a push service, a courier, Odette and Karim."""
    set_clock(monkeypatch, NOON)
    async with street(monkeypatch) as (service, courier):
        service.courier = courier
        service.odette, service.karim = await neighbour("Odette"), await volunteer("Karim", service)
        yield service


async def states() -> list[str]:
    """What the ledger says of each alert, in order."""
    return [row["state"] for row in await query("SELECT state FROM alert ORDER BY id")]


def always(status: int, **headers: str):
    """An answer of this kind to everything."""
    return lambda token, request: web.Response(status=status, headers=headers)


async def test_what_is_sent_is_what_the_protocols_ask_for(town):
    post = await ask(town.odette, need="pharmacie", place="vers la rue des Lilas, chez Mme Gachet, 3e étage")
    await deliver(town.courier)
    (message,) = town.taken
    assert message.topic == str(post).replace("-", "") and len(message.topic) <= 32
    assert message.headers["urgency"] == "high"
    assert 0 < int(message.headers["ttl"]) <= 12 * 3600
    shown = read(town, message)
    assert shown["web_push"] == 8030 and shown["path"] == f"/avis/{post}"
    assert shown["notification"]["navigate"].endswith(f"/avis/{post}")
    assert shown["notification"]["title"].replace("\u00a0", " ") == "Pharmacie, avant 15 h"
    assert shown["notification"]["body"] == "Une demande urgente, côté rue des Lilas."
    assert shown["notification"]["app_badge"] == "1"
    assert [one["action"] for one in shown["actions"]] == ["take", "read"]
    assert await states() == ["sent"]
    rows = await query("SELECT alerted_at FROM notice WHERE what = 'urgent'")
    assert rows[0]["alerted_at"]
    assert [device["rings"] and device["sent_at"] for device in await Session.of(town.karim.id)] == [NOON]


@pytest.mark.parametrize("what", NEWS)
async def test_no_alert_says_a_name_an_address_a_code_or_what_a_neighbour_typed(town, what):
    typed = {"title": CANARIES[0], "body": CANARIES[3], "place": f"chez Mme Gachet, {CANARIES[1]}"}
    post = await ask(town.odette, **typed)
    await execute("DELETE FROM alert")
    person = await neighbour("Amandine Canari")
    await with_phone(town, person)
    await Notice.tell(person.id, what, post, town.odette.id, uuid7())
    # The daily word is for those who chose it: here it is only looked at.
    for language in ("fr", "en"):
        said = words.payload(
            what, language, await delivery.plate(), {**(await query("SELECT * FROM post"))[0]}, news=1, count=2
        ).decode()
        for secret in (*CANARIES, *map(str, PRIVATE.values()), "Gachet", "Odette", "Amandine", "Canari"):
            assert secret not in said or secret in ("2e",), (what, secret)
        assert len(said.encode()) < 3993
        assert all(json.loads(said)["notification"][name] for name in ("title", "body"))


async def test_a_device_that_is_gone_is_forgotten(town):
    for status in (404, 410):
        await with_phone(town, town.karim)
        town.answer = always(status)
        await ask(town.odette)
        await deliver(town.courier)
        assert not await Subscription.any(), status
        # Its rows go with it: nothing is tried again.
        assert await states() == []


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (429, {"Retry-After": "120"}, 120),
        (503, {"Retry-After": format_datetime(NOON.astimezone(UTC) + timedelta(minutes=7), usegmt=True)}, 420),
        (503, {"Retry-After": "soon"}, 15),
        (503, {"Retry-After": "-5"}, 15),
        (500, {}, 15),
        (502, {}, 15),
    ],
)
async def test_a_push_service_that_is_busy_says_when_to_come_back(town, monkeypatch, status, headers, wait):
    town.answer = always(status, **headers)
    await ask(town.odette, due_at=NOON + timedelta(hours=8))
    assert await deliver(town.courier) == 1
    assert await Alert.next_due() == NOON + timedelta(seconds=wait)
    town.answer = None
    set_clock(monkeypatch, NOON + timedelta(seconds=wait - 1))
    assert await deliver(town.courier) == 0
    set_clock(monkeypatch, NOON + timedelta(seconds=wait))
    await deliver(town.courier)
    assert await alerted(town) == ["Karim"]


async def test_the_waits_double_and_end_when_it_is_too_late(town, monkeypatch):
    town.answer = always(500)
    await ask(town.odette, due_at=NOON + timedelta(minutes=10))
    waits, moment = [], NOON
    while "waiting" in await states():
        await deliver(town.courier)
        following = await Alert.next_due()
        if following:
            waits.append((following - moment).total_seconds())
            moment = following
            set_clock(monkeypatch, moment)
    assert waits[:5] == [15, 30, 60, 120, 240]
    assert await states() == ["failed"] and moment < NOON + timedelta(minutes=70)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(town, status):
    hit = []

    def answer(token, request):
        hit.append(request.path)
        return web.Response(status=status, headers={"Location": f"{town.origin}/push/elsewhere"})

    town.answer = answer
    await ask(town.odette)
    await deliver(town.courier)
    assert len(hit) == 1 and await states() == ["failed"]


async def test_what_is_too_large_is_said_shorter(town):
    def answer(token, request):
        return web.Response(status=413) if len(town.received) == 1 else None

    town.answer = answer
    await ask(town.odette)
    await deliver(town.courier)
    assert len(town.received[1].body) < len(town.received[0].body)
    assert read(town, town.taken[0])["notification"]["title"]
    assert await states() == ["sent"]


async def test_a_connection_that_is_cut_or_hangs_is_tried_again(town, monkeypatch):
    async def cut(token, request):
        request.transport.close()

    town.answer = cut
    await ask(town.odette)
    await deliver(town.courier)
    assert await states() == ["waiting"] and await Alert.next_due() == NOON + timedelta(seconds=15)


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_what_is_our_own_fault_is_not_repeated(town, status):
    town.answer = always(status)
    await ask(town.odette)
    await deliver(town.courier)
    assert await states() == ["failed"] and len(town.received) == 1


async def test_an_endpoint_that_is_allowed_no_longer_is_forgotten(town):
    await execute("UPDATE subscription SET endpoint = {}", "https://push.example/canary")
    await ask(town.odette)
    await deliver(town.courier)
    assert not await Subscription.any() and town.received == []


async def test_two_couriers_share_the_work(town):
    for number in range(30):
        await with_phone(town, await volunteer(f"Voisin {number}"))
    await ask(town.odette)
    await asyncio.gather(*(deliver(town.courier) for _ in range(3)))
    assert len({message.token for message in town.taken}) == len(town.taken) == 31


async def test_a_sender_that_dies_loses_nothing(town, monkeypatch):
    await ask(town.odette)
    assert len(await Alert.claim(10)) == 1
    assert await Alert.claim(10) == []
    set_clock(monkeypatch, NOON + LEASE - timedelta(seconds=1))
    assert await deliver(town.courier) == 0
    set_clock(monkeypatch, NOON + LEASE)
    await deliver(town.courier)
    assert await alerted(town) == ["Karim"]


async def test_who_signs_out_is_alerted_no_more(town):
    await ask(town.odette)
    await Session.close_all(town.karim.id)
    await deliver(town.courier)
    assert town.received == [] and not await Subscription.any()


async def test_another_person_on_the_same_device_gets_nothing_of_the_first(town):
    await ask(town.odette)
    (row,) = await query("SELECT endpoint, p256dh, auth FROM subscription")
    paul = await neighbour("Paul")
    await Session.open(paul.id, "Firefox")
    (session,) = await query("SELECT id FROM session WHERE member = {}", paul.id)
    assert await Subscription.keep(paul.id, session["id"], **row)
    await deliver(town.courier)
    assert town.received == []
    assert not await Subscription.keep(paul.id, session["id"], **row)


async def test_ten_messages_are_one_alert_on_a_screen(town):
    await with_phone(town, town.odette)
    post = await put_up(town.odette)
    for _ in range(3):
        await Notice.tell(town.odette.id, "replied", post, town.karim.id, uuid7())
    await deliver(town.courier)
    assert await alerted(town) == ["Odette"]


async def test_each_alert_names_a_moment_in_the_language_of_its_reader(town):
    await execute("UPDATE member SET language = 'en' WHERE id = {}", town.karim.id)
    await ask(town.odette, due_at=datetime(2026, 3, 18, 9, 30, tzinfo=UTC))
    await deliver(town.courier)
    title = read(town, town.taken[0])["notification"]["title"]
    assert title == "Shopping, tomorrow before 10:30"
