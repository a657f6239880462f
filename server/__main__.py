"""The command line: ``python -m server run``, ``migrate``, ``link NAME``, ``backup FILE`` and others.

It speaks French to the person at the keyboard. The environment is set before anything that
reads ``server.base.settings`` is imported, so those imports are inside the functions.
"""

import argparse
import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path

from server.base.french_argparse import FrenchParser, address, days, file_name, folder, port

ROOT = Path(__file__).resolve().parent.parent
# Seconds that a request may take between sealing something and storing it.
SETTLING = 5.0


def parser() -> argparse.ArgumentParser:
    """What may be typed."""
    # bin/run says by which name it was called.
    typed = os.environ.get("PALIER_TYPED", "")
    made = FrenchParser(prog=typed or "python -m server", description="Palier, le tableau d’un quartier.")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMANDE", title="commandes")
    run = commands.add_parser("run", help="ouvrir le tableau", description="Ouvre le tableau.")
    run.prog = typed or run.prog
    run.add_argument("--demo", action="store_true", help="montrer un quartier inventé, dans data-demo")
    migrate = commands.add_parser("migrate", help="mettre la base à jour", description="Met la base à jour.")
    rotate = commands.add_parser(
        "rotate",
        help="changer la clé des lignes privées",
        description="Fait une nouvelle clé, scelle tout de nouveau avec elle, puis oublie l’ancienne.",
    )
    link = commands.add_parser(
        "link",
        help="faire un lien pour entrer",
        description="Fait un lien personnel, pour qui a tout perdu : il ouvre une fois, pendant deux jours.",
    )
    link.add_argument("name", metavar="NOM", help="le nom exact, tel que le tableau le montre")
    kept = _backup_commands(commands)
    for one in (run, link, kept["restore"]):
        one.add_argument("--host", default=os.environ.get("PALIER_HOST", "localhost"), help="l’adresse (localhost)")
        one.add_argument("--port", type=port, default=os.environ.get("PALIER_PORT", "8000"), help="le port (8000)")
    for one in (run, migrate, link, rotate, *kept.values()):
        one.add_argument("--data", type=folder, metavar="DOSSIER", help="le dossier des données (data)")
    return made


def _backup_commands(commands) -> dict[str, argparse.ArgumentParser]:
    """What may be typed about backups."""
    said = {
        "backup": ("sauvegarder", "Sauvegarde la base et les photos, tableau ouvert ou non. Les clés n’y sont pas."),
        "keys": (
            "mettre les clés à l’abri",
            "Écrit les clés dans un fichier sous une phrase secrète, ou les en remet.",
        ),
        "restore": ("remettre une sauvegarde", "Remet une sauvegarde, tableau fermé. Ce qui était là est mis de côté."),
        "check": ("vérifier", "Dit si la base, les clés et les photos vont ensemble."),
        "drill": ("s’exercer", "Remet une sauvegarde à côté, l’ouvre, la regarde et l’efface. Rien ne sonne."),
    }
    made = {name: commands.add_parser(name, help=short, description=long) for name, (short, long) in said.items()}
    made["keys"].add_argument("what", metavar="export|import", choices=("export", "import"), help="quoi faire")
    for name in ("backup", "keys", "restore", "drill"):
        what = "le fichier, ou le dossier où le ranger sous sa date" if name == "backup" else "le fichier"
        made[name].add_argument("file", metavar="FICHIER", type=file_name, help=what)
    made["backup"].add_argument(
        "--keep", type=days, metavar="JOURS", help="effacer ensuite celles de ce dossier qui ont plus"
    )
    for name in ("restore", "drill"):
        made[name].add_argument(
            "--keys", type=file_name, metavar="CLÉS", help="le fichier de clés, si elles ne sont pas là"
        )
    for name in ("keys", "restore", "drill"):
        made[name].add_argument(
            "--passphrase-file", type=file_name, metavar="PHRASE", help="le fichier qui tient la phrase secrète"
        )
    return made


def set_environment(asked: argparse.Namespace) -> None:
    """Put what was asked where ``server.base.settings`` reads it."""
    demo = getattr(asked, "demo", False)
    if asked.data is not None:
        os.environ["PALIER_DATA"] = str(asked.data)
    elif demo:
        os.environ["PALIER_DATA"] = str(ROOT / "data-demo")
    if hasattr(asked, "host"):
        os.environ["PALIER_HOST"], os.environ["PALIER_PORT"] = asked.host, str(asked.port)


async def with_board(work, first=lambda: None) -> int:
    """Prepare the data folder and the database, do the work, close what was opened. ``first``: before the database."""
    from server.base.database import close_database
    from server.base.settings import settings
    from server.running.opening import alone, check_settings, open_board, prepare_folder

    check_settings()
    prepare_folder(settings.data)
    try:
        with alone(settings.data):
            first()
            await open_board()
            return await work()
    finally:
        await close_database()


async def make_demo() -> None:
    """Fill an empty board with the demonstration, once, and print a link for each role."""
    from server import demo
    from server.base.database import transaction
    from server.base.settings import settings
    from server.people.key import Key
    from server.people.quartier import plate
    from server.running.opening import Refusal

    # Who plays which role: written last, so that it marks a demonstration that is whole.
    roles = settings.data / "demo.json"
    if not (await plate()).version:
        async with transaction():
            links = await demo.build()
            played = {label: str((await Key.find(token))["id"]) for label, token in links.items()}
            roles.write_text(json.dumps(played, ensure_ascii=False, indent=1))
    if not roles.exists():
        raise Refusal(
            f"Le dossier « {settings.data} » garde un vrai quartier, que la démonstration ne doit pas toucher :"
            " relancez sans --demo, ou indiquez un dossier vide avec --data."
        )
    print("Quartier de démonstration. Un lien ouvre une fois ; chaque démarrage en donne de nouveaux :")
    for label, member in json.loads(roles.read_text()).items():
        print(f"  {label} : {address('/cle/' + await Key.new_link(member))}")


