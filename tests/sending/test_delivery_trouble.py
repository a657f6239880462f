"""What hangs, and what can not be noted, holds nothing else up."""

import asyncio
import sqlite3
import time
from datetime import timedelta

import pytest
from aiohttp import web

from server.base import bell, outbound
from server.base.database import query
from server.help import escalation
from server.help.alarm import Alarm
from server.news.alert import LEASE, SENT, Alert
from server.running import upkeep
from server.sending.push import delivery, outages, outcome
from server.sending.push.outages import PAUSE
from tests.support.alert_people import alerted, ask, deliver, street, volunteer
from tests.support.makers import NOON, neighbour, set_clock


@pytest.fixture
async def town(monkeypatch):
    """Noon, a push service, a courier, Odette, and Karim, whose telephone hangs while ``service.hangs`` is set."""
    set_clock(monkeypatch, NOON)
    async with street(monkeypatch) as (service, courier):
        service.courier, service.hangs = courier, asyncio.Event()
        service.odette, service.karim = await neighbour("Odette"), await volunteer("Karim", service)
        slow = service.channels[0].token
        service.hangs.clear()

        async def answer(token: str, request: web.Request) -> None:
            if token == slow:
                await service.hangs.wait()

        service.answer = answer
        yield service


async def sent() -> int:
    """How many alerts the ledger calls sent."""
    return (await query("SELECT count(*) AS n FROM alert WHERE state = 'sent'"))[0]["n"]


async def test_what_came_is_noted_while_another_hangs(town, monkeypatch):
    """Else its lease ends meanwhile, and it is sent again."""
    monkeypatch.setattr(outcome, "NOTED_AFTER", 0.1)
    await volunteer("Paul", town)
    await ask(town.odette)
    round_ = asyncio.create_task(town.courier.round())
    while not await sent():
        await asyncio.sleep(0.02)
    assert await sent() == 1 and not round_.done()
    town.hangs.set()
    assert await round_ == 2 and await sent() == 2


async def test_what_is_new_leaves_while_another_hangs(town):
    await ask(town.odette)
    round_ = asyncio.create_task(town.courier.round())
    while not town.received:
        await asyncio.sleep(0.01)
    await volunteer("Paul", town)
    await ask(town.odette, need="pharmacie")
    while not town.taken:
        await asyncio.sleep(0.01)
    assert await alerted(town) == ["Paul"] and not round_.done()
    town.hangs.set()
    await round_


async def test_a_ledger_that_can_not_be_written_ends_the_round_and_not_the_sender(town, monkeypatch):
    """More failures than there are workers: none of them may be missing afterwards."""
    town.hangs.set()
    for number in range(2 * delivery.AT_ONCE):
        await volunteer(f"Voisin {number}", town)
    await ask(town.odette)
    settle = Alert.settle

    async def locked(state: str, alerts: list) -> None:
        if state == SENT and alerts:
            raise sqlite3.OperationalError("database is locked")
        await settle(state, alerts)

    with monkeypatch.context() as broken:
        broken.setattr(outcome, "WRITTEN_AT_ONCE", 1)
        broken.setattr(Alert, "settle", staticmethod(locked))
        with pytest.raises(ExceptionGroup, match="TaskGroup"):
            await asyncio.wait_for(town.courier.round(), 10)
    set_clock(monkeypatch, NOON + LEASE)
    await deliver(town.courier)
    assert await sent() == 2 * delivery.AT_ONCE + 1 == len({message.token for message in town.taken})


def test_a_batch_that_hangs_altogether_is_over_before_its_lease():
    """What is on its way and what is handed out come before it; what is too large is sent twice."""
    before = delivery.AT_ONCE + delivery.READY
    assert (before + delivery.BATCH) / delivery.AT_ONCE * outbound.SECONDS < LEASE.total_seconds()


TRIES = "SELECT tries, count(*) AS n FROM alert GROUP BY tries"


async def test_nobody_waits_for_a_push_service_that_is_out(monkeypatch):
    """Those behind it leave at once; what is for it is tried by one every now and then, and loses nothing."""
    set_clock(monkeypatch, NOON)
    monkeypatch.setattr(outbound, "SECONDS", 0.3)
    count = 3 * delivery.AT_ONCE
    async with street(monkeypatch) as (service, courier):
        odette, out = await neighbour("Odette"), asyncio.Event()
        for number in range(count):
            await volunteer(f"Voisin {number}", service)

        async def answer(token: str, request: web.Request) -> None:
            service.asked.append(token)
            await out.wait()

        service.asked, service.answer = [], answer
        await ask(odette)
        start = time.monotonic()
        # However long this round takes, it is too early to try again.
        monkeypatch.setattr(outages, "_clock", lambda: start)
        await courier.round()
        # Those on their way waited, and nobody after it was known.
        tried = {row["tries"]: row["n"] for row in await query(TRIES)}
        assert tried[0] + tried[1] == count and 0 < tried[1] < delivery.AT_ONCE + outages.IN_A_ROW
        assert await courier.round() == 0

        # Later, one tries it for all.
        monkeypatch.setattr(outages, "_clock", lambda: start + 60)
        set_clock(monkeypatch, NOON + PAUSE)
        await courier.round()
        again = {row["tries"]: row["n"] for row in await query(TRIES)}
        assert again.get(2, 0) + tried[0] - again.get(0, 0) == 1
        monkeypatch.setattr(outages, "_clock", lambda: start + 120)
        set_clock(monkeypatch, NOON + 4 * PAUSE)
        out.set()
        # The one that tries, and then everybody: none twice.
        await deliver(courier)
        set_clock(monkeypatch, NOON + 6 * PAUSE)
        await deliver(courier)
        assert await sent() == count == len({message.token for message in service.taken}) == len(service.taken)


async def test_what_stands_ready_behind_a_slow_service_is_looked_at_once_more(monkeypatch):
    """A moderator stops an alert: what is on its way arrives, and nothing after it."""
    set_clock(monkeypatch, NOON)
    monkeypatch.setattr(delivery, "HOLDS", 0.0)
    async with street(monkeypatch) as (service, courier):
        odette, go_on = await neighbour("Odette"), asyncio.Event()
        for number in range(3 * delivery.AT_ONCE):
            await volunteer(f"Voisin {number}", service)

        async def answer(token: str, request: web.Request) -> None:
            await go_on.wait()

        service.answer = answer
        post = await ask(odette)
        round_ = asyncio.create_task(courier.round())
        while len(service.received) < delivery.AT_ONCE:
            await asyncio.sleep(0.01)
        assert await Alarm.stop(post, (await neighbour("Jeanne")).id)
        go_on.set()
        await round_
        assert len(service.received) == delivery.AT_ONCE == await sent()


async def test_the_alarm_of_a_large_quartier_is_spread_by_the_process_that_sends(town, monkeypatch):
    town.hangs.set()
    monkeypatch.setattr(escalation, "AT_HAND", 1)
    rings = []
    stop = bell.on_ring(lambda: rings.append("rung"))
    await ask(town.odette)
    stop()
    assert rings and await deliver(town.courier) == 0
    # The pages' process leaves it to the other one, unless nobody does it.
    await upkeep.once()
    assert await deliver(town.courier) == 0
    set_clock(monkeypatch, NOON + upkeep.LEFT)
    await upkeep.once()
    await deliver(town.courier)
    assert await alerted(town) == ["Karim"]
    await ask(town.odette, need="pharmacie", due_at=NOON + timedelta(hours=5))
    assert await escalation.escalate() == 1
    await deliver(town.courier)
    assert await alerted(town) == ["Karim"]
