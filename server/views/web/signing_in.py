"""Opening and closing a session: the cookie, the device's name."""

import re
from typing import Any
from uuid import UUID

from litestar import Request, Response

from server.people.session import COOKIE_LIFE, Session
from server.views.web.cookies import PROBE, SESSION, cookie_of, keep_cookie
from server.views.web.page import go, page

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"))
_SYSTEMS += (("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))


async def sign_in(request: Request, member: UUID, path: str, word: str = "") -> Response:
    """Open a session for this member on this device and go to ``path``."""
    return let_in(await Session.open(member, device_of(request)), path, word)


def let_in(token: str, path: str, word: str = "") -> Response:
    """Give this device the cookie of its session, and go to ``path``."""
    response = go(path, word)
    keep_cookie(response, SESSION, token, int(COOKIE_LIFE.total_seconds()))
    return response


def device_of(request: Request) -> str:
    """The name of the device that asks."""
    return device_name(request.headers.get("user-agent", ""))


def device_name(user_agent: str) -> str:
    """ "Firefox, Windows": enough to know one's own device in a list."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return ", ".join(filter(None, (browser, system))) or re.sub(r"\W+", " ", user_agent)[:30].strip()


def cannot_keep_cookie(request: Request) -> bool:
    """Whether this address is one where browsers refuse our cookie: plain http, not localhost."""
    host = request.url.hostname or ""
    return request.url.scheme == "http" and host not in ("localhost", "127.0.0.1", "::1")


async def entrance(
    request: Request, template: str, status: int = 200, *, refused: bool = False, **context: Any
) -> Response[bytes]:
    """A page with a form that lets one in. It leaves a cookie, by which that form shows that the browser keeps them.

    ``refused``: it did not; nothing was used up.
    """
    insecure = cannot_keep_cookie(request)
    response = await page(request, template, status, insecure=insecure, refused=refused and not insecure, **context)
    keep_cookie(response, PROBE, "1", None)
    return response


def keeps_cookies(request: Request) -> bool:
    """Whether the cookie of the page before came along. Looked at before a card, link or invitation is used."""
    return bool(cookie_of(request, PROBE))
