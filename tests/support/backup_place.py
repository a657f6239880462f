"""A board of one's own for the tests of backups: a data folder and, on PostgreSQL, a database, both thrown away."""

import asyncio
import contextlib
import hashlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from tests.support.command_line import ROOT, environment

PASSPHRASE = "cinq mots que personne ne devine"


class Place:
    """A data folder, the environment that names it, and what one can have a process do there."""

    def __init__(self, data: Path, address: str = "") -> None:
        self.data, self.address = data, address
        # One neighbour writes more here than anybody does in a day.
        told = {"PALIER_DATA": str(data), "DATABASE_URL": address, "PYTHONPATH": str(ROOT), "PALIER_BUDGETS": "1000000"}
        self.environment = environment(**told)

    def palier(self, *arguments: object, **more: str) -> subprocess.CompletedProcess:
        """Run a command of Palier that ends by itself."""
        return subprocess.run(
            [sys.executable, "-m", "server", *map(str, arguments)], cwd=ROOT, env={**self.environment, **more},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def does(self, *arguments: object, **more: str) -> str:
        """The same, of what must go well; what it printed."""
        answer = self.palier(*arguments, **more)
        assert answer.returncode == 0, answer.stderr
        assert "Traceback" not in answer.stderr
        return answer.stdout

    def refuses(self, *arguments: object, words: str, **more: str) -> None:
        """The same, of what must be refused in one sentence (after the steps it told), and change nothing."""
        before = self.state()
        answer = self.palier(*arguments, **more)
        said = [line for line in answer.stderr.splitlines() if not line.startswith("  ")]
        assert answer.returncode == 1 and len(said) == 1, answer.stderr
        assert words in said[0]
        assert "Traceback" not in answer.stderr and answer.stdout == ""
        assert self.state() == before

    def step(self, *arguments: str) -> dict:
        """One step of ``tests.support.backup_world``."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.backup_world", *arguments], cwd=ROOT, env=self.environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def state(self) -> dict[str, str]:
        """Every file of the folder by its digest. No process may have it open."""
        return {
            str(path.relative_to(self.data)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.data.rglob("*"))
            if path.is_file() and path.name not in (".open", "palier.sqlite-shm", "palier.sqlite-wal")
        }


def _ask(address: str, statement: str) -> None:
    async def ask() -> None:
        connection = await asyncpg.connect(address)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(ask())


@contextlib.contextmanager
def place(folder: Path, server: str = "") -> Iterator[Place]:
    """A place in this folder; ``server`` is the address of PostgreSQL where there is one."""
    name = f"palier_place_{secrets.token_hex(6)}"
    address = urlunsplit(urlsplit(server)._replace(path=f"/{name}")) if server else ""
    if server:
        _ask(server, f"CREATE DATABASE {name}")
    try:
        yield Place(folder / "data", address)
    finally:
        if server:
            _ask(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


SERVER = os.environ.get("DATABASE_URL", "")
