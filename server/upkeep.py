"""Timed work: what is past its date leaves the board; old receipts, sessions, links and photos go."""

import asyncio
import contextlib
import logging

from server import photos
from server.tables.key import Key
from server.tables.post import Post
from server.tables.receipt import Receipt
from server.tables.session import Session

EVERY = 60.0

log = logging.getLogger("palier")


async def once() -> None:
    """One round. Doing it twice, or late by a week, changes nothing more."""
    await Post.expire()
    await Receipt.forget()
    await Session.forget()
    await Key.forget()
    await photos.sweep_hourly()


async def forever() -> None:
    """A round every minute until cancelled; a round that fails is logged and tried again."""
    while True:
        try:
            await once()
        except Exception:
            log.exception("upkeep failed, will try again")
        await asyncio.sleep(EVERY)


@contextlib.asynccontextmanager
async def running():
    """Upkeep runs as long as this context is open."""
    task = asyncio.create_task(forever())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
