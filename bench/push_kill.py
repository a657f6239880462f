"""kill -9 in the middle of fan-outs, again and again: is any alert lost, and how many come twice?

    python -m bench.push_kill [--times 50] [--devices 2000] [--engine postgres] [--only sender|server|both]

A board is started by bin/run, with its sender beside it. Each time an urgent request is sent to it, and one of
these is killed when a random number of its alerts have come, or (one time in three) at a random moment before
that, from the first byte of the POST on, while the request and its alarm are written: its ``sender``, which the
board starts again; the ``server``, which is started again; or ``both`` at once. With ``--engine postgres`` a
second board with a sender of its own shares the database, and the work, all the while.
The seed is printed; PALIER_SEED repeats the choices.

What the push service counted is then held against the database: every device has every alarm whose request
was answered, or stored without an answer, at least once; none has one that was rolled back. A push service
and a browser fold what has the same Topic, so what comes twice must have the Topic of the first.

What a killed sender had claimed is anybody's again after a minute (LEASE). Nobody waits for it here: once
nothing else moves, the script moves ``due_at`` of what is left back to now, and says how often it had to.
Where only the server is killed that must never be needed, for its sender gives back what it had claimed.
"""

import argparse
import asyncio
import contextlib
import os
import random
import statistics
import time
from collections import Counter
from uuid import UUID

from bench.push_board import Board, alive, data_folder, spread, zombies
from bench.push_receiver import Receiver
from bench.push_world import fill

KINDS = ("sender", "server", "both", "server", "sender", "both")
STILL, GIVEN_UP = 1.5, 45.0


class Ledger:
    """What the database says of it all."""

    async def waiting(self) -> int:
        """How many alerts are not over."""
        from server.base.database import query

        return (await query("SELECT count(*) AS n FROM alert WHERE state = 'waiting'"))[0]["n"]

    async def drained(self) -> int:
        """Wait until nothing waits; how often leases had to be ended for that. RuntimeError when it never comes."""
        from server.base.columns import now
        from server.base.database import execute

        ended, last, since, start = 0, -1, time.monotonic(), time.monotonic()
        while (waiting := await self.waiting()) or await self.steps_left():
            if waiting != last:
                last, since = waiting, time.monotonic()
            elif waiting and time.monotonic() - since > STILL:
                await execute("UPDATE alert SET due_at = {} WHERE state = 'waiting'", now())
                ended, since = ended + 1, time.monotonic()
            if time.monotonic() - start > GIVEN_UP:
                raise RuntimeError(f"{waiting} alerts wait for ever")
            await asyncio.sleep(0.05)
        return ended

    async def steps_left(self) -> bool:
        """Whether an alarm waits to be spread at all."""
        from server.base.columns import now
        from server.help.alarm import Alarm

        return bool(await Alarm.due(now()))

    async def requests(self) -> set[str]:
        """The topics of all alarms that were stored."""
        from server.base.database import query

        return {str(row["post"]).replace("-", "") for row in await query("SELECT post FROM alarm")}


class Trial:
    """Everything that came, and what was done meanwhile."""

    def __init__(self, board: Board, receiver: Receiver, chance: random.Random) -> None:
        self.board, self.receiver, self.chance, self.ledger = board, receiver, chance, Ledger()
        self.came: Counter[tuple[str, str]] = Counter()
        self.answered: list[str] = []
        self.unanswered = self.leases = self.needless = self.zombies = 0
        self.at_kill: list[int] = []
        self.orphans: list[float] = []

    def take(self) -> int:
        """Count what came since the last time."""
        news = [(topic, path) for _, path, topic in self.receiver.take()]
        self.came.update(news)
        return len(news)

    async def whole(self) -> tuple[float, float, float]:
        """One fan-out that nobody disturbs: seconds until the answer, the first alert and the last."""
        start = time.time()
        self.answered.append(await asyncio.to_thread(self.board.ask))
        answered = time.time()
        await self.ledger.drained()
        news = self.receiver.take()
        self.came.update((topic, path) for _, path, topic in news)
        return answered - start, min(at for at, _, _ in news) - start, max(at for at, _, _ in news) - start

    async def moment(self, devices: int, until_answer: float, until_first: float) -> int:
        """Wait until it is time to kill; how many alerts have come."""
        if self.chance.random() < 1 / 3:
            await asyncio.sleep(self.chance.uniform(0, self.chance.choice((until_answer, until_first))))
            return self.take()
        enough, count, start = self.chance.randrange(1, devices), 0, time.monotonic()
        while count < enough and time.monotonic() - start < GIVEN_UP:
            await asyncio.sleep(0.002)
            count += self.take()
        return count

    async def kill(self, kind: str, devices: int, until_answer: float, until_first: float) -> None:
        """One fan-out with a kill in it."""
        sender = self.board.wait_for_sender()
        asking = asyncio.create_task(asyncio.to_thread(self.board.ask))
        count = await self.moment(devices, until_answer, until_first)
        if kind in ("sender", "both"):
            os.kill(sender, 9)
        if kind in ("server", "both"):
            self.board.kill()
        killed = time.monotonic()
        self.at_kill.append(count + self.take())
        post = await asking
        if post is None:
            self.unanswered += 1
        else:
            self.answered.append(post)
        if kind == "server":
            while alive(sender) and time.monotonic() - killed < 10:
                await asyncio.sleep(0.01)
            self.orphans.append(time.monotonic() - killed)
        if kind != "sender":
            self.board.start()
        ended = await self.ledger.drained()
        self.leases += ended
        self.needless += ended if kind == "server" else 0
        self.board.wait_for_sender(other_than=sender)
        self.zombies += zombies(self.board.process.pid)
        self.take()

    async def judge(self, devices: int) -> list[str]:
        """What is wrong, in words."""
        stored = await self.ledger.requests()
        answered = {UUID(post).hex for post in self.answered}
        reached = Counter(topic for topic, _ in self.came)
        wrong = [f"{len(answered - stored)} answered requests are not stored"] if answered - stored else []
        for topic in stored | set(reached):
            if topic not in stored:
                wrong.append(f"{reached[topic]} alerts of {topic}, which is not stored")
            elif reached[topic] != devices:
                wrong.append(f"{devices - reached[topic]} alerts of {topic} were lost")
        if self.needless:
            wrong.append(f"{self.needless} times a sender ended in peace and kept what it had claimed")
        if self.zombies:
            wrong.append(f"{self.zombies} dead senders were not waited for")
        return wrong


