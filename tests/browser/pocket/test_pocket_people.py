"""Who may read what lies on a device: two people, a revoked phone, a session that ended, and time that passes."""

import pytest
from playwright.async_api import Error, Page

from tests.browser.support.papers import waits
from tests.browser.support.pocket import (
    KARIM,
    KEPT,
    LEFT,
    LYING_ABOUT,
    ODETTE,
    PUT_IN_POCKET,
    WAITING,
    at_rest,
    copied,
    fill_tip,
    hold,
    put_up,
    rows,
    sent,
    told,
    until,
    write,
)
from tests.browser.support.screens import Screen, enter
from tests.browser.support.sessions import end_sessions, errand_of

SECRET = "Une phrase que Karim seul a écrite"
HOURS = 3600 * 1000


async def write_offline(page: Page, network, words: str = SECRET) -> None:
    """A tip that goes no further than the pocket."""
    network.down = True
    await fill_tip(page, network.url, words)
    await put_up(page, network.url)
    network.down = False


async def test_two_people_on_one_device(phone, network):
    context = await phone()
    page = await hold(context, network.server, KARIM)
    await errand_of(page, network)
    await write_offline(page, network)
    end_sessions(network, "Karim")
    # The session is over: his copies go, his words stay, closed, and the door says so.
    await page.goto(network.url + "/")
    await page.locator("pocket-closed").get_by_text("attend ici").wait_for()
    assert await page.evaluate(KEPT) == [] and SECRET not in await page.evaluate(LYING_ABOUT)
    # Odette comes in on the same device, sees nothing of it, sends nothing of it, and goes.
    page = await hold(context, network.server, ODETTE)
    assert await page.locator("#poche .avis").count() == 0 and SECRET not in await page.evaluate(LYING_ABOUT)
    await page.goto(network.url + "/chez-moi")
    await page.locator("form[action='/sortie'] button").click()
    await page.wait_for_url(network.url + "/entrer")
    assert await told(page, KEPT) == []
    assert not rows(network.server, "SELECT 1 FROM post WHERE title = ?", SECRET)
    # Karim comes back: it opens again, and goes under his own name.
    await hold(context, network.server, KARIM)
    await sent(page)
    by = rows(network.server, "SELECT m.name FROM post p JOIN member m ON m.id = p.author WHERE p.title = ?", SECRET)
    assert len(by) == 1 and by[0][0].startswith("Karim")


