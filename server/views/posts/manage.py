"""What its author does to a post, what any neighbour adds to it, and pointing it out."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import HTTPException, NotFoundException
from litestar.params import FromPath

from server import publishing
from server.access import may
from server.base.shapes import N_
from server.gatherings import recurrence
from server.help.private_form import move, read_private
from server.moderation import report
from server.moderation.report import Report
from server.people.receipt import Receipt
from server.posts import kinds
from server.posts.forms import NO_NUMBER, Read, Wrong, collect, plain_text, read_answers, short, web_link
from server.posts.track import Track
from server.views.post.errand_page import open_private
from server.views.post.post_page import post_for, post_page
from server.views.posts.compose import composer, typed_from
from server.views.web.door import visit_of
from server.views.web.form_reading import read_form
from server.views.web.page import go

NO_TITLE = N_("Il manque le titre de la chanson.")
NO_ARTIST = N_("Il manque le nom de qui chante.")


@get("/avis/{post_id:uuid}/modifier", name="edit-form")
async def show_editor(request: Request, post_id: FromPath[UUID]) -> Response:
    """The composer, filled with a post of one's own."""
    found = await post_for(request, post_id, "edit")
    typed = typed_from(found["kind"], found) | await _private_as_typed(found)
    return await composer(request, found["kind"], typed, editing=found)


@post("/avis/{post_id:uuid}/modifier", name="edit", status_code=200)
async def correct(request: Request, post_id: FromPath[UUID]) -> Response:
    """Correct a post; 409, with both texts, when somebody corrected it since the form was opened."""
    found = await post_for(request, post_id, "edit")
    typed = await read_form(request)
    kind = found["kind"]
    if kind.needs_help and typed["ranger"]:
        moved = move(typed.fields)
        return await composer(request, kind, moved, read_answers(kind, moved, found), editing=found, moved=True)
    read = read_answers(kind, typed.fields, found)
    # Once it is done, what was private stays as it is until it is erased.
    private = read_private(typed.fields) if found["state"] in ("open", "taken") else Read({}, {})
    read.faults |= private.faults
    if read.faults:
        return await composer(request, kind, typed.fields, read, 422, editing=found)
    edition = typed["edition"]
    if not edition.isdecimal() or len(edition) > 9:
        raise HTTPException(status_code=400)
    streets = visit_of(request).plate.streets
    kept = await publishing.correct(found, int(edition), read.answers, private.answers, streets=streets)
    return go(f"/avis/{post_id}", "corrected") if kept else await _both(request, post_id, typed.fields)


async def _both(request: Request, post_id: UUID, typed: dict[str, str]) -> Response:
    """It was corrected meanwhile: what stands there now beside what was typed, which the next sending keeps."""
    found = await post_for(request, post_id, "edit")
    kind = found["kind"]
    stands = typed_from(kind, found) | await _private_as_typed(found)
    others = {name: value for name, value in stands.items() if value != typed.get(name, "").strip()}
    if not others:
        # The same correction, sent twice.
        return go(f"/avis/{post_id}", "corrected")
    typed = typed | {"edition": str(found["edition"])}
    return await composer(request, kind, typed, status=409, editing=found, meanwhile=others)


@post("/avis/{post_id:uuid}/retrait", name="withdraw", status_code=200)
async def withdraw(request: Request, post_id: FromPath[UUID]) -> Response:
    """Take one's post off the board; the next page offers to undo it."""
    found = await post_for(request, post_id, "withdraw")
    await publishing.withdraw(found, visit_of(request).viewer.id)
    return go("/", "cancelled" if found["taker"] else "withdrawn", post_id)


@post("/avis/{post_id:uuid}/toujours", name="go-on", status_code=200)
async def go_on(request: Request, post_id: FromPath[UUID]) -> Response:
    """Its author says that what repeats goes on; it is on the board again if it had left it."""
    found = await post_for(request, post_id, "edit")
    if found["repeats"] not in found["kind"].until_stopped:
        raise NotFoundException
    await recurrence.go_on(post_id)
    return go(f"/avis/{post_id}", "goes-on")


async def _private_as_typed(found: dict[str, Any]) -> dict[str, str]:
    """The private part as somebody would have typed it, for the editor."""
    part = await open_private(found) if found["kind"].needs_help else None
    if part is None:
        return {}
    typed = {name: str(value or "") for name, value in part["answers"].items()}
    cents = part["answers"].get("ceiling")
    return typed | ({"ceiling": f"{cents / 100:.2f}".replace(".", ",").removesuffix(",00")} if cents else {})


@post("/avis/{post_id:uuid}/retour", name="put-back", status_code=200)
async def put_back(request: Request, post_id: FromPath[UUID]) -> Response:
    """Undo a withdrawal."""
    found = await post_for(request, post_id, "put-back")
    await publishing.put_back(found)
    return go(f"/avis/{post_id}", "put-back")


@post("/avis/{post_id:uuid}/signalement", name="report", status_code=200)
async def report_post(request: Request, post_id: FromPath[UUID]) -> Response:
    """Point a post out to the moderators, with a reason."""
    found = await post_for(request, post_id, "report")
    typed = await read_form(request)
    try:
        reason = plain_text(typed["raison"], report.LIMIT, report.NO_REASON, street_numbers=True)
    except Wrong as wrong:
        return await post_page(request, found, 422, typed=typed.fields, faults={"raison": wrong.args[0]})
    await Report.write(post_id, None, visit_of(request).viewer.id, reason)
    return go(f"/avis/{post_id}", "reported")


@post("/avis/{post_id:uuid}/chansons", name="add-track", status_code=200)
async def add_track(request: Request, post_id: FromPath[UUID]) -> Response:
    """Add a song to a playlist."""
    found = await post_for(request, post_id, "mark")
    if found["kind"] is not kinds.PLAYLIST:
        raise NotFoundException
    typed = await read_form(request)
    public = {"street_numbers": True, "no_number": bool(typed[NO_NUMBER])}
    readers = {
        "titre": lambda text: plain_text(short(text, 90, NO_TITLE), 90, NO_TITLE, **public),
        "artiste": lambda text: plain_text(short(text, 90, NO_ARTIST), 90, NO_ARTIST, **public),
        "lien": web_link,
    }
    values, faults = collect(readers, typed)
    if faults:
        return await post_page(request, found, 422, typed=typed.fields, faults=faults)
    member = visit_of(request).viewer.id

    async def add() -> UUID:
        added = await Track.add(post_id, member, values["titre"], values["artiste"], values["lien"])
        if not added:
            raise ListFull
        return post_id

    try:
        await Receipt.once(member, typed.key, request.scope["path"], typed.raw, add)
    except ListFull:
        return go(f"/avis/{post_id}", "list-full")
    return go(f"/avis/{post_id}", "track")


class ListFull(Exception):
    """The playlist holds as many songs as it may; the receipt is rolled back with it."""


@post("/avis/{post_id:uuid}/chansons/{track_id:uuid}/retrait", name="remove-track", status_code=200)
async def remove_track(request: Request, post_id: FromPath[UUID], track_id: FromPath[UUID]) -> Response:
    """Take a song off a playlist."""
    found = await post_for(request, post_id, "read")
    viewer = visit_of(request).viewer
    for track in await Track.of(post_id):
        if track["id"] == track_id and may(viewer, "remove-track", track | {"list_author": found["author"]}):
            await Track.remove(track_id, post_id)
            return go(f"/avis/{post_id}", "track-gone")
    raise NotFoundException
