"""Headers as the standard reads them: weights, lists, doubles."""

import pytest

from server.text.i18n import choose
from server.text.negotiation import accepts, has_already

pytestmark = pytest.mark.one_engine

TAG = '"abc"'


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("gzip", True),
        ("gzip, br", True),
        ("br;q=1.0, gzip;q=0.8", True),
        ("*", True),
        ("GZIP", True),
        ("gzip ; q = 0.5", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("*;q=0", False),
        ("identity", False),
        ("", False),
        ("xgzip", False),
        ("gzip;q=0, *", False),
        ("*;q=0, gzip", True),
        ("gzip;q=x", False),
        ("gzip;q=1e9", False),
        ("br, *;q=0", False),
    ],
)
def test_a_coding_is_taken_when_its_weight_says_so(header, taken):
    assert accepts(header, "gzip") is taken


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr;q=0.9, en;q=0.5", "fr"),
        ("en;q=0.5, fr;q=0.9", "fr"),
        ("en, fr;q=0.9", "en"),
        ("fr;q=0.9, en", "en"),
        ("de, en;q=0.1", "en"),
        ("fr;q=0, en", "en"),
        ("en;q=0, de", "fr"),
        ("en-GB ; q=0.7 , fr-CA;q=0.3", "en"),
        ("", "fr"),
        ("*", "fr"),
        ("en;q=inf", "fr"),
        ("en;q=nan, fr", "fr"),
        ("fra, en", "en"),
        ("EN", "en"),
    ],
)
def test_the_language_of_the_highest_weight_that_we_speak(header, language):
    assert choose(None, header) == language


@pytest.mark.parametrize("header", [TAG, f'"x", {TAG}', f"W/{TAG}", "*", f' "y" ,W/{TAG} '])
def test_what_one_has_already_is_not_sent(header):
    assert has_already(header, TAG)


@pytest.mark.parametrize("header", ["", "abc", '"abcd"', 'W/"x"', '"x", *'])
def test_what_one_has_not_is_sent(header):
    assert not has_already(header, TAG)
