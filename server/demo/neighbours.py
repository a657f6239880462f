"""Who lives around the Place des Pavillons. Every name is invented.

The first arrived on the opening evening; the last three still wait at the door.
"""

from server.demo.draft import Neighbour

QUARTIER = {
    "name": "Place des Pavillons",
    "town": "Lyon 7e",
    "facade": "soleil",
    "contact_name": "Jeanne",
    # 04 65 71 is kept for fiction by the French regulator.
    "contact_phone": "04 65 71 20 11",
    "contact_hours": "de 9 h à 19 h",
    "letterbox": "Boîte « Palier », hall du nº 8",
}

PLACE = "place des Pavillons"
GERLAND = "rue de Gerland"
GOUY = "rue Georges-Gouy"
JAURES = "avenue Jean-Jaurès"
CHALLEMEL = "rue Challemel-Lacour"
BOURDAN = "rue Pierre-Bourdan"
STREETS = (PLACE, GERLAND, GOUY, JAURES, CHALLEMEL, BOURDAN)

FOUNDER = "Cyril Monnet"

# What a visitor of the demonstration may be, and as whom.
ROLES = {
    "une voisine de 82 ans": "Odette Berthier",
    "un bénévole": "Karim Benali",
    "une nouvelle": "Marguerite Aubert",
    "une modératrice": "Jeanne Morel",
    "une administratrice": "Amélie Roche",
}

_CYRIL = {"invited_by": "Cyril Monnet", "vouched_by": "Cyril Monnet"}
_AMELIE = {"invited_by": "Amélie Roche", "vouched_by": "Amélie Roche"}
_NADIA = {"invited_by": "Nadia Ferhat", "vouched_by": "Nadia Ferhat"}
_JEANNE = {"invited_by": "Jeanne Morel", "vouched_by": "Jeanne Morel"}
_BERNADETTE = {"invited_by": "Bernadette Collomb", "vouched_by": "Bernadette Collomb"}

