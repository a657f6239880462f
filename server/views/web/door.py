"""The door: who is asking, may they be here, and does the request come from our own pages.

One guard for every route. Sign-in is the default; a route that strangers may see says so with
``opt={"public": True}``.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import ClientException, HTTPException
from litestar.handlers import BaseRouteHandler

from server.base import watch
from server.people.quartier import Plate, last_known, plate
from server.people.session import COOKIE_LIFE, Viewer, keep_alive, viewer_of
from server.text.i18n import choose
from server.views.web.cookies import PREFERENCES, SESSION, cookie_of, renew_cookie
from server.views.web.device import from_pocket, name_of

# A name or an address, and a port (RFC 9110, 7.2). It is printed on cards, so it is looked at first.
_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")
# What is asked for, path and query, in bytes; routes that carry typed words in the query say how much more.
MAX_TARGET = 2_000
WITH_WORDS = 64_000
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class NotSignedIn(HTTPException):
    """A stranger asks for a page of the board."""

    status_code = 401


class NotFounded(HTTPException):
    """The board has no quartier yet."""

    status_code = 503


class Misplaced(Exception):
    """The data folder is not there any more: what would be written would be nowhere."""


class FromElsewhere(HTTPException):
    """A POST that another site sent."""

    status_code = 403


class TooLong(HTTPException):
    """An address longer than any of ours (RFC 9110, 15.5.15)."""

    status_code = 414


@dataclass(frozen=True, slots=True)
class Visit:
    """What every page needs to know of one request."""

    viewer: Viewer | None
    plate: Plate
    language: str
    text_size: int
    facade: str
    theme: str


def visit_of(connection: ASGIConnection) -> Visit:
    """The visit that the guard found; a stranger's when an error came before the guard."""
    return connection.scope.get("palier_visit") or _visit(connection, None, last_known())


def was_met(connection: ASGIConnection) -> bool:
    """Whether the guard has found who visits."""
    return "palier_visit" in connection.scope


@dataclass(frozen=True)
class Nowhere:
    """The handler of an address that has none."""

    opt: dict[str, Any] = field(default_factory=lambda: {"public": True})


PUBLIC = Nowhere()


async def guard(connection: ASGIConnection, handler: BaseRouteHandler | Nowhere) -> None:
    """Refuse what comes from elsewhere; find the viewer; send strangers to the door."""
    hosts = connection.headers.getall("host", [])
    if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
        raise ClientException("Not one host's name.")
    asked = len(connection.scope["raw_path"]) + len(connection.scope["query_string"])
    if asked > handler.opt.get("max_target", MAX_TARGET):
        raise TooLong
    # One route only, that of a token in an email: the program that stops it for its reader is no page of
    # ours (RFC 8058, section 3.2), and there is nothing to forge, for no cookie counts there, only the token.
    if connection.scope["method"] not in SAFE and not handler.opt.get("from_anywhere"):
        refuse_from_elsewhere(connection)
    if connection.scope["method"] not in SAFE and not watch.is_there():
        raise Misplaced
    if handler.opt.get("light"):
        return
    token = cookie_of(connection, SESSION)
    viewer = await viewer_of(token) if token else None
    if viewer is not None:
        viewer = await keep_alive(viewer)
        if viewer.noted:
            renew_cookie(connection.scope, SESSION, token, int(COOKIE_LIFE.total_seconds()))
    here = await plate(viewer.plate_version if viewer else None)
    connection.scope["palier_visit"] = _visit(connection, viewer, here)
    pocket = from_pocket(connection)
    if pocket and (viewer is None or pocket != name_of(viewer.id)):
        # Somebody else is signed in here now: nothing may be sent in their name.
        raise NotSignedIn
    if viewer is None and not handler.opt.get("public"):
        raise NotSignedIn if here.version else NotFounded


def refuse_from_elsewhere(connection: ASGIConnection) -> None:
    """CSRF: a POST must come from our own origin (Fetch Metadata, W3C; else RFC 6454 Origin).

    ``none`` is an address typed by the person. A browser sends one of the two headers with
    every POST; a request with neither is refused.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        if site in ("same-origin", "none"):
            return
        raise FromElsewhere
    host = connection.headers.get("host", "")
    # Behind a proxy that does not say so https looks like http; the other way round, something lies.
    schemes = {"https", connection.scope["scheme"]}
    if connection.headers.get("origin") not in {f"{scheme}://{host}" for scheme in schemes}:
        raise FromElsewhere


def _visit(connection: ASGIConnection, viewer: Viewer | None, here: Plate) -> Visit:
    language = choose(viewer.language if viewer else None, connection.headers.get("accept-language", ""))
    if viewer is None:
        size = cookie_of(connection, PREFERENCES)
        return Visit(None, here, language, int(size) if size in ("1", "2", "3") else 1, here.facade, "auto")
    return Visit(viewer, here, language, viewer.text_size, viewer.facade or here.facade, viewer.theme)
