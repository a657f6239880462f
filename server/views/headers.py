"""Headers of every answer: nothing but our own files runs, nobody frames us, no address leaks."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)


async def add_headers(message: Message, scope: Scope) -> None:
    """Put the headers on; a page whose address is a key tells it to nobody, not even to us."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in ALWAYS:
        headers.setdefault(name, value)
    handler = scope.get("route_handler")
    secret = handler is not None and handler.opt.get("secret")
    headers.setdefault("referrer-policy", "no-referrer" if secret else "same-origin")
    headers.setdefault("cache-control", "private, no-store")
    if secret:
        headers["cache-control"] = "private, no-store"
