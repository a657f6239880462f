"""Who did what and why. Triggers of the database itself refuse to change or delete an entry.

An entry holds opaque ids only. The reason may name somebody, so it lives in ``log_note``,
which an erasure can empty without touching the log.
"""

from datetime import datetime
from uuid import UUID as Id

from piccolo.columns import UUID, Varchar
from piccolo.table import Table

from server.base.columns import moment, row_id
from server.base.database import query, transaction
from server.base.ids import uuid7
from server.base.shapes import N_

REASON_LIMIT = 300
NO_REASON = N_("Dites en une phrase pourquoi : elle reste dans le journal.")
# Between the two names of a renaming.
_TO = " → "

# What each verb is called in the journal, and its pictogram.
VERBS = {
    "hide-post": (N_("A masqué un avis"), "masquer"),
    "show-post": (N_("A remontré un avis"), "tableau"),
    "hide-reply": (N_("A masqué une réponse"), "masquer"),
    "show-reply": (N_("A remontré une réponse"), "tableau"),
    "drop-photo": (N_("A retiré une photo"), "masquer"),
    "leave": (N_("A laissé un avis signalé"), "coche"),
    "vouch": (N_("A ouvert la porte"), "moi"),
    "vouch-for": (N_("A dit connaître un nouveau voisin"), "moi"),
    "alone": (N_("A décidé sans autre modérateur : aucun n’était venu depuis quatorze jours"), "pers"),
    "accept": (N_("A dit oui à une proposition, pour quelqu’un d’autre"), "coche"),
    "decline": (N_("A dit non à une proposition, pour quelqu’un d’autre"), "croix"),
    "role": (N_("A changé un rôle"), "cle"),
    "card": (N_("A refait une carte"), "carte"),
    "private": (N_("A lu des lignes privées"), "verrou"),
    "contact": (N_("A lu comment joindre un voisin"), "tel"),
    "devices": (N_("A fermé les appareils d’un voisin"), "croix"),
    "stop-alert": (N_("A arrêté une alerte"), "cloche"),
    "let-alert": (N_("A laissé partir une alerte"), "cloche"),
    "called": (N_("A appelé pour une demande urgente"), "tel"),
    "unlock": (N_("A attendu dix minutes : une demande vitale s’est ouverte à tous"), "verrou"),
    "vital-door": (N_("A ouvert une porte de plus, pour une demande vitale"), "verrou"),
    "shut": (N_("A fermé les portes à un voisin jusqu’à demain"), "verrou"),
    "unshut": (N_("A rouvert les portes à un voisin"), "cle"),
    "places": (N_("A accordé des places de plus à un coup de main"), "offre"),
    "rename": (N_("A changé de nom"), "moi"),
    "name-yes": (N_("A accepté un nom qui ressemble à un autre"), "moi"),
    "name-no": (N_("A refusé un nom qui ressemble à un autre"), "croix"),
    "found": (N_("A ouvert le palier"), "palier"),
    "restore": (N_("A remis une sauvegarde"), "retour"),
}

# The same deeds before they are done, for the page that asks for a reason; %(what)s is whom or what it is about.
DEEDS = {
    "hide-post": N_("Masquer l’avis « %(what)s »"),
    "show-post": N_("Montrer de nouveau l’avis « %(what)s »"),
    "hide-reply": N_("Masquer la réponse « %(what)s »"),
    "show-reply": N_("Montrer de nouveau la réponse « %(what)s »"),
    "leave": N_("Laisser « %(what)s » comme avant"),
    "drop-photo": N_("Retirer une photo de l’avis « %(what)s »"),
    "stop-alert": N_("Arrêter l’alerte de « %(what)s »"),
    "vouch": N_("Ouvrir la porte à %(what)s"),
    "shut": N_("Fermer les portes à %(what)s jusqu’à demain"),
    "name-yes": N_("Accepter le nom « %(what)s »"),
    "name-no": N_("Refuser le nom « %(what)s »"),
}


class LogEntry(Table):
    """One gesture of somebody with a role."""

    id = row_id()
    actor = UUID()
    role = Varchar(10)
    verb = Varchar(12)
    thing = UUID(null=True, default=None)
    at = moment()


class LogNote(Table):
    """The reason of an entry, in words, apart so that it can be erased."""

    id = row_id()
    entry = UUID(unique=True)
    reason = Varchar(REASON_LIMIT)


async def record(actor: Id, role: str, verb: str, thing: Id | None, reason: str = "") -> None:
    """Write an entry, in the caller's transaction if there is one. KeyError for an unknown verb."""
    VERBS[verb]
    entry = LogEntry(id=uuid7(), actor=actor, role=role, verb=verb, thing=thing)
    async with transaction():
        await LogEntry.insert(entry)
        if reason:
            await LogNote.insert(LogNote(entry=entry.id, reason=reason))


async def record_renaming(member: Id, role: str, before: str, after: str) -> None:
    """Write that a name changed; the names are its reason, and go with their owner."""
    await record(member, role, "rename", member, f"{before}{_TO}{after}")


async def names_before(member: Id, since: datetime) -> list[str]:
    """The name that each renaming since then put away, the first one first."""
    rows = await query(
        "SELECT n.reason FROM log_entry e JOIN log_note n ON n.entry = e.id"
        " WHERE e.thing = {} AND e.verb = 'rename' AND e.at > {} ORDER BY e.id",
        member, since,
    )  # fmt: skip
    return [row["reason"].partition(_TO)[0] for row in rows]


async def journal(verb: str = "", before: Id | None = None, most: int = 50) -> list[dict]:
    """Entries, the newest first, with the actor's present name and the reason."""
    sql = (
        "SELECT e.id, e.at, e.role, e.verb, e.thing, m.name AS actor_name, n.reason, p.title AS post_title,"
        " p.id IS NOT NULL AS post_found, r.post AS reply_post, o.name AS member_name"
        " FROM log_entry e LEFT JOIN member m ON m.id = e.actor LEFT JOIN log_note n ON n.entry = e.id"
        " LEFT JOIN post p ON p.id = e.thing LEFT JOIN reply r ON r.id = e.thing"
        " LEFT JOIN member o ON o.id = e.thing WHERE 1 = 1"
    )
    arguments: list = []
    if verb:
        sql += " AND e.verb = {}"
        arguments.append(verb)
    if before:
        sql += " AND e.id < {}"
        arguments.append(before)
    return await LogEntry.raw(sql + " ORDER BY e.id DESC LIMIT {}", *arguments, most)
