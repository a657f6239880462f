"""An urgent request and whom it reaches: volunteers who fit, then everybody who accepts, then the admins.

Each step is taken in one transaction that holds the request's row, so that whoever takes the request
meanwhile, or another process at the same step, changes nothing twice.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID as Id

from server.base.audit_log import record
from server.base.bell import ring
from server.base.columns import now
from server.base.database import after_commit, query, transaction
from server.base.quiet_hours import Quiet
from server.base.settings import settings
from server.base.shapes import N_
from server.help import matching
from server.help.alarm import ADMINS, EVERYBODY, OVER, VOLUNTEERS, Alarm
from server.help.volunteer import Volunteer
from server.news.alert import Alert
from server.news.news import CONCERNS, URGENCIES
from server.news.planning import AFTER, hasten
from server.news.told import Notice
from server.people.member import Role
from server.posts.post import hold, vital
from server.trust.second_person import decide_alone

log = logging.getLogger("palier")

OWN_ALARM = N_("C’est votre propre demande : un autre modérateur dira si elle sonne. Elle reste sur le tableau.")
RAISED, HELD, NONE = "raised", "held", "none"
# Members of a quartier whose alarm is spread while the asker waits. Of 10,000 it takes a second, in which no page
# would be served: that is left to the process that sends.
AT_HAND = 500


def waits_until(answers: Mapping[str, Any]) -> datetime | None:
    """Until when the alert of these answers would wait, since it is night; None when it goes at once."""
    return None if vital(answers, now()) else Quiet().ends(now())


async def raise_alarm(post: Id, was: str | None = None) -> str:
    """Alert those who fit, if this request is urgent: ``raised``, ``held`` for a moderator, or ``none``.

    In the caller's transaction, or one of its own. Doing it twice changes nothing more. ``was``: how urgent it was
    before it was corrected. What had an alarm and is urgent again begins anew; what became vital does not wait for
    the morning any more.
    """
    async with transaction():
        one = await hold(post)
        if not _waits(one):
            return NONE
        if await Alarm.of(post) is not None:
            await (Alarm.anew(post) if was not in (None, "urgent") else _hasten(one))
            return NONE
        held = not await Alarm.may_begin(post)
        await Alarm.begin(post, one["author"], held=held)
        await (_held(one, VOLUNTEERS, 1) if held else _first_step(one))
    return HELD if held else RAISED


async def agree(post: Id, by: Id, role: str) -> bool:
    """``let_go`` by this moderator, in the journal. Raises NotPossible for one's own, but see ``second_person``."""
    async with transaction():
        one, alarm = await hold(post), await Alarm.of(post)
        if one and alarm and alarm["held_at"] is not None and str(one["author"]) == str(by):
            await decide_alone(by, post, alarm["held_at"], OWN_ALARM, post=post, vital=vital(one, now()))
        gone = await let_go(post)
        if gone:
            await record(by, role, "let-alert", post)
    return gone


async def stop(post: Id, by: Id, role: str, reason: str) -> None:
    """A moderator ends an alert on its way, in the journal: nothing that still waits is sent. Twice is once."""
    async with transaction():
        if await Alarm.stop(post, by):
            await record(by, role, "stop-alert", post, reason)


async def note_call(post: Id, by: Id, role: str) -> None:
    """An admin has rung who asks, in the journal. Twice is once."""
    async with transaction():
        if await Alarm.called(post, by):
            await record(by, role, "called", post)


async def let_go(post: Id) -> bool:
    """A moderator lets a held alarm go. False when it was not held, or nobody waits any more."""
    async with transaction():
        one = await hold(post)
        if not _waits(one) or not await Alarm.release(post):
            return False
        await _first_step(one)
    return True


async def _first_step(one: dict) -> None:
    """Take it now, or have it taken: it is due, whatever becomes of this process."""
    rows = await query("SELECT count(*) AS n FROM member")
    if rows[0]["n"] > AT_HAND:
        after_commit(ring)
    else:
        await _step(one, VOLUNTEERS, 1)


async def resume(post: Id) -> None:
    """A request is back on the board: whoever was not told yet is told, by night only of what is vital.

    In the caller's transaction.
    """
    one = await hold(post)
    alarm = await Alarm.of(post)
    # A round that is about to begin tells them all.
    if _waits(one) and alarm is not None and alarm["step"] != VOLUNTEERS:
        await Alert.resume(post, vital=vital(one, now()))


async def _hasten(one: dict) -> None:
    """Say now what waits for the morning, if this may wake people, and let the minutes count from now."""
    alarm = await Alarm.of(one["id"])
    if not vital(one, now()) or alarm["stopped_at"] is not None:
        return
    for what in ("urgent", "nobody", "held"):
        await hasten(one["id"], what)
    for_everybody, for_admins = (timedelta(minutes=minutes) for minutes in settings.alarm)
    if alarm["step"] == EVERYBODY:
        wait = for_everybody
    else:
        wait = for_admins if alarm["held_at"] else for_admins - for_everybody
    await Alarm.sooner(one["id"], now() + wait)
    after_commit(ring)


