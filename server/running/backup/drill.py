"""The drill: a backup restored beside, opened, looked at as a neighbour would, and thrown away. Nothing rings."""

import argparse
import asyncio
import http.client
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from server.base.columns import now
from server.base.custody import DRILL, SafetyRun
from server.base.database import ON_POSTGRES
from server.base.keys import write_secret
from server.base.settings import ROOT, settings
from server.running.backup import keyfile
from server.running.backup.dump import connected
from server.running.backup.progress import Progress
from server.running.opening import Refusal, check_settings

# Seconds that a board may take to open.
OPENING = 120
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}


async def command(asked: argparse.Namespace) -> int:
    """Do the drill, say each thing that was seen, note what came of it; 1 when something was not as it should be."""
    from server.running.backup.commands import noted

    check_settings()
    held = keyfile.read_file(asked.keys, asked.passphrase_file) if asked.keys else keyfile.read_folder(settings.data)
    at, began, fault = now(), time.monotonic(), None
    try:
        async with _beside(held) as environment:
            seen = await asyncio.to_thread(_look, asked.file, environment, Progress())
    except Refusal as refusal:
        said = str(refusal)
        await noted(lambda: SafetyRun.note(DRILL, at, fault=said))
        raise
    bad = [bad for well, _, bad in seen["said"] if not well]
    for well, good, said in seen["said"]:
        print(f"  {'oui' if well else 'NON'}  {good if well else said}")
    fault = " ; ".join(bad) or None
    await noted(lambda: SafetyRun.note(DRILL, at, gone=seen["gone"], fault=fault))
    minutes, rest = divmod(round(time.monotonic() - began), 60)
    taken = f"{minutes} min {rest} s" if minutes else f"{rest} s"
    print(f"L’exercice {'a réussi' if not bad else 'n’a pas réussi'} en {taken}. Tout ce qu’il a fait est effacé.")
    return 1 if bad else 0


class _beside:
    """A folder, and on PostgreSQL a database, of its own, gone at the end; gives the environment that names them."""

    def __init__(self, held: dict[str, str]) -> None:
        self.held = held
        self.database = f"palier_exercice_{secrets.token_hex(6)}"

    async def __aenter__(self) -> dict[str, str]:
        self.folder = Path(tempfile.mkdtemp(prefix="palier-exercice-"))
        try:
            data = self.folder / "data"
            data.mkdir(mode=0o700)
            for name, text in self.held.items():
                write_secret(data / name, text)
            environment = {
                **os.environ, "PYTHONPATH": str(ROOT), "PALIER_DATA": str(data), "PALIER_ADDRESS": "",
                # Whatever the copy holds, it reaches neither a push service nor a mail server.
                "PALIER_PUSH_HOSTS": "", "PALIER_PUSH_ORIGIN": "", "PALIER_SMTP": "", "PALIER_MAIL_FROM": "",
            }  # fmt: skip
            if ON_POSTGRES:
                await self._ask(f'CREATE DATABASE "{self.database}"')
                environment["DATABASE_URL"] = urlunsplit(
                    urlsplit(settings.database_url)._replace(path=f"/{self.database}")
                )
            return environment
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    async def __aexit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        if ON_POSTGRES:
            await self._ask(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')

    async def _ask(self, statement: str) -> None:
        import asyncpg

        connection = await connected()
        try:
            await connection.execute(statement)
        except asyncpg.InsufficientPrivilegeError:
            raise Refusal(
                "L’exercice a besoin d’une base à côté, et l’utilisateur de DATABASE_URL ne peut pas en faire :"
                " « ALTER ROLE … CREATEDB », puis relancez."
            ) from None
        finally:
            await connection.close()


def _look(file: Path, environment: dict[str, str], progress: Progress) -> dict[str, Any]:
    """Restore, open, enter, read, see. Refusal when it does not come to that."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "server", "restore", str(file)],
        env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, stderr=None,
    )  # fmt: skip
    if done.returncode:
        raise Refusal("La sauvegarde n’a pas pu être remise : la raison est ci-dessus.")
    progress.step("Regard dans la base")
    inside = subprocess.run(
        [sys.executable, "-P", "-m", "server.running.backup.inside"],
        env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    if inside.returncode:
        raise Refusal("La base remise ne se lit pas : « check » sur le vrai tableau dit ce qui ne va pas.")
    about = json.loads(inside.stdout)
    said = [
        (about["waiting"] == 0, "rien ne sonne", f"{about['waiting']} alertes attendent encore"),
        (
            about["came_back"] == 0,
            "ce qui était effacé le reste",
            f"{about['came_back']} lignes effacées sont revenues",
        ),
    ]
    if about["sealed"] is not None:
        said.append((about["sealed"], "les lignes privées s’ouvrent", "les lignes privées ne s’ouvrent pas"))
    progress.step("Ouverture du tableau")
    with _served(environment) as port:
        said += _visit(port, about)
    return {"said": said, "gone": about["gone"]}


def _visit(port: int, about: dict[str, Any]) -> list[tuple[bool, str, str]]:
    """What a neighbour sees who comes in with a card of before."""
    if not about["token"]:
        status, _, _ = _ask(port, "GET", "/bientot")
        return [(status == 200, "le tableau s’ouvre, il n’a pas encore de voisins", "le tableau ne s’ouvre pas")]
    # As a browser does: the page first, which sees by a cookie that cookies are kept.
    _, probe, _ = _ask(port, "GET", f"/cle/{about['token']}")
    status, cookies, _ = _ask(port, "POST", f"/cle/{about['token']}", probe)
    said = [(status == 303 and bool(cookies), "une carte d’avant ouvre", "une carte d’avant n’ouvre pas")]
    status, _, body = _ask(port, "GET", "/", cookies)
    said.append((status == 200 and len(body) > 1000, "le tableau se lit", "le tableau ne se lit pas"))
    if about["photo"]:
        status, _, body = _ask(port, "GET", about["photo"], cookies)
        said.append((status == 200 and body[:4] == b"RIFF", "une photo se voit", "une photo ne se voit pas"))
    return said


def _ask(port: int, method: str, path: str, cookies: str = "") -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        body = "" if method == "POST" else None
        headers = {"Host": f"localhost:{port}", **SAME_ORIGIN, **({"Cookie": cookies} if cookies else {})}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        found: SimpleCookie = SimpleCookie()
        for line in answer.headers.get_all("Set-Cookie") or ():
            found.load(line)
        return answer.status, "; ".join(f"{name}={one.value}" for name, one in found.items()), answer.read()
    finally:
        connection.close()


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[int]:
    """The restored board, served on a free port of this machine until the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-P", "-m", "server", "run", "--host", "127.0.0.1", "--port", str(port)],
        env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        _wait(server, port)
        yield port
    finally:
        server.terminate()
        try:
            server.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.communicate()


def _wait(server: subprocess.Popen, port: int) -> None:
    end = time.monotonic() + OPENING
    while server.poll() is None and time.monotonic() < end:
        line = server.stdout.readline()
        if line.startswith(b"Palier est ouvert"):
            return
    raise Refusal("Le tableau remis ne s’ouvre pas : lancez « restore » dans un dossier vide pour en lire la raison.")
