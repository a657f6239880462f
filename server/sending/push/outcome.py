"""What came of sending, and the ledger told of it a few at a time."""

import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID as Id

from server.base.columns import now
from server.base.database import execute, transaction
from server.news.alert import FAILED, SENT, Alert
from server.sending.push.outages import PAUSE

# How many are noted together: so many at most are sent twice when a sender dies.
WRITTEN_AT_ONCE = 250
# Seconds: what is known is noted by then, though it be little.
NOTED_AFTER = 2.0
# The wait after the first failure; it doubles, up to an hour.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)


@dataclass
class Outcome:
    """What came of a batch, written a few at a time: fewer commits than alerts, and little that a crash doubles."""

    sent: list[dict] = field(default_factory=list)
    failed: list[dict] = field(default_factory=list)
    # Devices that are no more.
    gone: list[Id] = field(default_factory=list)
    # To be tried again then.
    later: list[tuple[Id, datetime]] = field(default_factory=list)
    # Not tried: the sender ends, or their push service is out.
    left: list[Id] = field(default_factory=list)
    put_off: list[Id] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)

    @property
    def known(self) -> int:
        """How many are not in the ledger yet."""
        lists = (self.sent, self.failed, self.gone, self.later, self.left, self.put_off)
        return sum(map(len, lists))

    @property
    def is_due(self) -> bool:
        """Whether it is enough to be written, or has waited for long: a lease ends while others hang."""
        known = self.known
        return known >= WRITTEN_AT_ONCE or (known > 0 and time.monotonic() - self.since > NOTED_AFTER)

    def again(self, row: dict, retry_after: str | None) -> None:
        """Try it later, when the push service says so, or with waits that double."""
        wait = min(FIRST_WAIT * 2 ** min(row["tries"] - 1, 10), LONGEST_WAIT)
        at = now() + max(wait, _seconds(retry_after))
        self.later.append((row["id"], at)) if at < row["until"] else self.failed.append(row)

    async def write(self) -> None:
        """Note it in the ledger."""
        noted = replace(self)
        self.__init__()
        if not noted.known:
            return
        async with transaction():
            await Alert.settle(SENT, [row["id"] for row in noted.sent])
            await Alert.settle(FAILED, [row["id"] for row in noted.failed])
            if noted.sent:
                marks = ", ".join("{}" for _ in noted.sent)
                await execute(
                    f"UPDATE notice SET alerted_at = {{}} WHERE alerted_at IS NULL AND id IN ({marks})",
                    now(), *(row["notice"] for row in noted.sent),
                )  # fmt: skip
            for device in sorted(noted.gone):
                await execute("DELETE FROM subscription WHERE id = {}", device)
            for alert, at in noted.later:
                await Alert.later(alert, at)
            await Alert.give_back(noted.left, now())
            await Alert.give_back(noted.put_off, now() + PAUSE)


def _seconds(retry_after: str | None) -> timedelta:
    """Retry-After as seconds or as a date (RFC 9110, 10.2.3), a day at most."""
    if not retry_after:
        return timedelta(0)
    try:
        wait = (
            timedelta(seconds=int(retry_after))
            if retry_after.isdecimal()
            else parsedate_to_datetime(retry_after) - now()
        )
    except (ValueError, TypeError, OverflowError):
        return timedelta(0)
    return min(max(wait, timedelta(0)), timedelta(days=1))
