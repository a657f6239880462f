"""What must not stand in a text that the whole quartier reads: a number, an address, a code.

It catches what people really type in France and errs on the side of asking: the author reads
one sentence and keeps every word.
"""

import re

from server.kinds import N_

# Ten digits from 0, or +33 and nine, however they are grouped; not prices, dates or hours.
_PHONE = re.compile(r"(?<![\d,.])(?:(?:\+|00)\s?33[\s.\-]?(?:\(0\)\s?)?[1-9]|0[\s.\-]?[1-9])(?:[\s.\-/]*\d){8}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_DOOR_CODE = re.compile(
    r"\b(?:digi)?codes?\b[^.!?\n]{0,25}?\b(?=[A-Z]*\d[A-Z]*\d)[A-Z0-9]{3,8}\b|\bdigicode\b", re.IGNORECASE
)
_STREET_NUMBER = re.compile(
    r"\b\d{1,4}\s?(?:bis|ter|[a-d])?\s?,?\s+(?:rue|avenue|av\.|boulevard|bd|place|pl\.|allée|impasse|cours|quai|"
    r"chemin|route|montée|passage|square|résidence)\b",
    re.IGNORECASE,
)

PHONE = N_("Votre numéro est dans le texte : tout le quartier le verrait. Retirez-le, on se répond ici.")
EMAIL = N_("Une adresse de courriel est dans le texte : tout le quartier la verrait. Retirez-la, on se répond ici.")
DOOR_CODE = N_("Un code de porte est dans le texte : tout le quartier le verrait. Retirez-le.")
ADDRESS = N_("L’adresse exacte est dans le texte : tout le quartier la verrait. La rue suffit, sans le numéro.")


def caught(text: str, *, street_numbers: bool) -> str | None:
    """The sentence to show beside the field, or None when nothing private was found.

    ``street_numbers``: true where an address is public by nature (a shop, a hall).
    """
    if _PHONE.search(text):
        return PHONE
    if _EMAIL.search(text):
        return EMAIL
    if _DOOR_CODE.search(text):
        return DOOR_CODE
    if not street_numbers and _STREET_NUMBER.search(text):
        return ADDRESS
    return None
