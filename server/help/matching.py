"""Who is asked first, and which requests fit a volunteer, each with its reason. Pure: no query.

A score only orders: the building before the street, the street before the rest, a named
half-day before none. What a reason says never goes further than the street.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from server.base.settings import settings
from server.base.shapes import N_
from server.help.volunteer import DAYS, HALVES, Availability

Reason = tuple[str, dict[str, str]]
"""A French msgid and the values of its blanks, which are msgids themselves."""

BUILDING, STREET, FREE, MEANS = 400, 200, 100, 40
WEEK = 7
# Each half-day with the hours of the quartier's time between which it lies.
_HALVES = tuple(zip(HALVES, (0, 12, 18), (12, 18, 24), strict=True))
_MEANS_FOR = {"trajet": "car", "courses": "cart"}

SAME_STREET = N_("même rue")
FREE_ON = N_("libre %(day)s")
SAID = N_("vous avez dit : %(need)s")
WITH = {"car": N_("en voiture"), "cart": N_("avec votre chariot")}
DAY_WORDS = {
    "lun": N_("le lundi"),
    "mar": N_("le mardi"),
    "mer": N_("le mercredi"),
    "jeu": N_("le jeudi"),
    "ven": N_("le vendredi"),
    "sam": N_("le samedi"),
    "dim": N_("le dimanche"),
}
NEED_WORDS = {
    "courses": N_("courses"),
    "pharmacie": N_("pharmacie"),
    "compagnie": N_("compagnie"),
    "trajet": N_("trajets"),
    "bricolage": N_("bricolage"),
    "garde": N_("garde"),
    "autre": N_("autre chose"),
}


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a request and a volunteer go together; a higher ``score`` is asked first."""

    score: int
    reasons: tuple[Reason, ...]


def fit(volunteer: Availability, post: Mapping[str, Any], now: datetime) -> Fit | None:
    """Whether this volunteer may be asked for this request, and why; None when not.

    ``post`` is a row of a request: its need, urgency, due_at, street, building, author and taker
    are read. A volunteer who named no half-day fits at any time, with a lower score; the first
    half-day that is named is a restriction, each further one only adds.
    """
    if volunteer.paused(now) or post["need"] not in volunteer.needs:
        return None
    if str(volunteer.member) in (str(post["author"]), str(post["taker"])):
        return None
    place = _place(volunteer, post)
    free = [slot for slot in half_days(post, now) if slot in volunteer.slots]
    if place is None or (volunteer.slots and not free):
        return None
    means = _MEANS_FOR.get(post["need"])
    equipped = means in volunteer.means
    score = place + (FREE + len(free) if free else 0) + (MEANS if equipped else 0)
    return Fit(score, _reasons(post["need"], place > 0, free, means if equipped else None))


def who_to_ask(volunteers: Iterable[Availability], post: Mapping[str, Any], now: datetime) -> list[Availability]:
    """Those who fit, the best first; equals in the order of their ids, so always in the same one."""
    fits = [(volunteer, fit(volunteer, post, now)) for volunteer in volunteers]
    found = [(-one.score, str(volunteer.member), volunteer) for volunteer, one in fits if one]
    return [volunteer for _, _, volunteer in sorted(found, key=lambda row: row[:2])]


def requests_for(
    volunteer: Availability, posts: Iterable[Mapping[str, Any]], now: datetime
) -> list[tuple[Mapping[str, Any], Fit]]:
    """The requests that fit this volunteer: urgent ones first, then the best fit, then as they came."""
    fits = [(post, fit(volunteer, post, now)) for post in posts]
    return sorted(
        ((post, one) for post, one in fits if one), key=lambda pair: (pair[0]["urgency"] != "urgent", -pair[1].score)
    )


def sentence(one: Fit, translate: Callable[[str], str]) -> str:
    """The reason as one sentence: "Même rue, libre le mardi"."""
    words = [(msgid, {name: translate(word) for name, word in values.items()}) for msgid, values in one.reasons]
    said = ", ".join(translate(msgid) % values for msgid, values in words)
    return said[:1].upper() + said[1:]


def half_days(post: Mapping[str, Any], now: datetime) -> list[str]:
    """The half-days in which this request can still be met, soonest first, each once.

    Urgent: from now to its hour; when that has passed, the present half-day, for it still waits.
    This week: seven days from now. Without hurry: the same, since a week holds every half-day.
    """
    here = now.astimezone(settings.zone)
    until = here + timedelta(days=WEEK)
    if post["urgency"] == "urgent" and post["due_at"] is not None:
        until = max(here, min(until, post["due_at"].astimezone(settings.zone)))
    slots = {}
    day = here.date()
    while day <= until.date():
        for half, starts, ends in _HALVES:
            # A request that is due at noon leaves nothing of the afternoon; the present half-day counts always.
            if _at(day, ends) > here and (_at(day, starts) < until or _at(day, starts) <= here):
                slots[f"{DAYS[day.weekday()]}-{half}"] = None
        day += timedelta(days=1)
    return list(slots)


def _at(day: date, hour: int) -> datetime:
    """This hour of the quartier's day; 24 is the midnight that ends it."""
    return datetime.combine(day + timedelta(days=hour // 24), time(hour % 24), settings.zone)


def _place(volunteer: Availability, post: Mapping[str, Any]) -> int | None:
    """What nearness adds to the score; None when the request is further than this volunteer goes."""
    if volunteer.building is not None and volunteer.building == post["building"]:
        return BUILDING
    if volunteer.reach == "building":
        return None
    if volunteer.street == post["street"]:
        return STREET
    return 0 if volunteer.reach == "quartier" else None


def _reasons(need: str, near: bool, free: list[str], means: str | None) -> tuple[Reason, ...]:
    """Why, in a few words. The exact building is private: it is said as the street."""
    said: Reason = (SAID, {"need": NEED_WORDS[need]})
    with_it: list[Reason] = [(WITH[means], {})] if means else []
    if not free:
        return (said, *with_it)
    day = DAY_WORDS[free[0][:3]]
    if near:
        return ((SAME_STREET, {}), (FREE_ON, {"day": day}), *with_it)
    return (said, (day, {}), *with_it)
