"""THE news that somebody is told: what the bell says, and what an alert says on a locked screen.

A locked screen is read by two: there an alert holds no name, no address, no code and nothing that a
neighbour typed, only the need, the rough place, the hour and a gesture. The bell is read by one.

In ``said`` %(who)s is the other person, %(of)s the same after "de" ("d’Odette"), %(title)s the post; in ``title`` and
``body`` %(need)s is the need ("Pharmacie"), %(before)s its hour ("avant 18 h"), %(place)s a street, %(count)s a number.
"""

from dataclasses import dataclass
from datetime import timedelta

from server.base.shapes import N_

# Who gets which, by what they chose (see ``ALERTED``): an urgent need; what is for whoever has the keys;
# an errand that two have together; whatever else concerns one; the board once a day; a trial. A letter
# is never shown by a device: it only goes by email.
URGENT, DUTY, ERRAND, MINE, DIGEST, TRIAL, LETTER = (
    "urgent", "duty", "errand", "mine", "digest", "trial", "letter"
)  # fmt: skip
URGENCIES, CONCERNS, DAILY = "urgent", "mine", "daily"
ALERTED = {
    URGENCIES: frozenset({URGENT, DUTY, ERRAND, TRIAL}),
    CONCERNS: frozenset({URGENT, DUTY, ERRAND, MINE, TRIAL}),
    DAILY: frozenset({DUTY, ERRAND, DIGEST, TRIAL}),
}
TAKE, READ, KEEP = "take", "read", "keep"
ACTIONS = {TAKE: N_("Je m’en occupe"), READ: N_("Lire"), KEEP: N_("J’y vais toujours")}


@dataclass(frozen=True)
class News:
    """One kind of news. ``lasts``: how long an alert of it is still worth showing (the TTL of RFC 8030)."""

    said: str
    icon: str
    title: str = N_("Du nouveau pour vous")
    body: str = N_("Ouvrez pour lire.")
    group: str = MINE
    actions: tuple[str, ...] = ()
    lasts: timedelta = timedelta(days=1)


