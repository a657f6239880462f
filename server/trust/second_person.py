"""THE rule of decisions that need another person: what becomes of them on a board with one moderator.

Where no other moderator was seen for fourteen days, one may go on alone, after an hour, or at once for what is
vital; it stands in the journal, and the other moderators hear of it when they come back.
"""

from datetime import datetime, timedelta
from uuid import UUID as Id

from server.base.audit_log import record
from server.base.columns import now, whole_minute
from server.base.database import query
from server.base.refusals import NotPossible
from server.base.settings import settings
from server.base.shapes import N_
from server.news.told import Notice
from server.people.member import Role

AWAY = timedelta(days=14)
PAUSE = timedelta(hours=1)
IN_A_WHILE = N_(
    "Personne d’autre ne modère en ce moment : ce sera possible à %(hour)s, et cela restera dans le journal."
)


async def decide_alone(
    by: Id, thing: Id, since: datetime, sentence: str, *, post: Id | None = None, vital: bool = False
) -> None:
    """Whether this moderator may decide what another should: then it is noted and told. In the caller's transaction.

    ``since``: how long it has waited. Raises NotPossible: with ``sentence`` where another moderator is, with the hour
    where there is none.
    """
    others = await other_moderators(by)
    if not _all_away(others):
        raise NotPossible(sentence)
    if not vital and since > now() - PAUSE:
        hour = whole_minute(since + PAUSE).astimezone(settings.zone)
        raise NotPossible(IN_A_WHILE, hour=f"{hour.hour} h {hour:%M}")
    role = await query("SELECT role FROM member WHERE id = {}", by)
    await record(by, role[0]["role"], "alone", thing)
    await Notice.tell_many([one["id"] for one in others], "alone", post, by, f"{thing}:{now():%Y-%m-%dT%H:%M}")


async def is_alone(by: Id) -> bool:
    """Whether no other moderator was seen for so long that this one may decide what another should."""
    return _all_away(await other_moderators(by))


def _all_away(others: list[dict]) -> bool:
    return not any(one["seen_at"] is not None and one["seen_at"] > now() - AWAY for one in others)


async def other_moderators(but: Id) -> list[dict]:
    """Every moderator and admin but this person: id, and when they were last seen."""
    return await query(
        "SELECT id, seen_at FROM member WHERE role IN ({}, {}) AND id <> {} ORDER BY id",
        Role.MODERATOR.value, Role.ADMIN.value, but,
    )  # fmt: skip
