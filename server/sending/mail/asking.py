"""Double opt-in: an address is written to only after somebody who reads its mail has said yes."""

from datetime import timedelta
from uuid import UUID as Id

from server.base.columns import now
from server.base.database import execute, query, transaction
from server.base.ids import uuid7
from server.base.keys import blind
from server.news.alert import Alert
from server.news.told import Notice
from server.text.i18n import LANGUAGES

CHECK = "mail-check"
MOST, WITHIN = 3, timedelta(days=1)


async def ask_to_confirm(member: Id, address: str, language: str) -> bool:
    """Have the address that this member chose asked whether it is theirs, in this language.

    The sender writes to it, nobody waits. False when there is nothing to ask, it is confirmed or another
    one now, or when three were asked within a day: nobody's letterbox is to be filled from here.
    """
    async with transaction():
        # The row is held, so that two who ask at once are counted one after the other.
        held = await execute(
            "UPDATE alert_choice SET mail = mail WHERE member = {} AND mail = {} AND mail_confirmed_at IS NULL"
            " RETURNING id",
            member, address,
        )  # fmt: skip
        asked = await query(
            "SELECT count(*) AS n FROM notice WHERE person = {} AND what = {} AND at > {}",
            member,
            CHECK,
            now() - WITHIN,
        )
        if not held or asked[0]["n"] >= MOST:
            return False
        notice = await Notice.tell_apart(member, CHECK, f"{uuid7()}:{language}:{_mark(address)}")
        await Alert.write_to(notice, CHECK)
    return True


def asked(once: str, address: str) -> str | None:
    """The language in which the notice of this key asks about this address; None when it asks about another."""
    _, _, language, mark, _ = once.split(":")
    return language if mark == _mark(address) and language in LANGUAGES else None


def _mark(address: str) -> str:
    return blind(CHECK, address)[:16]
