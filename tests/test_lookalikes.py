"""What names look like: alike, mixed, a role in disguise; and what is none of it."""

import unicodedata

import pytest

from server import lookalikes
from server.forms import Wrong, person_name

ALIKE = [
    ("Jeanne Morel", "jeanne  MOREL"), ("Jeanne Morel", "Jeаnne Morel"), ("Jeanne Morel", "Jeanne M0rel"),
    ("Jeanne Morel", "Jeanne Moreӏ"), ("Jeanne Morel", "Jeanne\u200b Morel"), ("Jeanne Morel", "Jeanne-Morel"),
    ("Jeanne Morel", "JeanneMorel"), ("Jeanne Morel", "Ｊｅａｎｎｅ Morel"), ("Jeanne Morel", "𝐉eanne Morel"),
    ("Karim Benali", "Karirn Benali"), ("Karim Benali", "Kаrіm Веnаlі"), ("Karim Benali", "Karim BenaIi"),
    ("François Roy", "Franc\u0327ois Roy"), ("Léna", "Lena"), ("Will Vaux", "VViII Vaux"), ("D’Amico", "D'Amico"),
    ("Odette", "Οdette"), ("Odette", "0dette"), ("Paul Émile", "Paul-Emile"), ("Jean Morel", "J€an Morel"),
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
    assert lookalikes.key(one) != lookalikes.key(other) and not lookalikes.bears(other, one)


def test_a_name_may_have_another_s_in_it():
    for name in ("Jeanne Morel 2", "La vraie Jeanne Morel", "Jeаnne Moreӏ (du 12)", "Jeanne  Morel, rue des Lilas"):
        assert lookalikes.bears(name, "Jeanne Morel"), name
    for name in ("Jeanne", "Jeanne Dupont-Morel", "Morel Jeanne", "Marie-Jeanne Moreland"):
        assert not lookalikes.bears(name, "Jeanne Morel"), name
    # A first name alone is nobody's own.
    assert not lookalikes.bears("Jeanne Dupont", "Jeanne")


@pytest.mark.parametrize(
    "name",
    ["Jeanne Morel (modératrice)", "SAMU 15", "S.A.M.U.", "SAMU15", "M0dératrice", "Admin", "ADMINISTRATEUR", "Аdmin",
     "JeanneAdmin", "L’administration", "Les Pompiers", "Рolice", "A d m i n", "Urgences du quartier",
     "modé\u200bratrice",
     "Jeanne, la modo", "ＳＡＭＵ", "Secours"],
)  # fmt: skip
def test_no_name_says_a_role_or_an_emergency_service(name):
    with pytest.raises(Wrong):
        person_name(name)
    assert lookalikes.role_in(name)


@pytest.mark.parametrize("name", ["Jeаnne", "Олег Roy", "Odette Βerthier", "𝐉eanne", "Ｊeanne", "ﬁona", "Ꭻeanne"])
def test_letters_of_two_alphabets_are_refused(name):
    with pytest.raises(Wrong):
        person_name(name)


@pytest.mark.parametrize(
    "name",
    ["Jeanne Morel", "Олег Петров", "Αθηνά", "Nguyễn Văn An", "O’Brien", "Jean-Luc Łukasz", "Yılmaz Şahin",
     "José 2", "山田 たろう", "김민수", "عائشة", "M. et Mme Roy",
     "Adminette Petit", "Modeste Roy", "Jean Secourable", "Samuel Roy",
     "Ирина", "Søren Ødegård", "A. B. C. Dupont", "Policarpe Roy", "Kevin R."],
)  # fmt: skip
def test_ordinary_names_pass(name):
    assert person_name(name) == name
    assert person_name(unicodedata.normalize("NFD", name)) == unicodedata.normalize("NFC", name)


def test_what_a_name_is_called_while_it_waits():
    assert lookalikes.initials("Jeanne Morel") == "J. M." and lookalikes.initials("élodie") == "É."
    assert lookalikes.initials("") == lookalikes.initials("!!!") == "X."
    assert len(lookalikes.key("Æ" * 60)) <= lookalikes.LONGEST_KEY
