"""A real WebKit (WebKitGTK's MiniBrowser), driven over WebDriver (W3C), on a screen of its own that nobody sees.

It is what iPhones run, without what they lack in a browser tab: ``overflow-anchor``, passkeys, push.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import aiohttp

from tests.support.ports import free_port

BROWSERS = "/usr/lib/*/webkit2gtk-4.1/MiniBrowser"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PHONE = (390, 844)
NOT_OURS = ("DBUS_SESSION_BUS_ADDRESS", "WAYLAND_DISPLAY")


def find_webkit() -> str | None:
    """MiniBrowser of this machine, or None when it, its driver or a screen is missing."""
    found = next((str(path) for path in Path("/").glob(BROWSERS[1:])), None)
    return found if shutil.which("WebKitWebDriver") and shutil.which("Xvfb") else None


class WebKit:
    """One window on one home folder, closed and opened again with ``async with``."""

    def __init__(self, home: Path, size: tuple[int, int] = PHONE) -> None:
        self.home, self.size = home, size

    async def __aenter__(self) -> "WebKit":
        """Start a screen, the driver, the browser."""
        # The buttons above the page would keep the window wider than a phone.
        style = self.home / "config" / "gtk-3.0" / "gtk.css"
        style.parent.mkdir(parents=True, exist_ok=True)
        style.write_text(
            "* { font-size: 1px; padding: 0; margin: 0; min-width: 0; min-height: 0; -gtk-icon-transform: scale(0.01) }"
        )
        width, height = self.size
        reading, writing = os.pipe()
        # Xvfb picks a free number and writes it down.
        self.screen = await asyncio.create_subprocess_exec(
            "Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp",
            pass_fds=[writing], stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writing)
        # To the end of the line: it ends itself when nobody reads that.
        with os.fdopen(reading) as line:
            number = (await asyncio.to_thread(line.readline)).strip()
        port = free_port()
        environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS} | {
            "DISPLAY": f":{number}", "HOME": str(self.home), "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_CACHE_HOME": str(self.home / "cache"), "XDG_CONFIG_HOME": str(self.home / "config"),
            "LC_ALL": "C.UTF-8", "LANGUAGE": "fr_FR", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            "LIBGL_ALWAYS_SOFTWARE": "1", "WEBKIT_DISABLE_COMPOSITING_MODE": "1", "GTK_A11Y": "none",
            "NO_AT_BRIDGE": "1",
        }  # fmt: skip
        self.driver = await asyncio.create_subprocess_exec(
            "WebKitWebDriver", f"--port={port}", "--host=127.0.0.1", env=environment, start_new_session=True,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        self.http = aiohttp.ClientSession(f"http://127.0.0.1:{port}", timeout=aiohttp.ClientTimeout(60))
        for _ in range(300):
            with contextlib.suppress(aiohttp.ClientError):
                if (await self.call("GET", "/status", whole=True)).get("ready"):
                    break
            await asyncio.sleep(0.1)
        asked = {"webkitgtk:browserOptions": {"binary": find_webkit(), "args": ["--automation"]}}
        made = await self.call("POST", "/session", {"capabilities": {"alwaysMatch": asked}}, whole=True)
        self.session = made["sessionId"]
        await self.call("POST", "/window/rect", {"x": 0, "y": 0, "width": width, "height": height})
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Close all three."""
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.call("DELETE", ""), 10)
        await self.http.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.driver.pid, signal.SIGTERM)
        await self.driver.wait()
        self.screen.terminate()
        await self.screen.wait()

    async def call(self, method: str, path: str, body: dict | None = None, *, whole: bool = False) -> Any:
        """One command (WebDriver, 6.3); its value. RuntimeError with the driver's words. ``whole``: of no session."""
        address = path if whole else f"/session/{self.session}{path}"
        sent = json.dumps(body if body is not None else {}) if method == "POST" else None
        async with self.http.request(method, address, data=sent) as answer:
            value = (await answer.json(content_type=None))["value"]
        if isinstance(value, dict) and value.get("error"):
            raise RuntimeError(f"{path}: {value['error']}: {value.get('message', '')}")
        return value

    async def go(self, url: str) -> None:
        """Open a page."""
        await self.call("POST", "/url", {"url": url})

    async def back(self) -> None:
        """Go back."""
        await self.call("POST", "/back")

    async def find(self, selector: str) -> str:
        """The first element of this selector. RuntimeError when there is none."""
        return (await self.call("POST", "/element", {"using": "css selector", "value": selector}))[ELEMENT]

    async def click(self, selector: str) -> None:
        """Press it."""
        await self.call("POST", f"/element/{await self.find(selector)}/click")

    async def type(self, selector: str, text: str) -> None:
        """Type into it."""
        await self.call("POST", f"/element/{await self.find(selector)}/value", {"text": text})

    async def text(self, selector: str) -> str:
        """What it shows."""
        return await self.call("GET", f"/element/{await self.find(selector)}/text")

    async def run(self, script: str) -> Any:
        """The value of an expression on the page."""
        return await self.call("POST", "/execute/sync", {"script": f"return {script}", "args": []})

    async def url(self) -> str:
        """Where it is."""
        return await self.call("GET", "/url")
