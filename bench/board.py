"""CPU per request of the signed-in board, 20 cards out of 100,000 posts, against a constant handler.

    python -m bench.board [--posts 100000] [--rounds 12] [--requests 400]

A real server (uvicorn) runs in a process of its own; its user and system time are read from the
kernel around batches of requests that alternate between the constant handler, which answers the
board's own bytes from the same app, and the board: as every page after the first (``board``), as
seen by thirty neighbours in turn (``many``), and on page 500 (``deep``). ``changed`` has a
neighbour say merci before each request, so that one card and the page are made anew every time.
"""

import argparse
import asyncio
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

PORT = int(os.environ.get("BENCH_PORT", "8199"))
MEMBERS = 200


def make_app():
    """The app of the product and one more handler: constant bytes, straight from memory."""
    from litestar import Response, get

    from server.app import app

    body = Path(os.environ["BENCH_BYTES"]).read_bytes() if "BENCH_BYTES" in os.environ else b""

    @get("/constant", opt={"public": True, "light": True})
    async def constant() -> Response[bytes]:
        return Response(body, media_type="text/html; charset=utf-8", headers={"Content-Encoding": "gzip"})

    app.register(constant)
    return app


async def seed(posts: int) -> dict[str, object]:
    """Fill an empty database; give tokens of thirty neighbours and a cursor deep in the board."""
    from server.base.database import close_database, execute, migrate, read_now, transaction
    from server.base.ids import uuid7
    from server.people.member import Member
    from server.people.quartier import Quartier
    from server.people.session import Session
    from server.posts.kinds import KINDS
    from server.posts.post import Post

    await migrate()
    now = datetime.now(UTC)
    streets = [f"rue {letter}" for letter in "ABCDEF"]
    await Quartier.insert(
        Quartier(
            name="Banc d’essai", town="Lyon", streets="\n".join(streets), contact_name="Jeanne",
            contact_phone="04 65 71 20 11", contact_hours="", letterbox="",
        )
    )  # fmt: skip
    members = [Member(name=f"Voisin {n}", street=random.choice(streets), role="resident") for n in range(MEMBERS)]
    await Member.insert(*members)
    columns = (
        "id, author, kind, street, version, rank, listed, created_at, expires_at, title, body, place, need, urgency,"
        " starts_at, repeats, capacity, reach, tone, wanted, state, thanks, coming, valid, changed, replies, tracks"
    )
    marks = ", ".join("{}" for _ in columns.split(","))
    async with transaction():
        for n in range(posts):
            at = now - timedelta(minutes=posts - n)
            kind = KINDS[n % len(KINDS)]
            extra = {
                "help": ("courses", "semaine", None, None, None, None, None, None, "thanked" if n % 20 else "open")
            }
            need, urgency, starts, repeats, capacity, reach, tone, wanted, state = extra.get(
                kind.slug, (None, None, now + timedelta(days=9), "on-call", 4, "near", "word", "thing", None)
            )
            open_help = kind.slug == "help" and state == "open" and n > posts - 300
            await execute(
                f"INSERT INTO post ({columns}) VALUES ({marks})",
                uuid7(at), random.choice(members).id, kind.slug, random.choice(streets), 1, 2 if open_help else 0, True,
                at, now + timedelta(days=30), f"Avis numéro {n} du banc d’essai", "Quelques mots de plus. " * 6,
                "vers la place", need, urgency, starts, repeats, capacity, reach, tone, wanted,
                state if open_help or state is None else "thanked", 0, 0, 0, 0, 0, 0,
            )  # fmt: skip
    tokens = [await Session.open(member.id, "banc") for member in members[:30]]
    deep = await read_now(
        "SELECT CAST(id AS VARCHAR) FROM post WHERE rank = 0 ORDER BY id DESC LIMIT 1 OFFSET {}",
        min(10_000, posts // 2),
    )
    latest = await read_now("SELECT CAST(id AS VARCHAR) FROM post WHERE kind = 'tip' ORDER BY id DESC LIMIT 1")
    await Post.expire()
    await close_database()
    return {"tokens": tokens, "deep": deep[0][0], "latest": latest[0][0]}


class Client:
    """One keep-alive connection that reads whole answers."""

    def __init__(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", PORT))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, path: str, token: str = "", method: str = "GET") -> bytes:
        """Send one request; give the body. Raises on anything but 200 or 303."""
        cookie = f"Cookie: palier-local={token}\r\n" if token else ""
        self.socket.sendall(
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"
            f"Sec-Fetch-Site: same-origin\r\nContent-Length: 0\r\n{cookie}\r\n".encode()
        )
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.socket.recv(65536)
        head, _, body = data.partition(b"\r\n\r\n")
        status = head.split(b" ", 2)[1]
        if status not in (b"200", b"303"):
            raise RuntimeError(head.decode())
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        while len(body) < length:
            body += self.socket.recv(65536)
        return body


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far (proc(5), stat, fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def serve(environment: dict[str, str]) -> subprocess.Popen:
    """Start the server and wait until it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "bench.board:make_app", "--factory", "--port", str(PORT), "--log-level",
         "warning", "--no-access-log"],
        env={**os.environ, **environment},
    )  # fmt: skip
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", PORT)).close()
            return process
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def measure(process: subprocess.Popen, world: dict, rounds: int, requests: int) -> dict[str, list[float]]:
    """CPU microseconds per request, one figure a round and case, the cases in turn."""
    client, tokens = Client(), world["tokens"]
    cases = {
        "constant": lambda n: client.ask("/constant"),
        "board": lambda n: client.ask("/", tokens[0]),
        "many": lambda n: client.ask("/", tokens[n % len(tokens)]),
        "deep": lambda n: client.ask(f"/?apres=0.{world['deep']}", tokens[0]),
    }
    figures: dict[str, list[float]] = {name: [] for name in (*cases, "changed")}
    for ask in cases.values():
        for n in range(60):
            ask(n)
    for _ in range(rounds):
        for name, ask in cases.items():
            start = cpu_seconds(process.pid)
            for n in range(requests):
                ask(n)
            figures[name].append((cpu_seconds(process.pid) - start) / requests * 1e6)
        figures["changed"].append(_changed(process, client, world, max(40, requests // 8)))
    return figures


def _changed(process: subprocess.Popen, client: Client, world: dict, requests: int) -> float:
    """Like ``board``, but a card changed before each request; the change itself is not counted."""
    spent = 0.0
    for n in range(requests):
        verb = "merci" if n % 2 == 0 else "merci/annuler"
        client.ask(f"/avis/{world['latest']}/{verb}", world["tokens"][1], "POST")
        start = cpu_seconds(process.pid)
        client.ask("/", world["tokens"][0])
        spent += cpu_seconds(process.pid) - start
    return spent / requests * 1e6


def main() -> None:
    """Seed, serve, measure, print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--posts", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=12)
    options.add_argument("--requests", type=int, default=400)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PALIER_DATA": folder, "PICCOLO_CONF": "server.piccolo_conf"}
        world = asyncio.run(seed(chosen.posts))
        bytes_file = Path(folder, "bytes")
        process = serve({})
        body = Client().ask("/", world["tokens"][0])
        process.terminate()
        process.wait()
        bytes_file.write_bytes(body)
        process = serve({"BENCH_BYTES": str(bytes_file)})
        try:
            figures = measure(process, world, chosen.rounds, chosen.requests)
        finally:
            process.terminate()
            process.wait()
    print(f"{chosen.posts} posts, {len(body)} bytes a page (gzip), {chosen.rounds} rounds of {chosen.requests}")
    print(f"{'case':10} {'CPU µs':>8} {'ratio (median of rounds)':>26}  least to most")
    for name, values in figures.items():
        ratios = [constant / value for constant, value in zip(figures["constant"], values, strict=True) if value]
        print(
            f"{name:10} {statistics.median(values):8.0f} {statistics.median(ratios):26.2f}"
            f"  {min(ratios):.2f} to {max(ratios):.2f}"
        )


if __name__ == "__main__":
    main()
