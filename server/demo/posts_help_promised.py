"""Requests for help without hurry that somebody has promised to see to."""

from server.demo.draft import Draft

PROMISED = (
    Draft(
        at="-2 10:15",
        by="Raymond Pélissier",
        need="compagnie",
        urgency="semaine",
        title="Une partie d’échecs, même perdue d’avance",
        body=(
            "Mon partenaire est parti vivre chez son fils à Grenoble. Je joue lentement, je ne fume plus, "
            "et je sais perdre. Enfin, j’apprends."
        ),
        place="rue de Gerland, vers le stade",
        taker="Minh Nguyen",
        taken="26h",
        thanks=4,
        replies=(
            ("Zineb Amrani", "2h", "Je connais les règles et la défaite. Jeudi, ça vous irait ?"),
            ("Raymond Pélissier", "3h", "Jeudi je vois le kiné. Proposez-moi un autre jour, je sors l’échiquier."),
            ("Minh Nguyen", "1d", "Mon fils de 10 ans cherche un adversaire de taille. Je vous préviens, il est fort."),
        ),
    ),
    Draft(
        at="-3 19:10",
        by="Tomasz Wojcik",
        need="autre",
        urgency="semaine",
        title="Relire ma lettre avant que je l’envoie",
        body="C’est pour un logement. Une page. Je parle bien, mais j’écris comme je parle, et c’est le problème.",
        place="rue Challemel-Lacour",
        taker="Arthur Lefèvre",
        taken="1d",
        thanks=2,
        replies=(
            ("Arthur Lefèvre", "1h", "Si personne ne peut avant, je suis à la bibliothèque mercredi matin."),
            ("Tomasz Wojcik", "2h", "Mercredi je travaille. Mais merci, c’est gentil de répondre."),
        ),
    ),
    Draft(
        at="-6 17:30",
        by="Zineb Amrani",
        need="autre",
        urgency="sans-hate",
        title="M’apprendre à coudre un ourlet",
        body="J’ai trois pantalons trop longs et une vidéo qui va trop vite. Je préfère une vraie personne, patiente.",
        place="rue Georges-Gouy",
        taker="Giuseppe Marchetti",
        taken="6h",
        thanks=3,
        replies=(
            (
                "Giuseppe Marchetti",
                "3h",
                "Venez mardi à l’atelier avec le plus court des trois. On commence par celui qui risque le moins.",
            ),
            ("Zineb Amrani", "5h", "Le plus court est déjà trop long. À mardi si j’ose."),
        ),
    ),
    Draft(
        at="-9 10:30",
        by="Irène Kowalczyk",
        need="bricolage",
        urgency="sans-hate",
        title="Descendre un fauteuil à la cave",
        body=(
            "Il est plus large que moi et à peine plus lourd. À deux, cinq minutes. Il n’est pas pressé, moi non plus."
        ),
        place="rue Challemel-Lacour",
        taker="Ousmane Traoré",
        taken="2d",
        replies=(
            ("Cyril Monnet", "5h", "J’ai un dos qui compte pour un demi. Qui fait l’autre moitié et le reste ?"),
            ("Irène Kowalczyk", "6h", "Gardez votre demi-dos, Cyril. On trouvera un dos entier."),
        ),
    ),
    Draft(
        at="-2 20:05",
        by="Minh Nguyen",
        need="garde",
        urgency="sans-hate",
        title="Héberger deux tortues pendant les vacances",
        body=(
            "Elles mangent de la salade et ne font aucun bruit. "
            "Le bac tient sur une commode. Elles s’appellent Tango et Valse."
        ),
        place="rue de Gerland",
        taker="Noémie Charrier",
        taken="27h",
        thanks=6,
        replies=(
            ("Noémie Charrier", "30min", "Terrestres ou aquatiques ? J’ai la commode."),
            ("Minh Nguyen", "45min", "Terrestres. Aquatiques, j’aurais dit une baignoire."),
            (
                "Mehdi Kaci",
                "1d",
                "Si Noémie ne peut pas, je les prends. Ma mère a dit non, mais elle dit toujours non au début.",
            ),
        ),
    ),
    Draft(
        at="-8 16:00",
        by="Marie-Jo Escoffier",
        need="autre",
        urgency="sans-hate",
        title="Numériser les photos de mes parents",
        body="Deux boîtes à chaussures, 1951 à 1974. Je raconte pendant que vous scannez, c’est compris dans le prix.",
        place="rue Challemel-Lacour",
        taker="Adrien Petit",
        taken="5h",
        thanks=4,
        replies=(
            ("Adrien Petit", "3h", "Le scanner de mon école est libre le mois prochain. Gardez-moi les deux boîtes."),
        ),
    ),
)
