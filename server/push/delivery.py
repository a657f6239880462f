"""Sending what the ledger has due: claim, look whether it is still true, encrypt, POST, note what came of it.

RFC 8030: 201 (or any 2xx) is taken; 404 and 410 say that the device is gone; 413 that the message is too
large; 429 and 503 when to come back; whatever else is tried again, later each time, until it is too late.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID as Id

import aiohttp
from yarl import URL

from server import digests
from server.database import change, transaction
from server.news import DUTY, NEWS, NOT_IN_BELL, TRIAL, URGENT
from server.outbound import Redirected, Refused
from server.push import endpoint, message, vapid, words
from server.tables.alert import FAILED, SENT, STOPPED, Alert
from server.tables.base import now
from server.tables.quartier import plate

# How many are claimed at once, how many stand ready (should each of all these hang, they are still done within the
# lease), how many are on their way at the same moment, and how many are noted together: so many at most are sent
# twice when a sender dies.
BATCH, READY, AT_ONCE, WRITTEN_AT_ONCE = 300, 150, 40, 250
# Seconds: what is known is noted by then, though it be little; and how soon something new is seen while others hang.
NOTED_AFTER, LOOKS_AFTER = 2.0, 0.2
# The wait after the first failure; it doubles, up to an hour.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)
URGENCY = {URGENT: "high", DUTY: "high", TRIAL: "high"}

log = logging.getLogger("palier")

# Ids as text: a batch has hundreds of them, and nobody calculates with them.
_FIND = """
SELECT CAST(a.id AS VARCHAR) AS id, a.until, a.tries, CAST(n.id AS VARCHAR) AS notice, n.what, n.seen_at,
 CAST(s.id AS VARCHAR) AS device, s.endpoint, s.p256dh, s.auth, coalesce(m.language, 'fr') AS language,
 CAST(n.post AS VARCHAR) AS post, CAST(n.person AS VARCHAR) AS person, n.once,
 (SELECT count(*) FROM notice w WHERE w.person = n.person AND w.seen_at IS NULL) AS news
FROM alert a JOIN notice n ON n.id = a.notice JOIN member m ON m.id = n.person
LEFT JOIN subscription s ON s.id = a.subscription
WHERE a.state = 'waiting' AND a.id IN ({})
"""
# The few posts that a batch is about.
_POSTS = """
SELECT CAST(p.id AS VARCHAR) AS post, p.state, p.urgency, p.need, p.due_at, p.starts_at, p.place, p.listed, p.hidden_at,
 g.held_at, g.stopped_at, g.open_since
