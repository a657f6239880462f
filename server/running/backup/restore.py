"""Putting a backup back: everything is looked at first, what is there is set aside, and any failure brings it back.

The board must be closed. What was erased or revoked since the backup is erased and revoked again, and what was due
is past, before anything is served (``again.py``).
"""

import asyncio
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from piccolo.apps.migrations.commands.base import BaseMigrationManager

from server.base import tombstones
from server.base.database import ON_POSTGRES, close_database
from server.base.keys import write_secret
from server.base.settings import ROOT, settings
from server.running.backup import archive, dump, keyfile, schema
from server.running.backup.again import Again, do_again
from server.running.backup.progress import Progress
from server.running.opening import COMMAND, KEYS, RESTORING, Refusal, aside_in, open_restored

# What of a data folder belongs to one state of the board. The list of erasures does not: it only grows.
STATE = ("palier.sqlite", "palier.sqlite-wal", "palier.sqlite-shm", "palier.sqlite-journal", "photos", "demo.json")


@dataclass
class Restored:
    """What a restore did: when, where the former state lies, what was done again."""

    at: datetime
    aside: Path | None
    again: Again


async def restore(file: Path, held: dict[str, str] | None, progress: Progress) -> Restored:
    """Put this backup into the data folder. ``held``: its keys, else those that are there. Refusal, OSError."""
    folder = settings.data
    with archive.opened(file) as (manifest, zipped):
        # What another restore left half done is what was there, once more.
        await _undo(folder)
        _refuse_unfit(manifest, file)
        held = _fitting_keys(manifest, held, folder)
        if ON_POSTGRES:
            await schema.refuse_company()
        progress.step("Lecture et vérification de la sauvegarde")
        staged = Path(tempfile.mkdtemp(prefix=".restore-", dir=folder))
        try:
            await asyncio.to_thread(archive.extract, zipped, manifest, staged, progress.part)
            _refuse_damaged_base(staged, file)
            lines, later = _all_tombstones(zipped, manifest, file)
            return await _swap(
                folder, staged, held if _differ(folder, held) else None,
                lambda: _finish(lines, later, progress), progress,
            )  # fmt: skip
        finally:
            shutil.rmtree(staged, ignore_errors=True)


def _refuse_unfit(manifest: dict[str, Any], file: Path) -> None:
    known = BaseMigrationManager().get_migration_modules(str(ROOT / "migrations"))
    if set(manifest["migrations"]) - set(known):
        raise Refusal(
            f"La sauvegarde « {file} » vient d’une version plus récente de Palier :"
            " mettez Palier à jour (git pull), puis relancez. Rien n’a été touché."
        )
    if manifest["engine"] != dump.describe_engine():
        engines = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
        here = engines[dump.describe_engine()]
        raise Refusal(
            f"Cette sauvegarde est celle d’une base {engines[manifest['engine']]}, et ce tableau est sur {here} :"
            f" {'retirez' if ON_POSTGRES else 'réglez'} DATABASE_URL, puis relancez. Rien n’a été touché."
        )


def _fitting_keys(manifest: dict[str, Any], held: dict[str, str] | None, folder: Path) -> dict[str, str]:
    """The keys that belong to this backup: those given, else those of the folder. Refusal when they do not."""
    if held is None and not any((folder / name).exists() for name in KEYS):
        raise Refusal(
            "Cette sauvegarde a besoin de ses clés : ajoutez --keys FICHIER, le fichier que"
            f" « {COMMAND} keys export » a fait. Rien n’a été touché."
        )
    given = "du fichier de clés" if held else "de ce dossier"
    held = held or keyfile.read_folder(folder)
    key, seal, pair = keyfile.marks(held)
    # Lines are sealed by the newest key there was; after a rotation it is another.
    fits = key == manifest["key"] and set(manifest["seal"][:1]) <= set(seal) and pair == manifest["vapid"]
    if not fits:
        raise Refusal(
            f"Cette sauvegarde est celle d’un autre tableau, ou d’avant un changement de clé : les clés {given}"
            " ne l’ouvrent pas. Donnez les siennes avec --keys FICHIER. Rien n’a été touché."
        )
    return held