async def test_a_revoked_device_is_wiped_at_the_next_contact(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    errand, code = await errand_of(page, network)
    network.down = True
    await page.goto(errand)
    assert await page.locator(".code").inner_text() == code
    end_sessions(network, "Karim")
    network.down = False
    await page.goto(network.url + "/charte")
    assert await page.evaluate(KEPT) == [] and code not in await page.evaluate(LYING_ABOUT)


async def test_an_errand_that_ends_elsewhere_closes_at_the_next_contact(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    errand, code = await errand_of(page, network)
    await page.goto(network.url + "/")
    await until(lambda: _lies(page, code))
    post = errand.split("/")[-1]
    write(network.server, "UPDATE post SET taker = NULL, state = 'open', version = version + 1 WHERE id = ?", post)
    await page.goto(network.url + "/charte")
    await until(lambda: _lies(page, code, False))


async def _lies(page: Page, code: str, does: bool = True) -> bool:
    return (code in await page.evaluate(LYING_ABOUT)) == does


async def test_a_door_stays_readable_48_hours_without_contact_and_no_longer(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    errand, code = await errand_of(page, network)
    await until(lambda: _lies(page, code))
    network.down = True
    for hours, readable in ((47, True), (49, False), (0, False)):
        await page.evaluate(
            """ago => import("/static/now/js/lib/store.js").then(({ update }) =>
                update("device", "reader", row => ({ ...row, contact: Date.now() - ago })))""",
            hours * HOURS,
        )
        await page.goto(errand)
        assert (await page.locator(".code").count() == 1) == readable, hours
    # Once closed it is gone, whatever the clock says later.
    assert code not in await page.evaluate(LYING_ABOUT)


async def test_signing_out_with_a_full_pocket_asks_first(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    await write_offline(page, network, "Rien ne se perd")
    network.down = True
    await page.goto(network.url + "/")
    await waits(page, 1)
    network.down = False
    await page.goto(network.url + "/chez-moi")
    # It goes of itself meanwhile, or the question comes: make sure that it cannot go.
    network.weather = type(network.weather)(reset=1, on=lambda method, path: path.startswith("/ecrire"))
    form = {"title": "Encore un", "body": "Mots", "place": "Ici"}
    await page.evaluate(PUT_IN_POCKET, [["/ecrire/bon-plan", "post", form]])
    await page.locator("form[action='/sortie'] button").click()
    await page.get_by_text("n’est pas encore parti").wait_for()
    assert page.url == network.url + "/chez-moi"
    await page.get_by_role("button", name="Le jeter et fermer").click()
    await page.wait_for_url(network.url + "/entrer")
    assert not rows(network.server, "SELECT 1 FROM post WHERE title = 'Encore un'")


async def test_signing_out_without_network_forgets_now_and_closes_at_the_next_contact(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    _errand, code = await errand_of(page, network)
    await page.goto(network.url + "/chez-moi")
    before = rows(network.server, "SELECT count(*) FROM session")[0][0]
    network.down = True
    await page.locator("form[action='/sortie'] button").click()
    await page.get_by_text("Cet appareil a tout oublié").wait_for()
    assert await page.evaluate(KEPT) == [] and code not in await page.evaluate(LYING_ABOUT)
    await page.goto(network.url + "/")
    assert "La porte est fermée ici" in await page.locator("h1").inner_text()
    network.down = False
    await page.goto(network.url + "/")
    await page.wait_for_url(network.url + "/entrer")
    assert rows(network.server, "SELECT count(*) FROM session")[0][0] == before - 1


async def test_nothing_of_one_person_is_left_for_the_next(phone, network):
    context = await phone()
    page = await hold(context, network.server, KARIM)
    _errand, code = await errand_of(page, network)
    await until(lambda: _lies(page, code))
    assert set(await page.evaluate(KEPT)) >= {"/", "/entraide", "/poche", "/ecrire/bon-plan"}
    await context.clear_cookies()
    await enter(Screen(context, page, network.server, "A"), ODETTE)
    assert code not in await page.evaluate(LYING_ABOUT)
    await page.goto(network.url + "/chez-moi")
    await page.locator("form[action='/sortie'] button").click()
    await page.wait_for_url(network.url + "/entrer")
    assert await told(page, KEPT) == [] and await told(page, LEFT) == 0
    # The worker went with everything else (Clear-Site-Data): a page without network is nobody's.
    network.down = True
    with pytest.raises(Error, match=r"ERR_(CONNECTION|SOCKET)"):
        await page.goto(network.url + "/")


async def test_a_revoked_device_is_wiped_on_a_slow_network_too(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    errand, code = await errand_of(page, network)
    await until(lambda: _lies(page, code))
    end_sessions(network, "Karim")
    network.slow = 3
    await page.goto(errand)
    await page.wait_for_url(network.url + "/entrer", timeout=30_000)
    await until(lambda: _lies(page, code, False))
    network.slow = 0
    assert await page.evaluate(KEPT) == []


async def test_signed_out_meanwhile_what_is_sent_live_is_kept(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    for words in ("Par un formulaire", "Par htmx"):
        await page.goto(network.url + "/ecrire/bon-plan")
        tip = rows(network.server, "SELECT id FROM post WHERE kind = 'tip' AND listed")[0][0]
        if words == "Par htmx":
            await page.goto(f"{network.url}/avis/{tip}")
            await page.fill("#reponse", words)
        else:
            for name, value in (("title", words), ("body", "Des mots."), ("place", "Au coin")):
                await page.fill(f"#{name}", value)
        await at_rest(page)
        end_sessions(network, "Karim")
        await page.get_by_role("button", name="Envoyer" if words == "Par htmx" else "Afficher sur le tableau").click()
        await page.wait_for_url(network.url + "/entrer")
        await page.locator("pocket-closed").get_by_text("attend ici").wait_for()
        await hold(page.context, network.server, KARIM)
        await sent(page)
    assert rows(network.server, "SELECT count(*) FROM post WHERE title = 'Par un formulaire'") == [(1,)]
    assert rows(network.server, "SELECT count(*) FROM reply WHERE text = 'Par htmx'") == [(1,)]


async def test_who_signs_out_without_network_takes_nobody_else_s_words_along(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    await write_offline(page, network, "À Karim, encore")
    end_sessions(network, "Karim")
    await page.goto(network.url + "/")
    await hold(page.context, network.server, ODETTE)
    await page.goto(network.url + "/chez-moi")
    network.down = True
    await page.locator("form[action='/sortie'] button").click()
    await page.get_by_text("Cet appareil a tout oublié").wait_for()
    network.down = False
    await page.goto(network.url + "/")
    await page.wait_for_url(network.url + "/entrer")
    assert await page.evaluate(WAITING) == 1
    # A board that is only half there does not close the door: it is asked again.
    await hold(page.context, network.server, KARIM)
    await sent(page)
    assert rows(network.server, "SELECT count(*) FROM post WHERE title = 'À Karim, encore'") == [(1,)]


async def test_only_what_is_for_everybody_is_kept(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    for path in ("/chez-moi", "/nouvelles", "/chez-moi/carte", "/entraide", "/charte"):
        await page.goto(network.url + path)
    await copied(page, "/entraide", "/charte")
    kept = set(await page.evaluate(KEPT))
    assert not kept & {"/chez-moi", "/nouvelles", "/chez-moi/carte"}
