"""The file of a request that a neighbour wrote for somebody without telephone, email or account.

The post's author is the neighbour, who is told everything; the person's name and door are in the
private part. Here is what was agreed: how and when they consented, and who rings them back.
"""

from uuid import UUID as Id

from piccolo.columns import UUID, Boolean, ForeignKey, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.base.columns import moment, now, row_id
from server.base.database import execute
from server.base.ids import uuid7
from server.base.shapes import N_, Choice
from server.posts.post import Post

CONSENTS = (
    Choice("voice", N_("De vive voix, avec la personne"), icon="pers"),
    Choice("phone", N_("Au téléphone"), icon="tel"),
    Choice("paper", N_("Par écrit, sur un talon"), icon="carte"),
)
CALL_BACKS = (Choice("me", N_("Moi"), icon="tel"), Choice("duty", N_("Un voisin de garde"), icon="entraide"))


class ProxyFile(Table):
    """One request's file. ``coupon`` is the short number of a flyer's strip."""

    id = row_id()
    post = ForeignKey(Post, on_delete=OnDelete.cascade, unique=True)
    recorded_by = UUID()
    consent = Varchar(8)
    consent_at = moment()
    call_back = Varchar(5)
    call_round = Boolean(default=False)
    coupon = Varchar(6, null=True, default=None)
    called_at = moment(null=True)

    @staticmethod
    async def write(post: Id, by: Id, consent: str, call_back: str, call_round: bool, coupon: str | None) -> None:
        """Keep the file of a post, in the caller's transaction."""
        await ProxyFile.insert(
            ProxyFile(
                id=uuid7(), post=post, recorded_by=by, consent=consent, consent_at=now(), call_back=call_back,
                call_round=call_round, coupon=coupon,
            )
        )  # fmt: skip

    @staticmethod
    async def of(post: Id) -> dict | None:
        """The file of a post, or None."""
        rows = await ProxyFile.raw(
            "SELECT f.*, m.name AS recorded_name FROM proxy_file f LEFT JOIN member m ON m.id = f.recorded_by"
            " WHERE f.post = {}",
            post,
        )
        return rows[0] if rows else None

    @staticmethod
    async def called(post: Id) -> None:
        """The person was rung back and knows who comes."""
        await execute("UPDATE proxy_file SET called_at = {} WHERE post = {}", now(), post)
