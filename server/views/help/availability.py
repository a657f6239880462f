"""The form "Mes disponibilités": its questions, what was typed in it, what it says when it is sent."""

from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import get_day_names

from server.base.shapes import N_, Choice
from server.help.volunteer import DAYS, HALVES, MEANS, REACHES, SHOWN, SLOTS, Availability, building_digest
from server.posts.forms import NOT_OFFERED, Fault, Wrong, collect, end_of_day, line
from server.posts.kinds import NEEDS
from server.text.i18n import day, today, translations
from server.views.web.form_reading import Typed

HALF_WORDS = dict(zip(HALVES, (N_("Matin"), N_("Après-midi"), N_("Soir")), strict=True))
REACH_CHOICES = (
    Choice("building", N_("Dans mon immeuble")),
    Choice("street", N_("Dans ma rue")),
    Choice("quartier", N_("Dans tout le quartier")),
)
MEANS_CHOICES = (
    Choice("car", N_("Une voiture"), icon="transport"),
    Choice("cart", N_("Un chariot"), icon="bonplan"),
)
SHOWN_CHOICES = (
    Choice("nobody", N_("Rien"), N_("Vous choisissez à qui vous répondez")),
    Choice("badge", N_("« Bénévole », sur ma page"), N_("Sans dire ce que vous faites")),
    Choice("needs", N_("« Bénévole », et ce que je fais"), N_("Jamais quand vous êtes libre, ni où")),
)
PAUSES = (1, 2, 4)

NUMBER_WANTED = N_("Écrivez le numéro de votre immeuble, ou choisissez votre rue.")
NOT_A_DOOR = N_("Écrivez le numéro comme sur la porte, par exemple 12 ou 12 bis.")
TOO_EARLY = N_("Ce numéro ne peut pas encore changer : attendez trente jours. Le reste est gardé.")


# Every field that is not a box to tick.
BLANK = {"portee": "", "montre": "", "numero": "", "duree": "1", "jour": ""}


def typed_from(mine: Availability | None) -> dict[str, str]:
    """The form as its owner would have filled it; the number is never shown again, not even to them."""
    if mine is None:
        return BLANK | {"portee": "quartier", "montre": "nobody"}
    ticked = [f"besoin-{need}" for need in mine.needs] + [f"quand-{slot}" for slot in mine.slots]
    ticked += [f"moyen-{means}" for means in mine.means]
    return BLANK | dict.fromkeys(ticked, "oui") | {"portee": mine.reach, "montre": mine.shown}


def read_availability(
    typed: Typed, street: str, mine: Availability | None
) -> tuple[dict[str, Any], bool, dict[str, Fault]]:
    """The arguments of ``Volunteer.keep``, whether the building is to be forgotten, and the faults by field.

    What is ticked but not on our list is left out.
    """
    readers = {"portee": lambda text: _one_of(text, REACHES), "montre": lambda text: _one_of(text, SHOWN)}
    values, faults = collect(readers, typed)
    forget = bool(typed["oublier"])
    building = None
    if values.get("portee") == "building":
        kept = mine is not None and mine.building is not None and not forget
        try:
            building = _building(typed["numero"], street, kept)
        except Wrong as wrong:
            faults["numero"] = wrong.args[0]
    choices = {
        "needs": {choice.value for choice in NEEDS if typed[f"besoin-{choice.value}"]},
        "slots": {slot for slot in SLOTS if typed[f"quand-{slot}"]},
        "means": {means for means in MEANS if typed[f"moyen-{means}"]},
        "reach": values.get("portee"),
        "shown": values.get("montre"),
        "building": building,
    }
    return choices, forget, faults


def read_pause(typed: Typed) -> datetime:
    """The end of the pause: that of a day, one, two or four weeks from now or the one chosen. Raises Wrong."""
    if typed["duree"] == "jour":
        return end_of_day(typed["jour"])
    weeks = _one_of(typed["duree"], [str(weeks) for weeks in PAUSES])
    return end_of_day((today() + timedelta(weeks=int(weeks))).isoformat())


def _one_of(text: str, known: Any) -> str:
    if text not in known:
        raise Wrong(Fault(NOT_OFFERED))
    return text


def _building(text: str, street: str, kept: bool) -> str | None:
    """The digest of what was typed; None when nothing was and a building is already known."""
    number = line(text)
    if not number and kept:
        return None
    digest = building_digest(street, number)
    if digest is None:
        raise Wrong(Fault(NOT_A_DOOR if number else NUMBER_WANTED))
    return digest


def week(language: str) -> list[tuple[str, str, str]]:
    """The days of the table: value, short name, whole name ("mar", "Mar", "Mardi")."""
    short, whole = (get_day_names(width, locale=language) for width in ("abbreviated", "wide"))
    return [(value, short[at].rstrip(".").title(), whole[at].title()) for at, value in enumerate(DAYS)]


def pauses(language: str) -> list[tuple[str, str]]:
    """How long a pause may be: plain lengths with their date, then a day of one's own."""
    _ = translations(language).gettext
    names = {1: _("une semaine"), 2: _("deux semaines"), 4: _("quatre semaines")}
    lengths = [(str(weeks), f"{name}, {day(_in(weeks * 7), language)}") for weeks, name in names.items()]
    return [*lengths, ("jour", _("jusqu’à un autre jour"))]


def pause_days(language: str) -> list[tuple[str, str]]:
    """The days of the next three months, for a pause that ends on one of them."""
    return [(_in(days).isoformat(), day(_in(days), language)) for days in range(92)]


def _in(days: int) -> date:
    return today() + timedelta(days=days)
