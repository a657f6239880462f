"""What waits in a pocket, as its page shows it."""

import re

from playwright.async_api import Page

from tests.browser.support.pocket import until


async def waits(page: Page, count: int) -> None:
    """Wait until so many papers lie in the pocket."""
    await until(lambda: _has(page, count))


async def _has(page: Page, count: int) -> bool:
    return await page.locator("#poche .avis").count() == count


async def papers(page: Page) -> str:
    """What the pocket shows."""
    await page.locator("#poche [data-place] .avis").first.wait_for()
    return re.sub(r"\s+", " ", await page.locator("#poche").inner_text())