def _differ(folder: Path, held: dict[str, str]) -> bool:
    return any(not (folder / name).exists() or (folder / name).read_text() != text for name, text in held.items())


def _refuse_damaged_base(staged: Path, file: Path) -> None:
    if ON_POSTGRES:
        return
    try:
        dump.look_into(staged / archive.BASES["sqlite"])
    except sqlite3.Error:
        raise Refusal(
            f"La base de la sauvegarde « {file} » est abîmée : prenez-en une autre. Rien n’a été touché."
        ) from None


def _all_tombstones(zipped: zipfile.ZipFile, manifest: dict[str, Any], file: Path) -> tuple[list[str], list[str]]:
    """The longest list there is, and what of it the backup did not know yet.

    The folder's own; on another machine, those of newer backups beside this one.
    """
    kept = tombstones.parse(archive.gone_in(zipped, manifest))
    lists = [tombstones.read()]
    for other in file.parent.glob(f"*{archive.SUFFIX}"):
        with suppress(Refusal, OSError):
            if other.samefile(file):
                continue
            with archive.opened(other) as (about, more):
                if about["key"] == manifest["key"]:
                    lists.append(tombstones.parse(archive.gone_in(more, about)))
    later: list[str] = []
    for one in sorted(lists, key=len, reverse=True):
        later += tombstones.later(kept + later, one)
    return kept + later, later


async def _finish(lines: list[str], later: list[str], progress: Progress) -> Again:
    """On the restored state, before anybody sees it."""
    if tombstones.read()[: len(lines)] != lines:
        write_secret(tombstones.path(), "\n".join(["", *lines, ""]), anew=True)
    progress.step("Mise à jour de la base")
    await open_restored()
    progress.step("Ce qui a été effacé ou révoqué depuis l’est de nouveau")
    return await do_again(set(lines), later)


async def _swap(
    folder: Path, staged: Path, held: dict[str, str] | None, finish: Callable[[], Awaitable[Again]], progress: Progress
) -> Restored:
    """Set the present state aside, put the staged one in its place, finish; when that fails, all is as before."""
    moment = datetime.now(settings.zone)
    aside = aside_in(folder)
    names = (*STATE, *(held or ()))
    mark: dict[str, Any] = {
        "aside": aside.name,
        "names": names,
        "had": [name for name in names if (folder / name).exists()],
        "schema": await schema.named(f"palier_{aside.name}".replace("-", "_")) if ON_POSTGRES else None,
    }
    progress.step("Mise de côté de ce qui est là")
    # Named first: whoever comes after a power cut knows what to bring back.
    write_secret(folder / RESTORING, json.dumps(mark), anew=True)
    try:
        aside.mkdir(mode=0o700)
        for name in mark["had"]:
            os.rename(folder / name, aside / name)
        for name, text in (held or {}).items():
            write_secret(folder / name, text)
        if (staged / "photos").exists():
            os.rename(staged / "photos", folder / "photos")
        if ON_POSTGRES:
            progress.step("Remise de la base dans PostgreSQL")
            await schema.set_aside(mark["schema"])
            await schema.load(staged / archive.BASES["postgres"])
        else:
            os.rename(staged / archive.BASES["sqlite"], settings.sqlite_path)
        again = await finish()
        await close_database()
    except BaseException:
        await close_database()
        await _undo(folder)
        raise
    (folder / RESTORING).unlink()
    if not any(aside.iterdir()):
        aside.rmdir()
    return Restored(moment, aside if aside.exists() else None, again)


async def _undo(folder: Path) -> None:
    """Bring back what a restore that did not end had set aside, as far as it had come."""
    try:
        mark = json.loads((folder / RESTORING).read_text())
    except FileNotFoundError:
        return
    except ValueError:
        raise Refusal(f"« {folder / RESTORING} » est abîmé : ce qui était là est dans « {folder}/avant-… ».") from None
    aside = folder / mark["aside"]
    for name in mark["names"]:
        moved = (aside / name).exists()
        # What was there and did not move is still what was there.
        if moved or name not in mark["had"]:
            _remove(folder / name)
        if moved:
            os.rename(aside / name, folder / name)
    if aside.exists():
        aside.rmdir()
    if mark["schema"]:
        await schema.bring_back(mark["schema"])
    (folder / RESTORING).unlink()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
