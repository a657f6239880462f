"""Replies under a post: write, withdraw and put back, report."""

from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.access import may
from server.base.shapes import N_
from server.moderation import report
from server.moderation.report import Report
from server.people.receipt import Receipt
from server.posts.forms import NO_NUMBER, Fault, Wrong, plain_text
from server.talk.reply import LIMIT, Reply
from server.views.post.post_page import post_for, post_page
from server.views.web.door import visit_of
from server.views.web.form_reading import read_form
from server.views.web.page import go, page

EMPTY = N_("Écrivez quelques mots avant d’envoyer.")


@post("/avis/{post_id:uuid}/reponses", name="reply", status_code=200, opt={"pocket": "reply"})
async def write_reply(request: Request, post_id: FromPath[UUID]) -> Response:
    """Reply to a post; a repeated send is one reply."""
    typed = await read_form(request)
    found = await post_for(request, post_id, "reply")
    try:
        streets_too, no_number = found["kind"].street_numbers, bool(typed[NO_NUMBER])
        text = plain_text(typed["reponse"], LIMIT, EMPTY, street_numbers=streets_too, no_number=no_number)
    except Wrong as wrong:
        return await post_page(request, found, 422, typed=typed.fields, faults={"reponse": wrong.args[0]})
    viewer = visit_of(request).viewer
    done = await Receipt.once(
        viewer.id, typed.key, request.scope["path"], typed.raw, lambda: Reply.write(post_id, viewer.id, text)
    )
    return go(f"/avis/{post_id}#reponse-{done.made}", "replied")


@post("/reponses/{reply_id:uuid}/retrait", name="withdraw-reply", status_code=200)
async def withdraw_reply(request: Request, reply_id: FromPath[UUID]) -> Response:
    """Withdraw one's reply."""
    reply = await _reply_for(request, reply_id, "withdraw")
    await Reply.set_aside(reply_id, "withdrawn_at", True)
    return go(f"/avis/{reply['post']}?reponse={reply_id}#reponse-{reply_id}", "reply-withdrawn", reply_id)


@post("/reponses/{reply_id:uuid}/retour", name="put-back-reply", status_code=200)
async def put_reply_back(request: Request, reply_id: FromPath[UUID]) -> Response:
    """Undo a withdrawal."""
    reply = await _reply_for(request, reply_id, "put-back")
    await Reply.set_aside(reply_id, "withdrawn_at", False)
    return go(f"/avis/{reply['post']}?reponse={reply_id}#reponse-{reply_id}")


@get("/reponses/{reply_id:uuid}/signaler", name="report-reply-form")
async def show_report_form(request: Request, reply_id: FromPath[UUID]) -> Response:
    """A page to say what is wrong with a reply."""
    reply = await _reply_for(request, reply_id, "report")
    return await page(request, "replies/report.html", reply=reply, typed={"raison": ""}, faults={})


@post("/reponses/{reply_id:uuid}/signaler", name="report-reply", status_code=200)
async def report_reply(request: Request, reply_id: FromPath[UUID]) -> Response:
    """Report a reply, with a reason."""
    reply = await _reply_for(request, reply_id, "report")
    typed = await read_form(request)
    try:
        reason = plain_text(typed["raison"], report.LIMIT, report.NO_REASON, street_numbers=True)
    except Wrong as wrong:
        faults: dict[str, Fault] = {"raison": wrong.args[0]}
        return await page(request, "replies/report.html", 422, reply=reply, typed=typed, faults=faults)
    await Report.write(reply["post"], reply_id, visit_of(request).viewer.id, reason)
    return go(f"/avis/{reply['post']}?reponse={reply_id}#reponse-{reply_id}", "reported")


async def _reply_for(request: Request, reply_id: UUID, verb: str) -> dict:
    """Load a reply and check the right to ``verb``; its post must be in sight too."""
    reply = await Reply.load(reply_id)
    if reply is None or not may(visit_of(request).viewer, verb, reply):
        raise NotFoundException
    await post_for(request, reply["post"])
    return reply
