"""What may change under an open board: its folder taken away, the clock set. Each round of upkeep looks."""

import os
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from server.base.database import ON_POSTGRES
from server.base.settings import settings

# A clock that is corrected bit by bit stays below this.
TOLERANCE = timedelta(minutes=10)
# As long as nobody was here for so long, it may as well be the clock.
LONG_AGO = timedelta(days=30)
# A clock that stays as it is for so long is believed.
HOLD = timedelta(days=1)


def elapsed() -> float:
    """Seconds that no clock setting changes, and that go on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass
class Clock:
    """Whether the time of day is to be believed, by a clock that nobody sets.

    ``held_until`` on that one; None: it is. ``doubted``: from the start, because of the newest rows.
    """

    wall: datetime
    steady: float
    held_until: float | None = None
    doubted: bool = False

    def look(self, at: datetime, steady: float) -> bool:
        """Whether it is right, as far as this process can tell. A jump holds for ``HOLD``, or until it is undone."""
        drift = (at - self.wall) - timedelta(seconds=steady - self.steady)
        if abs(drift) <= TOLERANCE:
            # Undone.
            self.held_until = self.held_until if self.doubted else None
        elif self.held_until is None or self.doubted:
            self.held_until, self.doubted = steady + HOLD.total_seconds(), False
        if self.held_until is not None and steady >= self.held_until:
            self.wall, self.steady, self.held_until, self.doubted = at, steady, None, False
        return self.held_until is None

    def doubt(self) -> None:
        """Hold from the start."""
        self.held_until, self.doubted = self.steady + HOLD.total_seconds(), True


def doubtful(at: datetime, newest: datetime | None) -> bool:
    """Whether the newest row of a board says that this moment may be wrong: before it, or very long after it."""
    return newest is not None and (at < newest - TOLERANCE or at > newest + LONG_AGO)


class Folder:
    """Whether the data folder, and in it what this process holds open, is still the one that was opened."""

    def __init__(self, folder: Path) -> None:
        self._paths = [folder, folder / "key", *([] if ON_POSTGRES else [settings.sqlite_path])]
        self._were = self._are()

    def is_there(self) -> bool:
        """Whether nothing was removed or replaced."""
        return self._are() == self._were

    def _are(self) -> list[tuple[int, int] | None]:
        return [self._mark(path) for path in self._paths]

    @staticmethod
    def _mark(path: Path) -> tuple[int, int] | None:
        # Only asked about, never opened: closing a descriptor of ours would drop the database's locks.
        try:
            state = os.stat(path)
        except OSError:
            return None
        return state.st_dev, state.st_ino


_clock: Clock | None = None
_folder: Folder | None = None
_there = True


def begin(at: datetime, newest: datetime | None) -> bool:
    """The board is open: what is there now is what has to stay. False when the newest rows make the clock doubtful."""
    global _clock, _folder, _there
    _clock, _folder, _there = Clock(at, elapsed()), Folder(settings.data), True
    if doubtful(at, newest):
        _clock.doubt()
    return _clock.held_until is None


def end() -> None:
    """The board is closed."""
    global _clock, _folder, _there
    _clock, _folder, _there = None, None, True


def clock_is_right(at: datetime) -> bool:
    """Whether this moment is to be believed; nobody doubts it before the board is open."""
    return _clock is None or _clock.look(at, elapsed())


def look_at_folder() -> bool:
    """Look again whether the folder is there."""
    global _there
    _there = _folder is None or _folder.is_there()
    return _there


def is_there() -> bool:
    """What the last look found."""
    return _there
