"""What the tests of a telephone in a pocket look at: what lies on the device, what reached the board."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing

from playwright.async_api import BrowserContext, Error, Page

from tests.browser.support.screens import Screen, Server, enter

KARIM, ODETTE = "bénévole", "voisine de 82 ans"
KEPT = """(async () => { const kept = []
  for (const name of await caches.keys()) if (/^(pages|photos)/.test(name))
    for (const one of await (await caches.open(name)).keys()) kept.push(new URL(one.url).pathname)
  return kept })()"""
# Everything that lies on the device in words: every cache, and what the outbox shows without its key.
LYING_ABOUT = """(async () => { let all = ""
  for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys())
    if (!one.url.includes("/static/")) all += one.url + await (await (await caches.open(name)).match(one)).text()
  const { within } = await import("/static/now/js/lib/store.js")
  for (const row of await within("outbox", "readonly", rows => rows.getAll()))
    all += JSON.stringify(row) + new TextDecoder("latin1").decode(row.sealed)
  return all })()"""
# Forms that were written without network: [[path, what, fields]].
PUT_IN_POCKET = """async forms => { const { keep } = await import("/static/now/js/lib/outbox.js")
  for (const [path, what, fields] of forms) {
    const form = new FormData()
    for (const [name, value] of Object.entries({ cle: crypto.randomUUID(), ...fields })) form.append(name, value)
    if (!await keep({ path, what, from: path }, form)) throw new Error("not kept")
  } }"""
SEALED_SIZE = """import("/static/now/js/lib/store.js")
  .then(({ within }) => within("outbox", "readonly", rows => rows.getAll()))
  .then(rows => rows[0].sealed.byteLength)"""
WAITING = """import("/static/now/js/lib/store.js")
  .then(({ within }) => within("outbox", "readonly", rows => rows.count()))"""
# The last script of a page has come: what it does by itself after opening is under way.
AT_REST = "performance.getEntriesByType('resource').some(file => file.name.endsWith('/late.js'))"
LEFT = 'import("/static/now/js/lib/outbox.js").then(lib => lib.count()).then(({ mine }) => mine)'
SETTLED = """(async () => {
  await navigator.serviceWorker.ready
  const { whoReads } = await import("/static/now/js/lib/reader.js")
  const { standing } = await import("/static/now/js/lib/shelf.js")
  for (let tries = 0; tries < 200; tries++) {
    const me = await whoReads()
    const there = me?.key && (await standing("/ecrire/initiative", me.name)).at
    const all = there && (await Promise.all(Object.keys(me.concerns).map(id => standing(`/avis/${id}`, me.name))))
    if (all && all.every(one => one.at)) return true
    await new Promise(later => setTimeout(later, 50))
  }
  return JSON.stringify([await whoReads(), await caches.keys(), location.href]) })()"""


async def hold(context: BrowserContext, server: Server, role: str) -> Page:
    """Sign in as somebody, and wait until the worker has what it needs without network."""
    page = context.pages[0] if context.pages else await context.new_page()
    await enter(Screen(context, page, server, "A"), role)
    await page.evaluate("navigator.serviceWorker.ready")
    await page.goto(server.url + "/")
    settled = await page.evaluate(SETTLED)
    assert settled is True, settled
    return page


async def told(page: Page, script: str) -> object:
    """What this page says of its storage. After ``Clear-Site-Data`` Chromium may leave a script without an answer:
    the page is then opened anew, and asked again.
    """
    for _ in range(3):
        try:
            return await asyncio.wait_for(page.evaluate(script), 5)
        except TimeoutError:
            await page.reload()
    raise AssertionError(f"no answer: {script}")


async def fill_tip(page: Page, url: str, title: str, body: str = "Des mots.") -> None:
    """The form of a tip, filled in."""
    await page.goto(url + "/ecrire/bon-plan")
    for name, value in (("title", title), ("body", body), ("place", "Au coin")):
        await page.fill(f"#{name}", value)


async def put_up(page: Page, url: str) -> None:
    """Send the form of a notice that goes into the pocket."""
    await page.get_by_role("button", name="Afficher sur le tableau").click()
    await page.wait_for_url(url + "/#poche")


async def sent(page: Page) -> None:
    """Wait until nothing of this person waits any more."""
    await until(lambda: _nothing(page), 20)


async def copied(page: Page, *paths: str) -> None:
    """Wait until the copies of these pages or photos lie on the device."""
    await until(lambda: _lie_there(page, set(paths)), 20)


async def _lie_there(page: Page, paths: set[str]) -> bool:
    return paths <= set(await page.evaluate(KEPT))


async def at_rest(page: Page) -> None:
    """Wait until a page has done what it does by itself after it was opened."""
    await until(lambda: page.evaluate(AT_REST), 20)


async def _nothing(page: Page) -> bool:
    return await page.evaluate(LEFT) == 0


def write(server: Server, sql: str, *values: object) -> None:
    """Change the board's own database, as somebody at the other end of the quartier does."""
    with closing(sqlite3.connect(server.folder / "palier.sqlite", timeout=10)) as database, database:
        database.execute(sql, values)


def rows(server: Server, sql: str, *values: object) -> list[tuple]:
    """What the board's own database holds."""
    with closing(sqlite3.connect(server.folder / "palier.sqlite")) as database:
        return database.execute(sql, values).fetchall()


async def until(true: Callable, seconds: float = 60) -> None:
    """Wait for what happens by itself."""
    why = None
    for _ in range(int(seconds * 20)):
        # A page that is just going somewhere else cannot be asked: Chromium's or Firefox's words for it.
        try:
            found = true()
            if await found if asyncio.iscoroutine(found) else found:
                return
        except (Error, RuntimeError) as error:
            why = error
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen") from why
