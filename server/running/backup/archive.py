"""The file of a backup: a ZIP that anybody can open, with a manifest first, the database, the list of erasures, photos.

``manifest.json`` names every other file with its size and SHA-256, so that one looks at all of it before anything is
touched. There is no key in it.
"""

import errno
import hashlib
import json
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from server.running.backup.progress import Tell
from server.running.opening import Refusal

FORMAT = 1
MANIFEST, GONE = "manifest.json", "gone"
BASES = {"sqlite": "base.sqlite", "postgres": "base.pgdump"}
SUFFIX = ".palier"
# A manifest names a photo in some 150 bytes.
LARGEST_MANIFEST = 64 << 20
CHUNK = 1 << 20
PHOTO = re.compile(r"photos/([0-9a-f]{2})/\1[0-9a-f]{62}-\d{1,4}\.webp")

# What reading a ZIP that was changed raises.
BROKEN = (
    KeyError,
    ValueError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


class Vanished(Exception):
    """A photo went while the archive was written: it was erased on purpose."""


def describe(source: Path | bytes) -> dict[str, Any]:
    """Size and SHA-256 of a file that is to go in. FileNotFoundError."""
    if isinstance(source, bytes):
        return {"size": len(source), "sha256": hashlib.sha256(source).hexdigest()}
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return {"size": file.tell(), "sha256": digest.hexdigest()}


def write(target: Path, manifest: dict[str, Any], sources: dict[str, Path | bytes], tell: Tell) -> None:
    """Write the archive whole or not at all. Raises Vanished, OSError."""
    part = target.with_name(f"{target.name}.part")
    whole, done = sum(one["size"] for one in manifest["files"].values()), 0
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w") as archive:
                archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1), zipfile.ZIP_DEFLATED)
                for name, source in sources.items():
                    _add(archive, name, source)
                    done += manifest["files"][name]["size"]
                    tell(done, whole)
            file.flush()
            os.fsync(file.fileno())
        # Read again from the disk before it is called a backup.
        with opened(part) as (_, archive):
            verify(archive, manifest, tell)
        os.replace(part, target)
        _sync(target.parent)
    finally:
        part.unlink(missing_ok=True)


def _add(archive: zipfile.ZipFile, name: str, source: Path | bytes) -> None:
    # WebP and the dump of PostgreSQL are packed already.
    packed = zipfile.ZIP_DEFLATED if name in (GONE, BASES["sqlite"]) else zipfile.ZIP_STORED
    about = zipfile.ZipInfo(name)
    about.compress_type, about.external_attr = packed, 0o600 << 16
    # Level 1: four times as fast as the usual one, for a tenth more.
    about._compresslevel = 1
    try:
        with archive.open(about, "w", force_zip64=True) as entry:
            if isinstance(source, bytes):
                entry.write(source)
                return
            with source.open("rb") as file:
                for chunk in _chunks(file):
                    entry.write(chunk)
    except FileNotFoundError:
        raise Vanished from None


@contextmanager
def opened(path: Path) -> Iterator[tuple[dict[str, Any], zipfile.ZipFile]]:
    """An archive and its manifest. Refusal when it is none, or of a newer Palier."""
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise Refusal(f"Le fichier « {path} » n’existe pas : vérifiez son nom.") from None
    except (OSError, zipfile.BadZipFile, NotImplementedError):
        raise Refusal(_damaged(path) if _begins_like_one(path) else _not_one(path)) from None
    with archive:
        try:
            manifest = _manifest(archive)
        except (*BROKEN, TypeError, AttributeError, OSError):
            raise Refusal(_not_one(path)) from None
        if manifest["format"] > FORMAT:
            raise Refusal(
                f"La sauvegarde « {path} » vient d’une version plus récente de Palier :"
                " mettez Palier à jour (git pull), puis relancez. Rien n’a été touché."
            )
        yield manifest, archive


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    if any(one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for one in archive.infolist()):
        raise ValueError
    if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise ValueError
    manifest = json.loads(archive.read(MANIFEST))
    texts = ("palier", "engine", "at", "key", "vapid")
    if not all(isinstance(manifest[name], str) for name in texts) or not isinstance(manifest["format"], int):
        raise ValueError
    if not isinstance(manifest["seal"], list) or not all(isinstance(one, str) for one in manifest["migrations"]):
        raise ValueError
    for name, one in manifest["files"].items():
        known = name == GONE or name in BASES.values() or PHOTO.fullmatch(name)
        if not known or not isinstance(one["size"], int) or not re.fullmatch("[0-9a-f]{64}", one["sha256"]):
            raise ValueError
    if BASES[manifest["engine"]] not in manifest["files"] or GONE not in manifest["files"]:
        raise ValueError
    return manifest


def verify(archive: zipfile.ZipFile, manifest: dict[str, Any], tell: Tell) -> None:
    """Refusal unless every file is there, whole and unchanged."""
    for _ in _checked(archive, manifest, manifest["files"], tell, None):
        pass


def extract(archive: zipfile.ZipFile, manifest: dict[str, Any], folder: Path, tell: Tell) -> None:
    """Put every file into this empty folder. Refusal when one is not what the manifest says."""
    for _ in _checked(archive, manifest, manifest["files"], tell, folder):
        pass


def gone_in(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> bytes:
    """The list of erasures that came with it. Refusal when it is damaged."""
    for said in _checked(archive, manifest, [GONE], lambda done, whole: None, None):
        return said
    return b""


def _checked(
    archive: zipfile.ZipFile, manifest: dict[str, Any], names: Iterable[str], tell: Tell, folder: Path | None
) -> Iterator[bytes]:
    whole, done = sum(manifest["files"][name]["size"] for name in names), 0
    for name in names:
        wanted = manifest["files"][name]
        digest, size, kept = hashlib.sha256(), 0, b""
        try:
            with archive.open(name) as entry, _into(folder, name) as out:
                for chunk in _chunks(entry):
                    size += len(chunk)
                    if size > wanted["size"]:
                        break
                    digest.update(chunk)
                    if out:
                        out.write(chunk)
                    elif name == GONE:
                        kept += chunk
                    tell(done + size, whole)
                if out:
                    out.flush()
                    os.fsync(out.fileno())
        except BROKEN as error:
            raise Refusal(_damaged(archive.filename)) from error
        except OSError as error:
            # An entry that begins nowhere; a disk that is full is another matter.
            if error.errno != errno.EINVAL:
                raise
            raise Refusal(_damaged(archive.filename)) from error
        if size != wanted["size"] or digest.hexdigest() != wanted["sha256"]:
            raise Refusal(_damaged(archive.filename))
        done += size
        yield kept


@contextmanager
def _into(folder: Path | None, name: str) -> Iterator[BinaryIO | None]:
    if folder is None:
        yield None
        return
    path = folder / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        yield out


def _chunks(file: Any) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _begins_like_one(path: Path) -> bool:
    with suppress(OSError), path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"
    return False


def _not_one(path: Path | str) -> str:
    return f"Le fichier « {path} » n’est pas une sauvegarde de Palier. Rien n’a été touché."


def _damaged(path: Path | str | None) -> str:
    return f"La sauvegarde « {path} » est abîmée ou incomplète : prenez-en une autre. Rien n’a été touché."


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
