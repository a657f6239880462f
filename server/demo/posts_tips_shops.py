"""Where to buy, mend and wash around the square, and whether it is still true."""

from server.demo.draft import Draft

SHOPS = (
    Draft(
        at="0 8:30",
        by="Lucien Ferrand",
        title="Les œufs du Pilat, sans faire la queue",
        body=(
            "Passez par le côté de la fontaine : Chavand sert les anciens d’abord. "
            "La douzaine est à 3,80 €, rapportez vos boîtes."
        ),
        place="Marché, allée de la fontaine",
        hours="Jeudi et samedi, 7 h à 12 h 30",
        valid_until="+25",
        thanks=6,
        valid=4,
        replies=(
            ("Odette Berthier", "45min", "Il garde aussi les cassés pour les omelettes, il suffit de demander."),
            ("Karim Benali", "92min", "Confirmé. Et il parle de rugby, prévoyez dix minutes."),
        ),
    ),
    Draft(
        at="-1 17:50",
        by="Samir Haddad",
        title="Le pain de la veille à moitié prix",
        body=(
            "À partir de 18 h 30, dans le panier près de la caisse. "
            "Il fait de très bonnes tartines et un pain perdu sans rival."
        ),
        place="Boulangerie de la place",
        hours="Du mardi au samedi, 18 h 30 à 19 h 30",
        thanks=9,
        valid=3,
        replies=(
            ("Zineb Amrani", "14h", "Le pain perdu, c’est avec du lait entier ou de la crème ?"),
            ("Samir Haddad", "15h", "Avec des amis."),
        ),
    ),
    Draft(
        at="-3 9:15",
        by="Hélène Dubost",
        title="La pharmacie livre dans la rue",
        body=(
            "Sur simple demande au comptoir ou par téléphone, avant 17 h. "
            "C’est gratuit, le livreur est l’apprenti et il est charmant."
        ),
        place="Pharmacie des Pavillons",
        hours="Livraison du lundi au vendredi, 17 h à 19 h",
        thanks=8,
        valid=5,
        replies=(
            ("Colette Rambaud", "2h", "Il monte les étages en chantant, on sait qu’il arrive."),
            ("Solange Guichard", "1d", "Sauf lundi dernier, il avait un examen. Il l’a eu."),
        ),
    ),
    Draft(
        at="-2 13:40",
        by="Camille et Jo",
        title="Le panier à 2 € de fin de marché",
        body=(
            "Le primeur du bout de l’allée compose des sacs avec ce qui ne passera pas la nuit. "
            "Surtout des poireaux et des surprises."
        ),
        place="Marché, dernier étal côté avenue",
        hours="Samedi, à partir de 12 h 45",
        thanks=7,
        valid=3,
        replies=(
            ("Zineb Amrani", "2h", "Ma surprise était un céleri-rave. Que fait-on d’un céleri-rave ?"),
            ("Mme Santoni", "3h", "On me le descend, et il remonte en soupe."),
        ),
    ),
    Draft(
        at="-8 15:30",
        by="Michel Jacquet",
        title="Des chaises à 3 € à la ressourcerie",
        body=(
            "Dépareillées, solides, parfois signées au feutre. Le camion d’arrivage passe le mercredi, venez le jeudi."
        ),
        place="Ressourcerie, rue de Gerland",
        hours="Jeudi au samedi, 14 h à 18 h 30",
        thanks=4,
        valid=2,
        changed=1,
        replies=(("Éloïse Martinod", "1d", "J’en ai pris deux. Filou en a déjà une."),),
    ),
    Draft(
        at="-10 14:10",
        by="Giuseppe Marchetti",
        title="Le cordonnier fait de nouveau les clés",
        body=(
            "Sa machine est réparée. "
            "Une clé plate en cinq minutes, une clé de cave en deux jours, une clé perdue jamais."
        ),
        place="Avenue Jean-Jaurès, près du métro",
        hours="Mardi au samedi, 9 h à 12 h et 15 h à 18 h",
        thanks=3,
        valid=4,
    ),
    Draft(
        at="-11 16:45",
        by="Yasmine B.",
        title="Recharger son téléphone au café des Pavillons",
        body="Une prise sous chaque banquette, le chargeur se demande au bar. Un café suffit pour une batterie.",
        place="Café des Pavillons",
        hours="Tous les jours sauf lundi, 8 h à 19 h",
        thanks=2,
        valid=2,
    ),
    Draft(
        at="-3 20:45",
        by="Adrien Petit",
        title="Le cinéma à 5 € le lundi",
        body="Toutes les séances, y compris en version originale. Le fauteuil du fond à droite ne grince pas.",
        place="Cinéma de quartier, à deux arrêts de métro",
        hours="Le lundi, séances à 14 h, 17 h et 20 h",
        link="https://example.org/cinema",
        thanks=5,
        valid=1,
        replies=(
            ("Marie-Jo Escoffier", "12h", "Qui vient à 14 h ? Je garde les places, je suis en avance depuis 1962."),
        ),
    ),
    Draft(
        at="-6 13:30",
        by="Thi Lan Pham",
        title="Photocopies à 10 centimes, à l’épicerie",
        body="Noir et blanc, recto verso si on me le demande gentiment. Couleur : non, j’ai essayé, c’était vert.",
        place="Épicerie, à l’angle de la rue de Gerland",
        hours="Tous les jours, 8 h à 21 h",
        thanks=7,
        valid=4,
    ),
    Draft(
        at="-7 9:30",
        by="Minh Nguyen",
        title="Le riz en sac de cinq kilos, au prix de trois",
        body=(
            "Demandez celui de la réserve, il n’est pas en rayon. "
            "Ils prêtent le chariot contre un sourire et une pièce d’identité."
        ),
        place="Épicerie de la rue Challemel-Lacour",
        hours="Tous les jours, 9 h à 20 h",
        valid_until="+12",
        thanks=4,
        valid=2,
        changed=1,
        replies=(("Famille Ben Salem", "1d", "Le prix est monté de 50 centimes, mais ça reste le meilleur du coin."),),
    ),
    Draft(
        at="-8 19:40",
        by="Éloïse Martinod",
        title="Il reste des paniers de légumes pour le trimestre",
        body=(
            "Distribution au rez-de-chaussée du 8, on peut partager un panier à deux. "
            "Prévoir une recette pour les blettes."
        ),
        place="Hall du nº 8, place des Pavillons",
        hours="Mardi, 18 h à 19 h 30",
        valid_until="+18",
        link="https://example.org/paniers",
        thanks=5,
        valid=1,
        replies=(
            ("Josiane Tissot", "2h", "Je partage avec qui veut. Je prends toutes les blettes."),
            ("Arthur Lefèvre", "15h", "Alors c’est moi, ça tombe très bien."),
        ),
    ),
    Draft(
        at="-4 19:05",
        by="Claire Vial",
        title="La laverie accepte enfin les couettes",
        body=(
            "La grosse machine du fond, 8 €, une heure séchage compris. "
            "Venez avec des pièces, l’appareil à cartes boude."
        ),
        place="Laverie, rue Georges-Gouy",
        hours="Tous les jours, 7 h à 21 h",
        thanks=3,
        valid=3,
        changed=1,
    ),
    # Past its date: off the board, found again by the search.
    Draft(
        at="-12 18:30",
        by="Awa Ndiaye",
        title="Vide-grenier de l’école ce dimanche",
        body=(
            "Vêtements d’enfants à 1 €, crêpes au profit de la classe verte. "
            "Arrivez tôt pour les bottes, tard pour les crêpes."
        ),
        place="École de la rue Pierre-Bourdan",
        hours="Dimanche, 8 h à 16 h",
        valid_until="dimanche-1 16:00",
        thanks=8,
        valid=2,
        replies=(("Paul et Lucie Garnier", "1d", "Nous tenons la table des poussettes. Il y en a quatre."),),
    ),
    # Reported by three neighbours.
    Draft(
        at="-1 13:05",
        by="Éco-Habitat 69",
        title="Isolation des combles à 1 €, dossier pris en charge",
        body=(
            "Nos techniciens passent dans votre immeuble cette semaine. "
            "Offre réservée aux résidents du 7e, places limitées."
        ),
        place="Tout le 7e arrondissement",
        hours="Sur rendez-vous",
        link="https://example.org/isolation",
        replies=(
            (
                "Bruno Chavassieux",
                "50min",
                "Quel immeuble ? Au mien, sous les combles, il y a un étudiant, et il dort bien.",
            ),
        ),
    ),
)
