"""The quartier that this board serves: one row, made on the first evening."""

from dataclasses import dataclass

from piccolo.columns import SmallInt, Text, Varchar
from piccolo.table import Table

from server.base.columns import moment
from server.base.database import read_now
from server.text import phones

FACADES = ("soleil", "ciel", "amande", "rose")


class Quartier(Table):
    """Its name, its streets, and who answers the telephone."""

    id = SmallInt(primary_key=True, default=1)
    name = Varchar(80)
    town = Varchar(80)
    streets = Text()
    facade = Varchar(10, default="soleil")
    contact_name = Varchar(60)
    contact_phone = Varchar(30)
    contact_hours = Varchar(60)
    letterbox = Varchar(120)
    version = SmallInt(default=1)
    founded_at = moment()


@dataclass(frozen=True, slots=True)
class Plate:
    """What every page shows of the quartier. ``version`` 0 means: not founded yet."""

    name: str = ""
    town: str = ""
    streets: tuple[str, ...] = ()
    facade: str = "soleil"
    contact_name: str = ""
    contact_phone: str = ""
    contact_hours: str = ""
    letterbox: str = ""
    version: int = 0

    @property
    def phone(self) -> str:
        """The number as it is shown: in groups that no line end breaks."""
        return phones.shown(self.contact_phone)

    @property
    def phone_link(self) -> str:
        """The first number as a ``tel:`` address (RFC 3966)."""
        return next((part.href for part in phones.parts(self.contact_phone) if part.href), "tel:")


_plate = Plate()


async def plate(version: int | None = None) -> Plate:
    """The quartier as pages show it, kept in memory until its version changes.

    ``version``: what a query of this request already read; without it, it is asked for.
    """
    global _plate
    if version is None:
        rows = await read_now("SELECT version FROM quartier WHERE id = 1")
        version = rows[0][0] if rows else 0
    if version != _plate.version:
        _plate = await _load() if version else Plate()
    return _plate


def last_known() -> Plate:
    """The quartier as this process showed it last: for an error page, which may not query."""
    return _plate


async def _load() -> Plate:
    row = await Quartier.select().first()
    row.pop("id")
    row.pop("founded_at")
    row["streets"] = tuple(line for line in row["streets"].splitlines() if line)
    return Plate(**row)
