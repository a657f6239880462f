"""A post of any of the seven kinds: one table, real nullable columns, its verbs."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID as Id

from piccolo.columns import UUID, Boolean, ForeignKey, Integer, SmallInt, Text, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base import tombstones
from server.base.budgets import POST
from server.base.columns import moment, now, row_id
from server.base.database import ON_POSTGRES, execute, query, transaction
from server.base.ids import uuid7
from server.base.quiet_hours import Quiet
from server.base.settings import settings
from server.base.shapes import Kind
from server.base.spending import spend
from server.people.member import Member
from server.posts.kinds import BY_SLUG
from server.posts.photo import Photo
from server.posts.top import NORMAL, OPEN, URGENT, settle, settle_all
from server.posts.top import STALE as STALE
from server.posts.track import Track

UNDO = timedelta(days=30)
# After the night, to be reminded and to confirm.
TO_CONFIRM = timedelta(minutes=30)
# Not what was asked of one volunteer, nor an offer that is over: these never stand on the board again.
_FOR_ALL = "offer IS NULL AND closed_at IS NULL"


# How long a moment is still going on, and how long what repeats stays on the board (see ``repeating``).
TAKES_PLACE = timedelta(hours=3)
UNTIL_STOPPED = timedelta(days=36_500)


class Post(Table):
    """``rank`` puts urgent and open help first; ``listed`` says whether the board shows it.

    ``version`` grows with whatever a card shows, so that (id, version) names one rendering. ``edition``
    grows with each correction only: what two people who correct at once would write over.
    The counts are kept here for the same reason: a card needs no other table.
    """

    id = row_id()
    author = ForeignKey(Member, on_delete=OnDelete.cascade)
    kind = Varchar(15)
    street = Varchar(80)
    version = Integer(default=1)
    edition = Integer(default=1)
    rank = SmallInt(default=NORMAL)
    listed = Boolean(default=True)
    created_at = moment()
    expires_at = moment()
    changed_at = moment(null=True)
    withdrawn_at = moment(null=True)
    hidden_at = moment(null=True)
    # What the fields of kinds.py ask for.
    title = Varchar(90)
    body = Text()
    place = Varchar(90, null=True, default=None)
    need = Varchar(12, null=True, default=None)
    urgency = Varchar(10, null=True, default=None)
    due_at = moment(null=True)
    starts_at = moment(null=True)
    repeats = Varchar(8, null=True, default=None)
    capacity = SmallInt(null=True, default=None)
    reach = Varchar(10, null=True, default=None)
    hours = Varchar(90, null=True, default=None)
    valid_until = moment(null=True)
    link = Varchar(400, null=True, default=None)
    tone = Varchar(5, null=True, default=None)
    wanted = Varchar(6, null=True, default=None)
    # The life of a request for help: open, taken, done, thanked.
    state = Varchar(9, null=True, default=None)
    taker = UUID(null=True, default=None)
    taken_at = moment(null=True)
    done_at = moment(null=True)
    thanked_at = moment(null=True)
    thanked_words = Varchar(180, null=True, default=None)
    # Unless it is reconfirmed before, the request opens again then.
    lease_until = moment(null=True)
    # Written by its author for somebody without telephone, email or account.
    on_behalf = Boolean(default=False)
    # Whoever has it in hand was let in by who asked; a vital request that waited in vain for a yes is open to all.
    agreed = Boolean(default=False)
    unlocked_at = moment(null=True)
    # A keyed digest of the person it was written for, who has no account.
    helped = Varchar(64, null=True, default=None)
    # Places of an offer that a moderator agreed to.
    places = Integer(default=0)
    # The offer that this request joined, and when an offer was closed.
    offer = UUID(null=True, default=None)
    closed_at = moment(null=True)
    # Of what repeats: when its author last said that it goes on, and how often they were asked since.
    kept_at = moment(null=True)
    asks = Integer(default=0)
    # A keyed digest of street and number, to find who lives nearest without knowing where.
    building = Varchar(64, null=True, default=None)
    # Counts that its card shows.
    thanks = Integer(default=0)
    coming = Integer(default=0)
    valid = Integer(default=0)
    changed = Integer(default=0)
    replies = Integer(default=0)
    tracks = Integer(default=0)
    photos = Integer(default=0)

    @staticmethod
    async def put_up(author: Id, street: str, kind: Kind, answers: dict[str, Any]) -> Id:
        """Put a post on the board; ``answers`` as ``forms.read_answers`` gives them.

        What a neighbour does is ``publishing.put_up``.
        """
        tracks = answers.pop("tracks", ())
        post = Post(
            id=uuid7(),
            author=author,
            kind=kind.slug,
            street=street,
            rank=rank_of(kind, answers),
            expires_at=_expiry(kind, answers, now()),
            state="open" if kind.needs_help else None,
            tracks=len(tracks),
            **answers,
        )
        async with transaction():
            await Post.insert(post)
            for track in tracks:
                await Track.insert(Track(post=post.id, member=author, **track))
        return post.id

    @staticmethod
    async def publish(author: Id, street: str, kind: Kind, answers: dict[str, Any]) -> Id:
        """``put_up`` within the author's budget. Raises TooMuch."""
        async with transaction():
            await spend(author, POST)
            return await Post.put_up(author, street, kind, answers)

    @staticmethod
    async def rewrite(post: Id, edition: int, kind: Kind, answers: dict[str, Any]) -> bool:
        """Correct a post that still has this edition; False when it was corrected meanwhile.

        ``tracks`` are added and taken off one by one, never rewritten. What became more urgent
        while somebody has it in hand is to be confirmed sooner.
        """
        answers.pop("tracks", None)
        columns = {field.name: answers.get(field.name) for field in kind.fields if field.name != "tracks"}
        columns["title"] = columns.get("title") or ""
        columns["body"] = columns.get("body") or ""
        columns["expires_at"] = _expiry(kind, answers, now())
        names = ", ".join(f"{name} = {{}}" for name in columns)
        rows = await execute(
            f"UPDATE post SET {names}, changed_at = {{}}, version = version + 1, edition = edition + 1,"
            " kept_at = {}, asks = 0,"
            " rank = CASE WHEN state IS NULL OR state = 'open' THEN {} ELSE 0 END,"
            " lease_until = CASE WHEN lease_until > {} THEN {} ELSE lease_until END,"
            f" listed = (withdrawn_at IS NULL AND hidden_at IS NULL AND {_FOR_ALL})"
            " WHERE id = {} AND edition = {} RETURNING id",
            *columns.values(),
            now(),
            now(),
            rank_of(kind, answers),
            lease_of(answers),
            lease_of(answers),
            post,
            edition,
        )
        await settle(post)
        return bool(rows)

    @staticmethod
    async def withdraw(post: Id) -> None:
        """Take one's post off the board; ``put_back`` undoes it."""
        await _move(post, "withdrawn_at = {}, listed = {}", now(), False)
        tombstones.note("withdrawn", post)

    @staticmethod
    async def put_back(post: Id) -> None:
        """Undo a withdrawal."""
        listed = f"hidden_at IS NULL AND expires_at > {{}} AND {_FOR_ALL}"
        await _move(post, f"withdrawn_at = NULL, listed = ({listed})", now())
        tombstones.note("put-back", post)

    @staticmethod
    async def hide(post: Id) -> None:
        """Hide it from everybody but its author and the moderators."""
        await _move(post, "hidden_at = {}, listed = {}", now(), False)
        tombstones.note("hidden", post)

    @staticmethod
    async def show_again(post: Id) -> None:
        """Undo ``hide``."""
        listed = f"withdrawn_at IS NULL AND expires_at > {{}} AND {_FOR_ALL}"
        await _move(post, f"hidden_at = NULL, listed = ({listed})", now())
        tombstones.note("shown", post)

    @staticmethod
    async def similar(author: Id, street: str, need: str, most: int = 2) -> list[dict]:
        """Requests still open or taken for the same need, by the same person or in the same street."""
        return await Post.raw(
            "SELECT p.id, p.title, p.place, p.state, p.urgency, p.due_at, p.created_at, p.author, m.name AS author_name"
            " FROM post p JOIN member m ON m.id = p.author WHERE p.need = {} AND p.state IN ('open', 'taken')"
            " AND p.listed AND p.expires_at > {} AND (p.author = {} OR p.street = {})"
            " ORDER BY p.author = {} DESC, p.id DESC LIMIT {}",
            need, now(), author, street, author, most,
        )  # fmt: skip

    @staticmethod
    async def load(post: Id) -> dict | None:
        """One post with the names on its card, or None."""
        rows = await cards([post])
        return rows[0] if rows else None

    @staticmethod
    async def expire() -> int:
        """Take what is past its date off the board.

        Run every minute by ``upkeep``; doing it twice, or late by a week, changes nothing more.
        """
        gone = await execute(
            "UPDATE post SET listed = {}, version = version + 1 WHERE listed AND expires_at <= {} RETURNING id",
            False,
            now(),
        )
        await settle_all()
        return len(gone)


