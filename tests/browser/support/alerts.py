"""A browser that lets itself be alerted."""

import re
from urllib.parse import urlsplit

from server.base.ids import uuid7
from tests.browser.support.firefox import Firefox
from tests.browser.support.pocket import until, write
from tests.browser.support.screens import demo_link

ALWAYS_AWAKE = (
    "INSERT INTO alert_choice (id, member, what, quiet_from, quiet_until, mail_urgent, mail_digest, changed_at)"
    " SELECT ?, id, 'mine', 0, 0, FALSE, 'never', '2026-01-01 00:00:00+00:00' FROM member WHERE name = 'Karim Benali'"
)


async def shown(firefox: Firefox, count: int, patience: float = 20) -> list[dict]:
    """The alerts, as soon as there are so many."""

    async def enough() -> bool:
        return len(await firefox.alerts()) >= count

    await until(enough, patience)
    return await firefox.alerts()


async def says(firefox: Firefox, selector: str, words: str) -> bool:
    """Whether this part of the page says so."""
    said = await firefox.run(f"document.querySelector({selector!r})?.innerText")
    return words in re.sub(r"\s+", " ", said or "")


async def ask(screen, **lines: str) -> str:
    """Somebody asks for something urgent, with more lines if need be; the address of the request."""
    await screen.go("/ecrire/demande-d-aide")
    await screen.page.check("input[name=need][value=pharmacie]", force=True)
    await screen.page.check("input[name=urgency][value=urgent]", force=True)
    await screen.page.fill("#title", "Une ordonnance pour Madame Canari")
    await screen.page.locator("#due_at_day").select_option(index=2)
    await screen.page.locator("#due_at_hour").select_option("18:00")
    for name, words in {"address": "77 allée du Canari", **lines}.items():
        await screen.page.fill(f"#{name}", words)
    await screen.press("Relire")
    await screen.page.get_by_role("button", name=re.compile("^Afficher")).click()
    return urlsplit(screen.page.url).path


async def come_home(firefox: Firefox, board, url: str) -> None:
    """Karim signs in and stands before his alerts. Whatever the hour of the test, it is no night for him."""
    await firefox.watch_alerts()
    await firefox.go(demo_link(board, "bénévole").replace(board.url, url))
    await firefox.click("main form button")
    await firefox.go(url + "/chez-moi")
    await until(lambda: says(firefox, "alert-switch", "Prévenez-moi"), 30)
    write(board, ALWAYS_AWAKE, str(uuid7()))


async def say_yes(firefox: Firefox) -> None:
    """Alerts on this device; the trial goes all the way round, and the worker's own receipt comes back."""
    await firefox.click("alert-switch button[value=on]")
    await until(lambda: says(firefox, "alert-switch [role=status]", "Reçu. Cet appareil sonne bien."), 30)


async def at(firefox: Firefox, url: str) -> bool:
    """Whether one of its windows shows this page."""
    handles = await firefox.call("WebDriver:GetWindowHandles")
    for handle in handles:
        await firefox.call("WebDriver:SwitchToWindow", handle=handle)
        if (await firefox.url()).split("#")[0] == url:
            return True
    return False
