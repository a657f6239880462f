"""The doors one person opens: how many a day, what the next one needs, and who hears of it.

A door is a request whose private part somebody may read because they took it, or read as an admin, with a reason. It
is counted once, when it is taken; a request that was handed back unread counts no more. Everything here runs in the
caller's transaction, which holds the member's row: two takes of one person are counted one after the other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID as Id

from server.base.audit_log import record
from server.base.columns import each, now, whole_minute
from server.base.database import ON_POSTGRES, execute, query, transaction
from server.base.refusals import NotPossible
from server.base.settings import settings
from server.base.shapes import N_
from server.help.claim_steps import PROPOSED
from server.help.private import Viewing, named
from server.news.told import Notice
from server.posts.post import hold, vital, vital_of

# How a door was opened: by one's own choice, by the asker's yes, because a vital need had waited; a place in an offer
# is no door. ``ASKED`` waits for the asker's yes.
TOOK, AGREED, VITAL, PLACE, ASKED = "took", "agreed", "vital", "place", "asked"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# So many doors within an hour are told to the admins.
MANY = 3
# A vital request that waits so long for a yes opens to everybody who is vouched for.
WAIT = timedelta(minutes=10)

TOO_MANY_DOORS = N_("Des portes, vous en avez ouvert %(count)s aujourd’hui, c’est déjà beaucoup.")
ONE_AT_A_TIME = N_("Vous avez déjà demandé une porte de plus : attendez la réponse, ou ne proposez plus.")
ASKED_ENOUGH = N_("Vous avez demandé assez de portes pour aujourd’hui. Merci : demain, d’autres attendront encore.")
SHUT = N_("Un modérateur a fermé les portes jusqu’à demain, 8 h. Parlez-en avec la personne qui répond sur ce tableau.")
ONLY_THEIR_YES = N_("Cette personne a déjà ouvert %(count)s portes aujourd’hui. Seul le oui de qui demande suffit.")
SAID_NO = N_("Cette personne attend quelqu’un d’autre.")


class NoDoorLeft(NotPossible):
    """The day's doors are open already. ``again_at``: when the next one may be opened without asking."""

    def __init__(self, count: int, again_at: datetime) -> None:
        super().__init__(TOO_MANY_DOORS, count=count)
        self.again_at = whole_minute(again_at)


@dataclass(frozen=True, slots=True)
class Opened:
    """The doors of one person in the last day: which posts, and when each was opened, the first first."""

    posts: tuple[str, ...]
    moments: tuple[datetime, ...]

    @property
    def left(self) -> int:
        """How many more may be opened today without asking."""
        return max(0, settings.doors - len(self.posts))

    @property
    def again_at(self) -> datetime:
        """When the next one may be opened; now while one is left."""
        return now() if self.left else self.moments[-settings.doors] + DAY

    def within(self, span: timedelta) -> int:
        """How many in the last so long."""
        return sum(one > now() - span for one in self.moments)


# An admin's reading with a reason is a door as well, though nothing was taken.
_OPENED = (
    "SELECT d.post, d.at, p.title, p.state, m.name AS asker FROM ("
    "SELECT post, at FROM claim WHERE member = {} AND at > {} AND way IN ('took', 'agreed', 'vital')"
    " AND (viewed_at IS NOT NULL OR ended_at IS NULL)"
    " UNION ALL SELECT post, at FROM viewing WHERE viewer = {} AND at > {} AND reason IS NOT NULL"
    ") d JOIN post p ON p.id = d.post JOIN member m ON m.id = p.author ORDER BY d.at, d.post"
)


async def of(member: Id) -> list[dict]:
    """The doors that this person opened in the last twenty-four hours, each once: post, title, state, asker, at."""
    since = now() - DAY
    first: dict[str, dict] = {}
    for row in await query(_OPENED, member, since, member, since):
        first.setdefault(str(row["post"]), row)
    return list(first.values())


async def opened_by(member: Id) -> Opened:
    """The same as ``of``, to be counted."""
    opened = await of(member)
    return Opened(tuple(str(one["post"]) for one in opened), tuple(one["at"] for one in opened))


async def way_in(one: dict, member: Id) -> str:
    """How this member may open this door now. Raises NotPossible, NoDoorLeft among them."""
    await refuse_shut(member)
    opened = await opened_by(member)
    if opened.left or str(one["id"]) in opened.posts:
        return TOOK
    if await _unlocked(one, member):
        return VITAL
    raise NoDoorLeft(len(opened.posts), opened.again_at)


