"""What is typed for the one who comes: read apart from what the quartier reads."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from server.base.shapes import N_
from server.posts.forms import NO_NUMBER, Fault, Read, Wrong, contact, line, read_lines
from server.posts.kinds import HELP, PRIVATE
from server.text import private_words
from server.text.private_words import Caught

NO_WAY_THERE = N_("Il faut une adresse ou un téléphone : sans l’un des deux, personne ne vous trouve.")
NOT_MONEY = N_("Écrivez une somme en euros, par exemple 20 ou 12,50.")
MOST_CENTS = 50_000
# An address goes on to the end of its phrase; only its number leaves the public text.
_PHRASE = re.compile(
    r"(?:(?!\s(?:pour|avant|après|dès|merci|svp|s[’']il|quand|si|car|et|je|on|il|elle|demain|ce|cet|cette|vers|entre|jusqu)\b)"
    r"[^,;.\n]){0,80}",
    re.IGNORECASE,
)
_LEFT_ALONE = re.compile(r"[ ,;)]*")
_SPACED_END = re.compile(r"(?<! ) ++([.,!?])")
_NUMBER = re.compile(r"\d{1,4}\s?(?:bis|ter|[a-d]\b)?\s?,?\s*", re.IGNORECASE)
TOO_MUCH = N_("C’est beaucoup à avancer pour un voisin : 500 € au plus.")
# Where each private detail belongs when it is taken out of a public text.
_PLACES = {"phone": "phone", "email": "note", "code": "door_code", "address": "address"}


def read_private(typed: dict[str, str]) -> Read:
    """The private part of a request: answers by the names of ``kinds.PRIVATE``, and faults."""
    result = read_lines(PRIVATE, typed)
    for name, reader in (("phone", _phone), ("ceiling", money)):
        try:
            result.answers[name] = reader(typed.get(name, ""))
        except Wrong as wrong:
            result.faults[name] = wrong.args[0]
    asked = {"address", "phone"} - result.faults.keys()
    if len(asked) == 2 and not any(result.answers.get(name) for name in asked):
        result.faults["address"] = Fault(NO_WAY_THERE)
    return result


def money(text: str) -> int | None:
    """A sum in euros as people write it (20, 12,50, 8 €), in cents; None when nothing was typed. Raises Wrong."""
    kept = line(text).replace("€", "").replace(" ", "").replace(",", ".")
    if not kept:
        return None
    try:
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", kept):
            raise InvalidOperation
        cents = int(Decimal(kept) * 100)
    except InvalidOperation:
        raise Wrong(Fault(NOT_MONEY)) from None
    if cents > MOST_CENTS:
        raise Wrong(Fault(TOO_MUCH))
    return cents or None


def movable(typed: dict[str, str]) -> dict[str, list[Caught]]:
    """The private details found in each public text of a request, by the name of its field.

    Not in a text too long to be kept: it has to be shortened first.
    """
    found = {}
    for field in HELP.fields:
        text = typed.get(field.name, "")
        if field.widget in ("line", "text") and len(text) <= private_words.MAX_SEARCHED:
            details = private_words.find_all(text, street_numbers=False, no_number=bool(typed.get(NO_NUMBER)))
            if details:
                found[field.name] = details
    return found


def move(typed: dict[str, str], *, code_in: str = "door_code") -> dict[str, str]:
    """The same answers with every private detail taken out of the public texts and put behind the door.

    ``code_in``: the field for a door code, where the form has none of its own.
    """
    moved = dict(typed)
    for name, details in movable(typed).items():
        moved[name] = _without(typed[name], details)
        for caught in details:
            detail = typed[name][caught.start : caught.end]
            if caught.what == "address":
                detail += _PHRASE.match(typed[name], caught.end).group()
            _add(moved, code_in if caught.what == "code" else _PLACES[caught.what], detail.strip())
    return moved


def _phone(text: str) -> str | None:
    return contact(text)[0] if "@" not in text else contact("?")[0]


def _without(text: str, details: list[Caught]) -> str:
    """The text without these details, and without the spaces or signs they leave alone."""
    kept, past = [], 0
    for caught in details:
        before = text[past : caught.start]
        if caught.what == "address":
            kept.append(before)
            # Signs that only look like a number when they are read (², ①) go with the whole of it.
            number = _NUMBER.match(text, caught.start)
            past = number.end() if number else caught.end
        else:
            kept.append(before.rstrip(" ,;:(") + " ")
            past = _LEFT_ALONE.match(text, caught.end).end()
    return _SPACED_END.sub(r"\1", "".join([*kept, text[past:]])).strip()


def _add(typed: dict[str, str], name: str, detail: str) -> None:
    """Put a detail into a private field; into the note when that one says something else."""
    detail = (
        re.sub(r"^(?:digi)?codes?\s*(?:de la porte|d['’]entrée)?\s*(?:est\b|:)?\s*", "", detail, flags=re.IGNORECASE)
        or detail
    )
    present: Any = typed.get(name, "")
    if not present or present == detail:
        typed[name] = detail
    else:
        typed["note"] = f"{typed.get('note', '')} {detail}".strip()