NEWS = {
    "urgent": News(
        N_("Une demande urgente près de chez vous : « %(title)s »"), "alerte",
        N_("%(need)s, %(before)s"), N_("Une demande urgente, côté %(place)s."),
        URGENT, (TAKE, READ), timedelta(hours=12),
    ),
    "nobody": News(
        N_("Personne encore pour « %(title)s » : voyez comment joindre qui demande"), "alerte",
        N_("Personne depuis %(count)s min"), N_("Une demande urgente attend. Ouvrez pour savoir qui joindre."),
        DUTY, (READ,), timedelta(hours=12),
    ),
    "held": News(
        N_("L’alerte pour « %(title)s » attend votre accord"), "alerte",
        N_("Une alerte attend"), N_("Un modérateur doit dire si elle part."), DUTY, (READ,), timedelta(hours=12),
    ),
    "taken": News(
        N_("%(who)s s’occupe de « %(title)s »"), "entraide",
        N_("Quelqu’un vient"), N_("Votre demande est prise. Ouvrez pour savoir qui."), ERRAND, (READ,),
    ),
    "proposed": News(
        N_("%(who)s propose de s’occuper de « %(title)s »"), "pers",
        N_("Quelqu’un propose de venir"), N_("Ouvrez pour dire si c’est d’accord."), ERRAND, (READ,),
    ),
    "accepted": News(
        N_("C’est d’accord : vous vous occupez de « %(title)s »"), "coche",
        N_("C’est d’accord"), N_("On compte sur vous. Ouvrez pour l’adresse."), ERRAND, (READ,),
    ),
    "yes-for-you": News(
        N_("%(who)s a dit oui à votre place pour « %(title)s » : si cela ne va pas, cherchez quelqu’un d’autre"),
        "coche",
        N_("On a dit oui à votre place"), N_("Ouvrez pour savoir qui vient."), ERRAND, (READ,),
    ),
    "no-for-you": News(
        N_("%(who)s a dit non à votre place, pour « %(title)s »"), "croix",
        N_("On a répondu à votre place"), N_("Ouvrez pour en savoir plus."), ERRAND, (READ,),
    ),
    "vouched": News(
        N_("%(who)s vous a ouvert la porte : vous pouvez vous occuper des demandes, et inviter"), "moi",
        N_("La porte est ouverte"), N_("Vous pouvez vous occuper des demandes, et inviter."),
    ),
    "name-waits": News(
        N_("%(who)s veut un nom qui ressemble à celui d’un modérateur ou d’un admin : il attend votre oui"), "moi",
        N_("Un nom attend votre oui"), N_("Ouvrez pour le lire."),
    ),
    "name-yes": News(
        N_("%(who)s a dit oui à votre nom : il est montré avec votre rue"), "moi",
        N_("Votre nom est accepté"), N_("Il est montré avec votre rue."),
    ),
    "name-no": News(
        N_("%(who)s n’a pas accepté ce nom, trop proche d’un autre : choisissez-en un autre chez vous"), "croix",
        N_("Ce nom est trop proche d’un autre"), N_("Choisissez-en un autre, chez vous."),
    ),
    "alone": News(
        N_("%(who)s a décidé sans autre modérateur, faute d’en voir un depuis quatorze jours : c’est au journal"),
        "pers",
        N_("Une décision a été prise sans vous"), N_("Ouvrez pour lire le journal."),
    ),
    "declined": News(
        N_("Merci de l’avoir proposé : ce sera quelqu’un d’autre pour « %(title)s »"), "croix",
        N_("Ce sera quelqu’un d’autre"), N_("Merci de l’avoir proposé."), ERRAND,
    ),
    "returned": News(
        N_("%(who)s ne peut plus s’occuper de « %(title)s » : la demande est rouverte"), "retour",
        N_("Votre demande est rouverte"), N_("La personne qui devait venir ne peut plus."), ERRAND, (READ,),
    ),
    "returned-read": News(
        N_("%(who)s a lu vos lignes privées, puis a rendu « %(title)s » : la demande est rouverte"), "retour",
        N_("Votre demande est rouverte"), N_("La personne qui devait venir ne peut plus."), ERRAND, (READ,),
    ),
    "returned-twice": News(
        N_("%(who)s a lu puis rendu ou laissé deux demandes en sept jours, la dernière : « %(title)s »"), "alerte",
        N_("Une chose à regarder"), N_("Ouvrez pour en savoir plus."),
    ),
    "lapsed": News(
        N_("Sans nouvelles %(of)s, « %(title)s » est rouverte"), "attente",
        N_("Votre demande est rouverte"), N_("La personne qui devait venir n’a pas confirmé."), ERRAND, (READ,),
    ),
    "lapsed-own": News(
        N_("Vous n’avez pas confirmé : « %(title)s » est rouverte"), "attente",
        N_("La demande est rouverte"), N_("Vous n’avez pas confirmé : vous n’avez plus à y aller."), ERRAND, (READ,),
    ),
    "lease-soon": News(
        N_("Êtes-vous toujours sur « %(title)s » ? Dites-le avant qu’elle ne rouvre"), "heure",
        N_("Toujours d’accord ?"), N_("Sans réponse, la demande se rouvre."),
        ERRAND, (KEEP, READ), timedelta(hours=6),
    ),
    "free": News(
        N_("« %(title)s » est de nouveau libre, vous étiez en second"), "entraide",
        N_("%(need)s : la place est libre"), N_("Vous étiez en second, côté %(place)s."), ERRAND, (TAKE, READ),
    ),
    "done": News(
        N_("%(who)s dit que c’est fait : « %(title)s »"), "coche",
        N_("C’est fait"), N_("Ouvrez pour dire merci."), ERRAND, (READ,),
    ),
    "thanked": News(
        N_("%(who)s vous remercie pour « %(title)s »"), "merci",
        N_("On vous remercie"), N_("Ouvrez pour lire."),
    ),
    "released": News(
        N_("%(who)s a rouvert « %(title)s » : vous n’avez plus à y aller"), "retour",
        N_("Vous n’avez plus à y aller"), N_("La demande cherche quelqu’un d’autre."), ERRAND, (READ,),
    ),
    "cancelled": News(
        N_("%(who)s n’a plus besoin d’aide : « %(title)s »"), "croix",
        N_("Vous n’avez plus à y aller"), N_("La demande est retirée."), ERRAND,
    ),
    "left": News(
        N_("La personne qui s’en occupait a quitté le palier : « %(title)s » est rouverte"), "retour",
        N_("Votre demande est rouverte"), N_("La personne qui devait venir ne peut plus."), ERRAND, (READ,),
    ),
    "inherited": News(
        N_("Un voisin a quitté le palier : vous suivez maintenant pour lui « %(title)s »"), "tel",
        N_("Une demande vous est confiée"), N_("Ouvrez pour savoir qui rappeler."), ERRAND, (READ,),
    ),
    "gone": News(
        N_("Une personne a quitté le palier : la demande dont vous vous occupiez n’existe plus"), "croix",
        N_("Vous n’avez plus à y aller"), N_("La demande n’existe plus."), ERRAND,
    ),
    "stopped": News(
        N_("Un modérateur a masqué « %(title)s » : n’y allez pas"), "masquer",
        N_("N’y allez pas"), N_("Un modérateur a masqué la demande."), ERRAND,
    ),
    "read-many": News(
        N_("%(who)s a lu les lignes privées de beaucoup de demandes en sept jours"), "alerte",
        N_("Une chose à regarder"), N_("Ouvrez pour en savoir plus."),
    ),
    "many-doors": News(
        N_("%(who)s a ouvert trois portes en une heure, la dernière : « %(title)s »"), "alerte",
        N_("Une chose à regarder"), N_("Ouvrez pour en savoir plus."),
    ),
    "one-more-door": News(
        N_("%(who)s, qui a déjà beaucoup aidé aujourd’hui, propose de s’occuper de « %(title)s »"), "pers",
        N_("Quelqu’un propose de venir"), N_("Ouvrez pour dire si c’est d’accord."), ERRAND, (READ,),
    ),
    "unlocked": News(
        N_("Personne n’a répondu : vous pouvez vous occuper de « %(title)s »"), "entraide",
        N_("%(need)s : vous pouvez y aller"), N_("Personne n’a répondu en dix minutes."), ERRAND, (TAKE, READ),
    ),
    "unlocked-all": News(
        N_("« %(title)s » attendait un oui depuis dix minutes : la demande est ouverte à tous"), "alerte",
        N_("Une demande vitale attend"), N_("Elle est ouverte à tous. Ouvrez pour lire."), DUTY, (READ,),
    ),
    "shut": News(
        N_("Un modérateur a fermé les portes pour vous jusqu’à demain, 8 h"), "verrou",
        N_("Une nouvelle de la modération"), N_("Ouvrez pour la lire."),
    ),
    "shut-errand": News(
        N_("Un modérateur a rouvert « %(title)s », que vous aviez en main"), "verrou",
        N_("Vous n’avez plus à y aller"), N_("Ouvrez pour savoir pourquoi."), ERRAND, (READ,),
    ),
    "shut-offer": News(
        N_("Un modérateur a mis en pause jusqu’à demain qui devait venir : « %(title)s »"), "attente",
        N_("Un coup de main est en pause"), N_("Ouvrez pour savoir quoi faire."), ERRAND, (READ,),
    ),
    "shut-told": News(
        N_("Un modérateur a fermé les portes à %(who)s jusqu’à demain"), "verrou",
        N_("Une chose à regarder"), N_("Ouvrez pour en savoir plus."),
    ),
    "unshut": News(
        N_("Les portes sont rouvertes pour vous"), "cle",
        N_("Une nouvelle de la modération"), N_("Ouvrez pour la lire."),
    ),
    "shut-asker": News(
        N_("Un modérateur a rouvert « %(title)s » : quelqu’un d’autre viendra"), "retour",
        N_("Votre demande est rouverte"), N_("La personne qui devait venir ne vient pas."), ERRAND, (READ,),
    ),
    "places": News(
        N_("%(who)s propose beaucoup de places : « %(title)s » attend votre oui"), "offre",
        N_("Des places attendent votre oui"), N_("Un coup de main attend un modérateur."),
    ),
    "places-agreed": News(
        N_("C’est d’accord pour toutes les places de « %(title)s »"), "coche",
        N_("C’est d’accord pour vos places"), N_("Chacun peut s’inscrire."),
    ),
    "changed": News(
        N_("%(who)s a corrigé « %(title)s », dont vous vous occupez"), "ecrire",
        N_("Votre course a changé"), N_("Relisez-la avant d’y aller."), ERRAND, (READ,),
    ),
    "message": News(
        N_("%(who)s vous a écrit, sous « %(title)s »"), "fil",
        N_("Un mot au sujet de votre course"), N_("On vous a écrit. Ouvrez pour lire."), ERRAND, (READ,),
    ),
    "replied": News(
        N_("%(who)s a répondu à « %(title)s »"), "fil",
        N_("On vous a répondu"), N_("Ouvrez pour lire."),
    ),
    "joined": News(
        N_("%(who)s s’inscrit à « %(title)s »"), "offre",
        N_("Une inscription"), N_("Quelqu’un compte sur votre coup de main."), ERRAND, (READ,),
    ),
    "unjoined": News(
        N_("%(who)s se désinscrit de « %(title)s »"), "croix",
        N_("Une place se libère"), N_("Quelqu’un se désinscrit de votre coup de main."), ERRAND,
    ),
    "offer-ended": News(
        N_("%(who)s ne peut plus faire « %(title)s » : votre liste est à reprendre"), "retour",
        N_("Ce coup de main n’aura pas lieu"), N_("Votre liste est gardée. Ouvrez pour la reprendre."),
        ERRAND, (READ,),
    ),
    "backup-failed": News(
        N_("La sauvegarde du tableau n’a pas abouti : voyez pourquoi dans les chiffres"), "alerte",
        N_("La sauvegarde n’a pas abouti"), N_("Ouvrez pour savoir pourquoi."), DUTY, (READ,),
    ),
    "settled": News(
        N_("%(who)s dit que l’argent est rendu : « %(title)s »"), "coche",
        N_("L’argent de la course"), N_("On vous dit qu’il est rendu. Ouvrez pour voir."),
    ),
    "read": News(
        N_("%(who)s, admin, a lu vos lignes privées de « %(title)s »"), "verrou",
        N_("Vos lignes privées ont été lues"), N_("Ouvrez pour savoir par qui, et pourquoi."),
    ),
    "new-device": News(
        N_("%(who)s vient d’entrer chez vous. Ce n’était pas vous ? Fermez cet appareil"), "cle",
        N_("Un appareil est entré chez vous"), N_("Si ce n’était pas vous, ouvrez pour le fermer."), ERRAND, (READ,),
    ),
    "own-device": News(N_("Votre autre écran est ouvert : %(who)s"), "appareil"),
    "reminder": News(
        N_("C’est bientôt : « %(title)s »"), "rdv",
        N_("C’est à %(before)s"), N_("Vous aviez dit que vous y seriez."),
        lasts=timedelta(hours=1),
    ),
    "post-hidden": News(
        N_("Un modérateur a masqué « %(title)s » : lisez pourquoi"), "masquer",
        N_("Un de vos avis est masqué"), N_("Ouvrez pour lire pourquoi, et à qui en parler."), MINE, (READ,),
    ),
    "post-shown": News(
        N_("« %(title)s » est de nouveau visible"), "tableau",
        N_("Votre avis est de nouveau visible"), N_("Ouvrez pour le lire."), MINE, (READ,),
    ),
    "reply-hidden": News(
        N_("Un modérateur a masqué votre réponse sous « %(title)s » : lisez pourquoi"), "masquer",
        N_("Une de vos réponses est masquée"), N_("Ouvrez pour lire pourquoi, et à qui en parler."), MINE, (READ,),
    ),
    "reply-shown": News(
        N_("Votre réponse sous « %(title)s » est de nouveau visible"), "tableau",
        N_("Votre réponse est de nouveau visible"), N_("Ouvrez pour la lire."), MINE, (READ,),
    ),
    "moved": News(
        N_("« %(title)s » a changé : relisez le jour, l’heure et le lieu"), "rdv",
        N_("Un rendez-vous a changé"), N_("Ouvrez pour lire le jour, l’heure et le lieu."), ERRAND, (READ,),
    ),
    "called-off": News(
        N_("« %(title)s » n’aura pas lieu"), "croix",
        N_("Un rendez-vous n’aura pas lieu"), N_("Vous aviez dit que vous viendriez."), ERRAND,
    ),
    "on-again": News(
        N_("« %(title)s » aura bien lieu, finalement"), "coche",
        N_("Un rendez-vous aura bien lieu"), N_("Vous aviez dit que vous viendriez."), ERRAND, (READ,),
    ),
    "event-gone": News(
        N_("Une personne a quitté le palier : un rendez-vous où vous veniez n’aura pas lieu"), "croix",
        N_("Un rendez-vous n’aura pas lieu"), N_("Vous aviez dit que vous viendriez."), ERRAND,
    ),
    "still-on": News(
        N_("« %(title)s » revient toujours ? Dites-le d’un geste, ou il quittera le tableau"), "rdv",
        N_("Votre rendez-vous revient toujours ?"), N_("Ouvrez pour le dire d’un geste."), MINE, (READ,),
    ),
    "off-board": News(
        N_("« %(title)s » a quitté le tableau, faute de réponse. Un geste le remet"), "rdv",
        N_("Votre rendez-vous a quitté le tableau"), N_("Un geste le remet."), MINE, (READ,),
    ),
    "digest": News(
        N_("Sur le palier, depuis hier"), "tableau",
        N_("Sur le palier, depuis hier"), N_("Du nouveau : %(count)s. Ouvrez pour lire."), DIGEST,
    ),
    "weekly": News(
        N_("Le palier de la semaine"), "tableau",
        N_("Le palier de la semaine"), N_("Du nouveau : %(count)s. Ouvrez pour lire."),
        LETTER, lasts=timedelta(days=3),
    ),
    "mail-check": News(
        N_("Une adresse de courriel à confirmer"), "mot",
        N_("Est-ce bien votre adresse ?"), N_("Ouvrez le courriel qui vient de partir."),
        LETTER, lasts=timedelta(hours=6),
    ),
    "trial": News(
        N_("Un essai d’alerte"), "cloche",
        N_("Cet appareil sonne bien"), N_("C’était un essai. Vous n’avez rien à faire."),
        TRIAL, (), timedelta(minutes=5),
    ),
}  # fmt: skip
# What the bell does not show: a trial is seen where it is asked for, and a digest only says what the bell has.
NOT_IN_BELL = ("trial", "digest", "weekly", "mail-check")

# News of no post, and the page where one may do something about them.
PAGES = {
    "new-device": "/chez-moi#appareils",
    "own-device": "/chez-moi#appareils",
    "alone": "/moderation/journal",
    "name-waits": "/moderation#noms",
    "name-no": "/chez-moi",
    "backup-failed": "/moderation/chiffres#sauvegarde",
    "shut-told": "/moderation/portes",
}
