"""What must not stand in a text that the whole quartier reads: a number, an address, a code.

It catches what people really type in France and errs on the side of asking: the author reads
one sentence and keeps every word, and may say that a number is none.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from server.base.shapes import N_
from server.text import phones

# What is searched of a text. Whatever is kept is shorter; what is longer has to be shortened first.
MAX_SEARCHED = 2_000
# Each pattern is anchored or possessive, so that time grows with the text and no faster (bench/patterns.py).
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]++\s?(?:@|[(\[](?:a|at|arobase)[)\]]|\barobase\b)\s?[\w-]++(?:\.[\w-]++)+", re.IGNORECASE
)
_DOOR_CODE = re.compile(
    r"\b(?:digi)?codes?\b(?!\s{1,3}(?:postal|promo|barre|civil|du travail|de la route))"
    r"[^.!?\n]{0,25}?\b(?:(?=[A-Z]{0,7}\d[A-Z]{0,7}\d)[A-Z0-9]{3,8}|\d(?:[ .-]\d){3,5})\b|\bdigicode\b"
    # A letter and some digits, beside what one opens with them.
    r"|\b(?:porte|portail|portillon|interphone|hall|tape[rz])\b[^\w\n]{1,3}(?:le |la )?"
    r"(?:[A-Z]\d{3,5}[A-Z]?|\d{3,5}[A-Z])\b",
    re.IGNORECASE,
)
_STREET_NUMBER = re.compile(
    r"\b\d{1,4}\s?(?:bis|ter|[a-d]\b)?\s?,?\s{0,4}(?:(?:de la|du|de l.) )?(?:rue|r\.|r(?= d)|avenue|av\b|boulevard|"
    r"bd\b|place|pl\b|allée|impasse|quai|chemin|route|montée|passage|square|résidence|(?-i:cours(?= [A-ZÉ])))(?!\w)",
    re.IGNORECASE,
)

PHONE = N_("Votre numéro est dans le texte : tout le quartier le verrait. Retirez-le, on se répond ici.")
EMAIL = N_("Une adresse de courriel est dans le texte : tout le quartier la verrait. Retirez-la, on se répond ici.")
DOOR_CODE = N_("Un code de porte est dans le texte : tout le quartier le verrait. Retirez-le.")
ADDRESS = N_("L’adresse exacte est dans le texte : tout le quartier la verrait. La rue suffit, sans le numéro.")
SENTENCES = {"phone": PHONE, "email": EMAIL, "code": DOOR_CODE, "address": ADDRESS}


@dataclass(frozen=True, slots=True)
class Caught:
    """A private detail: ``what`` (phone, email, code, address), and where it stands in the text as it was typed."""

    what: str
    start: int
    end: int

    @property
    def sentence(self) -> str:
        """What its author reads about it."""
        return SENTENCES[self.what]


def find_all(text: str, *, street_numbers: bool, no_number: bool = False) -> list[Caught]:
    """Every private detail of the first ``MAX_SEARCHED`` signs of a text, in order, none within another.

    ``street_numbers``: true where an address is public by nature (a shop, a hall). ``no_number``: its
    author said that what looks like a telephone number is none.
    """
    plain, places = _plain(text[:MAX_SEARCHED])
    found: list[Caught] = []
    for what, start, end in sorted(_spans(plain, street_numbers, no_number), key=lambda span: span[1:]):
        if not found or places[start] >= found[-1].end:
            found.append(Caught(what, places[start], places[end - 1] + 1))
    return found


def caught(text: str, *, street_numbers: bool, no_number: bool = False) -> Caught | None:
    """The first private detail of a text, or None; arguments as for ``find_all``."""
    return next(iter(find_all(text, street_numbers=street_numbers, no_number=no_number)), None)


def _spans(plain: str, street_numbers: bool, no_number: bool) -> Iterator[tuple[str, int, int]]:
    if not no_number:
        yield from (("phone", phone.start, phone.end) for phone in phones.find(plain))
    patterns = [("email", _EMAIL), ("code", _DOOR_CODE)] + ([] if street_numbers else [("address", _STREET_NUMBER)])
    for what, pattern in patterns:
        yield from ((what, *match.span()) for match in pattern.finditer(plain))


def _plain(text: str) -> tuple[str, list[int]]:
    """The text as it is read (digits of any script as 0 to 9, nothing without width), and where each sign came from."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        # "½ place" is half a seat, and no number 2 of a square.
        fraction = unicodedata.decomposition(sign).startswith("<fraction>")
        for kept in sign if fraction else unicodedata.normalize("NFKC", sign):
            if unicodedata.category(kept) != "Cf":
                signs.append(str(unicodedata.digit(kept)) if kept.isdigit() else kept)
                places.append(place)
    return "".join(signs), places
