"""Photos: from what somebody sent to files in the data folder, and back out of it.

``prepare`` hands a file to ``photo_worker.py``, a process that is killed when it asks for too much; what
comes back is small WebP without a word of metadata. Files are named by the SHA-256 of the largest,
outside the database; a row of ``Photo`` says which post they belong to. A file without a row is
swept away.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import re
import secrets
import signal
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID as Id
from weakref import WeakValueDictionary

from server.base.audit_log import record
from server.base.budgets import PHOTO
from server.base.columns import now
from server.base.database import transaction
from server.base.settings import settings
from server.base.shapes import N_
from server.base.spending import spend
from server.posts.photo import Photo
from server.posts.photo_worker import WIDTHS
from server.posts.post import UNDO

LARGEST = 12 * 1024 * 1024
MOST_PIXELS = 50_000_000
MEMORY = 512 * 1024 * 1024
# Of computing: on a busy machine they last longer. Beyond so many times as much on the wall it is the machine that is
# at fault, not the photo.
SECONDS = 5
PATIENCE = 18
AT_ONCE = 2
MOST_ANSWERED = 8 * 1024 * 1024
YOUNG = timedelta(hours=1)
COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("photo_worker.py")))
# A process that reads what strangers made is told nothing of us.
ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ}

SENTENCES = {
    "empty": N_("Ce fichier est vide. Choisissez une autre photo."),
    "heavy": N_("Cette photo est trop lourde : %(limit)s Mo au plus. Envoyez-en une copie plus petite."),
    "huge": N_("Cette photo est trop grande pour le tableau. Envoyez-en une copie plus petite."),
    "slow": N_("Cette photo demande trop de travail. Faites-en une capture d’écran et envoyez la capture."),
    "busy": N_("Beaucoup de photos arrivent en ce moment. La vôtre est bonne : envoyez-la de nouveau dans un moment."),
    "heic": N_(
        "Votre téléphone a envoyé un format HEIC, que le tableau ne lit pas."
        " Faites une capture d’écran de la photo et envoyez la capture."
    ),
    "unknown": N_("Ce fichier n’est pas une photo que le tableau sait lire. Envoyez une photo JPEG, PNG ou WebP."),
    "damaged": N_("Cette photo est abîmée ou incomplète. Choisissez-la de nouveau, ou prenez-en une autre."),
}


class NoRoom(Exception):
    """The post has as many photos as it may."""


class Refused(ValueError):
    """Why this is no photo for us: ``message`` is a French sentence, ``values`` fill its blanks."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = SENTENCES[code]
        self.values: dict[str, Any] = {"limit": LARGEST // 1024 // 1024} if code == "heavy" else {}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A photo ready to be kept: the size in pixels of the largest, and a WebP file by width."""

    hash: str
    width: int
    height: int
    files: dict[int, bytes]


_places = asyncio.Semaphore(AT_ONCE)
# Of one person one photo at a time: their others wait for it, and never for a place that somebody else could have.
_turns: "WeakValueDictionary[str, asyncio.Lock]" = WeakValueDictionary()
_working: set[asyncio.subprocess.Process] = set()


async def prepare(photo: bytes | BinaryIO, sender: Id | None = None) -> Prepared:
    """Decode and re-encode a photo of this member in a process of its own. Raises Refused.

    A file is read by that process itself, from its start, and so must have a descriptor.
    """
    if isinstance(photo, bytes):
        with tempfile.TemporaryFile() as file:
            file.write(photo)
            return await prepare(file, sender)
    size = photo.seek(0, os.SEEK_END)
    photo.seek(0)
    if size == 0:
        raise Refused("empty")
    if size > LARGEST:
        raise Refused("heavy")
    turn = _turns.setdefault(str(sender or secrets.token_hex(4)), asyncio.Lock())
    async with turn, _places:
        return read_answer(await _ask_worker(photo))


async def _ask_worker(photo: BinaryIO) -> bytes:
    """What the worker wrote; nothing that is left of it outlives this call, however it ends."""
    worker = await asyncio.create_subprocess_exec(
        *COMMAND, str(MEMORY), str(SECONDS), str(MOST_PIXELS),
        stdin=photo, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env=ENVIRONMENT,
    )  # fmt: skip
    _working.add(worker)
    answered = b""
    try:
        async with asyncio.timeout(SECONDS * PATIENCE):
            while chunk := await worker.stdout.read(1 << 18):
                answered += chunk
                if len(answered) > MOST_ANSWERED:
                    raise Refused("damaged")
            await worker.wait()
        if worker.returncode == -signal.SIGXCPU:
            raise Refused("slow")
    except TimeoutError:
        raise Refused("busy") from None
    finally:
        if worker.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                worker.kill()
        # Shielded: a visitor who hangs up leaves no zombie behind.
        await asyncio.shield(worker.wait())
        _working.discard(worker)
    return answered


def read_answer(answered: bytes) -> Prepared:
    """A worker's answer, not trusted further than its promise. Raises Refused."""
    head, _, body = answered.partition(b"\n")
    files: dict[int, bytes] = {}
    try:
        said = json.loads(head)
        if "refused" in said:
            raise Refused(said["refused"])
        for width, _height, length in said["sizes"]:
            files[int(width)], body = body[:length], body[length:]
            if files[width][:4] != b"RIFF" or len(files[width]) != length:
                raise ValueError
        width, height = (int(one) for one in said["sizes"][0][:2])
    except Refused:
        raise
    except (ValueError, KeyError, TypeError, IndexError):
        # It died: of a fault in a decoder, or because somebody killed it.
        raise Refused("damaged") from None
    return Prepared(hashlib.sha256(files[width]).hexdigest(), width, height, files)


def stop() -> None:
    """Kill the workers that still run: the server is stopping."""
    for worker in _working:
        with contextlib.suppress(ProcessLookupError):
            worker.kill()


def widths(widest: int) -> tuple[int, ...]:
    """The widths in which there is a file of a photo, the smallest first."""
    return (*(width for width in WIDTHS if width < widest), widest)


def folder() -> Path:
    """Where the files are."""
    return settings.data / "photos"


def path_of(hash: str, width: int) -> Path:
    """The file of a photo in one of its widths."""
    return folder() / hash[:2] / f"{hash}-{width}.webp"


async def keep(post: Id, author: Id, purpose: str, photos: Iterable[tuple[Prepared, str]]) -> None:
    """Keep photos with their words, all or none. Raises NoRoom, TooMuch.

    The files are written while the transaction of their rows is open, so that no row is ever
    without them; what a rolled back one leaves behind, ``sweep`` finds.
    """
    async with transaction():
        for prepared, alt in photos:
            await spend(author, PHOTO)
            if await Photo.add(post, author, purpose, prepared, alt) is None:
                raise NoRoom
            await asyncio.to_thread(_write, prepared)


def _write(prepared: Prepared) -> None:
    folder().mkdir(mode=0o700, exist_ok=True)
    for width, body in prepared.files.items():
        path = path_of(prepared.hash, width)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        unfinished = path.with_name(f".{secrets.token_hex(8)}")
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(body)
        os.replace(unfinished, path)


async def remove(photo: dict[str, Any]) -> None:
    """Take a photo off its post, and its files away unless another post shows the same."""
    await Photo.remove(photo)
    await forget([photo["hash"]])


async def drop(photo: dict[str, Any], post: Id, by: Id, role: str, reason: str) -> None:
    """A moderator takes somebody's photo off their post, in the journal."""
    async with transaction():
        await record(by, role, "drop-photo", post, reason)
        await Photo.remove(photo)
    await forget([photo["hash"]])


async def forget_receipts(posts: list[Id]) -> None:
    """Take away every receipt of these posts, rows and files."""
    await forget(await Photo.forget_receipts(posts))


async def forget(hashes: Iterable[str]) -> None:
    """Delete the files of these hashes that no row holds."""
    for hash in set(hashes):
        # One at a time with ``keep``: else a file could go just before its new row comes.
        async with transaction():
            await Photo.reserve(hash)
            if not await Photo.held([hash]):
                await asyncio.to_thread(_delete, hash)


def _delete(hash: str) -> None:
    for path in (folder() / hash[:2]).glob(f"{hash}-*.webp"):
        path.unlink(missing_ok=True)


_NAME = re.compile(r"([0-9a-f]{64})-\d{1,4}\.webp")
_last_sweep: datetime | None = None


async def sweep_hourly() -> None:
    """``sweep``, at most once an hour."""
    global _last_sweep
    if _last_sweep is None or not timedelta() <= now() - _last_sweep < YOUNG:
        _last_sweep = now()
        await sweep()


async def sweep(young: timedelta = YOUNG) -> None:
    """Photos of posts withdrawn for good go; so do files that no row holds, unless they are as new as this."""
    await forget(await Photo.forget_withdrawn(now() - UNDO))
    old = await asyncio.to_thread(_old_hashes, (now() - young).timestamp())
    for start in range(0, len(old), 500):
        some = old[start : start + 500]
        await forget(set(some) - await Photo.held(some))


def _old_hashes(before: float) -> list[str]:
    """The hashes of files older than this; what a crash left half written is deleted on the way."""
    found = set()
    for path in folder().glob("*/*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime >= before:
                continue
            name = _NAME.fullmatch(path.name)
            if name:
                found.add(name[1])
            else:
                path.unlink()
    return sorted(found)
