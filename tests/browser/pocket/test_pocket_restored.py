"""A backup was restored: a telephone's copies are of another board and go; what was written on it stays and is sent."""

import re

from tests.browser.support.flaky import Weather
from tests.browser.support.pocket import KARIM, KEPT, LEFT, PUT_IN_POCKET, SETTLED, hold, rows, until

# A page that was read before, and of which the restored board may give the same number to other words.
READ_BEFORE = """(async () => {
  const { keepPage } = await import("/static/now/js/lib/shelf.js")
  const { whoReads } = await import("/static/now/js/lib/reader.js")
  const { name } = await whoReads()
  const headers = { "Cache-Control": "private", "Palier-Reader": name, "Content-Type": "text/html" }
  await keepPage("/avis/before", new Response("<p>avant</p></html>", { headers }), name) })()"""


async def test_the_copies_go_and_what_waits_stays(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    network.weather = Weather(reset=1, on=lambda method, path: method == "POST")
    title = "Écrit avant la remise"
    fields = {"title": title, "body": "Des mots.", "place": "Au coin"}
    await page.evaluate(PUT_IN_POCKET, [["/ecrire/bon-plan", "new", fields]])
    await page.evaluate(READ_BEFORE)
    # The same board again: nothing goes.
    await page.goto(network.server.url + "/")
    assert await page.evaluate(SETTLED) is True
    assert "/avis/before" in await page.evaluate(KEPT)
    # Another epoch, as after a restore: what was kept goes, and what one needs at hand is fetched anew.
    network.tamper = lambda path, answer: re.sub(rb"(?i)(palier-epoch: )\d+", rb"\g<1>1795805113", answer)
    await page.goto(network.server.url + "/")
    await until(lambda: _gone(page))
    assert await page.evaluate(SETTLED) is True
    assert await page.evaluate(LEFT) == 1
    network.weather = Weather()
    await page.goto(network.server.url + "/")
    await until(lambda: bool(rows(network.server, "SELECT 1 FROM post WHERE title = ?", title)), 20)
    assert len(rows(network.server, "SELECT 1 FROM post WHERE title = ?", title)) == 1


async def _gone(page) -> bool:
    return "/avis/before" not in await page.evaluate(KEPT)
