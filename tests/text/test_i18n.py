"""French spaces, dates and the English catalogue."""

import importlib.util
import re
from datetime import UTC, date, datetime, timedelta
from importlib.machinery import SourceFileLoader

import pytest
from babel.messages.pofile import read_po

from server.base.settings import ROOT
from server.text import i18n
from tests.support.makers import NOON, set_clock

pytestmark = pytest.mark.one_engine

_loader = SourceFileLoader("bin_messages", str(ROOT / "bin" / "messages"))
messages = importlib.util.module_from_spec(importlib.util.spec_from_loader("bin_messages", _loader))
_loader.exec_module(messages)


def test_every_sentence_has_its_english():
    catalogue = read_po(i18n.CATALOGUE.open("rb"), locale="en")
    missing, odd = [], []
    for message in messages.sentences():
        if not message.id:
            continue
        known = catalogue.get(message.id)
        strings = known.string if known and isinstance(known.string, tuple) else (known.string if known else "",)
        if not all(strings):
            missing.append(message.id)
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        blanks = set(re.findall(r"%\(\w+\)s", " ".join(ids)))
        if set(re.findall(r"%\(\w+\)s", " ".join(strings))) != blanks:
            odd.append(message.id)
    assert missing == []
    assert odd == []


def test_the_catalogue_holds_nothing_that_the_source_no_longer_says():
    said = {str(message.id) for message in messages.sentences()}
    kept = {str(message.id) for message in read_po(i18n.CATALOGUE.open("rb"), locale="en") if message.id}
    assert kept - said == set()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Qui vient ?", "Qui vient\u00a0?"),
        ("« Bonjour »", "«\u00a0Bonjour\u00a0»"),
        ("à 18 h 30, nº 12", "à\u00a018\u00a0h\u00a030, nº\u00a012"),
        ("3,80 €", "3,80\u00a0€"),
        ("Avant %(hour)s, %(day)s", "Avant %(hour)s, %(day)s"),
        ("M. Perrin", "M.\u00a0Perrin"),
        ("jeudi 3 décembre à 14 h", "jeudi 3\u00a0décembre à\u00a014\u00a0h"),
        ("10 € ou 1 000 000", "10\u00a0€ ou 1\u00a0000\u00a0000"),
        ("Étape 2 sur 4, nº 2 à 14", "Étape 2\u00a0sur\u00a04, nº\u00a02 à\u00a014"),
        ("%(taken)s sur %(all)s, %(day)s à %(hour)s", "%(taken)s\u00a0sur\u00a0%(all)s, %(day)s à\u00a0%(hour)s"),
        ("%(name)s s’en occupe depuis %(count)s s", "%(name)s s’en occupe depuis %(count)s\u00a0s"),
        ("jusqu’à 14 h", "jusqu’à 14\u00a0h"),
        ("Imprimez-la", "Imprimez-la"),
        ("%(name)s s’en occupe", "%(name)s s’en occupe"),
    ],
)
def test_no_break_spaces(typed, shown):
    assert i18n.no_break(typed) == shown


@pytest.mark.parametrize(
    ("typed", "english"),
    [
        ("de 9 h à 19 h", "from 9\u00a0am to 7\u00a0pm"),
        ("9h30 à 12h", "from 9:30\u00a0am to noon"),
        ("De 0 h à 12 h 05", "from midnight to 12:05\u00a0pm"),
        ("le soir <b>", '<span lang="fr">le soir &lt;b&gt;</span>'),
        ("de 9 h à midi", '<span lang="fr">de 9\u00a0h à midi</span>'),
    ],
)
def test_hours_that_were_typed_in_french_are_read_in_english(typed, english):
    assert i18n.open_hours(typed, "en") == english
    assert i18n.open_hours(typed, "fr") == i18n.no_break(typed)


@pytest.mark.parametrize(
    ("account", "header", "language"),
    [
        ("en", "fr", "en"),
        (None, "en-GB,en;q=0.9,fr;q=0.8", "en"),
        (None, "de,fr;q=0.5,en;q=0.4", "fr"),
        (None, "de", "fr"),
        (None, "", "fr"),
        (None, "en;q=0,fr", "fr"),
        (None, "en;q=abc", "fr"),
    ],
)
def test_language_by_account_then_browser(account, header, language):
    assert i18n.choose(account, header) == language


def test_near_days_have_their_words(monkeypatch):
    set_clock(monkeypatch, NOON)
    assert i18n.when(NOON + timedelta(hours=8), "fr") == "ce soir à\u00a020\u00a0h"
    assert i18n.when(NOON + timedelta(days=1), "fr") == "demain à\u00a012\u00a0h"
    assert i18n.when(NOON - timedelta(days=1, minutes=-5), "fr") == "hier à\u00a012\u00a0h\u00a005"
    assert i18n.soon(NOON + timedelta(days=3), "fr") == "vendredi"
    assert i18n.since(NOON - timedelta(days=2), "fr") == "dimanche"
    assert i18n.day(date(2026, 12, 1), "fr") == "mardi 1er\u00a0décembre"
    assert i18n.hour(datetime(2026, 3, 17, 17, 30, tzinfo=UTC), "en") == "18:30"


def test_zero_and_one_are_singular_in_french():
    french = i18n.translations("fr")
    assert [french.ngettext("voisin", "voisins", n) for n in (0, 1, 2)] == ["voisin", "voisin", "voisins"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Karim", "de Karim"), ("Odette Berthier", "d’Odette Berthier"), ("Élise", "d’Élise"), ("Œdipe", "d’Œdipe"),
        ("Yves", "d’Yves"), ("Yasmine", "de Yasmine"), ("Hugo", "de Hugo"), ("un voisin", "d’un voisin"), ("", "de "),
    ],
)  # fmt: skip
def test_a_name_after_de_is_said_as_one_says_it(name, said):
    assert i18n.of(name, "fr") == said and i18n.of(name, "en") == name
