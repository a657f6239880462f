"""Leaving the board for good: a page that says what goes, and one gesture."""

from litestar import Request, Response, get, post

from server.base.refusals import NotPossible
from server.base.shapes import N_
from server.posts.forms import Fault
from server.rights.leaving import leave
from server.views.web.cookies import SESSION, keep_cookie
from server.views.web.door import visit_of
from server.views.web.form_reading import read_form
from server.views.web.page import go, page

NOT_SURE = N_("Cochez la case si c’est bien ce que vous voulez.")


@get("/chez-moi/depart", name="leaving")
async def show_leaving(request: Request) -> Response:
    """What goes, before it goes."""
    return await page(request, "people/leaving.html", faults={}, here="/chez-moi/depart")


@post("/chez-moi/depart", name="leave-board", status_code=200)
async def leave_board(request: Request) -> Response:
    """Erase oneself. The last admin cannot."""
    typed = await read_form(request)
    fault = None if typed["oui"] == "oui" else Fault(NOT_SURE)
    if fault is None:
        try:
            await leave(visit_of(request).viewer.id)
        except NotPossible as refusal:
            fault = Fault(refusal.sentence)
    if fault is not None:
        return await page(request, "people/leaving.html", 422, faults={"oui": fault}, here="/chez-moi/depart")
    response = go("/entrer")
    keep_cookie(response, SESSION, "", 0)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
