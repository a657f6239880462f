"""The first evening: three screens from an empty machine to a board with one admin.

Answers travel in hidden fields from step to step; nothing is stored before the last button.
"""

import hmac
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.base.keys import founding_token
from server.base.shapes import N_
from server.people.facades import SHADES
from server.people.founding import found
from server.people.key import Key
from server.people.quartier import FACADES
from server.posts import forms
from server.posts.forms import Fault, Wrong, collect, short
from server.views.web.attempts import failed
from server.views.web.door import visit_of
from server.views.web.form_reading import Typed, read_form
from server.views.web.page import go
from server.views.web.signing_in import entrance, keeps_cookies, sign_in

NO_PLACE = N_("Donnez le nom de votre quartier.")
NO_TOWN = N_("Donnez le nom de la ville.")
NO_STREETS = N_("Écrivez au moins une rue, une par ligne.")
TOO_MANY_STREETS = N_("Cent rues au plus, de quatre-vingts lettres chacune.")
NO_CONTACT = N_("Donnez le prénom de la personne qui répond.")
NO_PHONE = N_("Donnez le numéro où l’on répond.")


def street_names(text: str) -> tuple[str, ...]:
    """The streets, one a line, without blanks and doubles."""
    return tuple(dict.fromkeys(filter(None, (forms.line(name) for name in forms.tidy(text).split("\n")))))


def streets(text: str) -> str:
    """The streets as they are kept. Raises Wrong."""
    names = street_names(text)
    if not names:
        raise Wrong(Fault(NO_STREETS))
    if len(names) > 100 or any(len(name) > 80 for name in names):
        raise Wrong(Fault(TOO_MANY_STREETS))
    return "\n".join(names)


def phone(text: str) -> str:
    """The number that is printed and read by all. Raises Wrong."""
    number, email = forms.contact(text)
    if email or not number:
        raise Wrong(Fault(NO_PHONE))
    return number


# What each step asks, in order. The last one's street is checked against the first one's list.
STEPS: tuple[dict[str, Any], ...] = (
    {
        "quartier": lambda text: short(text, 80, NO_PLACE),
        "ville": lambda text: short(text, 80, NO_TOWN),
        "rues": streets,
        "facade": lambda text: text if text in FACADES else FACADES[0],
    },
    {
        "contact": lambda text: short(text, 60, NO_CONTACT),
        "telephone": phone,
        "heures": lambda text: short(text, 60),
        "boite": lambda text: short(text, 120),
    },
    {"nom": forms.person_name, "rue": None},
)
EVERY_FIELD = tuple(name for step in STEPS for name in step)


def readers(number: int, typed: Typed) -> dict[str, Any]:
    """How the answers of a step are read."""
    names = street_names(typed["rues"])
    return {name: reader or (lambda text: forms.street_of(text, names)) for name, reader in STEPS[number - 1].items()}


def _check_token(request: Request, token: str, *, tried: bool = False) -> None:
    """The link works until a quartier exists; afterwards, and for a wrong one, 404. ``tried``: by sending the form."""
    if visit_of(request).plate.version or not hmac.compare_digest(token.encode(), founding_token().encode()):
        if tried:
            failed(request)
        raise NotFoundException


@get("/fondation/{token:str}", opt={"public": True, "secret": True}, name="founding")
async def show_founding(request: Request, token: FromPath[str]) -> Response:
    """The first of the three screens."""
    _check_token(request, token)
    return await _step(request, 1, {"facade": "soleil", "heures": "de 9 h à 19 h"})


@post("/fondation/{token:str}", opt={"public": True, "secret": True}, name="found", status_code=200)
async def take_step(request: Request, token: FromPath[str]) -> Response:
    """Check one step and show the next; the last one makes the board and signs its admin in."""
    _check_token(request, token, tried=True)
    typed = await read_form(request)
    step = {"1": 1, "2": 2, "3": 3}.get(typed["etape"], 1)
    if typed["revenir"]:
        return await _step(request, max(1, step - 1), typed.fields)
    for number in range(1, step + 1):
        _, faults = collect(readers(number, typed), typed)
        if faults:
            return await _step(request, number, typed.fields, faults, 422)
    if not keeps_cookies(request):
        return await _step(request, step, typed.fields, status=422, refused=True)
    if step < len(STEPS):
        return await _step(request, step + 1, typed.fields)
    return await _found(request, typed)


async def _step(
    request: Request,
    number: int,
    typed: dict[str, str],
    faults: dict | None = None,
    status: int = 200,
    *,
    refused: bool = False,
) -> Response:
    values = {name: typed.get(name, "") for name in EVERY_FIELD}
    carried = {name: value for name, value in values.items() if name not in STEPS[number - 1]}
    return await entrance(
        request,
        f"welcome/founding_{number}.html",
        status,
        number=number,
        typed=values,
        carried=carried,
        faults=faults or {},
        shades=SHADES,
        streets=[(name, name) for name in street_names(values["rues"])],
        refused=refused,
    )


async def _found(request: Request, typed: Typed) -> Response:
    values: dict[str, Any] = {}
    for number in range(1, len(STEPS) + 1):
        values |= collect(readers(number, typed), typed)[0]
    admin = await found(values)
    if admin is None:
        return go("/entrer")
    await Key.new_card(admin)
    return await sign_in(request, admin, "/chez-moi/carte", "welcome")
