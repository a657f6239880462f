"""The tools that measure our pages find what they must: a check that finds nothing is no check."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests.browser.support.keys import Keys
from tests.browser.support.screens import CHROMIUM

TOOLS = Path(__file__).parents[1] / "node_modules"
FAULTY = (
    '<!DOCTYPE html><html lang="fr"><head><title>Avis</title></head>'
    '<body><main><h1>Avis</h1><p><div>Dedans</div></p><img src="data:,"></main></body></html>'
)


@pytest.fixture
async def page():
    """A page of the Chromium that bin/test found."""
    async with async_playwright() as playwright:
        # Chromium's own sandbox refuses to be run by root, as in a container.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        yield await browser.new_page()
        await browser.close()


async def test_axe_finds_an_image_without_words(page):
    await page.set_content(FAULTY)
    await page.add_script_tag(path=TOOLS / "axe-core" / "axe.min.js")
    found = await page.evaluate("axe.run().then(result => result.violations.map(one => one.id))")
    assert "image-alt" in found


def test_html_validate_finds_what_a_browser_would_forgive(tmp_path):
    (tmp_path / "avis.html").write_text(FAULTY)
    command = [TOOLS / ".bin" / "html-validate", "--formatter", "json", tmp_path / "avis.html"]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert "close-order" in {message["ruleId"] for message in json.loads(ran.stdout)[0]["messages"]}


async def test_the_keyboard_notices_a_focus_that_cannot_be_seen(page):
    await page.set_viewport_size({"width": 390, "height": 600})
    await page.set_content(
        "<style>a { display: block; outline: 3px solid } #bare { outline: none } .nav { position: fixed;"
        " inset: auto 0 0; height: 80px; background: #fff } #under { position: fixed; "
        "bottom: 20px; left: 150px; width: 60px }</style>"
        '<a id="seen" href="#x">Vu</a><a id="bare" href="#x">Nu</a><a id="under" href="#x">Dessous</a>'
        '<nav class="nav"></nav>'
    )
    keys = Keys(page)
    await keys.to("seen")
    assert keys.hidden == []
    await keys.to("bare")
    assert [one.rsplit(": ", 1)[1] for one in keys.hidden] == ["no outline"]
    await keys.to("under")
    assert {one.rsplit(": ", 1)[1] for one in keys.hidden[1:]} == {"out of view", "covered"}
    assert keys.presses == 3
    await keys.type("Un")
    assert keys.presses == 6
