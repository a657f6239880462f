"""THE way out to an address that somebody typed: it leads to the open internet, never into our own network.

What a name resolves to may change between a check and a connection, and a redirect may lead
anywhere. So the address is judged when the socket is made, just before it connects.
"""

import socket

import aiohttp
from yarl import URL

from server.base.addresses import Refused, is_global

SECONDS = 5
REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})


class Redirected(Refused):
    """Somebody sends Palier elsewhere."""


class _NotGlobal(OSError):
    """What a connection fails with: aiohttp expects an OSError, and tries the next address of the name."""


def open_session(connections: int, trusted: str = "") -> aiohttp.ClientSession:
    """A session for requests to addresses that somebody typed, at most so many at once, 5 s each.

    It connects to global addresses only. One opened for a ``trusted`` origin (scheme, host and
    port) goes to that origin, wherever it is, and nowhere else: an address that merely resolves
    to the same place is met by the other kind of session. Raises Refused for what it does not
    go to and Redirected for any redirect, aiohttp.ClientError or TimeoutError for what fails. No
    cookies, and no proxy from the environment.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections, socket_factory=None if trusted else _global_socket),
        middlewares=[_only(str(URL(trusted).origin())) if trusted else _say_refused],
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=SECONDS),
        trust_env=False,
    )


def _global_socket(address: tuple) -> socket.socket:
    """A socket for this entry of getaddrinfo, if it is a global address."""
    family, kind, protocol, _, where = address
    if family not in (socket.AF_INET, socket.AF_INET6) or not is_global(where[0]):
        # The same words for each address of a name, or aiohttp makes another error of several.
        raise _NotGlobal("not a global address")
    return socket.socket(family, kind, protocol)


async def _say_refused(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    try:
        return _no_redirect(await handler(request))
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, _NotGlobal):
            raise Refused(str(request.url.origin())) from None
        raise


def _only(origin: str) -> aiohttp.ClientMiddlewareType:
    async def refuse_others(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        # As text: yarl holds http://a and http://a:80 for two.
        if str(request.url.origin()) != origin:
            raise Refused(str(request.url.origin()))
        return _no_redirect(await handler(request))

    return refuse_others


def _no_redirect(response: aiohttp.ClientResponse) -> aiohttp.ClientResponse:
    """The answer, unless it sends one on (RFC 9110, 15.4), be it only to where one just was."""
    if response.status in REDIRECTS:
        response.close()
        raise Redirected("a redirect")
    return response
