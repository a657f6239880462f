"""A town in which an urgent request reaches people, step by step."""

from datetime import datetime, timedelta

import pytest

from server.base.database import query
from server.base.settings import settings
from server.help import escalation
from server.people.member import Role
from server.posts.kinds import HELP
from server.posts.post import Post
from tests.support.alert_people import alerted, deliver, street, volunteer, with_phone
from tests.support.makers import NOON, answers, neighbour, set_clock

MINUTE = timedelta(minutes=1)


def paris(*parts: int) -> datetime:
    """A moment by the quartier's clock."""
    return datetime(*parts, tzinfo=settings.zone)


@pytest.fixture(name="town")
async def alarmed_town(monkeypatch):
    """Noon on a Tuesday, and people with telephones."""
    set_clock(monkeypatch, NOON)
    async with street(monkeypatch) as (service, courier):

        class Town:
            """Who is there, and what they hear."""

            async def hears(self) -> list[str]:
                """Who is alerted by what is due now."""
                await escalation.escalate()
                await deliver(courier)
                return await alerted(service)

            async def after(self, minutes: float) -> list[str]:
                """The same, so long after noon."""
                set_clock(monkeypatch, NOON + minutes * MINUTE)
                return await self.hears()

            async def at(self, moment: datetime) -> list[str]:
                """The same, then."""
                set_clock(monkeypatch, moment)
                return await self.hears()

        town = Town()
        town.service, town.courier = service, courier
        town.odette = await neighbour("Odette")
        await with_phone(service, town.odette)
        town.karim = await volunteer("Karim", service)
        town.paul = await neighbour("Paul")
        await with_phone(service, town.paul)
        town.amelie = await neighbour("Amélie", Role.ADMIN)
        await with_phone(service, town.amelie, what="daily")
        yield town


async def rewrite(post, **other) -> None:
    """The author corrects the request, as the editor does."""
    row = (await query("SELECT edition, urgency FROM post WHERE id = {}", post))[0]
    assert await Post.rewrite(post, row["edition"], HELP, answers("help") | other)
    await escalation.raise_alarm(post, was=row["urgency"])


EVENING = paris(2026, 3, 17, 22)


TONIGHT, TOMORROW = paris(2026, 3, 17, 23, 30), paris(2026, 3, 18, 18)
