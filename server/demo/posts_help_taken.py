"""Requests for help that somebody has taken, or just done: no thanks yet."""

from server.demo.draft import Draft

TAKEN = (
    Draft(
        at="-180min",
        by="Mme Gachet",
        need="courses",
        urgency="urgent",
        due_at="soon",
        title="Monter deux packs d’eau au 5e",
        body=(
            "L’ascenseur est en panne et mes packs sont restés dans le hall. "
            "Le chat boit la même eau que moi, il s’inquiète."
        ),
        place="rue de Gerland",
        taker="Théo Vasseur",
        taken="25min",
        replies=(
            ("Théo Vasseur", "27min", "Je les monte en rentrant. Dites à Biscotte de tenir bon."),
            ("Odette Berthier", "70min", "Passez prendre un carré de chocolat chez moi, c’est à mi-chemin."),
        ),
    ),
    Draft(
        at="-1 17:10",
        by="Irène Kowalczyk",
        need="trajet",
        urgency="semaine",
        title="Rapporter trois cartons à la bibliothèque",
        body="Quarante ans de romans policiers. Je sais déjà qui a fait le coup, autant que les autres cherchent.",
        place="rue Challemel-Lacour",
        taker="Karim Benali",
        taken="2h",
        thanks=2,
        replies=(
            ("Karim Benali", "2h", "Je passe avec la voiture. Vous me dites seulement si le gardien est coupable."),
            ("Irène Kowalczyk", "3h", "Jamais. C’est toujours celui qui porte les cartons."),
        ),
    ),
    Draft(
        at="-2 18:45",
        by="Éloïse Martinod",
        need="autre",
        urgency="semaine",
        title="Promener Filou le matin, jusqu’à la fin de mon plâtre",
        body=(
            "Huit kilos, il tire vers les boulangeries. "
            "Un quart d’heure suffit, il fait le reste en regardant par la fenêtre."
        ),
        place="rue de Gerland, vers le parc",
        taker="Mehdi Kaci",
        taken="2h",
        thanks=3,
        replies=(
            ("Mehdi Kaci", "2h", "Je cours tous les matins à 7 h 30. Il court, Filou ?"),
            ("Éloïse Martinod", "3h", "Il court après. C’est un début."),
            ("Samir Haddad", "1d", "Je l’ai vu ce matin devant ma vitrine. Il a bon goût."),
        ),
    ),
    Draft(
        at="-3 10:20",
        by="Hélène Dubost",
        need="bricolage",
        urgency="semaine",
        title="Redonner une roue à mon cabas",
        body="Elle s’est sauvée dans l’avenue. J’ai retrouvé la roue, pas l’écrou.",
        place="place des Pavillons",
        taker="Ousmane Traoré",
        taken="4h",
        replies=(("Ousmane Traoré", "4h", "J’ai une boîte de 400 écrous. Il y en a bien un qui s’ennuie."),),
    ),
    Draft(
        at="-1 9:30",
        by="Suzanne Bénichou",
        need="compagnie",
        urgency="semaine",
        title="M’accompagner au marché jeudi matin",
        body="Je marche bien, mais je marche mieux avec un bras. On s’arrête au banc, à l’aller comme au retour.",
        place="avenue Jean-Jaurès",
        taker="Hélène Dubost",
        taken="3h",
        replies=(
            ("Hélène Dubost", "3h", "Mon cabas n’a qu’une roue, nous irons au même pas."),
            ("Suzanne Bénichou", "5h", "Alors on part à 9 h, et on rentre quand on rentre."),
        ),
    ),
    Draft(
        at="-2 12:30",
        by="Paul et Lucie Garnier",
        need="garde",
        urgency="semaine",
        title="Garder Noé et Jules samedi après-midi",
        body=(
            "Trois heures, dont deux de sieste si les planètes s’alignent. "
            "Nous visitons un appartement deux rues plus haut."
        ),
        place="rue Pierre-Bourdan",
        taker="Inês Carvalho",
        taken="6h",
        thanks=2,
        replies=(
            ("Inês Carvalho", "6h", "Je prends. J’apporte de la pâte à modeler, celle qui part au lavage."),
            ("Claire Vial", "8h", "Lou dit qu’elle peut venir aider. Je traduis : elle veut la pâte à modeler."),
        ),
    ),
    Draft(
        at="-5 15:10",
        by="Lucien Ferrand",
        need="autre",
        urgency="sans-hate",
        title="Comprendre mon nouveau téléphone",
        body=(
            "Mon neveu me l’a réglé en anglais par erreur, et il repart dimanche. "
            "Je voudrais juste appeler et voir la météo."
        ),
        place="place des Pavillons",
        taker="Adrien Petit",
        taken="1d",
        replies=(
            ("Adrien Petit", "1d", "Je passe cette semaine, après mes cours. Ne touchez plus à rien d’ici là."),
            ("Lucien Ferrand", "1d", "Trop tard, il me parle en espagnol."),
        ),
    ),
    Draft(
        at="0 10:40",
        by="Josiane Tissot",
        need="courses",
        urgency="semaine",
        title="Rapporter un colis trop lourd du point relais",
        body="C’est une cocotte en fonte. Je l’ai commandée sans penser au retour.",
        place="rue Challemel-Lacour",
        taker="Kevin R.",
        taken="50min",
        replies=(
            ("Kevin R.", "52min", "J’ai le diable de mon oncle. Le chariot, je veux dire."),
            ("Josiane Tissot", "65min", "Avec lui aussi, elle serait lourde. Merci Kevin."),
        ),
    ),
)

