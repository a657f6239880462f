"""Run a command beside a PostgreSQL of its own: ``python tests/support/postgres.py COMMAND...``.

A new cluster in a temporary folder, on a free port of the loopback address, is started
before the command and thrown away after it, whatever happens. ``DATABASE_URL`` names it.
``python tests/support/postgres.py`` alone only says, by its exit code, whether there is one to start.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# Nothing here has to outlive a power cut.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=60")


def binaries() -> Path | None:
    """The folder of ``initdb`` and ``postgres``, the newest version first."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        places.append(Path(on_path).resolve().parent)
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def cluster(place: Path) -> Iterator[str]:
    """A running PostgreSQL; gives its address."""
    folder = Path(tempfile.mkdtemp(prefix="palier-postgres-"))
    # PostgreSQL refuses to be run by root.
    owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    server = None
    try:
        if owner:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        made = subprocess.run(
            [place / "initdb", "-D", data, "-U", "palier", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            **owner, cwd=folder, capture_output=True, text=True,
        )  # fmt: skip
        if made.returncode:
            raise SystemExit(f"initdb : {made.stderr}")
        port = free_port()
        options = [f"-c{option}" for option in (*FAST, "listen_addresses=127.0.0.1", "unix_socket_directories=")]
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                [place / "postgres", "-D", data, "-p", str(port), *options],
                **owner, cwd=folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        _wait(server, place, port, folder / "log")
        yield f"postgres://palier@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            # Its "fast" shutdown, and its "immediate" one when that takes too long.
            server.send_signal(signal.SIGINT)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.send_signal(signal.SIGQUIT)
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: subprocess.Popen, place: Path, port: int, log: Path) -> None:
    """Until it answers; SystemExit when it does not within half a minute."""
    for _ in range(300):
        ready = subprocess.run([place / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)])
        if ready.returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"PostgreSQL ne démarre pas : {log.read_text()}")


def _stop(*_) -> None:
    """Being told to end, go through ``finally``."""
    raise SystemExit(143)


def main(command: list[str]) -> int:
    """Run the command; give its exit code, or 1 when there is no PostgreSQL."""
    place = binaries()
    if place is None or not command:
        return int(place is None)
    signal.signal(signal.SIGTERM, _stop)
    # A shell starts what it runs beside with SIGINT ignored, and so would every server of the tests be.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with cluster(place) as address:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": address}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
