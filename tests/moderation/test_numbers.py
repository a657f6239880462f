"""The figures of admins, from rows that are known."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from server.base.database import query
from server.help import life
from server.help.claim import Claim
from server.help.offer import join
from server.help.private import Viewing
from server.moderation.numbers import Need, Returns, last_mondays, numbers
from server.people.member import Role
from server.posts.post import Post
from server.text.i18n import date_of, lasting
from tests.support.makers import NOON, found, neighbour, put_up, set_clock

pytestmark = pytest.mark.one_engine

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Board:
    """A quartier with one who asks and one who helps, and a clock that can be moved."""

    def __init__(self, monkeypatch, odette, theo) -> None:
        self.monkeypatch, self.odette, self.theo = monkeypatch, odette, theo

    def at(self, moment: datetime) -> None:
        set_clock(self.monkeypatch, moment)

    async def ask(self, moment: datetime, **other) -> UUID:
        """Odette asks at this moment; the request is there for eight days."""
        self.at(moment)
        return await put_up(self.odette, "help", urgency="semaine", due_at=None, **other)

    async def take(self, post: UUID, moment: datetime) -> None:
        self.at(moment)
        await Claim.take(post, self.theo.id)

    async def help(self, post: UUID, moment: datetime, thanks: bool = False) -> None:
        """Théo takes it at this moment and has done it an hour later."""
        await self.take(post, moment)
        self.at(moment + HOUR)
        await life.finish(post, self.theo.id)
        if thanks:
            await life.thank(post, self.odette.id, None)


async def board(monkeypatch) -> Board:
    await found()
    return Board(monkeypatch, await neighbour(), await neighbour("Théo"))


async def test_an_empty_board_has_no_figures(monkeypatch):
    one = await board(monkeypatch)
    await put_up(one.odette, "tip")
    figures = await numbers()
    assert (figures.weeks, figures.wait, figures.needs, figures.returns) == ([], None, [], [])


async def test_weeks_say_what_became_of_their_requests(monkeypatch):
    one = await board(monkeypatch)
    three_weeks_ago = NOON - 21 * DAY
    await one.help(await one.ask(three_weeks_ago), three_weeks_ago + 2 * HOUR, thanks=True)
    await one.ask(three_weeks_ago)  # expires
    await one.help(await one.ask(NOON - 7 * DAY), NOON - 6 * DAY)
    await one.take(await one.ask(NOON), NOON + HOUR)
    await one.ask(NOON)
    withdrawn, hidden = await one.ask(NOON), await one.ask(NOON)
    await life.cancel(withdrawn, one.odette.id)
    await Post.hide(hidden)
    figures = await numbers()
    assert [(week.monday, week.fates, week.wait) for week in figures.weeks] == [
        (date(2026, 2, 23), {"thanked": 1, "gone": 1}, 2 * HOUR),
        (date(2026, 3, 2), {}, None),
        (date(2026, 3, 9), {"done": 1}, DAY),
        (date(2026, 3, 16), {"taken": 1, "open": 1, "gone": 2}, HOUR),
    ]
    assert [week.total for week in figures.weeks] == [2, 0, 1, 4]
    assert figures.wait == 2 * HOUR


async def test_twelve_weeks_are_counted_and_no_more(monkeypatch):
    one = await board(monkeypatch)
    await one.ask(NOON - 12 * 7 * DAY)
    await one.ask(NOON - 11 * 7 * DAY)
    one.at(NOON)
    weeks = (await numbers()).weeks
    assert len(weeks) == 12 and weeks[0].total == 1 and sum(week.total for week in weeks) == 1


async def test_a_week_begins_on_monday_at_midnight_in_paris_in_summer_and_in_winter(monkeypatch):
    one = await board(monkeypatch)
    # Monday 23 March is still winter (23:00 UTC); on Monday 30 March it is summer (22:00 UTC).
    winter, summer = datetime(2026, 3, 22, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)
    for midnight in (winter, summer):
        await one.ask(midnight - timedelta(seconds=1))
        await one.ask(midnight)
    one.at(datetime(2026, 4, 1, tzinfo=UTC))
    assert [(week.monday, week.total) for week in (await numbers()).weeks] == [
        (date(2026, 3, 16), 1),
        (date(2026, 3, 23), 2),
        (date(2026, 3, 30), 1),
    ]
    one.at(datetime(2026, 3, 29, 21, 59, tzinfo=UTC))
    assert last_mondays()[-1] == date(2026, 3, 23)
    one.at(summer)
    assert last_mondays()[-1] == date(2026, 3, 30)


async def test_the_wait_is_until_the_first_who_took_it_and_of_the_middle_request(monkeypatch):
    one = await board(monkeypatch)
    returned = await one.ask(NOON)
    await one.take(returned, NOON + HOUR)
    await Claim.hand_back(returned, one.theo.id, "")
    await one.help(returned, NOON + 5 * HOUR)
    await one.help(await one.ask(NOON), NOON + 3 * HOUR)
    assert (await numbers()).wait == 2 * HOUR
    await one.help(await one.ask(NOON), NOON + 20 * HOUR)
    assert (await numbers()).wait == 3 * HOUR


async def test_a_proposal_or_a_second_place_is_nobody_coming(monkeypatch):
    one = await board(monkeypatch)
    newcomer = await neighbour("Marguerite", Role.NEWCOMER)
    proposed = await one.ask(NOON)
    await Claim.take(proposed, newcomer.id)
    await life.cancel(proposed, one.odette.id)
    figures = await numbers()
    assert (figures.wait, figures.needs) == (None, [Need("courses", 0, 1)])


async def test_who_was_under_way_when_it_was_cancelled_had_come(monkeypatch):
    one = await board(monkeypatch)
    post = await one.ask(NOON)
    await one.take(post, NOON + HOUR)
    await Viewing.note(post, one.theo.id)
    await life.cancel(post, one.odette.id)
    figures = await numbers()
    assert (figures.wait, figures.needs) == (HOUR, [])


async def test_a_request_made_of_an_offer_is_counted_nowhere(monkeypatch):
    one = await board(monkeypatch)
    one.at(NOON)
    offer = await put_up(one.theo, "offer")
    await join(offer, one.odette.id, "rue des Lilas", {"note": "Du pain"})
    figures = await numbers()
    assert (figures.weeks, figures.wait, figures.needs) == ([], None, [])


async def test_needs_count_what_is_open_and_what_found_nobody_in_ninety_days(monkeypatch):
    one = await board(monkeypatch)
    for age in (91, 89, 30):
        await one.ask(NOON - age * DAY, need="garde")
    await one.ask(NOON, need="garde")
    lapsed = await one.ask(NOON - 20 * DAY, need="trajet")
    await one.take(lapsed, NOON - 20 * DAY)
    one.at(NOON - 15 * DAY)
    assert await life.lapse() == 1
    await one.ask(NOON, need="compagnie")
    await one.take(await one.ask(NOON, need="courses"), NOON)
    assert (await numbers()).needs == [Need("garde", 1, 2), Need("compagnie", 1, 0)]


async def test_who_handed_back_how_often_and_after_reading(monkeypatch):
    one = await board(monkeypatch)
    lea = await neighbour("Léa")
    for days, member, reads in ((91, lea, True), (89, lea, False), (5, one.theo, True), (4, one.theo, False)):
        post = await one.ask(NOON - days * DAY)
        await Claim.take(post, member.id)
        if reads:
            await Viewing.note(post, member.id)
        await Claim.hand_back(post, member.id, "")
    one.at(NOON)
    assert (await numbers()).returns == [Returns("Théo", 2, 1), Returns("Léa", 1, 0)]


async def test_two_of_one_name_are_two(monkeypatch):
    one = await board(monkeypatch)
    for member in (one.theo, await neighbour("Théo")):
        post = await one.ask(NOON)
        await Claim.take(post, member.id)
        await Claim.hand_back(post, member.id, "")
    assert (await numbers()).returns == [Returns("Théo", 1, 0)] * 2
    assert (await query("SELECT count(*) AS n FROM claim"))[0]["n"] == 2


def test_stretches_of_time_are_said_as_one_says_them():
    for minutes, said in (
        (0, "1 min"), (59, "59 min"), (60, "1 h"), (130, "2 h 10"), (47 * 60 + 5, "47 h 05"),
        (48 * 60, "2 jours"), (76 * 60 + 59, "3 jours 4 h"),
    ):  # fmt: skip
        assert lasting(timedelta(minutes=minutes), "fr").replace("\u00a0", " ") == said
    assert lasting(timedelta(minutes=130), "en").replace("\u00a0", " ") == "2 h 10 min"
    assert lasting(timedelta(hours=76), "en").replace("\u00a0", " ") == "3 days 4 h"


def test_dates_of_a_narrow_column_are_in_one_piece():
    assert date_of(date(2026, 11, 23), "fr") == "23\u00a0nov."
    assert date_of(date(2026, 12, 1), "fr") == "1er\u00a0déc."
    assert date_of(date(2026, 12, 1), "en") == "1\u00a0Dec"
