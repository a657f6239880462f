"""The command line as tests meet it: real processes, their words and their exit codes."""

import contextlib
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
BODY_TO_COME = (
    b"Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\na"
)


def environment(**more: str) -> dict[str, str]:
    """An environment in which nothing of these tests' own database is left."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PALIER_")}
    inherited.pop("DATABASE_URL", None)
    return {**inherited, **more}


def palier(*arguments: str, **more: str) -> subprocess.CompletedProcess:
    """Run a command that ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "server", *map(str, arguments)],
        cwd=ROOT, env=environment(**more), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30,
    )  # fmt: skip


class Running:
    """A server that has said it is open."""

    def __init__(self, *arguments: str, port: int, **more: str) -> None:
        self.port = port
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server", "run", "--port", str(port), *map(str, arguments)],
            cwd=ROOT, env=environment(**more), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if line.startswith("Palier est ouvert"):
                break

    def status(self, path: str = "/", host: str = "localhost") -> int:
        """The status of a GET, redirections followed."""
        try:
            with urllib.request.urlopen(f"http://{host}:{self.port}{path}", timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def stop(self, sign: signal.Signals = signal.SIGINT) -> None:
        """Ask it to stop, and wait until it has."""
        self.process.send_signal(sign)
        self.said += self.process.communicate(timeout=60)[0]


@contextlib.contextmanager
def running(*arguments: str, port: int | None = None, **more: str) -> Iterator[Running]:
    """A server, gone at the end whatever happens."""
    server = Running(*arguments, port=port or free_port(), **more)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.communicate()


def refuses(answer: subprocess.CompletedProcess, *words: str, code: int = 1) -> None:
    """One sentence on stderr that says these words, this exit code, no traceback."""
    assert answer.returncode == code, answer.stderr
    assert len(answer.stderr.splitlines()) == 1, answer.stderr
    assert "Traceback" not in answer.stderr
    for word in words:
        assert word in answer.stderr
    assert answer.stdout == ""
