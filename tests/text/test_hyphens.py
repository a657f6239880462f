"""Long words part between their syllables, and nothing else is touched."""

import pytest

from server.text.hyphens import SOFT, soften

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    "word",
    [
        "anti-cons-ti-tu-tion-nel-le-ment",
        "inter-gou-ver-ne-men-tale",
        "élec-tro-en-cé-pha-lo-gramme",
        "Rési-den-tia-li-sa-tions",
    ],
)
def test_a_long_word_parts_between_its_syllables(word):
    whole = word.replace("-", "")
    softened = soften(f"Un {whole}, dit-il.")
    assert softened.replace(SOFT, "") == f"Un {whole}, dit-il."
    pieces = softened.removeprefix("Un ").removesuffix(", dit-il.").split(SOFT)
    # No piece that a line of a small telephone could not hold, none of one letter.
    assert len(pieces) >= 3 and all(2 <= len(piece) <= 11 for piece in pieces), pieces


@pytest.mark.parametrize(
    "text",
    [
        "", "Rendez-vous à Gerland", "responsabilité", "https://anticonstitutionnellement.example/anticonstitutionnellement",
        "jean@anticonstitutionnellement.fr", "anticonstitutionnellement.fr", "A" * 3 + "1" * 40, "1" * 5000,
    ],
)  # fmt: skip
def test_everything_else_stays(text):
    assert soften(text) == text


def test_a_word_without_an_end_costs_no_more_than_its_length():
    for word in ("a" * 60_000, "ab" * 30_000, "bcd" * 20_000, "ı" * 60_000, "İ" * 60_000):
        assert soften(word + "/").replace(SOFT, "") == word + "/"
        assert soften(word).replace(SOFT, "") == word
