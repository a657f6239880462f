"""Push services that do not answer: nobody waits for them for a while, so that the others' alerts leave at once."""

import time
from datetime import timedelta

# So many requests in a row without any answer, and a service is out.
IN_A_ROW = 5
# Until one request tries it again.
PAUSE = timedelta(seconds=15)
# Subdomains of a service may be made up: no more are remembered than this.
MOST_KEPT = 500


class Outages:
    """What one sender knows of the services it speaks to, by origin."""

    def __init__(self) -> None:
        self._silent: dict[str, int] = {}
        self._until: dict[str, float] = {}

    def is_out(self, origin: str) -> bool:
        """Whether to leave it alone. After each pause one request, whoever asks first, may try it."""
        until = self._until.get(origin)
        if until is None:
            return False
        if _clock() < until:
            return True
        self._until[origin] = _clock() + PAUSE.total_seconds()
        return False

    def answered(self, origin: str) -> None:
        """It says something, whatever it is."""
        if origin in self._silent:
            self._silent.pop(origin)
            self._until.pop(origin, None)

    def silent(self, origin: str) -> None:
        """It did not answer in time, or took no connection."""
        if len(self._silent) >= MOST_KEPT:
            self._silent.clear()
            self._until.clear()
        self._silent[origin] = self._silent.get(origin, 0) + 1
        if self._silent[origin] >= IN_A_ROW:
            self._until[origin] = _clock() + PAUSE.total_seconds()


def _clock() -> float:
    """Seconds; a test may move it."""
    return time.monotonic()
