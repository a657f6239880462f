"""What must not stand in a text that the whole quartier reads: a number, an address, a code.

It catches what people really type in France and errs on the side of asking: the author reads
one sentence and keeps every word.
"""

import re
import unicodedata
from dataclasses import dataclass

from server.shapes import N_

# Ten digits from 0, +33 and nine, or another country's, however they are grouped; not prices or dates.
_PHONE = re.compile(
    r"(?<![\d,.])(?:(?:\+|00)\s?33[\s.\-]?(?:\(0\)\s?)?[1-9]|0[\s.\-]?[1-9])(?:[\s.\-/]*\d){8}(?!\d)"
    r"|(?<!\d)33[1-9]\d{8}(?!\d)|\+\d(?:[\s.\-]?\d){8,14}(?!\d)"
)
_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_DOOR_CODE = re.compile(
    r"\b(?:digi)?codes?\b(?!\s+(?:postal|promo|barre|civil|du travail|de la route))"
    r"[^.!?\n]{0,25}?\b(?=[A-Z]*\d[A-Z]*\d)[A-Z0-9]{3,8}\b|\bdigicode\b",
    re.IGNORECASE,
)
_STREET_NUMBER = re.compile(
    r"\b\d{1,4}\s?(?:bis|ter|[a-d])?\s?,?\s+(?:rue|r\.|avenue|av\b|boulevard|bd\b|place|pl\.|allée|impasse|quai|"
    r"chemin|route|montée|passage|square|résidence|(?-i:cours(?= [A-ZÉ])))(?!\w)",
    re.IGNORECASE,
)

PHONE = N_("Votre numéro est dans le texte : tout le quartier le verrait. Retirez-le, on se répond ici.")
EMAIL = N_("Une adresse de courriel est dans le texte : tout le quartier la verrait. Retirez-la, on se répond ici.")
DOOR_CODE = N_("Un code de porte est dans le texte : tout le quartier le verrait. Retirez-le.")
ADDRESS = N_("L’adresse exacte est dans le texte : tout le quartier la verrait. La rue suffit, sans le numéro.")
_PATTERNS = (
    ("phone", _PHONE, PHONE),
    ("email", _EMAIL, EMAIL),
    ("code", _DOOR_CODE, DOOR_CODE),
    ("address", _STREET_NUMBER, ADDRESS),
)


@dataclass(frozen=True, slots=True)
class Caught:
    """A private detail: ``what`` (phone, email, code, address), the sentence about it, and where it stands.

    ``start`` and ``end`` are 0 when it was found only in a spelling that hides it.
    """

    what: str
    sentence: str
    start: int
    end: int


def find(text: str, *, street_numbers: bool) -> Caught | None:
    """The first private detail of a text, or None. ``street_numbers`` as for ``caught``."""
    plain = _plain(text)
    for what, pattern, sentence in _PATTERNS:
        if what == "address" and street_numbers:
            continue
        if pattern.search(plain):
            place = pattern.search(text)
            return Caught(what, sentence, *(place.span() if place else (0, 0)))
    return None


def caught(text: str, *, street_numbers: bool) -> str | None:
    """The sentence to show beside the field, or None when nothing private was found.

    ``street_numbers``: true where an address is public by nature (a shop, a hall).
    """
    found = find(text, street_numbers=street_numbers)
    return found.sentence if found else None


def _plain(text: str) -> str:
    """The text as it is read: digits of every script as 0 to 9, nothing without width."""
    kept = unicodedata.normalize("NFKC", text)
    kept = "".join(sign for sign in kept if unicodedata.category(sign) != "Cf")
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in kept)
