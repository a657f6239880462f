"""Behind the door of a request: an admin's reading with a reason, the talk of the two, the money."""

from uuid import UUID

from litestar import Request, Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.access import may
from server.base.audit_log import NO_REASON, REASON_LIMIT
from server.base.refusals import NotPossible
from server.base.shapes import N_
from server.help.admin_reading import read_with_reason
from server.help.claim import Claim
from server.help.claim_steps import NOT_YOURS_NOW
from server.help.private import Message, PrivatePart
from server.help.private_form import money
from server.news.told import Notice
from server.people.receipt import Receipt
from server.posts.forms import Fault, Wrong, private_text
from server.posts.forms import reason as reason_of
from server.views.post.errand_page import open_private
from server.views.post.post_page import post_for, post_page
from server.views.web.door import visit_of
from server.views.web.form_reading import Typed, read_form
from server.views.web.page import go

MESSAGE_LIMIT = 600
EMPTY = N_("Écrivez quelques mots avant d’envoyer.")
NO_SUM = N_("Écrivez la somme du ticket.")


@post("/avis/{post_id:uuid}/lecture", name="open-private", status_code=200)
async def read_private_part(request: Request, post_id: FromPath[UUID]) -> Response:
    """An admin reads the private part: the reason is kept, and shown to the person."""
    found = await post_for(request, post_id, "open-private")
    typed = await read_form(request)
    viewer = visit_of(request).viewer
    try:
        reason = reason_of(typed["raison-lecture"], REASON_LIMIT, NO_REASON)
    except Wrong as wrong:
        return await post_page(request, found, 422, typed=typed.fields, faults={"raison-lecture": wrong.args[0]})
    try:
        await read_with_reason(found, viewer.id, viewer.role, reason)
    except NotPossible as refusal:
        return await post_page(request, found, 409, typed=typed.fields, refusal=refusal)
    return await post_page(request, found, opened=await open_private(found) or {"answers": {}})


@post("/avis/{post_id:uuid}/messages", name="message", status_code=200, opt={"pocket": "message"})
async def write_message(request: Request, post_id: FromPath[UUID]) -> Response:
    """A line to the other of the two. Nobody else reads it; it goes with the private part."""
    typed = await read_form(request)
    found = await post_for(request, post_id)
    if not may(visit_of(request).viewer, "talk", found):
        return await _no_longer(request, found, typed)
    try:
        text = private_text(typed["message"], MESSAGE_LIMIT, EMPTY)
    except Wrong as wrong:
        return await post_page(request, found, 422, typed=typed.fields, faults={"message": wrong.args[0]})
    viewer = visit_of(request).viewer

    async def write() -> UUID:
        made = await Message.write(post_id, viewer.id, text)
        other = found["taker"] if str(found["author"]) == str(viewer.id) else found["author"]
        if other:
            # One piece of news until it is seen, however many lines are written.
            await Notice.tell_anew(other, "message", post_id, viewer.id, made)
        return made

    done = await Receipt.once(viewer.id, typed.key, request.scope["path"], typed.raw, write)
    return go(f"/avis/{post_id}#message-{done.made}")


async def _no_longer(request: Request, found: dict, typed: Typed) -> Response:
    """Who had the request in hand while they were writing reads why it went nowhere, and keeps their words."""
    viewer = visit_of(request).viewer
    if not any(str(claim["member"]) == str(viewer.id) for claim in await Claim.of(found["id"])):
        raise NotFoundException
    return await post_page(request, found, 409, typed=typed.fields, refusal=NotPossible(NOT_YOURS_NOW))


@post("/avis/{post_id:uuid}/somme", name="sum", status_code=200)
async def note_sum(request: Request, post_id: FromPath[UUID]) -> Response:
    """What the errand cost, as the receipt says."""
    found = await post_for(request, post_id, "talk")
    typed = await read_form(request)
    try:
        cents = money(typed["somme"])
        if cents is None:
            raise Wrong(Fault(NO_SUM))
    except Wrong as wrong:
        return await post_page(request, found, 422, typed=typed.fields, faults={"somme": wrong.args[0]})
    await PrivatePart.pay(post_id, cents)
    return go(f"/avis/{post_id}#argent", "kept")


@post("/avis/{post_id:uuid}/rembourse", name="settle", status_code=200)
async def settle(request: Request, post_id: FromPath[UUID]) -> Response:
    """Tick "given back", each of the two for themselves."""
    found = await post_for(request, post_id, "talk")
    viewer = visit_of(request).viewer
    asks = str(found["author"]) == str(viewer.id)
    await PrivatePart.settle(
        post_id, "asker" if asks else "taker", viewer.id, found["taker"] if asks else found["author"]
    )
    return go(f"/avis/{post_id}#argent", "settled")
