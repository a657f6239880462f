"""Requests for help that still wait for somebody."""

from server.demo.draft import Draft

OPEN = (
    Draft(
        at="-20min",
        by="Odette Berthier",
        need="pharmacie",
        urgency="urgent",
        due_at="soon",
        title="Une ordonnance à prendre à la pharmacie",
        body="Je ne peux pas descendre, la cheville a lâché dans l’escalier. Tout est prêt, il n’y a rien à payer.",
        place="rue de Gerland, côté place",
        replies=(
            (
                "Bernadette Collomb",
                "9min",
                "Je suis à l’autre bout de la ville, sinon j’y courais. Quelqu’un est plus près ?",
            ),
        ),
    ),
    Draft(
        at="-95min",
        by="Claire Vial",
        need="garde",
        urgency="urgent",
        due_at="+1 9:00",
        title="Garder Lou une heure, le temps d’un rendez-vous",
        body="Elle a 4 ans, elle apporte son puzzle et ses opinions. Je reviens avant midi avec des pains au chocolat.",
        place="rue Pierre-Bourdan",
        replies=(
            (
                "Josiane Tissot",
                "18min",
                "J’ai quelqu’un chez moi toute la matinée, je suis désolée. Le puzzle a combien de pièces ?",
            ),
            ("Claire Vial", "26min", "Vingt-quatre. Vingt-trois depuis dimanche."),
        ),
    ),
    Draft(
        at="-1 18:20",
        by="Suzanne Bénichou",
        need="trajet",
        urgency="semaine",
        title="Aller chercher un fauteuil roulant à la gare",
        body=(
            "Ma sœur arrive samedi matin à la Part-Dieu. Elle tient dans un taxi, son fauteuil non. "
            "Il faut un coffre et deux bras, je fournis le café."
        ),
        place="avenue Jean-Jaurès",
        replies=(
            (
                "Bruno Chavassieux",
                "40min",
                "Samedi je déménage ma fille, mais le camion est libre dès 15 h si ça peut attendre.",
            ),
            ("Suzanne Bénichou", "1h", "Le fauteuil attendrait, ma sœur non. Merci quand même, Bruno."),
        ),
    ),
    Draft(
        at="0 9:05",
        by="Solange Guichard",
        need="courses",
        urgency="semaine",
        title="Trois courses pour finir la semaine",
        body="Du lait, des pommes, du pain de mie. La liste tient sur un ticket de métro et je paie tout de suite.",
        place="place des Pavillons",
        thanks=1,
    ),
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
        thanks=4,
        replies=(
            ("Zineb Amrani", "2h", "Je connais les règles et la défaite. Jeudi, ça vous irait ?"),
            ("Raymond Pélissier", "3h", "Jeudi je vois le kiné. Proposez-moi un autre jour, je sors l’échiquier."),
            ("Minh Nguyen", "1d", "Mon fils de 10 ans cherche un adversaire de taille. Je vous préviens, il est fort."),
        ),
    ),
    Draft(
        at="-1 11:40",
        by="Gisèle Peyrard",
        need="bricolage",
        urgency="semaine",
        title="Une ampoule au plafond, et je ne monte plus aux escabeaux",
        body=(
            "L’ampoule neuve est là, l’escabeau aussi. "
            "Il manque quelqu’un au milieu. J’épluche à la frontale depuis lundi."
        ),
        place="place des Pavillons, côté fontaine",
        replies=(("Mme Santoni", "50min", "À la frontale, Gisèle ? Prenez une photo pour le bulletin."),),
    ),
    Draft(
        at="0 8:10",
        by="Colette Rambaud",
        need="pharmacie",
        urgency="semaine",
        title="Passer à la pharmacie jeudi, après l’arrivage",
        body="Ils reçoivent ma commande jeudi dans la matinée. Il n’y a rien à avancer, ils me connaissent.",
        place="rue de Gerland",
        replies=(("Odette Berthier", "1h", "Tiens, nous voilà deux. Le même voisin pourrait faire les deux étages."),),
    ),
    Draft(
        at="-3 19:10",
        by="Tomasz Wojcik",
        need="autre",
        urgency="semaine",
        title="Relire ma lettre avant que je l’envoie",
        body="C’est pour un logement. Une page. Je parle bien, mais j’écris comme je parle, et c’est le problème.",
        place="rue Challemel-Lacour",
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
        at="-4 14:50",
        by="M. Perrin",
        need="compagnie",
        urgency="sans-hate",
        title="Quelqu’un pour lire le journal à voix haute",
        body=(
            "Une demi-heure, les pages locales et la météo. Les mots croisés se font à deux, je tiens le dictionnaire."
        ),
        place="rue Challemel-Lacour",
        thanks=5,
        replies=(
            ("Marie-Jo Escoffier", "2h", "J’ai la voix pour. Il me manque seulement l’étage sans ascenseur."),
            ("M. Perrin", "4h", "Par téléphone, Marie-Jo, vous liriez la page des sports ?"),
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
        thanks=4,
        replies=(
            ("Adrien Petit", "3h", "Le scanner de mon école est libre le mois prochain. Gardez-moi les deux boîtes."),
        ),
    ),
    # Hidden by Jeanne: it says more than its author would want the whole quartier to know.
    Draft(
        at="-1 16:35",
        by="Yvonne Marchand",
        need="autre",
        urgency="semaine",
        title="Besoin de quelqu’un pour le linge",
        body=(
            "Je ne peux plus porter la panière. "
            "Passez quand vous voulez, je suis seule toute la journée et c’est ouvert."
        ),
        place="rue Pierre-Bourdan",
    ),
)
