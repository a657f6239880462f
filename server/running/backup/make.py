"""Making a backup while the board serves: the database first, then the photos that its rows name."""

import asyncio
import re
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from server.base import custody, sealed, tombstones
from server.base.settings import ROOT, settings
from server.posts import photo_files
from server.running.backup import archive
from server.running.backup.dump import Facts, describe_engine, dump
from server.running.backup.progress import Progress
from server.running.opening import COMMAND, KEYS, Refusal, refuse_mixed
from server.sending.push import vapid

_OURS = re.compile(r"palier-(\d{4}-\d{2}-\d{2})-\d{6}" + re.escape(archive.SUFFIX))


@dataclass(frozen=True)
class Made:
    """A backup that was read again: where, bytes, photos, photos erased meanwhile, lines of the list of erasures."""

    path: Path
    size: int
    photos: int
    missing: int
    gone: int
    opened: bool | None


async def make(target: Path, progress: Progress) -> Made:
    """Write a backup into this new file, or under its date into this folder. Refusal, OSError."""
    refuse_mixed(settings.data)
    lost = [name for name in KEYS if not (settings.data / name).exists()]
    if lost:
        raise Refusal(f"Il manque la clé « {settings.data / lost[0]} » : « {COMMAND} check » dit ce qui ne va pas.")
    target = _named(target)
    # Before the database: what is erased from now on is in the list of the next one, or erased twice.
    gone = tombstones.path().read_bytes() if tombstones.path().exists() else b""
    workshop = Path(tempfile.mkdtemp(prefix=".palier-", dir=target.parent))
    try:
        progress.step("Copie de la base")
        base = workshop / archive.BASES[describe_engine()]
        facts = await dump(base, progress.part)
        opened = opens(facts)
        if opened is False:
            raise Refusal(
                "Les lignes privées de cette base ne s’ouvrent pas avec la clé « seal » qui est là :"
                f" « {COMMAND} check » dit ce qui ne va pas."
            )
        while True:
            with suppress(archive.Vanished):
                return await asyncio.to_thread(_pack, target, base, gone, facts, opened, progress)
    except sqlite3.Error as error:
        raise Refusal(
            f"La base ne se laisse pas copier ({error}) : « {COMMAND} check » dit ce qui ne va pas."
        ) from None
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def opens(facts: Facts) -> bool | None:
    """Whether ``data/seal`` opens the newest private lines of a copy; None when there are none."""
    for purpose, row, value in facts.sealed:
        with suppress(sealed.Unreadable):
            sealed.unseal(purpose, UUID(row), value)
            return True
    return False if facts.sealed else None


def _named(target: Path) -> Path:
    if target.is_dir():
        # A second backup within the second waits for the next one.
        target = target / f"palier-{datetime.now(settings.zone):%Y-%m-%d-%H%M%S}{archive.SUFFIX}"
    if target.exists():
        raise Refusal(f"Le fichier « {target} » existe déjà : choisissez un autre nom, ou donnez un dossier.")
    if not target.parent.is_dir():
        raise Refusal(f"Le dossier « {target.parent} » n’existe pas : créez-le d’abord.")
    return target


def _pack(target: Path, base: Path, gone: bytes, facts: Facts, opened: bool | None, progress: Progress) -> Made:
    progress.step("Relevé des photos")
    sources: dict[str, Path | bytes] = {base.name: base, archive.GONE: gone}
    files = {name: archive.describe(source) for name, source in sources.items()}
    missing = 0
    for done, (hash, widest) in enumerate(facts.photos):
        for width in photo_files.widths(widest):
            path = photo_files.path_of(hash, width)
            name = f"photos/{hash[:2]}/{path.name}"
            try:
                files[name] = archive.describe(path)
                sources[name] = path
            except FileNotFoundError:
                # Erased meanwhile, on purpose: the next upkeep of a restored board finds no file, and no fault.
                missing += 1
        progress.part(done, len(facts.photos))
    lines = len(tombstones.parse(gone))
    progress.step("Écriture et relecture de l’archive")
    archive.write(target, _manifest(files, facts, lines, missing), sources, progress.part)
    return Made(target, target.stat().st_size, len(sources) - 2, missing, lines, opened)


def _manifest(files: dict[str, Any], facts: Facts, lines: int, missing: int) -> dict[str, Any]:
    return {
        "format": archive.FORMAT,
        "palier": commit(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine": describe_engine(),
        "engine_version": facts.version,
        "migrations": facts.migrations,
        "rows": facts.rows,
        "epoch": facts.epoch,
        "gone": lines,
        "missing_photos": missing,
        # By these a restore knows the keys that belong to it. None of them opens anything.
        "key": custody.key_mark(),
        "seal": sealed.key_ids((settings.data / "seal").read_bytes()),
        "vapid": vapid.mark(),
        "files": files,
    }


def commit() -> str:
    """The commit of this Palier, where git knows it."""
    with suppress(OSError, subprocess.SubprocessError):
        said = subprocess.run(
            ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, timeout=10
        )
        return said.stdout.strip() or "?"
    return "?"


def forget_old(folder: Path, days: int, today: datetime | None = None) -> list[Path]:
    """Delete this folder's backups older than so many days, by the date in their names; which those were."""
    before = (today or datetime.now(settings.zone)).date() - timedelta(days=days)
    old = [
        path
        for path in sorted(folder.iterdir())
        if (name := _OURS.fullmatch(path.name)) and datetime.fromisoformat(name[1]).date() < before
    ]
    for path in old:
        path.unlink()
    return old
