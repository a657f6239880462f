"""Benches, lifts, counters, the library: what is open, shut or out of order."""

from server.demo.draft import Draft

PLACES = (
    Draft(
        at="0 7:25",
        by="Amélie Roche",
        title="Coupure d’eau jeudi matin, du nº 2 au nº 14",
        body=(
            "De 9 h à 11 h, pour changer une vanne. "
            "Remplissez une casserole la veille, et prévenez ceux qui ne lisent pas le tableau."
        ),
        place="place des Pavillons, nº 2 à 14",
        hours="Jeudi, 9 h à 11 h",
        valid_until="jeudi 12:00",
        thanks=12,
        replies=(
            (
                "Théo Vasseur",
                "20min",
                "Je passe prévenir Mme Gachet et M. Perrin, au cas où leur rue serait touchée aussi.",
            ),
            ("Mme Santoni", "50min", "La marmite est pleine. On peut tenir un siège."),
            ("Denis Brunel", "80min", "J’ai mis l’affiche dans les sept halls."),
        ),
    ),
    Draft(
        at="-5 11:15",
        by="Tomasz Wojcik",
        title="Un écrivain public, gratuit, à la mairie du 7e",
        body="Il écrit avec vous, il ne parle pas à votre place. Prenez un numéro dès l’ouverture, il y en a douze.",
        place="Mairie du 7e, salle du rez-de-chaussée",
        hours="Le jeudi, 9 h à 12 h",
        thanks=5,
        valid=2,
        replies=(("Irène Kowalczyk", "3h", "À 9 h 10 il n’y avait plus de numéro. Arrivez vraiment à l’ouverture."),),
    ),
    Draft(
        at="-6 10:05",
        by="Arthur Lefèvre",
        title="La bibliothèque prête aussi des jeux",
        body=(
            "Trois jeux pour trois semaines avec la carte habituelle. "
            "On vérifie les pions au retour, mais on ne punit pas."
        ),
        place="Bibliothèque de quartier, 1er étage",
        hours="Mardi au samedi, 10 h à 18 h",
        link="https://example.org/bibliotheque/jeux",
        thanks=6,
        valid=2,
        replies=(
            ("Claire Vial", "2h", "Y a-t-il des puzzles complets ? Je demande pour une amie de 4 ans."),
            ("Arthur Lefèvre", "4h", "Complets, non. Honnêtes, oui : le nombre de pièces est sur la boîte."),
        ),
    ),
    Draft(
        at="-7 12:00",
        by="Raymond Pélissier",
        title="Des toilettes ouvertes à côté du marché",
        body=(
            "Le bistrot du coin laisse entrer sans consommer, il suffit de dire bonjour. "
            "À nos âges, c’est une information."
        ),
        place="Bistrot, à l’angle de l’allée",
        hours="Tous les jours, 7 h à 20 h",
        thanks=14,
        valid=6,
        replies=(
            ("Suzanne Bénichou", "1h", "Enfin une rubrique sérieuse."),
            ("Gisèle Peyrard", "2h", "Et le café y est bon. C’est le cercle parfait."),
        ),
    ),
    Draft(
        at="-4 12:20",
        by="Colette Rambaud",
        title="Un banc au soleil de 11 h à midi",
        body=(
            "Le deuxième en partant de la fontaine, dossier bien droit. Ensuite l’ombre du 8 arrive et on va déjeuner."
        ),
        place="place des Pavillons, côté nord",
        thanks=10,
        valid=3,
        replies=(
            ("Odette Berthier", "2h", "Vous l’avez dit à tout le monde, Colette. Où va-t-on s’asseoir, maintenant ?"),
            ("Colette Rambaud", "3h", "Serrez-vous."),
        ),
    ),
    Draft(
        at="-9 17:35",
        by="Inês Carvalho",
        title="Le composteur de la place prend de nouveau les épluchures",
        body=(
            "Le bac de gauche se remplit, celui de droite se repose. "
            "Pas d’agrumes, pas de viande, pas de petites cuillères."
        ),
        place="Derrière le kiosque",
        hours="Ouvert en permanence, seau à l’entrée",
        thanks=5,
        valid=3,
        replies=(
            ("Camille et Jo", "1d", "Il reste du compost mûr. Servez-vous, un seau par balcon."),
            ("Kevin R.", "2d", "Encore faut-il savoir lire le panneau, dans cet immeuble."),
        ),
    ),
    Draft(
        at="-5 18:10",
        by="Ousmane Traoré",
        title="Réparer son vélo soi-même, prix libre",
        body="Les outils sont là, les conseils aussi. On ressort avec un vélo qui roule et les mains noires.",
        place="Atelier vélo, cour de la rue de Gerland",
        hours="Mercredi et samedi, 14 h à 18 h",
        thanks=6,
        valid=3,
        replies=(
            ("Paul et Lucie Garnier", "1d", "Vous prenez les remorques d’enfant ? La nôtre penche."),
            ("Ousmane Traoré", "1d", "On les redresse. Les enfants, c’est vous."),
        ),
    ),
    Draft(
        at="-12 11:05",
        by="Denis Brunel",
        title="Piles, ampoules, vieux téléphones : où les jeter",
        body=(
            "Trois bacs dans le sas du supermarché, à gauche des chariots. "
            "Mieux que dans ma poubelle verte, où je les retrouve."
        ),
        place="Supermarché de l’avenue Jean-Jaurès",
        hours="Lundi au samedi, 8 h 30 à 20 h",
        thanks=4,
        valid=1,
        replies=(("Lucien Ferrand", "4h", "C’était une pile, Denis. Une."),),
    ),
    Draft(
        at="-2 16:10",
        by="Anne-Laure Fayolle",
        title="Guichet des transports : venez le mardi à 14 h",
        body=(
            "Vingt minutes d’attente au lieu d’une heure. "
            "Pour la carte des plus de 65 ans, prenez un justificatif de domicile."
        ),
        place="Agence de transports, place Jean-Macé",
        hours="Lundi au samedi, 9 h à 18 h",
        thanks=3,
        valid=1,
        replies=(
            ("Raymond Pélissier", "5h", "Trente-huit ans de chemin de fer, et je fais la queue comme tout le monde."),
        ),
    ),
    Draft(
        at="-1 10:20",
        by="Jeanne Morel",
        title="La fontaine de la place coule de nouveau",
        body="La mairie a posé l’étiquette : eau potable, bouton à gauche. Les gourdes passent, les seaux débordent.",
        place="place des Pavillons",
        thanks=9,
        valid=2,
    ),
    # Two neighbours said no, nobody yes: it has sunk to the foot of the board.
    Draft(
        at="-13 15:20",
        by="Bruno Chavassieux",
        title="Le distributeur de l’avenue donne des billets de 10 €",
        body="Choisissez « autre montant » et demandez 30. Pratique pour payer les courses aux voisins.",
        place="Avenue Jean-Jaurès, près de la poste",
        hours="Tous les jours",
        thanks=2,
        valid=1,
        changed=3,
        replies=(
            ("Suzanne Bénichou", "6d", "Il m’a donné un billet de 50 et un ticket désolé."),
            ("Bruno Chavassieux", "7d", "Ils l’ont changé la semaine dernière. Je cherche mieux."),
        ),
    ),
    Draft(
        at="-9 8:20",
        by="Josiane Tissot",
        title="Parc de Gerland : le portail du fond est rouvert",
        body=(
            "On gagne dix minutes depuis la rue Challemel-Lacour, "
            "et il n’y a plus de marche à monter avec une poussette."
        ),
        place="Parc de Gerland, entrée sud",
        hours="Tous les jours, du lever au coucher du soleil",
        thanks=6,
        valid=3,
    ),
    Draft(
        at="0 11:30",
        by="Nadia Ferhat",
        title="L’ascenseur du nº 12 est reparti",
        body=(
            "Le technicien a changé la carte. "
            "Il demande qu’on arrête de retenir la porte avec des poussettes, même vides."
        ),
        place="place des Pavillons, nº 12",
        valid_until="+6",
        thanks=11,
        replies=(
            ("Lucien Ferrand", "12min", "Mes genoux vous remercient, lui et vous."),
            ("Gisèle Peyrard", "30min", "Je l’ai pris trois fois, pour vérifier."),
        ),
    ),
)
