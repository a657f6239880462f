"""What the page of alerts sends."""

from server.base.database import query

KEYS = {
    "p256dh": "BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U",
    "auth": "UUxI4O8-FbRouAevSmBQ6g",
}


GOOD = {"endpoint": "https://fcm.googleapis.com/fcm/send/abc", **KEYS}


async def devices() -> list[dict]:
    """Every subscription there is."""
    return await query("SELECT * FROM subscription ORDER BY id")
