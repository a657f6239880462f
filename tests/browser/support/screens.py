"""Boards that are started, browsers that open them, and who signs in."""

import os
import random
import re
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import BrowserContext, Page

from server.base.settings import ROOT
from tests.support.ports import free_port

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


# None: the one that Playwright brought. ``bin/test`` says which there is; pytest alone looks for itself.
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


# The same engine without windows: a third less to compute. It shows no notifications, though.
SHELL = os.environ.get("CHROMIUM_SHELL") or shutil.which("chromium-headless-shell") or CHROMIUM
SIZES = {"A": 1, "A+": 2, "A++": 3}


@dataclass
class Server:
    """A running board: its address, and what it printed when it started."""

    url: str
    said: str
    process: subprocess.Popen
    folder: Path = Path()


def start(folder: Path, *options: str, **settings: str) -> Server:
    """Start the board the way a person does, with bin/run, and wait for its links."""
    port, log = free_port(), folder.with_suffix(".log")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PALIER")}
    environment.pop("DATABASE_URL", None)
    with log.open("w") as output:
        process = subprocess.Popen(
            [ROOT / "bin" / "run", "--data", folder, "--port", str(port), *options],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment
            | {"PALIER_ATTEMPTS": "100000", "PALIER_BUDGETS": "1000", "PYTHONUNBUFFERED": "1"}
            | settings,
        )
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(log.read_text())
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
            continue
        # The last line it prints: all its links stand above.
        if "Ctrl-C" in log.read_text():
            break
        time.sleep(0.1)
    return Server(f"http://localhost:{port}", log.read_text(), process, folder)


class Screen:
    """A browser window of somebody: it notes every error, violation and request that leaves home."""

    def __init__(self, context: BrowserContext, page: Page, server: Server, size: str, night: bool = False) -> None:
        self.context, self.page, self.server, self.size, self.night = context, page, server, size, night
        self.wrong: list[str] = []
        self.requests: list[str] = []
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("console", self._hear)
        page.on("request", lambda request: self.requests.append(request.url))

    def _hear(self, message) -> None:
        # Pages that are meant to answer 4xx say so on the console.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.wrong.append(f"{message.type}: {message.text}")

    async def go(self, path: str) -> None:
        """Open a page of the board."""
        await self.page.goto(path if path.startswith("http") else self.server.url + path)

    async def press(self, name: str, exact: bool = False) -> None:
        """Press the first button or follow the first link of that name."""
        target = self.page.get_by_role("button", name=name, exact=exact).or_(
            self.page.get_by_role("link", name=name, exact=exact)
        )
        await target.first.click()

    async def says(self, text: str) -> bool:
        """Whether the page shows this text (plain spaces stand for no-break ones)."""
        shown = await self.page.locator("body").inner_text()
        return text in re.sub(r"[ \u00a0\n]+", " ", shown)


async def set_size(screen: Screen) -> None:
    """Choose the text size in the header of the page before the door, and keep it."""
    await screen.go("/charte")
    await screen.page.locator(f"#taille-{SIZES[screen.size]}").check(force=True)
    keep = screen.page.get_by_role("button", name="Garder", exact=True)
    if await keep.count():
        await keep.click()
    else:
        await screen.page.wait_for_load_state("networkidle")


def demo_link(server: Server, role: str) -> str:
    """The sign-in link that bin/run --demo printed for a role."""
    line = next(line for line in server.said.splitlines() if role in line)
    found = re.search(r"http://\S+", line) or re.search(r"http://\S+", server.said[server.said.index(line) :])
    return found.group(0)


async def enter(screen: Screen, role: str) -> None:
    """Sign in to the demonstration as somebody; links open once, so a card is made for the next time."""
    cards: dict[str, str] = screen.server.__dict__.setdefault("cards", {})
    if role in cards:
        await screen.go("/entrer")
        await screen.page.fill("#code", cards[role])
        await screen.press("Entrer", exact=True)
        await screen.page.wait_for_url(screen.server.url + "/")
        return
    await screen.go(demo_link(screen.server, role))
    await screen.press("Entrer", exact=True)
    await screen.page.wait_for_url(screen.server.url + "/")
    await screen.go("/chez-moi/carte")
    cards[role] = await screen.page.locator(".cle").inner_text()
    await screen.go("/")


async def open_phone(playwright, profile: Path, program: str | None = SHELL) -> BrowserContext:
    """Open this profile: what was stored in it is there again."""
    return await playwright.chromium.launch_persistent_context(
        profile, args=ARGUMENTS, locale="fr-FR", timezone_id="Europe/Paris",
        viewport={"width": 390, "height": 844}, executable_path=program,
    )  # fmt: skip


def seed() -> int:
    """The seed of this run's chances, printed so that a failure can be repeated with PALIER_SEED."""
    chosen = int(os.environ.get("PALIER_SEED", random.SystemRandom().randrange(10**6)))
    print(f"PALIER_SEED={chosen}")
    return chosen
