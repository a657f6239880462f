"""The cheapest push service there can be, in a process of its own: it answers 201 and counts.

``Receiver()`` starts it; ``receiver.take()`` gives what came since the last time, as (seconds, path, topic).
"""

import asyncio
import json
import multiprocessing
import time
import urllib.request

import httptools
import uvloop

ANSWER = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
came: list[tuple[float, str, str]] = []


class Connection(asyncio.Protocol):
    """One connection of a sender, kept alive; a GET is answered with what came."""

    def connection_made(self, transport) -> None:
        """Read requests as they come."""
        self.transport, self.parser = transport, httptools.HttpRequestParser(self)
        self.path = self.topic = ""

    def data_received(self, data: bytes) -> None:
        """Hand on to the parser."""
        self.parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        """The endpoint."""
        self.path, self.topic = url.decode(), ""

    def on_header(self, name: bytes, value: bytes) -> None:
        """Only the topic matters."""
        if name.lower() == b"topic":
            self.topic = value.decode()

    def on_message_complete(self) -> None:
        """Count it, and answer."""
        if self.parser.get_method() == b"POST":
            came.append((time.time(), self.path, self.topic))
            self.transport.write(ANSWER)
            return
        if self.path == "/count":
            body = b"%d" % len(came)
        else:
            body = json.dumps(came).encode()
            came.clear()
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def _serve(pipe) -> None:
    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    uvloop.run(main())


class Receiver:
    """The process."""

    def __init__(self) -> None:
        ours, theirs = multiprocessing.get_context("spawn").Pipe()
        self.process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        self.origin = f"http://127.0.0.1:{ours.recv()}"

    def take(self) -> list[tuple[float, str, str]]:
        """What came since the last time."""
        with urllib.request.urlopen(f"{self.origin}/", timeout=30) as answer:
            return [tuple(one) for one in json.load(answer)]

    def count(self) -> int:
        """How many came since the last time; cheaper, for whoever only waits."""
        with urllib.request.urlopen(f"{self.origin}/count", timeout=30) as answer:
            return int(answer.read())

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.join()