async def welcome() -> None:
    """While no quartier is founded, print the address of the welcome screens."""
    from server.base.keys import founding_token
    from server.people.quartier import plate

    if not (await plate()).version:
        print("Aucun quartier encore. Pour le fonder, ouvrez ce lien (il ne servira plus ensuite) :")
        print(f"  {address('/fondation/' + founding_token())}")


def run(demo: bool) -> int:
    """Open the board and serve it until Ctrl-C."""
    from server.base.database import ON_POSTGRES, close_database
    from server.base.settings import settings
    from server.running.opening import serving
    from server.running.serving import listen, make_server

    async def prepare() -> int:
        await (make_demo() if demo else welcome())
        return 0

    sockets = listen(settings.host, settings.port)
    server = make_server()
    with (
        contextlib.ExitStack() as held,
        asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner,
    ):
        try:
            # Of one SQLite file, two processes that serve would each keep pages that the other changes.
            only = serving(settings.data, alone=not ON_POSTGRES)
            runner.run(with_board(prepare, lambda: held.enter_context(only)))
            print(f"Palier est ouvert : {address('/')} (Ctrl-C pour fermer)", flush=True)
            runner.run(server.serve(sockets))
        except KeyboardInterrupt:
            print("\nPalier est fermé.")
        finally:
            # A second Ctrl-C leaves no time to the application to do so.
            runner.run(close_database())
            for one in sockets:
                one.close()
    return 0


async def migrate() -> int:
    """Say that the database is up to date; ``with_board`` has done it."""
    print("La base de données est à jour.")
    return 0


async def link(name: str) -> int:
    """Print a new personal link for each member of exactly this name, and what tells them apart."""
    from server.people.key import Key
    from server.people.member import Member
    from server.text.characters import clean
    from server.text.lookalikes import key

    # Letters and their marks may be stored, or typed, as one sign or as two (NFC, NFD).
    alike = await Member.raw(
        "SELECT id, name, street, role, created_at, seen_at FROM member WHERE name_key = {} ORDER BY id", key(name)
    )
    found = [member for member in alike if clean(member["name"]).strip() == clean(name).strip()]
    if len(found) > 1:
        print(f"{len(found)} personnes s’appellent ainsi. Regardez la rue et les dates avant de donner un lien :")
    for member in found:
        who = f"{member['name']}, {member['street']}{_about(member) if len(found) > 1 else ''}"
        print(f"{who} : {address('/cle/' + await Key.new_link(member['id']))}")
    if not found:
        print(f"Personne ne s’appelle exactement « {name} » sur ce tableau : vérifiez le nom.", file=sys.stderr)
        for member in alike:
            print(f"Cela ressemble à : {member['name']}, {member['street']}{_about(member)}", file=sys.stderr)
    return 0 if found else 1


def _about(member: dict) -> str:
    """What tells two people of one name and street apart."""
    from server.people.member import Role
    from server.text.i18n import day

    role = {Role.NEWCOMER: "pas encore présenté", Role.RESIDENT: "voisin", Role.MODERATOR: "modérateur"}
    seen = f"vu le {day(member['seen_at'], 'fr')}" if member["seen_at"] else "jamais revenu"
    arrived = day(member["created_at"], "fr")
    return f" ({role.get(member['role'], 'admin')}, arrivé le {arrived}, {seen}, nº {str(member['id'])[-6:]})"


async def rotate() -> int:
    """Give the private words a new key. The board may stay open meanwhile."""
    from server.base import sealed
    from server.help.private import reseal

    sealed.add_key()
    # A process that sealed something a moment ago with the former key has stored it by now.
    count = await reseal()
    await asyncio.sleep(SETTLING)
    while again := await reseal():
        count += again
    sealed.retire_keys()
    print(
        f"Les lignes privées ont une nouvelle clé ({count} scellées de nouveau). Refaites « keys export »,"
        " et gardez l’ancien fichier aussi longtemps que d’anciennes sauvegardes."
    )
    return 0


def about_backups(asked: argparse.Namespace) -> int:
    """One of the commands about backups."""
    from server.running.backup import commands, drill

    work = {
        "backup": commands.backup, "keys": commands.keys, "restore": commands.restore_file,
        "check": commands.check_all, "drill": drill.command,
    }[asked.command]  # fmt: skip
    return asyncio.run(work(asked))


def main(arguments: list[str] | None = None) -> int:
    """Do what was typed; give the exit code."""
    asked = parser().parse_args(arguments)
    # What Palier writes is for its owner's eyes only.
    os.umask(0o077)
    set_environment(asked)
    from server.running.opening import Refusal

    try:
        if asked.command == "run":
            return run(asked.demo)
        if asked.command in ("backup", "keys", "restore", "check", "drill"):
            return about_backups(asked)
        work = {"migrate": migrate, "rotate": rotate, "link": lambda: link(asked.name)}[asked.command]
        return asyncio.run(with_board(work))
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
