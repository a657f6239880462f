"""A street with telephones: who can be alerted, and through which push service."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from server.base.database import query
from server.base.keys import digest
from server.base.outbound import open_session
from server.base.quiet_hours import Quiet
from server.help import escalation
from server.help.request import ask_quietly
from server.help.volunteer import Volunteer
from server.news.alert_choice import AlertChoice
from server.news.subscription import Subscription
from server.people.member import Member, Role
from server.people.session import Session
from server.sending.push import delivery, endpoint
from tests.support.makers import answers, found, neighbour
from tests.support.push_service import Message, PushService


async def with_phone(service: PushService, member: Member, **choice: Any) -> None:
    """One more telephone of this member; ``what``, ``quiet`` when they chose."""
    token = await Session.open(member.id, "Firefox, Android")
    session = await query("SELECT id FROM session WHERE token_hash = {}", digest(token))
    await Subscription.keep(member.id, session[0]["id"], **service.subscribe())
    if choice:
        chosen = {"what": "mine", "quiet": Quiet(), "mail": None, "urgent": False, "digest": "never"} | choice
        await AlertChoice.keep(member.id, **chosen)


async def volunteer(name: str, service: PushService | None = None, role: Role = Role.RESIDENT, **choice) -> Member:
    """Somebody who shops for others, with a telephone if there is a service."""
    member = await neighbour(name, role)
    await Volunteer.keep(
        member.id, needs={"courses", "pharmacie"}, slots=set(), reach="quartier", means=set(), shown="nobody"
    )
    if service:
        await with_phone(service, member, **choice)
    return member


async def ask(author: Member, **other: Any):
    """An urgent request, with its alarm."""
    post = await ask_quietly(author.id, author.street, answers("help") | other, {"who": "Odette Berthier"})
    await escalation.raise_alarm(post)
    return post


@contextlib.asynccontextmanager
async def street(monkeypatch) -> AsyncIterator[tuple[PushService, delivery.Courier]]:
    """A founded quartier, a push service, and a courier who knows it."""
    await found()
    async with PushService() as service:
        for module in (delivery, endpoint):
            if hasattr(module, "settings"):
                monkeypatch.setattr(module, "settings", replace(module.settings, push_origin=service.origin))
        async with open_session(delivery.AT_ONCE) as out, open_session(delivery.AT_ONCE, service.origin) as own:
            yield service, delivery.Courier(out, own)


async def deliver(courier: delivery.Courier) -> int:
    """Send until nothing is due."""
    total = 0
    while sent := await courier.round():
        total += sent
    return total


def read(service: PushService, message: Message) -> dict:
    """What a device would show."""
    return json.loads(service.open(message))


async def owner_of(message: Message) -> str:
    """Whose telephone it went to."""
    rows = await query(
        "SELECT m.name FROM subscription s JOIN member m ON m.id = s.member WHERE s.endpoint LIKE {}",
        f"%{message.token}",
    )
    return rows[0]["name"] if rows else ""


async def alerted(service: PushService) -> list[str]:
    """Who was alerted, in the order of their names; the list is emptied."""
    names = sorted([await owner_of(message) for message in service.taken])
    service.received.clear()
    return names