async def escalate(since: timedelta = timedelta(0)) -> int:
    """Take every step that has been due for so long; how many.

    Twice, or in two processes at once, changes nothing more. The process that sends looks every second;
    another one leaves it a little time to do so.
    """
    taken = 0
    for post in await Alarm.due(now() - since):
        # One that fails keeps none of the others waiting.
        try:
            taken += await _go_on(post)
        except Exception:
            log.exception("an alarm could not go on, will try again")
    return taken


async def _go_on(post: Id) -> bool:
    async with transaction():
        one = await hold(post)
        alarm = await Alarm.of(post)
        if not _waits(one) or alarm["next_at"] is None or alarm["next_at"] > now():
            return False
        await (_held if alarm["held_at"] else _step)(one, alarm["step"], alarm["round"])
    return True


def _waits(one: dict | None) -> bool:
    """Whether this is an urgent request, with an hour, that still looks for somebody."""
    return bool(
        one
        and one["urgency"] == "urgent"
        and one["due_at"] is not None
        and one["state"] == "open"
        and one["listed"]
        and one["offer"] is None
        and one["expires_at"] > now()
    )


async def _step(one: dict, step: int, turn: int) -> None:
    """Take this step, and set when the next one is due. Where no volunteer is reached, everybody hears at once."""
    for_everybody, for_admins = (timedelta(minutes=minutes) for minutes in settings.alarm)
    at, cause = now(), f"{one['id']}:{turn}"
    # By night nobody hears of what is not vital: the minutes count from the morning.
    heard = _not_at_night(one, at)
    if step == VOLUNTEERS:
        people = [one.member for one in matching.who_to_ask(await Volunteer.active(), one, at)]
        if await _alert(one, people, cause):
            return await Alarm.go_on(one["id"], EVERYBODY, _not_at_night(one, heard + for_everybody))
        step = EVERYBODY
    if step == EVERYBODY:
        await _alert(one, await _who_accepts(), cause)
        return await Alarm.go_on(one["id"], ADMINS, _not_at_night(one, heard + for_admins - for_everybody))
    # Not an admin who asks: the others are to call.
    await Notice.tell_admins("nobody", one["id"], one["author"], cause, vital=vital(one, at))
    await Alarm.go_on(one["id"], OVER, None)


async def _held(one: dict, step: int, turn: int) -> None:
    """The steps of an alarm that waits for a moderator: the moderators, and if none of them looks, the admins call."""
    at, cause = now(), f"{one['id']}:{turn}"
    if step == VOLUNTEERS:
        rows = await query(
            "SELECT id FROM member WHERE role IN ({}, {}) ORDER BY id", Role.MODERATOR.value, Role.ADMIN.value
        )
        people = [row["id"] for row in rows]
        people = await Notice.not_told_of(people, "held", one["author"])
        await Notice.tell_many(people, "held", one["id"], one["author"], cause, vital=vital(one, at))
        heard = _not_at_night(one, at)
        return await Alarm.go_on(one["id"], ADMINS, _not_at_night(one, heard + timedelta(minutes=settings.alarm[0])))
    admins = await Notice.not_told_of(await Notice.admins(one["author"]), "nobody", one["author"])
    await Notice.tell_many(admins, "nobody", one["id"], one["author"], f"{cause}:held", vital=vital(one, at))
    await Alarm.go_on(one["id"], OVER, None)


async def _alert(one: dict, people: list[Id], cause: str) -> int:
    """Tell these people, but nobody who asked, who gave it back or who was told not to come.

    Gives how many devices and mailboxes are to hear it: the bell of a closed board rings for nobody.
    """
    rows = await query(
        "SELECT member FROM claim WHERE post = {} AND state IN ('returned', 'lapsed', 'released', 'declined')",
        one["id"],
    )
    not_them = {str(one["author"]), *(str(row["member"]) for row in rows)}
    told = await Notice.tell_many(
        [person for person in people if str(person) not in not_them],
        "urgent", one["id"], one["author"], cause, vital=vital(one, now()), until=one["due_at"] + AFTER,
    )  # fmt: skip
    return await Alert.count_of(list(told.values()))


async def _who_accepts() -> list[Id]:
    """Everybody who is vouched for, can be alerted, and wants urgent needs."""
    rows = await query(
        "SELECT m.id FROM member m LEFT JOIN alert_choice c ON c.member = m.id WHERE m.role <> {}"
        " AND ((coalesce(c.what, {}) IN ({}, {}) AND EXISTS (SELECT 1 FROM subscription s WHERE s.member = m.id))"
        " OR (c.mail_urgent AND c.mail_confirmed_at IS NOT NULL)) ORDER BY m.id",
        Role.NEWCOMER.value, CONCERNS, CONCERNS, URGENCIES,
    )  # fmt: skip
    return [row["id"] for row in rows]


def _not_at_night(one: dict, at: datetime) -> datetime:
    """What is not vital goes further in the morning."""
    return at if vital(one, now()) else (Quiet().ends(at) or at)
