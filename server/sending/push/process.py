"""The sender as a child of the server: started when there is somebody to alert, and again should it die."""

import asyncio
import contextlib
import logging
import os
import sys

from server.base import bell
from server.base.faults import tell, trouble_of
from server.base.settings import ROOT, settings
from server.news.subscription import Subscription

# Before it is started again; and how long it may take to end, which is more than the sender takes.
PAUSE, ENDING = 2.0, 4.0

log = logging.getLogger("palier")


@contextlib.asynccontextmanager
async def running():
    """A sender works as long as this context is open."""
    keeper = _Keeper()
    stop = bell.on_ring(keeper.ring)
    task = asyncio.create_task(keeper.keep())
    try:
        yield
    finally:
        stop()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class _Keeper:
    def __init__(self) -> None:
        self.process: asyncio.subprocess.Process | None = None
        self.wanted = asyncio.Event()

    def ring(self) -> None:
        """Wake the child, or have it started."""
        self.wanted.set()
        if self.process is not None and self.process.returncode is None:
            self.process.stdin.write(b"\n")

    async def keep(self) -> None:
        """Start it once it is wanted: a board that nobody is alerted by needs no second process."""
        if settings.smtp or await self._somebody():
            self.wanted.set()
        await self.wanted.wait()
        while True:
            try:
                await self._run()
            except OSError:
                log.exception("the sender of alerts can not be started")
            log.warning("the sender of alerts has ended, will start it again")
            await asyncio.sleep(PAUSE)

    async def _somebody(self) -> bool:
        """Whether there is somebody to alert; asked again while the database does not answer."""
        while True:
            try:
                return await Subscription.any()
            except Exception as error:
                trouble = trouble_of(error)
                if trouble is None:
                    raise
                tell(trouble)
                await asyncio.sleep(PAUSE)

    async def _run(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "server.sending.push.sender",
            stdin=asyncio.subprocess.PIPE, cwd=ROOT, env=environment,
        )  # fmt: skip
        try:
            await self.process.wait()
        finally:
            # It sees that nobody speaks to it any more, finishes what it has begun, and ends.
            self.process.stdin.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), ENDING)
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
