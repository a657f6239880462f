"""The cookies that this board keeps, and how they are called where.

Each is ``__Host-``: Secure, of this host alone, for the whole site, out of reach of scripts (RFC 6265bis, 4.1.3).
WebKit keeps no Secure cookie on http://localhost, where a board is tried first, so there, and there only, they
go by another name without it: plain http, a loopback connection, an address of this machine.
"""

import ipaddress
import re

from litestar import Response
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.types import Message, Scope

SESSION, PREFERENCES, FLASH, PROBE = "__Host-palier", "__Host-lire", "__Host-mot", "__Host-essai"
PREFIX, LOCAL = "__Host-", "-local"
_HERE = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?", re.IGNORECASE)


def is_local(scope: Scope) -> bool:
    """Whether a browser on this machine talks to the board over plain http."""
    if scope["scheme"] != "http" or not scope.get("client"):
        return False
    host = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
    return bool(_HERE.fullmatch(host)) and _is_loopback(scope["client"][0])


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def _name(scope: Scope, name: str) -> str:
    return name.removeprefix(PREFIX) + LOCAL if is_local(scope) else name


def cookie_of(connection: ASGIConnection, name: str) -> str:
    """What the browser sent of this cookie; empty when it has none."""
    return _sent(connection.scope).get(_name(connection.scope, name), "")


def _sent(scope: Scope) -> dict[str, str]:
    """All of them: HTTP/2 may send them as several lines, and a proxy pass them on so (RFC 9113, 8.2.3)."""
    if "palier_cookies" not in scope:
        lines = [value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"]
        pairs = (pair.strip().partition("=") for line in lines for pair in line.split(";"))
        scope["palier_cookies"] = {name: value.strip('"') for name, _, value in pairs}
    return scope["palier_cookies"]


def keep_cookie(response: Response, name: str, value: str, seconds: int | None) -> None:
    """Set a cookie for so many seconds, or until the browser is closed (None).

    0 seconds forget it; a browser heeds that only if it comes with the same attributes.
    """
    response.set_cookie(_cookie(name, value, seconds))


def _cookie(name: str, value: str, seconds: int | None) -> Cookie:
    return Cookie(name, path="/", value=value, secure=True, httponly=True, samesite="lax", max_age=seconds)


def renew_cookie(scope: Scope, name: str, value: str, seconds: int) -> None:
    """Have the answer to this request set a cookie anew, unless the answer has a word of its own for it."""
    scope["palier_renewed"] = _cookie(name, value, seconds)


def add_renewed(message: Message, scope: Scope) -> None:
    """What ``renew_cookie`` asked for."""
    cookie = scope.get("palier_renewed")
    if cookie is None:
        return
    own = f"{cookie.key}=".encode()
    if not any(name == b"set-cookie" and value.startswith(own) for name, value in message["headers"]):
        message["headers"] = [*message["headers"], (b"set-cookie", cookie.to_header(header="").encode("latin-1"))]


def for_here(message: Message, scope: Scope) -> None:
    """Give the cookies of an answer their local names, where they are local."""
    if not any(name == b"set-cookie" for name, _ in message["headers"]) or not is_local(scope):
        return
    message["headers"] = [
        (name, _without_prefix(value) if name == b"set-cookie" else value) for name, value in message["headers"]
    ]


def _without_prefix(value: bytes) -> bytes:
    pair, *attributes = value.split(b"; ")
    name, _, rest = pair.partition(b"=")
    if not name.startswith(PREFIX.encode()):
        return value
    kept = [one for one in attributes if one.lower() != b"secure"]
    return b"; ".join([name.removeprefix(PREFIX.encode()) + LOCAL.encode() + b"=" + rest, *kept])
