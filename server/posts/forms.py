"""What somebody typed, read with patience: answers for the database, a sentence for each fault.

Pure functions over a plain dict, so that the composer, the check-answers step and the editor
all read a form the same way.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from server.base.columns import now
from server.base.shapes import N_, Field, Kind
from server.text import characters, lookalikes, phones, private_words, titles
from server.text.i18n import ZONE

TRACKS_ASKED = 3
LETTERS_OF_A_REASON = 3
# The field by which an author says, once, that what looks like a telephone number is none.
NO_NUMBER = "pas_un_numero"

TOO_LONG = N_("C’est un peu long : %(limit)s lettres au plus, il y en a %(length)s.")
NOT_OFFERED = N_("Choisissez une des réponses proposées.")
NOT_A_NUMBER = N_("Écrivez un nombre, par exemple 4.")
OUT_OF_RANGE = N_("Entre 1 et %(limit)s.")
NOT_A_DAY = N_("Ce jour n’existe pas. Choisissez-le dans la liste.")
PAST = N_("Ce moment est déjà passé. Choisissez-en un à venir.")
TOO_FAR = N_("C’est trop loin. Choisissez un jour dans la liste.")
NOT_A_LINK = N_("Ce lien ne marche pas. Il commence par https://")
TRACK_HALF = N_("Il manque le titre ou le nom de qui chante.")


@dataclass(frozen=True)
class Fault:
    """One sentence beside a field; ``values`` fill its blanks.

    ``more``: what else is wrong with the same field. ``may_waive``: whether its author may say that it is not so.
    """

    message: str
    values: dict[str, Any] = field(default_factory=dict)
    more: tuple["Fault", ...] = ()
    may_waive: bool = False


@dataclass
class Read:
    """``answers`` for ``Post.put_up``; ``faults`` by field name, in the order of the form."""

    answers: dict[str, Any]
    faults: dict[str, Fault]


class Wrong(ValueError):
    """An answer that cannot be taken; its argument is the Fault."""


def tidy(text: str) -> str:
    """Text as it is kept: ``characters.clean``, no blank edges, ``\\n`` for lines; empty if nothing can be seen."""
    lines = characters.clean(text).split("\n")
    kept = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()
    return kept if characters.visible(kept) else ""


def line(text: str) -> str:
    """Like ``tidy``, on one line."""
    return re.sub(r"\s+", " ", tidy(text))


def read_answers(kind: Kind, typed: dict[str, str], edited: dict[str, Any] | None = None) -> Read:
    """Read the whole form of a kind. ``edited`` is the post that is being corrected, if any.

    A moment or date that a corrected post already has may be in the past.
    """
    result = Read({}, {})
    for one in kind.fields:
        if not asked(one, typed):
            continue
        try:
            value = _READERS[one.widget](one, typed, edited)
            if value in (None, "", ()) and one.required:
                raise Wrong(Fault(one.missing))
            if isinstance(value, str) and one.widget in ("line", "text"):
                known = (edited or {}).get(one.name) or ""
                refuse_private(
                    value,
                    street_numbers=one.public_place or kind.street_numbers,
                    no_number=bool(typed.get(NO_NUMBER)),
                    known=known,
                )
            result.answers[one.name] = value
        except Wrong as wrong:
            result.faults[one.name] = wrong.args[0]
    for name in ("title", "body"):
        result.answers.setdefault(name, "")
    return result


def read_lines(fields: tuple[Field, ...], typed: dict[str, str]) -> Read:
    """Lines and texts that only one person will read: not searched for private details."""
    result = Read({}, {})
    for one in fields:
        if one.widget not in ("line", "text"):
            continue
        try:
            result.answers[one.name] = _READERS[one.widget](one, typed, None)
        except Wrong as wrong:
            result.faults[one.name] = wrong.args[0]
    return result


def asked(one: Field, typed: dict[str, str]) -> bool:
    """Whether this field is asked, given the other answers."""
    return one.only is None or typed.get(one.only[0], "") in one.only[1]


def limit_of(one: Field, typed: dict[str, str]) -> int:
    """The letters this text may have, given the other answers."""
    if one.longer and typed.get(one.longer[0]) == one.longer[1]:
        return one.longer[2]
    return one.limit


def plain_text(text: str, limit: int, missing: str, *, street_numbers: bool = False, no_number: bool = False) -> str:
    """One free text that the quartier reads (a reply, a reason). Raises Wrong."""
    kept = private_text(text, limit, missing)
    refuse_private(kept, street_numbers=street_numbers, no_number=no_number)
    return kept


def refuse_private(text: str, *, street_numbers: bool, no_number: bool = False, known: str = "") -> None:
    """Raise Wrong, with a sentence for each kind of private detail in a text that the quartier reads.

    ``known``: what stands there already; its details were answered for when it was first put up.
    """
    found = private_words.find_all(text, street_numbers=street_numbers, no_number=no_number)
    sentences = dict.fromkeys(one.sentence for one in found if text[one.start : one.end] not in known)
    faults = [Fault(sentence, may_waive=sentence == private_words.PHONE) for sentence in sentences]
    if faults:
        raise Wrong(replace(faults[0], more=tuple(faults[1:])))


def private_text(text: str, limit: int, missing: str) -> str:
    """A text for one person only: a number or a code may stand in it. Raises Wrong."""
    kept = tidy(text)
    if not kept:
        raise Wrong(Fault(missing))
    _refuse_long(kept, limit)
    return kept


def short(text: str, limit: int, missing: str | None = None) -> str:
    """One short line (a name, a note), not searched for private details. Raises Wrong."""
    kept = line(text)
    if not kept and missing:
        raise Wrong(Fault(missing))
    _refuse_long(kept, limit)
    return kept


def reason(text: str, limit: int, missing: str) -> str:
    """Why somebody does what others answer for: one line, of three letters ("p." says nothing). Raises Wrong."""
    kept = short(text, limit, missing)
    if sum(characters.has_letter(sign) for sign in kept) < LETTERS_OF_A_REASON:
        raise Wrong(Fault(missing))
    return kept


def web_link(text: str, limit: int = 400) -> str | None:
    """An http(s) address, completed with https:// when that is missing. Raises Wrong."""
    kept = line(text)
    if not kept:
        return None
    _refuse_long(kept, limit)
    if "://" not in kept and re.match(r"[\w-]+(\.[\w-]+)+(/|$|\?)", kept):
        kept = "https://" + kept
    try:
        parts = urlsplit(kept)
        parts.port  # noqa: B018  a bad port raises only when it is read
    except ValueError:
        raise Wrong(Fault(NOT_A_LINK)) from None
    host = parts.hostname or ""
    if (
        parts.scheme not in ("http", "https")
        or not re.search(r"\w\.\w", host)
        or parts.username is not None
        or re.search(r"[\s\\]", kept)
    ):
        raise Wrong(Fault(NOT_A_LINK))
    return kept


