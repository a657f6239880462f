"""Sessions that end from elsewhere, and whose errand is whose."""

from playwright.async_api import Page

from tests.browser.support.pocket import write


def end_sessions(network, name: str) -> None:
    """Sign every device of this member out, as somebody at the other end of the town does."""
    write(network.server, "DELETE FROM session WHERE member IN (SELECT id FROM member WHERE name LIKE ?)", f"{name}%")


async def errand_of(page: Page, network) -> tuple[str, str]:
    """Open the errand in hand; its address and its door code."""
    await page.goto(network.url + "/entraide")
    await page.get_by_role("link", name="Ouvrir la course").first.click()
    await page.wait_for_load_state()
    return page.url.split("#")[0], await page.locator(".code").inner_text()
