"""The tokens in the addresses of emails: one says that an address is its owner's, one stops all email to it.

Each is bound to a person and to an address, so that neither outlives it, and is derived, not stored.
"""

import hmac
from collections.abc import Mapping
from typing import Any
from uuid import UUID as Id

from server.base.keys import token_for
from server.base.settings import settings
from server.news.alert_choice import AlertChoice

YES, STOP = "oui", "arret"


def confirm_token(member: Id, mail: str) -> str:
    """What only who reads the mail of this address can know."""
    return _token(YES, member, mail)


def stop_token(member: Id, mail: str) -> str:
    """What stops all email to this person at this address (RFC 8058, section 3.1: it needs nothing else)."""
    return _token(STOP, member, mail)


def address_of(way: str, member: Id, mail: str) -> str:
    """The whole address of one of these doors."""
    return f"{settings.address}/courriel/{way}/{_token(way, member, mail)}"


async def opened(way: str, token: str) -> Mapping[str, Any] | None:
    """The choices of the person to whom this token was written, while their address is still the same; or None."""
    try:
        member = Id(token.partition("-")[0])
    except ValueError:
        return None
    row = await AlertChoice.of(member)
    if row is None or row["mail"] is None:
        return None
    good = hmac.compare_digest(_token(way, member, row["mail"]).encode(), token.encode())
    return row if good else None


def _token(way: str, member: Id, mail: str) -> str:
    return f"{Id(str(member)).hex}-{token_for(f'mail-{way}:{mail}', Id(str(member)))}"
