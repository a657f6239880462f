"""What opens the door without a password: a member's card, a personal link, a key for one's other screen.

A card is printed: its QR square holds a token of 133 bits, its typed code 79 bits. It opens
as often as its owner likes, until it is replaced. A link opens once and soon expires; so does
the key that a member makes on one screen to enter on another, which has a square and a code too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID as Id

from piccolo.columns import UUID, ForeignKey, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base import keys, tombstones
from server.base.audit_log import record
from server.base.columns import moment, now, row_id
from server.base.database import execute, query, transaction
from server.base.ids import uuid7
from server.people.member import Member
from server.people.session import Session, Viewer

LINK_LIFE = timedelta(days=2)
# Long enough to walk from one screen to the other, and to type sixteen signs slowly.
OWN_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Opened:
    """Whom a key lets in, what kind of key it was, and the card that it is or that it comes from."""

    member: Id
    kind: str
    card: Id | None


class Key(Table, tablename="door_key"):
    """A card, a link or one's own key (``self``); the row holds hashes only."""

    id = row_id()
    member = ForeignKey(Member, on_delete=OnDelete.cascade)
    kind = Varchar(4)
    token_hash = Varchar(64, unique=True)
    code_hash = Varchar(64, unique=True, null=True, default=None)
    created_at = moment()
    expires_at = moment(null=True)
    # Of one's own key: the card that let in the device on which it was made.
    card = UUID(null=True, default=None)

    @staticmethod
    async def new_card(member: Id, keep: Id | None = None) -> Id:
        """Make a card; the member's former one stops opening at once.

        The devices that it let in are signed out, but ``keep``, the session in which the new one is made; keys
        and links that nobody used yet may be in the same hands, and go too.
        """
        async with transaction():
            await hold_owner(member)
            old = await query("SELECT id FROM door_key WHERE member = {} AND kind = 'card'", member)
            made = await Key._renew(member, "card")
            for row in old:
                await Session.close_those_of(row["id"], made, keep)
            if old:
                await execute("DELETE FROM door_key WHERE member = {} AND kind <> 'card'", member)
        return made

    @staticmethod
    async def renew_for(member: Id, by: Viewer, reason: str) -> Id:
        """An admin makes a new card for somebody, in the journal; its id. One's own leaves one's present device in."""
        async with transaction():
            card = await Key.new_card(member, by.session if member == by.id else None)
            await record(by.id, by.role, "card", member, reason)
        return card

    @staticmethod
    async def close_device(session: Id, member: Id, present: Id, *, lost: bool) -> bool:
        """Sign one of one's devices out; lost or stolen, with a new card at once. False when it is not one's own.

        ``present``: the session that stays.
        """
        async with transaction():
            if not await Session.close(session, member):
                return False
            await Key.void_own(member)
            if lost:
                await Key.new_card(member, present)
        return True

    @staticmethod
    async def close_devices(member: Id, by: Viewer) -> None:
        """An admin signs all of somebody's devices out, in the journal."""
        async with transaction():
            await Session.close_all(member)
            await Key.void_own(member)
            await record(by.id, by.role, "devices", member)

    @staticmethod
    async def new_own(member: Id, session: Id | None = None) -> Id:
        """Make a key for another screen of one's own: it opens once, soon; the former one stops opening.

        ``session``: on which device. What it lets in is the card's that let that one in.
        """
        async with transaction():
            await hold_owner(member)
            rows = await query("SELECT card FROM session WHERE id = {}", session) if session else []
            return await Key._renew(member, "self", now() + OWN_LIFE, rows[0]["card"] if rows else None)

    @staticmethod
    async def _renew(member: Id, kind: str, expires_at: datetime | None = None, card: Id | None = None) -> Id:
        """A key with a square and a code, in place of the member's former one of this kind."""
        made = uuid7()
        gone = await execute("DELETE FROM door_key WHERE member = {} AND kind = {} RETURNING id", member, kind)
        tombstones.note("key", *(row["id"] for row in gone))
        await Key.insert(
            Key(
                id=made,
                member=member,
                kind=kind,
                token_hash=keys.digest(keys.token_for(kind, made)),
                code_hash=keys.digest(keys.code_for(made)),
                expires_at=expires_at,
                card=card,
            )
        )
        return made

    @staticmethod
    async def new_link(member: Id, life: timedelta = LINK_LIFE) -> str:
        """Make a personal link that opens once; give its token."""
        link = uuid7()
        token = keys.token_for("link", link)
        await Key.insert(
            Key(id=link, member=member, kind="link", token_hash=keys.digest(token), expires_at=now() + life)
        )
        return token

    @staticmethod
    async def card_of(member: Id) -> dict | None:
        """The card of a member: id and when it was made."""
        return await Key.select(Key.id, Key.created_at).where((Key.member == member) & (Key.kind == "card")).first()

    @staticmethod
    async def own_of(member: Id) -> dict | None:
        """The key for another screen that still opens: id and until when."""
        alive = (Key.member == member) & (Key.kind == "self") & (Key.expires_at > now())
        return await Key.select(Key.id, Key.expires_at).where(alive).first()

    @staticmethod
    async def void_own(member: Id) -> None:
        """Whoever holds a closed device may have made a key on it: it stops opening."""
        await execute("DELETE FROM door_key WHERE member = {} AND kind = 'self'", member)

    @staticmethod
    async def find(token: str) -> dict | None:
        """Whom this token would sign in: member id and name. Nothing is consumed."""
        rows = await Key.raw(
            "SELECT m.id, m.name, k.kind FROM door_key k JOIN member m ON m.id = k.member"
            " WHERE k.token_hash = {} AND (k.expires_at IS NULL OR k.expires_at > {})",
            keys.digest(token),
            now(),
        )
        return rows[0] if rows else None

    @staticmethod
    async def use(token: str) -> Opened | None:
        """Whom a token lets in, or None. All but a card is used up."""
        return await Key._use("token_hash", keys.digest(token))

    @staticmethod
    async def use_code(typed: str) -> Opened | None:
        """Whom a typed code lets in, or None. All but a card is used up."""
        return await Key._use("code_hash", keys.digest(keys.normal_code(typed)))

    @staticmethod
    async def _use(column: str, digest: str) -> Opened | None:
        rows = await Key.raw(
            f"SELECT id, member, kind, card FROM door_key WHERE {column} = {{}}"
            " AND (expires_at IS NULL OR expires_at > {})",
            digest,
            now(),
        )
        if not rows:
            return None
        # Of two at once, only one takes it away.
        one, once = rows[0], rows[0]["kind"] != "card"
        if once and not await execute(f"DELETE FROM door_key WHERE {column} = {{}} RETURNING id", digest):
            return None
        return Opened(one["member"], one["kind"], one["card"] if once else one["id"])

    @staticmethod
    async def still_opens(card: Id) -> bool:
        """Whether this card has not been replaced."""
        return bool(await query("SELECT 1 FROM door_key WHERE id = {}", card))

    @staticmethod
    async def forget() -> None:
        """Drop what nobody used in time."""
        await execute("DELETE FROM door_key WHERE expires_at < {}", now())


async def hold_owner(member: Id) -> None:
    """Take the member's row until the end of the transaction: two who change keys or enter wait for each other."""
    await execute("UPDATE member SET version = version WHERE id = {}", member)
