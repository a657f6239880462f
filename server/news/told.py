"""What somebody is told: who, what, about which post, when, and whether they saw it.

The bell counts these, and alerts and email are fed from them, in the same transaction. A notice has a
key that is unique, so that telling twice, from two processes or after a crash, tells once.
"""

from datetime import datetime, timedelta
from uuid import UUID as Id

from piccolo.columns import UUID, Boolean, ForeignKey, Integer, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base.columns import moment, now, row_id
from server.base.database import execute, query, read_now, transaction
from server.base.ids import uuid7
from server.news.alert import AT_ONCE, Alert
from server.news.news import DUTY, NEWS, NOT_IN_BELL, URGENT
from server.people.member import Member, Role
from server.posts.post import Post

# Within so long, the same doing of the same person is one piece of news.
SAME_DOING = timedelta(minutes=10)
NOBODY = Id(int=0)


class Notice(Table):
    """One person, one piece of news. ``once`` names it, for ever.

    ``who``: another person, or the device of one's own that came in.
    ``alerted_at``: when a device or a mail server first took it. ``opened_at``: when the person first looked at
    its post, which "all is read" under the bell is not. ``woke``: it came through quiet hours.
    """

    id = row_id()
    person = ForeignKey(Member, on_delete=OnDelete.cascade)
    what = Varchar(16)
    post = ForeignKey(Post, on_delete=OnDelete.cascade)
    who = UUID(null=True, default=None)
    once = Varchar(120, unique=True)
    at = moment()
    seen_at = moment(null=True)
    alerted_at = moment(null=True)
    opened_at = moment(null=True)
    woke = Boolean(default=False)
    times = Integer(default=1)

    @staticmethod
    async def tell(person: Id, what: str, post: Id | None, who: Id | None, cause: Id | str) -> bool:
        """Tell a person, in the caller's transaction. False when they had been told, or did it themselves.

        ``cause`` names what happened (the id of a claim, of a message): one cause tells each person once. What the
        same person does again to the same thing is folded into the news that still waits to be seen.
        """
        if str(person) == str(who) or await _fold(person, what, post, who, cause):
            return False
        return bool(await Notice.tell_many([person], what, post, who, cause))

    @staticmethod
    async def tell_many(
        people: list[Id], what: str, post: Id | None, who: Id | None, cause: Id | str, *,
        vital: bool = False, until: datetime | None = None,
    ) -> dict[Id, Id]:  # fmt: skip
        """``tell``, to many at once; the notice of each person who had not been told yet.

        ``vital`` may come through quiet hours; after ``until`` no alert of it is sent any more.
        """
        told: dict[Id, Id] = {}
        for start in range(0, len(people), AT_ONCE):
            told |= await _write(people[start : start + AT_ONCE], what, post, who, cause)
        if told:
            await Alert.spread(what, told, post, vital=vital, until=until)
        return told

    @staticmethod
    async def tell_apart(person: Id, what: str, cause: Id | str, who: Id | None = None) -> Id | None:
        """Tell, and alert nobody of it: who calls says how. None when they had been told."""
        return next(iter((await _write([person], what, None, who, cause)).values()), None)

    @staticmethod
    async def tell_anew(person: Id, what: str, post: Id, who: Id, cause: Id) -> None:
        """Tell, unless the same news about this post still waits to be seen: ten messages are one."""
        waits = await query(
            "SELECT 1 FROM notice WHERE person = {} AND post = {} AND what = {} AND seen_at IS NULL", person, post, what
        )
        if not waits:
            await Notice.tell(person, what, post, who, cause)

    @staticmethod
    async def tell_admins(what: str, post: Id | None, who: Id | None, cause: Id | str, *, vital: bool = False) -> None:
        """Tell every admin but ``who``; folded as ``tell`` does."""
        people = [one for one in await Notice.admins(who) if not await _fold(one, what, post, who, cause)]
        await Notice.tell_many(people, what, post, who, cause, vital=vital)

    @staticmethod
    async def admins(but: Id | None) -> list[Id]:
        """Every admin but this person."""
        rows = await query("SELECT id FROM member WHERE role = {} ORDER BY id", Role.ADMIN.value)
        return [row["id"] for row in rows if str(row["id"]) != str(but)]

    @staticmethod
    async def not_told_of(people: list[Id], what: str, who: Id) -> list[Id]:
        """Those of these people for whom no such news of this person waits to be seen: ten of them are one."""
        told = set()
        for start in range(0, len(people), AT_ONCE):
            part = people[start : start + AT_ONCE]
            marks = ", ".join("{}" for _ in part)
            rows = await query(
                f"SELECT person FROM notice WHERE person IN ({marks}) AND seen_at IS NULL"
                " AND what = {} AND who = {} AND at > {}",
                *part, what, who, now() - SAME_DOING,
            )  # fmt: skip
            told |= {str(row["person"]) for row in rows}
        return [one for one in people if str(one) not in told]

    @staticmethod
    async def of(person: Id, most: int = 60, session: Id | None = None, before: Id | None = None) -> list[dict]:
        """What a person was told, the newest first, with the names and titles of now.

        ``session``: the device that asks. That it came in itself is no news to it. ``before``: what is older than
        this piece of news of theirs; one that is no more begins at the newest.
        """
        last = await query("SELECT at, id FROM notice WHERE id = {} AND person = {}", before, person) if before else []
        older = [(last[0]["at"], last[0]["id"])] if last else []
        return await Notice.raw(
            "SELECT n.id, n.what, n.at, n.seen_at, n.times, n.post, p.title, p.body,"
            " coalesce(m.name, s.device) AS who_name FROM notice n LEFT JOIN post p ON p.id = n.post"
            " LEFT JOIN member m ON m.id = n.who LEFT JOIN session s ON s.id = n.who"
            f" WHERE n.person = {{}} AND n.what NOT IN {NOT_IN_BELL} AND (n.who IS NULL OR n.who <> {{}})"
            f"{' AND (n.at, n.id) < ({}, {})' if older else ''} ORDER BY n.at DESC, n.id DESC LIMIT {{}}",
            person,
            session or NOBODY,
            *(part for pair in older for part in pair),
            most,
        )

    @staticmethod
    async def reached(post: Id) -> tuple[int, list[str]]:
        """Of an urgent request: how many people were alerted, and the names of those who opened it since."""
        rows = await Notice.raw(
            "SELECT m.id, m.name, n.alerted_at, n.opened_at FROM notice n JOIN member m ON m.id = n.person"
            " WHERE n.post = {} AND n.what = 'urgent' ORDER BY n.opened_at",
            post,
        )
        alerted = {row["id"] for row in rows if row["alerted_at"]}
        return len(alerted), list({row["id"]: row["name"] for row in rows if row["opened_at"]}.values())

    @staticmethod
    async def take_back(person: Id, what: str, cause: Id | str) -> bool:
        """What this cause told a person, who has not read it yet, is told no more; whether it had been."""
        once = f"{what}:{cause}:{person}"
        return bool(await execute("DELETE FROM notice WHERE once = {} AND seen_at IS NULL RETURNING id", once))

    @staticmethod
    async def take_back_of(post: Id, what: str) -> set[str]:
        """Nobody who has not read it yet is told this of a post any more; those who had been, by their ids as text."""
        rows = await execute(
            "DELETE FROM notice WHERE post = {} AND what = {} AND seen_at IS NULL RETURNING person", post, what
        )
        return {str(row["person"]) for row in rows}

    @staticmethod
    async def waits_of(post: Id, what: str) -> set[str]:
        """Those for whom this news of a post still waits to be read, by their ids as text."""
        rows = await query("SELECT person FROM notice WHERE post = {} AND what = {} AND seen_at IS NULL", post, what)
        return {str(row["person"]) for row in rows}

    @staticmethod
    async def see(person: Id, session: Id | None = None) -> None:
        """The person has read all their news; on a device (``session``) all but that it came in itself."""
        await execute(
            "UPDATE notice SET seen_at = {} WHERE person = {} AND seen_at IS NULL AND (who IS NULL OR who <> {})",
            now(), person, session or NOBODY,
        )  # fmt: skip

    @staticmethod
    async def open(person: Id, post: Id) -> None:
        """The person looks at a post: its news are read. Mostly there are none, and nothing is written."""
        if await read_now("SELECT 1 FROM notice WHERE post = {} AND person = {} AND opened_at IS NULL", post, person):
            await execute(
                "UPDATE notice SET opened_at = {}, seen_at = coalesce(seen_at, {}) WHERE post = {} AND person = {}"
                " AND opened_at IS NULL",
                now(), now(), post, person,
            )  # fmt: skip

    @staticmethod
    async def try_out(person: Id, subscription: Id) -> Id:
        """Send a real alert to this device of theirs; the alert's id, by which its receipt is asked for."""
        async with transaction():
            notice = uuid7()
            await Notice.insert(
                Notice(id=notice, person=person, what="trial", once=f"trial:{notice}", at=now(), seen_at=now())
            )
            return await Alert.try_out(notice, subscription)

    @staticmethod
    async def count_since(person: Id, what: str, since: datetime) -> int:
        """How often this person was told this since then."""
        rows = await query(
            "SELECT count(*) AS n FROM notice WHERE person = {} AND what = {} AND at > {}", person, what, since
        )
        return rows[0]["n"]

    @staticmethod
    async def forget(before: datetime) -> None:
        """Drop what was told before this moment, and the trials of the day before."""
        await execute("DELETE FROM notice WHERE at < {}", before)
        await execute("DELETE FROM notice WHERE what = 'trial' AND at < {}", now() - timedelta(days=1))


