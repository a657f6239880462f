"""Who said they come, to a rendez-vous or an initiative: reminded an hour before, told of a change and of calling off.

Who comes is counted for one time it takes place. When a repeating one moves on to its next day, the list is
empty again: "I will be there" was said of an evening, not of every evening to come.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID as Id

from server.base.columns import each, moment_of, now
from server.base.database import execute, query, transaction
from server.base.ids import uuid7
from server.news.told import Notice
from server.posts.kinds import KINDS

BEFORE = timedelta(hours=1)
# Who was late may still join.
LATE = timedelta(minutes=15)
# The kinds to which one says that one comes, on a day of its own: an offer has a list of its own.
ONE_COMES_TO = tuple(kind.slug for kind in KINDS if kind.mark.slug == "coming" and kind.slug != "offer")
_UNDOES = {"called-off": "on-again", "on-again": "called-off"}
# What of a post those who come have to know.
WHEN_AND_WHERE = ("starts_at", "repeats", "place")


async def remind() -> None:
    """Tell everybody who comes to what begins within the hour; once for each time it takes place."""
    rows = await query(
        "SELECT id, author, starts_at FROM post WHERE kind = 'gathering' AND listed AND starts_at > {}"
        " AND starts_at <= {}",
        now(), now() + BEFORE,
    )  # fmt: skip
    await each(rows, _remind)


async def _remind(row: dict[str, Any]) -> None:
    starts = moment_of(row["starts_at"])
    async with transaction():
        people = sorted({row["author"], *await people_of(row["id"])}, key=str)
        cause = f"{row['id']}:{starts.timestamp():.0f}"
        await Notice.tell_many(people, "reminder", row["id"], None, cause, until=starts + LATE)


async def people_of(post: Id) -> list[Id]:
    """The members who said they come, this time."""
    rows = await query("SELECT member FROM mark WHERE post = {} AND kind = 'coming' ORDER BY id", post)
    return [row["member"] for row in rows]


async def tell(post: dict[str, Any], what: str) -> None:
    """Tell those who come to this post, in the caller's transaction: called-off, on-again, moved.

    ``post`` has id, kind (its entry), author and starts_at. Nobody hears of what has taken place.
    """
    starts = post["starts_at"]
    if post["kind"].slug not in ONE_COMES_TO or (starts is not None and starts < now()):
        return
    # Called off and on again, or moved eight times, before anybody looked: one piece of news, or none.
    spared = await Notice.take_back_of(post["id"], _UNDOES[what]) if what in _UNDOES else set()
    spared |= await Notice.waits_of(post["id"], what) | {str(post["author"])}
    people = [one for one in await people_of(post["id"]) if str(one) not in spared]
    await Notice.tell_many(people, what, post["id"], post["author"], uuid7(), until=starts)


async def tell_gone(author: Id) -> None:
    """The author of what somebody comes to leaves the board, and it with them: those who come hear that, once each."""
    kinds = ", ".join(f"'{slug}'" for slug in ONE_COMES_TO)
    rows = await query(
        "SELECT DISTINCT k.member, p.id FROM post p JOIN mark k ON k.post = p.id AND k.kind = 'coming'"
        f" WHERE p.author = {{}} AND p.kind IN ({kinds}) AND p.listed AND k.member <> {{}}"
        " AND (p.starts_at IS NULL OR p.starts_at > {})",
        author, author, now(),
    )  # fmt: skip
    for row in rows:
        # The post goes, so the news stands alone.
        await Notice.tell(row["member"], "event-gone", None, None, row["id"])


def differs(before: dict[str, Any], answers: dict[str, Any]) -> bool:
    """Whether a correction changes when or where it takes place."""
    return any((before.get(name) or None) != (answers.get(name) or None) for name in WHEN_AND_WHERE)


async def move_on(post: Id, was: datetime, to: datetime) -> bool:
    """The next time of what repeats: nobody has said yet that they come.

    False, and nothing changed, when it does not start at ``was`` any more: its author corrected it, or another
    process moved it, and somebody may have said already that they come then.
    """
    async with transaction():
        # The post first, which holds it: who says meanwhile that they come waits, and reads that it has moved.
        moved = await execute(
            "UPDATE post SET starts_at = {}, coming = 0, version = version + 1 WHERE id = {} AND starts_at = {}"
            " RETURNING id",
            to, post, was,
        )  # fmt: skip
        if moved:
            await execute("DELETE FROM mark WHERE post = {} AND kind = 'coming'", post)
    return bool(moved)
