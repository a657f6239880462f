"""Short ways to put things on a test's board."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from server.base.columns import clock, now
from server.people.member import Member, Role
from server.people.quartier import Quartier
from server.posts.kinds import BY_SLUG
from server.posts.post import Post

# A Tuesday at noon in Paris.
NOON = datetime(2026, 3, 17, 11, tzinfo=UTC)


def set_clock(monkeypatch, moment: datetime) -> None:
    """Make it this moment, for the rest of the test."""
    monkeypatch.setattr(clock, "now", lambda: moment)


async def found(version: int = 1) -> None:
    """Found the quartier."""
    await Quartier.insert(
        Quartier(
            name="Les Lilas", town="Lyon", streets="rue des Lilas\n\nplace du Marché\n", version=version,
            contact_name="Jeanne", contact_phone="+33 4 78 00 00 00", contact_hours="9 h à 12 h", letterbox="au 3",
        )
    )  # fmt: skip


async def neighbour(name: str = "Odette", role: Role = Role.RESIDENT, street: str = "rue des Lilas") -> Member:
    """Somebody of the quartier, stored."""
    member = Member(name=name, street=street, role=role)
    await Member.insert(member)
    return member


def answers(slug: str) -> dict[str, Any]:
    """Every question of this kind answered."""
    soon = now() + timedelta(hours=3)
    return {
        "help": {
            "need": "courses", "urgency": "urgent", "due_at": soon, "title": "Du pain", "body": "", "place": "rue",
        },
        "offer": {
            "title": "Courses", "body": "", "repeats": "once", "starts_at": soon, "capacity": 2, "reach": "near",
        },
        "tip": {
            "title": "Marché", "body": "", "place": "place", "hours": "jeudi", "valid_until": soon,
            "link": "https://exemple.test/",
        },
        "gathering": {"title": "Applaudir", "starts_at": soon, "repeats": "daily", "place": "cour", "body": ""},
        "encouragement": {"tone": "word", "title": "", "body": "Courage !"},
        "playlist": {"title": "Fenêtres", "body": "", "tracks": [{"title": "La mer", "artist": "Trenet"}]},
        "initiative": {
            "wanted": "hands", "title": "Planter", "body": "", "capacity": 3, "starts_at": soon, "place": "square",
            "valid_until": soon, "link": None,
        },
    }[slug]  # fmt: skip


async def put_up(author: Member, slug: str = "tip", **other: Any) -> UUID:
    """A post on the board; ``other`` replaces single answers."""
    return await Post.put_up(author.id, author.street, BY_SLUG[slug], {**answers(slug), **other})
