"""THE seven kinds of posts. One entry each: what it is called, asks, shows and how long it lives.

Adding a kind is one entry here, one template ``views/posts/kinds/_<slug>.html`` and its English
strings; a migration only when a field needs a new column of the ``post`` table.
"""

from datetime import timedelta

from server.base.shapes import N_, Choice, Field, Kind, Mark

THANKS = Mark("thanks", "merci", N_("Merci"), N_("Merci, c’est dit"), "merci")
WARM = Mark("thanks", "merci", N_("Ça fait du bien"), N_("Ça vous fait du bien"), "mot")
BE_THERE = Mark("coming", "presence", N_("J’y serai"), N_("Vous y serez"), "coche")
COME = Mark("coming", "presence", N_("Je viens"), N_("Vous venez"), "coche")
GIVE = Mark("coming", "presence", N_("Je donne"), N_("Vous donnez"), "coche")
TAKE_IT = Mark("coming", "presence", N_("Ça m’intéresse"), N_("Vous l’avez dit"), "coche")
SIGN_UP = Mark("coming", "presence", N_("Je m’inscris"), N_("Votre nom est noté"), "coche")
STILL_TRUE = Mark("valid", "toujours-valable", N_("Oui, j’en reviens"), N_("Vous l’avez confirmé"), "coche")
CHANGED = Mark("changed", "a-change", N_("Non, ça a changé"), N_("Vous avez dit que ça a changé"), "croix")

TITLE = Field("title", N_("En une phrase"), required=True, missing=N_("Dites-le en une phrase."))
LINK = Field("link", N_("Un lien, s’il y en a un"), widget="link", limit=400)

NEEDS = (
    Choice("courses", N_("Courses"), icon="bonplan"),
    Choice("pharmacie", N_("Pharmacie"), icon="pharmacie"),
    Choice("compagnie", N_("Compagnie"), icon="compagnie"),
    Choice("trajet", N_("Trajet"), icon="transport"),
    Choice("bricolage", N_("Bricolage"), icon="reglage"),
    Choice("garde", N_("Garde"), icon="pers"),
    Choice("autre", N_("Autre chose")),
)
URGENCIES = (
    Choice("urgent", N_("C’est urgent"), N_("Aujourd’hui ou demain. En tête du tableau")),
    Choice("semaine", N_("Dans la semaine"), N_("Les voisins le voient en ouvrant le tableau")),
    Choice("sans-hate", N_("Sans hâte"), N_("Quand quelqu’un passera par là")),
)

# The private part of a request: sealed, read by the one who comes, erased soon after the end.
PRIVATE = (
    Field("who", N_("Chez qui"), hint=N_("Le nom sur la sonnette."), limit=60),
    Field("address", N_("Adresse"), hint=N_("Exemple : 52 rue de Gerland"), limit=120),
    Field("floor", N_("Étage"), hint=N_("Exemple : 3e étage gauche, sans ascenseur"), limit=60),
    Field("door_code", N_("Code de la porte"), limit=20),
    Field("phone", N_("Téléphone"), "phone", limit=60),
    Field(
        "note",
        N_("Un mot pour la personne qui vient"),
        "text",
        hint=N_("La liste, la sonnette, où est l’enveloppe."),
        limit=600,
    ),
    Field("ceiling", N_("À avancer, au plus"), "money", hint=N_("En euros. Laissez vide s’il n’y a rien à payer.")),
)

HELP = Kind(
    slug="help",
    path="demande-d-aide",
    label=N_("Demande d’aide"),
    genre="aide",
    icon="aide",
    hint=N_("Courses, pharmacie, compagnie…"),
    audience=N_(
        "Tout le quartier lit la demande, sans l’adresse."
        " Une seule personne lit l’adresse et le code : celle qui vient."
    ),
    none_now=N_("Pas de demande d’aide en ce moment"),
    life=timedelta(days=30),
    mark=THANKS,
    street_numbers=False,
    checked=True,
    needs_help=True,
    fields=(
        Field(
            "need",
            N_("Quel coup de main ?"),
            "pills",
            required=True,
            choices=NEEDS,
            missing=N_("Dites quel coup de main il vous faut."),
        ),
        Field(
            "urgency",
            N_("Pour quand ?"),
            "choices",
            required=True,
            choices=URGENCIES,
            missing=N_("Dites pour quand."),
        ),
        Field(
            "due_at",
            N_("Avant quelle heure ?"),
            "moment",
            required=True,
            days=2,
            only=("urgency", ("urgent",)),
            missing=N_("Dites avant quelle heure, pour que quelqu’un puisse se décider."),
        ),
        Field(
            "title",
            N_("En une phrase"),
            hint=N_("Ce que vous diriez à un voisin, entre deux portes."),
            required=True,
            missing=N_("Dites en une phrase ce qu’il vous faut."),
        ),
        Field(
            "body",
            N_("Les détails"),
            "text",
            limit=800,
            hint=N_("Pas de nom de maladie ni de numéro ici : tout le quartier le lit."),
        ),
        Field(
            "place",
            N_("Vers où, à peu près"),
            hint=N_("Assez pour se décider, pas assez pour sonner."),
            required=True,
            missing=N_("Dites à peu près où, par exemple une rue."),
        ),
    ),
)

