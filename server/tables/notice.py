"""What somebody is told: who, what, about which post, when, and whether they saw it.

The bell counts these; alerts, email and digests will be fed from them. A notice has a key that
is unique, so that telling twice, from two processes or after a crash, tells once.
"""

from uuid import UUID as Id

from piccolo.columns import UUID, ForeignKey, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from server.database import change
from server.ids import uuid7
from server.kinds import N_
from server.tables.base import moment, now, row_id
from server.tables.member import Member, Role
from server.tables.post import Post

# What each notice says, and its pictogram. %(who)s is the other person, %(title)s the post.
NOTICES = {
    "taken": (N_("%(who)s s’occupe de « %(title)s »"), "entraide"),
    "proposed": (N_("%(who)s propose de s’occuper de « %(title)s »"), "pers"),
    "accepted": (N_("C’est d’accord : vous vous occupez de « %(title)s »"), "coche"),
    "declined": (N_("Merci de l’avoir proposé : ce sera quelqu’un d’autre pour « %(title)s »"), "croix"),
    "returned": (N_("%(who)s ne peut plus s’occuper de « %(title)s » : la demande est rouverte"), "retour"),
    "returned-read": (
        N_("%(who)s a lu vos lignes privées, puis a rendu « %(title)s » : la demande est rouverte"),
        "retour",
    ),
    "returned-twice": (
        N_("%(who)s a lu puis rendu ou laissé deux demandes en sept jours, la dernière : « %(title)s »"),
        "alerte",
    ),
    "lapsed": (N_("Sans nouvelles de %(who)s, « %(title)s » est rouverte"), "attente"),
    "lapsed-own": (N_("Vous n’avez pas confirmé : « %(title)s » est rouverte"), "attente"),
    "lease-soon": (N_("Êtes-vous toujours sur « %(title)s » ? Dites-le avant qu’elle ne rouvre"), "heure"),
    "free": (N_("« %(title)s » est de nouveau libre, vous étiez en second"), "entraide"),
    "done": (N_("%(who)s dit que c’est fait : « %(title)s »"), "coche"),
    "thanked": (N_("%(who)s vous remercie pour « %(title)s »"), "merci"),
    "released": (N_("%(who)s a rouvert « %(title)s » : vous n’avez plus à y aller"), "retour"),
    "cancelled": (N_("%(who)s n’a plus besoin d’aide : « %(title)s »"), "croix"),
    "left": (N_("La personne qui s’en occupait a quitté le palier : « %(title)s » est rouverte"), "retour"),
    "inherited": (N_("Un voisin a quitté le palier : vous suivez maintenant pour lui « %(title)s »"), "tel"),
    "gone": (N_("Une personne a quitté le palier : la demande dont vous vous occupiez n’existe plus"), "croix"),
    "stopped": (N_("Un modérateur a masqué « %(title)s » : n’y allez pas"), "masquer"),
    "read-many": (N_("%(who)s a lu les lignes privées de beaucoup de demandes en sept jours"), "alerte"),
    "changed": (N_("%(who)s a corrigé « %(title)s », dont vous vous occupez"), "ecrire"),
    "message": (N_("%(who)s vous a écrit, sous « %(title)s »"), "fil"),
    "replied": (N_("%(who)s a répondu à « %(title)s »"), "fil"),
    "joined": (N_("%(who)s s’inscrit à « %(title)s »"), "offre"),
    "unjoined": (N_("%(who)s se désinscrit de « %(title)s »"), "croix"),
    "offer-ended": (N_("%(who)s ne peut plus faire « %(title)s » : votre liste est à reprendre"), "retour"),
    "settled": (N_("%(who)s dit que l’argent est rendu : « %(title)s »"), "coche"),
    "read": (N_("%(who)s, admin, a lu vos lignes privées de « %(title)s »"), "verrou"),
}


class Notice(Table):
    """One person, one piece of news. ``once`` names it, for ever."""

    id = row_id()
    person = ForeignKey(Member, on_delete=OnDelete.cascade)
    what = Varchar(16)
    post = ForeignKey(Post, on_delete=OnDelete.cascade)
    who = UUID(null=True, default=None)
    once = Varchar(120, unique=True)
    at = moment()
    seen_at = moment(null=True)

    @staticmethod
    async def tell(person: Id, what: str, post: Id | None, who: Id | None, cause: Id | str) -> bool:
        """Tell a person, in the caller's transaction. False when they had been told, or did it themselves.

        ``cause`` names what happened (the id of a claim, of a message): one cause tells each person once.
        """
        NOTICES[what]
        if str(person) == str(who):
            return False
        rows = await change(
            "INSERT INTO notice (id, person, what, post, who, once, at) VALUES ({}, {}, {}, {}, {}, {}, {})"
            " ON CONFLICT (once) DO NOTHING RETURNING id",
            uuid7(), person, what, post, who, f"{what}:{cause}:{person}", now(),
        )  # fmt: skip
        return bool(rows)

    @staticmethod
    async def tell_anew(person: Id, what: str, post: Id, who: Id, cause: Id) -> None:
        """Tell, unless the same news about this post still waits to be seen: ten messages are one."""
        waits = await change(
            "SELECT 1 FROM notice WHERE person = {} AND post = {} AND what = {} AND seen_at IS NULL", person, post, what
        )
        if not waits:
            await Notice.tell(person, what, post, who, cause)

    @staticmethod
    async def tell_admins(what: str, post: Id, who: Id | None, cause: Id | str) -> None:
        """Tell every admin."""
        for row in await change("SELECT id FROM member WHERE role = {} ORDER BY id", Role.ADMIN.value):
            await Notice.tell(row["id"], what, post, who, cause)

    @staticmethod
    async def of(person: Id, most: int = 60) -> list[dict]:
        """What a person was told, the newest first, with the names and titles of now."""
        return await Notice.raw(
            "SELECT n.id, n.what, n.at, n.seen_at, n.post, p.title, p.body, m.name AS who_name"
            " FROM notice n LEFT JOIN post p ON p.id = n.post LEFT JOIN member m ON m.id = n.who"
            " WHERE n.person = {} ORDER BY n.id DESC LIMIT {}",
            person,
            most,
        )

    @staticmethod
    async def see(person: Id, post: Id | None = None) -> None:
        """The person saw their news, or those about one post."""
        about = " AND post = {}" if post else ""
        arguments = [now(), person, *([post] if post else [])]
        await change(f"UPDATE notice SET seen_at = {{}} WHERE person = {{}} AND seen_at IS NULL{about}", *arguments)

    @staticmethod
    async def forget(before) -> None:
        """Drop what was told before this moment."""
        await change("DELETE FROM notice WHERE at < {}", before)
