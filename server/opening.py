"""Before the doors open: the data folder, the key, the database. Every refusal is one sentence."""

import errno
import fcntl
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import asyncpg

from server import keys, sealed
from server.database import ON_POSTGRES, NewerDatabase, engine, migrate, open_database
from server.push import vapid
from server.settings import settings

# What may lie in a data folder that is ours, beside the files of a mounted volume and hidden
# ones, such as the key while another start is making it.
OURS = ("palier.sqlite", "key", "seal", "vapid", "photos", "demo.json")
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
            f"Palier ne peut pas écrire dans le dossier « {folder} » ({_reason(error)}) :"
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


async def open_board() -> None:
    """Open the keys and the database and bring its tables up to date."""
    try:
        name = "key"
        keys.open_key()
        name = "seal"
        sealed.open_keys()
        name = "vapid"
        vapid.open_key()
    except (OSError, ValueError):
        raise Refusal(
            f"La clé « {settings.data / name} » est abîmée ou illisible : remettez celle de votre sauvegarde."
        ) from None
    try:
        await open_database()
        await migrate()
        fault = "" if ON_POSTGRES else await engine.fault()
        if fault:
            raise sqlite3.DatabaseError(fault)
    except NewerDatabase:
        raise Refusal(
            "Cette base de données vient d’une version plus récente de Palier :"
            " mettez Palier à jour (git pull), puis relancez."
        ) from None
    except sqlite3.Error as error:
        raise Refusal(
            f"La base de données « {settings.sqlite_path} » ne s’ouvre pas ({error}) :"
            " remettez le fichier de votre sauvegarde, ou indiquez un autre dossier avec --data."
        ) from None
    except (TimeoutError, OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        if not ON_POSTGRES:
            raise
        raise Refusal(
            f"La base PostgreSQL de DATABASE_URL ne répond pas ({_reason(error)}) :"
            " vérifiez son adresse, et qu’elle tourne."
        ) from None


def _reason(error: BaseException) -> str:
    """The reason in one line: in French where it is a common one, else in the system's words."""
    number = error.errno if isinstance(error, OSError) else None
    words = REASONS.get(number) or (os.strerror(number) if number else str(error))
    return " ".join(words.split()) or type(error).__name__
