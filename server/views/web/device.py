"""What a device and the board tell each other beside the pages, in headers of their own.

``Palier-Reader`` (answer): an opaque name of who reads, or ``nobody``; each person's copies stay apart. It stands on
every answer (``unknown`` where nobody looked who reads), and so is the mark by which a device knows the board's own
answer from that of a hotel, a filter or a proxy.
``Palier-Epoch`` (answer): another number than before says that a backup was restored: copies are of another board.
``Palier-Keep`` (answer): the requests this person has a part in now, as ``id:version``, to be kept readable.
``Palier-Shelf`` (answer): ``errand`` on a page that may be kept though it is private, until one is out of
it; ``closed`` on a page that has a version without what is private. (request): fetch that version.
``Palier-Pocket`` (request): this was written earlier, by that reader, and waited for the network.
``Palier-Live`` (request): a worker passes this on as it is sent. It cannot look into a redirection, so it is told
instead of led: 201 with ``Location``, or 401 when the door is closed.
"""

from uuid import UUID

from litestar import Request, Response
from litestar.connection import ASGIConnection

from server.base import keys
from server.base.custody import known_epoch
from server.people.session import Viewer

READER, KEEP, SHELF, POCKET = "Palier-Reader", "Palier-Keep", "Palier-Shelf", "Palier-Pocket"
LIVE, EPOCH = "Palier-Live", "Palier-Epoch"
NOBODY, UNKNOWN = "nobody", "unknown"


def name_of(member: UUID) -> str:
    """The opaque name of a member on their devices."""
    return keys.blind("reader", str(member))[:24]


def reader(viewer: Viewer | None) -> dict[str, str]:
    """The headers of a page that tell who reads and what to keep."""
    if viewer is None:
        return {READER: NOBODY}
    return {READER: name_of(viewer.id), KEEP: viewer.concerns, EPOCH: str(known_epoch())}


def from_pocket(connection: ASGIConnection) -> str:
    """The reader whose pocket this waited in; empty when it comes straight from a page."""
    return connection.headers.get(POCKET.lower(), "")


def by_worker(request: Request) -> bool:
    """Whether a worker sends this, now or later: it cannot see where a redirection leads."""
    return bool(from_pocket(request)) or LIVE.lower() in request.headers


def for_shelf(request: Request) -> bool:
    """Whether the page is fetched to be kept, and must not hold anything private."""
    return SHELF.lower() in request.headers


def by_person(request: Request) -> bool:
    """Whether somebody opens the page: not a device that keeps it, nor a browser that guesses what will be opened.

    ``Sec-Purpose: prefetch`` is of the Fetch standard.
    """
    return not for_shelf(request) and not request.headers.get("Sec-Purpose", "").startswith("prefetch")


def keep_closed(response: Response, *, private: bool) -> None:
    """Nothing may store this page when it is ``private``; its device may fetch the version to keep."""
    if private:
        response.headers["Cache-Control"] = "private, no-store"
        response.headers[SHELF] = "closed"
