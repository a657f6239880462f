"""A real Chromium, and real servers: one that is empty, one that holds the demonstration quartier."""

import signal
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Playwright, async_playwright

from tests.browser.support.flaky import Network
from tests.browser.support.screens import ARGUMENTS, CHROMIUM, SHELL, Screen, Server, open_phone, seed, set_size, start

# A shell starts what it runs beside with SIGINT ignored, and so would be every server started from here.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list) -> None:
    """What stands here is for browsers, and the engine makes no difference to it."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("browser")
            item.add_marker("one_engine")


@pytest.fixture(scope="session")
def new_board(tmp_path_factory) -> Iterator[Callable[[], Server]]:
    """Starts empty boards, and stops them all at the end."""
    running: list[Server] = []

    def make(*options: str, **settings: str) -> Server:
        running.append(start(tmp_path_factory.mktemp("board") / "data", *options, **settings))
        return running[-1]

    yield make
    for server in running:
        server.process.send_signal(signal.SIGINT)
    for server in running:
        server.process.wait(60)


@pytest.fixture(scope="session")
def demo(new_board) -> Server:
    """The demonstration quartier."""
    return new_board("--demo")


@pytest.fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """What drives every Chromium of the session."""
    async with async_playwright() as started:
        yield started


@pytest.fixture(scope="session")
async def chromium(playwright) -> AsyncIterator[Browser]:
    """One Chromium for the whole session."""
    browser = await playwright.chromium.launch(executable_path=SHELL, args=ARGUMENTS)
    yield browser
    await browser.close()


@pytest.fixture
async def whole_chromium(playwright) -> AsyncIterator[Browser]:
    """One that shows notifications."""
    browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    await browser.close()


@pytest.fixture
async def open_screen(chromium) -> Callable:
    """Opens windows: width, night, JavaScript or not, text size, touched or not; each with its own cookies."""
    contexts: list[BrowserContext] = []

    async def make(
        server: Server,
        *,
        width: int = 1280,
        night: bool = False,
        script: bool = True,
        size: str = "A",
        touch: bool = False,
    ) -> Screen:
        context = await chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if night else "light",
            java_script_enabled=script,
            has_touch=touch,
            is_mobile=touch,
            locale="fr-FR",
            timezone_id="Europe/Paris",
        )
        contexts.append(context)
        screen = Screen(context, await context.new_page(), server, size)
        if size != "A":
            await set_size(screen)
        return screen

    yield make
    for context in contexts:
        await context.close()


@pytest.fixture
async def phone(playwright, tmp_path, request) -> AsyncIterator[Callable]:
    """Opens a telephone with one profile, again and again; for a test marked ``alerts`` one that shows them."""
    program = CHROMIUM if request.node.get_closest_marker("alerts") else SHELL
    opened = []

    async def open_it() -> BrowserContext:
        opened.append(await open_phone(playwright, tmp_path / "profile", program))
        return opened[-1]

    yield open_it
    for context in opened:
        await context.close()


@pytest.fixture(autouse=True)
def as_before(request) -> Iterator[None]:
    """Whatever a test did on the demonstration, the next one finds its board and its errands as they were."""
    if "demo" not in request.fixturenames:
        yield
        return
    file = request.getfixturevalue("demo").folder / "palier.sqlite"
    tables = {"post": "state, taker, taken_at, done_at, lease_until, rank", "claim": "state, ended_at"}
    with closing(sqlite3.connect(file, timeout=10)) as database:
        before = {
            table: database.execute(f"SELECT {names}, id FROM {table}").fetchall() for table, names in tables.items()
        }
        (last,) = database.execute("SELECT max(id) FROM post").fetchone()
        yield
        with database:
            database.execute("UPDATE post SET listed = 0 WHERE id > ?", (last,))
            for table, names in tables.items():
                columns = ", ".join(f"{name} = ?" for name in names.split(", "))
                database.executemany(f"UPDATE {table} SET {columns} WHERE id = ?", before[table])


@pytest.fixture
async def network(demo) -> AsyncIterator[Network]:
    """The network before the demonstration; ``network.server`` is the board as seen from the other end."""
    async with Network(urlsplit(demo.url).port, seed()) as network:
        network.server = replace(demo, url=network.url, said=demo.said.replace(demo.url, network.url))
        network.server.__dict__["cards"] = demo.__dict__.setdefault("cards", {})
        yield network
