"""A network of our own making: a proxy that drops, resets, delays and truncates, or is gone altogether.

It speaks just enough HTTP/1.1 (RFC 9112) to know where a request and an answer end, one of each a connection.
"""

import asyncio
import random
import re
import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from socket import SO_LINGER, SOL_SOCKET

HEAD_LIMIT = 256 * 1024


@dataclass(frozen=True)
class Weather:
    """How often (0 to 1) what goes wrong, among the requests that ``on`` picks; ``delay``: at most, in seconds."""

    reset: float = 0
    lost: float = 0
    truncated: float = 0
    delay: float = 0
    on: Callable[[str, str], bool] = lambda method, path: True


FAIR = Weather()


def half(answer: bytes) -> bytes:
    """What a connection that closed early leaves of an answer that told no length."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return re.sub(rb"(?i)\r\ncontent-length:[^\r]*", b"", head) + b"\r\n\r\n" + body[: len(body) // 2]


class Network:
    """The proxy before one server. ``down``: nobody answers. ``tamper``: changes an answer on its way (path, bytes)."""

    def __init__(self, port: int, seed: int) -> None:
        self.port, self.chance = port, random.Random(seed)
        self.weather, self.down, self.happened = FAIR, False, Counter()
        # Seconds that every page takes.
        self.slow = 0.0
        self.tamper: Callable[[str, bytes], bytes] = lambda path, answer: answer
        # What somebody else answers in the server's place (method, path); nothing where the server may.
        self.stranger: Callable[[str, str], bytes | None] = lambda method, path: None
        # Answers that wait until somebody sets their event, by path.
        self.held: dict[str, asyncio.Event] = {}
        # The beginning of addresses that nobody answers, nor refuses.
        self.silent = ""
        # Whether the server may answer that nothing has changed (304).
        self.conditional = True
        self.requests: list[str] = []
        # Those of them that a stranger has answered.
        self.foreign: list[str] = []
        self.url = ""

    async def __aenter__(self) -> "Network":
        """Listen on a free port."""
        self.listener = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=HEAD_LIMIT)
        self.url = f"http://localhost:{self.listener.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Stop listening."""
        self.listener.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._one(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            self.happened["broken off"] += 1
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.down:
            return self._reset(writer)
        request, method, path = await self._read_request(reader)
        if not request:
            return None
        self.requests.append(f"{method} {path}")
        fate = self._fate(method, path)
        self.happened[fate] += 1
        await asyncio.sleep(self.chance.random() * self.weather.delay)
        if "static" not in path:
            await asyncio.sleep(self.slow)
        if fate == "reset" or self.down:
            return self._reset(writer)
        while self.silent and path.startswith(self.silent):
            await asyncio.sleep(0.05)
        if answer := self.stranger(method, path):
            self.foreign.append(f"{method} {path}")
        else:
            answer = self.tamper(path, await self._ask(request))
        if event := self.held.get(path):
            await event.wait()
        if fate == "lost" or self.down:
            return self._reset(writer)
        writer.write(answer[: len(answer) // 2] if fate == "truncated" else answer)
        await writer.drain()
        return None

    def _fate(self, method: str, path: str) -> str:
        weather, draw = self.weather, self.chance.random()
        if not weather.on(method, path):
            return "fair"
        for name in ("reset", "lost", "truncated"):
            draw -= getattr(weather, name)
            if draw < 0:
                return name
        return "fair"

    async def _read_request(self, reader: asyncio.StreamReader) -> tuple[bytes, str, str]:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            # A browser opens connections ahead of need.
            return b"", "", ""
        lines = head[:-4].split(b"\r\n")
        method, path, _version = lines[0].decode().split(" ")
        length = next((int(line[15:]) for line in lines if line.lower().startswith(b"content-length:")), 0)
        dropped = (b"connection:", b"keep-alive:", *(() if self.conditional else (b"if-none-match:",)))
        kept = [line for line in lines if not line.lower().startswith(dropped)]
        body = await reader.readexactly(length)
        return b"\r\n".join([*kept, b"Connection: close"]) + b"\r\n\r\n" + body, method, path

    async def _ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()

    def _reset(self, writer: asyncio.StreamWriter) -> None:
        """Close with RST instead of FIN (RFC 9293, 3.5.2)."""
        writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
