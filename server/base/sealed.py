"""Private words, sealed at rest: AES-256-GCM (NIST SP 800-38D), keys in a file outside the database.

A sealed value is ``version | key id | nonce | ciphertext and tag`` (1, 4, 12, n + 16 bytes). The
purpose and the row's id are authenticated with it, so that what was sealed for one row opens
in no other. The key file holds one key a line, ``id hexkey``; the first one seals, all open.
"""

import json
import os
import re
import secrets
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.base.keys import write_secret
from server.base.settings import settings

VERSION = b"\x01"
ID_BYTES, NONCE_BYTES, KEY_BYTES = 4, 12, 32

Keys = dict[bytes, AESGCM]
_read: tuple[tuple, Keys] | None = None


class Unreadable(Exception):
    """What was sealed cannot be opened: another key, another row, or a changed byte."""


def seal(purpose: str, row: UUID, value: Any) -> bytes:
    """Seal a value that JSON can hold, for one row."""
    key_id, key = next(iter(_keys().items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return VERSION + key_id + nonce + key.encrypt(nonce, text, _about(purpose, row))


def unseal(purpose: str, row: UUID, sealed: bytes) -> Any:
    """What ``seal`` was given. Raises Unreadable."""
    if not sealed.startswith(VERSION):
        raise Unreadable
    try:
        key = _keys()[sealed[1 : 1 + ID_BYTES]]
        nonce, body = sealed[1 + ID_BYTES : 1 + ID_BYTES + NONCE_BYTES], sealed[1 + ID_BYTES + NONCE_BYTES :]
        return json.loads(key.decrypt(nonce, body, _about(purpose, row)))
    except (KeyError, InvalidTag, ValueError):
        raise Unreadable from None


def is_current(sealed: bytes) -> bool:
    """Whether the newest key sealed it."""
    return sealed[1 : 1 + ID_BYTES] == next(iter(_keys()))


def open_keys() -> None:
    """Read the keys, or make the first. ValueError or OSError when that cannot be."""
    _keys()


def add_key() -> None:
    """Begin a rotation: a new key seals from now on, the former ones still open."""
    lines = _path().read_text() if _path().exists() else ""
    write_secret(_path(), _new_line() + lines, anew=True)


def retire_keys() -> None:
    """End a rotation: only the newest key stays. Seal everything with it first."""
    write_secret(_path(), _path().read_text().splitlines(keepends=True)[0], anew=True)


def _about(purpose: str, row: UUID) -> bytes:
    return f"{purpose}:{row}".encode()


def _path() -> Path:
    return settings.data / "seal"


def _keys() -> Keys:
    """The keys by id, the one that seals first; read again when another process changed the file."""
    global _read
    try:
        state = os.stat(_path())
    except FileNotFoundError:
        write_secret(_path(), _new_line())
        state = os.stat(_path())
    mark = (state.st_ino, state.st_mtime_ns, state.st_size)
    if _read is None or _read[0] != mark:
        _read = (mark, _parse(_path().read_bytes()))
    return _read[1]


def key_ids(text: bytes) -> list[str]:
    """The ids of the keys in such a file, the one that seals first. Raises ValueError."""
    return [key_id.hex() for key_id in _parse(text)]


def _parse(text: bytes) -> Keys:
    lines = re.findall(rb"([0-9a-f]{%d}) ([0-9a-f]{%d})\n" % (2 * ID_BYTES, 2 * KEY_BYTES), text)
    keys = {_bytes(key_id): AESGCM(_bytes(key)) for key_id, key in lines}
    if not keys or b"".join(b"%b %b\n" % line for line in lines) != text:
        raise ValueError("seal does not hold keys")
    return keys


def _bytes(digits: bytes) -> bytes:
    return bytes.fromhex(digits.decode())


def _new_line() -> str:
    return f"{secrets.token_hex(ID_BYTES)} {secrets.token_hex(KEY_BYTES)}\n"
