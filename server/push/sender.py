"""The process that sends: beside the web pages, so that a thousand alerts at once do not slow them down.

``python -m server.push.sender`` looks into the ledger when its parent rings (a line on its standard input),
when something falls due, and every second. It ends when its parent does: its standard input is closed then.
"""

import asyncio
import contextlib
import gc
import logging
import logging.config
import os
import sys

from server import alarms, mail
from server.database import close_database, open_database
from server.logs import LOGGING
from server.outbound import open_session
from server.push.delivery import AT_ONCE, Courier
from server.settings import settings

EVERY = 1.0
# Pages go first.
NICE = 5

log = logging.getLogger("palier")


def spare_the_collector() -> None:
    """What was imported stays, and a message leaves few cycles behind: look for garbage less often (a tenth faster)."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


async def listen(bell: asyncio.Event) -> None:
    """Ring ``bell`` for each line of standard input, until there are no more."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.readline():
        bell.set()


async def work(bell: asyncio.Event) -> None:
    """Send what is due, for ever. A round that fails is logged and tried again."""
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(open_session(connections=AT_ONCE))
        own = await stack.enter_async_context(open_session(connections=AT_ONCE, trusted=settings.push_origin))
        courier = Courier(session, own)
        while True:
            bell.clear()
            try:
                await alarms.escalate()
                busy = await courier.round()
            except Exception:
                log.exception("sending failed, will try again")
                busy = 0
            if not busy:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(bell.wait(), EVERY)


async def keep_mailing() -> None:
    """Send what goes by email, for ever: beside the alerts, which a mail server that hangs must not hold up."""
    while True:
        try:
            busy = await mail.round()
        except Exception:
            log.exception("mailing failed, will try again")
            busy = 0
        if not busy:
            await asyncio.sleep(EVERY)


async def main() -> None:
    """Work until the parent is gone."""
    bell = asyncio.Event()
    spare_the_collector()
    await open_database()
    sending = [asyncio.create_task(work(bell))]
    if settings.smtp:
        sending.append(asyncio.create_task(keep_mailing()))
    try:
        await listen(bell)
    finally:
        for one in sending:
            one.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
        await close_database()


if __name__ == "__main__":
    with contextlib.suppress(OSError):
        os.nice(NICE)
    logging.config.dictConfig(LOGGING)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
