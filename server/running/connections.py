"""Who may hold a connection, and for how long: the board stands without a proxy in front of it.

A head and a body have their time, an answer that nobody fetches too. When every place is taken the connection that
has been waited for the longest goes, those of people who are signed in last. Whoever comes when all are busy reads
so at once (503).
"""

import asyncio
import hashlib
from collections import OrderedDict
from typing import Any
from weakref import WeakSet

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.base.settings import settings
from server.views.web.cookies import LOCAL, PREFIX, SESSION

# Of the places, those that are kept for people who are signed in: one of so many.
KEPT = 4
# An answer is fetched, and a connection closed, within so many seconds of silence.
FETCHED = 60.0
# A body may take so many times the silence that is allowed in it.
WHOLE_BODY = 10
# Sessions that opened lately, as digests: who says one of them is let in when there is little room.
REMEMBERED = 5000
RETRY_AFTER = b"10"
_NAMES = frozenset({SESSION, SESSION.removeprefix(PREFIX) + LOCAL})

FULL = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Beaucoup de monde au tableau</title></head><body><main>
<h1>Beaucoup de monde au tableau</h1>
<p>Rien n’est perdu. Attendez dix secondes, puis rechargez cette page.</p>
<p><a href="/">Revenir au tableau</a></p>
<p>Danger : appelez le <a href="tel:15">15</a> ou le <a href="tel:112">112</a>.</p>
<section lang="en"><h2>Many people at the board</h2>
<p>Nothing is lost. Wait ten seconds, then reload this page.</p></section>
</main></body></html>
""".encode()

_open: WeakSet["Patient"] = WeakSet()
_remembered: OrderedDict[bytes, None] = OrderedDict()


async def turn_away(scope: dict, receive: Any, send: Any) -> None:
    """The answer when every place is busy (ASGI): come back in ten seconds."""
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(FULL)).encode()),
        (b"cache-control", b"no-store"),
        (b"retry-after", RETRY_AFTER),
        # The board's own mark: nobody looked who reads (see ``server.views.web.device``).
        (b"palier-reader", b"unknown"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": FULL})


class Patient(HttpToolsProtocol):
    """Uvicorn's protocol, whose patience has an end."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Somebody comes: for a head there is so much time, and a place is found for it."""
        super().connection_made(transport)
        self.heard_at = self.loop.time()
        self.known = False
        self._until: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._body_ends = 0.0
        _make_room()
        _open.add(self)
        self._wait(settings.patience[0])

    def connection_lost(self, exc: Exception | None) -> None:
        """They went."""
        _open.discard(self)
        self._until = None
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Something comes: whoever sends is not idle."""
        self.heard_at = self.loop.time()
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A head begins; it has to end."""
        super().on_message_begin()
        self._wait(settings.patience[0])

    def on_headers_complete(self) -> None:
        """The head is there. Its body, if there is one, has its time, or they are told that all is busy."""
        self.app = self.config.loaded_app if self._has_room() else turn_away
        super().on_headers_complete()
        self._body_ends = self.heard_at + WHOLE_BODY * settings.patience[1]
        self._wait(settings.patience[1])

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        super().on_body(body)
        self._wait(min(settings.patience[1], self._body_ends - self.heard_at))

    def on_message_complete(self) -> None:
        """All is there; what it takes now is the board's own time."""
        super().on_message_complete()
        self._until = None

    def on_response_complete(self) -> None:
        """Answered. Whose session opened is known from now on."""
        scope = self.cycle.scope
        visit = scope.get("palier_visit")
        if visit is not None and visit.viewer is not None:
            self.known = True
            _remember(scope)
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The answer is not fetched as fast as it is made."""
        super().pause_writing()
        self._wait(FETCHED)

    def resume_writing(self) -> None:
        """It is."""
        super().resume_writing()
        self._until = None

    def timeout_keep_alive_handler(self) -> None:
        """Nothing more came. What is still to be fetched has its time too."""
        super().timeout_keep_alive_handler()
        self._wait(FETCHED)

    def waits_for_them(self) -> bool:
        """Whether it is the other side's turn: nothing was asked, or not to its end."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def let_go(self) -> None:
        """Close it, without waiting for what is not fetched."""
        _open.discard(self)
        self.connections.discard(self)
        self.transport.abort()

    def _has_room(self) -> bool:
        places = settings.places if self._is_known() else settings.places - settings.places // KEPT
        # Of those that are being answered, who has sent only half of what they want takes no place.
        return len(self.tasks) < places or sum(not one.waits_for_them() for one in _open) < places

    def _is_known(self) -> bool:
        return any(one in _remembered for one in _sessions(self.headers))

    def _wait(self, seconds: float) -> None:
        """Until then. One timer for all: it looks again when it rings."""
        self._until = self.loop.time() + seconds
        if self._timer is None:
            self._timer = self.loop.call_at(self._until, self._ring)
        elif self._timer.when() > self._until:
            self._timer.cancel()
            self._timer = self.loop.call_at(self._until, self._ring)

    def _ring(self) -> None:
        self._timer = None
        if self._until is None or self.transport is None:
            return
        left = self._until - self.loop.time()
        if self.flow.read_paused and self.cycle is not None and not self.cycle.response_complete:
            # The board itself does not read on: it is not they who are slow.
            left = max(left, settings.patience[1])
        if left > 0:
            self._wait(left)
        else:
            self.let_go()


def _make_room() -> None:
    """While every place is taken: who has been silent the longest goes, people who are signed in after the others."""
    while len(_open) >= settings.places:
        silent = [one for one in _open if one.waits_for_them()]
        if not silent:
            # All are being served; who comes now is told so.
            return
        min(silent, key=lambda one: (one.known, one.heard_at)).let_go()


def _sessions(headers: list[tuple[bytes, bytes]]) -> list[bytes]:
    """Digests of the sessions that these headers name."""
    lines = [value.decode("latin-1") for name, value in headers if name == b"cookie"]
    pairs = (pair.strip().partition("=") for line in lines for pair in line.split(";")[:50])
    return [hashlib.sha256(value.strip('"').encode("latin-1")).digest() for name, _, value in pairs if name in _NAMES]


def _remember(scope: dict) -> None:
    for one in _sessions(scope["headers"]):
        _remembered[one] = None
        _remembered.move_to_end(one)
    while len(_remembered) > REMEMBERED:
        _remembered.popitem(last=False)
