"""What only the person who comes may read: sealed, every reading noted, gone soon after the end."""

import re
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID as Id

from piccolo.columns import UUID, Bytea, ForeignKey, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base import budgets, tombstones
from server.base.columns import moment, now, row_id
from server.base.custody import CHECK
from server.base.database import execute, query, transaction
from server.base.ids import uuid7
from server.base.keys import blind
from server.base.sealed import Unreadable, is_current, seal, unseal
from server.base.settings import settings
from server.base.spending import spend
from server.news.told import Notice
from server.people.member import Member
from server.posts.post import Post
from server.trust.naming import is_recent

PRIVATE, PAID, MESSAGE, READER = "private", "paid", "message", "reader"
ONE_READING = timedelta(minutes=10)
# Who read what is kept so long, whoever leaves: the one exception to erasure. Their names are sealed.
READINGS_KEPT = timedelta(days=365)
# So many different requests read in seven days are worth a look.
MANY = 8
# The one rule of when a request is over, so that its private words go. It is asked of those that still have some,
# which are few, and not of all there ever were.
_OVER = (
    "p.kind IN ('help', 'offer')"
    " AND (p.done_at < {} OR p.withdrawn_at < {} OR (p.state = 'open' AND p.expires_at < {}))"
)


class PrivatePart(Table):
    """``sealed`` holds the answers of ``kinds.PRIVATE``; ``paid`` what an errand cost, in cents."""

    id = row_id()
    post = ForeignKey(Post, on_delete=OnDelete.cascade, unique=True)
    sealed = Bytea()
    paid = Bytea(null=True, default=None)
    taker_settled_at = moment(null=True)
    asker_settled_at = moment(null=True)

    @staticmethod
    async def put(post: Id, answers: dict[str, Any], streets: tuple[str, ...] = ()) -> None:
        """Keep the private answers of a post, in place of what it had.

        ``streets`` of the quartier, so that an address there also gives ``post.building``.
        """
        building = building_of(answers.get("address") or "", streets)
        digest = blind("building", building) if building else None
        await execute("UPDATE post SET building = {} WHERE id = {}", digest, post)
        await execute(
            "INSERT INTO private_part (id, post, sealed) VALUES ({}, {}, {})"
            " ON CONFLICT (post) DO UPDATE SET sealed = excluded.sealed",
            uuid7(),
            post,
            seal(PRIVATE, post, answers),
        )

    @staticmethod
    async def of(post: Id) -> dict[str, Any] | None:
        """The private answers and the money of a post; None when there are none, or no longer. Raises Unreadable."""
        row = await PrivatePart.select().where(PrivatePart.post == post).first()
        if row is None:
            return None
        return {
            "answers": unseal(PRIVATE, post, row["sealed"]),
            "unreadable": False,
            "paid": unseal(PAID, post, row["paid"]) if row["paid"] else None,
            "taker_settled_at": row["taker_settled_at"],
            "asker_settled_at": row["asker_settled_at"],
        }

    @staticmethod
    async def pay(post: Id, cents: int) -> None:
        """Note what the errand cost; who agreed to another sum has to agree again."""
        await execute(
            "UPDATE private_part SET paid = {}, taker_settled_at = NULL, asker_settled_at = NULL WHERE post = {}",
            seal(PAID, post, cents),
            post,
        )

    @staticmethod
    async def settle(post: Id, side: str, by: Id, other: Id | None) -> bool:
        """One of the two (``taker`` or ``asker``) says that this sum was given back, and the other hears of it.

        False when nothing is new. ``other`` is None when nobody has the request in hand any more.
        """
        assert side in ("taker", "asker")
        async with transaction():
            said = await execute(
                f"UPDATE private_part SET {side}_settled_at = {{}} WHERE post = {{}} AND {side}_settled_at IS NULL"
                " AND paid IS NOT NULL RETURNING id",
                now(), post,
            )  # fmt: skip
            if said and other:
                await Notice.tell(other, "settled", post, by, uuid7())
        return bool(said)

    @staticmethod
    async def purge() -> list[Id]:
        """Erase the private words of requests that are over; give their posts. Twice changes nothing more."""
        cuts = [now() - timedelta(hours=settings.keep)] * 3
        async with transaction():
            gone = await execute(f"DELETE FROM private_part {_whose('private_part')} RETURNING post", *cuts)
            talked = await execute(f"DELETE FROM message {_whose('message')} RETURNING post", *cuts)
            await execute(
                "UPDATE post AS p SET building = NULL, helped = NULL"
                f" WHERE (p.building IS NOT NULL OR p.helped IS NOT NULL) AND {_OVER}",
                *cuts,
            )
            # Their files are the caller's to delete: named until they are gone, should it not come to that.
            kept = await query(f"SELECT post FROM photo {_whose('photo')} AND purpose = 'receipt'", *cuts)
            over = {row["post"] for row in gone + talked + kept}
            tombstones.note("private", *over)
        return [*over]


