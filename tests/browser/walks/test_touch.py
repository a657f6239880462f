"""What the page does under the fingers: focus kept, back button right, sizes remembered, weight."""

import pytest

from tests.browser.support.screens import enter

FOCUSED = "document.activeElement.matches('#mots .toast, h1, .annonce[role=alert]')"


async def test_a_gesture_keeps_the_focus_and_the_place(demo, open_screen):
    karim = await open_screen(demo, width=390)
    await enter(karim, "bénévole")
    await karim.go("/?genre=bon-plan")
    button = karim.page.locator("button[id^=merci-][data-pressed=false]").nth(3)
    name = await button.get_attribute("id")
    await button.focus()
    before = await karim.page.evaluate("scrollY")
    await karim.page.keyboard.press("Enter")
    await karim.page.locator(f"#{name}[data-pressed=true]").wait_for()
    assert await karim.page.evaluate("document.activeElement.id") == name
    assert await karim.page.evaluate("scrollY") == before
    await karim.page.keyboard.press("Enter")
    await karim.page.locator(f"#{name}[data-pressed=false]").wait_for()
    assert karim.wrong == []


async def test_a_tap_for_a_time_that_is_past_says_so_beside_its_card(demo, open_screen):
    """Before: the card came back as it was, without a word."""
    karim = await open_screen(demo, width=390)
    await enter(karim, "bénévole")
    await karim.go("/?genre=rendez-vous")
    form = karim.page.locator("form[data-hx-post$='/presence']").first
    await form.locator("input[name=quand]").evaluate("field => { field.value = '1' }")
    await form.locator("button").click()
    said = karim.page.locator("#mots .toast")
    await said.wait_for()
    assert "Cette fois-là est passée" in (await said.inner_text()).replace("\u00a0", " ")
    assert await form.locator("button[data-pressed=false]").count() == 1
    assert await karim.page.locator("hx-partial, template[hx]").count() == 0
    assert karim.wrong == []


@pytest.mark.parametrize("script", [True, False])
async def test_the_answer_to_a_gesture_takes_the_focus_and_its_undo_is_next(script, demo, open_screen):
    karim = await open_screen(demo, width=390, script=script)
    await enter(karim, "bénévole")
    await karim.go("/ecrire/mot-gentil")
    await karim.page.fill("#body", "À celle qui arrose les plantes du hall")
    await karim.press("Afficher sur le tableau")
    await karim.page.wait_for_load_state()
    assert await karim.page.evaluate(FOCUSED) and await karim.says("Votre avis est affiché.")
    await karim.page.locator("form[action$='/retrait'] button").click()
    await karim.page.wait_for_load_state()
    assert await karim.page.evaluate(FOCUSED) and await karim.says("Votre avis est retiré.")
    await karim.page.keyboard.press("Tab")
    assert await karim.page.evaluate("document.activeElement.textContent") == "Annuler"
    await karim.go("/chez-moi")
    await karim.page.locator("#lire button").click()
    await karim.page.wait_for_load_state()
    # Without JavaScript, the address leads to the part of the page that was kept, and so does the focus.
    assert await karim.page.evaluate(FOCUSED if script else "document.activeElement.id === 'lire'")
    assert await karim.page.evaluate("document.querySelector('#lire').getBoundingClientRect().top < innerHeight / 2")
    assert karim.wrong == []


@pytest.mark.parametrize("script", [True, False])
async def test_a_merci_beside_a_card_stays_where_it_was_and_is_said(script, demo, open_screen):
    """Before: the page came anew from its top, and said nothing."""
    karim = await open_screen(demo, width=390, script=script)
    await enter(karim, "bénévole")
    await karim.go("/?genre=rendez-vous")
    await karim.go(await karim.page.locator("article h3 a").first.get_attribute("href"))
    if script:
        await karim.page.locator("html[data-awake]").wait_for(state="attached")
    button = karim.page.locator("#contenu > .deux > :nth-child(2) button[id^=merci-]")
    name, was = await button.get_attribute("id"), await button.get_attribute("data-pressed")
    await button.click()
    await karim.page.locator(f"#{name}:not([data-pressed={was}])").wait_for()
    await karim.page.locator("#mots .toast").wait_for()
    assert await karim.page.evaluate("document.activeElement.id" if script else "true") in (name, True)
    box = await button.bounding_box()
    assert 0 < box["y"] < 900 and karim.wrong == []


