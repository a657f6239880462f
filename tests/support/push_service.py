"""A push service for tests: RFC 8030 for the board, Mozilla's WebSocket protocol for a real Firefox.

Firefox is pointed at ``service.socket``; what the board sends to the endpoints is checked, counted in
``received`` and handed over. Without a browser, ``subscribe`` makes subscriptions and ``open`` reads messages.
"""

import asyncio
import inspect
import json
import re
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import uuid4

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.push_crypto import decrypt, point, sender_of, to_bytes, to_text

MOST = 4096
URGENCIES = {"very-low", "low", "normal", "high"}


@dataclass
class Message:
    """What came to an endpoint, what it was answered (0: nothing yet), and what the browser said of it.

    ``ack`` is Firefox's code: 100 handed to the worker, 101 not decrypted, 102 not delivered, then 301 or 302 when
    the worker failed; None while it has said nothing.
    """

    token: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.time)
    id: str = field(default_factory=lambda: uuid4().hex)
    status: int = 0
    fault: str = ""
    ttl: int = 0
    ack: int | None = None

    @property
    def topic(self) -> str:
        """Its Topic, or nothing."""
        return self.headers.get("topic", "")


@dataclass
class Subscription:
    """One endpoint: a browser's channel, or with ``private`` one that ``subscribe`` made."""

    token: str
    key: bytes = b""
    uaid: str = ""
    channel: str = ""
    private: ec.EllipticCurvePrivateKey | None = None
    auth: bytes = b""
    gone: bool = False
    waiting: list[Message] = field(default_factory=list)


Answer = Callable[[str, web.Request], web.Response | Awaitable[web.Response | None] | None]