NEIGHBOURS = (
    # Those who keep the house.
    Neighbour(FOUNDER, CHALLEMEL, 212, "admin"),
    Neighbour("Amélie Roche", PLACE, 212, "admin", **_CYRIL, door="Elle tenait déjà le groupe de la place."),
    Neighbour("Jeanne Morel", PLACE, 208, "moderator", **_AMELIE, door="Tout le monde a déjà son numéro."),
    Neighbour("Nadia Ferhat", PLACE, 207, "moderator", **_AMELIE, door="On l’entend jouer depuis dix ans."),
    Neighbour("Bernadette Collomb", JAURES, 201, "moderator", **_CYRIL, door="Trente ans à la poste, elle sait lire."),
    # The first months.
    Neighbour("Karim Benali", JAURES, 198, **_CYRIL, door="A réparé ma sonnette avant que je demande."),
    Neighbour("Théo Vasseur", GOUY, 196, **_NADIA, door="Mon voisin du dessous."),
    Neighbour("Lucien Ferrand", PLACE, 195, **_AMELIE, door="Au 4e depuis la construction, ou presque.", card=True),
    Neighbour("Mme Santoni", GOUY, 190, **_NADIA, door="La soupe du premier étage.", text_size=2, card=True),
    Neighbour("M. Perrin", CHALLEMEL, 188, **_CYRIL, door="Mon voisin de palier.", text_size=3, card=True),
    Neighbour("Hélène Dubost", PLACE, 184, **_AMELIE, door="Elle a appris à lire à la moitié de la rue."),
    Neighbour("Samir Haddad", PLACE, 180, **_JEANNE, door="La boulangerie, de trois heures à midi."),
    Neighbour("Fatoumata Diallo", BOURDAN, 177, **_BERNADETTE, door="Infirmière de nuit, croisée tous les matins."),
    Neighbour("Giuseppe Marchetti", PLACE, 174, **_JEANNE, door="Le tailleur. Il connaît nos tours de taille."),
    Neighbour("Denis Brunel", PLACE, 170, **_AMELIE, door="Le gardien du 8."),
    Neighbour("Ousmane Traoré", GERLAND, 166, **_CYRIL, door="Rencontré à l’atelier vélo."),
    Neighbour("Odette Berthier", GERLAND, 160, **_NADIA, door="Vue chez elle, carte donnée.", text_size=3, card=True),
    Neighbour("Inês Carvalho", GOUY, 155, **_NADIA, door="Elle me coupe les cheveux."),
    Neighbour("Raymond Pélissier", GERLAND, 151, **_CYRIL, door="Le boulodrome entier répond de lui.", card=True),
    Neighbour("Mme Gachet", GERLAND, 148, **_JEANNE, door="Inscrite chez elle, par téléphone.", text_size=3, card=True),
    Neighbour("Solange Guichard", PLACE, 143, **_AMELIE, door="Ma voisine d’en face.", text_size=2, card=True),
    Neighbour("Paul et Lucie Garnier", BOURDAN, 139, **_BERNADETTE, door="La poussette double."),
    Neighbour("Josiane Tissot", CHALLEMEL, 134, **_CYRIL, door="Présidente de l’amicale."),
    Neighbour("Minh Nguyen", GERLAND, 130, **_BERNADETTE, door="Voisin de l’atelier vélo."),
    # The autumn of the board.
    Neighbour("Zineb Amrani", GOUY, 121, **_NADIA, door="Étudiante, au-dessus de la laverie."),
    Neighbour("Bruno Chavassieux", JAURES, 117, **_BERNADETTE, door="Le camion blanc, c’est lui."),
    Neighbour("Irène Kowalczyk", CHALLEMEL, 112, **_CYRIL, door="Connue à la bibliothèque.", text_size=2),
    Neighbour("Mehdi Kaci", BOURDAN, 108, **_BERNADETTE, door="Le fils de la fleuriste."),
    Neighbour("Claire Vial", BOURDAN, 104, **_JEANNE, door="Maman de Lou, vue à l’école."),
    Neighbour("Colette Rambaud", GERLAND, 99, **_NADIA, door="L’amie d’Odette.", text_size=3, card=True),
    Neighbour("Adrien Petit", JAURES, 94, **_BERNADETTE, door="Prête son projecteur, c’est dire."),
    Neighbour("Anouk Delorme", JAURES, 90, **_BERNADETTE, door="Professeure de gymnastique."),
    Neighbour("Thi Lan Pham", GERLAND, 85, **_CYRIL, door="L’épicerie du coin."),
    Neighbour("Marie-Jo Escoffier", CHALLEMEL, 81, **_JEANNE, door="Ancienne standardiste, et ça s’entend."),
    Neighbour("Suzanne Bénichou", JAURES, 76, **_BERNADETTE, door="Vue au marché.", text_size=2),
    Neighbour("Camille et Jo", GOUY, 70, **_NADIA, door="Le balcon aux tomates."),
    Neighbour("Gisèle Peyrard", PLACE, 66, **_JEANNE, door="Le club de tricot.", card=True),
    Neighbour("Arthur Lefèvre", BOURDAN, 61, **_JEANNE, door="Bénévole à la bibliothèque."),
    Neighbour("Noémie Charrier", CHALLEMEL, 57, **_CYRIL, door="Vétérinaire en formation."),
    Neighbour("Famille Ben Salem", BOURDAN, 52, **_BERNADETTE, door="Cinq au 3e, bien connus de l’école."),
    Neighbour("Tomasz Wojcik", CHALLEMEL, 48, **_CYRIL, door="Mon voisin du rez-de-chaussée."),
    Neighbour("Yasmine B.", GOUY, 43, **_NADIA, door="Répète dans la même cave que moi."),
    Neighbour("Michel Jacquet", GOUY, 39, **_AMELIE, door="Rencontré au troc de livres."),
    Neighbour("Anne-Laure Fayolle", JAURES, 35, **_BERNADETTE, door="Ma voisine de parking."),
    Neighbour("Éloïse Martinod", GERLAND, 31, **_JEANNE, door="La maîtresse de Filou."),
    Neighbour("Kevin R.", BOURDAN, 27, invited_by="Mehdi Kaci", vouched_by="Jeanne Morel", door="Vu avec Mehdi."),
    Neighbour("Awa Ndiaye", JAURES, 22, invited_by="Fatoumata Diallo", vouched_by="Nadia Ferhat", door="Sa collègue."),
    Neighbour(
        "Roland Duchamp", GOUY, 17, invited_by="Lucien Ferrand", vouched_by="Nadia Ferhat", door="Vu à la belote."
    ),
    # At the door.
    Neighbour("Éco-Habitat 69", JAURES, 3, "newcomer", invited_by="Amélie Roche"),
    Neighbour("Marguerite Aubert", PLACE, 3, "newcomer", invited_by="Odette Berthier", text_size=2),
    Neighbour("Yvonne Marchand", BOURDAN, 2, "newcomer", invited_by="Amélie Roche"),
)