UNDER_THE_BAR = """
() => {
  const one = document.activeElement, bar = document.querySelector('.nav .ecrire').getBoundingClientRect().top
  return !one.closest('.tete, .nav') && one.getBoundingClientRect().bottom > bar ? one.id || one.textContent.trim() : ''
}
"""


async def test_a_field_that_is_reached_by_key_stands_above_the_bar(demo, open_screen):
    odette = await open_screen(demo, width=390, size="A++")
    await enter(odette, "voisine de 82 ans")
    await odette.go("/ecrire/demande-d-aide")
    reached = set()
    while "ceiling" not in reached and len(reached) < 60:
        await odette.page.keyboard.press("Tab")
        reached.add(await odette.page.evaluate("document.activeElement.id || document.activeElement.textContent"))
        # The browser scrolls in its next frame.
        await odette.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert await odette.page.evaluate(UNDER_THE_BAR) == ""
    assert {"title", "body", "ceiling"} <= reached


async def test_filters_change_the_address_and_back_comes_back(demo, open_screen):
    karim = await open_screen(demo)
    await enter(karim, "bénévole")
    await karim.page.locator("summary", has_text="Trier").click()
    await karim.page.locator(".filtres").get_by_role("link", name="Playlist").click()
    await karim.page.wait_for_url("**/?genre=playlist")
    await karim.page.locator("article[data-genre=playlist]").first.wait_for()
    assert await karim.page.locator("article:not([data-genre=playlist])").count() == 0
    assert await karim.page.title() != ""
    await karim.page.go_back()
    await karim.page.wait_for_url(demo.url + "/")
    await karim.page.locator("article[data-genre=aide]").first.wait_for()
    assert karim.wrong == []


async def test_another_kind_keeps_what_was_typed(demo, open_screen):
    odette = await open_screen(demo)
    await enter(odette, "voisine de 82 ans")
    await odette.go("/ecrire")
    await odette.page.fill("#title", "Des œufs frais")
    await odette.page.fill("#body", "Chez Chavand")
    await odette.page.locator("#genre-bon-plan").click()
    await odette.page.locator('form[data-genre="bonplan"]').wait_for()
    assert await odette.page.input_value("#title") == "Des œufs frais"
    assert await odette.page.input_value("#body") == "Chez Chavand"
    assert odette.page.url.endswith("/ecrire/bon-plan")
    assert odette.wrong == []


async def test_faults_take_the_focus_and_lead_to_their_field(demo, open_screen):
    for script in (True, False):
        odette = await open_screen(demo, script=script)
        await enter(odette, "voisine de 82 ans")
        await odette.go("/ecrire/bon-plan")
        await odette.page.fill("#body", "Appelez le 06 39 98 41 12")
        await odette.page.locator("#composeur .btn-large").click()
        await odette.page.locator(".fautes").wait_for()
        await odette.page.get_by_role("link", name="Votre numéro est dans le texte").click()
        assert odette.page.url.endswith("#body")
        assert "06 39 98 41 12" in await odette.page.input_value("#body")


async def test_the_text_size_is_remembered_without_a_flash(demo, open_screen):
    for script in (True, False):
        karim = await open_screen(demo, script=script)
        await enter(karim, "bénévole")
        normal = await karim.page.evaluate("getComputedStyle(document.documentElement).fontSize") if script else "18px"
        await karim.page.locator("#taille-3").check(force=True)
        if script:
            await karim.page.wait_for_load_state("networkidle")
        else:
            # The button is wholly there, inside the header, not cut off by it.
            button, header = [
                await karim.page.locator(one).bounding_box() for one in (".taille .garder", "header.tete")
            ]
            assert button["x"] + button["width"] <= header["x"] + header["width"]
            await karim.press("Garder", exact=True)
        assert 'id="taille-3" value="3" checked' in await (await karim.context.request.get(demo.url + "/")).text()
        await karim.go("/chez-moi")
        assert await karim.page.locator("#taille-3").is_checked()
        if script:
            assert normal == "18px"
            assert await karim.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "25px"
        await karim.page.locator("#taille-1").check(force=True)
        if script:
            await karim.page.wait_for_load_state("networkidle")
        else:
            await karim.press("Garder", exact=True)


