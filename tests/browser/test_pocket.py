"""The board in a pocket, in a real Chromium: kept, read without network, wiped when it must be."""

import asyncio
import os
import re
import signal

import pytest
from playwright.async_api import BrowserContext, Page, async_playwright

from tests.browser.conftest import ARGUMENTS, Screen, Server, enter

READY = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"
KEPT = """(async () => { const kept = []
  for (const name of await caches.keys()) if (name.startsWith("pages-"))
    for (const one of await (await caches.open(name)).keys()) kept.push(new URL(one.url).pathname)
  return kept })()"""


@pytest.fixture
async def phone(tmp_path):
    """Opens a telephone with one profile, again and again."""
    async with async_playwright() as playwright:
        opened: list[BrowserContext] = []

        async def open_it() -> BrowserContext:
            context = await playwright.chromium.launch_persistent_context(
                tmp_path / "profile", args=ARGUMENTS, locale="fr-FR", timezone_id="Europe/Paris",
                viewport={"width": 390, "height": 844}, executable_path=os.environ.get("CHROMIUM"),
            )  # fmt: skip
            opened.append(context)
            return context

        yield open_it
        for context in opened:
            await context.close()


async def no_network(server: Server) -> None:
    """Nobody answers any more."""
    server.process.send_signal(signal.SIGINT)
    await asyncio.to_thread(server.process.wait, 10)


async def hold(context: BrowserContext, server: Server, role: str) -> Page:
    """Sign in as somebody and wait until the worker looks after the page."""
    page = context.pages[0] if context.pages else await context.new_page()
    await enter(Screen(context, page, server, "A"), role)
    await page.evaluate(READY)
    await page.wait_for_timeout(500)
    await page.goto(server.url + "/")
    return page


async def test_read_in_the_stairwell_after_closing_the_browser(phone, new_board):
    demo = new_board("--demo")
    context = await phone()
    page = await hold(context, demo, "un bénévole")
    tip = await page.locator("article[data-genre=bonplan] h3 a").first.get_attribute("href")
    await page.goto(demo.url + tip)
    await page.goto(demo.url + "/entraide")
    await page.get_by_role("link", name="Ouvrir la course").first.click()
    await page.wait_for_load_state()
    errand, code = page.url, await page.locator(".code").inner_text()
    await page.wait_for_timeout(500)
    await context.close()

    await no_network(demo)
    context = await phone()
    # The worker asks the network itself, whatever the page is told: so the server is really gone.
    await context.set_offline(True)
    page = await context.new_page()
    await page.goto(demo.url + "/")
    assert re.search(
        r"Hors connexion.*telle qu’elle était à \d\d h \d\d", await page.locator("offline-band").inner_text(), re.S
    )
    assert await page.locator("form[action$='/prise'] button:not([disabled])").count() == 0
    await page.goto(demo.url + tip)
    assert await page.locator("h1").count() == 1
    await page.goto(errand)
    assert await page.locator(".code").inner_text() == code
    await page.goto(demo.url + "/chez-moi/carte")
    assert "n’est pas dans votre téléphone" in await page.locator("h1").inner_text()


async def test_nothing_of_one_person_is_left_for_the_next(phone, demo):
    context = await phone()
    page = await hold(context, demo, "un bénévole")
    await page.goto(demo.url + "/entraide")
    assert set(await page.evaluate(KEPT)) >= {"/", "/entraide"}
    page = await hold(context, demo, "une voisine de 82 ans")
    assert "/entraide" not in await page.evaluate(KEPT)
    await page.goto(demo.url + "/chez-moi")
    await page.locator("form[action='/sortie'] button").click()
    await page.wait_for_url(demo.url + "/entrer")
    assert await page.evaluate(KEPT) == []
