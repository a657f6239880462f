"""Joining by an invitation, and the charter that one accepts by entering."""

from datetime import timedelta
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from server.base.columns import now
from server.base.ids import uuid7
from server.people.invitation import Invitation
from server.people.member import Member
from server.people.receipt import Done, Receipt
from server.people.session import Session
from server.posts.forms import collect, contact, person_name, street_of
from server.trust import naming
from server.views.web.attempts import failed
from server.views.web.door import visit_of
from server.views.web.form_reading import Typed, read_form
from server.views.web.namesakes import another_of
from server.views.web.page import page
from server.views.web.signing_in import entrance, keeps_cookies, sign_in

AGAIN = timedelta(minutes=10)


class Closed(Exception):
    """The invitation stopped opening before this entry; the receipt is rolled back with it."""


class Asked(Exception):
    """Another neighbour has this name: its argument is the question. Asked after a repeat was answered."""


@get("/invitation/{token:str}", opt={"public": True, "secret": True}, name="invitation")
async def show_invitation(request: Request, token: FromPath[str]) -> Response:
    """The page that an invitation opens. Previewers of links use nothing up."""
    invitation = await Invitation.find(token)
    if invitation is None or invitation.state != "open":
        return await _closed(request, invitation)
    return await _form(request, invitation, {"nom": "", "rue": "", "joindre": ""})


@post("/invitation/{token:str}", opt={"public": True, "secret": True}, name="join", status_code=200)
async def join(request: Request, token: FromPath[str]) -> Response:
    """Join, once: a send repeated within minutes signs the same person in again."""
    invitation = await Invitation.find(token)
    if invitation is None:
        failed(request)
        return await _closed(request, None)
    typed = await read_form(request)
    streets = visit_of(request).plate.streets
    readers = {"nom": person_name, "rue": lambda text: street_of(text, streets), "joindre": contact}
    values, faults = collect(readers, typed)
    if faults or not keeps_cookies(request):
        return await _form(request, invitation, typed, faults, 422, refused=not keeps_cookies(request))
    phone, email = values["joindre"]
    member = Member(
        id=uuid7(), name=values["nom"], street=values["rue"], phone=phone, email=email, invited_by=invitation.author,
        invitation=invitation.id,
    )  # fmt: skip

    async def enter() -> UUID:
        asking = await another_of(member.name, typed)
        if asking:
            raise Asked(asking)
        waits = await naming.hold_back(member)
        if not await invitation.enter(member):
            raise Closed
        if waits:
            await naming.tell_of(member.id)
        return member.id

    try:
        done = await Receipt.once(invitation.id, typed.key, "join", typed.raw, enter)
    except Closed:
        return await _closed(request, await Invitation.find(token), typed)
    except Asked as question:
        return await _form(request, invitation, typed, {"nom": question.args[0]}, 422)
    if not done.first and not await _just_lost(done):
        return await _closed(request, await Invitation.find(token))
    return await sign_in(request, done.made, "/chez-moi/carte", "name-waits" if member.wanted_name else "welcome")


async def _just_lost(done: Done) -> bool:
    """Whether a repeat may be one whose answer was lost: at once, and before any signing out.

    Later, "back" and "send again" on somebody's telephone must not open their door.
    """
    return done.at > now() - AGAIN and await Session.any_of(done.made)


async def _form(
    request: Request,
    invitation: Invitation,
    typed: Typed | dict,
    faults: dict | None = None,
    status: int = 200,
    *,
    refused: bool = False,
) -> Response:
    author = await Member.by_id(invitation.author)
    return await entrance(
        request,
        "welcome/join.html",
        status,
        refused=refused,
        author=author,
        streets=[(name, name) for name in visit_of(request).plate.streets],
        typed=typed,
        faults=faults or {},
    )


async def _closed(request: Request, invitation: Invitation | None, typed: Typed | None = None) -> Response:
    """An invitation that does not open, with the reason when it is a real one."""
    state = invitation.state if invitation else "unknown"
    return await page(request, "welcome/closed.html", 404 if invitation is None else 410, state=state, typed=typed)


@get("/charte", opt={"public": True}, name="charter")
async def show_charter(request: Request) -> Response:
    """The six rules."""
    return await page(request, "welcome/charter.html")
