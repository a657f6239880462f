"""Timed work: leases end, what is past its date leaves the board, private words, old rows and photos go.

Each part may run in several processes at once, twice, or a week late: every change is made where
it is still due, and every notice has a key that is told once.
"""

import asyncio
import contextlib
import logging
from datetime import timedelta

from server.base import tombstones, watch
from server.base.columns import now
from server.base.custody import BACKUP, LATE, SafetyRun
from server.base.faults import Trouble, tell, trouble_of
from server.base.spending import Spent
from server.gatherings import recurrence
from server.gatherings.attendance import remind
from server.help import doors, escalation, life, offer
from server.help.private import PrivatePart, Viewing
from server.news import digests
from server.news.told import Notice
from server.people.key import Key
from server.people.receipt import Receipt
from server.people.session import Session
from server.posts import photo_files
from server.posts.post import Post

EVERY = 60.0
NEWS_KEPT = timedelta(days=90)
# The process that sends takes the steps of alarms; those that it leaves for so long are taken here.
LEFT = timedelta(seconds=10)

log = logging.getLogger("palier")


async def once() -> None:
    """One round. Doing it twice, or late by a week, changes nothing more.

    A part that fails keeps none of the others from their work: whatever happens to a lease, private
    words go. Raises ExceptionGroup at the end.
    """
    failures = []
    if not watch.look_at_folder():
        return tell(Trouble.MISPLACED)
    parts = [life.warn, doors.unlock_due, _escalate, remind, _note_erasures, _miss_backup]
    if watch.clock_is_right(now()):
        # A clock that says another year would end, hide and erase all there is: this waits until it is believed.
        parts += [
            life.lapse, digests.write_due, recurrence.move, recurrence.ask, Post.expire, offer.settle_past,
            _forget_private_words, _keep_readings, _forget_old_rows, photo_files.sweep_hourly,
        ]  # fmt: skip
    else:
        tell(Trouble.CLOCK)
    for part in parts:
        try:
            await part()
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup("upkeep", failures)


async def _escalate() -> None:
    await escalation.escalate(LEFT)


async def _forget_private_words() -> None:
    await photo_files.forget_receipts(await PrivatePart.purge())


async def _keep_readings() -> None:
    await Viewing.seal_names()
    await Viewing.forget()


async def _forget_old_rows() -> None:
    await Notice.forget(now() - NEWS_KEPT)
    await Receipt.forget()
    await Spent.forget()
    await Session.forget()
    await Key.forget()


async def _note_erasures() -> None:
    """What the list of erasures had no room for."""
    tombstones.flush()


async def _miss_backup() -> None:
    """Tell the admins, once a week, that the backups they had do not come any more."""
    good = await SafetyRun.last_good(BACKUP)
    if good is not None and good < now() - LATE:
        year, week, _ = now().isocalendar()
        await Notice.tell_admins("backup-failed", None, None, f"late:{year}-{week}")


async def forever() -> None:
    """A round every minute until cancelled; a round that fails is logged and tried again."""
    while True:
        try:
            await once()
        except Exception as error:
            trouble = trouble_of(error)
            if trouble is None:
                log.exception("upkeep failed, will try again")
            else:
                tell(trouble)
        await asyncio.sleep(EVERY)


@contextlib.asynccontextmanager
async def running():
    """Upkeep runs as long as this context is open."""
    task = asyncio.create_task(forever())
    try:
        yield
    finally:
        # Again, if a library swallowed it: the server must not wait for the next round.
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=0.5)
