"""Entraide: what I promised, what I asked, which requests fit me and why, and what I offer.

Everything here is about the one who looks. No page lists those who help or those who ask.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post

from server.base.columns import now
from server.base.shapes import N_
from server.help import matching, mutual_aid
from server.help.volunteer import BUILDING_REST, Availability, Volunteer
from server.posts.forms import Fault, Wrong
from server.text.i18n import translations
from server.views.help import availability as form
from server.views.post.alert_page import this_device
from server.views.web.door import visit_of
from server.views.web.form_reading import read_form
from server.views.web.page import go, page

MOST_SHOWN = 10
# Requests and errands are counted in words, as one would say it; in French they are all feminine.
COUNTS = (
    N_("une"), N_("deux"), N_("trois"), N_("quatre"), N_("cinq"), N_("six"), N_("sept"), N_("huit"), N_("neuf"),
    N_("dix"),
)  # fmt: skip
# What is said instead of counts, by the reason for which no request is shown.
CALM = {
    "unsaid": N_("Entre voisins, on s’entraide : dites ce que vous faites volontiers."),
    "paused": N_("Vous êtes en pause."),
    "unfit": N_("Tout est calme de votre côté."),
    "calm": N_("Tout est calme dans le quartier."),
}
_COUPLE, _TITLES = ("et", "&"), ("M.", "Mme", "Mlle", "Dr", "Famille")


@get("/entraide", name="mutual-aid")
async def show_mutual_aid(request: Request) -> Response:
    """Everything that help asks of the viewer, on one page."""
    return await _page(request)


async def _page(
    request: Request, typed: dict[str, str] | None = None, faults: dict[str, Fault] | None = None, status: int = 200
) -> Response:
    visit = visit_of(request)
    me, language = visit.viewer, visit.language
    mine = await Volunteer.of(me.id)
    promised, waiting = await mutual_aid.promised_by(me.id), await mutual_aid.open_for(me.id)
    asked = await mutual_aid.asked_by(me.id)
    fits = _fits(mine, waiting, language)
    why_none = _why_none(mine, waiting)
    return await page(
        request,
        "help/mutual_aid.html",
        status,
        here="/entraide",
        **await this_device(request),
        name=first_name(me.name),
        counted=counted(len(promised), len(fits), len(asked), why_none, language),
        promised=promised,
        asked=asked,
        done=await mutual_aid.done_by(me.id),
        fits=fits,
        why_none=why_none,
        mine=mine,
        paused=mine is not None and mine.paused(now()),
        settled=_settled(mine),
        form=form,
        week=form.week(language),
        pauses=form.pauses(language),
        pause_days=form.pause_days(language),
        typed=typed or form.typed_from(mine),
        faults=faults or {},
    )


@post("/entraide/disponibilites", name="availability", status_code=200)
async def keep_availability(request: Request) -> Response:
    """Keep what the viewer ticked; the building number can be given, or forgotten, on the way."""
    me = visit_of(request).viewer
    typed = await read_form(request)
    mine = await Volunteer.of(me.id)
    choices, forget, faults = form.read_availability(typed, me.street, mine)
    if faults:
        return await _page(request, form.BLANK | typed.fields, faults, 422)
    if forget:
        await Volunteer.forget_building(me.id)
    if not await Volunteer.keep(me.id, **choices):
        return await _page(request, form.BLANK | typed.fields, {"numero": Fault(form.TOO_EARLY)}, 422)
    return go("/entraide", "kept")


@post("/entraide/pause", name="pause", status_code=200)
async def pause(request: Request) -> Response:
    """Ask this neighbour nothing until a day."""
    me = visit_of(request).viewer
    typed = await read_form(request)
    try:
        until = form.read_pause(typed)
    except Wrong as wrong:
        again = form.typed_from(await Volunteer.of(me.id)) | {name: typed[name] for name in ("duree", "jour")}
        return await _page(request, again, {"jour" if typed["duree"] == "jour" else "duree": wrong.args[0]}, 422)
    await Volunteer.pause(me.id, until)
    return go("/entraide", "paused")


@post("/entraide/reprise", name="resume", status_code=200)
async def resume(request: Request) -> Response:
    """End the pause."""
    await Volunteer.resume(visit_of(request).viewer.id)
    return go("/entraide", "resumed")


def first_name(name: str) -> str:
    """How one greets this neighbour: Karim, Mme Santoni, Paul et Lucie, Famille Ben Salem."""
    words = name.split()
    if words[0] in _TITLES:
        return name
    couple = len(words) > 2 and words[1] in _COUPLE
    return " ".join(words[: 3 if couple else 1])


def counted(promised: int, fits: int, asked: int, why_none: str, language: str) -> str:
    """One sentence with the counts in words; what there is none of is not said."""
    words = translations(language)
    _, ngettext = words.gettext, words.ngettext

    def number(count: int) -> str:
        return _(COUNTS[count - 1]) if count <= len(COUNTS) else str(count)

    parts = []
    if promised:
        said = ngettext("%(count)s course en cours", "%(count)s courses en cours", promised)
        parts.append(said % {"count": number(promised)})
    if fits:
        said = ngettext("%(count)s demande faite pour vous", "%(count)s demandes faites pour vous", fits)
        parts.append(said % {"count": number(fits)})
    if not parts and asked:
        return ngettext("Votre demande suit son cours.", "Vos demandes suivent leur cours.", asked)
    if not parts:
        return _(CALM[why_none])
    whole = ", ".join(parts)
    return f"{whole[:1].upper()}{whole[1:]}."


def _fits(mine: Availability | None, waiting: list[dict], language: str) -> list[tuple[Mapping[str, Any], str]]:
    """The requests that fit, the first to look at first, each with its reason."""
    if mine is None:
        return []
    found = matching.requests_for(mine, waiting, now())[:MOST_SHOWN]
    translate = translations(language).gettext
    return [(one, matching.sentence(fit, translate)) for one, fit in found]


def _why_none(mine: Availability | None, waiting: list[dict]) -> str:
    """Why the list of requests is empty, when it is."""
    if mine is None or not mine.needs:
        return "unsaid"
    if mine.paused(now()):
        return "paused"
    return "unfit" if waiting else "calm"


def _settled(mine: Availability | None) -> datetime | None:
    """Until when the building cannot change; None when it can."""
    if mine is None or mine.building_at is None or mine.building_at + BUILDING_REST <= now():
        return None
    return mine.building_at + BUILDING_REST