OFFER = Kind(
    slug="offer",
    path="coup-de-main",
    label=N_("Coup de main"),
    genre="offre",
    icon="offre",
    hint=N_("Ce que vous faites volontiers"),
    audience=N_("Tout le quartier. Les voisins s’inscrivent ici, vous vous entendez ensuite."),
    none_now=N_("Pas de coup de main proposé en ce moment"),
    life=timedelta(days=60),
    mark=SIGN_UP,
    street_numbers=False,
    fields=(
        Field(
            "title",
            N_("Que faites-vous volontiers ?"),
            hint=N_("Une chose précise : on ose plus facilement dire oui."),
            required=True,
            missing=N_("Dites ce que vous faites volontiers."),
        ),
        Field("body", N_("Comment ça se passe"), "text", limit=800),
        Field(
            "repeats",
            N_("Quand ?"),
            "pills",
            required=True,
            missing=N_("Dites si c’est une fois ou régulier."),
            choices=(
                Choice("once", N_("Une seule fois")),
                Choice("weekly", N_("Chaque semaine")),
                Choice("on-call", N_("Quand on m’appelle")),
            ),
        ),
        Field(
            "starts_at",
            N_("Le jour et l’heure"),
            "moment",
            required=True,
            only=("repeats", ("once", "weekly")),
            missing=N_("Choisissez un jour et une heure."),
        ),
        Field(
            "capacity",
            N_("Combien de voisins au plus ?"),
            "number",
            hint=N_("Au-delà, l’avis affiche « complet » tout seul."),
            limit=20,
            required=True,
            missing=N_("Dites combien de voisins vous pouvez aider."),
        ),
        Field(
            "reach",
            N_("Jusqu’où allez-vous ?"),
            "list",
            required=True,
            choices=(
                Choice("near", N_("autour de la place")),
                Choice("quartier", N_("dans tout le quartier")),
                Choice("further", N_("plus loin, en voiture")),
            ),
        ),
    ),
)

TIP = Kind(
    slug="tip",
    path="bon-plan",
    label=N_("Bon plan"),
    genre="bonplan",
    icon="bonplan",
    hint=N_("Une adresse, un horaire"),
    audience=N_("Tout le quartier. Le bon plan se décroche tout seul à sa date."),
    none_now=N_("Pas de bon plan en ce moment"),
    life=timedelta(days=90),
    mark=THANKS,
    fields=(
        Field(
            "title",
            N_("Le bon plan, en une phrase"),
            required=True,
            missing=N_("Dites le bon plan en une phrase."),
        ),
        Field("body", N_("Ce qu’il faut savoir"), "text", limit=800),
        Field("place", N_("Où ?"), hint=N_("Une adresse, ou un repère."), public_place=True),
        Field("hours", N_("Quand est-ce ouvert ?"), hint=N_("Exemple : jeudi et samedi, 7 h à 12 h 30")),
        Field(
            "valid_until",
            N_("Valable jusqu’au"),
            "until",
            hint=N_("Ensuite, l’avis se décroche tout seul."),
        ),
        LINK,
    ),
)

GATHERING = Kind(
    slug="gathering",
    path="rendez-vous",
    label=N_("Rendez-vous"),
    genre="rdv",
    icon="rdv",
    hint=N_("Un moment ensemble"),
    audience=N_("Tout le quartier. Chacun dit s’il y sera."),
    none_now=N_("Pas de rendez-vous en ce moment"),
    life=timedelta(days=30),
    until_stopped=("daily", "weekly"),
    mark=BE_THERE,
    fields=(
        Field(
            "title",
            N_("Quel rendez-vous ?"),
            required=True,
            missing=N_("Dites de quel rendez-vous il s’agit."),
        ),
        Field(
            "starts_at",
            N_("Le jour et l’heure"),
            "moment",
            required=True,
            missing=N_("Choisissez un jour et une heure."),
        ),
        Field(
            "repeats",
            N_("Et ensuite ?"),
            "pills",
            required=True,
            choices=(
                Choice("once", N_("Une seule fois")),
                Choice("daily", N_("Tous les soirs")),
                Choice("weekly", N_("Chaque semaine")),
            ),
        ),
        Field("place", N_("Où ?"), public_place=True),
        Field("body", N_("Ce qu’on y fait"), "text", limit=800),
    ),
)

