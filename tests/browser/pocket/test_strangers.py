"""A hotel, a filter, a proxy that restarts answer in the board's place: nothing that was typed is lost.

Over every form of the product, with the worker and without it; ``PALIER_STRANGERS=all`` tries each of them everywhere.
"""

import itertools
import os
import re

from playwright.async_api import Page

from tests.browser.support.page_faults import neighbours
from tests.browser.support.pocket import hold, until
from tests.browser.support.screens import Screen, enter
from tests.browser.support.strangers import (
    FILL,
    HOLDS,
    NO_FORM,
    POCKETED,
    SAID,
    STAND_INS,
    STRANGERS,
    SUBMIT,
    Form,
    forms_of_the_product,
    routes_with_forms,
)
from tests.support.routes import HANDLERS

ADMIN = "administratrice"
# Chosen with one touch, not typed; what they do without network has tests of its own.
APART = {"text-size", "sign-out"}
WORDS = "Des mots que personne ne retape"
AWAKE = "document.documentElement.hasAttribute('data-awake') && Boolean(globalThis.htmx)"
EVERYWHERE = os.environ.get("PALIER_STRANGERS") == "all"


def fair(network) -> None:
    """The board answers again."""
    network.stranger = lambda method, path: None


async def product(demo, open_screen) -> dict[str, Form]:
    """The forms of the product, collected once for a board."""
    if "forms" not in demo.__dict__:
        screen = await open_screen(demo)
        await enter(screen, ADMIN)
        demo.__dict__["forms"] = await forms_of_the_product(screen, await neighbours(demo, open_screen))
    return demo.__dict__["forms"]


def with_stand_ins(forms: dict[str, Form], first: int) -> dict[str, Form]:
    """And a form on ``/charte`` for every route that stands on no page, the ``first`` of them by its number there."""
    missing = sorted(set(routes_with_forms()) - set(forms) - NO_FORM)
    waits = {name: "pocket" in handler.opt for name, (_, handler) in routes_with_forms().items()}
    made = {name: Form("/charte", HANDLERS[name][1], first + n, True, waits[name]) for n, name in enumerate(missing)}
    return {name: form for name, form in (forms | made).items() if name not in APART}


async def heard(page: Page) -> str:
    """What the page says, once it says something."""
    await page.locator("offline-band > :not([hidden])").first.wait_for()
    return re.sub(r"[\s\u00a0]+", " ", await page.evaluate(SAID))


async def open_page(page: Page, url: str, forms: dict[str, Form], path: str) -> None:
    """A page of the board that is still, with the stand-ins where they belong."""
    await page.goto(url + path)
    await until(lambda: page.evaluate(AWAKE))
    if path == "/charte":
        actions = [form.action for form in forms.values() if form.page == path]
        assert await page.evaluate(STAND_INS, actions) == min(
            form.index for form in forms.values() if form.page == path
        )


async def test_every_form_with_the_worker(phone, network, demo, open_screen):
    forms = await product(demo, open_screen)
    page = await hold(await phone(), network.server, ADMIN)
    await page.goto(network.url + "/charte")
    forms = with_stand_ins(forms, await page.evaluate("document.forms.length"))
    assert set(forms) | APART | NO_FORM == set(routes_with_forms())
    turns, lost = itertools.cycle(STRANGERS), []
    for path, group in itertools.groupby(sorted(forms.items(), key=lambda one: one[1].page), lambda one: one[1].page):
        await open_page(page, network.url, forms, path)
        for name, form in group:
            for stranger in STRANGERS if EVERYWHERE else [next(turns)]:
                wrong = await try_one(page, network, forms, form, stranger)
                lost += [f"{name}, {stranger}: {wrong}"] if wrong else []
    assert lost == []


async def try_one(page: Page, network, forms: dict[str, Form], form: Form, stranger: str) -> str:
    """Fill in a form and send it while somebody else answers; what is lost, if something is."""
    await page.evaluate("for (const band of document.querySelector('offline-band').children) band.hidden = true")
    typed = await page.evaluate(FILL, [form.index, WORDS])
    network.stranger = STRANGERS[stranger]
    where = page.url
    await page.evaluate(SUBMIT, form.index)
    if form.waits:
        await until(lambda: page.evaluate(f"location.hash === '#poche' || Boolean({SAID})"))
        papers = await page.evaluate(POCKETED)
        assert len(papers) == 1, papers
        there = papers[0]["fields"]
        lost = [name for name, value in typed if [name, value.replace("\n", "\r\n")] not in there]
        fair(network)
        await open_page(page, network.url, forms, form.page)
        return f"{lost} of {there}" if lost else ""
    said = await heard(page)
    fair(network)
    if page.url != where or "erdu" not in said:
        return f"{page.url}: {said}"
    return "" if await page.evaluate(HOLDS, form.index) == typed else "the fields"


async def test_every_form_without_the_worker(chromium, network, demo, open_screen):
    forms = {
        name: form for name, form in (await product(demo, open_screen)).items() if form.typed and name not in APART
    }
    context = await chromium.new_context(service_workers="block", locale="fr-FR", timezone_id="Europe/Paris")
    page = await context.new_page()
    await enter(Screen(context, page, network.server, "A"), ADMIN)
    turns, lost = itertools.cycle(STRANGERS), []
    for name, form in forms.items():
        for stranger in STRANGERS if EVERYWHERE else [next(turns)]:
            await open_page(page, network.url, forms, form.page)
            typed = await page.evaluate(FILL, [form.index, WORDS])
            network.stranger = STRANGERS[stranger]
            if await page.evaluate("index => document.forms[index].hasAttribute('data-hx-post')", form.index):
                await page.evaluate(SUBMIT, form.index)
                said = await heard(page)
                fair(network)
                lost += [] if "erdu" in said else [f"{name}, {stranger}: {said}"]
            else:
                await leave_and_come_back(page, network, form, stranger)
            if gone := await missing(page, form, typed):
                lost.append(f"{name}, {stranger}: {gone}")
    await context.close()
    assert lost == []


async def missing(page: Page, form: Form, typed: list) -> str:
    """What the form holds instead of what was typed. A page that is just going is asked again."""
    held = []

    async def same() -> bool:
        held[:] = await page.evaluate(HOLDS, form.index)
        return held == typed

    try:
        await until(same, 10)
    except AssertionError as error:
        return f"{held} instead of {typed} ({error.__cause__})"
    return ""


async def leave_and_come_back(page: Page, network, form: Form, stranger: str) -> None:
    """A browser without our worker shows whatever came; the way back gives the words again."""
    before = len(network.foreign)
    await page.evaluate(SUBMIT, form.index)
    # Our own policy refuses that a form leads away: there is nothing to come back from.
    if stranger == "hotel elsewhere":
        await until(lambda: f"POST {form.action}" in network.foreign[before:])
        fair(network)
        return
    await until(lambda: page.evaluate(f"!({AWAKE})"))
    fair(network)
    await page.go_back()
    await until(lambda: page.evaluate(AWAKE))
