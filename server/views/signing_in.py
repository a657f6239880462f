"""Opening and closing a session: the cookie, the device's name, the limit on tries."""

import ipaddress
import re
from typing import Any
from uuid import UUID

from litestar import Request, Response
from litestar.middleware.rate_limit import RateLimitConfig

from server.settings import settings
from server.tables.session import LIFE, Session
from server.views.cookies import PROBE, SESSION, cookie_of, keep_cookie
from server.views.page import go, page

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"))
_SYSTEMS += (("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))


async def _is_try(request: Request) -> bool:
    return request.method == "POST"


def who_tries(request: Request) -> str:
    """The address that tries are counted for; of IPv6 the network, for every home has 2^64 addresses."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), 64), strict=False))


# In memory and per process: codes of 79 bits need no more; it spares the log and the disk.
tries = RateLimitConfig(
    rate_limit=("minute", settings.attempts),
    check_throttle_handler=_is_try,
    identifier_for_request=who_tries,
    set_rate_limit_headers=False,
).middleware


async def sign_in(request: Request, member: UUID, path: str, word: str = "") -> Response:
    """Open a session for this member on this device and go to ``path``."""
    token = await Session.open(member, device_name(request.headers.get("user-agent", "")))
    response = go(path, word)
    keep_cookie(response, SESSION, token, int(LIFE.total_seconds()))
    return response


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
