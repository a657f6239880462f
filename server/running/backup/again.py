"""What a restore does once more, before anybody is served: erasures, revocations, and silence about what is past."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID as Id

from server.base.audit_log import record
from server.base.columns import now
from server.base.custody import Custody
from server.base.database import execute, query, transaction
from server.base.settings import settings
from server.base.tombstones import line_of
from server.gatherings.attendance import remind
from server.help import life, offer
from server.help.alarm import OVER
from server.people.key import Key
from server.people.member import Role
from server.posts import photo_files
from server.posts.kinds import BY_SLUG, OFFER
from server.posts.photo import Photo
from server.posts.post import Post
from server.posts.track import Track
from server.rights.leaving import leave
from server.talk.reply import Reply

# Nobody of the board: the machine itself.
MACHINE = Id(int=0)


@dataclass
class Again:
    """How much was erased or revoked anew, by its name among the tombstones; who has no card any more; the way in."""

    done: dict[str, int] = field(default_factory=dict)
    without_card: list[str] = field(default_factory=list)
    admin: str = ""
    token: str = ""


async def do_again(lines: set[str], later: Sequence[str]) -> Again:
    """Apply the list of erasures (``later``: what the backup did not know, in order) and call the rest past."""
    again, order = Again(), {line: at for at, line in enumerate(later)}
    async with transaction():
        await _roles(order, again)
        await _erase(lines, again)
        await _out_of_sight(order, again)
        await _no_more_mail(order, again)
        await _silence()
        await Custody.anew()
        await record(MACHINE, "machine", "restore", None)
        again.without_card = await _without_card(lines)
        again.admin, again.token = await _way_in()
    # Their files came back with the others. Nobody else is writing any now.
    await photo_files.sweep(timedelta())
    return again


async def _roles(order: dict[str, int], again: Again) -> None:
    """The last role that each person was given since. An admin who is one no more comes back as none."""
    for row in await query("SELECT id, role FROM member ORDER BY id"):
        role = _last(order, row["id"], {f"role:{role.value}": role for role in Role})
        if role is not None and role != row["role"]:
            await execute("UPDATE member SET role = {}, version = version + 1 WHERE id = {}", role.value, row["id"])
            _count(again, "role")


async def _erase(lines: set[str], again: Again) -> None:
    """What went for good goes again."""
    for member in await _named("member", "SELECT id FROM member", lines, again):
        await leave(member)
    for post in await _named("private", "SELECT post AS id FROM private_part", lines, again):
        await execute("DELETE FROM private_part WHERE post = {}", post)
    for post in await _named("private", "SELECT DISTINCT post AS id FROM message", lines, again):
        await execute("DELETE FROM message WHERE post = {}", post)
        await execute("UPDATE post SET building = NULL WHERE id = {}", post)
    for table, what in (("session", "session"), ("door_key", "key")):
        for row in await _named(what, f"SELECT id FROM {table}", lines, again):
            await execute(f"DELETE FROM {table} WHERE id = {{}}", row)
    # Links and keys for one's other screen open once, and nobody knows any more which were used.
    await execute("DELETE FROM door_key WHERE kind <> 'card'")
    for row in await _named("invitation", "SELECT id FROM invitation WHERE revoked_at IS NULL", lines, again):
        await execute("UPDATE invitation SET revoked_at = {} WHERE id = {}", now(), row)
    for row in await _named("photo", "SELECT id FROM photo", lines, again):
        await Photo.remove(await Photo.load(row))
    for row in await _named("track", "SELECT id FROM track", lines, again):
        found = await query("SELECT post FROM track WHERE id = {}", row)
        await Track.remove(row, found[0]["post"])


async def _out_of_sight(order: dict[str, int], again: Again) -> None:
    """Posts and replies that were hidden or withdrawn since, or shown and put back."""
    for row in await query("SELECT id, kind, author, hidden_at, withdrawn_at FROM post ORDER BY id"):
        hidden = _last(order, row["id"], {"hidden": True, "shown": False})
        withdrawn = _last(order, row["id"], {"withdrawn": True, "put-back": False})
        if withdrawn is not None and withdrawn != (row["withdrawn_at"] is not None):
            await (_withdraw(row) if withdrawn else Post.put_back(row["id"]))
            _count(again, "withdrawn")
        if hidden is not None and hidden != (row["hidden_at"] is not None):
            if hidden:
                await life.stop(row["id"])
            await (Post.hide if hidden else Post.show_again)(row["id"])
            _count(again, "hidden")
    for row in await query("SELECT id, hidden_at, withdrawn_at FROM reply ORDER BY id"):
        for column, away, back in (
            ("hidden_at", "reply-hidden", "reply-shown"),
            ("withdrawn_at", "reply-withdrawn", "reply-put-back"),
        ):
            aside = _last(order, row["id"], {away: True, back: False})
            if aside is not None and aside != (row[column] is not None):
                await Reply.set_aside(row["id"], column, aside)
                _count(again, "reply")


async def _withdraw(row: dict) -> None:
    """As its author did: whoever was coming is not on it any more."""
    kind = BY_SLUG[row["kind"]]
    if kind is OFFER:
        await offer.call_off(row["id"], row["author"])
    elif kind.needs_help:
        await life.cancel(row["id"], row["author"])
    else:
        await Post.withdraw(row["id"])


async def _no_more_mail(order: dict[str, int], again: Again) -> None:
    for row in await query("SELECT member FROM alert_choice"):
        if _last(order, row["member"], {"no-mail": True, "mail": False}):
            await execute(
                "UPDATE alert_choice SET mail_urgent = {}, mail_digest = 'never' WHERE member = {}",
                False,
                row["member"],
            )
            _count(again, "mail")


async def _silence() -> None:
    """What was due is past: no alert, email, digest, reminder or alarm of before rings again.

    Who has an errand in hand keeps it for a whole lease: that they confirmed meanwhile is not known here. The news
    themselves stay under the bell.
    """
    await remind()
    hours = dict(zip(("urgent", "semaine", ""), settings.leases, strict=True))
    for row in await query("SELECT id, urgency FROM post WHERE lease_until IS NOT NULL"):
        span = hours.get(row["urgency"] or "", hours[""])
        await execute("UPDATE post SET lease_until = {} WHERE id = {}", now() + timedelta(hours=span), row["id"])
    await execute("UPDATE alarm SET next_at = NULL, step = {}", OVER)
    await execute("UPDATE alert_choice SET changed_at = {}", now())
    await execute("UPDATE alert SET state = 'stopped' WHERE state = 'waiting'")


async def _without_card(lines: Iterable[str]) -> list[str]:
    """Whose card was replaced since: the new one is not known here."""
    rows = await query(
        "SELECT name FROM member WHERE NOT EXISTS (SELECT 1 FROM door_key k WHERE k.member = member.id) ORDER BY name"
    )
    return [row["name"] for row in rows] if lines else []


async def _way_in() -> tuple[str, str]:
    """A link that opens once for the first admin; nothing on a board without one."""
    rows = await query("SELECT id, name FROM member WHERE role = {} ORDER BY id LIMIT 1", Role.ADMIN.value)
    return (rows[0]["name"], await Key.new_link(rows[0]["id"])) if rows else ("", "")


async def _named(what: str, sql: str, lines: set[str], again: Again) -> list[Id]:
    """The rows of this query that the list names."""
    found = [row["id"] for row in await query(sql) if line_of(what, row["id"]) in lines]
    for _ in found:
        _count(again, what)
    return found


def _last(order: dict[str, int], row: Id, meanings: dict):
    """What the last line about this row means; None when there is none."""
    said = [(order[line], meaning) for what, meaning in meanings.items() if (line := line_of(what, row)) in order]
    return max(said, key=lambda one: one[0])[1] if said else None


def _count(again: Again, what: str) -> None:
    again.done[what] = again.done.get(what, 0) + 1
