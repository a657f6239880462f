"""Bad weather on the network: what waits is written exactly once, and a slow page gives way to its copy."""

import os

from PIL import Image

from tests.browser.support.flaky import Weather, half
from tests.browser.support.pocket import KARIM, LEFT, PUT_IN_POCKET, at_rest, fill_tip, hold, put_up, rows, until

# PALIER_ACTIONS=1000 for the long run.
ACTIONS = int(os.environ.get("PALIER_ACTIONS", "100"))
FORM = """<form method="post" action="{action}"><input name="cle" value="{key}"><input name="body" value="Mots">
<input name="title" value="Écrit par un autre site"><input name="place" value="Ici"><button>Cliquez</button></form>"""
KEPT_WORDS = """import("/static/now/js/lib/outbox.js").then(async lib =>
  (await lib.waiting()).map(row => row.form.get("reponse")))"""
COPY = """async path => { for (const name of await caches.keys()) if (name.startsWith("pages"))
  return await (await (await caches.open(name)).match(path)).text() }"""
SENDING = """import("/static/now/js/lib/outbox.js").then(async lib => {
  for (let rounds = 0; rounds < 2000; rounds++) if (await lib.send(true)) return rounds
  return -1 })"""


async def test_a_thousand_actions_end_as_a_thousand_rows(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    tip = await page.locator("article[data-genre=bonplan] h3 a").last.get_attribute("href")
    post = tip.split("/")[-1]
    before = rows(network.server, "SELECT count(*) FROM reply WHERE post = ?", post)[0][0]
    forms = [[f"{tip}/reponses", "reply", {"reponse": f"Réponse numéro {number}"}] for number in range(ACTIONS)]
    # A page that shows no list of what waits.
    await page.goto(network.url + "/charte")
    network.down = True
    await page.evaluate(PUT_IN_POCKET, forms)
    assert await page.evaluate(LEFT) == ACTIONS
    network.down = False
    network.weather = Weather(0.05, 0.05, 0.02, 0.01, on=lambda method, path: method == "POST")
    rounds = await page.evaluate(SENDING)
    made = rows(network.server, "SELECT text FROM reply WHERE post = ? ORDER BY id", post)[before:]
    print(f"{ACTIONS} actions, {rounds} rounds: {dict(network.happened)}")
    assert network.happened["lost"] and network.happened["reset"]
    assert rounds > 0 and await page.evaluate(LEFT) == 0
    # Each once, and in the order in which they were written.
    assert [text for (text,) in made] == [f"Réponse numéro {number}" for number in range(ACTIONS)]


async def test_what_is_kept_within_one_millisecond_keeps_its_order(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    await page.goto(network.url + "/charte")
    network.down = True
    # Their ids are random: by those alone twenty would stand in order once in 20! times.
    await page.evaluate("Date.now = () => 1_790_000_000_000")
    forms = [["/avis/x/reponses", "reply", {"reponse": f"Réponse numéro {number}"}] for number in range(20)]
    await page.evaluate(PUT_IN_POCKET, forms)
    kept = await page.evaluate(KEPT_WORDS)
    assert kept == [form[2]["reponse"] for form in forms]


async def test_a_form_whose_answer_is_lost_is_not_sent_twice(phone, network, tmp_path):
    page = await hold(await phone(), network.server, KARIM)
    tip = await page.locator("article[data-genre=bonplan] h3 a").last.get_attribute("href")
    Image.effect_noise((2400, 1600), 60).convert("RGB").save(tmp_path / "large.jpg")
    network.weather = Weather(lost=1, on=lambda method, path: method == "POST")
    await fill_tip(page, network.url, "Une fois seulement", "Des mots\nsur deux lignes.")
    await page.set_input_files("input[type=file]", tmp_path / "large.jpg")
    await put_up(page, network.url)
    # By htmx, whose lines end otherwise than those of a form.
    await page.goto(network.url + tip)
    await page.fill("#reponse", "Une réponse\nsur deux lignes")
    await page.get_by_role("button", name="Envoyer").click()
    await page.wait_for_url(network.url + "/#poche")
    network.weather = Weather()
    await page.goto(network.url + "/")
    await until(lambda: _empty(page))
    assert rows(network.server, "SELECT count(*) FROM post WHERE title = 'Une fois seulement'") == [(1,)]
    assert rows(network.server, "SELECT count(*) FROM reply WHERE text LIKE 'Une réponse%sur deux lignes'") == [(1,)]


async def test_without_network_nothing_that_was_typed_goes_away(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    await page.goto(network.url + "/chez-moi")
    await page.fill("#nom", "Karim B.")
    network.down = True
    await page.get_by_role("button", name="Garder").first.click()
    await page.get_by_text("rien n’est perdu").wait_for()
    assert await page.input_value("#nom") == "Karim B."
    # Another kind of the composer is reached by its own button.
    await page.goto(network.url + "/ecrire")
    await page.locator("#genre-bon-plan").click()
    await page.wait_for_url(network.url + "/ecrire/bon-plan*")
    assert await page.locator("#composeur[data-genre=bonplan]").count() == 1
    # A gesture on a card says where it went; a take says why it cannot be.
    await page.goto(network.url + "/")
    await page.locator("article form[data-hx-post]:not([action$=annuler]) button").first.click()
    await page.get_by_text("gardé dans votre poche").wait_for()


async def _empty(page) -> bool:
    return await page.evaluate(LEFT) == 0


async def test_a_slow_network_gives_way_to_the_copy_and_then_renews_it(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    title = await page.locator("article h3").first.inner_text()
    network.slow = 4
    await page.goto(network.url + "/", wait_until="commit")
    await page.locator("html[data-network=slow]").wait_for(state="attached")
    assert await page.locator("article h3").first.inner_text() == title
    assert "Le réseau est lent" in await page.locator("offline-band").inner_text()
    # Then the page comes of itself.
    await page.locator("html:not([data-network])").wait_for(state="attached", timeout=20_000)
    network.slow = 0


async def test_a_form_on_a_silent_network_is_told_in_time(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    await page.goto(network.url + "/chez-moi")
    await page.fill("#nom", "Karim B.")
    network.silent = "/"
    await page.get_by_role("button", name="Garder").first.click(no_wait_after=True)
    await page.get_by_text("rien n’est perdu").wait_for(timeout=12_000)
    assert await page.input_value("#nom") == "Karim B."


async def test_half_a_page_never_replaces_the_whole_copy(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    before = await page.evaluate(COPY, "/charte")
    assert before.rstrip().endswith("</html>")
    network.tamper = lambda path, answer: half(answer) if path == "/charte" else answer
    await page.goto(network.url + "/charte")
    # What the worker does with it is done when another page has been kept after it.
    await page.goto(network.url + "/entraide")
    await at_rest(page)
    assert await page.evaluate(COPY, "/charte") == before
    network.down = True
    await page.goto(network.url + "/charte")
    assert await page.locator("main").inner_text()
    assert "Hors connexion" in await page.locator("offline-band").inner_text()


async def test_another_site_cannot_write_through_the_worker(phone, network):
    """A cross-site form must reach the server as cross-site, though the worker looks at every request."""
    context = await phone()
    page = await hold(context, network.server, KARIM)
    evil = network.url.replace("localhost", "127.0.0.1")
    await context.route(
        f"{evil}/piege",
        lambda route: route.fulfill(
            content_type="text/html",
            body=FORM.format(action=f"{network.url}/ecrire/bon-plan", key="x" * 36),
        ),
    )
    await page.goto(f"{evil}/piege")
    await page.get_by_role("button").click()
    await page.wait_for_load_state()
    assert "ne vient pas de Palier" in await page.locator("body").inner_text() or "/entrer" in page.url
    network.weather = Weather(reset=1)
    await page.goto(f"{evil}/piege")
    await page.get_by_role("button").click()
    await until(lambda: page.url.startswith("chrome-error:"), 20)
    network.weather = Weather()
    await page.goto(network.url + "/")
    assert await page.evaluate(LEFT) == 0
    assert not rows(network.server, "SELECT 1 FROM post WHERE title = 'Écrit par un autre site'")


async def test_nothing_polls(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    await at_rest(page)
    await page.wait_for_load_state("networkidle")
    before = len(network.requests)
    await page.wait_for_timeout(6000)
    # But for the browser's own look, once after a page, whether the worker has changed.
    assert [one for one in network.requests[before:] if one != "GET /sw.js"] == []
    assert network.requests[before:].count("GET /sw.js") <= 1


async def test_a_proxy_that_cannot_reach_the_board_is_no_network(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    away = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 4\r\nConnection: close\r\n\r\nAway"
    network.tamper = lambda path, answer: answer if path.startswith("/static/") else away
    await page.goto(network.url + "/")
    assert "Hors connexion" in await page.locator("offline-band").inner_text()
    assert await page.locator("article").count() > 3
    await fill_tip(page, network.url, "Pendant que le tableau redémarre")
    await put_up(page, network.url)
    assert await page.evaluate(LEFT) == 1
