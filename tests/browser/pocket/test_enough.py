"""A budget's refusal with the worker: its page is shown live; in the pocket it says from when it is possible."""

import re
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.async_api import expect

from tests.browser.support.flaky import Network
from tests.browser.support.papers import waits
from tests.browser.support.pocket import KARIM, fill_tip, hold, put_up, rows

HOUR = r"(\d+ h|\d\d h \d\d)"


async def test_what_is_too_much_is_refused_in_words_and_waits_for_its_hour(phone, new_board):
    board = new_board("--demo", PALIER_BUDGETS="1")
    async with Network(urlsplit(board.url).port, 1) as network:
        network.server = replace(board, url=network.url, said=board.said.replace(board.url, network.url))
        page = await hold(await phone(), network.server, KARIM)
        await use_up(page, network.url)
        # Live: the board's own page, with the hour and the words.
        await fill_tip(page, network.url, "Un de trop")
        await page.get_by_role("button", name="Afficher sur le tableau").click()
        await page.get_by_text(re.compile("ce sera possible|possible", re.I)).first.wait_for()
        assert page.url == network.url + "/ecrire/bon-plan" and "Un de trop" in await page.content()
        # Written without network it waits, and says from when.
        network.down = True
        await fill_tip(page, network.url, "Sans réseau")
        await put_up(page, network.url)
        await waits(page, 1)
        network.down = False
        await page.get_by_role("button", name="Envoyer maintenant").click()
        await expect(page.locator("pocket-list [role=status]")).to_have_text(
            re.compile("C’est déjà beaucoup pour le moment. Cela partira tout seul à partir de .*" + HOUR)
        )
        await expect(page.locator("#poche .badge")).to_have_text(re.compile("Possible à partir de .*" + HOUR))
        assert not rows(board, "SELECT 1 FROM post WHERE title IN ('Un de trop', 'Sans réseau')")


async def use_up(page, url: str) -> None:
    """Put up as many tips as the hour takes."""
    for number in range(40):
        form = {"cle": str(uuid4()), "title": f"Le bon plan {number}", "body": "Des mots.", "place": "Au coin"}
        answer = await page.request.post(url + "/ecrire/bon-plan", form=form, headers={"Origin": url}, max_redirects=0)
        if answer.status == 429:
            return
        assert answer.status == 303, await answer.text()
    raise AssertionError("no end")
