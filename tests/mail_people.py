"""Neighbours who read email, and the mail server that the board is told of."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from server import digests, mail
from server.database import change
from server.hours import Quiet
from server.mail import doors, letters, postman
from server.settings import Smtp
from server.tables.alert_choice import AlertChoice
from server.tables.member import Member
from tests.makers import neighbour
from tests.smtp_service import SmtpService

ADDRESS = "https://palier.example"


def set_mail(monkeypatch, smtp: Smtp | None, address: str = ADDRESS) -> None:
    """Have the board send through this server."""
    for module in (doors, letters, postman, digests):
        changed = replace(module.settings, smtp=smtp, mail_from="palier@quartier.example", address=address)
        monkeypatch.setattr(module, "settings", changed)


@contextlib.asynccontextmanager
async def mail_server(monkeypatch) -> AsyncIterator[SmtpService]:
    """A mail server, and a board that knows it."""
    async with SmtpService() as service:
        set_mail(monkeypatch, Smtp(service.host, service.port, tls=False))
        monkeypatch.setattr(postman, "PATIENCE", 0.3)
        yield service


async def reader(name: str, address: str | None = None, *, confirmed: bool = True, **choice: Any) -> Member:
    """Somebody with an address; ``urgent``, ``digest``, ``what``, ``quiet`` when they chose."""
    member = await neighbour(name)
    await chooses(member, address or f"{name.lower()}@example.org", confirmed=confirmed, **choice)
    return member


async def chooses(member: Member, address: str, *, confirmed: bool = True, **choice: Any) -> None:
    """This member's choices, the address confirmed or not."""
    chosen = {"what": "mine", "quiet": Quiet(), "urgent": False, "digest": "never"} | choice
    await AlertChoice.keep(member.id, mail=address, **chosen)
    if confirmed:
        assert await AlertChoice.confirm(member.id, address)


async def mailed(service: SmtpService) -> list[str]:
    """Send all that is due; whom it went to, in the order of addresses. What was taken before is forgotten."""
    service.taken.clear()
    while await mail.round():
        pass
    return sorted(one.to for one in service.taken)


async def mail_rows() -> list[str]:
    """What the ledger says of each email, in order."""
    rows = await change("SELECT state FROM alert WHERE subscription IS NULL ORDER BY id")
    return [row["state"] for row in rows]


def token_in(text: str, way: str) -> str:
    """The token of the first address of this door in a text."""
    return text.split(f"{ADDRESS}/courriel/{way}/")[1].split()[0].strip('">')
