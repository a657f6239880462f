"""Kind words, and ideas to pass the time: two sentences, 180 letters at the most."""

from server.demo.draft import Draft

WORDS = (
    Draft(
        at="-1 17:20",
        by="Mme Santoni",
        tone="word",
        body=(
            "Il fait nuit à cinq heures, d’accord. Mais chez moi la soupe est au feu, "
            "et il y a toujours une assiette de trop."
        ),
        thanks=14,
        replies=(("Arthur Lefèvre", "1h", "L’assiette de trop a trouvé son homme, si elle veut bien de moi."),),
    ),
    Draft(
        at="0 9:40",
        by="Odette Berthier",
        tone="word",
        body="On m’a tenu la porte trois fois ce matin, et j’allais lentement exprès. Ce quartier est une merveille.",
        thanks=11,
    ),
    # Reported by one neighbour: the person could be recognised.
    Draft(
        at="-1 22:10",
        by="Théo Vasseur",
        tone="word",
        body="À celle du 2e qui pleure le soir : vous n’êtes pas seule, on vous entend, frappez quand vous voulez.",
        thanks=3,
    ),
    Draft(
        at="-2 8:35",
        by="Fatoumata Diallo",
        tone="word",
        body=(
            "Je rentre quand vous partez. "
            "Merci à ceux qui descendent l’escalier sur la pointe des pieds, je vous reconnais au silence."
        ),
        thanks=19,
        replies=(
            ("Paul et Lucie Garnier", "1h", "On porte les garçons, maintenant. Dormez bien."),
            ("Kevin R.", "3h", "C’est mes nouvelles chaussures. Mais avec plaisir."),
        ),
    ),
    Draft(
        at="-3 12:50",
        by="M. Perrin",
        tone="word",
        body="À la personne qui a recollé ma boîte aux lettres sans rien dire : j’ai relu mon nom avec plaisir.",
        thanks=12,
    ),
    Draft(
        at="-4 20:20",
        by="Zineb Amrani",
        tone="word",
        body=(
            "Première année loin de ma mère. "
            "Ce soir, deux voisines m’ont demandé si j’avais mangé. J’ai dit non pour voir."
        ),
        thanks=17,
        replies=(("Mme Santoni", "40min", "Et vous avez bien fait."),),
    ),
    Draft(
        at="-6 8:45",
        by="Lucien Ferrand",
        tone="word",
        body="Vingt-deux marches ce matin, sans la rampe. Je n’en parle à personne, sauf à vous tous.",
        thanks=15,
        replies=(("Raymond Pélissier", "1h", "Vingt-deux ! À ce rythme, dimanche vous portez les boules."),),
    ),
    Draft(
        at="-7 18:40",
        by="Camille et Jo",
        tone="word",
        body="Aux gens du 3e qui dansent le dimanche matin sans rideaux : ne changez rien, surtout pas la musique.",
        thanks=9,
        replies=(("Famille Ben Salem", "2h", "Nous allons acheter des rideaux. Transparents."),),
    ),
    Draft(
        at="-9 11:55",
        by="Josiane Tissot",
        tone="word",
        body="Merci au jeune homme qui a porté mon sac et mes opinions jusqu’au quatrième étage.",
        thanks=10,
    ),
    Draft(
        at="-10 21:10",
        by="Samir Haddad",
        tone="word",
        body=(
            "À trois heures du matin, une seule fenêtre est allumée sur la place. "
            "À celle qui veille : je pétris avec vous."
        ),
        thanks=16,
        replies=(("Claire Vial", "11h", "C’est moi, ce sont les dents de Lou. Merci pour la compagnie."),),
    ),
    Draft(
        at="-12 9:05",
        by="Marie-Jo Escoffier",
        tone="word",
        body=(
            "Si vous passez une mauvaise journée, rappelez-vous qu’à 20 h quelqu’un tape sur une casserole. "
            "Un peu pour vous."
        ),
        thanks=13,
    ),
    Draft(
        at="0 7:45",
        by="Marguerite Aubert",
        tone="word",
        body=(
            "Bonjour, je n’ai pas de portable mais ma petite-fille m’a montré. "
            "Je suis au rez-de-chaussée, celle aux volets verts."
        ),
        thanks=8,
        replies=(
            ("Odette Berthier", "30min", "Bienvenue, Marguerite. Vous écrivez déjà mieux que moi."),
            ("Jeanne Morel", "70min", "Bonjour Marguerite. Le samedi, il y a du café sous les arcades."),
        ),
    ),
    Draft(
        at="-2 15:20",
        by="Hélène Dubost",
        tone="idea",
        body="Apprenez un poème de quatre vers et dites-le à quelqu’un dans l’ascenseur. Deux étages suffisent.",
        thanks=8,
        replies=(("Denis Brunel", "3h", "Au 8, c’est six étages. On m’a récité le début d’un roman."),),
    ),
    Draft(
        at="-3 16:30",
        by="Mme Santoni",
        tone="idea",
        body=(
            "Des œufs au vin, la recette de ma mère, celle où l’on tache la nappe. "
            "Un verre pour la poêle, un pour la cuisinière."
        ),
        thanks=10,
        replies=(
            ("Roland Duchamp", "2h", "Rouge, le vin ?"),
            ("Mme Santoni", "3h", "Rouge, la nappe aussi."),
        ),
    ),
    Draft(
        at="-5 10:35",
        by="Inês Carvalho",
        tone="idea",
        body="Mettez une photo d’enfance sur votre porte, sans nom. Qui trouve l’étage gagne un café.",
        thanks=12,
        replies=(
            ("Gisèle Peyrard", "3h", "La mienne est en communiante. Personne ne trouvera."),
            ("Solange Guichard", "4h", "Si, Gisèle. Vous aviez déjà ce regard."),
        ),
    ),
    Draft(
        at="-8 13:25",
        by="Adrien Petit",
        tone="idea",
        body=(
            "Comptez les oiseaux de la place pendant dix minutes. "
            "Hier : neuf moineaux, deux pies et un pigeon qui a compté double."
        ),
        thanks=6,
        replies=(
            ("Noémie Charrier", "4h", "Une mésange charbonnière à 17 h, sur le kiosque. Je rectifie le palmarès."),
        ),
    ),
    Draft(
        at="-11 14:05",
        by="Claire Vial",
        tone="idea",
        body=(
            "Dessinez la vue de votre fenêtre, et échangez-la contre celle d’un voisin. "
            "Lou expose déjà dans l’escalier."
        ),
        thanks=7,
    ),
    Draft(
        at="-13 10:55",
        by="Minh Nguyen",
        tone="idea",
        body=(
            "Un mot croisé commencé dans le hall, un crayon au bout d’une ficelle. "
            "Le nôtre est fini en deux jours, à onze écritures."
        ),
        thanks=9,
        replies=(("M. Perrin", "1d", "Le 7 vertical est faux. Je ne dirai pas qui, il se reconnaîtra."),),
    ),
    Draft(
        at="-6 14:35",
        by="Noémie Charrier",
        tone="idea",
        body=(
            "Traversez la place en saluant tous les chiens par leur nom. "
            "Au bout d’une semaine, on connaît aussi les maîtres."
        ),
        thanks=5,
        replies=(("Éloïse Martinod", "2h", "Filou confirme. Il ne salue plus que vous."),),
    ),
)
