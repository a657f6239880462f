"""What one neighbour has to do with help: promised, asked, done, and what still waits for somebody."""

from uuid import UUID as Id

from server.base.columns import now
from server.posts.kinds import HELP
from server.posts.post import Post

MOST_OPEN = 200
MOST = 20
LATEST = 10

_IN_SIGHT = "kind = 'help' AND withdrawn_at IS NULL AND hidden_at IS NULL"


async def promised_by(member: Id) -> list[dict]:
    """The requests that this member has taken and not yet done, the first due first."""
    return await _posts(
        f"taker = {{}} AND state = 'taken' AND {_IN_SIGHT} ORDER BY COALESCE(due_at, lease_until, expires_at), id",
        MOST,
        member,
    )


async def asked_by(member: Id) -> list[dict]:
    """This member's own requests that still wait: for somebody, for the deed, or for a merci."""
    return await _posts(
        f"author = {{}} AND {_IN_SIGHT} AND (state IN ('taken', 'done') OR (state = 'open' AND expires_at > {{}}))"
        " ORDER BY id DESC",
        MOST,
        member,
        now(),
    )


async def done_by(member: Id) -> list[dict]:
    """What this member has done for others, the latest first."""
    return await _posts(
        f"taker = {{}} AND state IN ('done', 'thanked') AND {_IN_SIGHT} ORDER BY done_at DESC, id DESC", LATEST, member
    )


async def open_for(member: Id) -> list[dict]:
    """The requests on the board that wait for somebody else than their author, urgent and newest first."""
    return await _posts(
        f"state = 'open' AND listed AND expires_at > {{}} AND author <> {{}} AND {_IN_SIGHT}"
        " ORDER BY rank DESC, id DESC",
        MOST_OPEN,
        now(),
        member,
    )


async def _posts(which: str, most: int, *arguments: object) -> list[dict]:
    """Whole rows with the taker's name, and ``kind`` as the entry of ``kinds.py``, as everywhere."""
    rows = await Post.raw(
        "SELECT post.*, (SELECT name FROM member WHERE member.id = post.taker) AS taker_name"
        f" FROM post WHERE {which} LIMIT {{}}",
        *arguments,
        most,
    )
    return [row | {"kind": HELP} for row in rows]
