"""Exceptions become a page of ours, or a notice for htmx; always a sentence and a next gesture."""

import logging
import secrets
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.types import ASGIApp, Receive, Scope, Send

from server.base.columns import now
from server.base.faults import Trouble, tell, trouble_of
from server.base.shapes import N_
from server.base.spending import TooMuch
from server.people.receipt import Conflict
from server.text.i18n import ZONE
from server.views.web.device import POCKET, by_worker, from_pocket
from server.views.web.door import PUBLIC, FromElsewhere, Misplaced, NotFounded, NotSignedIn, guard, visit_of, was_met
from server.views.web.form_reading import BrokenOff, Repeated
from server.views.web.page import is_fragment, page_now, render

log = logging.getLogger("palier")


@dataclass(frozen=True)
class Sorry:
    """What went wrong and what is not lost; ``scene`` is its drawing."""

    title: str
    text: str
    scene: str = "door"


MISSING = Sorry(
    N_("Cette porte n’existe pas"),
    N_("L’avis a pu être décroché, ou l’adresse mal recopiée. Tout le reste est à sa place."),
)
ELSEWHERE = Sorry(
    N_("Cet envoi ne vient pas de Palier"),
    N_("Par sûreté, il n’a rien changé. Refaites le geste depuis le tableau."),
)
USED = Sorry(
    N_("Ce formulaire a déjà servi"),
    N_("Votre premier envoi est bien arrivé. Pour en écrire un autre, repartez d’une page neuve avec votre texte."),
)
BROKEN = Sorry(
    N_("Quelque chose s’est cassé chez nous"),
    N_("Ce n’est pas vous. Ce que vous écriviez est encore dans la page précédente."),
    "ladder",
)
FULL = Sorry(
    N_("Il n’y a plus de place pour écrire"),
    N_("On peut tout lire, on ne peut rien ajouter. Rien n’est perdu. Dès que la place revient, l’écriture reprend."),
    "letterboxes",
)
ENOUGH = N_("Rien n’est perdu : ce que vous avez écrit est ici, et ce que vous aviez déjà fait reste.")
FAILING = Sorry(
    N_("Le disque du tableau ne va pas bien"),
    N_("La machine n’arrive plus à lire ou à écrire. Un admin est à prévenir. Ce que vous écriviez est encore ici."),
    "ladder",
)
AWAY = Sorry(
    N_("Le tableau ne répond pas tout à fait"),
    N_("Sa base se relance. Rien n’est perdu, ce que vous écriviez non plus : recommencez dans une minute."),
    "ladder",
)
MISPLACED = Sorry(
    N_("Le tableau ne retrouve plus ses affaires"),
    N_("Rien ne peut être gardé pour l’instant. Ce que vous écriviez est encore ici : gardez-le, prévenez un admin."),
    "letterboxes",
)
TROUBLES = {
    Trouble.FULL: (507, FULL),
    Trouble.FAILING: (500, FAILING),
    Trouble.AWAY: (503, AWAY),
    Trouble.MISPLACED: (503, MISPLACED),
}
SORRY = {
    400: Sorry(
        N_("Nous n’avons pas pu lire ce que vous avez envoyé"),
        N_("Revenez à la page précédente : votre texte y est encore. Essayez de nouveau."),
    ),
    403: Sorry(
        N_("Ce n’est pas encore pour vous"),
        N_("Quand un modérateur vous aura ouvert la porte, cette page s’ouvrira aussi."),
    ),
    404: MISSING,
    405: MISSING,
    409: Sorry(
        N_("Cet avis a changé entre-temps"),
        N_("Rien n’est écrasé. Revenez à la page précédente, gardez votre texte, puis relisez l’avis."),
    ),
    413: Sorry(
        N_("C’est trop lourd pour le tableau"),
        N_("Revenez à la page précédente : votre texte y est encore. Raccourcissez-le, puis envoyez-le de nouveau."),
    ),
    414: Sorry(
        N_("Cette adresse est trop longue"),
        N_("Aucune page du tableau n’a une adresse si longue. Repartez du tableau : tout y est à sa place."),
    ),
    429: Sorry(
        N_("Doucement"),
        N_("Il y a eu beaucoup d’essais depuis votre réseau. Attendez une minute, puis recommencez."),
    ),
}


