"""The commands ``backup``, ``keys``, ``restore``, ``check`` and ``drill``, as somebody at a keyboard meets them."""

import argparse
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress

from server.base.columns import now
from server.base.custody import BACKUP, SafetyRun
from server.base.database import ON_POSTGRES, close_database, migrations_which_ran, open_database
from server.base.french_argparse import address
from server.base.settings import settings
from server.news.told import Notice
from server.running.backup import check, keyfile
from server.running.backup.again import Again
from server.running.backup.make import forget_old, make
from server.running.backup.progress import Progress
from server.running.backup.restore import restore
from server.running.opening import COMMAND, RESTORING, Refusal, alone, check_settings, prepare_folder, reason, serving

# What was done again, for the person who restores.
DONE = {
    "member": "voisins partis, effacés de nouveau",
    "private": "lignes privées effacées de nouveau",
    "session": "appareils fermés de nouveau",
    "key": "cartes remplacées, de nouveau sans effet",
    "invitation": "invitations de nouveau closes",
    "photo": "photos retirées de nouveau",
    "track": "chansons retirées de nouveau",
    "role": "rôles remis comme ils étaient devenus",
    "hidden": "avis de nouveau masqués ou remontrés",
    "withdrawn": "avis de nouveau retirés ou remis",
    "reply": "réponses de nouveau hors de vue, ou remises",
    "mail": "voisins qui ne veulent plus de courriel",
}
BACKED_UP = "La sauvegarde est faite et relue : {path} ({size}, {photos} photos, {lines})."


async def backup(asked: argparse.Namespace) -> int:
    """Make a backup, note what came of it; the admins hear of one that failed."""
    check_settings()
    if not settings.data.is_dir():
        raise Refusal(f"Le dossier « {settings.data} » n’existe pas : indiquez le bon avec --data.")
    at, progress = now(), Progress()
    try:
        made = await make(asked.file, progress)
    except (Refusal, OSError) as error:
        said = str(error) if isinstance(error, Refusal) else reason(error)
        await noted(lambda: _tell_failure(at, said))
        if isinstance(error, Refusal):
            raise
        raise Refusal(
            f"La sauvegarde n’a pas pu être écrite ({said}) : libérez de la place, ou choisissez un autre endroit."
            " Le tableau, lui, va bien."
        ) from None
    await noted(lambda: SafetyRun.note(BACKUP, at, kilobytes=made.size // 1024 + 1, gone=made.gone))
    lines = {True: "lignes privées déchiffrées", False: "", None: "aucune ligne privée"}[made.opened]
    print(BACKED_UP.format(path=made.path, size=size(made.size), photos=made.photos, lines=lines))
    if made.missing:
        print(f"{made.missing} fichiers de photos manquaient : effacés entre-temps, ou perdus (« {COMMAND} check »).")
    if asked.keep and made.path.parent == asked.file:
        for old in forget_old(asked.file, asked.keep):
            print(f"Ancienne sauvegarde effacée : {old.name}")
    return 0


async def _tell_failure(at, said: str) -> None:
    run = await SafetyRun.note(BACKUP, at, fault=said)
    await Notice.tell_admins("backup-failed", None, None, run)


async def noted(work: Callable[[], Awaitable]) -> None:
    """Note something in the database, if it is there and knows how: a backup does not depend on it."""
    try:
        if (settings.data / RESTORING).exists():
            return
        if not ON_POSTGRES and not (settings.sqlite_path.exists() and settings.sqlite_path.stat().st_size):
            return
        with suppress(Exception):
            await open_database()
            if "2026-11-27T18:40:00:000008" in (await migrations_which_ran() or ()):
                await work()
    finally:
        await close_database()


async def restore_file(asked: argparse.Namespace) -> int:
    """Put a backup back, and say what to do next."""
    check_settings()
    prepare_folder(settings.data)
    held = keyfile.read_file(asked.keys, asked.passphrase_file) if asked.keys else None
    with alone(settings.data), serving(settings.data, alone=True):
        try:
            done = await restore(asked.file, held, Progress())
        except OSError as error:
            raise Refusal(
                f"La sauvegarde n’a pas pu être remise ({reason(error)}) : ce qui était là l’est encore."
            ) from None
    print("La sauvegarde est remise. Rien ne sonnera pour ce qui est passé.")
    say_again(done.again)
    if done.aside:
        print(f"Ce qui était là est dans « {done.aside} » : effacez ce dossier quand tout va bien.")
    return 0


def say_again(again: Again) -> None:
    """What was done again, and the way in."""
    for what, count in again.done.items():
        print(f"  {count} {DONE[what]}")
    if again.without_card:
        print(f"  Sans carte valable, une nouvelle est à faire : {', '.join(again.without_card)}")
    if again.token:
        print(f"Pour entrer, {again.admin} ouvre ce lien (une fois, pendant deux jours) :")
        print(f"  {address('/cle/' + again.token)}")


async def keys(asked: argparse.Namespace) -> int:
    """Write the keys into a file under a passphrase, or bring them back from it."""
    check_settings()
    if asked.what == "export":
        held = keyfile.read_folder(settings.data)
        text = keyfile.close(held, keyfile.ask_passphrase(asked.passphrase_file, twice=True))
        try:
            with os.fdopen(os.open(asked.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            raise Refusal(f"Le fichier « {asked.file} » existe déjà : choisissez un autre nom.") from None
        except OSError as error:
            raise Refusal(f"Le fichier « {asked.file} » ne s’écrit pas ({reason(error)}).") from None
        print(f"Les clés sont dans « {asked.file} ». Gardez-le loin des sauvegardes, et la phrase loin de lui.")
        return 0
    held = keyfile.read_file(asked.file, asked.passphrase_file)
    prepare_folder(settings.data)
    with alone(settings.data), serving(settings.data, alone=True):
        aside = await check.import_keys(held)
    print("Les clés sont en place." + (f" Celles qui étaient là : « {aside} »." if aside else ""))
    return 0


async def check_all(asked: argparse.Namespace) -> int:
    """Whether database, keys and photos belong together; 1 when something does not."""
    check_settings()
    found = await check.look(Progress())
    for line in found.good:
        print(f"  oui  {line}")
    for line in found.bad:
        print(f"  NON  {line}")
    print("Tout va ensemble." if not found.bad else "Quelque chose ne va pas : voyez docs/sauvegarde.md.")
    return 1 if found.bad else 0


def size(count: int) -> str:
    """A size as one says it."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} ko"
    return f"{count / 1_000_000:.1f} Mo".replace(".", ",")
