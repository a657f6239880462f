"""Secrets: the board's key file, tokens derived from it, and how they are stored.

An invitation or a card must be shown again after a printer jams, yet the database
must never hold what opens a door. So tokens are derived from the row's id with a key
that lives outside the database (RFC 2104 HMAC-SHA-256), and the row keeps only a hash.
"""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path
from uuid import UUID

from server.base.settings import settings

# No 0, O, 1, I or L: these are what people misread. 31 signs, so 16 of them hold 79 bits.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 16
KEY_BYTES = 32


@cache
def _board_key() -> bytes:
    """The 32-byte key of this board, made at first use, readable by its owner only."""
    path = settings.data / "key"
    if not path.exists():
        write_secret(path, secrets.token_hex(KEY_BYTES) + "\n")
    return parse_key(path.read_text())


def parse_key(text: str) -> bytes:
    """The key that such a file holds. Raises ValueError."""
    key = bytes.fromhex(text.strip())
    if len(key) != KEY_BYTES:
        raise ValueError("not a key")
    return key


def write_secret(path: Path, text: str, *, anew: bool = False) -> None:
    """Write a secret whole or not at all, for its owner only; one that is there stays, unless ``anew``.

    It is written under another name first, so that neither a power cut nor two starts at once
    leave half of one: whoever comes second reads what the first wrote. OSError when that cannot be.
    """
    fresh = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if anew:
            os.replace(fresh, path)
        else:
            with suppress(FileExistsError):
                os.link(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def open_key() -> None:
    """Read the board's key, or make it. ValueError or OSError when that cannot be."""
    _board_key()


def _derive(purpose: str, row: UUID, length: int) -> str:
    """``length`` signs that only this board can compute for this row and purpose."""
    number = int.from_bytes(hmac.digest(_board_key(), f"{purpose}:{row}".encode(), "sha256"), "big")
    signs = []
    for _ in range(length):
        number, rest = divmod(number, len(SIGNS))
        signs.append(SIGNS[rest])
    return "".join(signs)


def token_for(purpose: str, row: UUID) -> str:
    """A token for an address or a QR square: 27 signs, 133 bits."""
    return _derive(purpose, row, 27)


def code_for(row: UUID) -> str:
    """The typed code of a card: 16 signs, 79 bits, without 0 or O."""
    return _derive("code", row, CODE_LENGTH)


def in_groups(code: str) -> str:
    """A code as it is shown and typed: groups of four."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def founding_token() -> str:
    """The token of the welcome screens, the same at every start; it opens until a quartier exists."""
    return token_for("founding", UUID(int=0))


def blind(purpose: str, text: str) -> str:
    """A digest that only this board can compute: equal texts match, and nothing can be read back.

    For values so few that a plain hash would be guessed (a street and its number).
    """
    return blind_with(_board_key(), purpose, text)


def blind_with(key: bytes, purpose: str, text: str) -> str:
    """``blind``, of whatever board this key is."""
    return hmac.digest(key, f"{purpose}:{text}".encode(), "sha256").hex()


def new_token() -> str:
    """A random token for a session cookie: 256 bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What the database keeps of a token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def normal_code(typed: str) -> str:
    """A typed code as it was printed: capitals, without spaces or dashes."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())