async def run(chosen: argparse.Namespace, receiver: Receiver, chance: random.Random) -> int:
    """Everything; the exit code."""
    from server.base.database import close_database, open_database

    await open_database()
    world = await fill(receiver.origin, chosen.devices)
    with contextlib.ExitStack() as stack:
        boards = [Board(world["admin"]).start() for _ in range(2 if chosen.engine == "postgres" else 1)]
        for board in boards:
            stack.callback(board.stop)
            board.wait_for_sender()
        await asyncio.sleep(1)
        trial, load, start = Trial(boards[0], receiver, chance), os.getloadavg()[0], time.monotonic()
        usual = [await trial.whole() for _ in range(3)]
        spans = [statistics.median(one) for one in zip(*usual, strict=True)]
        kinds = Counter()
        for number in range(chosen.times):
            kind = chosen.only or KINDS[number % len(KINDS)]
            kinds[kind] += 1
            await trial.kill(kind, chosen.devices, *spans[:2])
        await asyncio.sleep(1)
        trial.take()
        wrong = await trial.judge(chosen.devices)
        stored = len(await trial.ledger.requests())
    await close_database()
    twice = trial.came.total() - len(trial.came)
    took, middle = time.monotonic() - start, sum(0 < count < chosen.devices for count in trial.at_kill)
    print(f"{chosen.engine}, {chosen.devices} devices, {chosen.times} kills ({dict(kinds)}), {took:.0f} s")
    print(f"load before {load:.2f}, after {os.getloadavg()[0]:.2f}")
    print("undisturbed, ms until the answer, the first and the last alert:", *(f"{one * 1000:.0f}" for one in spans))
    print(f"requests answered {len(trial.answered)}, cut off {trial.unanswered}, stored {stored}")
    print(f"alerts that had come at the kill (median, p95, max): {spread(trial.at_kill, 1)}; {middle} kills in between")
    print(f"alerts {trial.came.total()}, different {len(trial.came)}")
    print(f"came again: {twice} ({twice / chosen.times:.1f} a kill), all with the Topic of the first")
    print(f"leases had to be ended {trial.leases} times, {trial.needless} of them after a sender that ended in peace")
    if trial.orphans:
        print(f"a sender without a server ended after ms (median, p95, max): {spread(trial.orphans)}")
    print("\n".join(wrong) or "none lost, none of a request that was rolled back")
    return bool(wrong)


def main() -> int:
    """Set the stage, run, give the exit code."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--times", type=int, default=50)
    options.add_argument("--devices", type=int, default=2000)
    options.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    options.add_argument("--only", choices=sorted(set(KINDS)))
    chosen = options.parse_args()
    seed = int(os.environ.get("PALIER_SEED", random.SystemRandom().randrange(10**6)))
    print(f"PALIER_SEED={seed}", flush=True)
    receiver = Receiver()
    with contextlib.ExitStack() as stack:
        stack.callback(receiver.close)
        stack.enter_context(data_folder(receiver.origin))
        os.environ.pop("DATABASE_URL", None)
        if chosen.engine == "postgres":
            from tests.support.postgres import binaries, cluster

            os.environ["DATABASE_URL"] = stack.enter_context(cluster(binaries()))
        return asyncio.run(run(chosen, receiver, random.Random(seed)))


if __name__ == "__main__":
    raise SystemExit(main())
