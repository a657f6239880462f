"""Nights: whom an urgent request may wake, how often, and what waits for each one's own morning."""

from server.base.quiet_hours import Quiet
from server.posts.post import Post
from tests.support.alert_people import ask, with_phone
from tests.support.escalation import EVENING, MINUTE, TONIGHT, paris


async def test_an_admin_who_was_asked_first_is_still_woken_to_call(town):
    """The usual choice has an admin among everybody: that must not use up the wake of who is to call."""
    await with_phone(town.service, town.amelie, what="mine")
    await town.at(EVENING)
    await ask(town.odette, need="pharmacie", due_at=TONIGHT)
    assert await town.at(EVENING) == ["Karim"]
    assert await town.at(EVENING + 10 * MINUTE) == ["Amélie", "Amélie", "Paul"]
    assert await town.at(EVENING + 40 * MINUTE) == ["Amélie", "Amélie"]
    # Once a night, of each: another need that nobody takes waits for the morning.
    await ask(town.odette, need="pharmacie", due_at=TONIGHT)
    assert await town.at(EVENING + 90 * MINUTE) == []


async def test_who_was_woken_for_nothing_was_not_woken(town):
    """Off the board before it left, it has disturbed nobody."""
    await town.at(EVENING)
    post = await ask(town.odette, need="pharmacie", due_at=TONIGHT)
    await Post.withdraw(post)
    assert await town.at(EVENING) == []
    await ask(town.odette, need="pharmacie", due_at=TONIGHT)
    assert await town.at(EVENING + MINUTE) == ["Karim"]
    await ask(town.odette, need="pharmacie", due_at=TONIGHT)
    assert await town.at(EVENING + 2 * MINUTE) == []


async def test_whoever_sleeps_longer_hears_in_their_own_morning_of_what_still_waits(town):
    await with_phone(town.service, town.karim, quiet=Quiet(21, 10))
    await town.at(EVENING)
    await ask(town.odette, need="garde", due_at=TONIGHT)
    assert "Karim" not in await town.at(paris(2026, 3, 18, 8))
    assert "Karim" in await town.at(paris(2026, 3, 18, 10))
