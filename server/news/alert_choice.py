"""What one wants to be told, when one is to be left alone, and by email.

Without a row the usual choice holds (``USUAL``): that somebody set nothing is itself worth knowing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID as Id

from piccolo.columns import Boolean, ForeignKey, SmallInt, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base import tombstones
from server.base.columns import moment, now, row_id
from server.base.database import execute
from server.base.ids import uuid7
from server.base.quiet_hours import FROM, UNTIL, Quiet
from server.news.news import CONCERNS
from server.people.member import Member

NEVER, DAY, WEEK = "never", "day", "week"
USUALLY = Quiet()


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose. ``mail`` is an address that they confirmed, or None."""

    what: str = CONCERNS
    quiet: Quiet = USUALLY
    mail: str | None = None
    mail_urgent: bool = False
    mail_digest: str = NEVER


USUAL = Choice()


class AlertChoice(Table):
    """One row a member at most."""

    id = row_id()
    member = ForeignKey(Member, on_delete=OnDelete.cascade, unique=True)
    what = Varchar(8, default=CONCERNS)
    quiet_from = SmallInt(default=FROM)
    quiet_until = SmallInt(default=UNTIL)
    mail = Varchar(120, null=True, default=None)
    mail_confirmed_at = moment(null=True)
    mail_urgent = Boolean(default=False)
    mail_digest = Varchar(5, default=NEVER)
    changed_at = moment()

    @staticmethod
    async def of(member: Id) -> dict | None:
        """The row of this member, or None."""
        return await AlertChoice.select().where(AlertChoice.member == member).first()

    @staticmethod
    async def keep(member: Id, what: str, quiet: Quiet, mail: str | None, urgent: bool, digest: str) -> bool:
        """Keep these choices. True when ``mail`` is an address that is still to be confirmed."""
        rows = await execute(
            "INSERT INTO alert_choice (id, member, what, quiet_from, quiet_until, mail, mail_urgent, mail_digest,"
            " changed_at) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT (member) DO UPDATE SET"
            " what = excluded.what, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,"
            " mail_confirmed_at = CASE WHEN alert_choice.mail = excluded.mail THEN alert_choice.mail_confirmed_at END,"
            " mail = excluded.mail, mail_urgent = excluded.mail_urgent, mail_digest = excluded.mail_digest,"
            " changed_at = excluded.changed_at RETURNING mail_confirmed_at",
            uuid7(), member, what, quiet.start, quiet.end, mail, urgent, digest, now(),
        )  # fmt: skip
        tombstones.note("mail" if mail and (urgent or digest != NEVER) else "no-mail", member)
        return mail is not None and rows[0]["mail_confirmed_at"] is None

    @staticmethod
    async def confirm(member: Id, mail: str) -> bool:
        """This address is theirs. False when they have meanwhile given another."""
        return bool(
            await execute(
                "UPDATE alert_choice SET mail_confirmed_at = {} WHERE member = {} AND mail = {} RETURNING id",
                now(), member, mail,
            )
        )  # fmt: skip

    @staticmethod
    async def doubt(member: Id, mail: str) -> None:
        """There is nobody at this address: it is to be confirmed again before anything else goes there."""
        await execute("UPDATE alert_choice SET mail_confirmed_at = NULL WHERE member = {} AND mail = {}", member, mail)

    @staticmethod
    async def stop_mail(member: Id) -> None:
        """No more email (RFC 8058). What one chose for one's devices stays."""
        await execute(
            "UPDATE alert_choice SET mail_urgent = {}, mail_digest = {} WHERE member = {}", False, NEVER, member
        )
        tombstones.note("no-mail", member)


# The columns of a choice, for queries that join it as ``c``.
COLUMNS = "c.what AS chosen, c.quiet_from, c.quiet_until, c.mail, c.mail_confirmed_at, c.mail_urgent, c.mail_digest"


def choice_of(row: Mapping[str, Any]) -> Choice:
    """The choice in a row with ``COLUMNS``; the usual one where nothing was joined."""
    if row["chosen"] is None:
        return USUAL
    confirmed: datetime | None = row["mail_confirmed_at"]
    return Choice(
        row["chosen"],
        Quiet(row["quiet_from"], row["quiet_until"]),
        row["mail"] if confirmed else None,
        bool(row["mail_urgent"]),
        row["mail_digest"],
    )
