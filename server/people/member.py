"""A neighbour on the board: the name that others see, a rough place, a role."""

from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID as Id

from piccolo.columns import UUID, Integer, SmallInt, Varchar
from piccolo.table import Table

from server.base import tombstones
from server.base.audit_log import names_before, record, record_renaming
from server.base.budgets import RENAME
from server.base.columns import moment, now, row_id
from server.base.database import execute, read_now, transaction
from server.base.spending import spend
from server.text import lookalikes

NAME_LETTERS = 60
# Changes of name within so long are one: what was before all of them is the former name.
SAME_RENAMING = timedelta(days=30)
THEMES = ("auto", "jour")


class Role(StrEnum):
    """From the door to the key. A newcomer is not yet vouched for."""

    NEWCOMER = "newcomer"
    RESIDENT = "resident"
    MODERATOR = "moderator"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """0 for a newcomer to 3 for an admin."""
        return list(Role).index(self)


class Member(Table):
    """One person. Phone and email are theirs alone: no page shows them to anybody else."""

    id = row_id()
    name = Varchar(60)
    street = Varchar(80)
    phone = Varchar(30, null=True, default=None)
    email = Varchar(120, null=True, default=None)
    role = Varchar(10, default=Role.NEWCOMER)
    text_size = SmallInt(default=1)
    facade = Varchar(10, null=True, default=None)
    theme = Varchar(5, default="auto")
    language = Varchar(2, null=True, default=None)
    invited_by = UUID(null=True, default=None)
    # The invitation they came by.
    invitation = UUID(null=True, default=None)
    vouched_by = UUID(null=True, default=None)
    # Until then a moderator has closed the doors for them.
    shut_until = moment(null=True)
    created_at = moment()
    seen_at = moment(null=True)
    previous_visit = moment(null=True)
    version = Integer(default=1)
    # What the name looks like (``lookalikes.key``): two that look alike have the same.
    name_key = Varchar(200, default="")
    # The name that a moderator has not said yes to yet.
    wanted_name = Varchar(60, null=True, default=None)
    # The name of before the latest change, and when that was.
    former_name = Varchar(60, null=True, default=None)
    renamed_at = moment(null=True)

    def __init__(self, *given: Any, **columns: Any) -> None:
        super().__init__(*given, **columns)
        if self.name and not self.name_key:
            self.name_key = lookalikes.key(self.name)

    async def rename(self, name: str, street: str) -> None:
        """Take another name or street, as ``take_name``. Raises TooMuch."""
        async with transaction():
            await spend(self.id, RENAME)
            await self.take_name(name, street)

    async def take_name(self, name: str, street: str) -> None:
        """Another name or street; every card that bears it gets a new version.

        The journal says that a name changed; which, a note that goes with its owner. The former name stays beside
        it for a while; of several changes in that time the first one's, whatever came between.
        """
        async with transaction():
            if name == self.name and street != self.street and name.endswith(f", {self.street}"):
                # Told apart by their street.
                name = f"{name.removesuffix(self.street)}{street}"[:NAME_LETTERS]
            if name != self.name:
                await record_renaming(self.id, self.role, self.name, name)
                put_away = await names_before(self.id, now() - SAME_RENAMING)
                former = next((one for one in put_away if one != name), self.name)
                await execute(
                    "UPDATE member SET former_name = {}, renamed_at = {}, name_key = {}, wanted_name = NULL"
                    " WHERE id = {}",
                    former, now(), lookalikes.key(name), self.id,
                )  # fmt: skip
            await execute(
                "UPDATE member SET name = {}, street = {}, version = version + 1 WHERE id = {}", name, street, self.id
            )
            await execute("UPDATE post SET version = version + 1 WHERE author = {} OR taker = {}", self.id, self.id)
            if street != self.street:
                # The number that a volunteer gave belongs to the street they left.
                await execute("UPDATE volunteer SET building = NULL WHERE member = {}", self.id)
            await execute(
                "UPDATE post SET version = version + 1 WHERE id IN (SELECT post FROM track WHERE member = {})", self.id
            )
        self.name, self.street = name, street

    @staticmethod
    async def name_of(member: Id | None) -> str:
        """The name of a member; empty for nobody, or somebody who left."""
        rows = await read_now("SELECT name FROM member WHERE id = {}", member) if member else ()
        return rows[0][0] if rows else ""

    @staticmethod
    async def vouch(member: Id, by: Id) -> bool:
        """Open the door to a newcomer. False when somebody already did."""
        rows = await execute(
            "UPDATE member SET role = {}, vouched_by = {}, version = version + 1"
            " WHERE id = {} AND role = {} RETURNING id",
            Role.RESIDENT.value,
            by,
            member,
            Role.NEWCOMER.value,
        )
        tombstones.note(f"role:{Role.RESIDENT.value}", *(row["id"] for row in rows))
        return bool(rows)

    @staticmethod
    async def by_id(member: Id) -> "Member | None":
        """This member, or None."""
        return await Member.objects().get(Member.id == member)

    @staticmethod
    async def prefer(member: Id, **chosen: Any) -> None:
        """Keep what one chose of ``facade``, ``theme``, ``language`` and ``text_size``."""
        await Member.update(chosen).where(Member.id == member)

    @staticmethod
    async def be_reached(member: Id, phone: str | None, email: str | None) -> None:
        """Keep how an admin may reach this member."""
        await Member.update({Member.phone: phone, Member.email: email}).where(Member.id == member)

    @staticmethod
    async def appoint(member: Id, role: Role, *, by: Id, as_role: Role, reason: str) -> bool:
        """``give_role`` by an admin, in the journal; False when it would leave the board without any admin."""
        async with transaction():
            given = await Member.give_role(member, role)
            if given:
                await record(by, as_role, "role", member, reason)
        return given

    @staticmethod
    async def give_role(member: Id, role: Role) -> bool:
        """Give a role. False when that would leave the board without any admin.

        The admins are counted in the same transaction: two who leave together cannot both go.
        """
        async with transaction():
            admins = await execute("UPDATE member SET version = version + 1 WHERE role = {} RETURNING id", "admin")
            others = [row for row in admins if str(row["id"]) != str(member)]
            if role is not Role.ADMIN and not others:
                return False
            await execute("UPDATE member SET role = {} WHERE id = {}", role.value, member)
            tombstones.note(f"role:{role.value}", member)
        return True

    @staticmethod
    async def at_the_door(after: Id | None = None, most: int = 50) -> list[dict]:
        """Newcomers who wait to be vouched for, the longest first, with who invited them; those ``after`` this one."""
        return await Member.raw(
            "SELECT m.id, m.name, m.street, m.created_at, m.renamed_at, m.former_name, m.invited_by, i.name AS inviter"
            " FROM member m"
            " LEFT JOIN member i ON i.id = m.invited_by WHERE m.role = {} AND m.id > {} ORDER BY m.id LIMIT {}",
            Role.NEWCOMER.value, after or Id(int=0), most,
        )  # fmt: skip

    @staticmethod
    async def admins() -> list[dict]:
        """Every admin, the first first: id and name."""
        return await Member.raw("SELECT id, name FROM member WHERE role = {} ORDER BY id", Role.ADMIN.value)

    @staticmethod
    async def count_at_the_door() -> int:
        """How many newcomers wait."""
        rows = await read_now("SELECT count(*) FROM member WHERE role = {}", Role.NEWCOMER.value)
        return rows[0][0]

    @staticmethod
    async def mark_visit(member: Id) -> None:
        """Note a visit; after half an hour away, the one before becomes "your last visit"."""
        await execute(
            "UPDATE member SET previous_visit = seen_at, seen_at = {} WHERE id = {}",
            now(),
            member,
        )

    @staticmethod
    async def mark_seen(member: Id) -> None:
        """Note that the visit goes on."""
        await execute("UPDATE member SET seen_at = {} WHERE id = {}", now(), member)
