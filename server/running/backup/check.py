"""Whether what lies beside each other belongs together: database, keys, photos. It changes nothing."""

import asyncio
import hashlib
import os
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from server.base.custody import Custody
from server.base.database import ON_POSTGRES, close_database, engine, migrations_which_ran, open_database, read_now
from server.base.keys import write_secret
from server.base.settings import settings
from server.help.private import opens_some
from server.posts import photo_files
from server.running.backup import keyfile
from server.running.backup.progress import Progress
from server.running.opening import COMMAND, KEYS, Refusal, aside_in, foreign_keys, refuse_mixed

WITH_CUSTODY = "2026-11-27T18:40:00:000008"


@dataclass
class Found:
    """What is as it should be, and what is not, each a French sentence."""

    good: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)

    def say(self, well: bool, good: str, bad: str) -> None:
        """One of the two."""
        (self.good if well else self.bad).append(good if well else bad)


async def look(progress: Progress) -> Found:
    """Look at everything, with the board open or not. Refusal when there is nothing to look at."""
    found = Found()
    refuse_mixed(settings.data)
    if not ON_POSTGRES and not settings.sqlite_path.exists():
        raise Refusal(f"Il n’y a pas de base dans « {settings.data} » : indiquez le bon dossier avec --data.")
    try:
        progress.step("Base")
        await open_database()
        ran = await migrations_which_ran()
        if not ran:
            raise Refusal(f"Cette base est vide : « {COMMAND} restore FICHIER » remet une sauvegarde.")
        fault = "" if ON_POSTGRES else await engine.fault()
        found.say(not fault, "la base est entière", f"la base est abîmée ({fault}) : remettez une sauvegarde")
        progress.step("Clés")
        await _keys(found, WITH_CUSTODY in ran)
        progress.step("Photos")
        await _photos(found, progress)
        return found
    except sqlite3.Error as error:
        found.bad.append(f"la base ne s’ouvre pas ({error}) : « {COMMAND} restore FICHIER » remet une sauvegarde")
        return found
    finally:
        await close_database()


async def _keys(found: Found, with_custody: bool) -> None:
    lost = [name for name in KEYS if not (settings.data / name).exists()]
    for name in lost:
        found.bad.append(f"la clé « {name} » manque : « {COMMAND} keys import FICHIER » la remet")
    if lost:
        return
    try:
        keyfile.read_folder(settings.data)
    except Refusal as refusal:
        found.bad.append(str(refusal))
        return
    known = await Custody.row() if with_custody else None
    foreign = await foreign_keys(known)
    for name in KEYS:
        found.say(
            name not in foreign,
            f"la clé « {name} » est celle de ce tableau",
            f"la clé « {name} » est d’un autre tableau",
        )
    opened = await opens_some()
    if opened is None:
        found.good.append("aucune ligne privée à ouvrir")
    else:
        found.say(opened, "les lignes privées s’ouvrent", "les lignes privées ne s’ouvrent pas avec la clé « seal »")


async def _photos(found: Found, progress: Progress) -> None:
    rows = await read_now("SELECT DISTINCT hash, width FROM photo ORDER BY hash")
    lost, damaged = 0, 0
    for done, (hash, widest) in enumerate(rows):
        paths = [photo_files.path_of(hash, width) for width in photo_files.widths(widest)]
        if not all(path.exists() for path in paths):
            lost += 1
        elif await asyncio.to_thread(_digest, paths[-1]) != hash:
            damaged += 1
        progress.part(done, len(rows))
    found.say(not lost, f"{len(rows)} photos, aucune ne manque", f"{lost} photos sur {len(rows)} manquent")
    if damaged:
        found.bad.append(f"{damaged} photos ne sont plus ce qu’elles étaient")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def import_keys(held: dict[str, str]) -> Path | None:
    """Put these keys into the data folder; where those of before lie, if there were others.

    Refusal when they are not those of the database that is there: nothing is changed then.
    """
    folder = settings.data
    others = [name for name, text in held.items() if (folder / name).exists() and (folder / name).read_text() != text]
    aside = aside_in(folder)
    if others:
        aside.mkdir(mode=0o700)
        for name in others:
            os.rename(folder / name, aside / name)
    had = [name for name in held if (folder / name).exists()]
    for name, text in held.items():
        write_secret(folder / name, text)
    foreign = ["?"]
    try:
        foreign = await _foreign_here()
    finally:
        if foreign:
            for name in held:
                if name not in had:
                    (folder / name).unlink(missing_ok=True)
            for name in others:
                os.rename(aside / name, folder / name)
            if others:
                aside.rmdir()
    if foreign:
        raise Refusal("Ces clés sont celles d’un autre tableau que la base qui est là. Rien n’a été changé.")
    return aside if others else None


async def _foreign_here() -> list[str]:
    """Which of the keys do not belong to the database that is there; none without a database."""
    if not ON_POSTGRES and not (settings.sqlite_path.exists() and settings.sqlite_path.stat().st_size):
        return []
    try:
        await open_database()
        ran = await migrations_which_ran() or []
        known = await Custody.row() if WITH_CUSTODY in ran else None
        return await foreign_keys(known) if ran else []
    finally:
        await close_database()
