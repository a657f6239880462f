"""A photo of a post, or of a receipt between two neighbours; its files are ``server.posts.photo_files``'s."""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID as Id

from piccolo.columns import ForeignKey, Integer, LazyTableReference, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base import tombstones
from server.base.columns import moment, row_id
from server.base.database import ON_POSTGRES, execute, query, transaction
from server.base.ids import uuid7
from server.people.member import Member

MOST = {"post": 4, "receipt": 2}
ALT_LIMIT = 200
_WITH_AUTHOR = "SELECT f.*, p.author AS post_author FROM photo f JOIN post p ON p.id = f.post"


class Sized(Protocol):
    """What a row needs to know of a prepared photo."""

    hash: str
    width: int
    height: int


class Photo(Table):
    """``purpose``: "post" is seen with its post, "receipt" by the asker and the taker only.

    ``width`` and ``height`` are those of the largest file, ``hash`` is its SHA-256.
    """

    id = row_id()
    post = ForeignKey(LazyTableReference("Post", module_path="server.posts.post"), on_delete=OnDelete.cascade)
    author = ForeignKey(Member, on_delete=OnDelete.cascade)
    purpose = Varchar(8)
    hash = Varchar(64)
    width = Integer()
    height = Integer()
    alt = Varchar(ALT_LIMIT)
    at = moment()

    @staticmethod
    async def add(post: Id, author: Id, purpose: str, prepared: Sized, alt: str) -> Id | None:
        """Add a photo; None when the post has as many as it may."""
        async with transaction():
            await Photo.reserve(prepared.hash)
            if not await _make_room(post, purpose):
                return None
            row = Photo(
                id=uuid7(), post=post, author=author, purpose=purpose, hash=prepared.hash,
                width=prepared.width, height=prepared.height, alt=alt,
            )  # fmt: skip
            await Photo.insert(row)
        return row.id

    @staticmethod
    async def reserve(hash: str) -> None:
        """Until the transaction ends, nobody else adds or forgets this hash."""
        # SQLite has one writer at a time anyway.
        if ON_POSTGRES:
            await query("SELECT pg_advisory_xact_lock({})", int(hash[:15], 16))

    @staticmethod
    async def of(post: Id, purpose: str = "post") -> list[dict]:
        """The photos of a post in the order they came."""
        return await Photo.of_posts([post], purpose)

    @staticmethod
    async def of_posts(posts: list[Id], purpose: str = "post") -> list[dict]:
        """The photos of several posts, each post's in the order they came, with ``post_author``."""
        if not posts:
            return []
        marks = ", ".join("{}" for _ in posts)
        return await Photo.raw(
            f"{_WITH_AUTHOR} WHERE f.purpose = {{}} AND f.post IN ({marks}) ORDER BY f.id", purpose, *posts
        )

    @staticmethod
    async def load(photo: Id) -> dict | None:
        """One photo with its ``post_author``, or None."""
        rows = await Photo.raw(f"{_WITH_AUTHOR} WHERE f.id = {{}}", photo)
        return rows[0] if rows else None

    @staticmethod
    async def remove(photo: dict[str, Any]) -> None:
        """Take a photo off its post; twice is once."""
        async with transaction():
            gone = await execute("DELETE FROM photo WHERE id = {} RETURNING post", photo["id"])
            if gone and photo["purpose"] == "post":
                await execute("UPDATE post SET photos = photos - 1, version = version + 1 WHERE id = {}", photo["post"])
            if gone:
                tombstones.note("photo", photo["id"])

    @staticmethod
    async def describe(photo: dict[str, Any], alt: str) -> None:
        """Say in words what it shows."""
        async with transaction():
            await execute("UPDATE photo SET alt = {} WHERE id = {}", alt, photo["id"])
            if photo["purpose"] == "post":
                await execute("UPDATE post SET version = version + 1 WHERE id = {}", photo["post"])

    @staticmethod
    async def held(hashes: list[str]) -> set[str]:
        """Which of these hashes some photo has."""
        if not hashes:
            return set()
        marks = ", ".join("{}" for _ in hashes)
        return {row["hash"] for row in await Photo.raw(f"SELECT hash FROM photo WHERE hash IN ({marks})", *hashes)}

    @staticmethod
    async def forget_receipts(posts: list[Id]) -> list[str]:
        """Drop the receipts of these posts; the hashes whose files may go."""
        if not posts:
            return []
        marks = ", ".join("{}" for _ in posts)
        gone = await execute(
            f"DELETE FROM photo WHERE purpose = 'receipt' AND post IN ({marks}) RETURNING hash", *posts
        )
        return [row["hash"] for row in gone]

    @staticmethod
    async def forget_withdrawn(before: datetime) -> list[str]:
        """Drop the photos of posts withdrawn before this moment; the hashes whose files may go."""
        async with transaction():
            gone = await execute(
                "DELETE FROM photo WHERE post IN (SELECT id FROM post WHERE withdrawn_at < {} AND photos > 0)"
                " RETURNING hash",
                before,
            )
            await execute(
                "UPDATE post SET photos = 0, version = version + 1 WHERE withdrawn_at < {} AND photos > 0", before
            )
        return [row["hash"] for row in gone]


async def _make_room(post: Id, purpose: str) -> bool:
    """Count one more photo; False when there is no room. The post's row is locked until the transaction ends."""
    if purpose == "post":
        counted = await execute(
            "UPDATE post SET photos = photos + 1, version = version + 1 WHERE id = {} AND photos < {} RETURNING id",
            post,
            MOST["post"],
        )
        return bool(counted)
    # Nothing on a card tells of receipts: the row is only locked while they are counted.
    if not await execute("UPDATE post SET photos = photos WHERE id = {} RETURNING id", post):
        return False
    return len(await Photo.of(post, purpose)) < MOST[purpose]
