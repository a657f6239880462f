"""What takes place again and again: the next time, and its author who is asked once a month whether it goes on."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID as Id

from server.base.columns import each, moment_of, now
from server.base.database import execute, query, transaction
from server.base.settings import settings
from server.gatherings.attendance import move_on
from server.news.told import Notice
from server.posts.post import TAKES_PLACE, UNTIL_STOPPED

ASKED_EVERY = timedelta(days=30)
# Two questions without an answer, and the time of a third.
MAX_ASKS = 2
STEP_DAYS = {"daily": 1, "weekly": 7}
_REPEATS = "listed AND repeats IN ('daily', 'weekly')"


def asked(post: dict[str, Any]) -> str:
    """Of a post: "asked" when its author is to say whether it goes on, "off" when it left the board; else empty."""
    if post["repeats"] not in post["kind"].until_stopped:
        return ""
    return "off" if post["expires_at"] <= now() else "asked" * bool(post["asks"])


async def move() -> int:
    """Set the next day or week of each repeating moment that is over; how many. Late by a week, nothing more changes.

    One that fails keeps none of the others: raises ExceptionGroup at the end.
    """
    over = now() - TAKES_PLACE
    rows = await query(
        f"SELECT id, kind, starts_at, repeats FROM post WHERE {_REPEATS} AND starts_at < {{}} AND expires_at > {{}}",
        over,
        now(),
    )
    return sum(await each(rows, lambda row: _move(row, over)))


async def _move(row: dict[str, Any], over: datetime) -> bool:
    starts = moment_of(row["starts_at"])
    following = next_time(starts, row["repeats"], over)
    if row["kind"] == "gathering":
        return await move_on(row["id"], starts, following)
    # Who joined an offer joined it as long as it lasts.
    moved = await execute(
        "UPDATE post SET starts_at = {}, version = version + 1 WHERE id = {} AND starts_at = {} RETURNING id",
        following, row["id"], starts,
    )  # fmt: skip
    return bool(moved)


def next_time(starts: datetime, repeats: str, after: datetime) -> datetime:
    """The first of its times that is not before ``after``, at the same hour of the quartier's clock."""
    step, local = STEP_DAYS[repeats], starts.astimezone(settings.zone)
    missed = (after.astimezone(settings.zone).date() - local.date()).days // step
    following = local + timedelta(days=max(missed, 0) * step)
    return following if following >= after else following + timedelta(days=step)


async def ask() -> None:
    """Once a month, ask the author whether it goes on; after two questions without an answer it leaves the board."""
    rows = await query(
        f"SELECT id, author, asks, created_at, kept_at FROM post WHERE {_REPEATS} AND kind = 'gathering'"
        " AND starts_at > {} AND coalesce(kept_at, created_at) <= {}",
        # Told with a bound, so that the index of what repeats is read and no more.
        now() - timedelta(days=366), now() - ASKED_EVERY,
    )  # fmt: skip
    await each(rows, _ask)


async def _ask(row: dict[str, Any]) -> None:
    since = moment_of(row["kept_at"] or row["created_at"])
    if now() < since + ASKED_EVERY * (row["asks"] + 1):
        return
    async with transaction():
        last = row["asks"] >= MAX_ASKS
        # Unless it was answered meanwhile, or another process has just asked.
        held = await execute(
            "UPDATE post SET asks = asks + 1, expires_at = CASE WHEN asks >= {} THEN {} ELSE expires_at END"
            " WHERE id = {} AND asks = {} AND listed RETURNING id",
            MAX_ASKS, now(), row["id"], row["asks"],
        )  # fmt: skip
        if held:
            cause = f"{row['id']}:{since.timestamp():.0f}:{row['asks']}"
            await Notice.tell(row["author"], "off-board" if last else "still-on", row["id"], None, cause)


async def go_on(post: Id) -> None:
    """Its author says that it goes on: asked again in a month, and on the board if it had left it."""
    async with transaction():
        rows = await execute(
            "UPDATE post SET kept_at = {}, asks = 0, expires_at = {}, version = version + 1,"
            " listed = (withdrawn_at IS NULL AND hidden_at IS NULL) WHERE id = {} AND repeats IN ('daily', 'weekly')"
            " RETURNING starts_at, repeats",
            now(), now() + UNTIL_STOPPED, post,
        )  # fmt: skip
        for row in rows:
            starts = moment_of(row["starts_at"])
            if starts < now() - TAKES_PLACE:
                await move_on(post, starts, next_time(starts, row["repeats"], now() - TAKES_PLACE))
