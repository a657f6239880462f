"""What is caught in public text, and what must pass."""

import pytest

from server.text import private_words

pytestmark = pytest.mark.one_engine

CAUGHT = [
    ("Appelez-moi au 04 65 71 20 08.", private_words.PHONE),
    ("0465712008", private_words.PHONE),
    ("04.65.71.20.08", private_words.PHONE),
    ("+33 6 39 98 41 12", private_words.PHONE),
    ("+33(0)639984112", private_words.PHONE),
    ("0033 4 65 71 20 08", private_words.PHONE),
    ("tel 06-39-98-41-12 le soir", private_words.PHONE),
    ("écrivez à odette@exemple.fr", private_words.EMAIL),
    ("odette (at) exemple.fr", private_words.EMAIL),
    ("le code est B4071", private_words.DOOR_CODE),
    ("digicode 4071", private_words.DOOR_CODE),
    ("code de la porte : 25B40", private_words.DOOR_CODE),
    ("je suis au 52 rue de Gerland", private_words.ADDRESS),
    ("52 bis, avenue Jean-Jaurès, 3e étage", private_words.ADDRESS),
    ("06\u200b39\u200b98\u200b41\u200b12", private_words.PHONE),
    ("٠٦٣٩٩٨٤١١٢", private_words.PHONE),
    ("wa.me/33639984112", private_words.PHONE),
    ("+32 470 12 34 56", private_words.PHONE),
    ("au 12 av Jaurès", private_words.ADDRESS),
    ("4 cours Gambetta", private_words.ADDRESS),
]
PASSES = [
    "Le code postal 69007, le code promo NOEL24",
    "Le 24 cours de danse, à partir de 12 places",
    "Une ordonnance à prendre, avant 18 h 30",
    "La douzaine est à 3,80 €, le kilo à 12,50 €",
    "rue de Gerland, nº 40 à 60",
    "place des Pavillons, 4e étage",
    "samedi 28 novembre 2026, de 14 h à 17 h",
    "Il faut 6 personnes, 2 échelles et 10 pinceaux",
    "On se retrouve à 20 h sur la place, l’appel du 18 juin 1940",
    "Le code de la route se révise à la bibliothèque",
    "12 chansons, 8 voisins",
]


# What a member tried and got past it.
TRIED = [
    ("Sonnez, code 4-0-7-1", private_words.DOOR_CODE),
    ("code, c’est 4 0 7 1", private_words.DOOR_CODE),
    ("porte B4071", private_words.DOOR_CODE),
    ("tapez 4071B en bas", private_words.DOOR_CODE),
    ("à l’interphone A1234", private_words.DOOR_CODE),
    ("au 52 de la rue de Gerland", private_words.ADDRESS),
    ("52rue de Gerland", private_words.ADDRESS),
    ("52 pl des Pavillons", private_words.ADDRESS),
    ("52 r de Gerland", private_words.ADDRESS),
    ("au 06 12345 678", private_words.PHONE),
    ("061 234 567 8", private_words.PHONE),
    ("jean(a)exemple.fr", private_words.EMAIL),
    ("jean[arobase]exemple.fr", private_words.EMAIL),
]
PASSES += ["la porte 12", "le hall B", "le code promo 12 34", "l’A7 bouchée, porte de Lyon", "il y a 10 places assises"]


@pytest.mark.parametrize(("text", "sentence"), CAUGHT + TRIED)
def test_private_details_are_caught(text, sentence):
    assert private_words.caught(text, street_numbers=False).sentence == sentence


@pytest.mark.parametrize("text", PASSES)
def test_plain_words_pass(text):
    assert private_words.caught(text, street_numbers=False) is None


def test_an_address_is_fine_where_the_place_is_public():
    assert private_words.caught("Marché, 12 place des Pavillons", street_numbers=True) is None
    assert private_words.caught("Marché, 04 65 71 20 08", street_numbers=True).sentence == private_words.PHONE
