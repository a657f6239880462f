"""Languages: French is what the source says, English is a catalogue; dates and spaces of each.

Msgids are the French sentences. French needs no catalogue, but its no-break spaces: they are
put in here, once, so that nobody has to type them.
"""

import gettext
import io
import re
from datetime import date, datetime, timedelta
from functools import cache, lru_cache

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup

from server.base.columns import now
from server.base.settings import ROOT, settings
from server.text import negotiation

LANGUAGES = ("fr", "en")

ZONE = settings.zone
NOON, EVENING = 12, 18
CATALOGUE = ROOT / "server" / "locale" / "en" / "LC_MESSAGES" / "messages.po"

_BEFORE = re.compile(r" (?=[:;?!»€]|%(?!\())")
_AFTER = re.compile(r"(?<=«) |(?<=\bnº) |(?<=\bn°) |(?<=\bM\.) |(?<=\bMme) ")
# After a number, or what stands for one in a sentence of ours.
_UNITS = re.compile(
    r"(?:(?<=\d)|(?<=\)s)) (?=(?:h|min|s|km|m|kg|g|l|Mo|jours?|heures?|minutes?)\b(?!['’]))|(?<=\d h) (?=\d)"
)
# A day with its month, the thousands of a number, one number with the next: 3 décembre, 1 000, 2 sur 4, à 14 h.
_MONTH = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_NUMBERS = re.compile(
    rf"(?<=\d) (?=(?:{_MONTH})\b|\d{{3}}(?!\d))|(?:(?<=\d)|(?<=\)s)) (?=sur (?:\d|%\())"
    r"|(?:(?<=\bsur)|(?<=\bà)(?<![’']à)) (?=\d|%\((?:hour|time|all|n)\)s)"
)
# "Imprimez-la": the second word never stands alone on a line. In our own sentences only, for addresses have hyphens.
_PRONOUN = re.compile(r"(?<=[a-zé])-(?=(?:le|la|les|en|y)\b)")


def no_break(text: str) -> str:
    """French text with no-break spaces (U+00A0) where a line must not break."""
    for places in (_BEFORE, _AFTER, _UNITS, _NUMBERS):
        text = places.sub("\u00a0", text)
    return text


class French(gettext.NullTranslations):
    """The msgids themselves, with their no-break spaces; 0 and 1 are singular in French."""

    @lru_cache(maxsize=4096)  # noqa: B019  one instance lives as long as the process
    def gettext(self, message: str) -> str:
        """The sentence itself, with no-break spaces and hyphens."""
        return _PRONOUN.sub("\u2011", no_break(message))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The singular for 0 and 1."""
        return self.gettext(singular if abs(n) < 2 else plural)


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The sentences of a language; anything but English is French."""
    if language != "en":
        return French()
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def choose(account: str | None, accept_language: str) -> str:
    """The account's language, else the first of the browser's that we speak, else French.

    ``accept_language`` is the header as sent (RFC 9110, section 12.5.4).
    """
    if account in LANGUAGES:
        return account
    # "fr-CA" and "fr" are one language here; sorting is stable, so of equal weights the first counts.
    ranked = sorted(negotiation.weights(accept_language).items(), key=lambda one: -one[1])
    spoken = (tag.partition("-")[0] for tag, weight in ranked if weight > 0)
    return next((tag for tag in spoken if tag in LANGUAGES), "fr")


# Before a vowel, and before y where a consonant follows: d’Odette, d’Yves, de Yasmine. An h is not counted a vowel.
_VOWEL = re.compile(r"[aeiouàâäæéèêëîïôöœùûü]|y[^aeiouàâéèêëîïôöùû\W]", re.IGNORECASE)


def of(name: str, language: str) -> str:
    """Whose something is: de Karim, d’Odette; in English the name alone, for the sentence to say so."""
    if language == "en":
        return name
    return f"d’{name}" if _VOWEL.match(name) else f"de {name}"


def local(moment: datetime) -> datetime:
    """A moment in the quartier's time."""
    return moment.astimezone(ZONE)


def euros(cents: int, language: str) -> str:
    """12 €, 12,50 €; in English €12, €12.50."""
    whole, rest = divmod(cents, 100)
    if language == "en":
        return f"€{whole}.{rest:02d}" if rest else f"€{whole}"
    return no_break(f"{whole},{rest:02d} €" if rest else f"{whole} €")


def lasting(span: timedelta, language: str) -> str:
    """A stretch of time as one says it: 45 min, 2 h 10, 3 jours 4 h; in English 2 h 10 min, 3 days 4 h."""
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 60:
        return no_break(f"{minutes} min")
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        rest = f" {minutes:02d}{' min' if language == 'en' else ''}" if minutes else ""
        return no_break(f"{hours} h{rest}")
    days, hours = divmod(hours, 24)
    return no_break(f"{days} {'days' if language == 'en' else 'jours'}{f' {hours} h' if hours else ''}")


