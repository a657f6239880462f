"""What the first sight of the board costs on a telephone: cold, again, and without network.

    python -m bench.first_view [--runs 5] [--against OTHER_CHECKOUT]

A real Chromium, 412 px wide, the page's main thread slowed four times, opens the demonstration board
as a resident. ``first``: a profile that holds nothing but the session. ``again``: files kept, the
service worker in control. ``offline start``: the server is stopped, the browser has just been opened
(its own start is not counted), and the worker shows its copy. ``offline``: once more in the same window.
``enter`` is the public sign-in page.

Networks are Chromium's own throttling (CDP) of the page and of its worker; ``html`` is when the page
itself had come, which shows that it was slowed. What the worker downloads is in no count of kB, and its
thread runs at full speed. With ``--against``, the same from another checkout, in turn with this one.
"""

import argparse
import asyncio
import contextlib
import statistics
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Browser, Page, Playwright, async_playwright

from bench.chrome import ARGUMENTS, PHONE, Board, Meter, chromium, hand_over, sign_in, start

ROOT = Path(__file__).resolve().parent.parent
ROLE = "un bénévole"
SLOWNESS = 4
CONTROLLED = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"
# Milliseconds to the largest paint. The peer's are quoted from an earlier run of such a bench, not measured here.
AIMS = {"first, fast": 600, "first, slow": 1250, "offline start": 1000}
PEER = {"first, fast": 936, "first, slow": 2440}
Figures = dict[str, list[dict]]


@contextlib.asynccontextmanager
async def window(browser: Browser, board: Board, signed_in: bool = True) -> AsyncIterator[Page]:
    """A page in a profile that has never been here."""
    context = await browser.new_context(**PHONE)
    page = await context.new_page()
    if signed_in:
        await hand_over(page, board)
    yield page
    await context.close()


async def online(browser: Browser, board: Board, figures: Figures) -> None:
    """One round with the server there: the first view and the next, on each network."""
    for network in ("fast", "slow"):
        async with window(browser, board) as page:
            meter = await Meter(page).wire(SLOWNESS, network)
            figures[f"first, {network}"].append(await meter.view(board.url + "/"))
            await kept(page, board)
            figures[f"again, {network}"].append(await meter.view(board.url + "/"))
        async with window(browser, board, signed_in=False) as page:
            meter = await Meter(page).wire(SLOWNESS, network)
            figures[f"enter, {network}"].append(await meter.view(board.url + "/entrer"))


async def kept(page: Page, board: Board) -> None:
    """Wait until the worker is in control, and has kept the board."""
    await page.wait_for_function(CONTROLLED, timeout=60_000)
    await page.goto(board.url + "/")
    await page.wait_for_load_state("networkidle")
    await page.wait_for_timeout(500)


async def prepare(playwright: Playwright, board: Board, profile: Path) -> None:
    """A telephone's profile that has the board in its pocket."""
    async with opened(playwright, profile) as page:
        await hand_over(page, board)
        await page.goto(board.url + "/")
        await kept(page, board)


@contextlib.asynccontextmanager
async def opened(playwright: Playwright, profile: Path) -> AsyncIterator[Page]:
    """The browser, opened on a profile that stays."""
    context = await playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium(), args=ARGUMENTS, **PHONE
    )
    yield context.pages[0] if context.pages else await context.new_page()
    await context.close()


async def offline(playwright: Playwright, board: Board, profile: Path, figures: Figures) -> None:
    """The server is gone: the browser is opened anew and shows the board, then shows it again."""
    async with opened(playwright, profile) as page:
        meter = await Meter(page).wire(SLOWNESS, None)
        for case in ("offline start", "offline"):
            seen = await meter.view(board.url + "/")
            if not seen["copy"]:
                raise RuntimeError("this was no copy: somebody answered")
            figures[case].append(seen)


async def measure(roots: dict[str, Path], runs: int, folder: Path) -> dict[str, Figures]:
    """All cases of each checkout, in turn."""
    figures: dict[str, Figures] = {name: defaultdict(list) for name in roots}
    boards: dict[str, Board] = {}
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
            for name, root in roots.items():
                boards[name] = start(root, folder / name)
                await sign_in(browser, boards[name], ROLE)
                # The first answer of a server that has just started is not what anybody waits for.
                async with window(browser, boards[name]) as page:
                    await page.goto(boards[name].url + "/")
            for _ in range(runs):
                for name, board in boards.items():
                    await online(browser, board, figures[name])
            await browser.close()
            for name, board in boards.items():
                await prepare(playwright, board, folder / f"{name}-profile")
                board.stop()
            for _ in range(runs):
                for name, board in boards.items():
                    await offline(playwright, board, folder / f"{name}-profile", figures[name])
    finally:
        for board in boards.values():
            board.stop()
    return figures


def line(name: str, seen: list[dict]) -> str:
    """One row of the table: medians, and least to most of the largest paint."""
    middle = {key: statistics.median(one[key] for one in seen) for key in ("fcp", "lcp", "html", "load")}
    counts = {key: round(statistics.median(one[key] for one in seen)) for key in ("before", "requests", "bytes")}
    shift = max(one["shift"] for one in seen)
    lcp = [one["lcp"] for one in seen]
    case = name.split(": ")[-1]
    aim = f"{AIMS[case]}{' ok' if middle['lcp'] <= AIMS[case] else ' MISSED'}" if case in AIMS else ""
    return (
        f"{name:22} {middle['html']:6.0f} {middle['fcp']:6.0f} {middle['lcp']:6.0f}"
        f"  {f'{min(lcp):.0f}..{max(lcp):.0f}':>12} {middle['load']:6.0f} {counts['before']:7} {counts['requests']:5}"
        f" {counts['bytes'] / 1000:7.1f} {shift:6.3f}  {aim:12} {PEER.get(case, '')}"
    )


def main() -> None:
    """Start, look, print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--against", type=Path, help="another checkout, measured in turn with this one")
    chosen = options.parse_args()
    roots = {"here": ROOT} | ({"against": chosen.against.resolve()} if chosen.against else {})
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measure(roots, chosen.runs, Path(folder)))
    print(f"Median of {chosen.runs} runs, milliseconds; kB of the page on the wire; largest paint least..most.")
    print("fast: 1.6 Mbit/s, 150 ms. slow: 400 kbit/s, 400 ms. The worker's own downloads are not in kB.")
    print("before, all: requests before the first paint, and in all. shift: the largest layout shift of the runs.")
    print("peer: the best server-rendered peer, quoted from an earlier run of such a bench.")
    print(f"{'':22}   html    fcp    lcp  {'lcp spread':>12}   load  before   all      kB  shift  {'aim':12} peer")
    for case in figures["here"]:
        for name, seen in figures.items():
            print(line(f"{name}: {case}" if len(figures) > 1 else case, seen[case]))


if __name__ == "__main__":
    main()
