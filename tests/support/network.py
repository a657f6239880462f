"""A network that does not leave this machine: a canary, what names lead to, and who is knocked at."""

import asyncio
import socket
from contextlib import asynccontextmanager


class Canary:
    """A server on this machine that counts who knocks, and answers 201 or sends elsewhere."""

    def __init__(self) -> None:
        self.hits = 0
        self.answer = "201 Created"
        self.location = "/"
        self.to_come = 0

    async def greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.hits += 1
        try:
            # TLS begins with another byte: the knock is what counts.
            if await reader.readexactly(1) not in (b"P", b"G"):
                return
            await reader.readuntil(b"\r\n\r\n")
            head = f"HTTP/1.1 {self.answer}\r\nLocation: {self.location}\r\nSet-Cookie: a=b\r\nConnection: close\r\n"
            writer.write(f"{head}Content-Length: {self.to_come}\r\n\r\n".encode())
            await writer.drain()
            if self.to_come:
                await reader.read(2)
        except (OSError, EOFError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def listening(host: str = "127.0.0.1"):
    """A canary, and where it listens."""
    canary = Canary()
    server = await asyncio.start_server(canary.greet, host)
    canary.host, canary.port = server.sockets[0].getsockname()[:2]
    async with server:
        yield canary


class Network:
    """What the name server says, and each address that anybody begins to connect to.

    Numbers are read as the system reads them. Nothing leaves this machine: whatever is not the
    canary's host is noted and found closed.
    """

    def __init__(self, monkeypatch, canary: Canary) -> None:
        self.names: dict[str, list[list[str]]] = {}
        self.tried: list[str] = []
        self.canary = canary
        self.resolve, self.connect = socket.getaddrinfo, asyncio.get_running_loop().sock_connect
        monkeypatch.setattr(socket, "getaddrinfo", self.getaddrinfo)
        monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", self.sock_connect)

    def getaddrinfo(self, host, port, family=0, type=0, proto=0, flags=0):
        """Numbers as they are; a name's answers one after the other, the last for good; others are the canary."""
        try:
            return self.resolve(host, port, family, type, proto, flags | socket.AI_NUMERICHOST)
        except (OSError, UnicodeError):
            answers = self.names.get(host, [[self.canary.host]])
            now = answers.pop(0) if len(answers) > 1 else answers[0]
            port = self.canary.port if now == [self.canary.host] else port
            return [one for address in now for one in self.resolve(address, port, family, type, proto)]

    async def sock_connect(self, sock, address):
        self.tried.append(address[0])
        if address[0] != self.canary.host:
            raise ConnectionRefusedError("closed")
        await self.connect(sock, (self.canary.host, self.canary.port))