class Unmet(Response):
    """The answer to what went wrong before the guard had looked: no such address, another method.

    Litestar calls exception handlers plainly, but awaits what they give. So the door looks now, and the page
    is that of who asks.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__(b"")
        self.error = error

    def to_asgi_response(self, app: Any, request: Request, **kwargs: Any) -> ASGIApp:
        """An ASGI application that goes to the door first."""

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            error = self.error
            try:
                await guard(request, PUBLIC)
            except Exception as other:
                # Whatever it is: nobody above would show it.
                error = other
            await show_met(request, error).to_asgi_response(app, request, **kwargs)(scope, receive, send)

        return answer


def show(request: Request, error: Exception) -> Response:
    """The answer to any exception."""
    if isinstance(error, NotFoundException | MethodNotAllowedException) and not was_met(request):
        return Unmet(error)
    return show_met(request, error)


def show_met(request: Request, error: Exception) -> Response:
    """The answer to an exception, for whoever the door has found."""
    if isinstance(error, (NotSignedIn, NotFounded)):
        return _to_the_door(request, error)
    if isinstance(error, Repeated):
        return Response(b"", status_code=201, headers={"Cache-Control": "no-store", POCKET: "done"})
    if isinstance(error, Conflict):
        return _sorry(request, 409, USED)
    if isinstance(error, FromElsewhere):
        return _sorry(request, 403, ELSEWHERE)
    if isinstance(error, BrokenOff):
        log.warning("a form was broken off on %s", request.scope.get("path_template", "?"))
    if isinstance(error, TooMuch):
        return _enough(request, error)
    if isinstance(error, HTTPException) and error.status_code < 500:
        code = error.status_code
        response = _sorry(request, code, SORRY.get(code, SORRY[400]))
        if code == 429 and (wait := (error.headers or {}).get("Retry-After")):
            response.headers["Retry-After"] = wait
        if code == 405:
            # RFC 9110, 15.5.6: what this address does take. A HEAD is answered as a GET.
            allowed = {name.strip() for name in (error.headers or {}).get("allow", "").split(",") if name.strip()}
            response.headers["Allow"] = ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
        return response
    trouble = Trouble.MISPLACED if isinstance(error, Misplaced) else trouble_of(error)
    if trouble is not None:
        tell(trouble)
        status, sorry = TROUBLES[trouble]
        response = _sorry(request, status, sorry)
        if status == 503:
            response.headers["Retry-After"] = "60" if trouble is Trouble.MISPLACED else "10"
        return response
    mark = secrets.token_hex(2).upper()
    log.exception("panne %s on %s", mark, request.scope.get("path_template", "?"), exc_info=error)
    return _sorry(request, 500, BROKEN, mark=f"{mark}, {now().astimezone(ZONE):%d/%m %H:%M}")


# Fields whose words a neighbour wrote, in the order in which they are shown again.
_WORDS = (
    "title", "body", "place", "reponse", "message", "raison", "titre", "artiste", "lien", "nom", "note", "votre-merci",
)  # fmt: skip


def _enough(request: Request, error: TooMuch) -> Response:
    """A budget is spent: when it is possible again, and what was typed, ready to be sent then."""
    typed = request.scope.get("palier_typed")
    fields = typed.fields if typed else {}
    response = _sorry(
        request, 429, Sorry(error.sentence, ENOUGH, "two_doors"), template="layouts/enough.html",
        again_at=error.again_at, fields=fields, words=[fields[name] for name in _WORDS if fields.get(name, "").strip()],
        action=request.scope["path"],
    )  # fmt: skip
    response.headers["Retry-After"] = str(max(1, round((error.again_at - now()).total_seconds())))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _to_the_door(request: Request, error: Exception) -> Response:
    if by_worker(request):
        return Response(b"", status_code=401, headers={"Cache-Control": "no-store"})
    where = "/bientot" if isinstance(error, NotFounded) else "/entrer"
    if is_fragment(request):
        return Response(b"", status_code=204, headers={"HX-Redirect": where, "Cache-Control": "no-store"})
    return Response(b"", status_code=303, headers={"Location": where, "Cache-Control": "no-store"})


def _sorry(
    request: Request, status: int, sorry: Sorry, mark: str = "", template: str = "layouts/sorry.html", **more: Any
) -> Response:
    if is_fragment(request) and not from_pocket(request):
        # The page stays as it is, with what was typed; the sentence comes above it.
        notice = render(visit_of(request).language, "shared/notice.html", sorry=sorry, mark=mark, **more)
        return Response(
            notice.encode(),
            status_code=status,
            media_type="text/html",
            headers={"HX-Retarget": "#mots", "HX-Reswap": "innerHTML", "Cache-Control": "no-store"},
        )
    return page_now(request, template, status, sorry=sorry, mark=mark, **more)
