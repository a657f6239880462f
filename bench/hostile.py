"""What one hostile request costs: 60 kB to every form of the product, and as an address.

A demonstration board is served beside; an admin of it sends to each route that takes a form, its fields
filled with the worst shapes that ``bench.patterns`` knows. The figure is the server's own CPU time.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import httpx

from tests.support.ports import free_port

SIZE = 60_000
ANY_ID = "01890000-0000-7000-8000-000000000000"
SHAPES = ("a", "digicode ", "06 ", "+3", "aaaaaaaaaa digicode ", " ", "a.", "12 rue ")
FIELDS = (
    "title", "body", "place", "hours", "link", "reponse", "raison", "nom", "contact", "telephone", "code", "titre",
    "artiste", "votre-merci", "message", "who", "address", "phone", "note", "ceiling", "rue", "rues", "motif",
    "quartier", "numero", "mots", "photo_alt",
)  # fmt: skip


@contextmanager
def board() -> Iterator[tuple[httpx.Client, int]]:
    """A demonstration board in which an admin is signed in, and the process that serves it."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PALIER")}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        command = [
            sys.executable,
            "-P",
            "-m",
            "server",
            "run",
            "--demo",
            "--data",
            folder + "/data",
            "--port",
            str(port),
        ]
        root = str(Path(__file__).resolve().parent.parent)
        with log.open("w") as output:
            process = subprocess.Popen(
                command,
                stdout=output,
                stderr=output,
                env=environment | {"PYTHONPATH": root, "PALIER_ATTEMPTS": "100000"},
            )
        try:
            while "Ctrl-C" not in log.read_text():
                if process.poll() is not None:
                    raise RuntimeError(log.read_text())
                time.sleep(0.1)
            yield _signed_in(port, log.read_text()), process.pid
        finally:
            process.terminate()
            process.wait()


def _signed_in(port: int, said: str) -> httpx.Client:
    client = httpx.Client(base_url=f"http://localhost:{port}", headers={"Sec-Fetch-Site": "same-origin"}, timeout=60)
    # The last link is the admin's.
    path = re.findall(rf"http://localhost:{port}(/cle/\S+)", said)[-1]
    client.get(path)
    client.post(path)
    return client


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def forms() -> list[str]:
    """The address of every route that takes a form, ids filled in."""
    from server.app import routes
    from server.posts.kinds import KINDS

    found = []
    for route in routes():
        if "POST" not in route.http_methods:
            continue
        for path in route.paths:
            filled = re.sub(r"{[^}]*:uuid}", ANY_ID, path)
            wanted = [kind.path for kind in KINDS] if path.startswith("/ecrire/{") else ["x"]
            found += [re.sub(r"{[^}]*}", one, filled) for one in wanted]
    return sorted(set(found))


def every_form() -> Iterator[tuple[str, float]]:
    """(what was sent where, CPU seconds of the server a request), the dearest shape of each."""
    with board() as (client, pid):
        for path in forms():
            yield f"POST {path}", max(_cost(pid, partial(_send, client, path, shape)) for shape in SHAPES)
        for name, target in (("path", "/" + "x/" * (SIZE // 2)), ("query", "/?" + "a=1&" * (SIZE // 4))):
            yield f"GET, a {name} of 60 kB", _cost(pid, partial(client.get, target))


def _send(client: httpx.Client, path: str, shape: str) -> None:
    # In one field as long as a form may be, and in all of them as far as each may be read.
    client.post(path, content=urlencode({"cle": "x" * 20, "ranger": "oui", "title": (shape * SIZE)[: SIZE // 3]}))
    each = SIZE // len(FIELDS) // 3
    fields = dict.fromkeys(FIELDS, (shape * SIZE)[:each])
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    client.post(path, content=urlencode(fields | {"cle": "y" * 20, "ranger": "oui"}), headers=headers)


def _cost(pid: int, send) -> float:
    """The mean of ten: the system counts CPU in hundredths of a second."""
    before = _cpu_seconds(pid)
    for _ in range(10):
        send()
    return (_cpu_seconds(pid) - before) / 20