async def needs_a_yes(one: dict, member: Id) -> NoDoorLeft | None:
    """``way_in`` for a page, which opens nothing."""
    opened = await opened_by(member)
    if opened.left or str(one["id"]) in opened.posts or (one["unlocked_at"] and not await _said_no(one["id"], member)):
        return None
    return NoDoorLeft(len(opened.posts), opened.again_at)


async def refuse_beyond(one: dict, member: Id) -> None:
    """Raises NotPossible where this door would be one too many for a yes that is not the asker's own.

    Who has no account can say none; and what is vital does not wait for it.
    """
    opened = await opened_by(member)
    if not (opened.left or str(one["id"]) in opened.posts or one["on_behalf"] or vital(one, now())):
        raise NotPossible(ONLY_THEIR_YES, count=len(opened.posts))


async def may_ask(one: dict, member: Id) -> None:
    """Whether this member may ask for this door beyond their budget. Raises NotPossible."""
    await refuse_shut(member)
    if await _said_no(one["id"], member):
        raise NotPossible(SAID_NO)
    waits = await query(
        "SELECT c.id FROM claim c JOIN post p ON p.id = c.post WHERE c.member = {} AND c.state = {} AND c.way = {}"
        " AND c.post <> {} AND p.state = 'open' AND p.listed AND p.expires_at > {}",
        member, PROPOSED, ASKED, one["id"], now(),
    )  # fmt: skip
    if waits:
        raise NotPossible(ONE_AT_A_TIME)
    asked = await query(
        "SELECT count(DISTINCT post) AS n FROM claim WHERE member = {} AND at > {} AND post <> {}"
        " AND way IN ('asked', 'agreed', 'vital')",
        member, now() - DAY, one["id"],
    )  # fmt: skip
    if asked[0]["n"] >= settings.doors:
        raise NotPossible(ASKED_ENOUGH)


async def has_opened(one: dict, member: Id, way: str) -> None:
    """Say what this door means: the journal of a vital one, the admins of the third within an hour."""
    if way == VITAL:
        rows = await query("SELECT role FROM member WHERE id = {}", member)
        await record(member, rows[0]["role"], "vital-door", one["id"])
    opened = await opened_by(member)
    if opened.within(HOUR) >= MANY:
        # One piece of news an hour, however many follow.
        await Notice.tell_admins("many-doors", one["id"], member, f"{member}:{now():%Y-%m-%dT%H}")


async def unlock_due() -> int:
    """Open what is vital and waited in vain for a yes; how many. Twice changes nothing more.

    One that fails keeps none of the others: raises ExceptionGroup at the end.
    """
    condition, *day = vital_of(now())
    rows = await query(
        "SELECT c.post FROM claim c JOIN post p ON p.id = c.post WHERE c.way = {} AND c.state = {} AND c.at <= {}"
        f" AND p.state = 'open' AND p.listed AND p.expires_at > {{}} AND p.unlocked_at IS NULL AND {condition}"
        " GROUP BY c.post ORDER BY min(c.at) LIMIT 100",
        ASKED, PROPOSED, now() - WAIT, now(), *day,
    )  # fmt: skip
    return sum(await each(rows, lambda row: _unlock(row["post"])))


async def _unlock(post: Id) -> bool:
    async with transaction():
        one = await hold(post)
        waiting = await _in_vain(post)
        if one["unlocked_at"] is not None or one["state"] != "open" or not vital(one, now()) or not waiting:
            return False
        await execute("UPDATE post SET unlocked_at = {} WHERE id = {}", now(), post)
        await record(waiting[0]["member"], waiting[0]["role"], "unlock", post)
        cause = waiting[0]["id"]
        for row in waiting:
            await Notice.tell(row["member"], "unlocked", post, None, cause)
        await Notice.tell_admins("unlocked-all", post, None, cause, vital=True)
    return True


async def _unlocked(one: dict, member: Id) -> bool:
    """Whether this vital request has waited in vain for its asker's yes, whoever notes it first."""
    if not vital(one, now()) or await _said_no(one["id"], member):
        return False
    if one["unlocked_at"] is None:
        await _unlock(one["id"])
        return bool((await query("SELECT unlocked_at FROM post WHERE id = {}", one["id"]))[0]["unlocked_at"])
    return True


