"""Lighthouse's PWA category, on the board as a resident sees it: version 11.7.1 is the last that has one."""

import asyncio
import json
from pathlib import Path

from playwright.async_api import async_playwright

from tests.browser.support.screens import ARGUMENTS, CHROMIUM, Screen, enter
from tests.support.ports import free_port

LIGHTHOUSE = Path(__file__).parents[1] / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
# What it checks by itself; three more it leaves to people ("works in every browser", for one).
CHECKED = {"installable-manifest", "splash-screen", "themed-omnibox", "content-width", "viewport", "maskable-icon"}


async def audit(url: str, port: int) -> dict:
    """What Lighthouse says about a page, seen through a browser that is already open and signed in."""
    process = await asyncio.create_subprocess_exec(
        LIGHTHOUSE, url, f"--port={port}", "--disable-storage-reset", "--only-categories=pwa",
        "--output=json", "--quiet", "--no-enable-error-reporting",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0
    return json.loads(output)


async def test_lighthouse_finds_nothing_to_mend_in_the_app(new_board, tmp_path):
    # A board of its own: the sign-in links of a demonstration open once.
    demo, port = new_board("--demo"), free_port()
    async with async_playwright() as playwright:
        # A profile of its own, not a private window: those can install nothing.
        context = await playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=CHROMIUM, locale="fr-FR",
            args=[*ARGUMENTS, f"--remote-debugging-port={port}"],
        )  # fmt: skip
        await enter(Screen(context, context.pages[0], demo, "A"), "bénévole")
        report = await audit(demo.url + "/", port)
        await context.close()
    assert report["finalDisplayedUrl"] == demo.url + "/"
    assert "runtimeError" not in report
    audits = report["audits"]
    scores = {one["id"]: audits[one["id"]]["score"] for one in report["categories"]["pwa"]["auditRefs"]}
    assert scores.keys() >= CHECKED
    wanting = {
        name: audits[name].get("explanation") or audits[name].get("details") for name in CHECKED if scores[name] != 1
    }
    assert wanting == {}
    assert report["categories"]["pwa"]["score"] == 1
