"""What neighbours do gladly, and for how many."""

from server.demo.draft import Draft

OFFERS = (
    Draft(
        at="0 8:50",
        by="Théo Vasseur",
        title="Samedi, je fais le marché pour deux paliers",
        body=(
            "Je pars à 8 h avec le caddie à roulettes. "
            "Donnez-moi votre liste la veille, je monte tout jusqu’à la porte."
        ),
        repeats="once",
        starts_at="samedi 8:00",
        capacity=4,
        reach="near",
        coming=("Marguerite Aubert", "M. Perrin"),
        replies=(
            ("Marguerite Aubert", "30min", "Vous prenez aussi les poireaux avec leurs feuilles ?"),
            ("Théo Vasseur", "41min", "Avec leurs feuilles, et la terre si vous y tenez."),
        ),
    ),
    Draft(
        at="-13 19:00",
        by="Karim Benali",
        title="Je règle les téléviseurs et les box",
        body=(
            "Vingt minutes, un café, et vous avez de nouveau les informations. "
            "Pour les bonnes nouvelles, je ne garantis rien."
        ),
        repeats="on-call",
        capacity=6,
        reach="quartier",
        coming=("Odette Berthier", "Colette Rambaud", "Gisèle Peyrard", 1),
        replies=(
            ("Odette Berthier", "15h", "Ma télévision parle, mais elle ne montre plus rien."),
            ("Karim Benali", "16h", "Alors c’est une radio. Je viens lui rendre la vue."),
            ("Gisèle Peyrard", "2d", "Passez quand vous voulez, sauf pendant mon feuilleton. Enfin, si, justement."),
        ),
    ),
    Draft(
        at="-11 10:10",
        by="Giuseppe Marchetti",
        title="Ourlets et boutons, le mardi à l’atelier",
        body=(
            "Apportez le vêtement propre et le bouton si vous l’avez encore. "
            "Je ne juge ni les coupes ni les tours de taille."
        ),
        repeats="weekly",
        starts_at="mardi 14:00",
        capacity=5,
        reach="near",
        coming=("Zineb Amrani", 3),
        replies=(
            ("Michel Jacquet", "5h", "Un bouton de duffel-coat, vous avez ça ?"),
            ("Giuseppe Marchetti", "6h", "En corne, en bois ou en espoir ?"),
            ("Michel Jacquet", "7h", "En bois. L’espoir, j’ai déjà."),
        ),
    ),
    Draft(
        at="-9 16:20",
        by="Hélène Dubost",
        title="Je lis avec vous les courriers qui font peur",
        body=(
            "Mairie, caisse, assurance. On les ouvre ensemble, on répond ensemble. "
            "Ce que je lis, je l’oublie en sortant."
        ),
        repeats="on-call",
        capacity=5,
        reach="quartier",
        coming=("Colette Rambaud", "Tomasz Wojcik", 1),
        replies=(
            ("Colette Rambaud", "2h", "J’en ai un que je n’ouvre pas depuis trois semaines."),
            ("Hélène Dubost", "3h", "Il n’a pas dû grossir. Je viens demain."),
        ),
    ),
    Draft(
        at="-8 12:40",
        by="Anne-Laure Fayolle",
        title="Ma voiture est libre le jeudi après-midi",
        body="Médecin, coiffeur, cimetière, jardinerie. Trois passagers au plus, un déambulateur dans le coffre.",
        repeats="weekly",
        starts_at="jeudi 14:00",
        capacity=3,
        reach="further",
        coming=("Irène Kowalczyk", "Raymond Pélissier"),
        replies=(
            ("Raymond Pélissier", "4h", "Jardinerie pour moi. Je prends un géranium et pas toute la jardinerie, juré."),
            (
                "Anne-Laure Fayolle",
                "5h",
                "Vous avez dit pareil la dernière fois, j’ai encore du terreau dans le coffre.",
            ),
        ),
    ),
    Draft(
        at="-6 17:45",
        by="Mehdi Kaci",
        title="Le vendredi soir, je monte vos packs d’eau",
        body="Laissez-les en bas avec votre prénom dessus. C’est mon entraînement, je vous dois presque de l’argent.",
        repeats="weekly",
        starts_at="vendredi 18:30",
        capacity=8,
        reach="quartier",
        coming=("Mme Gachet", "Colette Rambaud", "Solange Guichard", 2),
        replies=(
            (
                "Solange Guichard",
                "3h",
                "Deux packs et un sac de pommes de terre, ça compte pour un entraînement complet ?",
            ),
            ("Mehdi Kaci", "4h", "Avec les pommes de terre, je saute la séance du samedi."),
        ),
    ),
    Draft(
        at="-10 18:15",
        by="Famille Ben Salem",
        title="Quatre parts de couscous, le dimanche midi",
        body=(
            "On cuisine pour neuf, on est cinq. Apportez votre boîte. Végétarien sur demande, sans pois chiches jamais."
        ),
        repeats="weekly",
        starts_at="dimanche 12:00",
        capacity=4,
        reach="near",
        coming=("Arthur Lefèvre", "Kevin R.", "M. Perrin", "Irène Kowalczyk"),
        replies=(
            ("Arthur Lefèvre", "40min", "Inscrit. J’apporte la boîte et le dessert."),
            ("Roland Duchamp", "1d", "Complet, déjà ? Je me mets au bord de la liste et je respire."),
            ("Famille Ben Salem", "1d", "Venez respirer dimanche prochain, on ajoutera une carotte."),
        ),
    ),
    Draft(
        at="-7 21:05",
        by="Zineb Amrani",
        title="Maths de collège et de lycée, le mercredi",
        body="Une heure à la table de la cuisine. Je ne donne pas la réponse, je donne un biscuit quand on la trouve.",
        repeats="weekly",
        starts_at="mercredi 17:00",
        capacity=4,
        reach="near",
        coming=("Minh Nguyen", "Famille Ben Salem", "Awa Ndiaye"),
        replies=(
            ("Minh Nguyen", "11h", "Mon fils demande quels biscuits. C’est important pour les fractions."),
            ("Zineb Amrani", "12h", "Au chocolat, coupés en huit."),
        ),
    ),
    Draft(
        at="-5 20:30",
        by="Marie-Jo Escoffier",
        title="J’appelle qui s’ennuie, entre 18 h et 20 h",
        body="Trente ans de standard : je sais écouter et je ne coupe jamais. On parle de tout, sauf de la météo.",
        repeats="on-call",
        capacity=5,
        reach="quartier",
        coming=("Mme Gachet", "M. Perrin"),
        replies=(
            ("Josiane Tissot", "12h", "Et si on aime la météo ?"),
            ("Marie-Jo Escoffier", "14h", "Alors le mardi, exceptionnellement."),
        ),
    ),
    Draft(
        at="-4 11:25",
        by="Noémie Charrier",
        title="Je nourris les chats pendant vos absences",
        body="Gamelle, litière, une demi-heure de conversation. Les chats timides ont droit au double.",
        repeats="on-call",
        capacity=3,
        reach="quartier",
        coming=("Camille et Jo", "Michel Jacquet"),
        replies=(
            ("Mme Gachet", "4h", "Biscotte ne part jamais, mais il aimerait la conversation."),
            ("Noémie Charrier", "5h", "Je passerai le saluer, sans rendez-vous."),
        ),
    ),
    Draft(
        at="-3 13:15",
        by="Inês Carvalho",
        title="Coupe et brushing à domicile, lundi",
        body="Je suis coiffeuse, mon lundi est à moi et je vous le prête. Il me faut une chaise et un bac à vaisselle.",
        repeats="once",
        starts_at="lundi 14:00",
        capacity=5,
        reach="near",
        coming=("Mme Santoni", "Odette Berthier", "Solange Guichard", "Suzanne Bénichou", "Gisèle Peyrard"),
        replies=(
            ("Mme Santoni", "1h", "Un brushing pour applaudir à 20 h, la place ne me reconnaîtra pas."),
            ("Gisèle Peyrard", "2h", "Je prends la dernière place. Une coupe qui tienne jusqu’à Pâques."),
        ),
    ),
    Draft(
        at="-12 20:20",
        by="Ousmane Traoré",
        title="Perceuse et chevilles, le samedi matin",
        body="Tringles, étagères, cadres. Montrez-moi le mur, je vous dirai s’il est d’accord.",
        repeats="weekly",
        starts_at="samedi 9:30",
        capacity=3,
        reach="quartier",
        coming=("Éloïse Martinod",),
        replies=(
            ("Éloïse Martinod", "13h", "Une tringle, et mon bras est dans le plâtre."),
            ("Ousmane Traoré", "14h", "Je perce, vous dites plus à gauche. Le travail est équilibré."),
        ),
    ),
    Draft(
        at="-2 9:20",
        by="Arthur Lefèvre",
        title="Je rapporte et je rends vos livres de bibliothèque",
        body="Donnez-moi vos titres ou votre humeur du moment, je choisis. Les retards, on ne vous les fera pas payer.",
        repeats="weekly",
        starts_at="mercredi 10:30",
        capacity=6,
        reach="quartier",
        coming=("Marie-Jo Escoffier", "Lucien Ferrand", 1),
        replies=(
            ("Lucien Ferrand", "3h", "Mon humeur : un policier où le commissaire mange bien."),
            ("Arthur Lefèvre", "4h", "J’ai le rayon entier."),
        ),
    ),
    Draft(
        at="-1 12:15",
        by="Josiane Tissot",
        title="Conversation en français, le lundi matin",
        body=(
            "Pour ceux qui le parlent un peu et n’osent pas. "
            "On fait le marché, on nomme les légumes, on se trompe ensemble."
        ),
        repeats="weekly",
        starts_at="lundi 10:00",
        capacity=6,
        reach="quartier",
        coming=("Thi Lan Pham", "Tomasz Wojcik"),
        replies=(
            ("Tomasz Wojcik", "5h", "On peut commencer par topinambour ?"),
            ("Josiane Tissot", "6h", "On finira par lui. C’est un niveau avancé."),
        ),
    ),
)
