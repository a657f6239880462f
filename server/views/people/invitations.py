"""Inviting neighbours: a square to show on the landing, an address to send."""

from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath

from server.access import may
from server.base.shapes import N_, Choice
from server.people.invitation import DAYS, USES, Invitation
from server.people.receipt import Receipt
from server.posts.forms import Wrong, short
from server.views.web.door import visit_of
from server.views.web.form_reading import Typed, read_form
from server.views.web.page import go, page
from server.views.web.qr import absolute, qr

FOR_WHOM = (Choice("1", N_("Une personne"), icon="pers"), Choice("10", N_("Dix personnes"), icon="entraide"))
HOW_LONG = (Choice("7", N_("Une semaine")), Choice("30", N_("Un mois")))


@get("/invitations", opt={"secret": True}, name="invitations")
async def show_invitations(request: Request) -> Response:
    """One's invitations, and the form to prepare another."""
    _only_inviters(request)
    return await _page(request, {"note": "", "personnes": "1", "jours": "7"})


@post("/invitations", name="invite", status_code=200)
async def prepare_invitation(request: Request) -> Response:
    """Prepare an invitation, once."""
    _only_inviters(request)
    typed = await read_form(request)
    try:
        note = short(typed["note"], 60)
        uses, days = int(typed["personnes"] or 1), int(typed["jours"] or 7)
        if uses not in USES or days not in DAYS:
            raise ValueError
    except Wrong as wrong:
        return await _page(request, typed, {"note": wrong.args[0]}, 422)
    except ValueError:
        return await _page(request, {"note": typed["note"], "personnes": "1", "jours": "7"}, status=422)
    author = visit_of(request).viewer.id

    async def make() -> UUID:
        return (await Invitation.make(author, note, uses, days)).id

    done = await Receipt.once(author, typed.key, "invite", typed.raw, make)
    return go(f"/invitations?montrer={done.made}", "invited")


@post("/invitations/{invitation_id:uuid}/annulation", name="revoke-invitation", status_code=200)
async def revoke_invitation(request: Request, invitation_id: FromPath[UUID]) -> Response:
    """Cancel one's own invitation."""
    if not await Invitation.revoke(invitation_id, visit_of(request).viewer.id):
        raise NotFoundException
    return go("/invitations", "revoked")


def _only_inviters(request: Request) -> None:
    if not may(visit_of(request).viewer, "invite"):
        raise PermissionDeniedException


async def _page(
    request: Request, typed: Typed | dict[str, str], faults: dict | None = None, status: int = 200
) -> Response:
    everything = await Invitation.of(visit_of(request).viewer.id)
    running = [one for one in everything if one.state == "open"]
    asked = request.query_params.get("montrer", "")
    shown = next((one for one in running if str(one.id) == asked), running[0] if running else None)
    address = absolute(request, f"/invitation/{shown.token}") if shown else ""
    return await page(
        request,
        "people/invitations.html",
        status,
        shown=shown,
        address=address,
        mail=quote(address),
        square=qr(address, address) if shown else "",
        running=running,
        over=[one for one in everything if one.state != "open"],
        typed=typed,
        faults=faults or {},
        for_whom=FOR_WHOM,
        how_long=HOW_LONG,
    )
