"""What those on duty have to look at, what they did, and who was invited."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Flag:
    """A report. ``about``: a title, or the first words of a kind word; ``reply``: which of its replies.

    ``closed``: a line of the journal about the same thing has settled it.
    """

    about: str
    by: str
    delay: str
    reason: str
    reply: int | None = None
    closed: bool = False


@dataclass(frozen=True)
class Deed:
    """A line of the journal, and what it did: a hidden post or reply is hidden at that moment.

    ``post`` (as in ``Flag.about``), ``reply`` and ``member`` say what it was done to.
    """

    at: str
    by: str
    verb: str
    reason: str
    post: str = ""
    member: str = ""
    reply: int | None = None


@dataclass(frozen=True)
class Invited:
    """An invitation and how many came in by it."""

    at: str
    by: str
    note: str
    max_uses: int
    days: int
    uses: int = 0
    revoked: str = ""


FLAGS = (
    Flag(
        "Isolation des combles à 1 €, dossier pris en charge",
        "Josiane Tissot",
        "40min",
        "Ce n’est pas un voisin, c’est une publicité.",
    ),
    Flag(
        "Isolation des combles à 1 €, dossier pris en charge",
        "Bruno Chavassieux",
        "1h",
        "Ils sont passés dans mon immeuble l’an dernier. Méfiance.",
    ),
    Flag(
        "Isolation des combles à 1 €, dossier pris en charge",
        "Hélène Dubost",
        "3h",
        "Publicité. Des voisins âgés vont ouvrir leur porte.",
    ),
    Flag("À celle du 2e qui pleure le soir", "Claire Vial", "9h", "On reconnaît la personne."),
    Flag(
        "Le cinéma à 5 € le lundi",
        "Suzanne Bénichou",
        "1d",
        "Lundi, on m’a demandé 7 € à 20 h. Est-ce que c’est toujours juste ?",
    ),
    # Closed.
    Flag(
        "Le composteur de la place prend de nouveau les épluchures",
        "Inês Carvalho",
        "3d",
        "C’est moi qui ai fait le panneau, et c’est désagréable.",
        reply=1,
        closed=True,
    ),
    Flag(
        "Le distributeur de l’avenue donne des billets de 10 €",
        "Suzanne Bénichou",
        "6d",
        "Ce n’est plus vrai.",
        closed=True,
    ),
    Flag(
        "Aux gens du 3e qui dansent",
        "Roland Duchamp",
        "15h",
        "On parle de gens qui n’ont rien demandé.",
        closed=True,
    ),
)

DEEDS = (
    Deed("-212 19:30", "Cyril Monnet", "found", "Pour la place et les cinq rues autour."),
    Deed("-211 18:00", "Cyril Monnet", "role", "Elle tiendra les clés avec moi.", member="Amélie Roche"),
    Deed("-200 10:00", "Amélie Roche", "role", "Elle répond déjà au téléphone.", member="Jeanne Morel"),
    Deed("-196 11:20", "Amélie Roche", "role", "De garde une semaine sur deux.", member="Nadia Ferhat"),
    Deed("-190 9:40", "Cyril Monnet", "role", "De garde l’autre semaine.", member="Bernadette Collomb"),
    Deed("-40 16:15", "Jeanne Morel", "card", "Carte passée à la machine avec le tablier.", member="Mme Santoni"),
    Deed("-19 17:05", "Amélie Roche", "devices", "Téléphone oublié dans le bus.", member="Michel Jacquet"),
    Deed(
        "-6 18:25",
        "Jeanne Morel",
        "leave",
        "Le mot est tendre. Les intéressés m’ont dit qu’ils en riaient encore.",
        post="Aux gens du 3e qui dansent",
    ),
    Deed(
        "-5 10:30",
        "Nadia Ferhat",
        "hide-reply",
        "Une pique contre la personne qui a fait le panneau. Kevin est prévenu.",
        post="Le composteur de la place prend de nouveau les épluchures",
        reply=1,
    ),
    Deed(
        "-5 17:45",
        "Bernadette Collomb",
        "leave",
        "Les voisins ont déjà dit que ça a changé, l’avis est descendu tout seul.",
        post="Le distributeur de l’avenue donne des billets de 10 €",
    ),
    Deed(
        "-4 9:15",
        "Amélie Roche",
        "card",
        "Nouvelle carte, l’ancienne a fini dans la litière de Biscotte.",
        member="Mme Gachet",
    ),
    Deed(
        "-1 17:10",
        "Jeanne Morel",
        "hide-post",
        "Elle écrit que sa porte reste ouverte. Je l’ai appelée, elle va le redire autrement.",
        post="Besoin de quelqu’un pour le linge",
    ),
)

INVITATIONS = (
    Invited("-4 15:20", "Odette Berthier", "Marguerite, de la chorale", 1, 7, uses=1),
    Invited("-1 16:40", "Odette Berthier", "La voisine du 4e", 1, 7),
    Invited("-9 12:30", "Amélie Roche", "Club de belote", 10, 30, uses=6),
    Invited("-20 9:00", "Amélie Roche", "Affichette du hall nº 8", 10, 30, uses=2, revoked="-12 18:00"),
)