FROM post p LEFT JOIN alarm g ON g.post = p.id WHERE p.id IN ({})
"""
_NO_POST = dict.fromkeys(
    (
        "state", "urgency", "need", "due_at", "starts_at", "place", "listed", "hidden_at",
        "held_at", "stopped_at", "open_since",
    )
)  # fmt: skip


async def due_rows(claimed: list[Id]) -> list[dict]:
    """What is known of claimed alerts, for sending them."""
    if not claimed:
        return []
    rows = await _of(_FIND, claimed)
    about = {row["post"] for row in rows if row["post"]}
    posts = {row["post"]: dict(row) for row in await _of(_POSTS, [*about])} if about else {}
    found = [{**row, **posts.get(row["post"], _NO_POST)} for row in rows]
    for row in found:
        if row["what"] in digests.PERIODS:
            told = await change("SELECT at FROM notice WHERE id = {}", row["notice"])
            row["digest"] = await digests.content(row["person"], row["once"], told[0]["at"])
    return found


async def _of(query: str, ids: list) -> list[dict]:
    return await change(query.replace("({})", f"({', '.join('{}' for _ in ids)})"), *ids)


def is_true(row: Mapping[str, Any], at: datetime) -> bool:
    """Whether what is to be said still holds: nobody is woken for a need that is met, or for what they have read."""
    if row["until"] <= at:
        return False
    open_still = bool(row["state"] == "open" and row["listed"] and row["seen_at"] is None)
    if row["what"] == "free":
        return open_still
    if row["what"] in ("urgent", "nobody"):
        return open_still and row["urgency"] == "urgent" and row["stopped_at"] is None
    if row["what"] == "held":
        return open_still and row["held_at"] is not None and row["stopped_at"] is None
    if row["what"] in digests.PERIODS:
        return row["digest"].new > 0
    if row["what"] in NOT_IN_BELL:
        return True
    return (row["seen_at"] is None and row["hidden_at"] is None) or row["what"] == "stopped"


async def _still_true(rows: list[dict]) -> list[dict]:
    """Those that are; the others are struck from the ledger."""
    at = now()
    for row in rows:
        row["ttl"] = max(1, int((row["until"] - at).total_seconds()))
    false = [row["id"] for row in rows if not is_true(row, at)]
    await Alert.settle(STOPPED, false)
    return [row for row in rows if row["id"] not in false] if false else rows


class Courier:
    """Sends through one session of HTTP; several may work at once, in several processes."""

    def __init__(
        self, session: aiohttp.ClientSession, own: aiohttp.ClientSession | None = None,
        over: asyncio.Event | None = None,
    ) -> None:  # fmt: skip
        """``own`` is for the push service of one's own (``settings.push_origin``), which need not be public.

        Once ``over`` is set, nothing more is begun.
        """
        self.session, self.own, self.over = session, own or session, over or asyncio.Event()

    async def round(self) -> int:
        """Send whatever is due, and what falls due meanwhile; how many rows that was. 0: nothing waits now."""
        rows = await self._claim()
        if not rows:
            return 0
        self.plate, self.payloads = await plate(), {}
        outcome, ready, total = _Outcome(), asyncio.Queue(READY), 0
        try:
            # Whatever fails here ends the round: a worker that is missing would leave the queue full for ever.
            async with asyncio.TaskGroup() as group:
                # One that hangs keeps one of these from its work, and no other.
                workers = [group.create_task(self._work(ready, outcome)) for _ in range(AT_ONCE)]
                while rows or not await _all_done(ready):
                    total += len(rows)
                    for row in await _still_true(rows):
                        await ready.put(row)
                    if outcome.is_due:
                        await outcome.write()
                    rows = await self._claim()
                for worker in workers:
                    worker.cancel()
        finally:
            await outcome.write()
        return total

    async def _claim(self) -> list[dict]:
        return [] if self.over.is_set() else await due_rows(await Alert.claim(BATCH))

    async def _work(self, ready: asyncio.Queue, outcome: "_Outcome") -> None:
        while True:
            row = await ready.get()
            if self.over.is_set():
                outcome.left.append(row["id"])
            else:
                try:
                    await self._send(row, outcome)
                except Exception:
                    # Whatever is wrong with one keeps none of the others from being sent.
                    log.exception("an alert could not be sent")
                    outcome.again(row, None)
            if outcome.is_due:
                await outcome.write()
            ready.task_done()

    async def _send(self, row: dict, outcome: "_Outcome", *, short: bool = False) -> None:
        try:
            where = endpoint.check(row["endpoint"])
            body = message.encrypt(row["p256dh"], row["auth"], self._payload(row, short))
        except (Refused, ValueError):
            # What was let in by other rules than those of today, or has keys that nothing can be sealed for.
            outcome.gone.append(row["device"])
            return
        try:
            status, retry_after = await self._post(row, where, body)
        except Redirected:
            # No push service does that (RFC 8030 has no such answer).
            outcome.failed.append(row)
            return
        except (aiohttp.ClientError, Refused, TimeoutError, OSError):
            # Refused at the connection: a resolver that lies does that to honest services too.
            outcome.again(row, None)
            return
        if 200 <= status < 300:
            outcome.sent.append(row)
        elif status in (404, 410):
            outcome.gone.append(row["device"])
        elif status == 413 and not short:
            await self._send(row, outcome, short=True)
        elif status in (408, 425, 429) or status >= 500:
            outcome.again(row, retry_after)
        else:
            # 400, 401, 403: our fault; the same again would be refused again.
            log.warning("a push service refused an alert: %s", status)
            outcome.failed.append(row)

    async def _post(self, row: dict, where: str, body: bytes) -> tuple[int, str | None]:
        """POST one alert; the status and Retry-After. Raises Refused, aiohttp's errors, TimeoutError."""
        headers = {
            "Authorization": vapid.header_for(where),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(row["ttl"]),
            "Urgency": URGENCY.get(NEWS[row["what"]].group, "normal"),
            "Topic": words.topic(row["what"], row["post"]),
        }
        session = self.own if endpoint.is_own(where) else self.session
        async with session.post(URL(where, encoded=True), data=body, headers=headers, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("Retry-After")

    def _payload(self, row: dict, short: bool) -> bytes:
        """What the device is told. Of one announcement it is the same for nearly everybody: made once a round."""
        receipt = row["id"] if row["what"] == "trial" else None
        name = (row["what"], row["post"], row["language"], row["news"], _count(row), receipt, short)
        if name not in self.payloads:
            post = {**row, "id": row["post"]} if row["post"] else None
            self.payloads[name] = words.payload(
                row["what"], row["language"], self.plate, post,
                news=row["news"], count=_count(row), receipt=receipt, short=short,
            )  # fmt: skip
        return self.payloads[name]


def _count(row: Mapping[str, Any]) -> int:
    """The number in the words: of minutes without anybody, or of what is new."""
    if row["what"] == "nobody" and row["open_since"]:
        return int((now() - row["open_since"]).total_seconds() // 60)
    return row["digest"].new if row["what"] == "digest" else 0


async def _all_done(ready: asyncio.Queue) -> bool:
    """Whether all that was handed out is over, soon."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(ready.join(), LOOKS_AFTER)
        return True
    return False


class _Outcome:
    """What came of a batch, written a few at a time: fewer commits than alerts, and little that a crash doubles."""

    def __init__(self) -> None:
        self.sent: list[dict] = []
        self.failed: list[dict] = []
        self.gone: list[Id] = []
        self.later: list[tuple[Id, datetime]] = []
        self.left: list[Id] = []
        self._written = time.monotonic()

    @property
    def is_due(self) -> bool:
        """Whether it is enough to be written, or has waited for long: a lease ends while others hang."""
        known = len(self.sent) + len(self.failed) + len(self.gone) + len(self.later) + len(self.left)
        return known >= WRITTEN_AT_ONCE or (known > 0 and time.monotonic() - self._written > NOTED_AFTER)

    def again(self, row: dict, retry_after: str | None) -> None:
        """Try it later, when the push service says so, or with waits that double."""
        wait = min(FIRST_WAIT * 2 ** min(row["tries"] - 1, 10), LONGEST_WAIT)
        at = now() + max(wait, _seconds(retry_after))
        self.later.append((row["id"], at)) if at < row["until"] else self.failed.append(row)

    async def write(self) -> None:
        """Note it in the ledger."""
        sent, failed, gone, later, left = self.sent, self.failed, self.gone, self.later, self.left
        self.sent, self.failed, self.gone, self.later, self.left = [], [], [], [], []
        self._written = time.monotonic()
        if not (sent or failed or gone or later or left):
            return
        async with transaction():
            await Alert.settle(SENT, [row["id"] for row in sent])
            await Alert.settle(FAILED, [row["id"] for row in failed])
            if sent:
                marks = ", ".join("{}" for _ in sent)
                await change(
                    f"UPDATE notice SET alerted_at = {{}} WHERE alerted_at IS NULL AND id IN ({marks})",
                    now(), *(row["notice"] for row in sent),
                )  # fmt: skip
            for device in sorted(gone):
                await change("DELETE FROM subscription WHERE id = {}", device)
            for alert, at in later:
                await Alert.later(alert, at)
            await Alert.give_back(left)


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
