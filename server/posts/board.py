"""The board's own query: ids and versions of what it shows, never the posts themselves."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID as Id

from server.base.columns import now
from server.base.database import read_now
from server.base.ids import first_of
from server.base.settings import settings
from server.posts.kinds import KINDS

PAGE = 20

_COMING = ", ".join(f"'{kind.slug}'" for kind in KINDS if kind.mark.slug == "coming")
_ROWS = (
    "SELECT CAST(p.id AS VARCHAR), p.version, p.rank, p.author = {}, p.taker = {}, k.post IS NOT NULL,"
    " p.id > {} AND p.author <> {}"
    " FROM post p LEFT JOIN mark k ON k.post = p.id AND k.member = {}"
    f" AND k.kind = CASE WHEN p.kind IN ({_COMING}) THEN 'coming' ELSE 'thanks' END"
    " WHERE p.listed AND p.expires_at > {}"
)
# Where a card stood at a moment, though it has moved since: an open request that was taken, what became stale.
_STOOD = (
    "CASE WHEN p.rank <= 0 AND p.taken_at >= {} THEN CASE WHEN p.urgency = 'urgent' THEN 3 ELSE 2 END"
    " WHEN p.rank < 0 AND EXISTS (SELECT 1 FROM mark m WHERE m.post = p.id AND m.kind = 'changed'"
    " AND m.created_at >= {}) THEN 0 ELSE p.rank END"
)
_ORDER = " ORDER BY p.rank DESC, p.id DESC LIMIT {}"
_NEVER = str(Id(int=2**128 - 1))


class Row(NamedTuple):
    """One place on the board: which post, which version, how it stands to the viewer.

    A plain tuple, so that a page's rows are at once the key of its kept bytes.
    """

    id: str
    version: int
    rank: int
    mine: bool
    taking: bool | None
    marked: bool
    new: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """What the viewer asked to see, and from where on (the last row of the page before).

    ``since``: when the first page was made, in milliseconds of Unix time; ``beside``: the gathering that stood
    above it. What was seen there does not come again.
    """

    kind: str = ""
    street: str = ""
    after_rank: int = 0
    after: Id | None = None
    since: int = 0
    beside: Id | None = None


async def rows(viewer: Id, previous_visit: datetime | None, asked: Filter) -> tuple[list[Row], bool]:
    """One page of rows, and whether there are more. Speed does not depend on the page."""
    sql, arguments = _ROWS, _for(viewer, previous_visit)
    if asked.kind:
        sql += " AND p.kind = {}"
        arguments.append(asked.kind)
    if asked.street:
        sql += " AND p.street = {}"
        arguments.append(asked.street)
    if asked.after is not None:
        sql += " AND (p.rank, p.id) < ({}, {})"
        arguments += [asked.after_rank, asked.after]
        if asked.since:
            moment = datetime.fromtimestamp(asked.since / 1000, UTC)
            sql += f" AND ({_STOOD}, p.id) < ({{}}, {{}})"
            arguments += [moment, moment, asked.after_rank, asked.after]
        if asked.beside:
            sql += " AND p.id <> {}"
            arguments.append(asked.beside)
    found = await read_now(sql + _ORDER, *arguments, PAGE + 1)
    return [*map(Row._make, found[:PAGE])], len(found) > PAGE


async def tonight(viewer: Id, previous_visit: datetime | None) -> Row | None:
    """The next gathering that starts before the day is over, to stand beside what is urgent."""
    local = now().astimezone(settings.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    found = await read_now(
        _ROWS + " AND p.kind = 'gathering' AND p.starts_at > {} AND p.starts_at < {} ORDER BY p.starts_at LIMIT 1",
        *_for(viewer, previous_visit),
        now() - timedelta(hours=1),
        midnight,
    )
    return Row._make(found[0]) if found else None


def new_since(previous_visit: datetime | None) -> str:
    """Posts of others with a greater id are new to who was here then; on a first visit nothing is."""
    return first_of(previous_visit) if previous_visit else _NEVER


def _for(viewer: Id, previous_visit: datetime | None) -> list:
    """The arguments of ``_ROWS``."""
    me = str(viewer)
    return [me, me, new_since(previous_visit), me, me, now()]
