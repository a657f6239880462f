"""THE way out to an address that somebody typed: it leads to the open internet, never into our own network.

What a name resolves to may change between a check and a connection, and a redirect may lead
anywhere. So the address is judged when the socket is made, just before it connects.
"""

import ipaddress
import socket

import aiohttp
from yarl import URL

SECONDS = 5
REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})
# Beside what the standard library calls private (it knows the registries of its own release only).
# IPv4 (RFC 6890): protocol assignments, 6to4 relays, multicast.
NOT_GLOBAL = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4")))
# IPv6: nothing but global unicast is handed out (RFC 4291, IANA), and within it these lead
# elsewhere: protocol assignments such as Teredo, documentation, 6to4.
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
NOT_GLOBAL_6 = tuple(map(ipaddress.ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


class Refused(Exception):
    """Palier does not go there."""


class Redirected(Refused):
    """Somebody sends Palier elsewhere."""


class _NotGlobal(OSError):
    """What a connection fails with: aiohttp expects an OSError, and tries the next address of the name."""


def is_global(address: str) -> bool:
    """Whether this is an IP address of the open internet, in its usual spelling and without a zone.

    Of the IPv6 addresses that hold an IPv4 one, only mapped ones (::ffff:0:0/96) are judged by it;
    translated ones (64:ff9b::/96, 64:ff9b:1::/48, 2002::/16) are refused, whatever they hold.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.scope_id is not None:
            return False
        if found.ipv4_mapped is None:
            return found.is_global and found in GLOBAL_UNICAST and not any(found in net for net in NOT_GLOBAL_6)
        found = found.ipv4_mapped
    return found.is_global and not any(found in network for network in NOT_GLOBAL)


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
