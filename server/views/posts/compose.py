"""Writing to the neighbours: the kind picker, the form of a kind, the check-answers step."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server import publishing
from server.access import may
from server.base.columns import now
from server.base.settings import settings
from server.base.shapes import Kind
from server.help import escalation, matching
from server.help.private_form import movable, move, read_private
from server.help.volunteer import Volunteer
from server.people.member import Member
from server.people.receipt import Conflict, Receipt
from server.people.session import Viewer
from server.posts import kinds, photo_files
from server.posts.forms import Fault, Read, read_answers
from server.posts.photo import MOST as MOST_PHOTOS
from server.posts.post import Post
from server.text.i18n import local
from server.views.post.cards import Stance, blank_row, card
from server.views.posts.examples import example
from server.views.web.choices import days_ahead, half_hours, lengths_of_time
from server.views.web.device import for_shelf, from_pocket, keep_closed
from server.views.web.door import WITH_WORDS, visit_of
from server.views.web.form_reading import Typed, Upload, read_upload
from server.views.web.page import go, page
from server.views.web.uploads import CHOOSE_AGAIN, MOST_BYTES, read_photos

SHARED = "/ecrire/partage"
CARRIED = ("title", "body", "place", "link", "track_title_1", "track_link_1")


def kind_at(path: str) -> Kind:
    """The kind of this address; 404 for an unknown one."""
    try:
        return kinds.BY_PATH[path]
    except KeyError:
        raise NotFoundException from None


@get("/ecrire", name="compose")
async def choose_kind(request: Request) -> Response:
    """The composer opens on a request for help, the kind that must never be far."""
    return await composer(request, kinds.HELP, {})


@get("/ecrire/{path:str}", name="compose-kind", opt={"max_target": WITH_WORDS})
async def show_form(request: Request, path: FromPath[str]) -> Response:
    """The form of a kind; words typed under another kind come along in the query."""
    kind = kind_at(path)
    return await composer(request, kind, _carried(kind, request.query_params))


def _carried(kind: Kind, query: Mapping[str, str]) -> dict[str, str]:
    """What was typed under another kind: a song's title and link are those of a tip, and the other way round."""
    words = {name: query[name][:2000] for name in CARRIED if name in query}
    title, link = words.pop("track_title_1", ""), words.pop("track_link_1", "") or words.get("link", "")
    if kind is kinds.PLAYLIST:
        return words | {"track_title_1": title, "track_link_1": link}
    return words | {"title": words.get("title") or title, "link": link}


@get(SHARED, name="shared", opt={"max_target": WITH_WORDS})
async def show_shared(request: Request) -> Response:
    """What another application shares with ours. The device fills it in: a page kept for want of network does the same.

    So both forms are there, a tip and a playlist, and an element chooses.
    """
    tip = await _form(request, kinds.TIP, {})
    song = await _form(request, kinds.PLAYLIST, {})
    return await page(request, "posts/shared.html", sharing=True, song=song, **tip)


@post("/ecrire/{path:str}", name="put-up", status_code=200, opt={"pocket": "post"})
async def put_up(request: Request, path: FromPath[str]) -> Response:
    """Read the form; ask to check it where the kind wants that; put it on the board, once."""
    kind = kind_at(path)
    async with read_upload(request, photo_room(kind), MOST_BYTES) as (typed, files):
        if kind.needs_help and typed["ranger"]:
            return await composer(request, kind, moved := move(typed.fields), read_request(moved), moved=True)
        read = read_answers(kind, typed.fields)
        private = read_private(typed.fields) if kind.needs_help else Read({}, {})
        read.faults |= private.faults
        ready = await _photos(kind, typed, files, read, visit_of(request).viewer.id)
    if read.faults:
        return await composer(request, kind, typed.fields, read, 422)
    if typed["corriger"]:
        return await composer(request, kind, typed.fields, focus=typed["corriger"])
    viewer, streets = visit_of(request).viewer, visit_of(request).plate.streets
    if kind.checked and typed["relu"] != "oui":
        similar = await Post.similar(viewer.id, viewer.street, read.answers["need"])
        # What waited in a pocket could be read again there; only a request of one's own like it holds it up.
        if not from_pocket(request) or any(str(one["author"]) == str(viewer.id) for one in similar):
            return await _check(request, kind, typed, read, private, similar)

    async def put() -> UUID:
        return await publishing.put_up(
            viewer.id, viewer.street, kind, read.answers, private.answers, ready, streets=streets
        )

    try:
        done = await Receipt.once(viewer.id, typed.key, request.scope["path"], typed.raw, put)
    except Conflict:
        return await _offer_to_correct(request, kind, typed)
    return go(f"/avis/{done.made}", "posted")


