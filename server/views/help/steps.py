"""The steps of a request: taking it and giving it back, done, thanked, open again.

Each route loads the post, asks ``access`` whether this person has a part in it, and lets the
verb say whether its state allows the step; if not, the page comes back with that sentence.
"""

from collections.abc import Coroutine
from contextlib import closing
from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.base.columns import now
from server.base.refusals import NotPossible
from server.base.shapes import N_
from server.help import life
from server.help.claim import REASON_LIMIT, Claim
from server.help.claim_steps import PROPOSED
from server.help.doors import NoDoorLeft
from server.help.proxy import ProxyFile
from server.people.receipt import Receipt
from server.posts.forms import NO_NUMBER, Wrong, plain_text, short, tidy
from server.posts.post import vital
from server.views.post.post_page import post_for, post_page
from server.views.web.door import visit_of
from server.views.web.form_reading import Typed, read_form
from server.views.web.page import go, page

WORDS_LIMIT = 180
NO_REASON = N_("Dites en un mot pourquoi : la personne comprendra mieux.")
NO_WORDS = N_("Écrivez votre merci.")


async def step(
    request: Request, post_id: UUID, work: Coroutine, word: str, to: str = "", typed: Typed | None = None
) -> Response:
    """Do one step; the page of the post says how it went. A form with a key in ``typed`` does it once."""

    async def work_on() -> UUID:
        await work
        return post_id

    try:
        # A repeat never begins it.
        with closing(work):
            if typed and typed["cle"]:
                viewer = visit_of(request).viewer
                await Receipt.once(viewer.id, typed.key, request.scope["path"], typed.raw, work_on)
            else:
                await work
    except NotPossible as refusal:
        found = await post_for(request, post_id)
        return await post_page(request, found, 409, typed=typed.fields if typed else None, refusal=refusal)
    return go(to or f"/avis/{post_id}", word)


@post("/avis/{post_id:uuid}/prise", name="take", status_code=200)
async def take(request: Request, post_id: FromPath[UUID]) -> Response:
    """Take a request; a newcomer proposes to. Beyond the day's doors one asks first."""
    return await _take(request, post_id, ask=False)


@post("/avis/{post_id:uuid}/prise/demander", name="ask-door", status_code=200)
async def ask_for_door(request: Request, post_id: FromPath[UUID]) -> Response:
    """Ask who asked for help for one door more than the day has."""
    return await _take(request, post_id, ask=True)


async def _take(request: Request, post_id: UUID, *, ask: bool) -> Response:
    found = await _request_for(request, post_id)
    try:
        state = await Claim.take(post_id, visit_of(request).viewer.id, ask=ask)
    except NoDoorLeft as refusal:
        response = await page(
            request, "help/enough.html", 429, here=f"/avis/{post_id}", post=found, refusal=refusal,
            vital=vital(found, now()),
        )  # fmt: skip
        response.headers["Retry-After"] = str(max(1, round((refusal.again_at - now()).total_seconds())))
        return response
    except NotPossible as refusal:
        return await post_page(request, await post_for(request, post_id), 409, refusal=refusal)
    return go(f"/avis/{post_id}", ("asked-door" if ask else "proposed") if state == PROPOSED else "taken")


@post("/avis/{post_id:uuid}/prise/rendre", name="hand-back", status_code=200, opt={"pocket": "hand-back"})
async def hand_back(request: Request, post_id: FromPath[UUID]) -> Response:
    """Give a request back, with a reason that only the asker reads."""
    typed = await read_form(request)
    found = await _request_for(request, post_id)
    try:
        reason = short(typed["raison-rendre"], REASON_LIMIT)
    except Wrong as wrong:
        faults = {"raison-rendre": wrong.args[0]}
        return await post_page(request, found, 422, typed=typed.fields, faults=faults)
    work = Claim.hand_back(post_id, visit_of(request).viewer.id, reason)
    # A request made of an offer is out of sight once it is given back.
    return await step(request, post_id, work, "handed-back", "/entraide" if found["offer"] else "", typed)


@post("/avis/{post_id:uuid}/prise/garder", name="keep", status_code=200)
async def keep(request: Request, post_id: FromPath[UUID]) -> Response:
    """Say that one is still on it, before the lease ends."""
    await _request_for(request, post_id)
    return await step(request, post_id, Claim.keep(post_id, visit_of(request).viewer.id), "still-on-it")