def today() -> date:
    """Today in the quartier."""
    return local(now()).date()


def clock() -> str:
    """The hour in the quartier as a form sends one: 18:05."""
    return f"{local(now()):%H:%M}"


def hour(moment: datetime, language: str) -> str:
    """18 h 30, 20 h; in English 18:30, 20:00."""
    at = local(moment)
    if language == "en":
        return f"{at.hour}:{at.minute:02d}"
    return no_break(f"{at.hour} h {at.minute:02d}" if at.minute else f"{at.hour} h")


# Opening hours as one types them in French: de 9 h à 19 h, 9h30 à 12h.
_OPEN = re.compile(r"(?:de )?(\d{1,2}) ?h ?(\d\d)? à (\d{1,2}) ?h ?(\d\d)?", re.IGNORECASE)


def open_hours(typed: str, language: str) -> str:
    """Hours that an admin typed: in English from 9 am to 7 pm, or as they are, said to be French."""
    shown = no_break(typed)
    if language == "fr":
        return shown
    found = _OPEN.fullmatch(typed.strip().replace("\u00a0", " "))
    if not found:
        return Markup('<span lang="fr">{}</span>').format(shown)
    return f"from {_english_hour(found[1], found[2])} to {_english_hour(found[3], found[4])}"


def _english_hour(hour: str, minutes: str | None) -> str:
    of_day = int(hour) % 24
    if not int(minutes or 0) and of_day in (0, 12):
        return "noon" if of_day else "midnight"
    rest = f":{minutes}" if int(minutes or 0) else ""
    return f"{of_day % 12 or 12}{rest}\u00a0{'am' if of_day < 12 else 'pm'}"


def day(moment: datetime | date, language: str) -> str:
    """mardi 24 novembre, mardi 1er décembre; the year only when it is another one."""
    one = local(moment).date() if isinstance(moment, datetime) else moment
    pattern = "EEEE d MMMM" if one.year == today().year else "EEEE d MMMM y"
    text = _date(one, pattern, language)
    return re.sub(r"\b1\u00a0(?=[a-zéû])", "1er\u00a0", text) if language == "fr" and one.day == 1 else text


def _date(one: date, pattern: str, language: str) -> str:
    """A date in which the day keeps its month: 3 décembre, Thursday 3 December."""
    return re.sub(r"(?<=\d) (?=\D)", "\u00a0", format_date(one, pattern, locale=language))


def date_of(one: date, language: str) -> str:
    """A date for a narrow column, in one piece: 23 nov., 1er déc.; in English 23 Nov."""
    text = format_date(one, "d MMM", locale=language).replace(" ", "\u00a0")
    return text.replace("1", "1er", 1) if language == "fr" and one.day == 1 else text


def _today(hour: int, language: str) -> str:
    """The part of today that an hour is in."""
    _ = translations(language).gettext
    if hour >= EVENING:
        return _("ce soir")
    return _("cet après-midi") if hour >= NOON else _("aujourd’hui")


def soon(moment: datetime, language: str) -> str:
    """The day of something to come, in a word or two: ce soir, demain, jeudi, 3 décembre."""
    _ = translations(language).gettext
    at = local(moment)
    distance = (at.date() - today()).days
    if distance == 0:
        return _today(at.hour, language)
    if distance == 1:
        return _("demain")
    return _date(at.date(), "EEEE" if 0 < distance < 7 else "d MMMM", language)


def when(moment: datetime, language: str) -> str:
    """Near days by their word, others by date: ce soir, demain à 9 h, samedi 28 novembre à 14 h."""
    _ = translations(language).gettext
    at = local(moment)
    distance = (at.date() - today()).days
    if distance == 0:
        name = _today(at.hour, language)
    elif distance in (1, -1):
        name = _("demain") if distance == 1 else _("hier")
    else:
        name = day(moment, language)
    return _("%(day)s à %(hour)s") % {"day": name, "hour": hour(moment, language)}


def since(moment: datetime, language: str) -> str:
    """When something was written, as a card says it: à 14 h 05, hier, lundi, 12 novembre."""
    _ = translations(language).gettext
    at = local(moment)
    distance = (today() - at.date()).days
    if distance <= 0:
        return _("à %(hour)s") % {"hour": hour(moment, language)}
    if distance == 1:
        return _("hier")
    if distance < 7:
        return _date(at.date(), "EEEE", language)
    return _date(at.date(), "d MMMM", language)
