"""Headers of every answer: nothing but our own files runs, nobody frames us, no address leaks."""

from litestar.types import Message, Scope

from server.views.web.cookies import add_renewed, for_here
from server.views.web.device import LIVE, POCKET, READER, UNKNOWN

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]
OPEN = [*ALWAYS, (b"referrer-policy", b"same-origin")]
# A page whose address or content opens a door is kept nowhere, and its address told to nobody. Not
# "no-referrer": that makes browsers send "Origin: null", and older ones have nothing else to show us.
SECRET = [*ALWAYS, (b"referrer-policy", b"strict-origin"), (b"cache-control", b"private, no-store")]

SEE_OTHER, CREATED = 303, 201
POCKETED, LIVELY, MARK = (name.lower().encode() for name in (POCKET, LIVE, READER))


async def add_headers(message: Message, scope: Scope) -> None:
    """Put the headers on, as raw bytes: this runs for every answer."""
    if message["type"] != "http.response.start":
        return
    if message["status"] == SEE_OTHER:
        _tell(message, {name for name, _ in scope["headers"]})
    if not any(name.lower() == MARK for name, _ in message["headers"]):
        message["headers"] = [*message["headers"], (MARK, UNKNOWN.encode())]
    add_renewed(message, scope)
    for_here(message, scope)
    handler = scope.get("route_handler")
    if handler is not None and handler.opt.get("secret"):
        kept = [header for header in message["headers"] if header[0].lower() != b"cache-control"]
        message["headers"] = [*kept, *SECRET]
    else:
        message["headers"] = [*message["headers"], *OPEN]


def _tell(message: Message, asked: set[bytes]) -> None:
    """A device that cannot follow is told (201) where a redirection leads.

    What waited in a pocket was sent by nobody who looks: no page need be fetched for it, nor is the word kept
    that the next page would say.
    """
    if POCKETED in asked:
        kept = [header for header in message["headers"] if header[0].lower() != b"set-cookie"]
        message["status"], message["headers"] = CREATED, [*kept, (POCKETED, b"done")]
    elif LIVELY in asked:
        message["status"] = CREATED
