"""Whom an urgent request reaches and when: volunteers, everybody, the admins; by night; held, stopped, reopened."""

from datetime import timedelta

import pytest

from server.base.database import query
from server.base.quiet_hours import Quiet
from server.base.settings import settings
from server.help import escalation, life
from server.help.alarm import Alarm
from server.help.claim import Claim
from server.news.alert import Alert
from server.news.told import Notice
from server.people.member import Role
from server.posts.post import Post
from server.running import upkeep
from tests.support.alert_people import alerted, ask, deliver, read, volunteer, with_phone
from tests.support.escalation import MINUTE, paris
from tests.support.makers import NOON, neighbour, set_clock


async def test_volunteers_then_everybody_then_the_admins(town):
    await ask(town.odette)
    assert await town.hears() == ["Karim"]
    assert await town.after(9) == []
    assert await town.after(10) == ["Paul"]
    assert await town.after(39) == []
    assert await town.after(40) == ["Amélie"]
    assert await town.after(400) == []


async def test_it_stops_when_somebody_takes_it(town):
    post = await ask(town.odette)
    assert await town.hears() == ["Karim"]
    await Claim.take(post, town.karim.id)
    assert await town.hears() == ["Odette"]
    assert await town.after(50) == []


async def test_what_is_not_sent_yet_is_dropped_when_somebody_takes_it(town):
    post = await ask(town.odette)
    await Claim.take(post, town.paul.id)
    assert await town.hears() == ["Odette"]
    assert (await query("SELECT state FROM alert ORDER BY id"))[0]["state"] == "stopped"


async def test_handed_back_it_begins_again_but_not_with_who_gave_it_back(town):
    post = await ask(town.odette)
    lea = await volunteer("Léa", town.service)
    assert await town.hears() == ["Karim"]
    await Claim.take(post, lea.id)
    await Claim.hand_back(post, lea.id, "")
    assert await town.hears() == ["Karim", "Odette"]
    assert "Léa" not in await town.after(10)
    assert await town.after(40) == ["Amélie"]


async def test_without_a_volunteer_everybody_hears_at_once(town):
    await ask(town.odette, need="garde")
    assert await town.hears() == ["Karim", "Paul"]


async def test_newcomers_and_those_of_the_daily_word_are_left_alone(town):
    new = await neighbour("Nouvelle", Role.NEWCOMER)
    await with_phone(town.service, new)
    await with_phone(town.service, town.paul, what="daily")
    await ask(town.odette)
    assert await town.hears() == ["Karim"]
    assert await town.after(10) == []


async def test_upkeep_takes_the_steps_too_and_twice_is_once(town, monkeypatch):
    await ask(town.odette)
    set_clock(monkeypatch, NOON + 11 * MINUTE)
    await upkeep.once()
    await upkeep.once()
    assert await escalation.escalate() == 0
    await deliver(town.courier)
    assert await alerted(town.service) == ["Karim", "Paul"]


async def test_by_night_only_what_is_vital_wakes_and_once(town):
    evening = paris(2026, 3, 17, 22)
    assert await town.at(evening) == []
    await ask(town.odette, need="garde", due_at=paris(2026, 3, 18, 18))
    assert await town.at(evening + MINUTE) == []
    await ask(town.odette, need="pharmacie", due_at=paris(2026, 3, 17, 23))
    assert await town.at(evening + 2 * MINUTE) == ["Karim"]
    await ask(town.odette, need="pharmacie", due_at=paris(2026, 3, 18, 12))
    assert await town.at(evening + 3 * MINUTE) == []
    # In the morning, what still waits is said: the first to both, the third to Karim; and Paul's turn has come.
    assert await town.at(paris(2026, 3, 18, 8)) == ["Karim", "Karim", "Paul", "Paul", "Paul"]


async def test_food_for_today_is_vital_and_food_for_tomorrow_is_not(town):
    today, tomorrow = paris(2026, 3, 17, 23), paris(2026, 3, 18, 12)
    late = paris(2026, 3, 17, 22)
    post = {"need": "courses", "due_at": today}
    assert escalation.vital(post, late)
    assert not escalation.vital(post | {"due_at": tomorrow}, late)
    assert escalation.vital({"need": "pharmacie", "due_at": tomorrow}, late)
    assert not escalation.vital({"need": "compagnie", "due_at": today}, late)


async def test_a_night_of_23_hours_and_one_of_25(town):
    for evening, morning in (((2026, 3, 28, 22), (2026, 3, 29, 8)), ((2026, 10, 24, 22), (2026, 10, 25, 8))):
        await town.at(paris(*evening))
        await ask(town.odette, need="garde", due_at=paris(*morning).replace(hour=18))
        assert await town.at(paris(*morning) - MINUTE) == []
        assert await town.at(paris(*morning)) == ["Karim", "Paul"]


