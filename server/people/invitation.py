"""An invitation: a link and a QR square that let one or ten neighbours in, for a time."""

from datetime import timedelta
from uuid import UUID as Id

from piccolo.columns import ForeignKey, SmallInt, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base import keys, tombstones
from server.base.budgets import ENTER, INVITE, MOST_OPEN
from server.base.columns import moment, now, row_id
from server.base.database import execute, query, transaction
from server.base.shapes import N_
from server.base.spending import TooMuch, spend
from server.people.member import Member, Role

THREE_OPEN = N_("Vous avez déjà trois invitations ouvertes. Annulez-en une, ou attendez qu’elle serve.")
# Who was put back to newcomer opens no door, not even with what they prepared before.
_INVITES = f"role <> '{Role.NEWCOMER.value}'"
DAYS = (7, 30)
USES = (1, 10)


class Invitation(Table):
    """Its token is derived from its id (see ``keys``), so its author can show it again."""

    id = row_id()
    author = ForeignKey(Member, on_delete=OnDelete.cascade)
    token_hash = Varchar(64, unique=True)
    note = Varchar(60)
    max_uses = SmallInt(default=1)
    uses = SmallInt(default=0)
    created_at = moment()
    expires_at = moment()
    revoked_at = moment(null=True)

    # Whether its author still is one who may invite, as ``find`` saw it; ``use`` asks again.
    may_invite = True

    @staticmethod
    async def make(author: Id, note: str, max_uses: int, days: int) -> "Invitation":
        """Prepare an invitation. Raises TooMuch: a resident has three open ones at most."""
        made = Invitation(author=author, note=note, max_uses=max_uses, expires_at=now() + timedelta(days=days))
        made.token_hash = keys.digest(keys.token_for("invitation", made.id))
        async with transaction():
            await spend(author, INVITE)
            await _refuse_a_fourth(author)
            await Invitation.insert(made)
        return made

    @staticmethod
    async def of(author: Id) -> list["Invitation"]:
        """The invitations of a member, the newest first."""
        return await (
            Invitation.objects().where(Invitation.author == author).order_by(Invitation.id, ascending=False).limit(50)
        )

    @staticmethod
    async def find(token: str) -> "Invitation | None":
        """The invitation of this token, whatever its state."""
        found = await Invitation.objects().where(Invitation.token_hash == keys.digest(token)).first()
        if found is not None:
            found.may_invite = bool(await query(f"SELECT 1 FROM member WHERE id = {{}} AND {_INVITES}", found.author))
        return found

    @property
    def token(self) -> str:
        """The token of its address; only this board's key can compute it."""
        return keys.token_for("invitation", self.id)

    @property
    def state(self) -> str:
        """``open``, ``revoked``, ``used``, ``expired``, or ``closed``: who made it may invite no more."""
        if self.revoked_at is not None:
            return "revoked"
        if not self.may_invite:
            return "closed"
        if self.uses >= self.max_uses:
            return "used"
        return "expired" if self.expires_at <= now() else "open"

    async def use(self) -> bool:
        """Count one entry; False when it was the one too many, or too late."""
        rows = await execute(
            "UPDATE invitation SET uses = uses + 1"
            " WHERE id = {} AND uses < max_uses AND revoked_at IS NULL AND expires_at > {}"
            f" AND author IN (SELECT id FROM member WHERE {_INVITES}) RETURNING uses, max_uses",
            self.id,
            now(),
        )
        if rows and rows[0]["uses"] >= rows[0]["max_uses"]:
            tombstones.note("invitation", self.id)
        return bool(rows)

    async def enter(self, member: Member) -> bool:
        """Let this new member in, in the caller's transaction; False as ``use``. Raises TooMuch."""
        await spend(self.author, ENTER)
        if not await self.use():
            return False
        await Member.insert(member)
        return True

    @staticmethod
    async def revoke(invitation: Id, author: Id) -> bool:
        """Cancel one's own invitation; it stops opening at once."""
        rows = await execute(
            "UPDATE invitation SET revoked_at = {} WHERE id = {} AND author = {} AND revoked_at IS NULL RETURNING id",
            now(),
            invitation,
            author,
        )
        tombstones.note("invitation", *(row["id"] for row in rows))
        return bool(rows)


async def _refuse_a_fourth(author: Id) -> None:
    """Raises TooMuch for a resident who has as many open invitations as one may. Their budget's row is held."""
    rows = await query(
        "SELECT i.expires_at FROM invitation i JOIN member m ON m.id = i.author WHERE i.author = {} AND m.role = {}"
        " AND i.revoked_at IS NULL AND i.uses < i.max_uses AND i.expires_at > {} ORDER BY i.expires_at",
        author, Role.RESIDENT.value, now(),
    )  # fmt: skip
    if len(rows) >= MOST_OPEN:
        raise TooMuch(THREE_OPEN, rows[0]["expires_at"])
