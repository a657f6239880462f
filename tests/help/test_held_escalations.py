"""Alerts that wait for a moderator: who hears of them, for how long, and what can not go round the quota."""

import pytest

from server.base.database import execute, query
from server.base.settings import settings
from server.help import escalation, life
from server.help.alarm import OVER, Alarm
from server.help.claim import Claim
from server.news.alert import Alert
from server.news.told import Notice
from server.people.member import Role
from tests.support.alert_people import ask, with_phone
from tests.support.escalation import MINUTE, paris, rewrite
from tests.support.makers import neighbour


async def one_too_many(town, **other):
    """The request of Odette's whose alert is held; what was sent until now is forgotten."""
    posts = [await ask(town.odette, **other) for _ in range(settings.alarms + 1)]
    for post in posts[:-1]:
        await life.cancel(post, town.odette.id)
    await town.hears()
    return posts[-1]


async def test_what_no_moderator_looks_at_reaches_the_admins_who_call(town):
    jeanne = await neighbour("Jeanne", Role.MODERATOR)
    await with_phone(town.service, jeanne)
    post = await one_too_many(town)
    assert await town.after(9) == []
    assert await town.after(10) == ["Amélie"]
    assert [row["what"] for row in await Notice.of(town.amelie.id)] == ["nobody", "held"]
    assert await town.after(400) == []
    alarm = await Alarm.of(post)
    assert (alarm["step"], alarm["held_at"] is not None) == (OVER, True)


async def test_let_go_late_it_still_takes_every_step(town):
    post = await one_too_many(town)
    assert await town.after(40) == ["Amélie"]
    await escalation.let_go(post)
    assert await town.after(41) == ["Karim"]
    assert await town.after(51) == ["Paul"]
    assert await town.after(81) == ["Amélie"]


async def test_by_night_only_a_vital_need_that_is_held_wakes_the_admins(town):
    evening = paris(2026, 3, 17, 22)
    for need, minutes, heard in (("garde", 60, []), ("pharmacie", 101, ["Amélie"])):
        await town.at(evening)
        await one_too_many(town, need=need, due_at=paris(2026, 3, 18, 9))
        assert await town.at(evening + minutes * MINUTE) == heard, need
        evening += 60 * MINUTE
        await execute("DELETE FROM alarm")


async def test_two_who_open_and_take_by_turns_do_not_ring_for_ever(town):
    post = await ask(town.odette)
    heard = []
    for _ in range(2 * settings.alarms):
        heard += await town.hears()
        await Claim.take(post, town.paul.id)
        await life.reopen(post, town.odette.id)
    assert heard.count("Karim") == settings.alarms
    assert (await Alarm.of(post))["held_at"]
    # However often it is opened again, until she has looked.
    assert heard.count("Amélie") == 1


async def test_what_became_urgent_while_it_was_taken_counts_like_any_other(town):
    for _ in range(settings.alarms + 2):
        post = await ask(town.odette, urgency="semaine", due_at=None)
        await Claim.take(post, town.paul.id)
        await rewrite(post)
        await life.reopen(post, town.odette.id)
    assert (await town.hears()).count("Karim") == settings.alarms
    assert len(await query("SELECT id FROM alarm WHERE held_at IS NOT NULL")) == 2


@pytest.mark.parametrize("taken", [True, False])
async def test_what_a_moderator_asks_again_is_not_held(town, taken):
    post = await ask(town.amelie)
    for _ in range(2 * settings.alarms):
        await Claim.take(post, town.paul.id)
        await (life.reopen(post, town.amelie.id) if taken else Claim.hand_back(post, town.paul.id, ""))
    assert not (await Alarm.of(post))["held_at"]
    assert (await Alarm.of(post))["round"] == 1 + 2 * settings.alarms
    assert await Alert.next_due() is not None