NO_NAME = N_("Dites comment on vous appelle.")
MIXED_NAME = N_("Écrivez votre nom avec les lettres d’un seul alphabet : certaines ressemblent à celles d’un autre.")
ROLE_NAME = N_("« %(word)s » ferait croire à un rôle ou à un secours. Écrivez votre nom seul.")
NO_STREET = N_("Choisissez votre rue.")
# What the columns hold.
MAX_EMAIL, MAX_PHONE = 80, 30
SHORT_PHONE = N_("Il manque des chiffres à ce numéro.")
NOT_A_CONTACT = N_("Ce n’est ni un numéro ni un courriel. Vous pouvez aussi laisser vide.")


def person_name(text: str) -> str:
    """The name that neighbours will see, 60 letters at most. Raises Wrong."""
    name = short(text, 60, NO_NAME)
    if not characters.has_letter(name):
        raise Wrong(Fault(NO_NAME))
    if lookalikes.mixed(name):
        raise Wrong(Fault(MIXED_NAME))
    word = titles.role_in(name)
    if word:
        raise Wrong(Fault(ROLE_NAME, {"word": word}))
    refuse_private(name, street_numbers=True)
    return name


def street_of(text: str, streets: tuple[str, ...]) -> str:
    """One of the quartier's streets. Raises Wrong."""
    kept = line(text)
    if kept not in streets:
        raise Wrong(Fault(NO_STREET))
    return kept


def contact(text: str) -> tuple[str | None, str | None]:
    """A telephone number or an email, whichever was typed: (phone, email). Raises Wrong."""
    kept = line(text)
    if not kept:
        return None, None
    _refuse_long(kept, MAX_EMAIL if "@" in kept else MAX_PHONE)
    if "@" in kept:
        try:
            return None, validate_email(kept, check_deliverability=False).normalized
        except EmailNotValidError:
            raise Wrong(Fault(NOT_A_CONTACT)) from None
    if phones.find(kept, field=True):
        return kept, None
    if re.fullmatch(r"[\d\s.+()/-]+", kept) and sum(map(str.isdigit, kept)) < phones.DIGITS:
        raise Wrong(Fault(SHORT_PHONE))
    raise Wrong(Fault(NOT_A_CONTACT))


