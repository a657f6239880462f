"""What neighbours wait for while a board is busy: a real mix of requests at a steady rate, and the memory it takes.

    python -m bench.soak [--seconds 120] [--rate 100] [--posts 20000] [--against FOLDER]

Requests leave when they are due, whether or not those before were answered (an open loop), and a wait counts from
then. ``--against`` serves another checkout of this project at the same time under the same load, so that a busy
machine slows both; compare the two columns, not figures of two runs. The first round of upkeep falls into the start,
the others into each minute.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent.parent
# Of a hundred requests: the board, a filter, a page of a post, the bell, mutual aid, the next page, a thank-you.
MIX = ("board",) * 50 + ("kind",) * 10 + ("post",) * 15 + ("news",) * 5 + ("aid",) * 5 + ("next",) * 5 + ("thank",) * 10
HOST = "127.0.0.1"
# Seconds after which a kept connection is not used again: the server closes it after five.
FRESH = 2.0
_SEED = (
    "import asyncio, json, sys; from bench.board import seed; print(json.dumps(asyncio.run(seed(int(sys.argv[1])))))"
)


@dataclass
class Board:
    """One server under load."""

    port: int
    process: subprocess.Popen
    world: dict
    waits: dict[str, list[float]] = field(default_factory=dict)
    faults: int = 0
    memory: list[int] = field(default_factory=list)
    idle: list[tuple] = field(default_factory=list)

    def note_memory(self) -> None:
        """Resident memory of the server, in MB (proc(5), statm)."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        self.memory.append(pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000)


def serve(folder: Path, data: Path, port: int, posts: int) -> Board:
    """Seed a board of this checkout and open it."""
    environment = {**os.environ, "PALIER_DATA": str(data), "PALIER_BUDGETS": "1000", "PYTHONPATH": str(folder)}
    data.mkdir(mode=0o700)
    seeded = subprocess.run(
        [sys.executable, "-c", _SEED, str(posts)],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "server", "run", "--port", str(port)],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    for line in process.stdout:
        if line.startswith("Palier est ouvert"):
            # It writes a line for each request; a pipe that nobody reads would stop it.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return Board(port, process, json.loads(seeded.stdout.splitlines()[-1]))
    raise RuntimeError(f"{folder} did not open")


async def ask(board: Board, path: str, token: str, method: str) -> None:
    """One whole answer, on a kept connection. Raises when it is none."""
    while board.idle and board.idle[-1][0] < time.monotonic() - FRESH:
        board.idle.pop()[2].close()
    _at, reader, writer = board.idle.pop() if board.idle else (0, *await asyncio.open_connection(HOST, board.port))
    try:
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nSec-Fetch-Site: same-origin\r\n"
            f"Content-Length: 0\r\nCookie: palier-local={token}\r\n\r\n".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        # Whoever wrote the notice cannot thank for it: 404.
        if head.split(b" ", 2)[1] not in (b"200", b"303", b"404"):
            raise RuntimeError(head.decode())
        lengths = [int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length:")]
        await reader.readexactly(lengths[0])
    except BaseException:
        writer.close()
        raise
    board.idle.append((time.monotonic(), reader, writer))


async def one(board: Board, what: str, due: float) -> None:
    """One request of the mix; how long it took since it was due."""
    latest, token = board.world["latest"], random.choice(board.world["tokens"])
    path, method = {
        "board": ("/", "GET"), "kind": ("/?genre=bon-plan", "GET"), "post": (f"/avis/{latest}", "GET"),
        "news": ("/nouvelles", "GET"), "aid": ("/entraide", "GET"), "next": (f"/?apres=0.{board.world['deep']}", "GET"),
        "thank": (f"/avis/{latest}/merci{random.choice(('', '/annuler'))}", "POST"),
    }[what]  # fmt: skip
    try:
        await asyncio.wait_for(ask(board, path, token, method), 30)
    except (RuntimeError, OSError, asyncio.IncompleteReadError, TimeoutError):
        board.faults += 1
        return
    board.waits.setdefault(what, []).append((time.perf_counter() - due) * 1000)


async def load(board: Board, seconds: float, rate: float) -> None:
    """So many requests a second, for so long."""
    start, running = time.perf_counter(), set()
    for number in range(int(seconds * rate)):
        due = start + number / rate
        await asyncio.sleep(max(0, due - time.perf_counter()))
        task = asyncio.create_task(one(board, random.choice(MIX), due))
        running.add(task)
        task.add_done_callback(running.discard)
        if number % int(rate * 5) == 0:
            board.note_memory()
    await asyncio.gather(*running)
    board.note_memory()


def said(name: str, board: Board) -> str:
    """The figures, and which requests were the slowest."""
    every = sorted(wait for waits in board.waits.values() for wait in waits)
    cut = statistics.quantiles(every, n=100)
    lines = [
        f"{name}: {len(every)} answers, {board.faults} faults; p50/p95/p99/most"
        f" {cut[49]:.0f}/{cut[94]:.0f}/{cut[98]:.0f}/{every[-1]:.0f} ms;"
        f" memory {board.memory[0]} to {board.memory[-1]} MB, at most {max(board.memory)}"
    ]
    for what, waits in sorted(board.waits.items()):
        part = statistics.quantiles(waits, n=100)
        lines.append(f"    {what:6} p50 {part[49]:6.0f}  p99 {part[98]:6.0f} ms")
    return "\n".join(lines)


async def soak(boards: dict[str, Board], seconds: float, rate: float) -> None:
    """Warm each up, then load all at once."""
    await asyncio.gather(*(load(board, 5, rate / 2) for board in boards.values()))
    for board in boards.values():
        board.waits, board.memory = {}, []
    await asyncio.gather(*(load(board, seconds, rate) for board in boards.values()))
    for name, board in boards.items():
        print(said(name, board))


def main() -> None:
    """Seed, serve, load, print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--seconds", type=float, default=120)
    options.add_argument("--rate", type=float, default=100)
    options.add_argument("--posts", type=int, default=20_000)
    options.add_argument("--port", type=int, default=8197)
    options.add_argument("--against", type=Path)
    chosen = options.parse_args()
    folders = {"here": HERE} | ({"against": chosen.against.resolve()} if chosen.against else {})
    boards: dict[str, Board] = {}
    with tempfile.TemporaryDirectory() as temporary:
        try:
            for number, (name, folder) in enumerate(folders.items()):
                boards[name] = serve(folder, Path(temporary) / name, chosen.port + number, chosen.posts)
            asyncio.run(soak(boards, chosen.seconds, chosen.rate))
        finally:
            for board in boards.values():
                board.process.terminate()
                board.process.wait()


if __name__ == "__main__":
    main()
