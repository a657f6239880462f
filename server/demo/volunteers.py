"""What some neighbours of the demonstration offer, and what they let others see of it."""

from server.demo.draft import Offered

VOLUNTEERS = (
    Offered(
        "Karim Benali",
        needs=("pharmacie", "trajet", "bricolage"),
        slots=("mar-soir", "jeu-soir", "sam-matin", "sam-apres-midi"),
        means=("car",),
        shown="needs",
        since="-190 19:20",
    ),
    Offered("Théo Vasseur", needs=("courses", "bricolage"), slots=("ven-soir", "dim-matin"), since="-180 21:05"),
    Offered("Zineb Amrani", needs=("courses", "pharmacie"), slots=("lun-matin", "mer-matin"), reach="street",
            means=("cart",), shown="badge", since="-110 12:40"),
    Offered("Ousmane Traoré", needs=("bricolage",), shown="needs", since="-95 18:30"),
    Offered("Hélène Dubost", needs=("compagnie", "autre"), slots=("mar-apres-midi", "jeu-matin"), shown="badge",
            since="-90 10:15"),
    Offered("Bruno Chavassieux", needs=("trajet", "bricolage"), slots=("sam-apres-midi", "dim-apres-midi"),
            means=("car",), shown="needs", since="-80 8:45"),
    Offered("Minh Nguyen", needs=("compagnie", "courses"), slots=("mer-apres-midi",), reach="street",
            since="-71 20:10"),
    Offered("Mehdi Kaci", needs=("courses", "autre"), slots=("lun-matin", "mar-matin", "mer-matin"), shown="badge",
            since="-64 7:55"),
    Offered("Adrien Petit", needs=("bricolage", "autre"), slots=("mer-soir", "jeu-soir"), shown="needs",
            since="-58 22:00"),
    Offered("Inês Carvalho", needs=("garde", "compagnie"), slots=("sam-apres-midi",), since="-49 13:30"),
    Offered("Arthur Lefèvre", needs=("autre", "compagnie"), slots=("mer-matin", "ven-apres-midi"), shown="badge",
            since="-40 17:20"),
    Offered("Josiane Tissot", needs=("courses",), reach="street", means=("cart",), since="-33 9:30"),
    Offered("Kevin R.", needs=("courses", "bricolage"), slots=("sam-matin",), shown="needs", since="-20 16:50"),
)  # fmt: skip
