"""TODO."""

from tests.support.escalation import paris

EVENING = paris(2026, 3, 17, 22)


TONIGHT, TOMORROW = paris(2026, 3, 17, 23, 30), paris(2026, 3, 18, 18)
