"""One post: reading it, and the one-tap gestures on it."""

import re
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from server.people.receipt import Receipt
from server.posts import kinds
from server.posts.post import Post
from server.posts.reaction import Mark, Over
from server.views.post.post_page import post_for, post_page, whole_card
from server.views.web.door import visit_of
from server.views.web.flashes import FLASHES
from server.views.web.form_reading import read_form
from server.views.web.page import answer, go, is_fragment, render

# The moment that one says to come to, as the page had it (Unix time).
_TIME = re.compile(r"[0-9]{1,11}")


@get("/avis/{post_id:uuid}", name="post")
async def show_post(request: Request, post_id: FromPath[UUID]) -> Response:
    """A post on its own page, with its replies."""
    return await post_page(request, await post_for(request, post_id))


@post("/avis/{post_id:uuid}/{mark:str}", name="mark", status_code=200, opt={"pocket": "mark"})
async def put_mark(
    request: Request, post_id: FromPath[UUID], mark: FromPath[str], seul: FromQuery[str] = ""
) -> Response:
    """Make a one-tap gesture: merci, presence, toujours-valable, a-change. A second one changes nothing."""
    typed = await read_form(request)
    found = await _markable(request, post_id, mark)
    viewer, made = visit_of(request).viewer, True

    async def put() -> UUID:
        nonlocal made
        time = _time_in(typed["quand"]) if mark == kinds.BE_THERE.path else None
        made = await Mark.put(post_id, viewer.id, kinds.MARKS[mark].slug, time=time)
        return post_id

    try:
        if typed["cle"]:
            await Receipt.once(viewer.id, typed.key, request.scope["path"], typed.raw, put)
        else:
            await put()
    except Over:
        return await _after_mark(request, found, seul, "over", mark)
    return await _after_mark(request, found, seul, "" if made else "full", mark)


@post("/avis/{post_id:uuid}/{mark:str}/annuler", name="unmark", status_code=200)
async def take_back_mark(
    request: Request, post_id: FromPath[UUID], mark: FromPath[str], seul: FromQuery[str] = ""
) -> Response:
    """Undo a one-tap gesture."""
    found = await _markable(request, post_id, mark)
    await Mark.take_back(post_id, visit_of(request).viewer.id, kinds.MARKS[mark].slug)
    return await _after_mark(request, found, seul, mark=mark, made=False)


def _time_in(typed: str) -> int | None:
    """The moment that the page had; None when it had none. Raises Over for what is no moment at all."""
    if not typed:
        return None
    if not _TIME.fullmatch(typed):
        raise Over
    return int(typed)


async def _markable(request: Request, post_id: UUID, mark: str) -> dict[str, Any]:
    found = await post_for(request, post_id, "mark")
    kind: kinds.Kind = found["kind"]
    fits = {"merci"} | {kind.mark.path} | ({"toujours-valable", "a-change"} if kind is kinds.TIP else set())
    if kind is kinds.OFFER:
        # One joins an offer with a list, not with a tap.
        fits -= {kind.mark.path}
    own = str(found["author"]) == str(visit_of(request).viewer.id)
    if mark not in fits or own:
        raise NotFoundException
    return found


async def _after_mark(
    request: Request, found: dict[str, Any], alone: str, word: str = "", mark: str = "", *, made: bool = True
) -> Response:
    """The card anew for htmx, and what there is to say; else back to the button, on the page that it was on.

    ``alone``: 1 for a card on its own page, ``page`` for a button beside it.
    """
    if alone == "page" or not is_fragment(request):
        referer = request.headers.get("referer", "")
        on_board = not alone and referer.rstrip("/").endswith(request.headers.get("host", "~"))
        answered = "" if on_board else "said" if made else "aside"
        return go(f"{'/' if on_board else '/avis/' + str(found['id'])}#{mark}-{found['id']}", word or answered)
    viewer = visit_of(request).viewer
    anew = await Post.load(found["id"])
    made = await Mark.made_by(viewer.id, anew["id"])
    html = await whole_card(request, anew, made, full=bool(alone))
    if word:
        html += render(visit_of(request).language, "shared/said.html", text=FLASHES[word])
    return answer(request, html.encode())
