"""The first evening: the quartier and its first admin, once."""

from typing import Any
from uuid import UUID as Id

from server.base.audit_log import record
from server.base.columns import now
from server.base.database import execute, transaction
from server.people.member import Member, Role


async def found(values: dict[str, Any]) -> Id | None:
    """Found the quartier; its first admin, or None when somebody else was faster.

    ``values`` as the three steps of the form were read: quartier, ville, rues, facade, contact, telephone, heures,
    boite, and of the admin nom and rue.
    """
    admin = Member(name=values["nom"], street=values["rue"], role=Role.ADMIN)
    async with transaction():
        # Two browsers at once: the row's fixed id lets one of them through.
        made = await execute(
            "INSERT INTO quartier (id, name, town, streets, facade, contact_name, contact_phone, contact_hours,"
            " letterbox, version, founded_at) VALUES (1, {}, {}, {}, {}, {}, {}, {}, {}, 1, {})"
            " ON CONFLICT (id) DO NOTHING RETURNING id",
            *(values[name] for name in ("quartier", "ville", "rues", "facade", "contact", "telephone")),
            values["heures"], values["boite"], now(),
        )  # fmt: skip
        if not made:
            return None
        await Member.insert(admin)
        await record(admin.id, admin.role, "found", None)
    return Id(str(admin.id))
