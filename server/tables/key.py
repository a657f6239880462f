"""What opens the door without a password: a member's card, or a personal link.

A card is printed: its QR square holds a token of 133 bits, its typed code 79 bits. It opens
as often as its owner likes, until it is replaced. A link opens once and soon expires.
"""

from datetime import timedelta
from uuid import UUID as Id

from piccolo.columns import ForeignKey, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server import keys
from server.database import change, transaction
from server.ids import uuid7
from server.tables.base import moment, now, row_id
from server.tables.member import Member

LINK_LIFE = timedelta(days=2)


class Key(Table, tablename="door_key"):
    """A card or a link; the row holds hashes only."""

    id = row_id()
    member = ForeignKey(Member, on_delete=OnDelete.cascade)
    kind = Varchar(4)
    token_hash = Varchar(64, unique=True)
    code_hash = Varchar(64, unique=True, null=True, default=None)
    created_at = moment()
    expires_at = moment(null=True)

    @staticmethod
    async def new_card(member: Id) -> Id:
        """Make a card; the member's former one stops opening at once."""
        card = uuid7()
        async with transaction():
            # Taking the member's row makes two of these at once wait for each other.
            await change("UPDATE member SET version = version WHERE id = {}", member)
            await change("DELETE FROM door_key WHERE member = {} AND kind = {}", member, "card")
            await Key.insert(
                Key(
                    id=card,
                    member=member,
                    kind="card",
                    token_hash=keys.digest(keys.token_for("card", card)),
                    code_hash=keys.digest(keys.code_for(card)),
                )
            )
        return card

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
    async def use(token: str) -> Id | None:
        """Sign in with a token: the member's id, or None. A link is consumed."""
        found = await Key.find(token)
        if found is None:
            return None
        if found["kind"] == "link":
            gone = await change("DELETE FROM door_key WHERE token_hash = {} RETURNING id", keys.digest(token))
            if not gone:
                return None
        return found["id"]

    @staticmethod
    async def forget() -> None:
        """Drop links that nobody used in time."""
        await change("DELETE FROM door_key WHERE expires_at < {}", now())

    @staticmethod
    async def use_code(typed: str) -> Id | None:
        """Sign in with the typed code of a card: the member's id, or None."""
        code = keys.normal_code(typed)
        row = await Key.select(Key.member).where(Key.code_hash == keys.digest(code)).first()
        return row["member"] if row else None
