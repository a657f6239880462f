"""An invitation: a link and a QR square that let one or ten neighbours in, for a time."""

from datetime import timedelta
from uuid import UUID as Id

from piccolo.columns import ForeignKey, SmallInt, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server import keys, tombstones
from server.database import change
from server.tables.base import moment, now, row_id
from server.tables.member import Member

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

    @staticmethod
    async def make(author: Id, note: str, max_uses: int, days: int) -> "Invitation":
        """Prepare an invitation."""
        made = Invitation(author=author, note=note, max_uses=max_uses, expires_at=now() + timedelta(days=days))
        made.token_hash = keys.digest(keys.token_for("invitation", made.id))
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
        return await Invitation.objects().where(Invitation.token_hash == keys.digest(token)).first()

    @property
    def token(self) -> str:
        """The token of its address; only this board's key can compute it."""
        return keys.token_for("invitation", self.id)

    @property
    def state(self) -> str:
        """``open``, ``revoked``, ``used`` or ``expired``."""
        if self.revoked_at is not None:
            return "revoked"
        if self.uses >= self.max_uses:
            return "used"
        return "expired" if self.expires_at <= now() else "open"

    async def use(self) -> bool:
        """Count one entry; False when it was the one too many, or too late."""
        rows = await change(
            "UPDATE invitation SET uses = uses + 1"
            " WHERE id = {} AND uses < max_uses AND revoked_at IS NULL AND expires_at > {}"
            " RETURNING uses, max_uses",
            self.id,
            now(),
        )
        if rows and rows[0]["uses"] >= rows[0]["max_uses"]:
            tombstones.note("invitation", self.id)
        return bool(rows)

    @staticmethod
    async def revoke(invitation: Id, author: Id) -> bool:
        """Cancel one's own invitation; it stops opening at once."""
        rows = await change(
            "UPDATE invitation SET revoked_at = {} WHERE id = {} AND author = {} AND revoked_at IS NULL RETURNING id",
            now(),
            invitation,
            author,
        )
        tombstones.note("invitation", *(row["id"] for row in rows))
        return bool(rows)
