"""What a neighbour offers to do for others: which needs, when, how far, with what.

Nobody gets a list of these rows: matching reads them, their owner sees their own, and a
neighbour's page shows of one row what its owner chose.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID as Id

from piccolo.columns import ForeignKey, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base import keys
from server.base.columns import moment, now, row_id
from server.base.database import execute, read_now, transaction
from server.base.ids import uuid7
from server.people.member import Member, Role
from server.posts.kinds import NEEDS

DAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
HALVES = ("matin", "apres-midi", "soir")
SLOTS = tuple(f"{day}-{half}" for day in DAYS for half in HALVES)
REACHES = ("building", "street", "quartier")
MEANS = ("car", "cart")
SHOWN = ("nobody", "badge", "needs")

# Otherwise one could try number after number to learn from which building a request comes.
BUILDING_REST = timedelta(days=30)

_NEEDS = tuple(choice.value for choice in NEEDS)
# Twenty-one half-days do not fit the column in full: "mar-s" stands for "mar-soir".
_SHORT = {slot: slot[:5] for slot in SLOTS}
_NUMBER = re.compile(r"0{0,8}([1-9]\d{0,3})(bis|ter|quater|[a-z])?")


@dataclass(frozen=True, slots=True)
class Availability:
    """One volunteer, as matching and their own page need them; ``street`` is where they live."""

    member: Id
    street: str
    needs: frozenset[str] = frozenset()
    slots: frozenset[str] = frozenset()
    reach: str = "quartier"
    means: frozenset[str] = frozenset()
    shown: str = "nobody"
    building: str | None = None
    building_at: datetime | None = None
    paused_until: datetime | None = None

    def paused(self, at: datetime) -> bool:
        """Whether this person asked to be left alone at that moment."""
        return self.paused_until is not None and self.paused_until > at


def building_digest(street: str, number: str) -> str | None:
    """The keyed digest of a building (64 hexadecimal signs), or None when ``number`` is none.

    "12 bis", "012bis" and "12 BIS" are one building; the number itself is never stored.
    """
    plain = re.sub(r"[\s,.]", "", unicodedata.normalize("NFKC", number)).casefold()
    found = _NUMBER.fullmatch(plain)
    return keys.blind("building", f"{street}|{found[1]}{found[2] or ''}") if found else None


class Volunteer(Table):
    """One row a member at most. ``building`` is a digest that nobody can read back."""

    id = row_id()
    member = ForeignKey(Member, on_delete=OnDelete.cascade, unique=True)
    needs = Varchar(80)
    slots = Varchar(160)
    reach = Varchar(10)
    means = Varchar(20)
    shown = Varchar(10)
    building = Varchar(64, null=True, default=None)
    building_at = moment(null=True)
    paused_until = moment(null=True)
    changed_at = moment()

    @staticmethod
    async def of(member: Id) -> Availability | None:
        """What this member offers; None when they never said."""
        rows = await Volunteer.raw(f"{_SELECT} WHERE v.member = {{}}", member)
        return _availability(rows[0]) if rows else None

    @staticmethod
    async def keep(
        member: Id, *, needs: set[str], slots: set[str], reach: str, means: set[str], shown: str,
        building: str | None = None,
    ) -> bool:  # fmt: skip
        """Keep these choices in place of the former ones; ``building`` None leaves the building as it is.

        False when another building was given too early (``BUILDING_REST``): the rest is kept.
        """
        columns = (pack_needs(needs), pack_slots(slots), reach, pack(means, MEANS), shown, now())
        async with transaction():
            await execute(
                "INSERT INTO volunteer (id, member, needs, slots, reach, means, shown, changed_at)"
                " VALUES ({}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT (member) DO UPDATE SET needs = excluded.needs,"
                " slots = excluded.slots, reach = excluded.reach, means = excluded.means, shown = excluded.shown,"
                " changed_at = excluded.changed_at RETURNING id",
                uuid7(),
                member,
                *columns,
            )
            return building is None or await _settle(member, building)

    @staticmethod
    async def forget_building(member: Id) -> None:
        """Drop the building. When it was set stays known, so that this opens no way around the wait."""
        await execute("UPDATE volunteer SET building = NULL WHERE member = {}", member)

    @staticmethod
    async def pause(member: Id, until: datetime) -> None:
        """Ask this member nothing before ``until``; nothing happens when they never offered anything."""
        await execute("UPDATE volunteer SET paused_until = {} WHERE member = {}", until, member)

    @staticmethod
    async def resume(member: Id) -> None:
        """End the pause."""
        await execute("UPDATE volunteer SET paused_until = NULL WHERE member = {}", member)

    @staticmethod
    async def shown_of(member: Id) -> tuple[str, ...] | None:
        """What others see: None for nothing, () for the badge, the needs in the order of ``NEEDS``.

        A pause changes nothing here: it would tell who is away. Newcomers have no badge, which
        would vouch for them.
        """
        rows = await read_now(
            "SELECT v.needs, v.shown FROM volunteer v JOIN member m ON m.id = v.member"
            " WHERE v.member = {} AND v.needs <> '' AND v.shown <> 'nobody' AND m.role <> {}",
            member,
            Role.NEWCOMER.value,
        )
        if not rows:
            return None
        needs, shown = rows[0]
        return tuple(need for need in _NEEDS if need in unpack(needs)) if shown == "needs" else ()

    @staticmethod
    async def active() -> list[Availability]:
        """Everybody who may be asked: vouched for, ready for something, not pausing. For matching only."""
        rows = await Volunteer.raw(
            f"{_SELECT} WHERE m.role <> {{}} AND v.needs <> '' AND (v.paused_until IS NULL OR v.paused_until <= {{}})"
            " ORDER BY v.member",
            Role.NEWCOMER.value,
            now(),
        )
        return [_availability(row) for row in rows]


_SELECT = (
    "SELECT v.member, m.street, v.needs, v.slots, v.reach, v.means, v.shown, v.building, v.building_at,"
    " v.paused_until FROM volunteer v JOIN member m ON m.id = v.member"
)


async def _settle(member: Id, building: str) -> bool:
    """Set the building, in one statement so that two requests at once are still one change."""
    rows = await execute(
        "UPDATE volunteer SET building_at = CASE WHEN building = {} THEN building_at ELSE {} END, building = {}"
        " WHERE member = {} AND (building = {} OR building_at IS NULL OR building_at <= {}) RETURNING id",
        building,
        now(),
        building,
        member,
        building,
        now() - BUILDING_REST,
    )
    return bool(rows)


def _availability(row: dict) -> Availability:
    sets = {name: unpack(row[name]) for name in ("needs", "means")}
    slots = frozenset(slot for slot, short in _SHORT.items() if short in unpack(row["slots"]))
    return Availability(**{**row, **sets, "slots": slots})


def pack(chosen: Collection[str], known: tuple[str, ...]) -> str:
    """The chosen words as the column keeps them: known ones only, in a fixed order, with commas."""
    return ",".join(word for word in known if word in chosen)


def pack_needs(chosen: Collection[str]) -> str:
    """The same for needs, in the order of ``NEEDS``."""
    return pack(chosen, _NEEDS)


def pack_slots(chosen: Collection[str]) -> str:
    """The same for half-days, in their short form."""
    return ",".join(short for slot, short in _SHORT.items() if slot in chosen)


def unpack(kept: str) -> frozenset[str]:
    """The words of a column."""
    return frozenset(filter(None, kept.split(",")))