ENCOURAGEMENT = Kind(
    slug="encouragement",
    path="mot-gentil",
    label=N_("Mot gentil"),
    genre="mot",
    icon="mot",
    hint=N_("Une pensée, une idée"),
    audience=N_("Tout le quartier. Si le mot s’adresse à une personne, qu’elle soit seule à se reconnaître."),
    none_now=N_("Pas de mot gentil en ce moment"),
    life=timedelta(days=30),
    mark=WARM,
    street_numbers=False,
    fields=(
        Field(
            "tone",
            N_("C’est plutôt…"),
            "choices",
            required=True,
            choices=(
                Choice("word", N_("Un mot gentil"), N_("Affiché en grand, en jaune")),
                Choice("idea", N_("Une idée pour passer le temps"), N_("Une recette, un jeu, une promenade")),
            ),
        ),
        Field(
            "body",
            N_("Votre mot"),
            "text",
            limit=180,
            longer=("tone", "idea", 800),
            hint=N_("Pour un mot, deux phrases suffisent : 180 lettres au plus. Une idée peut être plus longue."),
            required=True,
            missing=N_("Écrivez votre mot."),
        ),
    ),
)

PLAYLIST = Kind(
    slug="playlist",
    path="playlist",
    label=N_("Playlist"),
    genre="playlist",
    icon="playlist",
    hint=N_("Des chansons à partager"),
    audience=N_("Tout le quartier. Chacun peut ajouter une chanson."),
    none_now=N_("Pas de playlist en ce moment"),
    life=timedelta(days=180),
    mark=THANKS,
    fields=(
        Field(
            "title",
            N_("Le titre de la liste"),
            required=True,
            missing=N_("Donnez un titre à la liste."),
        ),
        Field("body", N_("À quoi elle sert"), "text", limit=800),
        Field(
            "tracks",
            N_("Les trois premières chansons"),
            "tracks",
            hint=N_("Les voisins ajouteront les leurs."),
        ),
    ),
)

INITIATIVE = Kind(
    slug="initiative",
    path="initiative",
    label=N_("Initiative"),
    genre="initiative",
    icon="initiative",
    hint=N_("Chercher des bras, un don"),
    audience=N_("Tout le quartier. L’appel se décroche à sa date."),
    none_now=N_("Pas d’initiative en ce moment"),
    life=timedelta(days=60),
    mark=COME,
    fields=(
        Field(
            "wanted",
            N_("Qu’est-ce qu’on cherche ?"),
            "pills",
            required=True,
            missing=N_("Dites ce que l’on cherche."),
            choices=(
                Choice("hands", N_("Des bras"), icon="pers"),
                Choice("money", N_("De l’argent"), icon="merci"),
                Choice("thing", N_("Un objet"), icon="bonplan"),
                Choice("gift", N_("Je donne"), icon="offre"),
            ),
        ),
        TITLE,
        Field("body", N_("Pourquoi, comment"), "text", limit=800),
        Field(
            "capacity",
            N_("Combien de personnes ?"),
            "number",
            hint=N_("Le tableau dira combien il en manque."),
            limit=50,
            only=("wanted", ("hands",)),
            required=True,
            missing=N_("Dites combien de personnes il faut."),
        ),
        Field(
            "starts_at",
            N_("Le jour et l’heure"),
            "moment",
            only=("wanted", ("hands",)),
            required=True,
            missing=N_("Choisissez un jour et une heure."),
        ),
        Field("place", N_("Où ?"), public_place=True),
        Field("valid_until", N_("Fin de l’appel"), "until"),
        LINK,
    ),
)

KINDS: tuple[Kind, ...] = (HELP, OFFER, TIP, GATHERING, ENCOURAGEMENT, PLAYLIST, INITIATIVE)
BY_SLUG = {kind.slug: kind for kind in KINDS}
BY_PATH = {kind.path: kind for kind in KINDS}
MARKS = {mark.path: mark for mark in (THANKS, BE_THERE, STILL_TRUE, CHANGED)}
