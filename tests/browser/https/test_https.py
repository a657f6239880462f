"""A telephone on the board's real way: Chromium, TLS it verifies, the system's nginx or Caddy, the files of deploy/.

The authority goes into a certificate store (NSS) of a temporary home: Chromium then trusts it as it does any other,
which telling it to ignore errors would not show (it even refuses a service worker then).
"""

import asyncio
import os
import subprocess
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Error, Page, async_playwright

from tests.browser.support import proxies
from tests.browser.support.proxies import NAME, Proxy
from tests.browser.support.screens import ARGUMENTS, CHROMIUM, Server, demo_link

pytestmark = pytest.mark.skipif(bool(proxies.missing()), reason="sudo apt install nginx caddy libnss3-tools systemd")
READY = "navigator.serviceWorker.ready.then(() => true)"
SEND = """async ([path, size, type]) => {
  const body = new Blob([new Uint8Array(size).fill(97)], { type })
  const answer = await fetch(path, { method: "POST", body })
  return [answer.status, await answer.text()] }"""


# Links open once: each telephone has its own.
ROLES = {"nginx": "un bénévole", "caddy": "une voisine de 82 ans"}


@pytest.fixture(scope="module")
def quartier(new_board) -> Server:
    """A demonstration that no other test has entered."""
    return new_board("--demo")


@pytest.fixture(params=ROLES)
def proxy(request, quartier):
    """Each proxy in its turn, before the demonstration."""
    with proxies.proxy(request.param, int(quartier.url.rsplit(":", 1)[1])) as running:
        yield running


@pytest.fixture
async def phone(tmp_path):
    """Opens a telephone that trusts this proxy's authority, or none but the usual ones."""
    async with async_playwright() as playwright:
        opened: list[BrowserContext] = []

        async def open_it(trusted: Proxy | None) -> Page:
            home = tmp_path / f"home-{len(opened)}"
            if trusted:
                trust(home, trusted.authority)
            home.mkdir(exist_ok=True)
            context = await playwright.chromium.launch_persistent_context(
                home / "profile", args=[*ARGUMENTS, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"], locale="fr-FR",
                timezone_id="Europe/Paris", viewport={"width": 390, "height": 844},
                executable_path=CHROMIUM, env=os.environ | {"HOME": str(home)},
            )  # fmt: skip
            opened.append(context)
            return context.pages[0]

        yield open_it
        for context in opened:
            await context.close()


def trust(home: Path, authority: Path) -> None:
    """Put an authority where Chromium on Linux looks for those that a person has added."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for command in (["-N", "--empty-password"], ["-A", "-n", "palier", "-t", "C,,", "-i", authority]):
        subprocess.run(["certutil", "-d", f"sql:{store}", *command], check=True)


async def sign_in(page: Page, proxy: Proxy, quartier: Server) -> None:
    """Open the door with a link of the demonstration, at the address that neighbours type."""
    await page.goto(demo_link(quartier, ROLES[proxy.kind]).replace(quartier.url, proxy.url))
    assert await page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2"
    await page.get_by_role("button", name="Entrer", exact=True).click()
    await page.wait_for_url(lambda url: "/cle/" not in url)


async def test_the_board_in_a_pocket_over_https(phone, proxy, quartier):
    page = await phone(proxy)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: message.type == "error" and wrong.append(message.text))
    await sign_in(page, proxy, quartier)
    cookies = {one["name"]: one for one in await page.context.cookies()}
    assert cookies["__Host-palier"]["secure"] and cookies["__Host-palier"]["domain"] == NAME
    # Not because of its name, as localhost would be.
    assert await page.evaluate("isSecureContext && location.protocol") == "https:"
    assert await asyncio.wait_for(page.evaluate(READY), 60)

    # A page that was on its way while the worker woke is not its own yet; the next one is.
    await page.goto(proxy.url + "/")
    assert await page.evaluate("navigator.serviceWorker.controller?.scriptURL") == proxy.url + "/sw.js"
    tip = await page.locator("article[data-genre=bonplan] h3 a").first.get_attribute("href")
    await page.goto(proxy.url + tip)
    title = await page.locator("h1").inner_text()
    # A form goes through; what one hands on is the address outside.
    await page.goto(proxy.url + "/invitations")
    await page.get_by_role("button", name="Préparer l’invitation").click()
    address = await page.locator("share-link").first.get_attribute("data-address")
    assert address.startswith(proxy.url + "/invitation/")
    assert wrong == []

    proxy.stop()
    await page.goto(proxy.url + tip)
    assert await page.locator("h1").inner_text() == title
    assert await page.locator("html[data-copy]").count() == 1
    assert await page.locator("offline-band").is_visible()


async def test_too_much_is_said_in_french_whoever_says_it(phone, proxy):
    page = await phone(proxy)
    await page.goto(proxy.url + "/entrer")
    words, photos = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
    # More than a form holds; more than the board reads to be heard; more than the proxies let through.
    for size, kind in ((200_000, words), (40_000_000, words), (90_000_000, words), (70_000_000, photos)):
        status, text = await page.evaluate(SEND, ["/entrer", size, kind])
        assert (status, "trop lourd" in text) == (413, True), (size, kind, text)
        assert "Danger : appelez le" in text.replace("\u00a0", " ")


async def test_who_does_not_know_the_authority_is_warned(phone, proxy):
    page = await phone(None)
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        await page.goto(proxy.url + "/entrer")
