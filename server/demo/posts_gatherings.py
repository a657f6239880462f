"""Moments together: the applause of every evening, the weekly ones, and those of one day."""

from server.demo.draft import Draft

GATHERINGS = (
    Draft(
        at="-13 18:30",
        by="Amélie Roche",
        title="On applaudit ceux qui veillent",
        body="Deux minutes aux fenêtres, pour les soignants de nuit. Nadia sort l’accordéon au nº 12.",
        place="aux fenêtres, côté place",
        starts_at="tonight 20:00",
        repeats="daily",
        coming=("Nadia Ferhat", "Mme Santoni", "Odette Berthier", "Lucien Ferrand", 34),
        replies=(
            ("Mme Santoni", "10min", "Je sors la casserole en cuivre. Elle porte jusqu’au Rhône."),
            ("Nadia Ferhat", "22min", "En la mineur, votre casserole, s’il vous plaît."),
            (
                "Fatoumata Diallo",
                "1d",
                "Je pars à 20 h 10. Je vous entends depuis l’arrêt de bus, et ça tient chaud toute la nuit.",
            ),
            ("Odette Berthier", "3d", "Hier, la fenêtre d’en face s’est ouverte. Nous étions deux de plus."),
            ("Raymond Pélissier", "6d", "J’applaudis assis, mais j’applaudis."),
        ),
    ),
    Draft(
        at="-10 11:10",
        by="Lucien Ferrand",
        title="Belote du mercredi",
        body=(
            "Quatre tables, thermos de tisane, gâteau tournant. Les débutants jouent avec les tricheurs, ça équilibre."
        ),
        place="Salle commune, nº 8, place des Pavillons",
        starts_at="mercredi 15:00",
        repeats="weekly",
        coming=("Raymond Pélissier", "Roland Duchamp", "Nadia Ferhat", 8),
        replies=(
            ("Roland Duchamp", "3h", "Qui est au gâteau cette semaine ?"),
            ("Solange Guichard", "4h", "Moi. Il sera petit, on est nombreux à avoir des comptes à régler."),
        ),
    ),
    Draft(
        at="-8 9:50",
        by="Jeanne Morel",
        title="Café du samedi, sous les arcades",
        body="On apporte sa tasse, je fournis le café. Pour parler du tableau, ou de tout autre chose.",
        place="Arcades de la place",
        starts_at="samedi 10:00",
        repeats="weekly",
        coming=("Bernadette Collomb", "Cyril Monnet", "Marguerite Aubert", 9),
        replies=(
            ("Cyril Monnet", "2h", "J’apporterai les affichettes à distribuer. Et du sucre, Jeanne l’oublie."),
            ("Jeanne Morel", "3h", "Je ne l’oublie pas, je vous protège."),
        ),
    ),
    Draft(
        at="-6 20:25",
        by="Nadia Ferhat",
        title="Chorale d’escalier",
        body="Une heure, trois chansons, aucun niveau demandé. L’acoustique du 12 arrange tout le monde.",
        place="Escalier du nº 12, place des Pavillons",
        starts_at="jeudi 18:30",
        repeats="weekly",
        coming=("Yasmine B.", "Marie-Jo Escoffier", "Samir Haddad", 7),
        replies=(
            ("Marie-Jo Escoffier", "12h", "Alto ou soprano ? J’ai un peu baissé depuis le standard."),
            ("Nadia Ferhat", "13h", "Troisième étage. On se range par étage."),
            ("Samir Haddad", "1d", "Je me lève à 3 h. Je chante le premier couplet et je file."),
        ),
    ),
    Draft(
        at="-7 14:45",
        by="Hélène Dubost",
        title="Promenade lente au parc de Gerland",
        body="Deux kilomètres, quatre bancs, une heure et demie. On attend tout le monde, c’est le principe.",
        place="Départ devant la pharmacie de la place",
        starts_at="mardi 14:30",
        repeats="weekly",
        coming=("Suzanne Bénichou", "Irène Kowalczyk", "Colette Rambaud", 3),
        replies=(
            ("Irène Kowalczyk", "1h", "Avec une canne, on peut ?"),
            ("Hélène Dubost", "2h", "C’est même celle qui a la canne qui donne le rythme."),
        ),
    ),
    Draft(
        at="-3 18:35",
        by="Inês Carvalho",
        title="Troc de plantes et de boutures",
        body="Une plante contre une plante, un conseil contre un pot. Les cactus mal-aimés trouvent toujours preneur.",
        place="Au pied du kiosque",
        starts_at="samedi 15:00",
        repeats="once",
        coming=("Camille et Jo", "Raymond Pélissier", 6),
        replies=(
            ("Raymond Pélissier", "2h", "J’ai un géranium de 2009. Je viens le montrer, pas le donner."),
            ("Camille et Jo", "14h", "Quatorze pothos au dernier compte. Venez nous délivrer."),
        ),
    ),
    Draft(
        at="-5 16:55",
        by="Ousmane Traoré",
        title="On répare les petits appareils",
        body="Grille-pain, lampes, radios. Apportez l’objet et son histoire, la panne est souvent dedans.",
        place="Salle commune, nº 8, place des Pavillons",
        starts_at="dimanche 14:00",
        repeats="once",
        coming=("M. Perrin", "Minh Nguyen", "Karim Benali", 4),
        replies=(
            ("M. Perrin", "3h", "Prenez-vous un grille-pain accusé de court-circuit ?"),
            ("Ousmane Traoré", "4h", "Tout le monde a droit à une défense."),
        ),
    ),
    Draft(
        at="-2 19:15",
        by="Claire Vial",
        title="Histoires à voix haute pour les petits",
        body=(
            "Trois albums, un goûter, quarante minutes. "
            "Les grands-parents sans petits-enfants sous la main sont bienvenus."
        ),
        place="Bibliothèque de quartier, coin des coussins",
        starts_at="mercredi 16:30",
        repeats="once",
        coming=("Arthur Lefèvre", "Paul et Lucie Garnier", "Awa Ndiaye", 3),
        replies=(
            ("Arthur Lefèvre", "1h", "Je garde les coussins. Quel loup lit-on, le gentil ou l’autre ?"),
            ("Claire Vial", "2h", "L’autre. Lou choisit toujours l’autre."),
        ),
    ),
    Draft(
        at="-11 12:25",
        by="Raymond Pélissier",
        title="Pétanque du dimanche",
        body="Le terrain est plat d’un côté. On tire les équipes au sort, et on prête des boules à qui n’en a pas.",
        place="Allée de la fontaine",
        starts_at="dimanche 15:30",
        repeats="weekly",
        coming=("Lucien Ferrand", "Mehdi Kaci", "Denis Brunel", 5),
        replies=(
            ("Mehdi Kaci", "5h", "Je viens avec Kevin, il vise mieux que moi."),
            ("Lucien Ferrand", "6h", "On a besoin de jeunes pour ramasser. Pardon, pour jouer."),
        ),
    ),
    Draft(
        at="-4 18:20",
        by="Mme Santoni",
        title="La soupe du vendredi",
        body="Trente bols, apportez le vôtre et une cuillère. Celui qui trouve la feuille de laurier lave la marmite.",
        place="Cour de la rue Georges-Gouy",
        starts_at="vendredi 19:00",
        repeats="once",
        coming=("Théo Vasseur", "Odette Berthier", "Zineb Amrani", 14),
        replies=(
            ("Théo Vasseur", "30min", "Je suis à la découpe des oignons, ça ne se discute plus."),
            ("Kevin R.", "2h", "Il y a une version sans laurier ?"),
            ("Mme Santoni", "3h", "Il y a une éponge."),
        ),
    ),
    Draft(
        at="-1 19:05",
        by="Cyril Monnet",
        title="Réunion de ceux qui tiennent le palier",
        body=(
            "Ce qui marche, ce qui coince, qui est de garde ce mois-ci. "
            "Une heure, montre en main. Ouvert à qui veut aider."
        ),
        place="Salle commune, nº 8, place des Pavillons",
        starts_at="lundi 18:30",
        repeats="once",
        coming=("Amélie Roche", "Jeanne Morel", "Nadia Ferhat", "Bernadette Collomb", 2),
        replies=(("Bernadette Collomb", "1h", "La dernière montre s’était arrêtée. J’apporte la mienne."),),
    ),
    Draft(
        at="-6 21:40",
        by="Adrien Petit",
        title="Un film sur un drap",
        body=(
            "« Playtime » de Jacques Tati, projeté sur un drap de lit. "
            "Deux heures, un coussin chacun, l’entracte est au thé."
        ),
        place="Salle commune, nº 8, place des Pavillons, rideaux tirés",
        starts_at="samedi+1 20:30",
        repeats="once",
        coming=("Yasmine B.", "Camille et Jo", "Hélène Dubost", 9),
        replies=(
            (
                "Hélène Dubost",
                "13h",
                "Il faut un grand drap. J’ai celui du trousseau, jamais servi, brodé dans un coin.",
            ),
            ("Adrien Petit", "14h", "On mettra Monsieur Hulot du côté sans broderie."),
        ),
    ),
    Draft(
        at="-9 15:35",
        by="Gisèle Peyrard",
        title="Tricot du lundi",
        body="Laine fournie pour commencer. En ce moment, des carrés pour une couverture que personne n’ose finir.",
        place="Café des Pavillons, table ronde",
        starts_at="lundi 14:00",
        repeats="weekly",
        coming=("Josiane Tissot", "Solange Guichard", 3),
        replies=(
            ("Josiane Tissot", "4h", "Le café ferme le lundi. On se retrouve chez qui ?"),
            ("Gisèle Peyrard", "5h", "Le patron nous ouvre par derrière. On lui tricote un bonnet."),
        ),
    ),
    Draft(
        at="-12 17:10",
        by="Anouk Delorme",
        title="Gymnastique douce, sur une chaise",
        body="Quarante minutes, musique des années soixante. Rien ne craque qui ne craquait déjà.",
        place="Salle commune, nº 8, place des Pavillons",
        starts_at="vendredi 10:00",
        repeats="weekly",
        coming=("Colette Rambaud", "Mme Santoni", "Gisèle Peyrard", "Irène Kowalczyk", 5),
        replies=(("Colette Rambaud", "1d", "J’ai levé les deux bras ensemble. J’écris à mes enfants."),),
    ),
    Draft(
        at="0 12:10",
        by="Denis Brunel",
        title="Tour des halls avec le gardien",
        body="Où sont les vannes, les compteurs, les extincteurs et la clé de la clé. Une demi-heure qui sert un jour.",
        place="Départ dans le hall du nº 8",
        starts_at="jeudi 17:30",
        repeats="once",
        coming=("Cyril Monnet", "Amélie Roche", 3),
        replies=(
            ("Cyril Monnet", "25min", "Il y a vraiment une clé de la clé ?"),
            ("Denis Brunel", "35min", "Jeudi, vous saurez tout."),
        ),
    ),
    # Over: it stays for the search.
    Draft(
        at="-11 18:50",
        by="Bernadette Collomb",
        title="La photo de palier",
        body="Une photo par escalier, tout le monde sur les marches. Les tirages seront affichés dans le hall du 8.",
        place="Chacun dans son escalier",
        starts_at="dimanche-1 11:00",
        repeats="once",
        coming=("Amélie Roche", "Lucien Ferrand", "Odette Berthier", 18),
        replies=(
            ("Odette Berthier", "1d", "Je mets le chemisier bleu. Qu’on me place sur une marche basse."),
            ("Bernadette Collomb", "1d", "Au premier rang, et c’est une marche entière."),
        ),
    ),
)
