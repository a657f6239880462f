"""Who opens the door to a newcomer: a moderator, or two residents; never, by themselves, who invited them.

A resident's word counts after ``RESIDENT_FOR``, and one of the two comes from outside the inviter's circle: whoever
lets in accomplices cannot have them let in the next ones.
"""

from datetime import timedelta
from uuid import UUID as Id

from piccolo.columns import ForeignKey
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base.audit_log import record
from server.base.budgets import VOUCH
from server.base.columns import moment, now, row_id
from server.base.database import execute, query, transaction
from server.base.ids import uuid7
from server.base.refusals import NotPossible
from server.base.shapes import N_
from server.base.spending import spend
from server.news.told import Notice
from server.people.key import hold_owner
from server.people.member import Member, Role
from server.trust.second_person import decide_alone

# So many residents are worth a moderator's word.
RESIDENTS = 2
INVITER = N_("Votre invitation l’a fait entrer : un modérateur, ou deux autres voisins, diront qu’ils la connaissent.")
# So long somebody is a resident before their word opens a door.
RESIDENT_FOR = timedelta(days=7)
TOO_NEW = N_(
    "Vous êtes voisin depuis moins de %(days)s jours : votre mot ne compte pas encore. Demandez à un modérateur"
    " d’ouvrir la porte, son oui suffit."
)
NOT_ONESELF = N_("D’autres diront qu’ils vous connaissent.")
OPENED, NOTED, SAME_CIRCLE, ALREADY = "vouched", "vouch-noted", "vouch-circle", "vouched-already"


class Vouching(Table):
    """A resident says that they know this newcomer."""

    id = row_id()
    member = ForeignKey(Member, on_delete=OnDelete.cascade)
    voucher = ForeignKey(Member, on_delete=OnDelete.cascade)
    at = moment()

    @staticmethod
    async def say(member: Id, by: Id, reason: str) -> str:
        """Vouch for a newcomer: a moderator's word opens the door, a resident's waits for a second one.

        Gives ``OPENED``, ``NOTED``, ``SAME_CIRCLE`` (noted, but somebody from outside is missing) or ``ALREADY``.
        Raises NotPossible, TooMuch.
        """
        async with transaction():
            await hold_owner(member)
            rows = await query("SELECT id, role, invited_by, created_at FROM member WHERE id IN ({}, {})", member, by)
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
            if moderates:
                await record(by, who["role"], "vouch", member, reason)
            elif (not_yet := await too_new(by)) is not None:
                raise not_yet
            elif (missing := await _missing(one, who, reason)) is not None:
                return missing
            await Member.vouch(member, by)
            await Notice.tell(member, "vouched", None, by, member)
        return OPENED

    @staticmethod
    async def of(members: list[Id]) -> dict[str, list[str]]:
        """The names of the residents who vouch for each of these newcomers."""
        if not members:
            return {}
        marks = ", ".join("{}" for _ in members)
        rows = await query(
            "SELECT v.member, m.name FROM vouching v JOIN member m ON m.id = v.voucher"
            f" WHERE v.member IN ({marks}) AND m.role <> {{}} ORDER BY v.id",
            *members, Role.NEWCOMER.value,
        )  # fmt: skip
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(str(row["member"]), []).append(row["name"])
        return found


async def too_new(member: Id) -> NotPossible | None:
    """Why the word of this resident does not count yet: they are one since less than ``RESIDENT_FOR``.

    Who became one in the board's own first days counts: nobody would be the first otherwise.
    """
    rows = await query(
        "SELECT at FROM log_entry WHERE thing = {} AND verb IN ('vouch', 'vouch-for', 'role')"
        " UNION ALL SELECT created_at FROM member WHERE id = {}",
        member, member,
    )  # fmt: skip
    founded = await query("SELECT founded_at FROM quartier")
    since = max(row["at"] for row in rows)
    counts_until = max(now() - RESIDENT_FOR, *(row["founded_at"] + RESIDENT_FOR for row in founded))
    return NotPossible(TOO_NEW, days=RESIDENT_FOR.days) if since > counts_until else None


async def _missing(one: dict, who: dict, reason: str) -> str | None:
    """Note a resident's word, once; what is missing after it, ``NOTED`` or ``SAME_CIRCLE``, or None."""
    made = await execute(
        "INSERT INTO vouching (id, member, voucher, at) VALUES ({}, {}, {}, {}) ON CONFLICT DO NOTHING RETURNING id",
        uuid7(), one["id"], who["id"], now(),
    )  # fmt: skip
    if made:
        await spend(who["id"], VOUCH)
        await record(who["id"], who["role"], "vouch-for", one["id"], reason)
    outside = await _outside(one)
    if not any(outside):
        return SAME_CIRCLE
    return None if len(outside) >= RESIDENTS else NOTED


async def _outside(one: dict) -> list[bool]:
    """Of each who vouches for this newcomer and still is a resident, whether they are outside the inviter's circle.

    In it: whom the inviter invited as well, or vouched for.
    """
    inviter = one["invited_by"]
    rows = await query(
        "SELECT m.invited_by, m.vouched_by, w.voucher FROM vouching v JOIN member m ON m.id = v.voucher"
        " LEFT JOIN vouching w ON w.member = m.id AND w.voucher = {} WHERE v.member = {} AND m.role <> {}",
        inviter, one["id"], Role.NEWCOMER.value,
    )  # fmt: skip
    return [inviter is None or str(inviter) not in map(str, row.values()) for row in rows]
