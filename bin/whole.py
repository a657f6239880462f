"""Whether the Python that runs this has every package of a locked list, whole: ``whole.py requirements.txt``.

Exit code 0 when it has. Asked at every start, so it looks at names and sizes only (some 40 ms for 60 packages).
"""

import csv
import os
import re
import sys
import sysconfig
from pathlib import Path


def main(wanted: str) -> int:
    """1 when something is missing."""
    return int(bool(broken(Path(wanted), Path(sysconfig.get_path("purelib")))))


def broken(wanted: Path, site: Path) -> dict[str, Path | None]:
    """The packages of this list that are not whole in this folder, each with its ``.dist-info`` if it has one."""
    there = {name_of(path.name.removesuffix(".dist-info")): path for path in site.glob("*.dist-info")}
    found: dict[str, Path | None] = {}
    for line in wanted.read_text().splitlines():
        pinned = re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(;)?", line)
        if not pinned:
            continue
        about = there.get(name_of(f"{pinned[1]}-{pinned[2]}"))
        # One with a condition may not be for this machine.
        if (about is None and not pinned[3]) or (about is not None and not is_whole(about)):
            found[pinned[1]] = about
    return found


def name_of(distribution: str) -> str:
    """The name and version of a distribution, as every tool spells it alike (PEP 503)."""
    return re.sub("[-_.]+", "-", distribution).lower()


def is_whole(about: Path) -> bool:
    """Whether every file that was installed is there, at its size (the RECORD of PEP 376)."""
    try:
        with (about / "RECORD").open(newline="") as record:
            for path, _digest, size in csv.reader(record):
                # What is compiled comes and goes; scripts point elsewhere.
                if path.endswith(".pyc") or path.startswith(".."):
                    continue
                if os.stat(about.parent / path).st_size != int(size or -1) and size:
                    return False
    except (OSError, ValueError):
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