async def _fold(person: Id, what: str, post: Id | None, who: Id | None, cause: Id | str) -> bool:
    """Whether this went into news of the same doing that still waits to be seen: that one stands anew, with a count.

    Told within the last minutes it alerts nobody again; later it takes the place of the old one, and does. Urgent
    needs, what is for whoever has the keys and what nobody did but time are never folded.
    """
    if post is None or NEWS[what].group in (URGENT, DUTY) or (who is None and what != "free"):
        return False
    once = f"{what}:{cause}:{person}"
    # Joining an offer makes a request each time: the thing is the offer.
    rows = await query(
        "SELECT n.id, n.at, n.times, n.once FROM notice n LEFT JOIN post p ON p.id = n.post WHERE n.person = {}"
        " AND n.seen_at IS NULL AND n.what = {} AND (n.who = {} OR (n.who IS NULL AND {})) AND (n.post = {}"
        " OR p.offer = (SELECT offer FROM post WHERE id = {})) ORDER BY n.at DESC LIMIT 1",
        person, what, who, who is None, post, post,
    )  # fmt: skip
    if not rows or rows[0]["once"] == once or await query("SELECT 1 FROM notice WHERE once = {}", once):
        return False
    if rows[0]["at"] > now() - SAME_DOING:
        await execute(
            "UPDATE notice SET once = {}, post = {}, at = {}, times = times + 1 WHERE id = {}",
            once, post, now(), rows[0]["id"],
        )  # fmt: skip
        return True
    await execute("DELETE FROM notice WHERE id = {}", rows[0]["id"])
    return False


async def _write(people: list[Id], what: str, post: Id | None, who: Id | None, cause: Id | str) -> dict[Id, Id]:
    """The rows, in one statement; the notice of each person who had none of this cause."""
    values = ", ".join("({}, {}, {}, {}, {}, {}, {}, {}, {})" for _ in people)
    seen, at = now() if what in NOT_IN_BELL else None, now()
    rows = await execute(
        f"INSERT INTO notice (id, person, what, post, who, once, at, seen_at, woke) VALUES {values}"
        " ON CONFLICT (once) DO NOTHING RETURNING id, person",
        *(
            value
            for person in people
            for value in (uuid7(), person, what, post, who, f"{what}:{cause}:{person}", at, seen, False)
        ),
    )
    return {row["person"]: row["id"] for row in rows}
