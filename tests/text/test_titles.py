"""Words that nobody is called: refused however they are spelled; and ordinary names, which are not."""

import importlib
import unicodedata

import pytest

from server.posts.forms import Wrong, person_name
from server.text import titles


@pytest.mark.parametrize(
    "name",
    ["Jeanne Morel (modératrice)", "SAMU 15", "S.A.M.U.", "SAMU15", "M0dératrice", "Admin", "ADMINISTRATEUR", "Аdmin",
     "JeanneAdmin", "L’administration", "Les Pompiers", "Рolice", "A d m i n", "Urgences du quartier",
     "modé\u200bratrice",
     "Jeanne, la modo", "ＳＡＭＵ", "Secours",
     # Look-alikes, capitals within, in parts, glued, in the plural, for women, in other languages.
     "POMPlERS de Lyon", "Adrnin Palier", "ad min", "Pom piers", "Admi-n", "P.o.m.p.i.e.r.s", "lespompiers", "lapolice",
     "Þolice", "Ƥompiers", "ᴘᴏᴍᴘɪᴇʀs", "Pompiers①", "Admin69", "Les Policiers", "Policières", "Administratrices",
     "Secouristes", "Sapeurs", "Croix-Rouge", "Protection civile", "Infirmière Julie", "Julie (infirmière)",
     "Firefighters", "Админ",
     # A whole title, or its beginning.
     "Docteur Aubert", "Dr Martin", "Dr. Martin", "Mme le docteur Roy", "Médecin de garde", "SOS Médecins",
     "S0S Médecins",
     "L'équipe Palier", "L’équipe", "Le Palier", "Palier", "Gardien", "La gardienne", "Le gardien (bât. B)",
     "Gardien de l'immeuble", "Gardien d’immeuble", "Le 18", "Le 112"],
)  # fmt: skip
def test_no_name_says_a_role_or_an_emergency_service(name):
    with pytest.raises(Wrong):
        person_name(name)
    assert titles.role_in(name)


@pytest.mark.parametrize(
    "name",
    ["Jeanne Morel", "Олег Петров", "Αθηνά", "Nguyễn Văn An", "O’Brien", "Jean-Luc Łukasz", "Yılmaz Şahin",
     "José 2", "山田 たろう", "김민수", "عائشة", "M. et Mme Roy",
     "Adminette Petit", "Modeste Roy", "Jean Secourable", "Samuel Roy",
     "Ирина", "Søren Ødegård", "A. B. C. Dupont", "Policarpe Roy", "Kevin R.",
     "Le Guen", "Yann Le Guen", "Paul Gardien", "Gardien Paul", "Mme Gardien", "Famille Gardien", "Paul Médecin",
     "Jeanne Palier", "Bruno Le Maire", "Marie Sos", "Paul Bonsecours", "Legendarme", "Pauline Croix", "Rouge Martin",
     "Jeanne (du 12)", "Voisin 18", "Drissa Koné", "Ad Minh", "Éco-Habitat 69", "Michel Sapin", "Palierne"],
)  # fmt: skip
def test_ordinary_names_pass(name):
    assert person_name(name) == name
    assert person_name(unicodedata.normalize("NFD", name)) == unicodedata.normalize("NFC", name)


def test_no_first_or_family_name_of_a_list_is_refused():
    """Samu is a Spanish first name: the one that is known."""
    names = {
        name
        for language in ("fr_FR", "es_ES", "it_IT", "pl_PL", "pt_PT", "tr_TR", "vi_VN", "en_US")
        for provider in (importlib.import_module(f"faker.providers.person.{language}").Provider,)
        for name in (*provider.first_names, *provider.last_names)
    }
    assert len(names) > 5000 and [name for name in names if titles.role_in(name)] == ["Samu"]
