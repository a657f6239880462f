"""The limit on tries at the door: failures are counted, for each address, and nothing else.

Whoever has what opens is let in, however many others of the same address guessed wrong: a whole hall
may share one. In memory and per process: codes of 79 bits need no more; it spares the log and the disk.
"""

import ipaddress
from collections import deque
from time import monotonic

from litestar import Request
from litestar.exceptions import TooManyRequestsException

from server.base.settings import settings

WINDOW = 60.0
# So many addresses are remembered; past them the oldest are forgotten first.
MOST = 10_000

_failures: dict[str, deque[float]] = {}


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


def failed(request: Request) -> None:
    """Count a try that opened nothing. Raises 429 with ``Retry-After`` when it is one too many in a minute."""
    who, at = who_tries(request), monotonic()
    # Taken out and put in again: the dict is in the order of the last failure.
    times = _failures.pop(who, None) or deque(maxlen=settings.attempts)
    while times and times[0] <= at - WINDOW:
        times.popleft()
    _failures[who] = times
    if len(_failures) > MOST:
        del _failures[next(iter(_failures))]
    if len(times) >= settings.attempts:
        raise TooManyRequestsException(headers={"Retry-After": str(int(times[0] + WINDOW - at) + 1)})
    times.append(at)
