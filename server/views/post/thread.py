"""One page of the replies under a post: the newest ones, or those around one that an address names."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request

from server.access import may
from server.moderation.judging import why_hidden
from server.people.session import Viewer
from server.talk.reply import Reply
from server.views.web.door import visit_of

PAGE = 30


@dataclass(frozen=True, slots=True)
class Thread:
    """Replies in their order, and whether some stand before the first of them and after the last."""

    replies: list[dict[str, Any]]
    older: bool = False
    newer: bool = False


async def thread_of(request: Request, post: UUID) -> Thread:
    """What the address asks for: ``avant`` and ``apres`` a reply, or the page on which ``reponse`` stands.

    Anything else, also the id of a reply that is not here, is the newest page.
    """
    before, after, named = (id_of(request.query_params.get(name)) for name in ("avant", "apres", "reponse"))
    if before:
        found, more = await _walk(request, post, before, back=True)
        if found:
            return Thread(found[::-1], more, newer=True)
    if after:
        found, more = await _walk(request, post, after, back=False)
        if found:
            return Thread(found, older=True, newer=more)
    found, more = await _walk(request, post, None, back=True)
    newest = Thread(found[::-1], more)
    if named is None or not more or any(str(one["id"]) == str(named) for one in found):
        return newest
    return await _around(request, post, named) or newest


async def _around(request: Request, post: UUID, named: UUID) -> Thread | None:
    """The page that begins with this reply; None when it is not one of this post, in this reader's sight."""
    reply = await Reply.load(named)
    if reply is None or str(reply["post"]) != str(post) or await _shown(reply, visit_of(request).viewer) is None:
        return None
    found, newer = await _walk(request, post, UUID(int=named.int - 1), back=False)
    before, _more = await _walk(request, post, named, back=True)
    return Thread(found, bool(before), newer)


async def _walk(request: Request, post: UUID, start: UUID | None, *, back: bool) -> tuple[list[dict[str, Any]], bool]:
    """A page of replies that this reader may see, from ``start`` on, and whether there are more of them."""
    viewer, found = visit_of(request).viewer, []
    while True:
        rows = await Reply.beyond(post, start, PAGE + 1, back=back)
        found += [shown for reply in rows if (shown := await _shown(reply, viewer))]
        if len(found) > PAGE or len(rows) <= PAGE:
            return found[:PAGE], len(found) > PAGE
        start = rows[-1]["id"]


async def _shown(reply: dict[str, Any], viewer: Viewer) -> dict[str, Any] | None:
    """A reply as this person sees it: a withdrawn one says that it was; the author of a hidden one reads why."""
    own = str(reply["author"]) == str(viewer.id)
    if reply["withdrawn_at"] and not own:
        return reply | {"text": "", "hidden_at": None}
    if not may(viewer, "read", reply):
        return None
    return reply | {"why": await why_hidden(reply["id"]) if own and reply["hidden_at"] else ""}


def id_of(typed: str | None) -> UUID | None:
    """The id in an address, or None for anything else."""
    try:
        found = UUID(typed or "")
    except ValueError:
        return None
    return found if found.int else None
