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

from tests.support.ports import free_port
from tests.support.push_service import PushService

PREFS = {
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "intl.accept_languages": "fr-FR, fr",
    "toolkit.startup.max_resumed_crashes": -1,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
# What Firefox says of an element that is not laid out yet, or was just replaced.
NOT_YET = ("could not be scrolled into view", "Unable to locate element", "is stale", "is not reachable", "obscures it")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
# Stands where the desktop's own alerts stand: it keeps what is shown, so that a test can read and touch it. It lives
# in the global of Services, which is there as long as Firefox runs.
WATCH_ALERTS = """(() => {
  const kept = Cu.getGlobalForObject(Services).keptAlerts = []
  const endAll = (name, how) => kept.filter(one => one.name === name).forEach(one => one.end(how))
  const service = {
    QueryInterface: ChromeUtils.generateQI(["nsIAlertsService"]),
    showAlert(alert, listener) {
      endAll(alert.name, "replaced")
      const { name, title, text, cookie, origin, requireInteraction, silent } = alert
      const actions = [...alert.actions]
      const one = {
        name, title, text, origin, requireInteraction, silent, actions, state: "shown",
        end(how) {
          if (one.state !== "shown") return
          one.state = how
          listener?.observe(null, "alertfinished", cookie)
        },
        tap(action) {
          const subject = action ? actions.find(other => other.action === action) : null
          if (subject === undefined) throw new Error(`no action ${action}`)
          listener?.observe(subject, "alertclickcallback", cookie)
          one.end("tapped")
        },
      }
      kept.push(one)
      listener?.observe(null, "alertshow", cookie)
    },
    closeAlert: name => endAll(name, "closed"),
    getHistory: () => kept.filter(one => one.state === "shown").map(one => one.name),
    teardown() {},
    pbmTeardown() {},
  }
  Components.manager.QueryInterface(Ci.nsIComponentRegistrar).registerFactory(
    Services.uuid.generateUUID(), "", "@mozilla.org/alerts-service;1",
    { QueryInterface: ChromeUtils.generateQI(["nsIFactory"]), createInstance: iid => service.QueryInterface(iid) })
  Services.prefs.setBoolPref("dom.push.connection.enabled", true)
})()"""


def find_firefox() -> str | None:
    """Firefox of this machine, or None."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


def push_prefs(service: PushService) -> dict[str, Any]:
    """What lets Firefox take its pushes from this service and show them without asking.

    It connects only in ``watch_alerts``: nothing that waited for it is shown before somebody looks.
    """
    return {
        "dom.push.serverURL": service.socket,
        "dom.push.testing.allowInsecureServerURL": True,
        "dom.push.connection.enabled": False,
        # Milliseconds: it calls again at once, and a busy machine may take its time to open what was touched.
        "dom.push.retryBaseInterval": 100,
        "dom.webnotifications.disable_open_click_delay": 10_000,
        "permissions.default.desktop-notification": 1,
        "alerts.useSystemBackend": False,
    }


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
        """Press it, once it is there to be pressed: a page that is still being laid out has nowhere to scroll to."""
        async with asyncio.timeout(30):
            while not await self._pressed(selector):
                await asyncio.sleep(0.05)

    async def _pressed(self, selector: str) -> bool:
        try:
            await self.call("WebDriver:ElementClick", id=await self.find(selector))
        except RuntimeError as error:
            if any(words in str(error) for words in NOT_YET):
                return False
            raise
        return True

    async def type(self, selector: str, text: str) -> None:
        """Type into it."""
        await self.call("WebDriver:ElementSendKeys", id=await self.find(selector), text=text)

    async def text(self, selector: str) -> str:
        """What it shows."""
        return (await self.call("WebDriver:GetElementText", id=await self.find(selector)))["value"]

    async def run(self, script: str) -> Any:
        """The value of an expression on the page; None also when the page was just going somewhere else."""
        found = await self.call("WebDriver:ExecuteScript", script=f"return {script}", args=[], newSandbox=True)
        return found["value"]

    async def url(self) -> str:
        """Where it is."""
        return (await self.call("WebDriver:GetCurrentURL"))["value"]

    async def chrome(self, script: str) -> Any:
        """The value of an expression in Firefox itself, with all its rights."""
        await self.call("Marionette:SetContext", value="chrome")
        try:
            return await self.run(script)
        finally:
            await self.call("Marionette:SetContext", value="content")

    async def watch_alerts(self) -> None:
        """Keep the alerts from now on instead of showing them, and connect to the push service of ``push_prefs``."""
        await self.chrome(WATCH_ALERTS)

    async def alerts(self) -> list[dict[str, Any]]:
        """Every alert so far, oldest first.

        Each has ``title``, ``text``, ``origin``, ``requireInteraction``, ``silent``, ``actions`` (``[[action,
        title]]``), ``state`` (shown, replaced, tapped, closed or dismissed) and ``name``, equal for equal tags.
        """
        return await self.chrome("""Cu.getGlobalForObject(Services).keptAlerts.map(
          ({ name, title, text, origin, requireInteraction, silent, actions, state }) => ({ name, title, text, origin,
            requireInteraction, silent, state, actions: actions.map(one => [one.action, one.title]) }))""")

    async def tap(self, index: int, action: str = "") -> None:
        """Touch an alert, or the button of this action on it. RuntimeError when it has no such button."""
        await self.chrome(f"Cu.getGlobalForObject(Services).keptAlerts.at({index}).tap({json.dumps(action)})")

    async def dismiss(self, index: int) -> None:
        """Wipe an alert away."""
        await self.chrome(f"Cu.getGlobalForObject(Services).keptAlerts.at({index}).end('dismissed')")
