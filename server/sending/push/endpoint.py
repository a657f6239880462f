"""Where a browser says its alerts are to be sent: a URL that anybody can make up, so only known services pass.

``outbound`` judges the address again when the connection is made.
"""

import re
from functools import lru_cache

from yarl import URL

from server.base.addresses import Refused
from server.base.settings import settings

LONGEST = 1000
# So narrow that no two programs read it differently: no user, no fragment, nothing encoded or beyond
# ASCII in the host, no empty label, and a path of the signs that RFC 3986 allows.
_LABEL = r"(?!xn--)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ORIGIN = rf"https?://(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])(?::[0-9]{{1,5}})?"
_REST = r"/(?:[a-z0-9/?:@!$&'()*+,;=._~-]|%[0-9a-f]{2})*"
SHAPE = re.compile(rf"({_ORIGIN})({_REST})", re.ASCII | re.IGNORECASE)


def check(endpoint: str) -> str:
    """The endpoint with its origin in canonical form, the rest untouched. Raises Refused.

    https on port 443 of a host of ``settings.push_hosts``, or exactly ``settings.push_origin``.
    """
    found = SHAPE.fullmatch(endpoint) if len(endpoint) <= LONGEST else None
    if not found:
        raise Refused("not an endpoint")
    return _judge(found[1], settings.push_hosts, settings.push_origin) + found[2]


def url_of(endpoint: str) -> URL:
    """A checked endpoint for aiohttp, so that its path leaves as it came. Raises Refused."""
    return URL(check(endpoint), encoded=True)


def origin_of(endpoint: str) -> str:
    """Scheme, host and port (unless it is the usual one) of a checked endpoint: ``aud`` of RFC 8292."""
    return endpoint[: endpoint.index("/", len("https://"))]


def is_own(endpoint: str) -> bool:
    """Whether a checked endpoint is of ``settings.push_origin``: the session that trusts it takes it there."""
    return origin_of(endpoint) == _own()


def _own() -> str:
    return _canonical(settings.push_origin)


@lru_cache(maxsize=512)
def _judge(written: str, hosts: tuple[str, ...], own: str) -> str:
    """The canonical form of an origin that one may send to. Raises Refused. Kept: there are few, and many messages."""
    try:
        # What yarl reads is what aiohttp connects to: its answer is the one that is judged.
        url = URL(written)
    except ValueError:
        raise Refused("not an endpoint") from None
    origin = str(url.origin())
    listed = any(url.raw_host == one or (one.startswith(".") and url.raw_host.endswith(one)) for one in hosts)
    if origin != _canonical(own) and not ((url.scheme, url.port) == ("https", 443) and listed):
        raise Refused(origin)
    return origin


@lru_cache(maxsize=8)
def _canonical(origin: str) -> str:
    return origin and str(URL(origin).origin())
