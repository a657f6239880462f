"""Telephone numbers: found in a text, shown in groups, dialled.

libphonenumber says what is a number; where one may stand is said by a bounded pattern and the
signs around it, for people write numbers in ways that it does not read, and write dates, scores
and lottery draws that it takes for numbers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

HOME = "FR"
DIGITS = 10
MAX_ABROAD = 15
# What is searched of a field that one person fills in with a number.
MAX_FIELD = 60
NBSP = "\u00a0"

_LETTER = r"[^\W\d_]"
# O, l and I are typed for 0 and 1, but only beside a real digit and in no word.
_DIGIT = rf"(?:[0-9]|(?<=[0-9])[OolI](?!{_LETTER})|(?<!{_LETTER})[OolI](?=[0-9]))"
_RUN = re.compile(rf"(?<![0-9]){_DIGIT}(?:[\W_]{{0,3}}{_DIGIT})*+")
_GROUP = re.compile(rf"{_DIGIT}++")
_LOOKALIKES = str.maketrans("OolI", "0011")
# How ten digits are grouped by somebody who writes a number; other groupings are codes and references.
_GROUPINGS = frozenset(
    ((2, 2, 2, 2, 2), (10,), (1, 9), (2, 8), (4, 6), (6, 4), (5, 5), (4, 3, 3), (4, 2, 2, 2), (1, 3, 3, 3), (2, 4, 4),
     (3, 3, 4), (3, 3, 2, 2), (2, 2, 3, 3), (2, 2, 2, 4), (2, 4, 2, 2), (2, 3, 3, 2), (3, 7), (1, 3, 2, 2, 2),
     (3, 3, 3, 1), (2, 5, 3), (2, 3, 5), (1, 1, 2, 2, 2, 2), (1,) * 10)
)  # fmt: skip
_REFERENCE = re.compile(
    r"(?:commande|r[ée]f(?:[ée]rence)?|facture|dossier|siren|siret|iban|colis|suivi|isbn|ean|contrat|client|adh[ée]rent)s?"
    r"[^\w\n]{0,3}(?:n[°o]\W?|num[ée]ro|est)?[^\w\n]{0,3}$",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:t[ée]l(?:[ée]phone)?|phone|portable|mobile|fixe|appel\w{0,4}|joindre|joignable|num[ée]ro|sms|whatsapp|signal)\b"
    r"[^\n\d]{0,20}$",
    re.IGNORECASE,
)
_SHORT = re.compile(r"[1-9][0-9]{1,5}")
# Emergency (2 and 3 digits), European social (116), 3xxx and 10xx; an extension ("poste 12") is none.
_SHORT_BESIDE = re.compile(r"(?<![0-9])(?:1[578]|11[2-9]|116[0-9]{3}|3[0-9]{3}|10[0-9]{2})(?![0-9])")
_HEX = re.compile(r"[0-9A-Fa-f]{0,40}")
_WORD = "un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante"
_WORD = rf"(?:z[ée]ro|{_WORD}|cinquante|soixante|et|cent)"
_SPELLED = re.compile(
    rf"\bz[ée]ro[\s,.-]{{1,3}}(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf)\b(?:[\s,.-]{{1,3}}{_WORD}s?\b){{4,24}}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in a text: where it stands, and as ITU-T E.164 (``+33612345678``; empty when spelled out)."""

    start: int
    end: int
    number: str


def find(text: str, *, field: bool = False) -> list[Phone]:
    """Every telephone number of a text, in order. Time is linear in its length.

    ``field``: it was typed where a number is asked for, so that any grouping will do.
    """
    found = [phone for run in _RUN.finditer(text) for phone in _in_run(text, run, field)]
    found += [Phone(*match.span(), "") for match in _SPELLED.finditer(text)]
    return sorted(found, key=lambda phone: phone.start)


def _in_run(text: str, run: re.Match, field: bool) -> Iterator[Phone]:
    """The numbers among these groups of digits, each of which may begin one."""
    groups = [(match.group().translate(_LOOKALIKES), *match.span()) for match in _GROUP.finditer(text, *run.span())]
    # From the right: whether ten digits are a number also depends on what follows being one.
    found = [(0, "")] * (len(groups) + 1)
    for first in reversed(range(len(groups))):
        found[first] = _at(text, groups, first, found, field)
    first = 0
    while first < len(groups):
        last, number = found[first]
        if number:
            yield Phone(_with_plus(text, groups[first][1]), groups[last][2], number)
        first = last + 1


def _with_plus(text: str, start: int) -> int:
    return start - 1 if text[start - 1 : start] == "+" else start


def _at(
    text: str, groups: list[tuple[str, int, int]], first: int, found: list[tuple[int, str]], field: bool
) -> tuple[int, str]:
    """The last group of what begins here, and the number that it is; empty for none. ``found``: to the right of it."""
    start, opening = groups[first][1], groups[first][0]
    if text[start - 1 : start] == "+" or opening.startswith("00"):
        return _abroad(groups, first)
    if opening.startswith("33"):
        last = _filling(groups, first, DIGITS + 1)
        number = last is not None and _valid(f"+{_digits(groups, first, last)}")
        if number:
            return last, number
    wanted = DIGITS if opening.startswith("0") else DIGITS - 1
    if wanted < DIGITS and not _CALLED.search(text, max(0, start - 40), start):
        return first, ""
    last = _filling(groups, first, wanted)
    number = last is not None and _valid(_digits(groups, first, last).rjust(DIGITS, "0"))
    if not number or (wanted == DIGITS and not field and not _written_so(text, groups, first, last)):
        return first, ""
    # 01 02 03 04 05 06: the same grouping goes on, and what follows is no number of its own.
    return last, "" if not field and _goes_on(text, groups, first, last) and not found[last + 1][1] else number


