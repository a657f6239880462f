"""Before the doors open: the data folder, the key, the database. Every refusal is one sentence."""

import errno
import fcntl
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import asyncpg

from server.base import custody, keys, sealed, wal
from server.base.custody import Custody
from server.base.database import (
    ON_POSTGRES,
    ChangedMigration,
    NewerDatabase,
    engine,
    migrate,
    migrations_which_ran,
    open_database,
    query,
)
from server.base.settings import settings
from server.help.private import opens_some
from server.sending.push import vapid
from server.trust.naming import fill_keys

# What may lie in a data folder that is ours, beside the files of a mounted volume and hidden
# ones, such as the key while another start is making it.
OURS = ("palier.sqlite", "key", "seal", "vapid", "photos", "gone", "demo.json")
KEYS = ("key", "seal", "vapid")
# Held by whoever serves; there while a restore is under way.
SERVING, RESTORING = ".open", ".restoring"
COMMAND = "python -m server"
NOTHING = ("lost+found",)
REASONS = {
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EROFS: "lecture seule",
    errno.ENOSPC: "disque plein",
    errno.ENAMETOOLONG: "nom trop long",
    errno.ECONNREFUSED: "connexion refusée",
}


class Refusal(Exception):
    """Why Palier does not start: one French sentence for the person at the keyboard."""


def check_settings() -> None:
    """Refuse what the environment says wrongly."""
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal(
            f"Le fuseau horaire « {settings.timezone} » est inconnu :"
            " corrigez PALIER_TIMEZONE, par exemple Europe/Paris."
        ) from None


