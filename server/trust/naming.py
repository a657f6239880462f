"""Names: whom one looks like, what waits for a moderator's yes, and the names of before."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID as Id

from server.base.audit_log import record
from server.base.budgets import RENAME
from server.base.columns import now
from server.base.database import execute, query, transaction
from server.base.refusals import NotPossible
from server.base.shapes import N_
from server.base.spending import spend
from server.news.told import Notice
from server.people.member import NAME_LETTERS, SAME_RENAMING, Member, Role
from server.text import lookalikes
from server.trust.second_person import decide_alone

# So long a new name is said to be new.
RECENT = SAME_RENAMING
OWN_NAME = N_("C’est votre propre nom : un autre modérateur dira oui.")
ANSWERED = N_("Ce nom n’attend plus de réponse.")


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Whose name another looks like: ``name``, and whether they have a role."""

    name: str
    has_role: bool


async def resemblance(name: str, but: Id | None = None) -> Resemblance | None:
    """Whom on the board this name would be taken for, somebody with a role first; None for nobody but ``but``."""
    rows = await query(
        "SELECT id, name FROM member WHERE role IN ({}, {}) ORDER BY id", Role.MODERATOR.value, Role.ADMIN.value
    )
    for row in rows:
        if str(row["id"]) != str(but) and lookalikes.bears(name, row["name"]):
            return Resemblance(row["name"], True)
    rows = await query("SELECT id, name FROM member WHERE name_key = {} ORDER BY id LIMIT 2", lookalikes.key(name))
    others = [row["name"] for row in rows if str(row["id"]) != str(but)]
    return Resemblance(others[0], False) if others else None


async def hold_back(member: Member) -> bool:
    """Before somebody enters: a name that would be taken for that of somebody with a role waits; whether it does.

    In the caller's transaction, which calls ``told_of`` once the member is stored.
    """
    found = await resemblance(member.name)
    if found is None or not found.has_role:
        return False
    member.wanted_name, member.name = member.name, lookalikes.initials(member.name)
    member.name_key = lookalikes.key(member.name)
    return True


async def rename(me: Member, name: str, street: str) -> bool:
    """Take another name or street. False when the name has to wait for a moderator's yes. Raises TooMuch."""
    async with transaction():
        found = await resemblance(name, me.id) if name != me.name else None
        if found is None or not found.has_role:
            await me.rename(name, street)
            return True
        if street != me.street:
            await me.rename(me.name, street)
        else:
            await spend(me.id, RENAME)
        await execute("UPDATE member SET wanted_name = {} WHERE id = {}", name, me.id)
        await tell_of(me.id)
    return False


async def tell_of(member: Id) -> None:
    """The moderators hear of a name that waits."""
    people = await query(
        "SELECT id FROM member WHERE role IN ({}, {}) AND id <> {} ORDER BY id",
        Role.MODERATOR.value, Role.ADMIN.value, member,
    )  # fmt: skip
    waiting = await Notice.not_told_of([row["id"] for row in people], "name-waits", member)
    await Notice.tell_many(waiting, "name-waits", None, member, f"{member}:{now():%Y-%m-%dT%H:%M}")


async def waiting() -> list[dict]:
    """Names that wait for a yes: id, wanted_name, name, street, role, created_at, and whom they look like."""
    rows = await Member.raw(
        "SELECT id, wanted_name, name, street, role, created_at FROM member WHERE wanted_name IS NOT NULL"
        " ORDER BY id LIMIT 50"
    )
    found = []
    for row in rows:
        like = await resemblance(row["wanted_name"], row["id"])
        found.append(row | {"like": like.name if like else ""})
    return found


async def answer(member: Id, by: Id, reason: str, *, yes: bool) -> None:
    """A moderator says yes or no to a name that waits; with a yes it is shown with the street. Raises NotPossible."""
    async with transaction():
        me = await Member.objects().get(Member.id == member)
        if me is None or me.wanted_name is None:
            raise NotPossible(ANSWERED)
        if str(member) == str(by):
            await decide_alone(by, member, me.seen_at or now(), OWN_NAME)
        role = await query("SELECT role FROM member WHERE id = {}", by)
        await record(by, role[0]["role"], "name-yes" if yes else "name-no", member, reason)
        wanted = me.wanted_name
        await execute("UPDATE member SET wanted_name = NULL WHERE id = {}", member)
        if yes:
            await me.take_name(with_street(wanted, me.street), me.street)
        await Notice.tell(member, "name-yes" if yes else "name-no", None, by, f"{member}:{now():%Y-%m-%dT%H:%M:%S}")


def with_street(name: str, street: str) -> str:
    """ "Jeanne Morel, rue de Gerland": two who have one name are told apart."""
    return f"{name}, {street}"[:NAME_LETTERS].rstrip(" ,")


def is_recent(renamed_at: datetime | None) -> bool:
    """Whether a name is new enough to be said so."""
    return renamed_at is not None and renamed_at > now() - RECENT


async def partners(one: Id, other: Id) -> bool:
    """Whether these two have, or had, an errand together."""
    rows = await query(
        "SELECT 1 FROM post WHERE (author = {} AND taker = {}) OR (author = {} AND taker = {}) LIMIT 1",
        one, other, other, one,
    )  # fmt: skip
    return bool(rows)


async def fill_keys() -> None:
    """Give members their key again where the table of look-alikes has changed since."""
    async with transaction():
        for row in await query("SELECT id, name, name_key FROM member"):
            if row["name_key"] != (key := lookalikes.key(row["name"])):
                await execute("UPDATE member SET name_key = {} WHERE id = {}", key, row["id"])