def _abroad(groups: list[tuple[str, int, int]], first: int) -> tuple[int, str]:
    """With a country's code: as many of these groups as that country's numbers are long."""
    last, length = first, len(groups[first][0])
    while last + 1 < len(groups) and length + len(groups[last + 1][0]) <= MAX_ABROAD + 2:
        last += 1
        length += len(groups[last][0])
    written = _digits(groups, first, last).removeprefix("00")
    try:
        number = phonenumbers.parse(f"+{written}", HOME)
    except NumberParseException:
        return first, ""
    if not _known(number) and not phonenumbers.truncate_too_long_number(number):
        return first, ""
    # "+33 (0)6": the zero is typed and not dialled.
    typed = len(_digits(groups, first, last)) - len(written) + len(str(number.country_code)) + len(_national(number))
    for more in (0, 1):
        last = _filling(groups, first, typed + more)
        if last is not None and (found := _valid(f"+{_digits(groups, first, last).removeprefix('00')}")):
            return last, found
    return first, ""


def _national(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.national_significant_number(number)


def _digits(groups: list[tuple[str, int, int]], first: int, last: int) -> str:
    return "".join(digits for digits, *_ in groups[first : last + 1])


def _filling(groups: list[tuple[str, int, int]], first: int, wanted: int) -> int | None:
    """The group with which these make exactly so many digits."""
    length = 0
    for place in range(first, min(len(groups), first + wanted)):
        length += len(groups[place][0])
        if length >= wanted:
            return place if length == wanted else None
    return None


def _valid(written: str) -> str:
    """As E.164 when libphonenumber takes it for a number of some country; else empty."""
    try:
        number = phonenumbers.parse(written, HOME)
    except NumberParseException:
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if _known(number) else ""


def _known(number: phonenumbers.PhoneNumber) -> bool:
    """Whether somebody may have it: in France by its length, for new ranges are in use before libraries learn."""
    national = _national(number)
    in_france = number.country_code == 33 and len(national) == DIGITS - 1 and national[0] != "0"
    return in_france or phonenumbers.is_valid_number(number)


def _written_so(text: str, groups: list[tuple[str, int, int]], first: int, last: int) -> bool:
    """Whether ten digits stand as a number does: no date, score, draw, reference or fingerprint."""
    sizes = tuple(len(digits) for digits, *_ in groups[first : last + 1])
    between = [text[groups[place][2] : groups[place + 1][1]].strip() or " " for place in range(first, last)]
    if sizes not in _GROUPINGS or _alternating(between) or _dated(groups[first : last + 1], between):
        return False
    start, end = groups[first][1], groups[last][2]
    if len(sizes) == 1 and _REFERENCE.search(text, max(0, start - 40), start):
        return False
    return text[start - 1 : start] != "#" and len(_HEX.match(text, end).group()) < 2


def _alternating(between: list[str]) -> bool:
    """03/12 04/12 05/12, 06-12, 07-11, 08: two by two."""
    return len(between) == 4 and between[0] == between[2] != between[1] == between[3]


def _dated(groups: list[tuple[str, int, int]], between: list[str]) -> bool:
    """05/12/2026 14: a year after two groups with one sign between them."""
    years = [place for place, (digits, *_) in enumerate(groups) if len(digits) == 4 and digits[:2] in ("19", "20")]
    return any(place >= 2 and between[place - 2] == between[place - 1] != " " for place in years)


def _goes_on(text: str, groups: list[tuple[str, int, int]], first: int, last: int) -> bool:
    """Whether the group after the last stands as those before it do."""
    if last + 1 >= len(groups) or first == last:
        return False
    before = text[groups[last - 1][2] : groups[last][1]].strip()
    after = text[groups[last][2] : groups[last + 1][1]].strip()
    in_pairs = all(len(digits) == 2 for digits, *_ in groups[first : last + 1])
    return before == after and not (in_pairs and len(groups[last + 1][0]) != 2)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a field with numbers: what is read, and what a tap dials (RFC 3966), if anything."""

    text: str
    href: str = ""


def parts(field: str) -> list[Part]:
    """What was typed into a field for a number: each number grouped, with its ``tel:`` address, without extension.

    Short ones (15, 115, 3919) are dialled as they stand; the rest is kept as it was typed.
    """
    field = field[:MAX_FIELD].strip()
    if _SHORT.fullmatch(digits := field.replace(" ", "")):
        return [Part(field.replace(" ", NBSP), f"tel:{digits}")]
    made, past = [], 0
    for phone in find(field, field=True):
        if phone.number:
            number = phonenumbers.parse(phone.number, HOME)
            made += [*_short_in(field[past : phone.start]), Part(grouped(number), f"tel:{phone.number}")]
            past = phone.end
    return [part for part in [*made, *_short_in(field[past:])] if part.text]


def shown(field: str) -> str:
    """A field for a number as it is read: in groups that no line end breaks."""
    return "".join(part.text for part in parts(field))


def _short_in(text: str) -> list[Part]:
    """A piece of a field with no long number in it: the short ones of France, which are dialled as they stand."""
    made, past = [], 0
    for match in _SHORT_BESIDE.finditer(text):
        made += [Part(text[past : match.start()]), Part(match.group(), f"tel:{match.group()}")]
        past = match.end()
    return [*made, Part(text[past:])]


def grouped(number: phonenumbers.PhoneNumber) -> str:
    """06 12 34 56 78, or 00 32 475 12 34 56 from abroad; it never breaks at the end of a line."""
    return phonenumbers.format_out_of_country_calling_number(number, HOME).replace(" ", NBSP)