def end_of_day(day: str) -> datetime:
    """The end of a day to come (2026-11-24) in the quartier's time, in UTC; a year ahead at most. Raises Wrong."""
    moment = _parse(day, "23:59")
    if moment < now():
        raise Wrong(Fault(PAST))
    if moment > now() + timedelta(days=370):
        raise Wrong(Fault(TOO_FAR))
    return moment


def collect(readers: dict[str, Any], typed: Any) -> tuple[dict[str, Any], dict[str, Fault]]:
    """Run one reader per field of ``typed``; what they give, and what they refuse."""
    values: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for name, reader in readers.items():
        try:
            values[name] = reader(typed[name])
        except Wrong as wrong:
            faults[name] = wrong.args[0]
    return values, faults


def _refuse_long(text: str, limit: int) -> None:
    if len(text) > limit:
        raise Wrong(Fault(TOO_LONG, {"limit": limit, "length": len(text)}))


def _line(one: Field, typed: dict[str, str], edited: Any) -> str | None:
    value = line(typed.get(one.name, ""))
    _refuse_long(value, one.limit)
    return value or (None if one.name not in ("title", "body") else "")


def _text(one: Field, typed: dict[str, str], edited: Any) -> str:
    value = tidy(typed.get(one.name, ""))
    _refuse_long(value, limit_of(one, typed))
    return value


def _choice(one: Field, typed: dict[str, str], edited: Any) -> str | None:
    value = typed.get(one.name, "")
    if value and value not in {choice.value for choice in one.choices}:
        raise Wrong(Fault(NOT_OFFERED))
    return value or None


def _number(one: Field, typed: dict[str, str], edited: Any) -> int | None:
    value = line(typed.get(one.name, ""))
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise Wrong(Fault(NOT_A_NUMBER))
    if not 1 <= int(value) <= one.limit:
        raise Wrong(Fault(OUT_OF_RANGE, {"limit": one.limit}))
    return int(value)


def _moment(one: Field, typed: dict[str, str], edited: dict[str, Any] | None) -> datetime | None:
    """A day and an hour in the quartier's time, kept in UTC."""
    day, hour = typed.get(f"{one.name}_day", ""), typed.get(f"{one.name}_hour", "")
    if not day and not hour:
        return None
    if not day or not hour:
        raise Wrong(Fault(one.missing))
    moment = _parse(day, hour)
    if edited and edited.get(one.name) == moment:
        return moment
    if moment < now():
        raise Wrong(Fault(PAST))
    if moment > now() + timedelta(days=one.days + 1):
        raise Wrong(Fault(TOO_FAR))
    return moment


def _until(one: Field, typed: dict[str, str], edited: dict[str, Any] | None) -> datetime | None:
    """The end of a day in the quartier's time, kept in UTC."""
    day = typed.get(one.name, "")
    if not day:
        return None
    if edited and edited.get(one.name) == (moment := _parse(day, "23:59")):
        return moment
    return end_of_day(day)


def _parse(day: str, hour: str) -> datetime:
    try:
        date, clock = datetime.strptime(day, "%Y-%m-%d").date(), datetime.strptime(hour, "%H:%M").time()
        return datetime.combine(date, time(clock.hour, clock.minute), ZONE).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Wrong(Fault(NOT_A_DAY)) from None


def _link(one: Field, typed: dict[str, str], edited: Any) -> str | None:
    return web_link(typed.get(one.name, ""), one.limit)


def _tracks(one: Field, typed: dict[str, str], edited: Any) -> tuple[dict[str, str | None], ...]:
    if edited is not None:
        return ()
    tracks = []
    for place in range(1, TRACKS_ASKED + 1):
        title, artist = line(typed.get(f"track_title_{place}", "")), line(typed.get(f"track_artist_{place}", ""))
        link = web_link(typed.get(f"track_link_{place}", ""))
        if not title and not artist and not link:
            continue
        if not title or not artist:
            raise Wrong(Fault(TRACK_HALF))
        for text in (title, artist):
            _refuse_long(text, one.limit)
            refuse_private(text, street_numbers=True, no_number=bool(typed.get(NO_NUMBER)))
        tracks.append({"title": title, "artist": artist, "link": link})
    return tuple(tracks)


_READERS = {
    "line": _line,
    "text": _text,
    "pills": _choice,
    "choices": _choice,
    "list": _choice,
    "number": _number,
    "moment": _moment,
    "until": _until,
    "link": _link,
    "tracks": _tracks,
}
