"""Do the pages stay quick while alerts leave? The signed-in board, idle and during fan-outs, in turn.

    python -m bench.push_pages [--devices 10000] [--rounds 8] [--idle 5]

The server is started by bin/run, with its sender beside it. One browser asks for ``/`` twenty times a second
over one connection, each time after the last answer; a request that had to wait for its turn is timed from
the moment it was due, so that a page that hangs counts for all those behind it. Rounds of idle seconds and of
one fan-out follow each other. ``announcing`` is while the POST of the request runs; ``sending`` is from its
answer to the last alert, and in a large quartier the sender writes the ledger in it too.
"""

import argparse
import asyncio
import http.client
import multiprocessing
import os
import statistics
import time

from bench.push_board import Board, data_folder, spread
from bench.push_receiver import Receiver
from bench.push_world import fill

A_SECOND = 20


async def seed(origin: str, devices: int) -> dict:
    """Fill the database, with a page and more of posts; the world of ``fill``."""
    from server.base.database import close_database, open_database
    from server.posts.kinds import BY_SLUG
    from server.posts.post import Post

    await open_database()
    world = await fill(origin, devices)
    for number in range(40):
        tip = {"title": f"Bon plan numéro {number}", "body": "Quelques mots. " * 8, "place": "", "hours": ""}
        await Post.put_up(world["admin_id"], "rue A", BY_SLUG["tip"], tip | {"valid_until": None, "link": None})
    await close_database()
    return world


class Reader:
    """Somebody who reads the board, in a process of their own: nothing else may hold them up."""

    def __init__(self, port: int, token: str) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.pipe, theirs = spawn.Pipe()
        self.process = spawn.Process(target=_read, args=(theirs, port, token), daemon=True)
        self.process.start()

    def end(self) -> list[tuple[float, float]]:
        """Stop; when each page was due and when it had come, in seconds since 1970."""
        self.pipe.send("enough")
        seen = self.pipe.recv()
        self.process.join()
        return seen


def _read(pipe, port: int, token: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": f"palier-local={token}", "Accept-Encoding": "gzip"}
    due, seen = time.time(), []
    while not pipe.poll():
        time.sleep(max(0.0, due - time.time()))
        connection.request("GET", "/", headers=headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        seen.append((due, time.time()))
        due += 1 / A_SECOND
    pipe.send(seen)


def fan_out(board: Board, receiver: Receiver, devices: int) -> tuple[float, float, float]:
    """When the POST was sent and answered, and when the last alert came. RuntimeError when one is lost."""
    receiver.take()
    start = time.time()
    post = board.ask()
    answered = time.time()
    while (count := receiver.count()) < devices:
        if time.time() - answered > 60:
            raise RuntimeError(f"{count} of {devices} came\n{board.said()}")
        time.sleep(0.1)
    came = [at for at, _, topic in receiver.take() if topic == post.replace("-", "")]
    if len(came) != devices:
        raise RuntimeError(f"{len(came)} of {devices} came of this request")
    return start, answered, max(came)


def sort_out(seen: list[tuple], runs: list[tuple]) -> dict[str, list[list[float]]]:
    """Seconds a page took in each state, one list a round. Idle: from a second after one run to the next."""
    found: dict[str, list[list[float]]] = {"idle": [], "announcing": [], "sending": []}
    rest = 0.0
    for start, answered, last in runs:
        times = [(due, end, end - due) for due, end in seen]
        found["idle"].append([took for due, end, took in times if due > rest and end < start])
        found["announcing"].append([took for due, end, took in times if end >= start and due <= answered])
        found["sending"].append([took for due, end, took in times if due > answered and due <= last])
        rest = last + 1
    return found


def main() -> None:
    """Fill, serve, read, print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--devices", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=8)
    options.add_argument("--idle", type=float, default=5.0, help="seconds of each idle round")
    chosen = options.parse_args()
    receiver = Receiver()
    with data_folder(receiver.origin):
        os.environ.pop("DATABASE_URL", None)
        world = asyncio.run(seed(receiver.origin, chosen.devices))
        board = Board(world["admin"]).start()
        try:
            board.wait_for_sender()
            reader = Reader(board.port, world["resident"])
            time.sleep(2)
            load, runs = os.getloadavg()[0], []
            fan_out(board, receiver, chosen.devices)
            warm = time.time()
            for _ in range(chosen.rounds):
                time.sleep(chosen.idle + 1)
                runs.append(fan_out(board, receiver, chosen.devices))
            seen = [one for one in reader.end() if one[0] > warm]
        finally:
            board.stop()
            receiver.close()
    found = sort_out(seen, runs)
    found["fan-out"] = [[*a, *s] for a, s in zip(found["announcing"], found["sending"], strict=True)]
    print(f"{chosen.devices} devices, {chosen.rounds} rounds; load before {load:.2f}, after {os.getloadavg()[0]:.2f}")
    for name, values in (
        ("the POST", [answered - start for start, answered, _ in runs]),
        ("from its answer to the last alert", [last - answered for _, answered, last in runs]),
    ):
        print(f"{name}: {statistics.median(values):.2f} s ({min(values):.2f} to {max(values):.2f})")
    print(f"{'ms a page':12} {'pages':>6} {'median':>8} {'p95':>8} {'max':>8}   p95 of each round")
    for name, rounds in found.items():
        every = [took for one in rounds for took in one]
        if not every:
            continue
        each = [sorted(one)[int(len(one) * 0.95)] * 1000 for one in rounds if one]
        print(f"{name:12} {len(every):6} {spread(every)}   {' '.join(f'{one:.0f}' for one in each)}")
    for what, part in (("median", 0.5), ("p95", 0.95)):
        ratios = [_at(busy, part) / _at(idle, part) for busy, idle in zip(found["fan-out"], found["idle"], strict=True)]
        both = [_at([took for one in found[name] for took in one], part) for name in ("fan-out", "sending", "idle")]
        print(
            f"{what}, fan-out / idle: {both[0] / both[2]:.2f} of all pages ({both[1] / both[2]:.2f} while sending);"
            f" {statistics.median(ratios):.2f} of rounds ({min(ratios):.2f} to {max(ratios):.2f})"
        )


def _at(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


if __name__ == "__main__":
    main()
