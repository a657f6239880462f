"""Calls for hands, for money, for things, and things given away."""

from server.demo.draft import Draft

INITIATIVES = (
    Draft(
        at="-1 9:10",
        by="Karim Benali",
        wanted="hands",
        title="On repeint les bancs de la place",
        body="La mairie fournit la peinture. Il faut des bras, des pinceaux et un thermos de café. On finit à 17 h.",
        capacity=8,
        starts_at="samedi 14:00",
        place="place des Pavillons, côté fontaine",
        coming=("Théo Vasseur", "Amélie Roche", "Mehdi Kaci", 3),
        replies=(
            (
                "Colette Rambaud",
                "2h",
                "Le deuxième depuis la fontaine, peignez-le en premier. Qu’il soit sec dimanche à 11 h.",
            ),
            ("Karim Benali", "3h", "C’est en haut de la liste."),
            ("Camille et Jo", "8h", "Quelle couleur ?"),
            ("Karim Benali", "9h", "Vert mairie. Il n’y a pas eu de vote."),
        ),
    ),
    Draft(
        at="-3 11:20",
        by="Cyril Monnet",
        wanted="hands",
        title="Porter les affichettes dans vingt halls",
        body=(
            "Celui qui n’a pas internet ne lit pas ce tableau. "
            "Deux halls chacun, du ruban qui ne marque pas, une heure en tout."
        ),
        capacity=10,
        starts_at="dimanche 10:00",
        place="Départ sous les arcades",
        coming=("Denis Brunel", "Bernadette Collomb", "Arthur Lefèvre", 4),
        replies=(
            ("Denis Brunel", "1h", "Je fais les sept halls de la place, j’ai les clés."),
            ("Mme Gachet", "1d", "C’est par l’affichette que je vous ai trouvés. Mettez-la à hauteur de dame assise."),
            ("Cyril Monnet", "1d", "Un mètre vingt, alors. C’est décidé."),
        ),
    ),
    Draft(
        at="-8 18:45",
        by="Denis Brunel",
        wanted="hands",
        title="Vider le local à vélos du nº 8",
        body=(
            "Vingt-trois vélos, dont neuf sans maître. "
            "On trie, on étiquette, l’atelier de la rue de Gerland récupère le reste."
        ),
        capacity=6,
        starts_at="mardi 18:00",
        place="Local à vélos, nº 8, place des Pavillons",
        coming=("Ousmane Traoré", "Minh Nguyen", "Adrien Petit", 3),
        replies=(
            ("Ousmane Traoré", "2h", "Je viens avec la remorque. Ne jetez pas les selles."),
            ("Lucien Ferrand", "1d", "Le rouge est à moi. Il est sans maître depuis 1997, mais il est à moi."),
        ),
    ),
    Draft(
        at="-5 14:25",
        by="Anouk Delorme",
        wanted="hands",
        title="Un goûter à la maison de retraite de la rue",
        body="Douze gâteaux, un accordéon, deux heures. Ils sont quarante, ils chantent juste et ils attendent.",
        capacity=12,
        starts_at="mercredi+1 15:00",
        place="Résidence au bout de la rue Challemel-Lacour",
        coming=("Nadia Ferhat", "Gisèle Peyrard", "Solange Guichard", 2),
        replies=(
            ("Nadia Ferhat", "3h", "J’ai l’accordéon. Il me manque quelqu’un pour tourner les pages."),
            ("Yasmine B.", "5h", "Je tourne, et je chante les secondes voix."),
        ),
    ),
    Draft(
        at="-6 19:20",
        by="Bernadette Collomb",
        wanted="money",
        title="Un chariot pliant pour tout le quartier",
        body=(
            "120 €, quatre roues, il monte les trottoirs. Il dormira à la loge et se réservera ici. "
            "Il manque 45 €, la boîte est chez Denis."
        ),
        place="Loge du nº 8, place des Pavillons",
        valid_until="+14",
        link="https://example.org/cagnotte/chariot",
        coming=("Jeanne Morel", "Josiane Tissot", 7),
        replies=(
            ("Kevin R.", "1h", "Le diable de mon oncle prend sa retraite, alors. Je mets 5 €."),
            ("Bernadette Collomb", "14h", "Nous en sommes à 75 €. Et un bouton de culotte, anonyme."),
            ("Giuseppe Marchetti", "15h", "Rendez-le-moi, il est en corne."),
        ),
    ),
    Draft(
        at="-10 10:25",
        by="Amélie Roche",
        wanted="money",
        title="Du papier et de l’encre pour le bulletin du hall",
        body=(
            "Trente exemplaires par semaine en gros caractères. "
            "Une ramette et une cartouche nous mènent jusqu’au trimestre prochain."
        ),
        place="Boîte « Palier », hall du nº 8",
        valid_until="+20",
        coming=("Hélène Dubost", "Thi Lan Pham", 4),
        replies=(("Thi Lan Pham", "3h", "Je donne la ramette. Pour la couleur, vous savez ce que j’en pense."),),
    ),
    Draft(
        at="-2 21:00",
        by="Zineb Amrani",
        wanted="thing",
        title="Cherche un fauteuil de bureau qui tient debout",
        body="Le mien s’assoit avant moi. À roulettes si possible, à accoudoirs si vous êtes généreux.",
        place="rue Georges-Gouy",
        valid_until="+21",
        coming=1,
        replies=(
            ("Anne-Laure Fayolle", "12h", "J’en ai un dans ma cave, gris et triste, mais stable."),
            ("Zineb Amrani", "13h", "Stable me suffit. Je m’occupe de l’égayer."),
        ),
    ),
    Draft(
        at="-7 16:15",
        by="Mme Santoni",
        wanted="thing",
        title="Des bocaux, toutes tailles, avec leur couvercle",
        body="La soupe voyage mieux en verre. Ceux qui reviennent vides repartent pleins, c’est une loi de la maison.",
        place="rue Georges-Gouy, panier devant la loge",
        valid_until="+30",
        coming=("Colette Rambaud", 6),
        replies=(
            ("Raymond Pélissier", "5h", "J’en ai dix qui ont connu des cornichons. Ça se sent ?"),
            ("Mme Santoni", "6h", "Dans la soupe aux choux, personne ne le saura."),
        ),
    ),
    Draft(
        at="-4 10:45",
        by="Suzanne Bénichou",
        wanted="thing",
        title="Un déambulateur à prêter pour deux mois",
        body="C’est pour ma sœur, le temps de sa visite. Il dormira au chaud et reviendra avec des roues propres.",
        place="avenue Jean-Jaurès",
        valid_until="+10",
        coming=1,
        replies=(("Irène Kowalczyk", "2h", "Le mien s’ennuie depuis que j’ai la canne. Passez le voir."),),
    ),
    Draft(
        at="-3 8:40",
        by="Paul et Lucie Garnier",
        wanted="gift",
        title="Vélo d’enfant, 4 à 6 ans, petites roues comprises",
        body="Bleu, rayé avec conviction. Il freine bien, il sonne très bien.",
        place="rue Pierre-Bourdan",
        valid_until="+15",
        coming=("Awa Ndiaye",),
        replies=(
            ("Awa Ndiaye", "2h", "Aïda en parle depuis le petit déjeuner. Nous passons demain soir si vous êtes là."),
            ("Paul et Lucie Garnier", "4h", "Nous sommes là. La sonnette est prévenue."),
        ),
    ),
    Draft(
        at="-9 19:55",
        by="Michel Jacquet",
        wanted="gift",
        title="Trois cartons de romans policiers",
        body="Tous lus, donc je sais qui c’est. Je ne le dirai que sur demande expresse.",
        place="rue Georges-Gouy, 1er étage",
        valid_until="+21",
        coming=("Arthur Lefèvre", "Lucien Ferrand", 2),
        replies=(
            ("Lucien Ferrand", "1h", "Il y en a où le commissaire mange bien ?"),
            ("Michel Jacquet", "2h", "Un carton entier. C’est un Italien."),
        ),
    ),
    Draft(
        at="0 10:05",
        by="Camille et Jo",
        wanted="gift",
        title="Boutures de misère et de pothos",
        body="Déjà en eau, avec racines et bon caractère. Elles résistent à l’oubli, nous avons vérifié.",
        place="rue Georges-Gouy, rebord du hall",
        valid_until="+9",
        coming=3,
    ),
    # Taken away within the day, and so off the board.
    Draft(
        at="-5 12:35",
        by="Adrien Petit",
        wanted="gift",
        title="Canapé deux places, un peu profond",
        body="On s’y endort sans le vouloir. À descendre du 2e, je porte un côté.",
        place="avenue Jean-Jaurès",
        valid_until="+10",
        coming=("Yasmine B.",),
        replies=(
            ("Yasmine B.", "1h", "Je porte l’autre côté ce soir, avec un cousin."),
            ("Adrien Petit", "9h", "Il est parti. Je dors dans mon lit, ça change."),
        ),
        withdrawn="10h",
    ),
)