async def _move(post: Id, assignments: str, *arguments: Any) -> None:
    """``_touch`` of what puts a post on the board or takes it off: another one may move to the top."""
    async with transaction():
        await _touch(post, assignments, *arguments)
        await settle(post)


async def _touch(post: Id, assignments: str, *arguments: Any) -> None:
    await execute(f"UPDATE post SET {assignments}, version = version + 1 WHERE id = {{}}", *arguments, post)


def rank_of(kind: Kind, answers: dict[str, Any]) -> int:
    """Urgent help first, then open help, then everything else."""
    if not kind.needs_help:
        return NORMAL
    return URGENT if answers.get("urgency") == "urgent" else OPEN


def vital(post: Mapping[str, Any], at: datetime) -> bool:
    """Whether this may wake people and open a door of its own: medicine, or food for today."""
    if post.get("need") == "pharmacie":
        return True
    due = post.get("due_at")
    return post.get("need") == "courses" and due is not None and _day(due) == _day(at)


def vital_of(at: datetime) -> tuple[str, datetime, datetime]:
    """``vital`` as a condition on ``post p``, and its two arguments: the day of ``at``, where the quartier is."""
    midnight = at.astimezone(settings.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    condition = "(p.need = 'pharmacie' OR (p.need = 'courses' AND p.due_at >= {} AND p.due_at < {}))"
    return condition, midnight, midnight + timedelta(days=1)


def _day(moment: datetime):
    return moment.astimezone(settings.zone).date()


def lease_of(answers: Mapping[str, Any]) -> datetime:
    """Until when a request taken or confirmed now is kept for its volunteer.

    Nobody has to be awake to keep their word: what would end at night ends in the morning, unless it is vital or
    must be done by then.
    """
    urgent, week, whenever = settings.leases
    hours = {"urgent": urgent, "semaine": week}.get(answers.get("urgency"), whenever)
    end = now() + timedelta(hours=hours)
    night_is_over = Quiet().ends(end)
    if night_is_over is None or vital(answers, now()):
        return end
    morning, due = night_is_over + TO_CONFIRM, answers.get("due_at")
    return morning if due is None or due > morning else end


def _expiry(kind: Kind, answers: dict[str, Any], start: datetime) -> datetime:
    """When the post leaves the board by itself."""
    starts = answers.get("starts_at")
    if starts and answers.get("repeats") in kind.until_stopped:
        return start + UNTIL_STOPPED
    if starts and answers.get("repeats") in (None, "once"):
        # A call for hands ends with its day, whatever was said of its end.
        return starts + TAKES_PLACE
    if answers.get("valid_until"):
        return answers["valid_until"]
    if answers.get("due_at"):
        return answers["due_at"] + timedelta(days=2)
    if answers.get("urgency") == "semaine":
        return start + timedelta(days=8)
    return max(start + kind.life, starts + TAKES_PLACE) if starts else start + kind.life


async def cards(ids: list[Id]) -> list[dict]:
    """Posts with the names their cards show, in the order of ``ids``; unknown ids are left out.

    A playlist comes with its first three tracks as ``first_tracks``, every post with its photos as ``first_photos``.
    """
    if not ids:
        return []
    marks = ", ".join("{}" for _ in ids)
    rows = await Post.raw(
        "SELECT p.*, a.name AS author_name, a.street AS author_street, a.role AS author_role,"
        " a.created_at AS author_arrived_at, a.renamed_at AS author_renamed_at, a.former_name AS author_former_name,"
        " t.name AS taker_name"
        " FROM post p JOIN member a ON a.id = p.author LEFT JOIN member t ON t.id = p.taker"
        f" WHERE p.id IN ({marks})",
        *ids,
    )
    by_id = {str(row["id"]): row for row in rows}
    playlists = [row["id"] for row in rows if row["kind"] == "playlist"]
    for row in rows:
        row["kind"] = BY_SLUG[row["kind"]]
        row["first_tracks"], row["first_photos"] = [], []
    for track in await Track.first_three(playlists):
        by_id[str(track["post"])]["first_tracks"].append(track)
    for photo in await Photo.of_posts([row["id"] for row in rows if row["photos"]]):
        by_id[str(photo["post"])]["first_photos"].append(photo)
    return [by_id[str(one)] for one in ids if str(one) in by_id]


async def hold(post: Id) -> dict | None:
    """A post's row, which nobody else can change before the transaction ends; None when there is none.

    SQLite's transaction has locked out every other writer already.
    """
    rows = await query(f"SELECT * FROM post WHERE id = {{}}{' FOR NO KEY UPDATE' if ON_POSTGRES else ''}", post)
    return dict(rows[0]) if rows else None
