"""An alarm while its request changes, comes and goes, and while people do."""

import asyncio
import contextvars

import pytest

from server.base.columns import now
from server.base.database import ON_POSTGRES, execute, query
from server.base.ids import uuid7
from server.base.quiet_hours import Quiet
from server.base.settings import settings
from server.help import escalation, life
from server.help.alarm import Alarm
from server.help.claim import Claim
from server.news import alert
from server.news.alert import Alert
from server.news.alert_choice import AlertChoice
from server.news.subscription import Subscription
from server.news.told import Notice
from server.people.member import Role
from server.posts.post import Post
from server.rights.leaving import leave
from server.sending.push import delivery, words
from tests.support.alert_people import alerted, ask, deliver, read, volunteer, with_phone
from tests.support.escalation import MINUTE, paris, rewrite
from tests.support.makers import neighbour, put_up, set_clock


async def test_no_longer_urgent_it_is_not_sent_and_not_looked_at_again(town):
    post = await ask(town.odette)
    await rewrite(post, urgency="semaine", due_at=None)
    assert await town.hears() == []
    assert await town.after(60) == []
    assert await Alarm.due(now()) == []


async def test_stopped_it_can_not_be_let_go(town):
    for _ in range(settings.alarms + 1):
        post = await ask(town.odette)
    assert (await Alarm.of(post))["held_at"]
    await Alarm.stop(post, town.amelie.id)
    assert not await escalation.let_go(post)
    assert await query("SELECT id FROM notice WHERE post = {} AND what = 'urgent'", post) == []


async def test_a_step_taken_meanwhile_does_not_start_a_stopped_alarm_again(town):
    post = await ask(town.odette)
    await Alarm.stop(post, town.amelie.id)
    await Alarm.go_on(post, 1, now())
    assert (await Alarm.of(post))["next_at"] is None


async def test_each_round_the_admins_call_anew(town):
    post = await ask(town.odette)
    await Alarm.called(post, town.amelie.id)
    await Claim.take(post, town.paul.id)
    await Claim.hand_back(post, town.paul.id, "")
    assert (await Alarm.of(post))["called_at"] is None


async def test_what_became_urgent_while_taken_is_told_when_it_opens_again(town):
    post = await ask(town.odette, urgency="semaine", due_at=None)
    await Claim.take(post, town.paul.id)
    await rewrite(post)
    await Claim.hand_back(post, town.paul.id, "")
    assert "Karim" in await town.hears()


async def test_by_night_a_vital_need_reaches_the_admins_too(town):
    evening = paris(2026, 3, 17, 22)
    await town.at(evening)
    await ask(town.odette, need="pharmacie", due_at=paris(2026, 3, 17, 23))
    assert await town.at(evening) == ["Karim"]
    assert await town.at(evening + 10 * MINUTE) == ["Paul"]
    assert await town.at(evening + 40 * MINUTE) == ["Amélie"]


async def test_by_night_a_vital_need_is_held_for_somebody_who_hears_of_it(town):
    evening = paris(2026, 3, 17, 22)
    await town.at(evening)
    for _ in range(settings.alarms + 1):
        await ask(town.odette, need="pharmacie", due_at=paris(2026, 3, 17, 23))
    assert "Amélie" in await town.hears()


async def test_nobody_calls_themselves(town):
    post = await ask(town.amelie)
    await town.hears()
    await Alarm.go_on(post, 2, now())
    assert await town.after(41) == []


async def test_an_alert_that_one_is_not_to_hear_takes_the_place_of_none(town):
    """Who wants urgencies only is not told of a reply, and still hears that their request has reopened."""
    night = paris(2026, 3, 17, 22)
    await with_phone(town.service, town.odette, what="urgent")
    await town.at(night)
    post = await ask(town.odette, urgency="semaine", due_at=None)
    await Notice.tell(town.odette.id, "lapsed", post, town.paul.id, uuid7())
    await Notice.tell(town.odette.id, "replied", post, town.karim.id, uuid7())
    assert await town.at(paris(2026, 3, 18, 8)) == ["Odette", "Odette"]


async def test_who_was_sent_away_is_told_so_and_not_asked_again(town):
    post = await ask(town.odette)
    await town.hears()
    await Claim.take(post, town.karim.id)
    await deliver(town.courier)
    town.service.received.clear()
    await life.reopen(post, town.odette.id)
    await escalation.escalate()
    await deliver(town.courier)
    said = [read(town.service, message)["notification"]["title"] for message in town.service.taken]
    assert said.count("Vous n’avez plus à y aller") == 1
    assert await alerted(town.service) == ["Karim", "Paul"]


async def test_who_has_nothing_but_the_bell_does_not_keep_the_others_from_hearing(town):
    await Subscription.close(
        (await query("SELECT session FROM subscription WHERE member = {}", town.karim.id))[0]["session"]
    )
    await ask(town.odette)
    assert await town.hears() == ["Paul"]


async def test_due_before_the_morning_it_is_still_said_in_the_morning(town, monkeypatch):
    evening = paris(2026, 3, 17, 22)
    await town.at(evening)
    await ask(town.odette, need="garde", due_at=paris(2026, 3, 17, 23, 30))
    assert escalation.waits_until({"need": "garde", "due_at": paris(2026, 3, 17, 23, 30)}) == paris(2026, 3, 18, 8)
    set_clock(monkeypatch, paris(2026, 3, 18, 8))
    await deliver(town.courier)
    assert {read(town.service, one)["notification"]["title"] for one in town.service.taken} == {"Garde, bientôt"}
    assert await alerted(town.service) == ["Karim", "Paul"]