class PushService:
    """``async with PushService() as service``: on 127.0.0.1, in the running event loop.

    ``answer(token, request)``, which may be a coroutine, answers instead of the service (``None``: as usual);
    ``tamper`` flips a bit of what goes to Firefox; ``verify=False`` leaves the signatures unchecked, for speed.
    """

    def __init__(self, port: int = 0, verify: bool = True) -> None:
        self.port, self.verify = port, verify
        self.answer: Answer | None = None
        self.tamper = False
        self.received: list[Message] = []
        self.acks: list[int] = []
        self.heard: Counter[str] = Counter()
        self._all: dict[str, Subscription] = {}
        self._sockets: dict[str, web.WebSocketResponse] = {}

    async def __aenter__(self) -> "PushService":
        """Listen."""
        app = web.Application()
        app.add_routes([web.get("/ws", self._socket), web.post("/push/{token}", self._post)])
        # Who waits in vain and leaves is forgotten.
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.socket = f"ws://127.0.0.1:{self.port}/ws"
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Hang up, on those who still wait for an answer too."""
        for socket in list(self._sockets.values()):
            await socket.close()
        await self._runner.cleanup()

    @property
    def taken(self) -> list[Message]:
        """The messages that were accepted."""
        return [message for message in self.received if message.status == 201]

    def subscribe(self, key: str = "") -> dict[str, str]:
        """A subscription without a browser: ``endpoint``, ``p256dh`` and ``auth``; for one sender only with ``key``."""
        one = Subscription(secrets.token_urlsafe(24), to_bytes(key))
        one.private, one.auth = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)
        self._all[one.token] = one
        return {"endpoint": self._endpoint(one), "p256dh": to_text(point(one.private)), "auth": to_text(one.auth)}

    @property
    def channels(self) -> list[Subscription]:
        """Every subscription there ever was."""
        return list(self._all.values())

    def unsubscribe(self, endpoint: str) -> None:
        """From now on 410 there. KeyError when it gave no such endpoint."""
        one = self._all[endpoint.rpartition("/")[2]]
        one.gone, one.waiting = True, []

    async def forget(self) -> None:
        """Lose what every browser registered (404 from now on), and hang up: as they call again, they learn of it."""
        self._all = {token: one for token, one in self._all.items() if not one.uaid}
        for socket in list(self._sockets.values()):
            await socket.close()

    def open(self, message: Message) -> bytes:
        """The words in a message to one of ``subscribe``. ValueError when they can not be read."""
        one = self._all[message.token]
        return decrypt(message.body, one.private, one.auth)

    def _endpoint(self, one: Subscription) -> str:
        return f"{self.origin}/push/{one.token}"

    # RFC 8030, for the board

    async def _post(self, request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        headers = {name.lower(): value for name, value in request.headers.items()}
        message = Message(token, headers, await request.read())
        self.received.append(message)
        response = self.answer and self.answer(token, request)
        if inspect.isawaitable(response):
            response = await response
        if response is None:
            message.status, message.fault = self._judge(message)
            response = web.Response(status=message.status, text=message.fault)
        message.status = response.status
        if message.status == 201:
            response.headers["Location"] = f"{self.origin}/message/{message.id}"
            await self._keep(self._all[token], message)
        return response

    def _judge(self, message: Message) -> tuple[int, str]:
        """Status and fault (RFC 8030, 5; RFC 8292, 4.2; RFC 8291, 4)."""
        one, headers = self._all.get(message.token), message.headers
        if one is None or one.gone:
            return (410, "unsubscribed") if one else (404, "no such subscription")
        if len(message.body) > MOST:
            return 413, f"{len(message.body)} bytes"
        if not re.fullmatch(r"\d+", headers.get("ttl", "")):
            return 400, "no TTL"
        if not re.fullmatch(r"[\w-]{1,32}", headers.get("topic", "none"), re.ASCII):
            return 400, "not a Topic"
        if headers.get("urgency", "normal") not in URGENCIES:
            return 400, "not an Urgency"
        if message.body and headers.get("content-encoding") != "aes128gcm":
            return 400, "not aes128gcm"
        message.ttl = int(headers["ttl"])
        if self.verify:
            if "authorization" not in headers:
                return 401, "who sends this?"
            try:
                sender = sender_of(headers["authorization"], self.origin)
            except ValueError as fault:
                return 403, str(fault)
            if one.key and one.key != sender:
                return 403, "subscribed with another key"
        return 201, ""

    async def _keep(self, one: Subscription, message: Message) -> None:
        """Hand it over, and keep it until it is acknowledged; a waiting one of its Topic goes (RFC 8030, 5.4)."""
        if not one.uaid:
            return
        if message.topic:
            one.waiting = [other for other in one.waiting if other.topic != message.topic]
        if message.ttl or one.uaid in self._sockets:
            one.waiting.append(message)
        await self._hand_over(one, message)

    # Mozilla's protocol, for Firefox

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket, uaid = web.WebSocketResponse(protocols=("push-notification",)), ""
        await socket.prepare(request)
        try:
            async for said in socket:
                told = json.loads(said.data)
                kind = told.get("messageType", "ping")
                self.heard[kind] += 1
                if kind == "ping":
                    await socket.send_str("{}")
                elif kind == "hello":
                    uaid = await self._hello(socket, told)
                elif kind in ("register", "unregister"):
                    answer = self._register if kind == "register" else self._unregister
                    await socket.send_json(answer(uaid, told))
                elif kind in ("ack", "nack"):
                    for update in told.get("updates", [told]):
                        self._acknowledge(uaid, update)
        finally:
            if self._sockets.get(uaid) is socket:
                del self._sockets[uaid]
        return socket

    async def _hello(self, socket: web.WebSocketResponse, told: dict) -> str:
        mine = [one for one in self._all.values() if one.uaid and one.uaid == told.get("uaid")]
        uaid = mine[0].uaid if mine else uuid4().hex
        self._sockets[uaid] = socket
        reply = {"messageType": "hello", "status": 200, "uaid": uaid, "use_webpush": True, "broadcasts": {}}
        await socket.send_json(reply)
        for one in mine:
            one.waiting = [message for message in one.waiting if message.at + message.ttl > time.time()]
            for message in one.waiting:
                await self._hand_over(one, message)
        return uaid

    def _register(self, uaid: str, told: dict) -> dict:
        one = Subscription(secrets.token_urlsafe(24), to_bytes(told.get("key", "")), uaid, told["channelID"])
        self._all[one.token] = one
        reply = {"messageType": "register", "channelID": one.channel, "status": 200}
        return reply | {"uaid": uaid, "pushEndpoint": self._endpoint(one)}

    def _unregister(self, uaid: str, told: dict) -> dict:
        for one in self._all.values():
            if (one.uaid, one.channel) == (uaid, told["channelID"]):
                self.unsubscribe(self._endpoint(one))
        return {"messageType": "unregister", "channelID": told["channelID"], "status": 200}

    def _acknowledge(self, uaid: str, update: dict) -> None:
        self.acks.append(update.get("code", 100))
        for message in self.received:
            # 102 for what came twice, because the line was cut in between, takes nothing back.
            if message.id == update["version"] and (message.ack, self.acks[-1]) != (100, 102):
                message.ack = self.acks[-1]
        for one in self._all.values():
            if one.uaid == uaid:
                one.waiting = [message for message in one.waiting if message.id != update["version"]]

    async def _hand_over(self, one: Subscription, message: Message) -> None:
        socket = self._sockets.get(one.uaid)
        if socket is None or socket.closed:
            return
        told = {"messageType": "notification", "channelID": one.channel, "version": message.id}
        if message.body:
            body = message.body
            if self.tamper:
                body = body[:-1] + bytes([body[-1] ^ 1])
            told |= {"data": to_text(body), "headers": {"encoding": "aes128gcm"}}
        await socket.send_json(told)


async def hang(_token: str, _request: web.Request) -> None:
    """An ``answer`` that never comes."""
    await asyncio.Event().wait()


async def cut(_token: str, request: web.Request) -> None:
    """An ``answer``: the line goes dead."""
    request.transport.abort()
    await asyncio.Event().wait()
