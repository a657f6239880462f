"""What the ledger has due, with all that one needs to know to send it, and whether it still is true."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID as Id

from server import digests
from server.database import change
from server.news import NOT_IN_BELL
from server.tables.alert import STOPPED, Alert
from server.tables.base import now

# Ids as text: a batch has hundreds of them, and nobody calculates with them.
_FIND = """
SELECT CAST(a.id AS VARCHAR) AS id, a.until, a.tries, CAST(n.id AS VARCHAR) AS notice, n.what,
 n.at AS told_at, n.seen_at, CAST(s.id AS VARCHAR) AS device, s.endpoint, s.p256dh, s.auth,
 coalesce(m.language, 'fr') AS language,
 CAST(n.post AS VARCHAR) AS post, CAST(n.person AS VARCHAR) AS person, n.once,
 (SELECT count(*) FROM notice w WHERE w.person = n.person AND w.seen_at IS NULL) AS news
FROM alert a JOIN notice n ON n.id = a.notice JOIN member m ON m.id = n.person
LEFT JOIN subscription s ON s.id = a.subscription
WHERE a.state = 'waiting' AND a.id IN ({})
"""
# The few posts that a batch is about.
_POSTS = """
SELECT CAST(p.id AS VARCHAR) AS post, p.state, p.urgency, p.need, p.due_at, p.starts_at, p.place, p.listed, p.hidden_at,
 p.withdrawn_at, g.held_at, g.stopped_at, g.open_since
FROM post p LEFT JOIN alarm g ON g.post = p.id WHERE p.id IN ({})
"""
_NO_POST = dict.fromkeys(
    (
        "state", "urgency", "need", "due_at", "starts_at", "place", "listed", "hidden_at",
        "withdrawn_at", "held_at", "stopped_at", "open_since",
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
            row["digest"] = await digests.content(row["person"], row["once"], row["told_at"])
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
    if row["what"] == "stopped":
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
