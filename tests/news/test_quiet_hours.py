"""Quiet hours on the quartier's wall clock, the two nights included in which it changes."""

from datetime import UTC, datetime

import pytest

from server.base.quiet_hours import Quiet
from server.base.settings import settings

pytestmark = pytest.mark.one_engine


def paris(*parts: int, fold: int = 0) -> datetime:
    """A moment by what the wall shows."""
    return datetime(*parts, tzinfo=settings.zone, fold=fold)


@pytest.mark.parametrize(
    ("moment", "ends"),
    [
        (paris(2026, 3, 17, 20, 59), None),
        (paris(2026, 3, 17, 21, 0), paris(2026, 3, 18, 8)),
        (paris(2026, 3, 18, 0, 0), paris(2026, 3, 18, 8)),
        (paris(2026, 3, 18, 7, 59), paris(2026, 3, 18, 8)),
        (paris(2026, 3, 18, 8, 0), None),
    ],
)
def test_from_nine_in_the_evening_until_eight(moment, ends):
    assert Quiet().ends(moment) == ends


def test_within_one_day():
    nap = Quiet(13, 15)
    assert nap.ends(paris(2026, 3, 17, 14, 30)) == paris(2026, 3, 17, 15)
    assert nap.ends(paris(2026, 3, 17, 15, 0)) is None
    assert nap.ends(paris(2026, 3, 17, 12, 59)) is None


def test_the_same_hour_twice_means_never():
    assert all(Quiet(21, 21).ends(paris(2026, 3, 17, hour)) is None for hour in range(24))


@pytest.mark.parametrize(
    ("evening", "hours"),
    # The night of spring has an hour less, that of autumn one more; eight stays eight on the wall.
    [(paris(2026, 3, 28, 21), 10), (paris(2026, 10, 24, 21), 12), (paris(2026, 3, 17, 21), 11)],
)
def test_a_night_is_as_long_as_its_clock_makes_it(evening, hours):
    ends = Quiet().ends(evening)
    assert (ends.astimezone(settings.zone).hour, ends.astimezone(settings.zone).minute) == (8, 0)
    assert (ends.astimezone(UTC) - evening.astimezone(UTC)).total_seconds() == hours * 3600


@pytest.mark.parametrize("fold", [0, 1])
def test_both_of_the_hours_that_autumn_has_twice_are_in_the_night(fold):
    twice = paris(2026, 10, 25, 2, 30, fold=fold)
    assert Quiet().began(twice) == paris(2026, 10, 24, 21)
    assert Quiet().ends(twice) == paris(2026, 10, 25, 8)


def test_quiet_hours_that_end_in_the_hour_that_spring_skips():
    """There is no 2 h 30 in that night: the end at 2 h is 3 h on the new clock, and not a moment that never comes."""
    ends = Quiet(21, 2).ends(paris(2026, 3, 29, 1, 30))
    assert ends.astimezone(UTC) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert Quiet(21, 2).ends(ends) is None


def test_the_daily_word_comes_once_a_day_whatever_the_clock_does():
    at, said = paris(2026, 3, 26, 12), []
    for _ in range(6):
        at = Quiet().next_end(at)
        said.append(at.astimezone(settings.zone).strftime("%d %H:%M"))
    assert said == ["27 08:00", "28 08:00", "29 08:00", "30 08:00", "31 08:00", "01 08:00"]
