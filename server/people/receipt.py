"""Exactly once: what a form that creates something leaves behind.

A form carries a random key. The first POST with it does the work and keeps a receipt; a
repeat finds the receipt and is answered with the same Location, rendered anew with today's
rights. The same key with another body is a conflict. Kept for 30 days; never a body.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID as Id

from piccolo.columns import UUID, Varchar
from piccolo.table import Table

from server.base.columns import moment, now, row_id
from server.base.database import execute, transaction
from server.base.ids import uuid7
from server.base.keys import blind

LIFE = timedelta(days=30)


class Conflict(Exception):
    """The same key came with another body."""


@dataclass(frozen=True, slots=True)
class Done:
    """What the work made (an id), whether this POST was the one that made it, and when that was."""

    made: Id
    first: bool
    at: datetime


class Receipt(Table):
    """Unique by (actor, key). ``actor``: a member, or the invitation a stranger holds."""

    id = row_id()
    actor = UUID()
    key = Varchar(64)
    route = Varchar(80)
    body_hash = Varchar(64)
    made = UUID(null=True, default=None)
    created_at = moment()

    @staticmethod
    async def once(actor: Id, key: str, route: str, body: bytes, work: Callable[[], Awaitable[Id]]) -> Done:
        """Run ``work`` unless a receipt of this key exists. Raises Conflict.

        The receipt is written first, in the transaction of the work: of two POSTs at the same
        moment the second waits, then finds it.
        """
        body_hash = _digest(body)
        async with transaction():
            written = await execute(
                "INSERT INTO receipt (id, actor, key, route, body_hash, created_at) VALUES ({}, {}, {}, {}, {}, {})"
                " ON CONFLICT (actor, key) DO NOTHING RETURNING id",
                uuid7(),
                actor,
                key,
                route,
                body_hash,
                now(),
            )
            if written:
                made = await work()
                await execute("UPDATE receipt SET made = {} WHERE id = {}", made, written[0]["id"])
                return Done(made, True, now())
        done = await Receipt.seen(actor, key, route, body)
        if done is None:
            raise Conflict
        return done

    @staticmethod
    async def seen(actor: Id, key: str, route: str, body: bytes) -> Done | None:
        """What this key did before, for work that is too long to start twice. Raises Conflict."""
        row = await Receipt.select().where((Receipt.actor == actor) & (Receipt.key == key)).first()
        if row is None:
            return None
        if row["body_hash"] != _digest(body) or row["route"] != route:
            raise Conflict
        return Done(row["made"], False, row["created_at"])

    @staticmethod
    async def made_with(actor: Id, key: str, route: str) -> Id | None:
        """What this key made on this route before, whatever came along with it; None when it made nothing."""
        found = (Receipt.actor == actor) & (Receipt.key == key) & (Receipt.route == route)
        row = await Receipt.select(Receipt.made).where(found).first()
        return row["made"] if row else None

    @staticmethod
    async def forget() -> None:
        """Drop receipts older than 30 days."""
        await execute("DELETE FROM receipt WHERE created_at < {}", now() - LIFE)


def _digest(body: bytes) -> str:
    """Keyed: what a form held (an address, a door code) must not be guessed from the database."""
    return blind("body", hashlib.sha256(body).hexdigest())