@post("/avis/{post_id:uuid}/attente", name="stand-by", status_code=200)
async def stand_by(request: Request, post_id: FromPath[UUID]) -> Response:
    """Be told first should the request open again."""
    await post_for(request, post_id, "take")
    return await step(request, post_id, Claim.stand_by(post_id, visit_of(request).viewer.id), "second")


@post("/avis/{post_id:uuid}/attente/annuler", name="step-aside", status_code=200)
async def step_aside(request: Request, post_id: FromPath[UUID]) -> Response:
    """Take back one's proposal or one's second place."""
    await post_for(request, post_id, "take")
    return await step(request, post_id, Claim.step_aside(post_id, visit_of(request).viewer.id), "aside")


@post("/avis/{post_id:uuid}/propositions/{claim_id:uuid}/accord", name="accept", status_code=200)
async def accept(request: Request, post_id: FromPath[UUID], claim_id: FromPath[UUID]) -> Response:
    """Say yes to a newcomer who proposed to come."""
    await _claim_for(request, post_id, claim_id)
    return await step(request, post_id, Claim.accept(claim_id, visit_of(request).viewer.id), "accepted")


@post("/avis/{post_id:uuid}/propositions/{claim_id:uuid}/refus", name="decline", status_code=200)
async def decline(request: Request, post_id: FromPath[UUID], claim_id: FromPath[UUID]) -> Response:
    """Say no, kindly."""
    await _claim_for(request, post_id, claim_id)
    return await step(request, post_id, Claim.decline(claim_id, visit_of(request).viewer.id), "declined")


@post("/avis/{post_id:uuid}/fait", name="finish", status_code=200, opt={"pocket": "done"})
async def finish(request: Request, post_id: FromPath[UUID]) -> Response:
    """Say that it is done: the volunteer or who asked."""
    typed = await read_form(request)
    await _request_for(request, post_id)
    return await step(request, post_id, life.finish(post_id, visit_of(request).viewer.id), "done", "", typed)


@post("/avis/{post_id:uuid}/remerciement", name="thank", status_code=200, opt={"pocket": "thanks"})
async def thank(request: Request, post_id: FromPath[UUID]) -> Response:
    """Thank the volunteer; the words appear on the board."""
    typed = await read_form(request)
    found = await post_for(request, post_id, "ask")
    try:
        words = (
            plain_text(typed["votre-merci"], WORDS_LIMIT, NO_WORDS, no_number=bool(typed[NO_NUMBER]))
            if tidy(typed["votre-merci"])
            else None
        )
    except Wrong as wrong:
        return await post_page(request, found, 422, typed=typed.fields, faults={"votre-merci": wrong.args[0]})
    return await step(request, post_id, life.thank(post_id, visit_of(request).viewer.id, words), "thanked", "", typed)


@post("/avis/{post_id:uuid}/reouverture", name="reopen", status_code=200)
async def reopen(request: Request, post_id: FromPath[UUID]) -> Response:
    """Open one's request again, for somebody else."""
    await post_for(request, post_id, "ask")
    return await step(request, post_id, life.reopen(post_id, visit_of(request).viewer.id), "reopened")


@post("/avis/{post_id:uuid}/rappel", name="called-back", status_code=200)
async def called_back(request: Request, post_id: FromPath[UUID]) -> Response:
    """The person one wrote for was rung back and knows who comes."""
    found = await post_for(request, post_id, "call-back")
    await ProxyFile.called(found["id"])
    return go(f"/avis/{post_id}", "called")


async def _request_for(request: Request, post_id: UUID) -> dict[str, Any]:
    """A request for help in this person's sight; 404 for a post of another kind."""
    found = await post_for(request, post_id)
    if found["state"] is None:
        raise NotFoundException
    return found


async def _claim_for(request: Request, post_id: UUID, claim_id: UUID) -> None:
    """404 unless this person may answer proposals here, and this is one."""
    await post_for(request, post_id, "answer-proposal")
    claim = await Claim.load(claim_id)
    if claim is None or claim["post"] != post_id:
        raise NotFoundException
