"""Every page by day, by night and at 320 px: accessible, large enough to touch, valid, within bounds."""

import json
import subprocess

import pytest

from tests.browser.support.page_faults import LOOKS, OVER, TOOLS, faults_of, neighbours
from tests.browser.support.pages import STRANGER, every_page, source_of
from tests.browser.support.screens import SIZES, enter


@pytest.mark.parametrize("size", LOOKS)
async def test_every_page_is_accessible_and_large_enough(size, demo, open_screen):
    outside = await open_screen(demo, size=size)
    faults = [fault for path in STRANGER for fault in await faults_of(outside, path)]
    inside = await open_screen(demo, size=size)
    await enter(inside, "administratrice")
    if size != "A":
        await inside.page.locator("#taille-3").check(force=True)
        await inside.page.wait_for_load_state("networkidle")
    for path in await every_page(inside, await neighbours(demo, open_screen)):
        faults += await faults_of(inside, path)
    if size != "A":
        await inside.go("/")
        await inside.page.locator("#taille-1").check(force=True)
        await inside.page.wait_for_load_state("networkidle")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("size", ["A", "A++"])
async def test_a_tip_of_a_title_and_an_address_alone_lies_over_nothing(size, demo, open_screen):
    screen = await open_screen(demo, size=size, width=320)
    await enter(screen, "administratrice")
    await screen.go("/ecrire/bon-plan")
    await screen.page.fill("#title", "La mer")
    await screen.page.fill("#link", "https://chanson.example/1")
    await screen.press("Afficher sur le tableau")
    await screen.page.wait_for_url("**/avis/*")
    one = await screen.page.evaluate(OVER)
    await screen.go("/?genre=bon-plan")
    assert await screen.says("La mer")
    assert one + await screen.page.evaluate(OVER) == []


async def test_every_page_is_valid_html(demo, open_screen, tmp_path):
    outside, inside = await open_screen(demo), await open_screen(demo)
    await enter(inside, "administratrice")
    texts = {}
    for screen, paths in (
        (outside, STRANGER),
        (inside, await every_page(inside, await neighbours(demo, open_screen))),
    ):
        for path in paths:
            texts[str(path)] = await source_of(screen, path)
    (tmp_path / ".htmlvalidate.json").write_text(json.dumps(VALIDATION))
    for number, text in enumerate(texts.values()):
        (tmp_path / f"{number:03}.html").write_text(text)
    # Into a file: what goes through a pipe is cut off at 64 KB when the tool ends.
    with (tmp_path / "report.json").open("w") as report:
        done = subprocess.run(
            ["node", TOOLS / "html-validate" / "bin" / "html-validate.mjs", "--formatter", "json", "*.html"],
            cwd=tmp_path,
            stdout=report,
            stderr=subprocess.PIPE,
            text=True,
        )
    named = list(texts)
    found = [
        f"{named[int(report['filePath'][-8:-5])]}: {message['ruleId']}: {message['message']} ({message['line']})"
        for report in json.loads((tmp_path / "report.json").read_text() or "[]")
        for message in report["messages"]
    ]
    assert not found, "\n".join(found) + done.stderr


# Conformance, not taste: how attributes are quoted or long titles may be is not an error of HTML.
VALIDATION = {
    "root": True,
    "extends": ["html-validate:standard"],
    "rules": {"long-title": "off", "no-inline-style": "error", "tel-non-breaking": "off"},
}


@pytest.mark.parametrize("path", ["/", "/chez-moi"])
async def test_forced_colours_and_print_lose_nothing(path, demo, open_screen):
    screen = await open_screen(demo)
    await enter(screen, "bénévole")
    await screen.page.emulate_media(forced_colors="active")
    await screen.go(path)
    assert await screen.page.locator(".feuille").first.evaluate("e => getComputedStyle(e).borderTopWidth") != "0px"
    await screen.page.emulate_media(media="print", forced_colors="none")
    assert not await screen.page.locator(".nav").is_visible()
    assert await screen.page.locator(".feuille").first.is_visible()


ONE_ROW = """
() => {
  const box = (name) => document.querySelector(`.tete ${name}`).getBoundingClientRect()
  const header = document.querySelector('.tete').getBoundingClientRect()
  const boxes = ['.marque', '.cloche', '.taille'].map(box)
  const middles = boxes.map(one => one.top + one.height / 2)
  const cut = boxes.some(one => one.left < header.left || one.right > Math.min(header.right, innerWidth))
  const clear = boxes.every((one, n) => n === 0 || one.left >= boxes[n - 1].right)
  return { row: Math.max(...middles) - Math.min(...middles) < 6, cut, clear }
}
"""


@pytest.mark.parametrize("size", ["A", "A+", "A++"])
async def test_the_mark_the_bell_and_the_sizes_share_one_row_and_none_is_cut(size, demo, open_screen):
    screen = await open_screen(demo)
    await enter(screen, "modératrice")
    for width in (320, 340, 360, 390, 600, 768, 959, 961, 1024, 1180, 1280, 1440):
        await screen.page.set_viewport_size({"width": width, "height": 900})
        await screen.go("/")
        # The size shows at once; it is not kept, as this is one person for every size.
        await screen.page.locator(f"#taille-{SIZES[size]}").evaluate("e => { e.checked = true }")
        assert await screen.page.evaluate(ONE_ROW) == {"row": True, "cut": False, "clear": True}, width
