"""What the ledger has due, with all that one needs to know to send it, and whether it still is true."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID as Id

from server.base.columns import moment_of, now
from server.base.database import read_now
from server.news import digests
from server.news.alert import STOPPED, Alert
from server.news.news import NOT_IN_BELL

# What is asked of each alert, and of the few posts that a batch is about, by the names of their columns. Ids as text:
# a batch has hundreds of them, and nobody calculates with them.
_ALERT = {
    "id": "CAST(a.id AS VARCHAR)", "until": "a.until", "tries": "a.tries", "notice": "CAST(n.id AS VARCHAR)",
    "what": "n.what", "told_at": "n.at", "seen_at": "n.seen_at", "device": "CAST(s.id AS VARCHAR)",
    "endpoint": "s.endpoint", "p256dh": "s.p256dh", "auth": "s.auth", "language": "coalesce(m.language, 'fr')",
    "post": "CAST(n.post AS VARCHAR)", "person": "CAST(n.person AS VARCHAR)", "once": "n.once",
    "news": "(SELECT count(*) FROM notice w WHERE w.person = n.person AND w.seen_at IS NULL)",
}  # fmt: skip
_ALERTS = (
    "FROM alert a JOIN notice n ON n.id = a.notice JOIN member m ON m.id = n.person"
    " LEFT JOIN subscription s ON s.id = a.subscription WHERE a.state = 'waiting' AND a.id"
)
_POST = {
    "post": "CAST(p.id AS VARCHAR)", "state": "p.state", "urgency": "p.urgency", "need": "p.need",
    "due_at": "p.due_at", "starts_at": "p.starts_at", "place": "p.place", "listed": "p.listed",
    "hidden_at": "p.hidden_at", "withdrawn_at": "p.withdrawn_at", "held_at": "g.held_at",
    "stopped_at": "g.stopped_at", "open_since": "g.open_since",
}  # fmt: skip
_POSTS = "FROM post p LEFT JOIN alarm g ON g.post = p.id WHERE p.id"
_NO_POST = dict.fromkeys(_POST)
_MOMENTS = frozenset(name for name in (*_ALERT, *_POST) if name in ("until", "open_since") or name.endswith("_at"))


async def due_rows(claimed: list[Id]) -> list[dict]:
    """What is known of claimed alerts, for sending them."""
    rows = await _of(_ALERT, _ALERTS, claimed)
    about = {row["post"] for row in rows if row["post"]}
    posts = {row["post"]: row for row in await _of(_POST, _POSTS, [*about])}
    found = [{**_NO_POST, **posts.get(row["post"], {}), **row} for row in rows]
    for row in found:
        if row["what"] in digests.PERIODS:
            row["digest"] = await digests.content(row["person"], row["once"], row["told_at"])
    return found


async def _of(columns: dict[str, str], source: str, ids: list) -> list[dict]:
    """Read in this thread: one of its own would take the interpreter from us at every row (3 % of a message)."""
    if not ids:
        return []
    marks = ", ".join("{}" for _ in ids)
    rows = await read_now(f"SELECT {', '.join(columns.values())} {source} IN ({marks})", *ids)
    found, moments = [dict(zip(columns, row, strict=True)) for row in rows], _MOMENTS & columns.keys()
    for one in found:
        for name in moments:
            one[name] = moment_of(one[name])
    return found


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
    if row["what"] == "stopped" or row["what"] in NOT_IN_BELL:
        return True
    gone = row["hidden_at"] or (row["withdrawn_at"] and row["what"] not in ("cancelled", "unjoined"))
    return row["seen_at"] is None and not gone


async def still_true(rows: list[dict]) -> list[dict]:
    """Those that are, with ``ttl``, the seconds they are worth; the others are struck from the ledger.

    ``looked_at`` is when that was known, on the monotonic clock.
    """
    at, looked_at = now(), time.monotonic()
    for row in rows:
        row["looked_at"] = looked_at
        row["ttl"] = max(1, int((row["until"] - at).total_seconds()))
    false = [row["id"] for row in rows if not is_true(row, at)]
    await Alert.settle(STOPPED, false)
    return [row for row in rows if row["id"] not in false] if false else rows
