"""What a long command says meanwhile: its steps, one a line, and how far the long ones are."""

import sys
import time
from collections.abc import Callable

# Seconds between two words about the same step.
EVERY = 1.0
Tell = Callable[[int, int], None]


class Progress:
    """Speaks on standard error, so that standard output holds the result alone."""

    def __init__(self) -> None:
        self._last = 0.0
        self._open = False

    def step(self, said: str) -> None:
        """Begin a step."""
        self._end()
        print(f"  {said}…", file=sys.stderr, flush=True)
        self._last = time.monotonic()

    def part(self, done: int, whole: int) -> None:
        """How far it is: in place on a terminal, else a line a while."""
        if not whole or time.monotonic() - self._last < EVERY:
            return
        self._last, said = time.monotonic(), f"    {min(100, 100 * done // whole)} %"
        if sys.stderr.isatty():
            print(f"\r{said}", end="", file=sys.stderr, flush=True)
            self._open = True
        else:
            print(said, file=sys.stderr, flush=True)

    def _end(self) -> None:
        if self._open:
            print(file=sys.stderr)
        self._open = False
