"""A board that has lived for years, made in a moment: a few rows, each copied by one INSERT … SELECT."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from piccolo.table import Table

from server.base.columns import now
from server.base.database import ON_POSTGRES, query, transaction
from server.help.alarm import Alarm
from server.help.claim import Claim
from server.help.private import Viewing
from server.moderation.report import Report
from server.news.alert import Alert
from server.news.told import Notice
from server.piccolo_app import APP_CONFIG
from server.posts.kinds import HELP, KINDS
from server.posts.photo import Photo
from server.posts.post import Post
from server.posts.reaction import Mark
from server.posts.track import Track
from server.talk.reply import Reply
from tests.support.help_people import in_state
from tests.support.makers import put_up
from tests.support.people import Neighbours

# Copies of each sort of row.
MANY = 2000
STATES = ("open", "taken", "done", "thanked", "withdrawn", "hidden")
# Ids of copied posts begin with a number below this.
FIRST_ROW = 128


def _fresh(sort: int, within: str = "i") -> str:
    """SQL of an id for the copy that counts ``i``: no other sort of row has it."""
    text = f"'0195f0{sort:02x}-0000-7000-8000-' || substr(CAST(1000000000000 + {within} AS VARCHAR), 2)"
    return f"CAST({text} AS UUID)" if ON_POSTGRES else f"({text})"


async def copies(
    table: type[Table], of: UUID, sort: int, many: int = 0, changed: dict[str, Any] | None = None, **spelled: str
) -> None:
    """Copy this row ``many`` times. ``changed``: columns with another value; ``spelled``: with SQL of ``i``."""
    names = [column._meta.db_column_name for column in table._meta.columns]
    values, arguments = [], []
    for name in names:
        if name in (changed or {}):
            values.append("{}")
            arguments.append(changed[name])
        elif name == "id":
            values.append(_fresh(sort))
        else:
            values.append(spelled.get(name, f"t.{name}"))
    await query(
        f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many or MANY})"
        f" INSERT INTO {table._meta.tablename} ({', '.join(names)})"
        f" SELECT {', '.join(values)} FROM {table._meta.tablename} t, n WHERE t.id = {{}}",
        *arguments, of,
    )  # fmt: skip


@dataclass
class Board:
    """What was copied: the posts by a word for their sort, and one row of each table by its name."""

    author: UUID
    posts: dict[str, UUID]
    rows: dict[str, UUID] = field(default_factory=dict)


async def grow(people: Neighbours) -> Board:
    """Help in every state and a post of every kind, a row of all that hangs on them, and ``MANY`` copies of each."""
    odette, karim = people.members["odette"], people.members["karim"]
    board = Board(odette.id, {state: await in_state(people, state) for state in STATES})
    for kind in KINDS:
        if kind is not HELP:
            board.posts[kind.slug] = await put_up(odette, kind.slug)
    tip = board.posts["tip"]
    await Reply.write(tip, karim.id, "Oui, jusqu’à midi.")
    await Mark.put(tip, karim.id, "thanks")
    await Report.write(tip, None, karim.id, "C’est fini.")
    await Alarm.begin(board.posts["open"], odette.id, held=True)
    notice = (await query("SELECT id FROM notice LIMIT 1"))[0]["id"]
    await Alert.write_to(notice, "taken")
    photo = Photo(post=tip, author=odette.id, hash="a" * 64, purpose="post", alt="", width=9, height=9)
    await Photo.insert(photo)
    for table in (Notice, Alert, Reply, Mark, Report, Claim, Alarm, Viewing, Track, Photo):
        name = table._meta.tablename
        board.rows[name] = (await query(f"SELECT id FROM {name} LIMIT 1"))[0]["id"]
    await _age(board)
    return board


async def _age(board: Board) -> None:
    long_ago = now() - timedelta(days=400)
    past = {"listed": False, "expires_at": long_ago, "created_at": long_ago}
    # What hangs on the copies is over too.
    over: dict[str, dict[str, Any]] = {
        "notice": {"at": now() - timedelta(days=30), "seen_at": long_ago, "opened_at": long_ago},
        "alert": {"state": "sent", "due_at": long_ago},
        "claim": {"state": "done", "at": long_ago, "ended_at": long_ago},
        "alarm": {"begun_at": long_ago, "next_at": None},
        "report": {"closed_at": long_ago},
        "viewing": {"at": now() - timedelta(days=300)},
    }
    spelled = {"notice": {"once": "'large:' || i"}, "alert": {"notice": _fresh(FIRST_ROW)}}
    async with transaction():
        for sort, post in enumerate(board.posts.values(), 1):
            await copies(Post, post, sort, changed=past)
            await copies(Post, post, 64 + sort, MANY // 10)
        for sort, (name, row) in enumerate(board.rows.items(), FIRST_ROW):
            table = next(one for one in APP_CONFIG.table_classes if one._meta.tablename == name)
            others = spelled.get(name, {}) | ({} if name == "alert" else {"post": _fresh(1)})
            await copies(table, row, sort, changed=over.get(name), **others)
