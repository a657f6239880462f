"""``python -m server.running.backup.inside``: what a drill asks of the restored copy, in one line of JSON.

It also takes away every device and address, so that whatever happens while the copy is served, nobody hears of it.
"""

import asyncio
import json
from typing import Any
from uuid import UUID

from server.base import keys, tombstones
from server.base.database import close_database, execute, open_database, query, transaction
from server.help.private import opens_some

# What may not be there any more, by its word among the tombstones.
GONE = {
    "member": "SELECT id FROM member", "session": "SELECT id FROM session", "key": "SELECT id FROM door_key",
    "private": "SELECT post AS id FROM private_part", "photo": "SELECT id FROM photo",
    "invitation": "SELECT id FROM invitation WHERE revoked_at IS NULL",
}  # fmt: skip


async def look() -> dict[str, Any]:
    """A card that opens, a photo that somebody sees, and how much is as it should not be."""
    lines = set(tombstones.read())
    async with transaction():
        waiting = await query("SELECT count(*) AS n FROM alert WHERE state = 'waiting'")
        for statement in ("DELETE FROM alert", "DELETE FROM subscription", "UPDATE alert_choice SET mail = NULL"):
            await execute(statement)
    cards = await query(
        "SELECT k.id FROM door_key k JOIN member m ON m.id = k.member WHERE k.kind = 'card' AND m.role <> 'newcomer'"
        " ORDER BY k.id LIMIT 1"
    )
    photo = await query(
        "SELECT f.id, f.width FROM photo f JOIN post p ON p.id = f.post WHERE f.purpose = 'post' AND p.listed LIMIT 1"
    )
    came_back = 0
    for what, sql in GONE.items():
        came_back += sum(tombstones.line_of(what, row["id"]) in lines for row in await query(sql))
    return {
        "token": keys.token_for("card", UUID(str(cards[0]["id"]))) if cards else "",
        "photo": f"/photos/{photo[0]['id']}/{photo[0]['width']}" if photo else "",
        "sealed": await opens_some(),
        "waiting": waiting[0]["n"],
        "came_back": came_back,
        "gone": len(lines),
    }


async def main() -> None:
    """Look, and print it."""
    await open_database()
    try:
        print(json.dumps(await look()))
    finally:
        await close_database()


if __name__ == "__main__":
    asyncio.run(main())
