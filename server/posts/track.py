"""A song of a playlist, added by any neighbour."""

from uuid import UUID as Id

from piccolo.columns import ForeignKey, LazyTableReference, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base import tombstones
from server.base.budgets import SONG
from server.base.columns import moment, row_id
from server.base.database import execute, transaction
from server.base.spending import spend
from server.people.member import Member

MOST = 100


class Track(Table):
    """Title, artist, and a link if there is one."""

    id = row_id()
    post = ForeignKey(LazyTableReference("Post", module_path="server.posts.post"), on_delete=OnDelete.cascade)
    member = ForeignKey(Member, on_delete=OnDelete.cascade)
    title = Varchar(90)
    artist = Varchar(90)
    link = Varchar(400, null=True, default=None)
    created_at = moment()

    @staticmethod
    async def add(post: Id, member: Id, title: str, artist: str, link: str | None) -> bool:
        """Add a song; False when the list is full. Raises TooMuch."""
        async with transaction():
            await spend(member, SONG)
            room = await execute(
                "UPDATE post SET tracks = tracks + 1, version = version + 1"
                " WHERE id = {} AND kind = 'playlist' AND tracks < {} RETURNING id",
                post,
                MOST,
            )
            if not room:
                return False
            await Track.insert(Track(post=post, member=member, title=title, artist=artist, link=link))
        return True

    @staticmethod
    async def remove(track: Id, post: Id) -> None:
        """Take a song off its list."""
        async with transaction():
            gone = await execute("DELETE FROM track WHERE id = {} AND post = {} RETURNING id", track, post)
            if gone:
                await execute("UPDATE post SET tracks = tracks - 1, version = version + 1 WHERE id = {}", post)
                tombstones.note("track", track)

    @staticmethod
    async def of(post: Id, after: Id | None = None, most: int = 100) -> list[dict]:
        """The songs of a playlist in order, each with who added it; those ``after`` one of them."""
        return await Track.raw(
            "SELECT t.*, m.name AS member_name FROM track t JOIN member m ON m.id = t.member"
            " WHERE t.post = {} AND t.id > {} ORDER BY t.id LIMIT {}",
            post, after or Id(int=0), most,
        )  # fmt: skip

    @staticmethod
    async def first_three(posts: list[Id]) -> list[dict]:
        """The first three songs of each of these playlists."""
        found: list[dict] = []
        for post in posts:
            found += await Track.raw(
                "SELECT t.post, t.title, t.artist, m.name AS member_name FROM track t JOIN member m ON m.id = t.member"
                " WHERE t.post = {} ORDER BY t.id LIMIT 3",
                post,
            )
        return found
