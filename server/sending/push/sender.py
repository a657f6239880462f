"""The process that sends: beside the web pages, so that a thousand alerts at once do not slow them down.

``python -m server.sending.push.sender`` looks into the ledger when its parent rings (a line on its standard input),
when something falls due, and every second. It ends when its parent does: its standard input is closed then.
Whatever it has begun it finishes first, and what it has claimed and not begun is anybody's again.
"""

import asyncio
import contextlib
import gc
import logging
import logging.config
import os
import signal
import sys
from collections.abc import Awaitable, Callable

from server.base import bell
from server.base.database import close_database, open_database
from server.base.faults import trouble_of
from server.base.logs import LOGGING
from server.base.outbound import open_session
from server.base.settings import settings
from server.help import escalation
from server.sending import mail
from server.sending.push.delivery import AT_ONCE, Courier

EVERY = 1.0
# How long what has begun may take at the end; ``process`` waits a little longer.
GRACE = 2.0
# Pages go first.
NICE = 10

log = logging.getLogger("palier")


def fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """How to make a loop of uvloop, where it is installed (as the server's own); None: the usual one."""
    with contextlib.suppress(ImportError):
        import uvloop

        return uvloop.new_event_loop
    return None


def spare_the_collector() -> None:
    """What was imported stays, and a message leaves few cycles behind: look for garbage less often (a tenth faster)."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


async def listen(rung: Callable[[], None]) -> None:
    """Ring for each line of standard input, until there are no more."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.readline():
        rung()


class Bell:
    """Wakes whatever works in this process; ``over``: it is to end."""

    def __init__(self) -> None:
        self._rung: list[asyncio.Event] = []
        self.over = asyncio.Event()

    def ring(self) -> None:
        """Have everything look again."""
        for one in self._rung:
            one.set()

    def end(self) -> None:
        """Nothing new is begun."""
        self.over.set()
        self.ring()

    async def keep(self, work: Callable[[], Awaitable[int]]) -> None:
        """Do this until the end: again at once while it finds something to do, else at a ring or in a second.

        What fails is logged and tried again.
        """
        rung = asyncio.Event()
        self._rung.append(rung)
        while not self.over.is_set():
            rung.clear()
            try:
                busy = await work()
            except Exception as error:
                busy = 0
                # Told by the server, once a minute; here it would be every second.
                if trouble_of(error) is None:
                    log.exception("sending failed, will try again")
            if not busy:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(rung.wait(), EVERY)


async def main() -> None:
    """Work until the parent is gone, or says so."""
    keeper = Bell()
    spare_the_collector()
    await open_database()
    # What an alarm wrote is sent at once. A supervisor that ends a whole family of processes signals this one too.
    bell.on_ring(keeper.ring)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, keeper.end)
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(open_session(connections=AT_ONCE))
        own = await stack.enter_async_context(open_session(connections=AT_ONCE, trusted=settings.push_origin))
        # Each for itself: neither a thousand alerts nor a mail server that hangs hold the others up.
        parts = [
            escalation.escalate,
            Courier(session, own, keeper.over).round,
            *([mail.round] if settings.smtp else []),
        ]
        sending = [asyncio.create_task(keeper.keep(part)) for part in parts]
        heard = asyncio.create_task(listen(keeper.ring))
        ended = asyncio.create_task(keeper.over.wait())
        await asyncio.wait({heard, ended}, return_when=asyncio.FIRST_COMPLETED)
        keeper.end()
        # What is on its way arrives; what hangs is tried again later.
        await asyncio.wait(sending, timeout=GRACE)
        for one in (*sending, heard):
            one.cancel()
        await asyncio.gather(*sending, heard, return_exceptions=True)
    await close_database()


if __name__ == "__main__":
    # A Ctrl-C is for the parent. Not a session of its own: Linux weighs sessions against each other, whatever the
    # niceness of their processes (sched(7), autogroup).
    os.setpgid(0, 0)
    with contextlib.suppress(OSError):
        os.nice(NICE)
    logging.config.dictConfig(LOGGING)
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=fast_loop()) as runner:
        runner.run(main())