DONE = (
    Draft(
        at="-3 17:20",
        by="M. Perrin",
        need="trajet",
        urgency="semaine",
        title="Me conduire chez l’ophtalmo",
        body="Un quart d’heure de route, une heure d’attente. On me met des gouttes, donc je ne verrai pas le retour.",
        place="rue Challemel-Lacour",
        taker="Karim Benali",
        taken="3h",
        done="2d",
        replies=(
            ("Karim Benali", "3h", "Je vous emmène. Je prends un livre pour l’attente, vous choisissez la radio."),
            ("M. Perrin", "18h", "Radio Classique, et on ne parle pas pendant les andantes."),
        ),
    ),
    Draft(
        at="-2 7:40",
        by="Fatoumata Diallo",
        need="autre",
        urgency="urgent",
        due_at="-2 18:00",
        title="Recevoir un colis pendant que je dors",
        body="Je rentre de nuit et le livreur passe entre 9 h et 14 h. Il sonne comme pour un incendie.",
        place="rue Pierre-Bourdan",
        taker="Denis Brunel",
        taken="35min",
        done="5h",
        thanks=2,
        replies=(("Denis Brunel", "38min", "Je l’attends à la loge. Débranchez la sonnette et dormez."),),
    ),
    Draft(
        at="-5 19:25",
        by="Anouk Delorme",
        need="bricolage",
        urgency="semaine",
        title="Deux bras pour un buffet de famille",
        body="Deuxième étage, escalier qui tourne. Il est monté une fois en 1988, c’est donc possible.",
        place="avenue Jean-Jaurès",
        taker="Bruno Chavassieux",
        taken="14h",
        done="3d",
        replies=(
            ("Bruno Chavassieux", "14h", "J’ai les sangles. Il faut quelqu’un en haut pour dire doucement."),
            ("Ousmane Traoré", "16h", "Je sais très bien dire doucement."),
            ("Anouk Delorme", "3d", "Il est en place. Le mur aussi, à un éclat près."),
        ),
    ),
    Draft(
        at="-4 8:50",
        by="Solange Guichard",
        need="courses",
        urgency="urgent",
        due_at="-4 18:00",
        title="Du pain et des œufs avant ce soir",
        body="Je garde la chambre deux jours et le placard a fait ses comptes. Je rembourse à la porte.",
        place="place des Pavillons",
        taker="Zineb Amrani",
        taken="1h",
        done="4h",
        replies=(("Zineb Amrani", "1h", "Je sors à midi, je passe à la boulangerie en premier."),),
    ),
    Draft(
        at="-6 20:15",
        by="Roland Duchamp",
        need="bricolage",
        urgency="semaine",
        title="La box clignote rouge depuis la coupure",
        body="J’ai éteint, rallumé, attendu, parlé gentiment. Rien. Les résultats du rugby me manquent.",
        place="rue Georges-Gouy",
        taker="Adrien Petit",
        taken="13h",
        done="2d",
        thanks=1,
        replies=(
            ("Adrien Petit", "13h", "Je viens voir. Ne lui parlez plus, ça les vexe."),
            ("Lucien Ferrand", "15h", "Lyon a perdu. Vous n’avez rien manqué."),
        ),
    ),
)