def prepare_folder(folder: Path) -> None:
    """Make the data folder, for its owner's eyes only, and see that it can be written to."""
    if folder.exists() and not folder.is_dir():
        raise Refusal(f"« {folder} » est un fichier et non un dossier : indiquez un autre endroit avec --data.")
    if not folder.parent.is_dir():
        raise Refusal(
            f"Le dossier « {folder.parent} » n’existe pas : créez-le, ou indiquez un autre endroit avec --data."
        )
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = {path.name for path in folder.iterdir() if not path.name.startswith(".")} - set(NOTHING)
        # Closing a folder that others live in, such as /tmp, would break more than Palier.
        if found and not found & set(OURS):
            raise Refusal(
                f"Le dossier « {folder} » sert déjà à autre chose :"
                " indiquez avec --data un dossier vide, que Palier gardera pour lui."
            )
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(0o700)
        tempfile.TemporaryFile(dir=folder, prefix=".").close()
    except OSError as error:
        raise Refusal(
            f"Palier ne peut pas écrire dans le dossier « {folder} » ({reason(error)}) :"
            " donnez-lui-en le droit, ou indiquez un autre endroit avec --data."
        ) from None


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Two starts at once on one data folder prepare it one after the other."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def serving(folder: Path, *, alone: bool) -> Iterator[None]:
    """Serve this folder: as the only process when ``alone``. Refusal when another one does."""
    descriptor = os.open(folder / SERVING, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(
                f"Un Palier est déjà ouvert sur le dossier « {folder} » : fermez-le d’abord,"
                " ou indiquez un autre dossier avec --data."
            ) from None
        yield
    finally:
        os.close(descriptor)


def note_served() -> None:
    """Note which database this process serves: after a crash its log is known to be its own. On a full disk it is not.

    Once a first query has made that log.
    """
    if not ON_POSTGRES:
        with suppress(OSError):
            (settings.data / SERVING).write_text(wal.marks_of(settings.sqlite_path))


def _served(folder: Path) -> str:
    try:
        return (folder / SERVING).read_text()
    except (OSError, ValueError):
        return ""


async def open_board() -> None:
    """Open the database, bring its tables up to date, and see that the keys and photos beside it belong to it."""
    refuse_mixed(settings.data)
    had = [name for name in KEYS if (settings.data / name).exists()]
    file = settings.sqlite_path
    if had and not ON_POSTGRES and not (file.exists() and file.stat().st_size):
        raise Refusal(_without_database())
    await _open_database(had)
    await _open_keys()
    await fill_keys()


async def open_restored() -> None:
    """``open_board``, of what a restore has just put there."""
    await _open_database([])
    await _open_keys()


def aside_in(folder: Path) -> Path:
    """A name that nothing has yet, for what is set aside now."""
    name = f"avant-{datetime.now(settings.zone):%Y-%m-%d-%H%M%S}"
    return next(path for at in count() if not (path := folder / f"{name}{f'-{at}' if at else ''}").exists())


def refuse_mixed(folder: Path) -> None:
    """Refuse a folder with a restore cut short, or a database replaced beside its log; before any connection."""
    if (folder / RESTORING).exists():
        raise Refusal(
            f"Une remise de sauvegarde a été interrompue dans « {folder} » :"
            f" relancez-la (« {COMMAND} restore FICHIER »). Rien de ce qui était là n’est perdu."
        )
    if not ON_POSTGRES and not wal.belongs(settings.sqlite_path, _served(folder)):
        raise Refusal(
            f"Le journal « {settings.sqlite_path}-wal » ne va pas avec la base, qui a été remplacée à la main :"
            f" « {COMMAND} restore FICHIER » remet une sauvegarde entière. Rien n’a été touché."
        )


def _without_database() -> str:
    place = "la base de DATABASE_URL est vide" if ON_POSTGRES else "la base palier.sqlite manque ou est vide"
    return (
        f"Le dossier « {settings.data} » garde les clés d’un tableau, mais {place} :"
        f" « {COMMAND} restore FICHIER » remet une sauvegarde ;"
        " pour un tableau neuf, indiquez un dossier vide avec --data."
    )


async def _open_keys() -> None:
    """Read the keys, or make those of a new board. Refusal when they are not this board's."""
    known = await Custody.row()
    lost = [name for name in KEYS if not (settings.data / name).exists() and (known or await _is_used(name))]
    if lost:
        raise Refusal(
            f"Il manque la clé « {settings.data / lost[0]} » : « {COMMAND} keys import FICHIER » la remet ;"
            " sans elle, ni les cartes ni les lignes privées ne s’ouvrent."
        )
    try:
        name = "key"
        keys.open_key()
        name = "seal"
        sealed.open_keys()
        name = "vapid"
        vapid.open_key()
    except (OSError, ValueError):
        raise Refusal(
            f"La clé « {settings.data / name} » est abîmée ou illisible : remettez celle de votre sauvegarde"
            f" (« {COMMAND} keys import FICHIER »)."
        ) from None
    foreign = await foreign_keys(known)
    if foreign:
        raise Refusal(
            f"La clé « {settings.data / foreign[0]} » n’est pas celle de ce tableau : remettez la bonne"
            f" (« {COMMAND} keys import FICHIER »), ou indiquez un autre dossier avec --data."
        )
    await Custody.begin(vapid.mark())


# What only a board has that used this key already. An older one may well be without the others.
_USED = {"key": "SELECT 1 FROM door_key LIMIT 1", "seal": "SELECT 1 FROM private_part LIMIT 1"}


async def _is_used(name: str) -> bool:
    return name in _USED and bool(await query(_USED[name]))


async def foreign_keys(known: dict | None) -> list[str]:
    """Which of the keys are another board's. ``known``: the row of ``Custody``; None: a board of before it."""
    if known is None:
        # The token of each card can be computed again, by its own key only.
        rows = await query("SELECT id, kind, token_hash FROM door_key LIMIT 1")
        fits = all(keys.digest(keys.token_for(row["kind"], row["id"])) == row["token_hash"] for row in rows)
        opened = await opens_some()
        return [name for name, fit in (("key", fits), ("seal", opened is not False)) if not fit]
    return [
        name
        for name, fits in (
            ("key", known["key_mark"] == custody.key_mark()),
            ("seal", custody.opens(known)),
            ("vapid", known["vapid_mark"] == vapid.mark()),
        )
        if not fits
    ]


async def _open_database(had: list[str]) -> None:
    """Open it and bring its tables up to date. ``had``: the keys that lay beside it."""
    try:
        await open_database()
        if had and not await migrations_which_ran():
            raise Refusal(_without_database())
        await migrate()
        fault = "" if ON_POSTGRES else await engine.fault()
        if fault:
            raise sqlite3.DatabaseError(fault)
    except NewerDatabase:
        raise Refusal(
            "Cette base de données vient d’une version plus récente de Palier :"
            " mettez Palier à jour (git pull), puis relancez."
        ) from None
    except ChangedMigration as changed:
        raise Refusal(
            f"Le fichier « migrations/{changed} » a été modifié après avoir servi : remettez celui d’origine"
            " (git checkout migrations), puis relancez. Rien n’a été touché."
        ) from None
    except sqlite3.Error as error:
        raise Refusal(
            f"La base de données « {settings.sqlite_path} » ne s’ouvre pas ({error}) :"
            f" remettez votre sauvegarde (« {COMMAND} restore FICHIER »), ou indiquez un autre dossier avec --data."
        ) from None
    except (TimeoutError, OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        if not ON_POSTGRES:
            raise
        raise Refusal(
            f"La base PostgreSQL de DATABASE_URL ne répond pas ({reason(error)}) :"
            " vérifiez son adresse, et qu’elle tourne."
        ) from None


def reason(error: BaseException) -> str:
    """The reason in one line: in French where it is a common one, else in the system's words."""
    number = error.errno if isinstance(error, OSError) else None
    words = REASONS.get(number) or (os.strerror(number) if number else str(error))
    return " ".join(words.split()) or type(error).__name__
