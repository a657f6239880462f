"""Who stands at the top of the board: two urgent requests of one asker, or of one person who is helped, no more.

Whatever else they ask stays on the board among the open requests; when one of the two is over the next one moves up.
"""

from collections.abc import Iterable
from uuid import UUID as Id

from server.base.budgets import MOST_AT_TOP, MOST_FOR_OTHERS_AT_TOP
from server.base.database import ON_POSTGRES, execute, query

URGENT, OPEN, NORMAL, STALE = 3, 2, 0, -1
_WAITING = "p.urgency = 'urgent' AND p.state = 'open' AND p.listed AND p.offer IS NULL"
_ROWS = (
    "SELECT p.id, p.author, p.helped, p.due_at, p.rank, m.role FROM post p JOIN member m ON m.id = p.author"
    f" WHERE {_WAITING} AND "
)


async def settle(post: Id) -> None:
    """Put the urgent requests of whoever this post is for, and of who wrote it, in their places.

    In the caller's transaction, after what changed. A row that somebody else holds meanwhile is left to them.
    """
    found = await query("SELECT author, helped FROM post WHERE id = {} AND need IS NOT NULL", post)
    for one in found:
        rows = await query(f"{_ROWS} p.author = {{}} AND p.need IS NOT NULL", one["author"])
        if one["helped"] is not None:
            known = {row["id"] for row in rows}
            others = await query(f"{_ROWS} p.helped = {{}}", one["helped"])
            rows = [*rows, *(row for row in others if row["id"] not in known)]
        await _place(rows)


async def settle_all() -> None:
    """What a held row or an earlier version left behind; for upkeep, which looks at the open requests alone."""
    await _place(await query(f"{_ROWS} p.kind = 'help' AND p.rank >= {{}}", OPEN))


async def _place(rows: list[dict]) -> None:
    held = " FOR NO KEY UPDATE SKIP LOCKED" if ON_POSTGRES else ""
    for post, rank in _wrong(rows):
        await execute(
            f"UPDATE post SET rank = {{}} WHERE id IN (SELECT p.id FROM post p WHERE p.id = {{}} AND {_WAITING}{held})",
            rank, post,
        )  # fmt: skip


def _wrong(rows: list[dict]) -> Iterable[tuple[Id, int]]:
    """Which of these urgent requests stand elsewhere than they should: the one due first stands first."""
    stood: dict[tuple, int] = {}
    written: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: (row["due_at"] is None, row["due_at"] or 0, str(row["id"]))):
        asker = ("helped", row["helped"]) if row["helped"] else ("author", str(row["author"]))
        author = str(row["author"])
        room = stood.get(asker, 0) < MOST_AT_TOP
        if row["helped"] and row["role"] in ("newcomer", "resident"):
            room = room and written.get(author, 0) < MOST_FOR_OTHERS_AT_TOP
        if room:
            stood[asker] = stood.get(asker, 0) + 1
            written[author] = written.get(author, 0) + bool(row["helped"])
        rank = URGENT if room else OPEN
        if row["rank"] != rank:
            yield row["id"], rank
