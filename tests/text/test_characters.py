"""What cannot be seen is nothing, what joins an emoji or a letter stays."""

import unicodedata

import pytest

from server.posts import forms
from server.text import characters

pytestmark = pytest.mark.one_engine

# Default_Ignorable_Code_Point, as Unicode lists it; and signs that show nothing though their category says otherwise.
IGNORABLE = [
    0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0x200B, 0x2010),
    *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0,
    *range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000),
]  # fmt: skip
BLANK = [0x2800, 0x1D159, 0x16FE4, 0xFFFC, 0xE000, 0x301, 0xA0, 0x3000]


def test_a_text_or_a_name_of_invisible_signs_is_empty():
    assert len(IGNORABLE) == 4_174
    for code in (*IGNORABLE, *BLANK):
        for text in (chr(code), chr(code) * 3, f" {chr(code)}\u200d "):
            assert forms.tidy(text) == forms.line(text) == "", hex(code)
            with pytest.raises(forms.Wrong):
                forms.person_name(text)
            with pytest.raises(forms.Wrong):
                forms.plain_text(text, 100, "Il manque tout.")


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_every_line_end_is_one(end):
    assert forms.tidy(f"du pain{end}du lait") == "du pain\ndu lait"
    assert forms.line(f"du pain{end}du lait") == "du pain du lait"


@pytest.mark.parametrize("kept", ["👩‍🚒", "❤️", "❤️‍🔥", "1️⃣", "🇫🇷", "👍🏽", "می‌خواهم", "क्‍ष", "Zoé", "?", "20 €"])
def test_what_is_seen_stays_as_it_is(kept):
    assert forms.tidy(kept) == unicodedata.normalize("NFC", kept)


def test_marks_are_not_piled_up():
    """Before: a title of two letters was a card of 2,300 px, and the board 1,341 px wide on a telephone."""
    assert forms.tidy("Z" + "\u0489\u20dd\u20e0" * 20) == "Z\u0489\u20dd\u20e0\u0489"
    assert forms.tidy("ก" + "\u0e47\u0e49" * 35) == "ก" + "\u0e47\u0e49" * 2
    assert forms.tidy("ที่นี่ tiếng Việt שָׁלוֹם") == unicodedata.normalize("NFC", "ที่นี่ tiếng Việt שָׁלוֹם")


def test_hidden_signs_leave_a_word_and_a_decomposed_name_is_composed():
    assert forms.line("Ka\u200brim\u202e Be\u00adnali\ufe0f") == "Karim Benali"
    assert forms.person_name("Ame\u0301lie") == "Am\u00e9lie"


@pytest.mark.parametrize("name", ["1234", "!!!", "👍", "…"])
def test_a_name_has_a_letter(name):
    with pytest.raises(forms.Wrong):
        forms.person_name(name)


def test_only_letters_and_signs_are_seen():
    assert characters.visible("é") and characters.visible("👍") and not characters.visible(" \n\u0301")
