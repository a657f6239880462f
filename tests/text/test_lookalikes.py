"""What names look like: alike, mixed, passing for somebody; and what is none of it."""

import pytest

from server.posts.forms import Wrong, person_name
from server.text import lookalikes

pytestmark = pytest.mark.one_engine

ALIKE = [
    ("Jeanne Morel", "jeanne  MOREL"), ("Jeanne Morel", "Jeаnne Morel"), ("Jeanne Morel", "Jeanne M0rel"),
    ("Jeanne Morel", "Jeanne Moreӏ"), ("Jeanne Morel", "Jeanne\u200b Morel"), ("Jeanne Morel", "Jeanne-Morel"),
    ("Jeanne Morel", "JeanneMorel"), ("Jeanne Morel", "Ｊｅａｎｎｅ Morel"), ("Jeanne Morel", "𝐉eanne Morel"),
    ("Karim Benali", "Karirn Benali"), ("Karim Benali", "Kаrіm Веnаlі"), ("Karim Benali", "Karim BenaIi"),
    ("François Roy", "Franc\u0327ois Roy"), ("Léna", "Lena"), ("Will Vaux", "VViII Vaux"), ("D’Amico", "D'Amico"),
    ("Odette", "Οdette"), ("Odette", "0dette"), ("Paul Émile", "Paul-Emile"), ("Jean Morel", "J€an Morel"),
    # Latin letters that are another one with a hook, turned, inverted, or a small capital.
    ("Cyril Monnet", "Cyriɭ Monnet"), ("Cyril Monnet", "Cyriꞁ Monnet"), ("Cyril Monnet", "Cyril Monneƭ"),
    ("Cyril Monnet", "Cƴril Monnet"), ("Cyril Monnet", "Cyril Ɱonnet"), ("Cyril Monnet", "Cyril ꟽonnet"),
    ("Cyril Monnet", "Cʏʀɪʟ Mᴏɴɴᴇᴛ"), ("Claude Dumas", "Daude Clumas"),
]  # fmt: skip
NOT_ALIKE = [
    ("Jeanne Morel", "Jeanne Moral"), ("Paul Cordier", "Paul Gordier"), ("Odette", "Odile"), ("Nadia", "Nadine"),
    ("Jeanne Morel", "Jean Morel"), ("Voisin 1", "Voisin 2"), ("Théo", "Cléo"), ("山田", "田中"), ("Олег", "Ольга"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_look_alike_have_one_key(one, other):
    assert lookalikes.key(one) == lookalikes.key(other) and lookalikes.bears(other, one)


@pytest.mark.parametrize(("one", "other"), NOT_ALIKE)
def test_other_names_do_not(one, other):
    assert lookalikes.key(one) != lookalikes.key(other)


PASSING = {
    "Cyril Monnet": [
        "Monnet Cyril", "Monnet, Cyril (Lyon 7e)", "C. Monnet", "C.Monnet", "Cyril M.", "Cyril M. (7e)", "Cyril Monet",
        "Monet Cyril", "Cyril Monnett", "Cyril Monnet2", "Cyril Monnet²", "Cyril Monnet①", "CyrilMonnet2",
        "cyrilmonnet2", "cyril.monnet", "Cyril Mo nnet", "M. Monnet", "Monnet", "Cyrilmonnet Palier",
        "Cyril de Monnet",
    ],
    "Jeanne Morel": [
        "Jeanne M", "J. Morel", "Morel Jeanne", "Jeanne Morelˡ", "Jeanne Moreˡ", "Jeanne Moral", "Jeanne Morel 2",
        "La vraie Jeanne Morel", "Jeanne Moreł (du 12)", "Jeanne  Morel, rue des Lilas", "Mme Morel",
    ],
    "Jeanne Morel, rue des Lilas": ["Jeanne Morel", "Jeanne M.", "Morel Jeanne"],
    "Jean-Luc Le Guen": ["J.-L. Le Guen", "Jean Luc Le Guen", "Le Guen Jean-Luc"],
    "Claire Dumas": ["C. Dumas", "Daire Dumas"],
    "Odette": ["Odette2", "odette"],
}  # fmt: skip
FREE = {
    "Cyril Monnet": [
        "Cyrille Monnet", "Cyril", "Paul Monnet", "Cyril Dupont", "M. Cyril", "Monnier Paul", "C. Dupont",
        "Famille Monnet",
    ],
    "Jeanne Morel": [
        "Jeanne", "Jeanne Dupont-Morel", "Marie-Jeanne Moreland", "Jean Morel", "M. et Mme Roy", "Jeanne Martin",
    ],
    "Yann Le Guen": ["Le Goff", "Y. Le Goff", "Le Bihan Yves"],
    # A first name alone is nobody's own.
    "Jeanne": ["Jeanne Dupont"], "Odette": ["Odile"], "山田": ["田中"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "other"), [(name, other) for other, names in PASSING.items() for name in names])
def test_who_could_pass_for_somebody(name, other):
    assert person_name(name) == " ".join(name.split())
    assert lookalikes.bears(name, other)


@pytest.mark.parametrize(("name", "other"), [(name, other) for other, names in FREE.items() for name in names])
def test_who_could_not(name, other):
    assert not lookalikes.bears(name, other)


@pytest.mark.parametrize("name", ["Jeаnne", "Олег Roy", "Odette Βerthier", "𝐉eanne", "Ｊeanne", "ﬁona", "Ꭻeanne"])
def test_letters_of_two_alphabets_are_refused(name):
    with pytest.raises(Wrong):
        person_name(name)


def test_what_a_name_is_called_while_it_waits():
    assert lookalikes.initials("Jeanne Morel") == "J. M." and lookalikes.initials("élodie") == "É."
    assert lookalikes.initials("") == lookalikes.initials("!!!") == "X."
    assert len(lookalikes.key("Æ" * 60)) <= lookalikes.LONGEST_KEY
