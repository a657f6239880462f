"""A quartier of many telephones in a fresh data folder, for the benchmarks of alerts."""

import base64
import secrets
from datetime import timedelta
from uuid import UUID


async def fill(origin: str, count: int, *, members: int | None = None) -> dict:
    """``count`` telephones of ``members`` people (one each by default), all ready to shop for others.

    Gives ``admin``, the session token of an admin, who may raise as many alarms as they like, ``admin_id``, and
    ``resident``, the token of one of the people.
    """
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from server.base.columns import now
    from server.base.database import execute, migrate, transaction
    from server.base.ids import uuid7
    from server.base.keys import digest
    from server.people.member import Member
    from server.people.quartier import Quartier
    from server.people.session import Session

    await migrate()
    await Quartier.insert(
        Quartier(
            name="Banc d’essai", town="Lyon", streets="rue A\nrue B", contact_name="Jeanne",
            contact_phone="04 65 71 20 11", contact_hours="", letterbox="",
        )
    )  # fmt: skip
    admin = Member(name="Amélie", street="rue A", role="admin")
    await Member.insert(admin)
    people = [uuid7() for _ in range(members or count)]
    # A few receivers are as good as ten thousand: the sender makes a key pair of its own for each message.
    keys = [ec.generate_private_key(ec.SECP256R1()).public_key() for _ in range(50)]
    points = [_text(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)) for key in keys]
    at = now()
    async with transaction():
        for person in people:
            await execute(
                "INSERT INTO member (id, name, street, role, text_size, theme, created_at, version)"
                " VALUES ({}, 'Voisin', 'rue A', 'resident', 1, 'auto', {}, 1)",
                person, at,
            )  # fmt: skip
            await execute(
                "INSERT INTO volunteer (id, member, needs, slots, reach, means, shown, changed_at)"
                " VALUES ({}, {}, 'courses,pharmacie', '', 'quartier', '', 'nobody', {})",
                uuid7(), person, at,
            )  # fmt: skip
        for n in range(count):
            session, endpoint = uuid7(), f"{origin}/push/{secrets.token_urlsafe(16)}"
            person = people[n % len(people)]
            await execute(
                "INSERT INTO session (id, member, token_hash, device, created_at, seen_at)"
                " VALUES ({}, {}, {}, 'banc', {}, {})",
                session, person, str(session), at, at,
            )  # fmt: skip
            await execute(
                "INSERT INTO subscription (id, member, session, endpoint, digest, p256dh, auth, created_at, renewed_at)"
                " VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {})",
                uuid7(), person, session, endpoint, digest(endpoint), points[n % 50], _text(secrets.token_bytes(16)),
                at, at,
            )  # fmt: skip
    return {
        "admin": await Session.open(admin.id, "banc"), "admin_id": admin.id,
        "resident": await Session.open(people[0], "banc"),
    }  # fmt: skip


async def ask(author: UUID) -> UUID:
    """An urgent request, with its alarm, and the step of it that in a large quartier is left to the sender."""
    from server.base.columns import now
    from server.help import escalation
    from server.help.request import ask_quietly

    answers = {
        "need": "pharmacie", "urgency": "urgent", "due_at": now() + timedelta(hours=5), "title": "Une ordonnance",
        "body": "", "place": "rue A",
    }  # fmt: skip
    post = await ask_quietly(author, "rue A", answers, {"who": "Odette"})
    await escalation.raise_alarm(post)
    await escalation.escalate()
    return post


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
