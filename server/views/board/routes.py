"""The board: what is urgent, what is tonight, then everything, newest first."""

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromQuery

from server.base.columns import now
from server.people.session import Viewer
from server.posts import board, kinds
from server.posts.board import Filter, Row
from server.posts.post import URGENT
from server.text.i18n import today
from server.text.negotiation import has_already
from server.views.post.cards import board_cards, key_of
from server.views.web.cookies import FLASH, cookie_of
from server.views.web.device import reader
from server.views.web.door import Visit, visit_of
from server.views.web.page import VARY, is_fragment, page, render_page, takes_gzip, waiting

PAGES_KEPT = 512
# The year 2286, in milliseconds: what an address may say of a moment.
FAR = 10_000_000_000_000 - 1


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole page, as it goes over the wire to nearly everybody: five times less memory than its plain bytes."""

    etag: str
    squeezed: bytes


_pages: OrderedDict[tuple, Kept] = OrderedDict()


@get("/", name="board")
async def show_board(
    request: Request,
    genre: FromQuery[str] = "",
    pres: FromQuery[str] = "",
    apres: FromQuery[str] = "",
) -> Response:
    """The board. ``genre``: a kind's path; ``pres``: near me; ``apres``: where the next page starts."""
    visit = visit_of(request)
    viewer = visit.viewer
    kind = kinds.BY_PATH.get(genre)
    asked = Filter(kind.slug if kind else "", viewer.street if pres else "", *_cursor(apres))
    rows, more = await board.rows(viewer.id, viewer.previous_visit, asked)
    first = asked.after is None and not asked.kind and not asked.street
    tonight = await board.tonight(viewer.id, viewer.previous_visit) if first else None
    if tonight is not None:
        rows = [row for row in rows if row.id != tonight.id]
    context = {"kind": kind, "near": bool(pres), "more": _next(asked, rows, tonight) if more else "", "first": first}
    if cookie_of(request, FLASH):
        return await page(request, "board/board.html", **context, **await _cards(rows, tonight, first, visit))
    cases = await waiting(visit)
    key = _key(request, visit, asked, rows, tonight, more, cases)
    kept = _pages.get(key)
    if kept is not None:
        _pages.move_to_end(key)
    if kept is None:
        shown = await _cards(rows, tonight, first, visit)
        html = render_page(request, "board/board.html", cases, **context, **shown)
        kept = _keep(key, html.encode(), context["more"])
    return _send(request, kept)


def _cursor(after: str) -> tuple[int, UUID | None, int, UUID | None]:
    """``rank.id`` of the last card seen, ``.since`` and ``.beside`` as ``Filter`` has them.

    Anything else is the start of the board.
    """
    rank, post, since, beside = (*after.split(".", 3), "", "", "")[:4]
    try:
        place = max(-9, min(9, int(rank))), UUID(post)
    except ValueError:
        return 0, None, 0, None
    try:
        return *place, max(0, min(FAR, int(since))), UUID(beside) if beside else None
    except ValueError:
        return *place, 0, None


def _next(asked: Filter, rows: list[Row], tonight: Row | None) -> str:
    """The same for the page after these rows. What moves while somebody reads has its old place until the last page."""
    if not rows:
        return ""
    beside = asked.beside or (tonight.id if tonight else "")
    since = asked.since or int(now().timestamp() * 1000)
    return f"{rows[-1].rank}.{rows[-1].id}.{since}" + (f".{beside}" if beside else "")


async def _cards(rows: list[Row], tonight: Row | None, first: bool, visit: Visit) -> dict[str, list[str]]:
    """The cards, parted: one urgent request and tonight's gathering stand above the others."""
    top = [rows[0]] if first and rows and rows[0].rank == URGENT else []
    beside = [tonight] if tonight else []
    shown = await board_cards(top + beside + rows[len(top) :], visit.language)
    return {"top": shown[: len(top) + len(beside)], "cards": shown[len(top) + len(beside) :]}


def _key(
    request: Request, visit: Visit, asked: Filter, rows: list[Row], tonight: Row | None, more: bool, cases: int
) -> tuple:
    """Everything that a board page shows. Two viewers with the same key see the same bytes."""
    viewer: Viewer = visit.viewer
    return (
        asked,
        is_fragment(request),
        visit.language,
        viewer.role,
        viewer.news,
        visit.text_size,
        visit.facade,
        visit.theme,
        visit.plate.version,
        cases,
        today(),
        more,
        tonight and key_of(tonight, visit.language),
        tuple(rows),
    )


def _keep(key: tuple, body: bytes, more: str) -> Kept:
    # The same page made again is the same page, though its link to the next one names another moment.
    told = hashlib.sha256(body.replace(more.encode(), b"") if more else body)
    kept = Kept('"' + told.hexdigest()[:20] + '"', gzip.compress(body, 6, mtime=0))
    _pages[key] = kept
    while len(_pages) > PAGES_KEPT:
        _pages.popitem(last=False)
    return kept


def _send(request: Request, kept: Kept) -> Response[bytes]:
    headers = {
        "ETag": kept.etag,
        "Cache-Control": "private, no-cache",
        "Vary": VARY,
        **reader(visit_of(request).viewer),
    }
    if has_already(request.headers.get("if-none-match", ""), kept.etag):
        return Response(b"", status_code=304, headers=headers)
    if takes_gzip(request):
        headers["Content-Encoding"] = "gzip"
    body = kept.squeezed if takes_gzip(request) else gzip.decompress(kept.squeezed)
    return Response(body, media_type="text/html", headers=headers)
