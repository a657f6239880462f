"""What changes between the moment an alert is planned and the moment it leaves: the request, and what one chose."""

from server.base.columns import now
from server.base.ids import uuid7
from server.help import escalation, life
from server.help.alarm import Alarm
from server.help.claim import Claim
from server.news.told import Notice
from server.posts.post import Post
from tests.support.alert_people import alerted, ask, deliver
from tests.support.escalation import EVENING, MINUTE, TOMORROW, TONIGHT, paris, rewrite
from tests.support.people import browser_of


async def test_withdrawn_from_who_had_it_and_put_back_it_looks_for_somebody_anew(town):
    post = await ask(town.odette)
    assert await town.hears() == ["Karim"]
    await Claim.take(post, town.paul.id)
    assert await town.after(1) == ["Odette"]
    await life.cancel(post, town.odette.id)
    assert await town.after(2) == ["Paul"]
    assert await town.after(15) == []
    await Post.put_back(post)
    await escalation.resume(post)
    assert await town.after(16) == ["Karim"]
    assert await town.after(26) == ["Paul"]
    assert await town.after(56) == ["Amélie"]


async def test_urgent_again_it_is_told_anew_and_corrected_it_is_not(town):
    post = await ask(town.odette)
    await rewrite(post, urgency="semaine", due_at=None)
    assert await town.hears() == []
    await rewrite(post)
    assert await town.after(1) == ["Karim"]
    for minute in (2, 3, 4):
        await rewrite(post, title=f"Du pain {minute}")
        assert await town.after(minute) == []
    assert await town.after(11) == ["Paul"]


async def test_what_a_moderator_stopped_does_not_begin_again_by_becoming_urgent(town):
    post = await ask(town.odette)
    await Alarm.stop(post, town.amelie.id)
    await rewrite(post, urgency="semaine", due_at=None)
    await rewrite(post)
    assert await town.after(60) == []


async def test_what_becomes_vital_by_night_wakes_those_who_were_to_hear_in_the_morning(town):
    await town.at(EVENING)
    post = await ask(town.odette, need="courses", due_at=TOMORROW)
    assert await town.at(EVENING) == []
    await rewrite(post, need="courses", due_at=TOMORROW, title="Du pain complet")
    assert await town.at(EVENING + MINUTE) == []
    await rewrite(post, need="pharmacie", due_at=TONIGHT)
    assert await town.at(EVENING + 2 * MINUTE) == ["Karim"]
    await rewrite(post, need="pharmacie", due_at=TONIGHT, title="Du sirop")
    assert await town.at(EVENING + 10 * MINUTE) == []
    assert await town.at(EVENING + 11 * MINUTE) == ["Paul"]
    assert await town.at(EVENING + 41 * MINUTE) == ["Amélie"]
    # It was their one wake of this night.
    await ask(town.odette, need="pharmacie", due_at=TONIGHT)
    assert await town.at(EVENING + 60 * MINUTE) == []


async def test_who_was_woken_already_is_not_woken_by_what_becomes_vital(town):
    await town.at(EVENING)
    await ask(town.odette, need="pharmacie", due_at=TONIGHT)
    post = await ask(town.odette, need="garde", due_at=TOMORROW)
    assert await town.at(EVENING) == ["Karim"]
    await rewrite(post, need="pharmacie", due_at=TONIGHT)
    # Of the second only Paul hears, who did not fit for the first.
    assert "Karim" not in await town.at(EVENING + MINUTE)


async def test_what_waits_for_the_morning_follows_what_one_chooses_by_then(town):
    for member in (town.karim, town.paul, town.odette):
        assert (await (await browser_of(member)).post("/chez-moi/alertes", {"dire": "mine"})).status_code == 303
    await town.at(EVENING)
    post = await ask(town.odette, need="garde", due_at=TONIGHT)
    await Notice.tell(town.odette.id, "replied", post, town.karim.id, uuid7())
    chosen = (
        (town.karim, {"dire": "mine", "de": "21", "a": "10"}),
        (town.paul, {"dire": "daily"}),
        (town.odette, {"dire": "urgent"}),
    )
    for member, form in chosen:
        assert (await (await browser_of(member)).post("/chez-moi/alertes", form)).status_code == 303
    assert await town.at(paris(2026, 3, 18, 8)) == []
    # Its hour is past, and it still waits for somebody.
    assert await town.at(paris(2026, 3, 18, 9, 59)) == ["Amélie"]
    assert await town.at(paris(2026, 3, 18, 10)) == ["Karim"]


async def test_who_ends_their_quiet_hours_hears_at_once_what_they_kept_back(town):
    await town.at(EVENING)
    await ask(town.odette, need="garde", due_at=TOMORROW)
    assert await town.at(EVENING + MINUTE) == []
    await (await browser_of(town.karim)).post("/chez-moi/alertes", {"dire": "mine", "calme": "non"})
    assert await town.at(EVENING + 2 * MINUTE) == ["Karim"]


async def off_and_on_again(town, post, struck, back) -> list[str]:
    """Withdrawn, struck at that moment, put back at another one; who hears of it two minutes later."""
    await Post.withdraw(post)
    assert await town.at(struck) == []
    await town.at(back)
    await Post.put_back(post)
    await escalation.resume(post)
    return await town.at(back + 2 * MINUTE)


async def test_who_gave_it_back_is_not_asked_again_by_its_coming_back(town):
    post = await ask(town.odette)
    await Claim.take(post, town.karim.id)
    assert await town.hears() == ["Odette"]
    await Claim.hand_back(post, town.karim.id, "")
    await town.after(1)
    assert "Karim" not in await off_and_on_again(town, post, now(), now())


async def test_put_back_by_night_it_waits_for_the_morning_unless_it_is_vital(town):
    evening = paris(2026, 3, 17, 20, 30)
    for need, heard in (("garde", []), ("pharmacie", ["Karim", "Paul"])):
        await town.at(evening)
        post = await ask(town.odette, need=need, due_at=TOMORROW)
        assert await off_and_on_again(town, post, evening, EVENING) == heard, need
        await life.cancel(post, town.odette.id)


async def test_put_back_it_wakes_nobody_a_second_time(town):
    await town.at(EVENING)
    first = await ask(town.odette, need="pharmacie", due_at=TONIGHT)
    await Post.withdraw(first)
    assert await town.at(EVENING) == []
    await ask(town.odette, need="pharmacie", due_at=TONIGHT)
    assert await town.at(EVENING + MINUTE) == ["Karim"]
    await Post.put_back(first)
    await escalation.resume(first)
    assert await town.at(EVENING + 3 * MINUTE) == []
    assert "Karim" in await town.at(paris(2026, 3, 18, 8))


async def test_put_back_it_is_told_once_by_its_new_round_and_not_by_the_old_one_too(town):
    post = await ask(town.odette)
    await Claim.take(post, town.paul.id)
    assert await town.hears() == ["Odette"]
    await life.cancel(post, town.odette.id)
    assert await town.after(1) == ["Paul"]
    await Post.put_back(post)
    await escalation.resume(post)
    # The sender may well come before whoever takes the steps.
    await deliver(town.courier)
    assert await alerted(town.service) + await town.after(4) == ["Karim"]