def _whose(table: str) -> str:
    """The condition that a row's request is over."""
    return f"WHERE EXISTS (SELECT 1 FROM post p WHERE p.id = {table}.post AND {_OVER})"


def building_of(address: str, streets: tuple[str, ...]) -> str | None:
    """``street|number`` of an address in the quartier, to be digested; None when it names none."""
    number = re.search(r"\b(\d{1,4})\s?(bis|ter|[a-d])?\b", address, re.IGNORECASE)
    street = next((one for one in streets if one.casefold() in address.casefold()), None)
    return f"{street}|{''.join(filter(None, number.groups())).lower()}" if street and number else None


class Viewing(Table):
    """One reading of a private part. An admin's has a reason.

    ``name`` is the reader's at that time, sealed, and the former one if it was new (``names_in``): neither renaming
    oneself nor leaving changes the trace.
    """

    id = row_id()
    post = ForeignKey(Post, on_delete=OnDelete.cascade)
    viewer = UUID()
    name = Bytea(null=True, default=None)
    reason = Varchar(300, null=True, default=None)
    at = moment()

    @staticmethod
    async def note(post: Id, viewer: Id, reason: str | None = None) -> None:
        """Note that somebody reads it now; going back and forth within ten minutes is one reading."""
        async with transaction():
            recent = await query(
                "SELECT id FROM viewing WHERE post = {} AND viewer = {} AND at > {} LIMIT 1",
                post,
                viewer,
                now() - ONE_READING,
            )
            if not recent or reason:
                made, names = uuid7(), await _names_of(viewer)
                sealed = seal(READER, made, names) if names else None
                await Viewing.insert(Viewing(id=made, post=post, viewer=viewer, name=sealed, reason=reason, at=now()))
            await execute(
                "UPDATE claim SET viewed_at = {} WHERE post = {} AND member = {} AND state = 'active'"
                " AND viewed_at IS NULL",
                now(), post, viewer,
            )  # fmt: skip
            if not reason:
                await _watch(post, viewer)

    @staticmethod
    async def of(post: Id) -> list[dict]:
        """Who read the private part of a post and when, the latest first: name, former, at, reason."""
        return named(
            await Viewing.raw(
                "SELECT v.id, v.at, v.reason, v.name, m.name AS now_name, m.role, m.created_at AS arrived_at,"
                " m.renamed_at FROM viewing v LEFT JOIN member m ON m.id = v.viewer WHERE v.post = {}"
                " ORDER BY v.id DESC LIMIT 50",
                post,
            )
        )

    @staticmethod
    async def about(author: Id) -> list[dict]:
        """Who read what this person keeps private, over all their posts, the latest first."""
        return named(
            await Viewing.raw(
                "SELECT v.id, v.at, v.reason, v.name, m.name AS now_name, p.id AS post, p.title FROM viewing v"
                " LEFT JOIN member m ON m.id = v.viewer JOIN post p ON p.id = v.post WHERE p.author = {}"
                " ORDER BY v.id DESC LIMIT 20",
                author,
            )
        )

    @staticmethod
    async def seal_names() -> None:
        """Seal the name of whoever read before names were kept, for the first round of upkeep after that."""
        while rows := await query(
            "SELECT v.id, m.name FROM viewing v JOIN member m ON m.id = v.viewer WHERE v.name IS NULL LIMIT 500"
        ):
            async with transaction():
                for row in rows:
                    sealed = seal(READER, row["id"], (row["name"], None))
                    await execute("UPDATE viewing SET name = {} WHERE id = {} AND name IS NULL", sealed, row["id"])

    @staticmethod
    async def forget() -> None:
        """Erase readings of more than twelve months ago."""
        await execute("DELETE FROM viewing WHERE at < {}", now() - READINGS_KEPT)


