"""A demonstration board in a process of its own, and a telephone's Chromium that notes what a view costs."""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, CDPSession, Page

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PHONE = {
    "viewport": {"width": 412, "height": 823}, "device_scale_factor": 2.625, "is_mobile": True, "has_touch": True,
    "locale": "fr-FR", "timezone_id": "Europe/Paris",
}  # fmt: skip
# Bytes a second each way, and milliseconds added to every request.
NETWORKS = {
    "fast": {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8},
    "slow": {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8},
}
# What the page itself has seen, read once it is quiet.
SEEN = """async () => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0
  const lcp = await new Promise(done => {
    new PerformanceObserver(list => done(list.getEntries().at(-1)))
      .observe({ type: "largest-contentful-paint", buffered: true })
    setTimeout(() => done(null), 2000)
  })
  const shift = await new Promise(done => {
    let sum = 0
    new PerformanceObserver(list => list.getEntries().forEach(one => sum += one.value))
      .observe({ type: "layout-shift", buffered: true })
    setTimeout(() => done(sum), 200)
  })
  const [page] = performance.getEntriesByType("navigation")
  const before = performance.getEntriesByType("resource").filter(one => one.startTime < paint)
  return { fcp: paint, lcp: lcp?.startTime ?? 0, html: page.responseEnd, load: page.loadEventEnd,
    before: before.length + 1, shift, copy: document.documentElement.dataset.copy ?? "" }
}"""


def chromium() -> str:
    """The path of Chromium: what CHROMIUM says, else what the system has."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise SystemExit("Chromium is missing: install it, or give its path in CHROMIUM.")
    return found


@dataclass
class Board:
    """A running demonstration board, and what it printed when it started."""

    url: str
    said: str
    process: subprocess.Popen
    cookies: list[dict] = field(default_factory=list)

    def link(self, role: str) -> str:
        """The sign-in link printed for a role; it opens once."""
        return re.search(r"http://\S+", self.said[self.said.index(role) :]).group(0)

    def stop(self) -> None:
        """Nobody answers any more."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(10)


def start(root: Path, folder: Path) -> Board:
    """Start the demonstration of a checkout the way a person does, with bin/run."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder.with_suffix(".log")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PALIER", "DATABASE_URL"))}
    with log.open("w") as output:
        process = subprocess.Popen(
            [root / "bin" / "run", "--demo", "--data", folder, "--port", str(port)],
            stdout=output, stderr=subprocess.STDOUT, env=kept | {"PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
    for _ in range(900):
        if process.poll() is not None:
            raise RuntimeError(log.read_text())
        # The last line it prints: all its links stand above.
        if "Ctrl-C" in log.read_text():
            return Board(f"http://localhost:{port}", log.read_text(), process)
        time.sleep(0.1)
    raise RuntimeError("the board did not start")


async def sign_in(browser: Browser, board: Board, role: str) -> None:
    """Keep the cookies of a resident in ``board.cookies``, for windows that have seen nothing yet."""
    context = await browser.new_context(**PHONE)
    page = await context.new_page()
    await page.goto(board.link(role))
    await page.get_by_role("button", name="Entrer", exact=True).click()
    await page.wait_for_load_state()
    board.cookies = await context.cookies()
    await context.close()


async def hand_over(page: Page, board: Board) -> None:
    """Give a window the session kept by ``sign_in``. Over CDP: Playwright names a domain, which __Host- forbids."""
    cdp = await page.context.new_cdp_session(page)
    for cookie in board.cookies:
        fields = {key: cookie[key] for key in ("name", "value", "httpOnly", "secure", "sameSite")}
        await cdp.send("Network.setCookie", {**fields, "url": board.url + "/", "path": "/"})
    await cdp.detach()


class Meter:
    """Counts requests and bytes of a page over CDP, and slows its processor and its network."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cdp: CDPSession | None = None
        self.requests = self.bytes = 0
        self.moved = time.monotonic()
        self.tasks: list[asyncio.Future] = []

    async def wire(self, processor: int, network: str | None) -> "Meter":
        """Attach. ``network`` reaches the page's own requests, and the service worker's when there is one."""
        self.cdp = cdp = await self.page.context.new_cdp_session(self.page)
        cdp.on("Network.requestWillBeSent", self._sent)
        cdp.on("Network.loadingFinished", self._finished)
        await cdp.send("Network.enable")
        await cdp.send("Emulation.setCPUThrottlingRate", {"rate": processor})
        if network:
            await cdp.send("Network.emulateNetworkConditions", NETWORKS[network])
            cdp.on(
                "Target.attachedToTarget",
                lambda event: self.tasks.append(asyncio.ensure_future(self._worker(event, network))),
            )
            await cdp.send("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": False})
        return self

    async def _worker(self, event: dict, network: str) -> None:
        if event["targetInfo"]["type"] != "service_worker":
            return
        for number, (method, values) in enumerate(
            [("Network.enable", {}), ("Network.emulateNetworkConditions", NETWORKS[network])]
        ):
            message = json.dumps({"id": number + 1, "method": method, "params": values})
            await self.cdp.send("Target.sendMessageToTarget", {"message": message, "sessionId": event["sessionId"]})

    def _sent(self, event: dict) -> None:
        self.moved = time.monotonic()
        if event["request"]["url"].startswith("http"):
            self.requests += 1

    def _finished(self, event: dict) -> None:
        self.moved = time.monotonic()
        self.bytes += event["encodedDataLength"]

    async def view(self, url: str) -> dict[str, float | str]:
        """Open the address and wait until nothing has moved for a second; give what it took."""
        self.requests = self.bytes = 0
        await self.page.goto(url, wait_until="load", timeout=60_000)
        while time.monotonic() - self.moved < 1:
            await asyncio.sleep(0.1)
        seen = await self.page.evaluate(SEEN)
        if not seen["fcp"] or not seen["lcp"]:
            raise RuntimeError(f"{url}: nothing was painted")
        return seen | {"requests": self.requests, "bytes": self.bytes}
