"""Who opens the door to a newcomer: a moderator, or two residents; never, by themselves, who invited them."""

from uuid import UUID as Id

from piccolo.columns import ForeignKey
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.budgets import VOUCH
from server.database import change, transaction
from server.ids import uuid7
from server.shapes import N_
from server.tables.another import decide_alone
from server.tables.base import moment, now, row_id
from server.tables.budget import spend
from server.tables.claim_steps import NotPossible
from server.tables.key import hold_owner
from server.tables.log import record
from server.tables.member import Member, Role
from server.tables.notice import Notice

# So many residents are worth a moderator's word.
RESIDENTS = 2
INVITER = N_("Vous l’avez invité : un modérateur, ou deux autres voisins, diront qu’ils le connaissent.")
NOT_ONESELF = N_("D’autres diront qu’ils vous connaissent.")
OPENED, NOTED, ALREADY = "vouched", "vouch-noted", "vouched-already"


class Vouching(Table):
    """A resident says that they know this newcomer."""

    id = row_id()
    member = ForeignKey(Member, on_delete=OnDelete.cascade)
    voucher = ForeignKey(Member, on_delete=OnDelete.cascade)
    at = moment()

    @staticmethod
    async def say(member: Id, by: Id, reason: str) -> str:
        """Vouch for a newcomer: a moderator's word opens the door, a resident's waits for a second one.

        Gives ``OPENED``, ``NOTED`` or ``ALREADY``. Raises NotPossible, TooMuch.
        """
        async with transaction():
            await hold_owner(member)
            rows = await change("SELECT id, role, invited_by, created_at FROM member WHERE id IN ({}, {})", member, by)
            people = {str(row["id"]): row for row in rows}
            one, who = people[str(member)], people[str(by)]
            if one["role"] != Role.NEWCOMER.value:
                return ALREADY
            if one is who:
                raise NotPossible(NOT_ONESELF)
            invited = str(one["invited_by"]) == str(by)
            moderates = Role(who["role"]).rank >= Role.MODERATOR.rank
            if invited and not moderates:
                raise NotPossible(INVITER)
            if invited:
                await decide_alone(by, member, one["created_at"], INVITER)
            if not moderates and not await _second(one, who, reason):
                return NOTED
            if moderates:
                await record(by, who["role"], "vouch", member, reason)
            await Member.vouch(member, by)
            await Notice.tell(member, "vouched", None, by, member)
        return OPENED

    @staticmethod
    async def of(members: list[Id]) -> dict[str, list[str]]:
        """The names of the residents who vouch for each of these newcomers."""
        if not members:
            return {}
        marks = ", ".join("{}" for _ in members)
        rows = await change(
            "SELECT v.member, m.name FROM vouching v JOIN member m ON m.id = v.voucher"
            f" WHERE v.member IN ({marks}) AND m.role <> {{}} ORDER BY v.id",
            *members, Role.NEWCOMER.value,
        )  # fmt: skip
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(str(row["member"]), []).append(row["name"])
        return found


async def _second(one: dict, who: dict, reason: str) -> bool:
    """Note a resident's word, once; whether it is the one that was missing."""
    made = await change(
        "INSERT INTO vouching (id, member, voucher, at) VALUES ({}, {}, {}, {}) ON CONFLICT DO NOTHING RETURNING id",
        uuid7(), one["id"], who["id"], now(),
    )  # fmt: skip
    if made:
        await spend(who["id"], VOUCH)
        await record(who["id"], who["role"], "vouch-for", one["id"], reason)
    # Only of who still is a resident.
    rows = await change(
        "SELECT count(*) AS n FROM vouching v JOIN member m ON m.id = v.voucher WHERE v.member = {} AND m.role <> {}",
        one["id"], Role.NEWCOMER.value,
    )  # fmt: skip
    return rows[0]["n"] >= RESIDENTS
