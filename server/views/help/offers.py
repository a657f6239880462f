"""Joining an offer: a place, and a list that only the one who goes reads."""

from uuid import UUID

from litestar import Request, Response, post
from litestar.params import FromPath

from server.base.refusals import NotPossible
from server.base.shapes import N_
from server.help import offer
from server.help.private_form import read_private
from server.people.receipt import Receipt
from server.posts.forms import Fault
from server.views.post.post_page import post_for, post_page
from server.views.web.door import visit_of
from server.views.web.form_reading import read_form
from server.views.web.page import go

NO_LIST = N_("Dites ce qu’il vous faut.")


@post("/avis/{post_id:uuid}/inscription", name="join-offer", status_code=200)
async def join(request: Request, post_id: FromPath[UUID]) -> Response:
    """Take a place: it becomes a request already taken, with its own private part."""
    found = await post_for(request, post_id, "join")
    typed = await read_form(request)
    viewer = visit_of(request).viewer
    read = read_private(typed.fields)
    if not read.answers.get("note"):
        read.faults = {"note": Fault(NO_LIST)} | read.faults
    if read.faults:
        return await post_page(request, found, 422, typed=typed.fields, faults=read.faults)
    private = read.answers | {"who": read.answers.get("who") or viewer.name}
    try:
        done = await Receipt.once(
            viewer.id, typed.key, request.scope["path"], typed.raw,
            lambda: offer.join(post_id, viewer.id, viewer.street, private),
        )  # fmt: skip
    except NotPossible as refusal:
        if isinstance(refusal, offer.PlacesWait):
            await offer.ask_for_places(post_id)
        anew = await post_for(request, post_id)
        return await post_page(request, anew, 409, typed=typed.fields, refusal=refusal)
    return go(f"/avis/{done.made}", "joined")


@post("/avis/{post_id:uuid}/inscription/annuler", name="leave-offer", status_code=200)
async def leave(request: Request, post_id: FromPath[UUID]) -> Response:
    """Give one's place back."""
    await post_for(request, post_id)
    await offer.leave(post_id, visit_of(request).viewer.id)
    return go(f"/avis/{post_id}", "unjoined")


@post("/avis/{post_id:uuid}/cloture", name="close-offer", status_code=200)
async def close(request: Request, post_id: FromPath[UUID]) -> Response:
    """It was done: settle every request made of it, and take the offer down."""
    await post_for(request, post_id, "close-offer")
    await offer.close(post_id, visit_of(request).viewer.id)
    return go(f"/avis/{post_id}", "closed")


@post("/avis/{post_id:uuid}/places", name="agree-places", status_code=200)
async def agree(request: Request, post_id: FromPath[UUID]) -> Response:
    """A moderator says yes to all places of an offer."""
    await post_for(request, post_id, "agree-places")
    try:
        await offer.agree(post_id, visit_of(request).viewer.id)
    except NotPossible as refusal:
        return await post_page(request, await post_for(request, post_id), 409, refusal=refusal)
    return go(f"/avis/{post_id}", "places-agreed")
