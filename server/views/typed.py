"""Reading what a form sent: strict about bytes, gentle about everything else."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from litestar import Request
from litestar.exceptions import ClientException, HTTPException

MOST_BYTES = 64 * 1024
MOST_DROPPED = 32 * 1024 * 1024
MOST_FIELDS = 100


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
    if any("\0" in value or "\0" in name for name, value in fields.items()):
        raise ClientException("NUL in a form.")
    return Typed(fields, raw)


async def _read_bounded(request: Request) -> bytes:
    """The body, of which no more than a form's worth is ever kept.

    Somewhat more is read and dropped, so that the browser comes to hear the answer; what goes
    on and on is cut off.
    """
    raw, seen = b"", 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > MOST_DROPPED:
            break
        if seen <= MOST_BYTES:
            raw += chunk
    if seen > MOST_BYTES:
        raise TooLarge
    return raw