def read_request(typed: dict[str, str]) -> Read:
    """A request for help with its private part: the faults of both."""
    read = read_answers(kinds.HELP, typed)
    read.faults |= read_private(typed).faults
    return read


async def _offer_to_correct(request: Request, kind: Kind, typed: Typed) -> Response:
    """Other words came with a key that has served: somebody went back after sending, and corrected.

    These words correct the first post; a second one is one button away, under a key of its own. Raises Conflict when
    the first is no more.
    """
    viewer = visit_of(request).viewer
    first = await Receipt.made_with(viewer.id, typed.key, request.scope["path"])
    found = await Post.load(first) if first else None
    if found is None or not may(viewer, "edit", found):
        raise Conflict
    words = {name: value for name, value in typed.fields.items() if name not in ("cle", "edition", "relu")}
    return await composer(request, kind, words, status=409, editing=found, again=True)


def photo_room(kind: Kind) -> int:
    """How many photos the form of this kind takes; none where what is sent is read again before it is shown."""
    return 0 if kind.checked else MOST_PHOTOS["post"]


async def _photos(
    kind: Kind, typed: Typed, files: list[Upload], read: Read, sender: UUID
) -> list[tuple[photo_files.Prepared, str]]:
    """The photos that came along, decoded only when all the rest is right; ``read`` gets what is wrong with them."""
    if read.faults:
        read.faults |= {"photo": Fault(CHOOSE_AGAIN)} if files else {}
        return []
    ready, faults = await read_photos(
        typed, files, "photo", photo_room(kind), sender, street_numbers=kind.street_numbers
    )
    read.faults |= faults
    return ready


