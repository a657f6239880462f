"""Backups under write load: ``python -m bench.backup [--rounds 50]`` prints how many were equal to their snapshot.

A writer stores pairs of a post and its reply, numbered, as fast as it can; each backup made meanwhile is restored and
must hold every pair that was stored before it began, none after it ended, and no half of one. With ``DATABASE_URL``
on that PostgreSQL, in databases of its own.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support.backup_place import ROOT, Place, place


def one_round(here: Place, file: Path) -> tuple[bool, float, float, int]:
    """Whether it was equal, seconds of backup and of restore, pairs in it."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.support.backup_world", "write"], cwd=ROOT, env=here.environment,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    writer.stdout.readline()
    before = int([writer.stdout.readline() for _ in range(5)][-1])
    begun = time.monotonic()
    here.does("backup", file)
    backed = time.monotonic() - begun
    after = json.loads(writer.communicate("stop\n", timeout=120)[0].splitlines()[-1])["written"]
    begun = time.monotonic()
    here.does("restore", file)
    restored = time.monotonic() - begun
    titles = [title for title in here.step("look")["titles"] if re.fullmatch(r"n\d+", title)]
    numbers = sorted(int(title[1:]) for title in titles)
    equal = numbers == [*range(1, len(numbers) + 1)] and before <= len(numbers) <= after
    here.does("restore", file.with_name("empty.palier"))
    return equal, backed, restored, len(numbers)


def main() -> None:
    """Print a line a round and the sum."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rounds", type=int, default=50)
    rounds = asked.parse_args().rounds
    done = []
    with tempfile.TemporaryDirectory() as name, place(Path(name), os.environ.get("DATABASE_URL", "")) as here:
        here.step("make")
        here.does("backup", Path(name) / "empty.palier")
        for number in range(rounds):
            file = Path(name) / f"{number}.palier"
            done.append(one_round(here, file))
            file.unlink()
            print(f"{number + 1:3} {'equal' if done[-1][0] else 'NOT EQUAL'} {done[-1][3]} pairs", flush=True)
    print(f"{sum(one[0] for one in done)} of {rounds} equal to their snapshot")
    for at, what in ((1, "backup"), (2, "restore")):
        times = [one[at] for one in done]
        print(f"{what}: median {statistics.median(times):.2f} s, at most {max(times):.2f} s, a process and all")
    sys.exit(not all(one[0] for one in done))


if __name__ == "__main__":
    main()
