"""Neighbours who read email, and the mail server that the board is told of."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from server.base.database import query
from server.base.quiet_hours import Quiet
from server.base.settings import ROOT, Smtp
from server.news import digests
from server.news.alert_choice import AlertChoice
from server.people.member import Member
from server.sending import mail
from server.sending.mail import doors, letters, postman
from tests.support.makers import neighbour
from tests.support.smtp_service import SmtpService

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


@contextlib.asynccontextmanager
async def sender_process(smtp: str, **environment: str) -> AsyncIterator[None]:
    """The process that sends, as the board starts it: told of the mail server by its environment."""
    told = {"PALIER_SMTP": smtp, "PALIER_MAIL_FROM": "palier@quartier.example", "PALIER_ADDRESS": ADDRESS}
    sender = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server.sending.push.sender", cwd=ROOT, stdin=subprocess.PIPE,
        env={**os.environ, **told, **environment},
    )  # fmt: skip
    try:
        yield
    finally:
        sender.stdin.close()
        assert await asyncio.wait_for(sender.wait(), 60) == 0


async def settled(state: str) -> None:
    """Wait until the one email of the ledger has been tried, and has come to this."""
    rows: list[dict] = []
    async with asyncio.timeout(60):
        while [(row["state"], row["tries"]) for row in rows] != [(state, 1)]:
            await asyncio.sleep(0.1)
            rows = await query("SELECT state, tries FROM alert WHERE subscription IS NULL")


async def mail_rows() -> list[str]:
    """What the ledger says of each email, in order."""
    rows = await query("SELECT state FROM alert WHERE subscription IS NULL ORDER BY id")
    return [row["state"] for row in rows]


def token_in(text: str, way: str) -> str:
    """The token of the first address of this door in a text."""
    return text.split(f"{ADDRESS}/courriel/{way}/")[1].split()[0].strip('">')