async def _in_vain(post: Id) -> list[dict]:
    """Who has asked for this door and had no answer in time, the first first."""
    return await query(
        "SELECT c.id, c.member, m.role FROM claim c JOIN member m ON m.id = c.member WHERE c.post = {} AND c.way = {}"
        " AND c.state = {} AND c.at <= {} ORDER BY c.at, c.id",
        post, ASKED, PROPOSED, now() - WAIT,
    )  # fmt: skip


async def _said_no(post: Id, member: Id) -> bool:
    """Whether who asks has declined this person for this request."""
    return bool(await query("SELECT 1 FROM claim WHERE post = {} AND member = {} AND state = 'declined'", post, member))


async def refuse_shut(member: Id) -> None:
    """Raises NotPossible while a moderator has closed the doors for this member."""
    if await is_shut(member):
        raise NotPossible(SHUT)


async def is_shut(member: Id) -> bool:
    """Whether a moderator has closed the doors for this member, until tomorrow."""
    return bool(await query("SELECT 1 FROM member WHERE id = {} AND shut_until > {}", member, now()))


# Of each door of somebody, whether the third before it was opened within the hour. The two engines count time
# differently.
_WITHIN = "at - before < interval '1 hour'" if ON_POSTGRES else "(julianday(at) - julianday(before)) * 24 < 1"
# MATERIALIZED: the day is cut out first, by ``claim_days``; folded in, SQLite goes through all claims by member.
_TO_LOOK_AT = (
    "WITH opened AS MATERIALIZED (SELECT member, post, at FROM claim WHERE at > {} AND way IS NOT NULL"
    " AND way IN ('took', 'agreed', 'vital') AND (viewed_at IS NOT NULL OR ended_at IS NULL)"
    " UNION ALL SELECT viewer, post, at FROM viewing WHERE at > {} AND reason IS NOT NULL),"
    " first AS (SELECT member, post, min(at) AS at FROM opened GROUP BY member, post),"
    f" in_turn AS (SELECT member, at, lag(at, {MANY - 1}) OVER (PARTITION BY member ORDER BY at, post) AS before"
    " FROM first),"
    f" many AS (SELECT member, max(at) AS latest FROM in_turn WHERE {_WITHIN} GROUP BY member)"
    " SELECT m.id, m.name, m.street, m.role, m.shut_until, m.created_at, m.renamed_at, m.former_name,"
    " i.name AS voucher"
    " FROM many JOIN member m ON m.id = many.member"
    " LEFT JOIN member i ON i.id = m.vouched_by ORDER BY many.latest DESC, m.id LIMIT 50"
)


async def to_look_at() -> list[dict]:
    """Who opened three doors or more within an hour, in the last day: id, name, street, role, and their doors.

    At most fifty, whoever did it last first; then those who left since (``_gone``).
    """
    rows = await query(_TO_LOOK_AT, now() - DAY, now() - DAY)
    return [{**row, "doors": await of(row["id"])} for row in rows] + await _gone()


# Their claims went with them, what they read stays. A list of one's own offer is no door.
_READ_AND_GONE = (
    "SELECT v.id, v.viewer, v.post, v.name, v.at, p.title, p.state, m.name AS asker FROM viewing v"
    " JOIN post p ON p.id = v.post JOIN member m ON m.id = p.author WHERE v.at > {}"
    " AND p.offer IS NULL AND NOT EXISTS (SELECT 1 FROM member r WHERE r.id = v.viewer) ORDER BY v.at, v.id"
)


async def _gone() -> list[dict]:
    """Who read three doors or more in the last day and left: ``id`` None, name, former, and their doors.

    Whether it was within one hour went with their claims: to leave on such a day is worth a look by itself.
    """
    people: dict[str, dict] = {}
    for one in named(await Viewing.raw(_READ_AND_GONE, now() - DAY)):
        person = people.setdefault(str(one["viewer"]), {"id": None, "shut_until": None, "first": {}})
        person |= {"name": one["name"], "former": one["former"]}
        person["first"].setdefault(str(one["post"]), one)
    found = [person | {"doors": [*person["first"].values()]} for person in people.values()]
    return [person for person in found if len(person["doors"]) >= MANY]
