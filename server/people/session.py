"""A device on which somebody is signed in. The cookie holds a token, the row its hash."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID as Id

from piccolo.columns import UUID, ForeignKey, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base import tombstones
from server.base.columns import moment, now, row_id
from server.base.database import ON_POSTGRES, execute, query, read_now
from server.base.faults import Trouble, tell, trouble_of
from server.base.keys import digest, new_token
from server.people.member import Member, Role

# A device that nobody used for so long is signed out; whoever comes now and then never is.
IDLE = timedelta(days=183)
# Browsers keep no cookie longer (RFC 6265bis, 5.6.2), so it is set anew on the way.
COOKIE_LIFE = timedelta(days=400)
STALE = timedelta(minutes=5)
AWAY = timedelta(minutes=30)


class Session(Table):
    """One signed-in device."""

    id = row_id()
    member = ForeignKey(Member, on_delete=OnDelete.cascade)
    token_hash = Varchar(64, unique=True)
    device = Varchar(80)
    created_at = moment()
    seen_at = moment()
    # The card that let it in, itself or by a key for another screen; a new card closes it.
    card = UUID(null=True, default=None)

    @staticmethod
    async def open(member: Id, device: str, card: Id | None = None) -> str:
        """Sign a member in on this device; give the token for the cookie."""
        token = new_token()
        await Session.insert(Session(member=member, token_hash=digest(token), device=device[:80], card=card))
        return token

    @staticmethod
    async def id_of(token: str) -> Id:
        """The id of the session of this token."""
        return (await query("SELECT id FROM session WHERE token_hash = {}", digest(token)))[0]["id"]

    @staticmethod
    async def of(member: Id) -> list[dict]:
        """The devices of a member, the latest used first; ``rings``: whether alerts go there; when it last had one."""
        rows = await Session.raw(
            "SELECT s.id, s.device, s.created_at, s.seen_at, u.id IS NOT NULL AS rings, u.heard_at,"
            " (SELECT max(a.sent_at) FROM alert a WHERE a.subscription = u.id) AS sent_at"
            " FROM session s LEFT JOIN subscription u ON u.session = s.id WHERE s.member = {} ORDER BY s.seen_at DESC",
            member,
        )
        found = [{**row, "sent_at": _moment(row["sent_at"])} for row in rows]
        return [
            row | {"alerted_at": max(filter(None, (row["heard_at"], row["sent_at"])), default=None)} for row in found
        ]

    @staticmethod
    async def any_of(member: Id) -> bool:
        """Whether this member is signed in anywhere."""
        return await Session.exists().where(Session.member == member)

    @staticmethod
    async def close(session: Id, member: Id) -> bool:
        """Sign one device of this member out. False when it is not theirs or gone."""
        gone = await execute("DELETE FROM session WHERE id = {} AND member = {} RETURNING id", session, member)
        tombstones.note("session", *(row["id"] for row in gone))
        return bool(gone)

    @staticmethod
    async def close_those_of(card: Id, new: Id, keep: Id | None) -> None:
        """Sign out every device that this card let in, but ``keep``, which is the new card's from now on."""
        if keep is not None:
            await execute("UPDATE session SET card = {} WHERE id = {} AND card = {}", new, keep, card)
        gone = await execute("DELETE FROM session WHERE card = {} RETURNING id", card)
        tombstones.note("session", *(row["id"] for row in gone))

    @staticmethod
    async def forget() -> None:
        """Drop sessions that nobody used for too long."""
        await execute("DELETE FROM session WHERE seen_at < {}", now() - IDLE)

    @staticmethod
    async def close_all(member: Id) -> None:
        """Sign every device of this member out."""
        gone = await execute("DELETE FROM session WHERE member = {} RETURNING id", member)
        tombstones.note("session", *(row["id"] for row in gone))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: the member behind a session, as one request needs them."""

    id: Id
    name: str
    street: str
    role: Role
    text_size: int
    facade: str | None
    theme: str
    language: str | None
    previous_visit: datetime | None
    seen_at: datetime | None
    session: Id
    session_seen_at: datetime
    plate_version: int
    # A moderator has closed the doors for them.
    shut: bool = False
    news: int = 0
    # The requests one has in hand or waits for, as "id:version id:version".
    concerns: str = ""
    # Whether this visit was noted with this request: the cookie is to be set anew with it.
    noted: bool = False


_ONE = "CAST(p.id AS VARCHAR) || ':' || CAST(p.version AS VARCHAR)"
_LIST = f"string_agg({_ONE}, ' ')" if ON_POSTGRES else f"group_concat({_ONE}, ' ')"
_FIND = (
    "SELECT CAST(m.id AS VARCHAR), m.name, m.street, m.role, m.text_size, m.facade, m.theme, m.language,"
    " m.previous_visit, m.seen_at, CAST(s.id AS VARCHAR), s.seen_at, q.version, m.shut_until,"
    " (SELECT count(*) FROM notice n WHERE n.person = m.id AND n.seen_at IS NULL"
    " AND (n.who IS NULL OR n.who <> s.id)),"
    f" (SELECT {_LIST} FROM post p WHERE p.taker = m.id AND p.state = 'taken'),"
    f" (SELECT {_LIST} FROM post p WHERE p.author = m.id AND p.need IS NOT NULL AND p.withdrawn_at IS NULL"
    " AND p.state IN ('open', 'taken'))"
    " FROM session s JOIN member m ON m.id = s.member JOIN quartier q ON q.id = 1"
    " WHERE s.token_hash = {} AND s.seen_at > {}"
)


def _moment(value: str | datetime | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


async def viewer_of(token: str) -> Viewer | None:
    """The viewer whose session this token opens, read anew at every request; None for a stranger."""
    rows = await read_now(_FIND, digest(token), now() - IDLE)
    if not rows:
        return None
    member, name, street, role, size, facade, theme, language, previous, seen, session, used, *rest = rows[0]
    version, shut_until, news, in_hand, asked = rest
    shut = shut_until is not None and _moment(shut_until) > now()
    return Viewer(
        Id(member),
        name,
        street,
        Role(role),
        size,
        facade,
        theme,
        language,
        _moment(previous),
        _moment(seen),
        Id(session),
        _moment(used),
        version,
        shut,
        news,
        " ".join(filter(None, (in_hand, asked))),
    )


async def keep_alive(viewer: Viewer) -> Viewer:
    """Note that this device and this person are here, at most every five minutes.

    Gives the viewer as they are now: after half an hour away, this is a new visit. On a full
    disk the visit is not noted, and goes on: reading must stay possible.
    """
    try:
        return await _note_visit(viewer)
    except Exception as error:
        trouble = trouble_of(error)
        if trouble not in (Trouble.FULL, Trouble.FAILING):
            raise
        tell(trouble)
        return viewer


async def _note_visit(viewer: Viewer) -> Viewer:
    if viewer.session_seen_at < now() - STALE:
        await execute("UPDATE session SET seen_at = {} WHERE id = {}", now(), viewer.session)
        viewer = replace(viewer, noted=True)
    if viewer.seen_at is None or viewer.seen_at < now() - AWAY:
        await Member.mark_visit(viewer.id)
        return replace(viewer, previous_visit=viewer.seen_at)
    if viewer.seen_at < now() - STALE:
        await Member.mark_seen(viewer.id)
    return viewer