async def composer(
    request: Request, kind: Kind, typed: dict[str, str], read: Read | None = None, status: int = 200, *,
    editing: dict[str, Any] | None = None, focus: str = "", moved: bool = False, again: bool = False,
    meanwhile: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    """The form with what was typed in it; ``editing`` is the post that is being corrected.

    ``moved``: private details were just taken out of the public texts. ``again``: the post was sent, and then its
    form once more with other words. ``meanwhile``: what another correction wrote into these fields since the form
    was opened.
    """
    form = await _form(request, kind, typed, read, editing=editing, focus=focus, moved=moved)
    theirs = _in_words(kind, meanwhile or {}, form)
    response = await page(request, "posts/compose.html", status, sharing=False, again=again, meanwhile=theirs, **form)
    keep_closed(response, private=kind.needs_help and not for_shelf(request))
    return response


def _in_words(kind: Kind, values: dict[str, str], form: dict[str, Any]) -> list[tuple[str, str]]:
    """(label, value as it is read) of these fields; a day and its hour are fields of their own."""
    shown = []
    for field in (*kind.fields, *form["private"]):
        words = {choice.value: choice.label for choice in field.choices}
        for name in (field.name, f"{field.name}_day", f"{field.name}_hour"):
            if name in values:
                shown.append((field.label, words.get(values[name], values[name])))
    return shown


async def _form(
    request: Request, kind: Kind, typed: dict[str, str], read: Read | None = None, *,
    editing: dict[str, Any] | None = None, focus: str = "", moved: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Everything that the form of a kind shows."""
    language, bare = visit_of(request).language, for_shelf(request) or editing
    values = dict.fromkeys(_names(kind), "") | await _defaults(kind, visit_of(request).viewer, bare) | typed
    values["_focus"] = focus
    return {
        "kind": kind,
        "typed": values,
        "faults": read.faults if read else {},
        "private": kinds.PRIVATE if kind.needs_help and (not editing or editing["state"] in ("open", "taken")) else (),
        "movable": movable(values) if read and kind.needs_help else {},
        "moved": moved,
        "keep": settings.keep,
        "editing": editing,
        "example": example(kind, language),
        "days": {
            field.name: days_ahead(field.days, values[f"{field.name}_day"], language)
            for field in kind.fields
            if field.widget == "moment"
        },
        "hours": half_hours(language),
        "with_photos": photo_room(kind) > 0 and not editing,
        "untils": lengths_of_time(values.get("valid_until", ""), language),
    }


async def _check(
    request: Request, kind: Kind, typed: Typed, read: Read, private: Read, similar: list[dict[str, Any]]
) -> Response:
    """What the quartier will read, and every answer with its "change" button."""
    viewer = visit_of(request).viewer
    shown = preview(viewer, kind, read.answers, visit_of(request).language)
    carried = {name: value for name, value in typed.fields.items() if name not in ("relu", "corriger")}
    return await page(
        request,
        "posts/check.html",
        kind=kind,
        card=shown,
        carried=carried,
        answers=read.answers,
        keep=settings.keep,
        behind=[(field, private.answers.get(field.name)) for field in kinds.PRIVATE],
        ready=await _who_is_ready(viewer, read.answers),
        similar=similar,
        urgent=read.answers["urgency"] == "urgent",
        quiet_until=escalation.waits_until(read.answers) if read.answers["urgency"] == "urgent" else None,
        stored=False,
    )


async def _who_is_ready(viewer: Viewer, answers: dict[str, Any]) -> int:
    """How many volunteers fit. Whoever helps in one building only is left out: a count must not place them."""
    asked = {"author": viewer.id, "taker": None, "street": viewer.street, "building": None, "due_at": None} | answers
    return len(matching.who_to_ask(await Volunteer.active(), asked, now()))


def preview(viewer: Viewer, kind: Kind, answers: dict[str, Any], language: str) -> str:
    """The card that these answers would make."""
    row = blank_row(kind) | {"author": viewer.id, "author_name": viewer.name, "author_street": viewer.street}
    return card(row | answers, Stance(mine=True), language)


def _names(kind: Kind) -> list[str]:
    """Every name that the form of this kind sends."""
    names = []
    for field in kind.fields:
        if field.widget == "moment":
            names += [f"{field.name}_day", f"{field.name}_hour"]
        elif field.widget == "tracks":
            names += [f"track_{part}_{place}" for place in (1, 2, 3) for part in ("title", "artist", "link")]
        else:
            names.append(field.name)
    return [*names, "photo_alt", *(field.name for field in kinds.PRIVATE if kind.needs_help)]


async def _defaults(kind: Kind, viewer: Viewer, bare: Any) -> dict[str, str]:
    """What most people would answer: the first of short choices; unless ``bare``, their own street, name and number."""
    values = {
        field.name: field.choices[0].value
        for field in kind.fields
        if field.choices and field.name not in ("need", "urgency")
    }
    if not kind.needs_help or bare:
        return values
    me = await Member.by_id(viewer.id)
    return values | {"place": viewer.street, "who": viewer.name, "phone": me.phone or ""}


def typed_from(kind: Kind, found: dict[str, Any]) -> dict[str, str]:
    """A stored post as somebody would have typed it, for the editor."""
    typed: dict[str, str] = {}
    for field in kind.fields:
        value = found.get(field.name)
        if field.widget == "moment" and value is not None:
            typed[f"{field.name}_day"] = local(value).strftime("%Y-%m-%d")
            typed[f"{field.name}_hour"] = local(value).strftime("%H:%M")
        elif field.widget == "until" and value is not None:
            typed[field.name] = local(value).strftime("%Y-%m-%d")
        elif field.widget != "tracks":
            typed[field.name] = "" if value is None else str(value)
    return typed
