"""When things happen in the demonstration: always around today, never in the middle of the night."""

import re
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
MORNING, NIGHT = (7, 0), (22, 30)


class Moments:
    """Turns written moments into real ones, seen from ``now`` in the quartier's time zone."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self.now = now.astimezone(zone)
        # The last minute at which somebody may have written: now, or the evening before a night.
        self.latest = self.now.replace(second=0, microsecond=0)
        if (self.latest.hour, self.latest.minute) < MORNING:
            self.latest -= timedelta(days=1)
            self.latest = self.latest.replace(hour=NIGHT[0], minute=NIGHT[1])
        elif (self.latest.hour, self.latest.minute) > NIGHT:
            self.latest = self.latest.replace(hour=NIGHT[0], minute=NIGHT[1])

    def past(self, written: str) -> datetime:
        """A moment that is over: ``-20min``, or ``-3 9:40`` (``0 9:40`` is today, if it is over)."""
        if written.endswith("min"):
            return self._awake(self.latest + timedelta(minutes=int(written[:-3])))
        days, hour, minute = re.fullmatch(r"(-?\d+) (\d+):(\d\d)", written).groups()
        at = self._on(int(days), int(hour), int(minute))
        # Ten minutes leave room for what follows.
        over = at <= self.latest - timedelta(minutes=10)
        return at if over else self._on(int(days) - 1, int(hour), int(minute))

    def ahead(self, written: str) -> datetime:
        """A moment of a notice itself.

        ``soon`` is in two or three hours, or tomorrow morning when it is late. ``+25`` is the
        end of the 25th day from now, ``+1 9:00`` tomorrow at nine, ``-5 18:00`` five days ago,
        ``samedi 15:00`` the next Saturday, ``samedi+1`` the one after, ``samedi-1`` the last,
        ``tonight 20:00`` today, until the board would have moved it on to tomorrow by itself.
        """
        if written == "soon":
            return self._soon()
        day, _, clock = written.partition(" ")
        hour, minute = map(int, (clock or "23:59").split(":"))
        if day == "tonight":
            over = self._at(self.now, 0, hour, minute) < self.now - timedelta(hours=3)
            return self._at(self.now, int(over), hour, minute)
        if day[0] in "+-0":
            return self._on(int(day), hour, minute)
        name, weeks = re.fullmatch(r"([a-z]+)([+-]\d)?", day).groups()
        days = (DAYS.index(name) - self.now.weekday()) % 7
        if weeks and int(weeks) < 0:
            return self._at(self.now, days + 7 * int(weeks), hour, minute)
        if self._at(self.now, days, hour, minute) < self.now + timedelta(hours=1):
            days += 7
        return self._at(self.now, days + 7 * int(weeks or 0), hour, minute)

    def after(self, start: datetime, delay: str, previous: datetime | None = None) -> datetime:
        """``delay`` after ``start``, in waking hours, later than ``previous`` and not later than now."""
        previous = previous or start
        number, unit = re.fullmatch(r"(\d+)(min|h|d)", delay).groups()
        chance = Random(f"{start:%H:%M} {delay} {previous:%M}")
        at = start + int(number) * UNITS[unit]
        if unit != "min":
            # Nobody answers a full hour later to the minute.
            at += timedelta(minutes=chance.randint(-14, 14), seconds=chance.randrange(60))
        if not MORNING <= (at.hour, at.minute) < NIGHT:
            # What falls into the night is done after breakfast.
            at = self._at(at, 1 if at.hour > 12 else 0, 8, chance.randrange(5, 55))
        at = max(at, previous + timedelta(minutes=chance.randint(3, 12)))
        return at if at < self.latest else previous + (self.latest - previous) / 2

    def within(self, start: datetime, chance: Random) -> datetime:
        """A moment between ``start`` and now, more likely soon after the start."""
        at = start + (self.latest - start) * chance.random() ** 2
        return max(self._awake(at), start + timedelta(seconds=30))

    def _soon(self) -> datetime:
        at = (self.now + timedelta(hours=2, minutes=30)).replace(minute=30, second=0, microsecond=0)
        if 10 <= at.hour <= 20 and at.date() == self.now.date():
            return at
        days = 0 if self.now.hour < 8 else 1
        return self._at(self.now, days, 10, 30)

    def _awake(self, at: datetime) -> datetime:
        # Nine hours before four in the morning it is seven in the evening.
        return at if MORNING <= (at.hour, at.minute) <= NIGHT else at - timedelta(hours=9)

    def _on(self, days: int, hour: int, minute: int) -> datetime:
        return self._at(self.latest, days, hour, minute)

    @staticmethod
    def _at(day: datetime, days: int, hour: int, minute: int) -> datetime:
        return (day + timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)
