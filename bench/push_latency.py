"""From the POST of an urgent request until the push service has the first alert, and the last one.

    python -m bench.push_latency [--requests 100] [--devices 135]

The server is started by bin/run, with its sender beside it; the form is sent as a browser sends it, by an
admin, who may raise as many alarms as they like. The moment of receipt is taken by the push service, a
process of its own on the same machine. Between two requests is a pause of random length.
"""

import argparse
import asyncio
import os
import random
import time

from bench.push_board import Board, data_folder, spread
from bench.push_receiver import Receiver
from bench.push_world import fill


async def seed(origin: str, devices: int) -> str:
    """Fill the database; the token of an admin."""
    from server.base.database import close_database, open_database

    await open_database()
    world = await fill(origin, devices)
    await close_database()
    return world["admin"]


def one_request(board: Board, receiver: Receiver, devices: int) -> tuple[float, float, float]:
    """Seconds from the POST until its answer, until the first alert and until the last. RuntimeError if one is lost."""
    receiver.take()
    start = time.time()
    post = board.ask()
    answered, came = time.time(), []
    while len(came) < devices:
        if time.time() - answered > 20:
            raise RuntimeError(f"{len(came)} of {devices} came\n{board.said()}")
        time.sleep(0.05)
        came += [at for at, _, topic in receiver.take() if topic == post.replace("-", "")]
    return answered - start, min(came) - start, max(came) - start


def main() -> None:
    """Fill, serve, ask, print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--requests", type=int, default=100)
    options.add_argument("--devices", type=int, default=135)
    chosen = options.parse_args()
    receiver, chance = Receiver(), random.Random(1)
    with data_folder(receiver.origin):
        os.environ.pop("DATABASE_URL", None)
        board = Board(asyncio.run(seed(receiver.origin, chosen.devices))).start()
        try:
            board.wait_for_sender()
            time.sleep(2)
            load = os.getloadavg()[0]
            one_request(board, receiver, chosen.devices)
            found = []
            for _ in range(chosen.requests):
                time.sleep(chance.uniform(0.1, 1.1))
                found.append(one_request(board, receiver, chosen.devices))
        finally:
            board.stop()
            receiver.close()
    print(
        f"{chosen.requests} requests, {chosen.devices} devices; load before {load:.2f}, after {os.getloadavg()[0]:.2f}"
    )
    print(f"{'ms from the POST until':28} {'median':>8} {'p95':>8} {'max':>8}")
    for name, values in zip(("its answer", "the first alert", "the last alert"), zip(*found, strict=True), strict=True):
        print(f"{name:28} {spread(list(values))}")


if __name__ == "__main__":
    main()
