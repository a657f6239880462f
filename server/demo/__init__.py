"""A believable quartier to look at: the Place des Pavillons, two weeks long, always up to date.

Its texts are in the modules beside this one, as plain drafts; ``rows`` turns them into rows.
"""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from piccolo.table import Table

from server.base.database import read_now, transaction
from server.base.settings import settings
from server.demo.behind import lay_behind
from server.demo.moments import Moments
from server.demo.neighbours import QUARTIER, ROLES, STREETS
from server.demo.posts_gatherings import GATHERINGS
from server.demo.posts_help_open import OPEN
from server.demo.posts_help_promised import PROMISED
from server.demo.posts_help_taken import DONE, TAKEN
from server.demo.posts_help_thanked import THANKED
from server.demo.posts_initiatives import INITIATIVES
from server.demo.posts_offers import OFFERS
from server.demo.posts_playlists import PLAYLISTS
from server.demo.posts_tips_places import PLACES
from server.demo.posts_tips_shops import SHOPS
from server.demo.posts_words import WORDS
from server.demo.rows import House, keep_the_house, move_in, offer_help, put_up
from server.people.key import Key
from server.people.member import Member
from server.people.quartier import Quartier

DRAFTS = {
    "help": OPEN + PROMISED + TAKEN + DONE + THANKED,
    "offer": OFFERS,
    "tip": SHOPS + PLACES,
    "gathering": GATHERINGS,
    "encouragement": WORDS,
    "playlist": PLAYLISTS,
    "initiative": INITIATIVES,
}

# Both engines refuse a statement of more than some 32,700 arguments; a post has 39.
CHUNK = 500


async def is_empty() -> bool:
    """Whether nothing was founded here and nobody lives here yet."""
    return not await read_now("SELECT 1 FROM quartier UNION ALL SELECT 1 FROM member LIMIT 1")


async def build(today: datetime | None = None) -> dict[str, str]:
    """Fill an empty board as if it were ``today`` (now); give a sign-in token for each of ``ROLES``.

    Everything is written in one transaction: it is all there, or nothing is. Raises
    RuntimeError when the board is not empty.
    """
    house = furnish(today or datetime.now(UTC))
    async with transaction():
        if not await is_empty():
            raise RuntimeError("The board is not empty; the demonstration needs one of its own.")
        await _insert(house)
        return await links()


def furnish(now: datetime) -> House:
    """Every row of the demonstration as seen at ``now``, not yet written anywhere."""
    house = House(Moments(now, ZoneInfo(settings.timezone)))
    move_in(house)
    for slug, drafts in DRAFTS.items():
        put_up(house, slug, drafts)
    offer_help(house)
    keep_the_house(house)
    lay_behind(house)
    opened = min(member.created_at for member in house.people.values())
    house.others.append(Quartier(id=1, version=1, founded_at=opened, streets="\n".join(STREETS), **QUARTIER))
    return house


async def links() -> dict[str, str]:
    """New sign-in tokens for each of ``ROLES``; a person who has left the demonstration is left out."""
    rows = await Member.select(Member.id, Member.name).where(Member.name.is_in(list(ROLES.values())))
    ids: dict[str, UUID] = {row["name"]: row["id"] for row in rows}
    return {role: await Key.new_link(ids[name]) for role, name in ROLES.items() if name in ids}


async def _insert(house: House) -> None:
    by_table: dict[type[Table], list[Table]] = {}
    for row in house.rows():
        by_table.setdefault(type(row), []).append(row)
    for table, rows in by_table.items():
        # In the order of their ids, as they would have been written.
        rows.sort(key=lambda row: row.id)
        for start in range(0, len(rows), CHUNK):
            await table.insert(*rows[start : start + CHUNK])
