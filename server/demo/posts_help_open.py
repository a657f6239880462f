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
        body="Elle a 4 ans, elle apporte son puzzle et ses opinions. Je reviens à 10 h avec des pains au chocolat.",
        place="rue Pierre-Bourdan",
        replies=(
            (
                "Josiane Tissot",
                "18min",
                "J’ai quelqu’un chez moi toute la matinée, je suis désolée. Le puzzle a combien de pièces ?",
            ),
            ("Claire Vial", "26min", "Vingt-quatre. Vingt-trois depuis hier."),
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
        at="-1 11:40",
        by="Gisèle Peyrard",
        need="bricolage",
        urgency="semaine",
        title="Une ampoule au plafond, et je ne monte plus aux escabeaux",
        body=(
            "L’ampoule neuve est là, l’escabeau aussi. "
            "Il manque quelqu’un au milieu. J’épluche à la frontale depuis deux soirs."
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
        replies=(
            (
                "Thi Lan Pham",
                "1h",
                "Jeudi je tiens l’épicerie toute la journée. Si quelqu’un passe le prendre, je le garde au frais.",
            ),
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
