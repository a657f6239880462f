"""A board beside the push service that only counts, started as a person starts it, for the benchmarks of alerts."""

import contextlib
import http.client
import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0


def daylight() -> str:
    """A time zone in which it is about noon: at night people who were woken once are left to sleep."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


@contextlib.contextmanager
def data_folder(receiver_origin: str) -> Iterator[Path]:
    """An empty data folder, which ``server.base.settings`` of this process and of every board will name."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "PALIER_DATA": folder,
            "PALIER_PUSH_ORIGIN": receiver_origin,
            "PALIER_TIMEZONE": daylight(),
            "PICCOLO_CONF": "server.piccolo_conf",
        }
        yield Path(folder)


class Board:
    """A server of its own process, by bin/run, on the data folder and the database of the environment."""

    def __init__(self, admin: str) -> None:
        """``admin`` is the token of the session that asks for help."""
        self.admin = admin
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen | None = None

    def start(self) -> "Board":
        """Start it and wait until its doors are open. RuntimeError with what it said when they do not open."""
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [ROOT / "bin" / "run", "--port", str(self.port)], stdout=self.log, stderr=subprocess.STDOUT,
            env=os.environ | {"PALIER_ATTEMPTS": "100000", "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        for _ in range(int(PATIENCE * 20)):
            if self.process.poll() is None and "Ctrl-C" in self.said():
                return self
            time.sleep(0.05)
        raise RuntimeError(self.said())

    def said(self) -> str:
        """What it has printed since it was started."""
        # Not by seeking: the position is shared with whoever writes.
        return os.pread(self.log.fileno(), 2**20, 0).decode()

    def sender(self) -> int:
        """The process that sends; 0 while there is none."""
        return next(iter(children(self.process.pid)), 0)

    def wait_for_sender(self, *, other_than: int = 0) -> int:
        """The process that sends, once there is (another) one. RuntimeError when none comes."""
        for _ in range(int(PATIENCE * 50)):
            if (found := self.sender()) and found != other_than:
                return found
            time.sleep(0.02)
        raise RuntimeError(f"no sender: {self.said()}")

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self, sign: signal.Signals = signal.SIGINT) -> float:
        """Ask it to stop; how many seconds that took."""
        start = time.monotonic()
        self.process.send_signal(sign)
        self.process.wait(PATIENCE)
        return time.monotonic() - start

    def ask(self) -> str | None:
        """POST an urgent request as a browser does; the id of the request, None when nobody answered."""
        form = {
            "need": "pharmacie", "urgency": "urgent", "title": "Une ordonnance", "body": "", "place": "rue A",
            "due_at_day": f"{datetime.now(ZoneInfo(os.environ['PALIER_TIMEZONE'])) + timedelta(days=1):%Y-%m-%d}",
            "due_at_hour": "18:00", "phone": "04 65 71 20 08", "relu": "oui", "cle": secrets.token_urlsafe(24),
        }  # fmt: skip
        headers = {
            "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"palier-local={self.admin}",
        }  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("POST", "/ecrire/demande-d-aide", urlencode(form), headers)
            answer = connection.getresponse()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        where = answer.headers.get("Location", "")
        if answer.status != 303 or "/avis/" not in where:
            raise RuntimeError(f"{answer.status}\n{self.said()}")
        return where.partition("/avis/")[2][:36]


def children(pid: int) -> list[int]:
    """The processes that this one started and that have not ended (zombies have)."""
    with contextlib.suppress(OSError):
        # By every thread: the event loop is not the only one that may start a process.
        found = [one for file in Path(f"/proc/{pid}/task").glob("*/children") for one in file.read_text().split()]
        return [int(one) for one in found if alive(int(one))]
    return []


def alive(pid: int) -> bool:
    """Whether this process still runs (proc(5), stat, field 3)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def zombies(pid: int) -> int:
    """Children of this process that have ended and that it has not waited for."""
    found = [one for file in Path(f"/proc/{pid}/task").glob("*/children") for one in file.read_text().split()]
    return sum(not alive(int(one)) for one in found)


def spread(values: list[float], unit: float = 1000) -> str:
    """Median, 95th percentile and maximum, times ``unit``."""
    ordered = sorted(values)
    at = [ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], ordered[-1]]
    return " ".join(f"{one * unit:8.1f}" for one in at)