async def test_one_s_own_quiet_hours_count(town):
    await with_phone(town.service, town.karim, quiet=Quiet(12, 15))
    await ask(town.odette, need="garde")
    assert await town.hears() == ["Paul"]
    assert await town.after(179) == ["Amélie"]
    assert await town.after(180) == ["Karim", "Karim"]


async def test_beyond_three_a_day_a_moderator_decides(town, monkeypatch):
    for _ in range(settings.alarms):
        await ask(town.odette)
    assert await town.hears() == ["Karim"] * 3
    jeanne = await neighbour("Jeanne", Role.MODERATOR)
    fourth = await ask(town.odette)
    assert await town.after(5) == ["Amélie"]
    assert [row["what"] for row in await Notice.of(jeanne.id)] == ["held"]
    assert await escalation.raise_alarm(fourth) == escalation.NONE
    await escalation.let_go(fourth)
    await escalation.let_go(fourth)
    assert await town.after(6) == ["Karim"]
    set_clock(monkeypatch, NOON + timedelta(days=1))
    await ask(town.odette)
    assert (await town.hears()).count("Karim") == 1


async def test_a_newcomer_has_one_a_day_and_a_moderator_as_many_as_it_takes(town):
    new = await neighbour("Nouvelle", Role.NEWCOMER)
    await ask(new)
    held = await ask(new)
    assert (await Alarm.of(held))["held_at"] is not None
    for _ in range(settings.alarms + 2):
        post = await ask(town.amelie)
        assert (await Alarm.of(post))["held_at"] is None


async def test_a_moderator_stops_what_is_on_its_way(town):
    post = await ask(town.odette)
    assert await Alarm.stop(post, town.amelie.id)
    assert not await Alarm.stop(post, town.amelie.id)
    assert await town.hears() == []
    assert await town.after(60) == []
    # Reopening does not raise it again.
    await Claim.take(post, town.paul.id)
    await Claim.hand_back(post, town.paul.id, "")
    assert "Karim" not in await town.after(61)


async def test_hidden_or_withdrawn_it_is_not_sent(town):
    for off in (Post.hide, Post.withdraw):
        post = await ask(town.odette)
        await off(post)
        assert await town.hears() == []
        assert await town.after(60) == []


async def test_reopened_it_waits_from_then_on(town, monkeypatch):
    post = await ask(town.odette, due_at=NOON + timedelta(hours=9))
    await Claim.take(post, town.paul.id)
    set_clock(monkeypatch, NOON + timedelta(hours=2))
    await Claim.hand_back(post, town.paul.id, "")
    await town.hears()
    set_clock(monkeypatch, NOON + timedelta(hours=2, minutes=40))
    await escalation.escalate()
    await escalation.escalate()
    set_clock(monkeypatch, NOON + timedelta(hours=3, minutes=30))
    await escalation.escalate()
    await deliver(town.courier)
    said = [read(town.service, message)["notification"]["title"] for message in town.service.taken]
    assert [title for title in said if title.startswith("Personne")] == ["Personne depuis 90\u00a0min"]


async def test_only_what_is_urgent_raises_an_alarm(town):
    await ask(town.odette, urgency="semaine", due_at=None)
    assert await town.hears() == []
    assert await query("SELECT id FROM alarm") == []


async def test_who_asked_sees_how_many_were_told_and_who_looked(town):
    post = await ask(town.odette)
    assert await Notice.reached(post) == (0, [])
    await town.hears()
    assert await Notice.reached(post) == (1, [])
    # "All is read" under the bell is not to have looked.
    await Notice.see(town.karim.id)
    assert await Notice.reached(post) == (1, [])
    await Notice.open(town.karim.id, post)
    assert await Notice.reached(post) == (1, ["Karim"])


async def test_who_has_read_it_is_not_alerted_any_more(town):
    post = await ask(town.odette)
    await Notice.open(town.karim.id, post)
    assert await town.hears() == []


async def test_all_or_nothing(town, monkeypatch):
    """The ledger is of the announcement's transaction: a request that is not put up alerts nobody."""
    from server.base.database import transaction

    with pytest.raises(RuntimeError):
        async with transaction():
            await ask(town.odette)
            raise RuntimeError
    assert await query("SELECT id FROM alert") == []
    assert await town.hears() == []


async def test_a_lapsed_lease_begins_again(town, monkeypatch):
    post = await ask(town.odette, due_at=NOON + timedelta(hours=9))
    await town.hears()
    await Claim.take(post, town.paul.id)
    set_clock(monkeypatch, NOON + timedelta(hours=3))
    await life.lapse()
    assert "Karim" in await town.hears()
    assert await Alert.next_due() is None