async def test_a_refused_reply_stays_in_its_field(demo, open_screen):
    karim = await open_screen(demo)
    await enter(karim, "bénévole")
    await karim.go("/?genre=bon-plan")
    await karim.page.locator("article h3 a").first.click()
    await karim.page.fill("#reponse", "Appelez-moi au 06 39 98 41 12")
    await karim.press("Envoyer")
    await karim.page.locator("#reponse-faute").wait_for()
    assert await karim.page.input_value("#reponse") == "Appelez-moi au 06 39 98 41 12"
    assert karim.wrong == []


async def test_a_body_too_large_is_explained_and_stays(demo, open_screen):
    karim = await open_screen(demo)
    await enter(karim, "bénévole")
    await karim.go("/?genre=bon-plan")
    await karim.page.locator("article h3 a").first.click()
    await karim.page.locator("#reponse").evaluate("e => { e.value = 'x'.repeat(100_000) }")
    await karim.press("Envoyer")
    await karim.page.locator("#mots .annonce").wait_for()
    assert await karim.says("C’est trop lourd pour le tableau")
    assert len(await karim.page.input_value("#reponse")) == 100_000


# Bytes on the wire (without headers): the page, its style sheets and scripts; scripts asked for after load.
WEIGHED = """() => {
  const [page] = performance.getEntriesByType("navigation")
  const sizes = { document: page.encodedBodySize, css: 0, js: 0, "later js": 0 }
  for (const one of performance.getEntriesByType("resource")) {
    const [, kind] = new URL(one.name).pathname.match(/\\.(css|js)$/) ?? []
    if (kind) sizes[kind === "js" && one.startTime > page.loadEventStart ? "later js" : kind] += one.encodedBodySize
  }
  return sizes
}"""


async def test_the_first_visit_is_light_and_stays_at_home(demo, open_screen):
    karim = await open_screen(demo, width=390)
    await enter(karim, "bénévole")
    # What the pages before asked for must have come, or it would be weighed too.
    await karim.page.wait_for_load_state("networkidle")
    await karim.page.goto("about:blank")
    karim.requests.clear()
    session = await karim.context.new_cdp_session(karim.page)
    await session.send("Network.clearBrowserCache")
    kinds = "service_workers,cache_storage,indexeddb"
    await session.send("Storage.clearDataForOrigin", {"origin": demo.url, "storageTypes": kinds})
    await karim.page.goto(demo.url + "/", wait_until="networkidle")
    sizes = await karim.page.evaluate(WEIGHED)
    print("on the wire:", sizes)
    assert sizes["document"] + sizes["css"] <= 20 * 1024
    assert 0 < sizes["js"] <= 20 * 1024
    # What the pocket needs, and what leaving or sending meanwhile needs, comes when the page has come to rest.
    assert sizes["js"] < sizes["js"] + sizes["later js"] <= 34 * 1024
    assert {url.split("/")[2] for url in karim.requests} == {demo.url.split("/")[2]}


async def test_ten_megabytes_get_their_sentence_over_a_real_connection(demo, open_screen):
    karim = await open_screen(demo)
    await enter(karim, "bénévole")
    answer = await karim.context.request.post(
        demo.url + "/ecrire/bon-plan",
        data="title=" + "x" * 10_000_000,
        headers={"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status == 413
    assert "C’est trop lourd pour le tableau" in await answer.text()


async def test_an_hour_that_is_past_is_not_offered(demo, open_screen):
    odette = await open_screen(demo)
    await enter(odette, "voisine de 82 ans")
    await odette.go("/ecrire/rendez-vous")
    hours = "[...document.querySelectorAll('#starts_at_hour option')].filter(one => one.value && !one.disabled).length"
    today = await odette.page.locator("past-hours").get_attribute("data-today")
    all_day = await odette.page.evaluate(hours)
    await odette.page.evaluate("document.querySelector('past-hours').dataset.now = '14:10'")
    if not await odette.page.locator(f"#starts_at_day option[value='{today}']").count():
        await odette.page.evaluate(
            "today => document.querySelector('#starts_at_day').add(new Option(today, today))", today
        )
    await odette.page.select_option("#starts_at_hour", "09:00")
    await odette.page.select_option("#starts_at_day", today)
    # From 14:30 to 23:30; what was chosen is chosen again.
    assert (all_day, await odette.page.evaluate(hours)) == (36, 19)
    assert await odette.page.input_value("#starts_at_hour") == ""
    await odette.page.select_option("#starts_at_day", index=2)
    assert await odette.page.evaluate(hours) == 36
    assert odette.wrong == []
