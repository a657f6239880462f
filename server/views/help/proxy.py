"""Writing for somebody without telephone, email or account: one page, half a minute."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException

from server.access import may
from server.base.settings import settings
from server.base.shapes import N_
from server.help import request as help_request
from server.help.private_form import movable, move, read_private
from server.help.proxy import CALL_BACKS, CONSENTS
from server.people.receipt import Receipt
from server.people.session import Viewer
from server.posts.forms import NO_STREET, Fault, Read, Wrong, read_answers, street_of
from server.posts.kinds import HELP
from server.posts.post import Post
from server.views.web.choices import days_ahead, half_hours
from server.views.web.door import visit_of
from server.views.web.form_reading import Typed, read_form
from server.views.web.page import go, page

NO_NAME = N_("Dites qui a besoin d’aide.")
NO_CONSENT = N_("Sans son accord, sa demande ne peut pas être affichée. Lisez-lui la phrase à voix haute.")
NOT_A_COUPON = N_("Le numéro du talon a trois chiffres.")
BLANK = {
    "title": "", "due_at_day": "", "due_at_hour": "", "urgency": "semaine", "who": "", "address": "", "phone": "",
    "talon": "", "accord": "", "rappels": "", "consent": "voice", "call_back": "me", "need": "", "rue": "", "note": "",
    "semblable": "",
}  # fmt: skip


@get("/pour-quelqu-un", name="for-somebody")
async def show_form(request: Request) -> Response:
    """The form, empty."""
    return await _form(request, {})


@post("/pour-quelqu-un", name="ask-for-somebody", status_code=200)
async def ask(request: Request) -> Response:
    """Put somebody's request on the board, with their consent and who rings them back."""
    viewer = _proxy(request)
    typed = await read_form(request)
    if typed["ranger"]:
        typed = replace(typed, fields=move(typed.fields, code_in="note"))
        return await _form(request, typed.fields, _faults(*_read(request, typed)))
    read, private, file = _read(request, typed)
    if faults := _faults(read, private, file):
        return await _form(request, typed.fields, faults, 422)
    street = file.answers.pop("street")
    # A form that was sent twice must not meet its own request as a similar one.
    seen = await Receipt.seen(viewer.id, typed.key, request.scope["path"], typed.raw)
    similar = await Post.similar(viewer.id, street, read.answers["need"])
    if similar and not seen and typed["semblable"] != "vu":
        return await _form(request, typed.fields, similar=similar)

    async def put_up() -> UUID:
        streets = visit_of(request).plate.streets
        return await help_request.ask(
            viewer.id, street, read.answers, private.answers, streets=streets, file=file.answers
        )

    done = await Receipt.once(viewer.id, typed.key, request.scope["path"], typed.raw, put_up)
    return go(f"/avis/{done.made}", "posted")


def _faults(*parts: Read) -> dict[str, Fault]:
    return {name: fault for part in parts for name, fault in part.faults.items()}


def _proxy(request: Request) -> Viewer:
    viewer = visit_of(request).viewer
    if not may(viewer, "write-for"):
        raise NotFoundException
    return viewer


def _read(request: Request, typed: Typed) -> tuple[Read, Read, Read]:
    """What the quartier will read, what the one who comes will read, and the file."""
    streets = visit_of(request).plate.streets
    read = read_answers(HELP, typed.fields | {"place": typed["rue"], "body": ""})
    read.faults.pop("place", None)
    private = read_private(typed.fields)
    file = Read({}, {})
    if not private.answers.get("who"):
        private.faults = {"who": Fault(NO_NAME)} | private.faults
    try:
        file.answers["street"] = street_of(typed["rue"], streets)
    except Wrong:
        file.faults["rue"] = Fault(NO_STREET)
    coupon = typed["talon"].strip()
    if coupon and not (coupon.isdecimal() and coupon.isascii() and len(coupon) == 3):
        file.faults["talon"] = Fault(NOT_A_COUPON)
    if typed["accord"] != "oui":
        file.faults["accord"] = Fault(NO_CONSENT)
    file.answers |= {
        "consent": _one_of(typed["consent"], CONSENTS),
        "call_back": _one_of(typed["call_back"], CALL_BACKS),
        "call_round": typed["rappels"] == "oui",
        "coupon": coupon or None,
    }
    return read, private, file


def _one_of(value: str, choices: tuple) -> str:
    """The value if it is offered, else the first: these are never left empty."""
    return value if value in {choice.value for choice in choices} else choices[0].value


async def _form(
    request: Request,
    typed: dict[str, str],
    faults: dict[str, Fault] | None = None,
    status: int = 200,
    *,
    similar: list[dict[str, Any]] | None = None,
) -> Response:
    viewer = _proxy(request)
    language = visit_of(request).language
    values = BLANK | {"rue": viewer.street} | typed
    return await page(
        request,
        "help/proxy.html",
        status,
        kind=HELP,
        typed=values,
        faults=faults or {},
        similar=similar or [],
        movable=movable(values) if faults else {},
        streets=[(street, street) for street in visit_of(request).plate.streets],
        consents=CONSENTS,
        call_backs=CALL_BACKS,
        days=days_ahead(HELP.field("due_at").days, values["due_at_day"], language),
        hours=half_hours(language),
        keep=settings.keep,
        stored=False,
    )
