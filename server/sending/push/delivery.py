"""Sending what the ledger has due: claim, look whether it is still true, encrypt, POST, note what came of it.

RFC 8030: 201 (or any 2xx) is taken; 404 and 410 say that the device is gone; 413 that the message is too
large; 429 and 503 when to come back; whatever else is tried again, later each time, until it is too late.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Mapping
from typing import Any

import aiohttp
from yarl import URL

from server.base.columns import now
from server.base.outbound import Redirected, Refused
from server.news.alert import Alert
from server.news.news import DUTY, NEWS, TRIAL, URGENT
from server.people.quartier import plate
from server.sending.push import endpoint, message, vapid, words
from server.sending.push.due import due_rows, still_true
from server.sending.push.outages import Outages
from server.sending.push.outcome import Outcome

# How many are claimed at once, when so few stand ready that more are claimed (should each of all these hang, they are
# still done within the lease), and how many are on their way at the same moment.
BATCH, READY, AT_ONCE = 300, 60, 40
# Seconds: how soon something new is seen while others hang, and for how long what was true is taken to be.
LOOKS_AFTER, HOLDS = 0.2, 1.0
URGENCY = {URGENT: "high", DUTY: "high", TRIAL: "high"}

log = logging.getLogger("palier")


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
        self.outages = Outages()

    async def round(self) -> int:
        """Send whatever is due, and what falls due meanwhile; how many rows that was. 0: nothing waits now."""
        rows = await self._claim()
        if not rows:
            return 0
        self.plate, self.payloads = await plate(), {}
        outcome, ready, low, total = Outcome(), asyncio.Queue(), asyncio.Event(), 0
        try:
            # Whatever fails here ends the round: workers that are missing would leave the queue full for ever.
            async with asyncio.TaskGroup() as group:
                # One that hangs keeps one of these from its work, and no other.
                workers = [group.create_task(self._work(ready, low, outcome)) for _ in range(AT_ONCE)]
                while rows or not await _all_done(ready):
                    total += len(rows)
                    for row in await still_true(rows):
                        ready.put_nowait(row)
                    if ready.qsize() > READY:
                        low.clear()
                        await low.wait()
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

    async def _work(self, ready: asyncio.Queue, low: asyncio.Event, outcome: Outcome) -> None:
        while True:
            row = await ready.get()
            if ready.qsize() <= READY:
                low.set()
            if self.over.is_set():
                outcome.left.append(row["id"])
            else:
                try:
                    if time.monotonic() - row["looked_at"] < HOLDS:
                        await self._send(row, outcome)
                    else:
                        await self._look_again(row, outcome)
                except Exception:
                    # Whatever is wrong with one keeps none of the others from being sent.
                    log.exception("an alert could not be sent")
                    outcome.again(row, None)
            if outcome.is_due:
                await outcome.write()
            ready.task_done()

    async def _look_again(self, row: dict, outcome: Outcome) -> None:
        """What stood ready behind a slow push service may have been stopped or met meanwhile."""
        for one in await still_true(await due_rows([row["id"]])):
            await self._send(one, outcome)

    async def _send(self, row: dict, outcome: Outcome, *, short: bool = False) -> None:
        try:
            where = endpoint.check(row["endpoint"])
            body = message.encrypt(row["p256dh"], row["auth"], self._payload(row, short))
        except (Refused, ValueError):
            # What was let in by other rules than those of today, or has keys that nothing can be sealed for.
            outcome.gone.append(row["device"])
            return
        service = endpoint.origin_of(where)
        if self.outages.is_out(service):
            outcome.put_off.append(row["id"])
            return
        try:
            status, retry_after = await self._post(row, where, body)
        except Redirected:
            # No push service does that (RFC 8030 has no such answer).
            outcome.failed.append(row)
            return
        except (aiohttp.ClientError, Refused, TimeoutError, OSError):
            # Refused at the connection: a resolver that lies does that to honest services too.
            self.outages.silent(service)
            outcome.again(row, None)
            return
        self.outages.answered(service)
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
