"""Listening and serving: one process of uvicorn, on sockets bound before anything is touched."""

import errno
import ipaddress
import socket
from collections.abc import Iterable

import uvicorn

from server.base.logs import LOGGING
from server.base.settings import settings
from server.running.connections import Patient
from server.running.opening import Refusal

# An open stream of live news never ends by itself.
GRACE_SECONDS = 2


def listen(host: str, port: int) -> list[socket.socket]:
    """Bound, listening sockets for this name; "localhost" means both of its addresses."""
    if host == "localhost":
        wanted = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
    else:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        except (OSError, UnicodeError):
            raise Refusal(f"L’adresse « {host} » est inconnue de cette machine : corrigez --host.") from None
        wanted = [(found[0][0], found[0][4][0])]
    sockets: list[socket.socket] = []
    try:
        for family, address in wanted:
            try:
                sockets.append(_listen(family, address, port))
            except OSError as error:
                # A machine without IPv6 is none the worse for it.
                if sockets and error.errno != errno.EADDRINUSE:
                    continue
                raise Refusal(_why_not(error, host, port)) from None
    except Refusal:
        for made in sockets:
            made.close()
        raise
    return sockets


def _listen(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, address != "::")
        made.bind((address, port))
        # Two that only bound the port would both believe they have it. Whoever calls before
        # the doors open waits in this queue.
        made.listen(128)
    except OSError:
        made.close()
        raise
    return made


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Le port {port} est déjà pris, peut-être par un autre Palier :"
            f" arrêtez-le, ou choisissez un autre port, par exemple --port {port + 1 if port < 65535 else 8000}."
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Le port {port} est réservé au système : choisissez-en un à partir de 1024, par exemple --port 8000."
    return f"Palier ne peut pas écouter sur « {host} », port {port} : cette adresse n’est pas celle de cette machine."


def trusted(proxies: Iterable[str]) -> list[str]:
    """These networks, and how a socket that serves both kinds of addresses ("::") names the IPv4 ones.

    From them alone ``X-Forwarded-For`` and ``-Proto`` are believed: from anybody else they would
    give as many addresses, and so as many tries, as somebody cares to invent.
    """
    found = [ipaddress.ip_network(one) for one in proxies]
    mapped = [f"::ffff:{one.network_address}/{96 + one.prefixlen}" for one in found if one.version == 4]
    return [*map(str, found), *mapped]


def make_server() -> uvicorn.Server:
    """The server of ``server.app``, which opens and closes the database itself."""
    return uvicorn.Server(
        uvicorn.Config(
            "server.app:app",
            lifespan="on",
            ws="none",
            log_config=LOGGING,
            server_header=False,
            date_header=True,
            proxy_headers=True,
            forwarded_allow_ips=trusted(settings.proxies),
            http=Patient,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
