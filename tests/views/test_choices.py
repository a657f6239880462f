"""The days one can choose."""

from datetime import UTC, datetime

import pytest

from server.views.web.choices import days_ahead
from tests.support.makers import set_clock

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(("hour", "minute", "first"), [(12, 0, 27), (22, 29, 27), (22, 30, 28), (22, 59, 28)])
def test_a_day_without_an_hour_to_come_is_not_offered(monkeypatch, hour, minute, first):
    # Paris is an hour ahead; the last half hour is 23 h 30.
    set_clock(monkeypatch, datetime(2026, 11, 27, hour, minute, tzinfo=UTC))
    assert days_ahead(14, "", "fr")[0][0] == f"2026-11-{first}"
    # What stands there already stays choosable.
    assert days_ahead(14, "2026-11-27", "fr")[0][0] == "2026-11-27"
