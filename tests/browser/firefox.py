"""A real Firefox, driven over Marionette (its own remote protocol: ``length:json`` over TCP)."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
from itertools import count
from pathlib import Path
from typing import Any

from tests.browser.conftest import free_port

PREFS = {
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "intl.accept_languages": "fr-FR, fr",
    "toolkit.startup.max_resumed_crashes": -1,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def find_firefox() -> str | None:
    """Firefox of this machine, or None."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One window on one profile, closed and opened again with ``async with``."""

    def __init__(self, profile: Path, **prefs: Any) -> None:
        self.profile, self.prefs, self.ids = profile, {**PREFS, **prefs}, count(1)

    async def __aenter__(self) -> "Firefox":
        """Start it without a screen."""
        self.profile.mkdir(exist_ok=True)
        port = free_port()
        lines = {**self.prefs, "marionette.port": port}.items()
        told = "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in lines)
        (self.profile / "user.js").write_text(told)
        self.process = await asyncio.create_subprocess_exec(
            find_firefox(), "--headless", "--marionette", "--remote-allow-system-access", "--no-remote",
            "--profile", str(self.profile), env={**os.environ, "HOME": str(self.profile)},
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        for _ in range(300):
            try:
                self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
                break
            except OSError:
                await asyncio.sleep(0.1)
        await self._read()
        await self.call("WebDriver:NewSession", capabilities={"alwaysMatch": {"acceptInsecureCerts": False}})
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Close it as a person does, so that what it stored is on disk."""
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.call("Marionette:Quit", flags=["eAttemptQuit"]), 10)
        try:
            await asyncio.wait_for(self.process.wait(), 20)
        except TimeoutError:
            os.killpg(self.process.pid, signal.SIGKILL)
            await self.process.wait()

    async def call(self, name: str, **values: Any) -> Any:
        """One command; its result. RuntimeError with Firefox's own words."""
        number = next(self.ids)
        said = json.dumps([0, number, name, values]).encode()
        self.writer.write(b"%d:%s" % (len(said), said))
        await self.writer.drain()
        _kind, _number, error, result = await self._read()
        if error:
            raise RuntimeError(f"{name}: {error['message']}")
        return result

    async def _read(self) -> Any:
        length = int((await self.reader.readuntil(b":"))[:-1])
        return json.loads(await self.reader.readexactly(length))

    async def go(self, url: str) -> None:
        """Open a page."""
        await self.call("WebDriver:Navigate", url=url)

    async def find(self, selector: str) -> str:
        """The first element of this selector. RuntimeError when there is none."""
        found = await self.call("WebDriver:FindElement", using="css selector", value=selector)
        return found["value"][ELEMENT]

    async def click(self, selector: str) -> None:
        """Press it."""
        await self.call("WebDriver:ElementClick", id=await self.find(selector))

    async def type(self, selector: str, text: str) -> None:
        """Type into it."""
        await self.call("WebDriver:ElementSendKeys", id=await self.find(selector), text=text)

    async def text(self, selector: str) -> str:
        """What it shows."""
        return (await self.call("WebDriver:GetElementText", id=await self.find(selector)))["value"]

    async def run(self, script: str) -> Any:
        """The value of an expression on the page."""
        found = await self.call("WebDriver:ExecuteScript", script=f"return {script}", args=[], newSandbox=True)
        return found["value"]

    async def url(self) -> str:
        """Where it is."""
        return (await self.call("WebDriver:GetCurrentURL"))["value"]