async def _names_of(member: Id) -> tuple[str, str | None] | None:
    """The name of somebody now, with the former one while it is new; None for nobody."""
    rows = await query("SELECT name, former_name, renamed_at FROM member WHERE id = {}", member)
    return next(((row["name"], row["former_name"] if is_recent(row["renamed_at"]) else None) for row in rows), None)


def names_in(reading: Id, sealed: bytes) -> tuple[str, str | None]:
    """The name that a reading has sealed, and the former one if it was new. Raises Unreadable."""
    names = unseal(READER, reading, sealed)
    # One text: sealed before former names were.
    name, former = (names, None) if isinstance(names, str) else names
    return name, former


def named(rows: list[dict]) -> list[dict]:
    """Readings with the names their reader had then; the present one, or none, where they can no more be opened."""
    for row in rows:
        kept = row["name"]
        row["name"], row["former"] = row.pop("now_name", None), None
        if kept is not None:
            with suppress(Unreadable):
                row["name"], row["former"] = names_in(row["id"], kept)
    return rows


async def _watch(post: Id, viewer: Id) -> None:
    """Tell the admins, once a week, of somebody who reads the private part of many requests: helper or harvester."""
    rows = await query(
        "SELECT count(DISTINCT post) AS n FROM viewing WHERE viewer = {} AND reason IS NULL AND at > {}",
        viewer,
        now() - timedelta(days=7),
    )
    if rows[0]["n"] >= MANY:
        year, week, _ = now().isocalendar()
        await Notice.tell_admins("read-many", post, viewer, f"{viewer}:{year}-{week}")


class Message(Table):
    """A line between the two, under a request."""

    id = row_id()
    post = ForeignKey(Post, on_delete=OnDelete.cascade)
    author = ForeignKey(Member, on_delete=OnDelete.cascade)
    sealed = Bytea()
    at = moment()

    @staticmethod
    async def write(post: Id, author: Id, text: str) -> Id:
        """Keep a line, sealed. Raises TooMuch."""
        made = uuid7()
        line = Message(id=made, post=post, author=author, sealed=seal(MESSAGE, made, text), at=now())
        async with transaction():
            await spend(author, budgets.MESSAGE)
            await Message.insert(line)
        return made

    @staticmethod
    async def of(post: Id, since: datetime) -> list[dict]:
        """The newest lines under a post since somebody took it, in order, opened: not those with a former volunteer."""
        rows = await Message.raw(
            "SELECT g.id, g.author, g.sealed, g.at, m.name AS author_name FROM message g"
            " JOIN member m ON m.id = g.author WHERE g.post = {} AND g.at >= {} ORDER BY g.id DESC LIMIT 200",
            post,
            since,
        )
        return [row | {"text": unseal(MESSAGE, row["id"], row["sealed"])} for row in reversed(rows)]


# Where sealed values are: table, column, purpose, and what they are sealed for.
_SEALED = (
    ("private_part", "sealed", PRIVATE, "post"),
    ("private_part", "paid", PAID, "post"),
    ("message", "sealed", MESSAGE, "id"),
    ("viewing", "name", READER, "id"),
    ("custody", "sealed", CHECK, "id"),
)


async def opens_some() -> bool | None:
    """Whether the keys open any of the last sealed answers; None when there are none."""
    rows = await query("SELECT post, sealed FROM private_part ORDER BY id DESC LIMIT 20")
    for row in rows:
        with suppress(Unreadable):
            unseal(PRIVATE, row["post"], row["sealed"])
            return True
    return False if rows else None


async def reseal() -> int:
    """Seal with the newest key whatever an older one sealed; how much that was.

    Run until it gives 0. What cannot be opened any more is left as it is.
    """
    done = 0
    for table, column, purpose, about in _SEALED:
        async with transaction():
            rows = await query(
                f"SELECT id, {about} AS about, {column} AS value FROM {table} WHERE {column} IS NOT NULL"
            )
            for row in rows:
                with suppress(Unreadable):
                    if not is_current(row["value"]):
                        again = seal(purpose, row["about"], unseal(purpose, row["about"], row["value"]))
                        # Only if it is still what was read: words that were corrected meanwhile stay.
                        await execute(
                            f"UPDATE {table} SET {column} = {{}} WHERE id = {{}} AND {column} = {{}}",
                            again, row["id"], row["value"],
                        )  # fmt: skip
                        done += 1
    return done
