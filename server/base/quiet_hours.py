"""Quiet hours: when an alert waits for the morning. Pure; hours are those of the quartier's clock.

A day there has 23 or 25 hours twice a year. So an end is found by its hour on the wall, never by adding
hours to a moment: 8 h stays 8 h in the night in which the clock changes.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from server.base.settings import settings

FROM, UNTIL = 21, 8
# What may be chosen: the evening and the morning.
EVENINGS, MORNINGS = (19, 20, 21, 22, 23), (6, 7, 8, 9, 10)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one hour (0 to 23) until another; the same twice means never."""

    start: int = FROM
    end: int = UNTIL

    def began(self, moment: datetime) -> datetime | None:
        """When the quiet hours began in which this moment lies; None outside of them."""
        here = moment.astimezone(settings.zone)
        now = here.hour
        if self.start == self.end:
            return None
        within = self.start <= now < self.end if self.start < self.end else now >= self.start or now < self.end
        if not within:
            return None
        return _at(here.date() - timedelta(days=now < self.start), self.start)

    def ends(self, moment: datetime) -> datetime | None:
        """When the quiet hours end in which this moment lies; None outside of them."""
        began = self.began(moment)
        if began is None:
            return None
        return _at(began.astimezone(settings.zone).date() + timedelta(days=self.end <= self.start), self.end)

    def next_end(self, moment: datetime) -> datetime:
        """The next time that quiet hours end: the hour of the daily word."""
        here = moment.astimezone(settings.zone)
        today = _at(here.date(), self.end)
        return today if today > moment else _at(here.date() + timedelta(days=1), self.end)

    def last_end(self, moment: datetime, weekday: int | None = None) -> datetime:
        """The last time that quiet hours ended; on that day of the week (0 is Monday), if one is given.

        Who has no quiet hours has the usual end of them.
        """
        here = moment.astimezone(settings.zone).date()
        back, step = (0, 1) if weekday is None else ((here.weekday() - weekday) % 7, 7)
        hour = self.end if self.start != self.end else UNTIL
        last = _at(here - timedelta(days=back), hour)
        return last if last <= moment else _at(here - timedelta(days=back + step), hour)


def _at(day, hour: int) -> datetime:
    """This hour of that day on the quartier's clock. An hour that the clock skips is read with the time before it."""
    return datetime.combine(day, time(hour), settings.zone)
