"""Reading forms: every kind answered well, every bad answer with its sentence beside its field."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.posts import forms
from server.posts.forms import Wrong, read_answers
from server.posts.kinds import ENCOURAGEMENT, GATHERING, HELP, INITIATIVE, KINDS, OFFER, PLAYLIST, TIP
from server.text import private_words
from server.text.i18n import today
from tests.support.forms import GOOD

pytestmark = pytest.mark.one_engine

YESTERDAY = (today() - timedelta(days=1)).isoformat()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_a_good_form_has_no_fault(kind):
    read = read_answers(kind, GOOD[kind.slug])
    assert read.faults == {}
    assert isinstance(read.answers["title"], str) and isinstance(read.answers["body"], str)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_an_empty_form_says_each_thing_that_is_missing(kind):
    missing = {field.name for field in kind.fields if field.required and field.only is None}
    assert set(read_answers(kind, {}).faults) == missing


BAD = [
    (HELP, {"urgency": "urgent"}, "due_at", HELP.field("due_at").missing),
    (HELP, {"urgency": "demain"}, "urgency", forms.NOT_OFFERED),
    (HELP, {"title": "x" * 91}, "title", forms.TOO_LONG),
    (HELP, {"body": "Appelez le 04 65 71 20 08"}, "body", private_words.PHONE),
    (HELP, {"place": "52 rue de Gerland"}, "place", private_words.ADDRESS),
    (HELP, {"urgency": "urgent", "due_at_day": YESTERDAY, "due_at_hour": "08:00"}, "due_at", forms.PAST),
    (HELP, {"urgency": "urgent", "due_at_day": "2090-01-01", "due_at_hour": "08:00"}, "due_at", forms.TOO_FAR),
    (GATHERING, {"starts_at_day": YESTERDAY}, "starts_at", forms.PAST),
    (GATHERING, {"starts_at_day": "2026-02-31"}, "starts_at", forms.NOT_A_DAY),
    (GATHERING, {"starts_at_day": "demain"}, "starts_at", forms.NOT_A_DAY),
    (GATHERING, {"starts_at_hour": ""}, "starts_at", GATHERING.field("starts_at").missing),
    (OFFER, {"capacity": "beaucoup"}, "capacity", forms.NOT_A_NUMBER),
    (OFFER, {"capacity": "-3"}, "capacity", forms.NOT_A_NUMBER),
    (OFFER, {"capacity": "٣"}, "capacity", forms.NOT_A_NUMBER),
    (OFFER, {"capacity": "0"}, "capacity", forms.OUT_OF_RANGE),
    (OFFER, {"capacity": "9" * 6}, "capacity", forms.OUT_OF_RANGE),
    (OFFER, {"repeats": "once"}, "starts_at", OFFER.field("starts_at").missing),
    (TIP, {"valid_until": YESTERDAY}, "valid_until", forms.PAST),
    (TIP, {"link": "javascript:alert(1)"}, "link", forms.NOT_A_LINK),
    (TIP, {"link": "data:text/html,x"}, "link", forms.NOT_A_LINK),
    (TIP, {"link": "https://banque.fr@mechant.example/"}, "link", forms.NOT_A_LINK),
    (TIP, {"link": "http://[::1"}, "link", forms.NOT_A_LINK),
    (TIP, {"link": "https://mechant.example\\.exemple.fr/"}, "link", forms.NOT_A_LINK),
    (TIP, {"link": "http://."}, "link", forms.NOT_A_LINK),
    (TIP, {"title": "\u2800\u200b\u3164"}, "title", TIP.field("title").missing),
    (GATHERING, {"starts_at_day": "0001-01-01", "starts_at_hour": "00:00"}, "starts_at", forms.NOT_A_DAY),
    (TIP, {"link": "https://x.example:99999/"}, "link", forms.NOT_A_LINK),
    (ENCOURAGEMENT, {"body": "x" * 181}, "body", forms.TOO_LONG),
    (PLAYLIST, {"track_title_2": "La mer"}, "tracks", forms.TRACK_HALF),
    (INITIATIVE, {"wanted": "hands"}, "capacity", INITIATIVE.field("capacity").missing),
]


@pytest.mark.parametrize(("kind", "change", "name", "sentence"), BAD)
def test_a_bad_answer_has_its_sentence(kind, change, name, sentence):
    read = read_answers(kind, GOOD[kind.slug] | change)
    assert read.faults[name].message == sentence


def test_an_idea_may_be_longer_than_a_kind_word():
    assert read_answers(ENCOURAGEMENT, {"tone": "idea", "body": "x" * 800}).faults == {}
    assert read_answers(ENCOURAGEMENT, {"tone": "idea", "body": "x" * 801}).faults["body"].values["limit"] == 800


def test_what_a_corrected_post_already_had_may_be_past():
    old = {"starts_at": forms._parse(YESTERDAY, "20:00")}
    typed = GOOD["gathering"] | {"starts_at_day": YESTERDAY}
    assert read_answers(GATHERING, typed, old).faults == {}
    assert "starts_at" in read_answers(GATHERING, typed).faults


def test_links_are_completed_and_kept():
    assert forms.web_link(" exemple.fr/a ") == "https://exemple.fr/a"
    assert forms.web_link("http://exemple.fr/?q=é") == "http://exemple.fr/?q=é"
    assert forms.web_link("") is None


@pytest.mark.parametrize("text", ["04 65 71 20 08", "+33 4 65 71 20 08"])
def test_a_number_is_a_contact(text):
    assert forms.contact(text) == (text, None)


@pytest.mark.parametrize("text", ["04 65 71 20", "odette@", "a@b@c.fr", "rue de Gerland", "1" * 17])
def test_half_a_contact_is_refused(text):
    with pytest.raises(Wrong):
        forms.contact(text)


def test_emoji_and_right_to_left_names_are_kept_whole():
    assert forms.person_name(" Zoé 🌻 ") == "Zoé 🌻"
    assert forms.person_name("ליאת כהן") == "ליאת כהן"
    assert forms.person_name("abc\u202edef\u2066") == "abcdef"
    for name in ("\u200b", "\u3164", "04 65 71 20 08"):
        with pytest.raises(Wrong):
            forms.person_name(name)


@given(st.text())
def test_tidy_text_stays_the_same_when_tidied_again(text):
    once = forms.tidy(text)
    assert forms.tidy(once) == once
    assert "\0" not in once and "\r" not in once


@given(st.dictionaries(st.sampled_from([f.name for k in KINDS for f in k.fields]), st.text(max_size=200)))
def test_no_form_makes_the_reader_fail(typed):
    for kind in KINDS:
        read = read_answers(kind, typed)
        for fault in read.faults.values():
            assert fault.message % fault.values