async def test_who_leaves_leaves_the_alarm_of_what_they_wrote_for_somebody(town):
    post = await ask(town.odette)
    await execute("UPDATE post SET on_behalf = {} WHERE id = {}", True, post)
    assert await town.hears() == ["Karim"]
    heir = await neighbour("Zoé", Role.ADMIN)
    await with_phone(town.service, heir)
    await leave(town.odette.id)
    await town.hears()
    assert await town.after(10) == ["Paul", "Zoé"]


async def test_two_of_one_name_are_two(town):
    await volunteer("Karim", town.service)
    post = await ask(town.odette)
    await town.hears()
    assert (await Notice.reached(post))[0] == 2


async def test_a_place_that_is_taken_again_is_not_said_to_be_free(town):
    night = paris(2026, 3, 17, 22)
    await town.at(night)
    post = await ask(town.odette, urgency="semaine", due_at=None)
    await Claim.take(post, town.paul.id)
    await Claim.stand_by(post, town.karim.id)
    await Claim.hand_back(post, town.paul.id, "")
    await Claim.take(post, town.amelie.id)
    assert "Karim" not in await town.at(paris(2026, 3, 18, 8))


async def test_what_is_let_go_does_not_wait_any_more(town):
    for _ in range(settings.alarms + 1):
        post = await ask(town.odette)
    await escalation.let_go(post)
    assert "Amélie" not in await town.hears()


async def test_email_is_chosen_apart_from_what_devices_say(town):
    theo = await neighbour("Théo")
    await AlertChoice.keep(theo.id, "daily", Quiet(), "theo@exemple.fr", True, "never")
    await AlertChoice.confirm(theo.id, "theo@exemple.fr")
    await ask(town.odette, need="garde")
    rows = await query("SELECT n.person FROM alert a JOIN notice n ON n.id = a.notice WHERE a.subscription IS NULL")
    assert [str(row["person"]) for row in rows] == [str(theo.id)]
    # Odette, Karim, Paul and Théo; not Amélie, who chose the daily word.
    assert (await Subscription.reachable(now()))[0] == 4
    # Odette, Karim, Paul and Théo; not Amélie, who chose the daily word.
    assert (await Subscription.reachable(now()))[0] == 4


async def test_ten_at_once_are_counted_one_after_the_other(town):
    await asyncio.gather(*(ask(town.odette) for _ in range(10)))
    held = await query("SELECT id FROM alarm WHERE held_at IS NOT NULL")
    assert len(held) == 10 - settings.alarms


async def test_off_the_board_and_back_what_was_not_sent_is_sent_once(town):
    for start, off, back in ((0, Post.withdraw, Post.put_back), (5, Post.hide, Post.show_again)):
        assert await town.after(start) == []
        post = await ask(town.odette)
        await off(post)
        assert await town.hears() == []
        await back(post)
        await Alert.resume(post)
        assert await town.after(start + 2) == ["Karim"]
        await off(post)
        assert await town.hears() == []
        await back(post)
        await Alert.resume(post)
        assert await town.after(start + 4) == []


async def test_one_alarm_that_fails_keeps_no_other_waiting(town, monkeypatch):
    first, second = await ask(town.odette), await ask(town.odette)
    await town.hears()
    step = escalation._step

    async def fail(one, *rest):
        if str(one["id"]) == str(first):
            raise RuntimeError
        await step(one, *rest)

    monkeypatch.setattr(escalation, "_step", fail)
    assert await town.after(10) == ["Paul"]
    assert (await Alarm.of(second))["step"] == 2


async def test_without_an_hour_nothing_is_urgent(town):
    post = await ask(town.odette, due_at=None)
    await Claim.take(post, town.paul.id)
    await Claim.hand_back(post, town.paul.id, "")
    assert "Karim" not in await town.hears()
    assert await Alarm.due(now()) == []


async def test_what_fails_for_many_ends_a_round_and_sends_the_others(town, monkeypatch):
    for number in range(2 * delivery.AT_ONCE):
        await with_phone(town.service, await volunteer(f"Voisin {number}"))
    good = await put_up(town.odette)
    await ask(town.odette)
    await Notice.tell(town.odette.id, "replied", good, town.karim.id, uuid7())
    written = words.payload

    def fail(what, *rest, **other):
        if what == "urgent":
            raise RuntimeError
        return written(what, *rest, **other)

    monkeypatch.setattr(words, "payload", fail)
    await asyncio.wait_for(town.courier.round(), 5)
    assert await alerted(town.service) == ["Odette"]


@pytest.mark.skipif(not ON_POSTGRES, reason="on SQLite nobody else writes meanwhile")
async def test_a_device_that_goes_while_it_is_announced_is_left_out(town, monkeypatch):
    read_devices = alert._devices

    async def then_one_goes(people):
        found = await read_devices(people)
        going = execute("DELETE FROM subscription WHERE member = {}", town.karim.id)
        # By somebody else: not in this transaction.
        await asyncio.get_running_loop().create_task(going, context=contextvars.Context())
        return found

    monkeypatch.setattr(alert, "_devices", then_one_goes)
    post = await ask(town.odette)
    assert (await Alarm.of(post))["step"] == 2
    assert "Paul" in await town.hears()
