"""Reading what a form sent: strict about bytes, gentle about everything else."""

import hashlib
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import parse_qsl

from litestar import Request
from litestar.exceptions import ClientException, HTTPException, InternalServerException
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from server.base.settings import settings
from server.people.receipt import Receipt
from server.views.web.device import from_pocket
from server.views.web.door import visit_of

MOST_BYTES = 64 * 1024
MOST_DROPPED = 32 * 1024 * 1024
MOST_FIELDS = 100


class Repeated(HTTPException):
    """What waited in a pocket comes once more: its answer was lost, it was not."""

    status_code = 201


class BrokenOff(HTTPException):
    """Whoever sent a form hung up before its end."""

    status_code = 400


class TooLarge(HTTPException):
    """More than a form of ours can hold."""

    status_code = 413


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form (the last of each name), all its bytes, and its exactly-once key."""

    fields: dict[str, str]
    raw: bytes

    def __getitem__(self, name: str) -> str:
        """What was typed in this field; empty when it was not there."""
        return self.fields.get(name, "")

    def get(self, name: str, default: str = "") -> str:
        """The same, for templates that are given a dict as often as a form."""
        return self.fields.get(name, default)

    @property
    def key(self) -> str:
        """The form's key; 400 when it is missing or not one of ours."""
        key = self["cle"]
        if not (16 <= len(key) <= 64 and key.isascii() and key.replace("-", "").replace("_", "").isalnum()):
            raise ClientException("The form has no key.")
        return key


@dataclass
class Upload:
    """One file that was sent: an unnamed temporary file, and whether it is all there.

    Its name and its type, as the browser tells them, are not even kept, but whether it had a name.
    """

    file: BinaryIO
    named: bool
    size: int = 0
    whole: bool = True
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def write(self, chunk: bytes, most: int) -> None:
        """Keep this chunk, unless the file grows beyond ``most`` bytes."""
        self.size += len(chunk)
        self.whole = self.size <= most
        self.digest.update(chunk)
        if self.whole:
            self.file.write(chunk)


async def read_form(request: Request) -> Typed:
    """The form of this request (application/x-www-form-urlencoded, WHATWG URL, section 5).

    Raises 413 beyond 64 KB, 400 for bytes that are not UTF-8, for NUL, for too many fields or
    another content type.
    """
    raw = await _read_bounded(request)
    kind = request.headers.get("content-type", "application/x-www-form-urlencoded").split(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise ClientException("Another content type than a form's.")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise ClientException("Not readable as a form.") from None
    fields = dict(pairs)
    _refuse_nul(fields)
    return await _new(request, Typed(fields, raw))


async def _new(request: Request, typed: Typed) -> Typed:
    """The form, unless it came from a pocket before: then nothing else is asked, whatever changed since."""
    # Should it be refused for how much was done today, the page gives it back (see ``errors``).
    request.scope["palier_typed"] = typed
    if from_pocket(request):
        viewer = visit_of(request).viewer
        if await Receipt.seen(viewer.id, typed.key, request.scope["path"], typed.raw):
            raise Repeated
    return typed


def _refuse_nul(fields: dict[str, str]) -> None:
    if any("\0" in value or "\0" in name for name, value in fields.items()):
        raise ClientException("NUL in a form.")


async def _stream(request: Request) -> AsyncIterator[bytes]:
    """The body, piece by piece; raises BrokenOff when its sender is gone."""
    try:
        async for chunk in request.stream():
            yield chunk
    except InternalServerException:
        raise BrokenOff from None


async def _read_bounded(request: Request) -> bytes:
    """The body, of which no more than a form's worth is ever kept.

    Somewhat more is read and dropped, so that the browser comes to hear the answer; what goes
    on and on is cut off.
    """
    raw, seen = b"", 0
    async for chunk in _stream(request):
        seen += len(chunk)
        if seen > MOST_DROPPED:
            break
        if seen <= MOST_BYTES:
            raw += chunk
    if seen > MOST_BYTES:
        raise TooLarge
    return raw


@asynccontextmanager
async def read_upload(request: Request, most_files: int, most_bytes: int) -> AsyncIterator[tuple[Typed, list[Upload]]]:
    """The form of this request with its files (multipart/form-data, RFC 7578), which close at the end.

    A form without files may come as any other does. Of a file beyond ``most_bytes`` nothing is kept
    and ``whole`` is False; one file more than ``most_files`` is listed, so that one can say so, and
    those after it are dropped. Raises 413 when the text is beyond 64 KB or all of it beyond what
    ``most_files`` may weigh, and 400 as ``read_form`` does.
    """
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    if media_type != "multipart/form-data":
        yield await read_form(request), []
        return
    with ExitStack() as closing:
        reader = _Multipart(closing, options.get("boundary", ""), most_files, most_bytes)
        most, seen, refused = most_files * most_bytes + MOST_BYTES, 0, None
        async for chunk in _stream(request):
            seen += len(chunk)
            if seen > most + MOST_DROPPED:
                break
            if refused is None:
                # After a refusal the rest is dropped, so that the browser comes to hear the answer.
                refused = TooLarge() if seen > most else reader.feed(chunk)
        typed, files = reader.result(refused)
        yield await _new(request, typed), files


class _Multipart:
    """What has been read of a multipart form so far."""

    def __init__(self, closing: ExitStack, boundary: str, most_files: int, most_bytes: int) -> None:
        self.closing, self.most_files, self.most_bytes = closing, most_files, most_bytes
        self.texts: list[tuple[bytes, bytearray]] = []
        self.files: list[Upload] = []
        self.part: bytearray | Upload | None = None
        self.letters = 0
        try:
            self.parser = PushMultipartParser(boundary, max_segment_count=MOST_FIELDS, strict=True)
        except MultipartError:
            raise ClientException("Not readable as a form.") from None

    def feed(self, chunk: bytes) -> HTTPException | None:
        """Read on; what is wrong, if something is."""
        try:
            for event in self.parser.parse(chunk) if chunk else ():
                if isinstance(event, MultipartSegment):
                    self._begin(event)
                elif event is not None:
                    self._go_on(event)
        except MultipartError:
            return ClientException("Not readable as a form.")
        except TooLarge as error:
            return error
        return None

    def _begin(self, segment: MultipartSegment) -> None:
        if segment.filename is None:
            self.part = bytearray()
            self.texts.append((segment.name.encode(), self.part))
        elif len(self.files) > self.most_files:
            self.part = None
        else:
            # An empty file without a name is a field in which nothing was chosen: see ``result``.
            file = self.closing.enter_context(tempfile.TemporaryFile(dir=settings.data))  # noqa: SIM115
            self.part = Upload(file, named=bool(segment.filename))
            self.files.append(self.part)

    def _go_on(self, chunk: bytes) -> None:
        if isinstance(self.part, Upload):
            self.part.write(chunk, self.most_bytes)
        elif self.part is not None:
            self.letters += len(chunk)
            if self.letters > MOST_BYTES:
                raise TooLarge
            self.part += chunk

    def result(self, refused: HTTPException | None) -> tuple[Typed, list[Upload]]:
        """The whole form. Raises what was wrong with it."""
        if refused is not None:
            raise refused
        try:
            self.parser.close()
            fields = {name.decode(): text.decode() for name, text in self.texts}
        except (MultipartError, UnicodeDecodeError):
            raise ClientException("Not readable as a form.") from None
        _refuse_nul(fields)
        files = [one for one in self.files if one.named or one.size]
        told = [sorted(fields.items()), [one.digest.hexdigest() for one in files]]
        return Typed(fields, json.dumps(told).encode()), files
