"""A mail server that takes everything, unless told otherwise: SMTP (RFC 5321) on a loopback address."""

import asyncio
import email
import email.policy
import ssl
from base64 import b64decode
from dataclasses import dataclass
from email.message import EmailMessage


@dataclass
class Taken:
    """One message as it came: its envelope, its bytes, and read as a mail program does."""

    sender: str
    to: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """Headers decoded, parts decoded."""
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def text(self) -> str:
        """The plain text, with plain spaces."""
        return self.message.get_body(("plain",)).get_content().replace("\u00a0", " ")

    @property
    def html(self) -> str:
        """The other one."""
        return self.message.get_body(("html",)).get_content().replace("\u00a0", " ")


class SmtpService:
    """``says``: answers to come, by verb (CONNECT, STARTTLS, MAIL, RCPT, DATA, END): a line, "hang" or "cut"; then
    as usual. Of END, "cut" means that the message was taken and the line broke before the server said so.

    With ``tls`` it offers STARTTLS (RFC 3207), or with ``at_once`` begins with TLS (RFC 8314, section 3.3).
    ``in_the_clear`` is whatever anybody on the way could have read.
    """

    def __init__(self, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, *, at_once: bool = False) -> None:
        self.host = host
        self.tls = tls
        self.at_once = at_once
        self.taken: list[Taken] = []
        self.says: dict[str, list[str]] = {}
        self.connections = 0
        self.verbs: list[str] = []
        self.login = ""
        self.in_the_clear = b""

    async def __aenter__(self) -> "SmtpService":
        self.lines: set[asyncio.StreamWriter] = set()
        self.server = await asyncio.start_server(self._talk, self.host, 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        for line in self.lines:
            line.close()
        await self.server.wait_closed()

    async def _say(self, writer: asyncio.StreamWriter, verb: str, usual: str) -> bool:
        """Answer; whether it was the usual answer, or began so. ConnectionError when the line is to break."""
        waiting = self.says.get(verb)
        line = waiting.pop(0) if waiting else usual
        if line == "hang":
            await asyncio.sleep(60)
        if line in ("hang", "cut"):
            raise ConnectionError
        writer.write(line.encode() + b"\r\n")
        await writer.drain()
        return line.startswith(usual)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.lines.add(writer)
        sender = to = ""
        try:
            if self.at_once and self.tls:
                await writer.start_tls(self.tls)
            await self._say(writer, "CONNECT", "220 here")
            while line := (await self._hear(reader, writer)).decode("latin-1").strip():
                verb = line.split(" ")[0].upper()
                self.verbs.append(verb)
                if verb == "EHLO":
                    offer = "250-STARTTLS\r\n" if self.tls and _is_clear(writer) else ""
                    await self._say(writer, verb, f"250-here\r\n{offer}250 AUTH PLAIN")
                elif verb == "STARTTLS":
                    if await self._say(writer, verb, "220 go ahead"):
                        await writer.start_tls(self.tls)
                elif verb == "AUTH":
                    self.login = b64decode(line.split(" ")[2]).decode()
                    await self._say(writer, verb, "235 welcome")
                elif verb == "QUIT":
                    await self._say(writer, verb, "221 bye")
                    return
                elif verb == "DATA":
                    if await self._say(writer, verb, "354 go on"):
                        await self._take(reader, writer, sender, to)
                else:
                    address = line[line.find("<") + 1 : line.rfind(">")]
                    sender, to = (address, to) if verb == "MAIL" else (sender, address) if verb == "RCPT" else ("", "")
                    await self._say(writer, verb, "250 fine")
        # Whoever does not trust the certificate says so, and is gone.
        except (ConnectionError, ssl.SSLError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        line = await reader.readline()
        if _is_clear(writer):
            self.in_the_clear += line
        return line

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sender: str, to: str) -> None:
        lines = []
        while (line := await self._hear(reader, writer)) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        refused = self.says.get("END", [""])[:1]
        if not refused or refused[0] in ("", "cut", "hang"):
            self.taken.append(Taken(sender, to, b"".join(lines)))
        await self._say(writer, "END", "250 taken")


def _is_clear(writer: asyncio.StreamWriter) -> bool:
    return writer.get_extra_info("ssl_object") is None
