"""The three keys of a board in one small file under a passphrase, to be kept away from its backups.

Text of some 1,500 signs, so that it can be printed: JSON whose ``closed`` is AES-256-GCM (NIST SP 800-38D) under
scrypt (RFC 7914) of the passphrase, with the other fields authenticated.
"""

import base64
import getpass
import json
import os
import secrets
import sys
import unicodedata
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from server.base import keys, sealed
from server.running.opening import COMMAND, KEYS, Refusal
from server.sending.push import vapid

FORMAT = "palier-keys-1"
# 128 MB and half a second a try (2^17 · 8 · 128 bytes).
COST = {"n": 1 << 17, "r": 8, "p": 1}
SHORTEST = 12
VARIABLE = "PALIER_PASSPHRASE"
# A file of keys that somebody made to have us work for hours is none.
LARGEST = 1 << 20


def ask_passphrase(file: Path | None, *, twice: bool) -> str:
    """The passphrase: the first line of a file, else ``PALIER_PASSPHRASE``, else typed. Refusal."""
    if file is not None:
        try:
            said = file.read_text().split("\n", 1)[0]
        except (OSError, UnicodeError):
            raise Refusal(
                f"Le fichier « {file} » ne se lit pas : il doit tenir la phrase secrète en première ligne."
            ) from None
    elif VARIABLE in os.environ:
        said = os.environ[VARIABLE]
    elif sys.stdin.isatty():
        said = getpass.getpass("Phrase secrète des clés : ")
        if twice and getpass.getpass("Encore une fois : ") != said:
            raise Refusal("Les deux phrases ne sont pas les mêmes : recommencez. Rien n’a été écrit.")
    else:
        raise Refusal(
            f"Il faut une phrase secrète : tapez-la dans un terminal, ou donnez-la par {VARIABLE} ou --passphrase-file."
        )
    if twice and len(said.strip()) < SHORTEST:
        raise Refusal(f"Cette phrase est trop courte : il faut au moins {SHORTEST} signes, par exemple cinq mots.")
    # The same phrase typed on another keyboard.
    return unicodedata.normalize("NFC", said.strip())


def close(held: dict[str, str], passphrase: str) -> str:
    """The text of a file that holds these keys."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    head = {"format": FORMAT, "kdf": "scrypt", **COST, "salt": _text(salt), "nonce": _text(nonce)}
    closed = AESGCM(_key(passphrase, head)).encrypt(nonce, json.dumps(held).encode(), _about(head))
    return json.dumps(head | {"closed": _text(closed)}, indent=1) + "\n"


def open_text(text: str, passphrase: str, path: Path) -> dict[str, str]:
    """The keys that such a file holds, by their names in the data folder. Refusal."""
    try:
        head = json.loads(text)
        closed = _bytes(head.pop("closed"))
        if head["format"] != FORMAT or {name: head[name] for name in COST} != COST:
            raise ValueError
        key, nonce = _key(passphrase, head), _bytes(head["nonce"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refusal(f"Le fichier « {path} » n’est pas un fichier de clés de Palier. Rien n’a été touché.") from None
    try:
        held = json.loads(AESGCM(key).decrypt(nonce, closed, _about(head)))
    except (InvalidTag, ValueError):
        raise Refusal(
            f"La phrase secrète n’ouvre pas « {path} », ou le fichier est abîmé. Rien n’a été touché."
        ) from None
    return check(held)


def read_file(path: Path, passphrase: Path | None) -> dict[str, str]:
    """The keys in this file, with the passphrase asked for. Refusal."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST).decode()
    except FileNotFoundError:
        raise Refusal(f"Le fichier « {path} » n’existe pas : vérifiez son nom.") from None
    except (OSError, UnicodeError):
        raise Refusal(f"Le fichier « {path} » n’est pas un fichier de clés de Palier. Rien n’a été touché.") from None
    return open_text(text, ask_passphrase(passphrase, twice=False), path)


def read_folder(folder: Path) -> dict[str, str]:
    """The keys of a data folder. Refusal when one is missing or damaged."""
    held = {}
    for name in KEYS:
        try:
            held[name] = (folder / name).read_text()
        except (OSError, UnicodeError):
            raise Refusal(
                f"Il manque la clé « {folder / name} » : « {COMMAND} keys import FICHIER » la remet."
            ) from None
    return check(held)


def check(held: dict[str, str]) -> dict[str, str]:
    """These keys, each of them sound. Refusal."""
    try:
        keys.parse_key(held["key"])
        sealed.key_ids(held["seal"].encode())
        vapid.mark_of(held["vapid"].encode())
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refusal("Ces clés sont abîmées : prenez une autre copie. Rien n’a été touché.") from None
    return {name: held[name] for name in KEYS}


def marks(held: dict[str, str]) -> tuple[str, list[str], str]:
    """By what a manifest knows them: the mark of ``key``, the ids in ``seal``, the mark of ``vapid``."""
    return (
        keys.blind_with(keys.parse_key(held["key"]), "custody", "key"),
        sealed.key_ids(held["seal"].encode()),
        vapid.mark_of(held["vapid"].encode()),
    )


def _key(passphrase: str, head: dict) -> bytes:
    return Scrypt(salt=_bytes(head["salt"]), length=32, **COST).derive(passphrase.encode())


def _about(head: dict) -> bytes:
    return json.dumps(head, sort_keys=True).encode()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
