"""What happens meanwhile: somebody leaves, a session ends, more is typed, a choice is made again."""

import pytest
from playwright.async_api import async_playwright, expect

from tests.browser.support.pocket import KARIM, PUT_IN_POCKET, at_rest, fill_tip, hold, put_up, rows, sent, until
from tests.browser.support.screens import ARGUMENTS, SHELL, Screen, enter
from tests.browser.support.sessions import end_sessions, errand_of
from tests.browser.support.strangers import STRANGERS

MARKS = "SELECT count(*) FROM mark WHERE post = ? AND member IN (SELECT id FROM member WHERE name LIKE 'Karim%')"
NOT_THANKED = (
    "SELECT id FROM post WHERE kind = 'encouragement' AND listed AND NOT EXISTS (SELECT 1 FROM member m WHERE"
    " m.name LIKE 'Karim%' AND (m.id = author OR m.id IN (SELECT member FROM mark WHERE post = post.id)))"
)
LOOK_AT_THE_TITLE = """addEventListener("submit", ({ target }) => setTimeout(() => {
  sessionStorage.locked = target.elements.title.readOnly
}))"""
FORGOTTEN = "Cet appareil a tout oublié"


@pytest.fixture
async def real_phone(tmp_path):
    """As people have it: pages are kept whole for the way back, which Playwright turns off."""
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            tmp_path / "profile", args=ARGUMENTS, locale="fr-FR", executable_path=SHELL,
            ignore_default_args=["--disable-back-forward-cache"],
        )  # fmt: skip
        yield context
        await context.close()


async def test_after_leaving_without_network_nothing_of_theirs_is_left_open(real_phone, network):
    """Before: Back gave the errand with its code, another tab kept it, and both still acted in their name."""
    page = await hold(real_phone, network.server, KARIM)
    errand, code = await errand_of(page, network)
    other = await real_phone.new_page()
    await other.goto(errand)
    await at_rest(other)
    await at_rest(page)
    await page.goto(network.url + "/chez-moi")
    await until(lambda: page.evaluate("customElements.get('sign-out') !== undefined"))
    network.down = True
    await page.locator("sign-out form button").click()
    await page.get_by_text(FORGOTTEN).wait_for()
    await until(lambda: _is_gone(other, code), 10)
    for _ in range(2):
        await page.go_back()
    await until(lambda: _is_gone(page, code), 10)
    # The network is back, but nobody has opened a page since.
    network.down = False
    post = errand.split("/")[-1]
    before = rows(network.server, "SELECT count(*) FROM message WHERE post = ?", post)
    await other.evaluate(
        "path => fetch(path, { method: 'POST',"
        " body: new URLSearchParams({ cle: crypto.randomUUID(), message: 'Moi' }) })",
        f"/avis/{post}/messages",
    )
    assert rows(network.server, "SELECT count(*) FROM message WHERE post = ?", post) == before


async def _is_gone(page, code: str) -> bool:
    return code not in await page.content()


async def test_a_session_that_ended_meanwhile_takes_no_words_along(phone, network):
    """Before: what was typed in a form that cannot wait was gone, without a sentence."""
    context = await phone()
    page = await hold(context, network.server, KARIM)
    for path, field in (("/chez-moi", "#nom"), ("/pour-quelqu-un", "#title")):
        await page.goto(network.url + path)
        await at_rest(page)
        await page.fill(field, "Karim, longuement")
        end_sessions(network, "Karim")
        await page.locator(field).evaluate("field => field.form.requestSubmit()")
        await page.get_by_text("La porte s’est fermée ici").wait_for()
        assert page.url == network.url + path and await page.input_value(field) == "Karim, longuement"
        async with context.expect_page() as opened:
            await page.get_by_role("link", name="Entrer de nouveau").click()
        door = await opened.value
        await enter(Screen(context, door, network.server, "A"), KARIM)
        await door.close()


async def test_what_is_typed_while_a_form_is_on_its_way_stays(phone, network):
    """Before: the first words went into the pocket, what followed them nowhere."""
    page = await hold(await phone(), network.server, KARIM)
    tip = rows(network.server, "SELECT id FROM post WHERE kind = 'tip' AND listed ORDER BY id DESC")[0][0]
    await page.goto(f"{network.url}/avis/{tip}")
    await at_rest(page)
    network.slow = 20
    await page.fill("#reponse", "Début")
    await page.get_by_role("button", name="Envoyer").click()
    await page.locator("#reponse").press_sequentially(" et une longue suite")
    await page.get_by_text("C’est gardé dans votre poche").wait_for()
    assert await page.input_value("#reponse") == "Début et une longue suite"
    network.slow = 0
    await fill_tip(page, network.url, "Un bon plan")
    await at_rest(page)
    network.slow = 20
    await page.evaluate(LOOK_AT_THE_TITLE)
    await put_up(page, network.url)
    assert await page.evaluate("sessionStorage.locked") == "true"
    network.slow = 0


async def test_a_gesture_that_waits_goes_by_itself_and_a_later_one_counts(phone, network):
    """Before: it waited for another page, and then came after the choice that had replaced it."""
    page = await hold(await phone(), network.server, KARIM)
    word = rows(network.server, NOT_THANKED)[0][0]
    await page.goto(f"{network.url}/avis/{word}")
    await at_rest(page)
    count = rows(network.server, MARKS, word)[0][0]
    network.stranger = STRANGERS["hotel"]
    await page.locator("form[action$='/merci'] button").first.click()
    await page.get_by_text("C’est gardé dans votre poche").wait_for()
    network.stranger = lambda method, path: None
    await until(lambda: rows(network.server, MARKS, word)[0][0] == count + 1, 20)
    # What waits of a mark gives way to what is said of it since.
    await page.goto(f"{network.url}/avis/{word}")
    await at_rest(page)
    network.stranger = lambda method, path: STRANGERS["hotel"](method, path) if "poche" in path else None
    await page.evaluate(PUT_IN_POCKET, [[f"/avis/{word}/merci", "mark", {}]])
    await page.locator("form[action$='/merci/annuler'] button").first.click()
    await until(lambda: rows(network.server, MARKS, word)[0][0] == count, 20)
    network.stranger = lambda method, path: None
    await page.goto(network.url + "/")
    await sent(page)
    assert rows(network.server, MARKS, word)[0][0] == count


async def test_a_copy_gives_way_when_the_hotel_does(phone, network):
    """Before: the band and the button stayed as they were, though it said that they would not."""
    page = await hold(await phone(), network.server, KARIM)
    network.stranger = STRANGERS["hotel"]
    await page.goto(network.url + "/")
    await page.get_by_text("Ce n’est pas le tableau qui a répondu").wait_for()
    network.stranger = lambda method, path: None
    await expect(page.get_by_text("Ce n’est pas le tableau qui a répondu")).not_to_be_visible(timeout=20_000)
    assert not await page.evaluate("document.documentElement.dataset.copy")
