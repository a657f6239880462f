"""Installing, entering in an installed application, being shared to: in a real Chromium."""

import io
import json
import random
import re
from urllib.parse import urlencode

import pytest
import segno
from PIL import Image, ImageDraw, ImageFilter

from tests.browser.support.page_faults import faults_of
from tests.browser.support.screens import Screen, enter

MINUTE, DAY = 60_000, 86_400_000
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Safari/604.1"
MEMORY = "JSON.parse(localStorage.getItem('palier-install'))"
# Counts how often the page asks to be kept, in place of the browser that would decide.
COUNT_ASKING = """
  window.asked = 0
  navigator.storage.persisted = async () => false
  navigator.storage.persist = async () => { window.asked++; return true }
"""
ASKED = """new Promise(resolve => {
  const look = () => window.asked ? resolve(window.asked) : setTimeout(look, 20)
  look()
})"""
STANDALONE = """
  const real = window.matchMedia
  window.matchMedia = query => query.includes("standalone") ? { matches: true } : real.call(window, query)
"""
CAN_INSTALL = """() => {
  const event = new Event("beforeinstallprompt", { cancelable: true })
  event.prompt = async () => { window.prompted = (window.prompted ?? 0) + 1 }
  dispatchEvent(event)
  return event.defaultPrevented
}"""


@pytest.fixture
async def open_plain(chromium):
    """Opens windows without a service worker, whose own requests a test cannot answer; ``options`` of the context."""
    contexts = []

    async def make(server, **options) -> Screen:
        contexts.append(await chromium.new_context(service_workers="block", locale="fr-FR", **options))
        return Screen(contexts[-1], await contexts[-1].new_page(), server, "A")

    yield make
    for context in contexts:
        await context.close()


async def come_in(screen) -> None:
    """Sign in, and wait for the board."""
    await enter(screen, "bénévole")
    await screen.page.wait_for_url(screen.server.url + "/")
    await screen.page.wait_for_load_state()


async def later(screen, ago: int) -> None:
    """Let this long go by since what the card remembers, then open the board."""
    await screen.page.evaluate(
        f"""(ago) => {{
          const known = {MEMORY}
          known.last -= ago
          if (known.quietUntil) known.quietUntil -= ago
          localStorage.setItem("palier-install", JSON.stringify(known))
        }}""",
        ago,
    )
    await screen.go("/")


async def shown(screen) -> bool:
    """Whether the card is there to be seen."""
    return await screen.page.locator("install-card section").is_visible()


async def at_home(screen) -> None:
    """Sign in, and come back after an hour."""
    await come_in(screen)
    await later(screen, 60 * MINUTE)


async def test_the_card_waits_for_a_second_visit_and_keeps_quiet_for_a_month(demo, open_screen):
    screen = await open_screen(demo, width=390)
    await come_in(screen)
    assert not await shown(screen)
    await later(screen, 29 * MINUTE)
    assert not await shown(screen), "the same visit goes on"
    await later(screen, 31 * MINUTE)
    assert await shown(screen)
    assert await screen.page.locator("install-card").get_by_role("link").get_attribute("href") == "/installer"
    await screen.press("Plus tard")
    assert not await shown(screen)
    await later(screen, 29 * DAY)
    assert not await shown(screen)
    await later(screen, 2 * DAY)
    assert await shown(screen)
    assert screen.wrong == []


@pytest.mark.parametrize("options", [{"width": 1280, "night": True}, {"width": 320, "size": "A++"}])
async def test_the_card_is_accessible_and_large_enough(options, demo, open_screen):
    screen = await open_screen(demo, **options)
    await at_home(screen)
    assert await faults_of(screen, "/") == []
    assert await shown(screen)


async def test_the_card_is_there_again_after_the_board_was_sorted(demo, open_screen):
    screen = await open_screen(demo)
    await at_home(screen)
    await screen.page.locator("summary", has_text="Trier").click()
    await screen.press("Bon plan")
    await screen.page.wait_for_url("**/?genre=bon-plan")
    assert await screen.page.locator("install-card").count() == 0
    await screen.press("Tout", exact=True)
    await screen.page.locator("install-card section").wait_for()


async def test_chromium_s_own_offer_becomes_a_button(demo, open_screen):
    screen = await open_screen(demo)
    await at_home(screen)
    assert await screen.page.evaluate(CAN_INSTALL)
    card = screen.page.locator("install-card")
    assert await card.get_by_role("link").count() == 0
    await card.get_by_role("button", name="Installer").click()
    assert await screen.page.evaluate("window.prompted") == 1
    assert not await shown(screen)
    await later(screen, 60 * MINUTE)
    assert not await shown(screen), "it was answered"


async def test_on_a_first_visit_the_browser_s_own_offer_is_left_alone(demo, open_screen):
    screen = await open_screen(demo)
    await come_in(screen)
    assert not await screen.page.evaluate(CAN_INSTALL)
    assert not await shown(screen)


async def test_on_an_iphone_the_card_leads_to_the_drawings(demo, open_plain):
    screen = await open_plain(demo, user_agent=IPHONE, viewport={"width": 390, "height": 844})
    await at_home(screen)
    assert "Safari" in await screen.page.locator("install-card p").inner_text()
    await screen.press("Voir comment faire")
    assert await screen.says("Touchez le carré avec une flèche")


async def test_only_the_application_asks_to_be_kept_for_good(demo, open_screen):
    screen = await open_screen(demo)
    await screen.context.add_init_script(COUNT_ASKING)
    await at_home(screen)
    assert await shown(screen) and await screen.page.evaluate("window.asked") == 0
    await screen.page.evaluate("dispatchEvent(new Event('appinstalled'))")
    assert await screen.page.evaluate(ASKED) == 1
    assert not await shown(screen)
    await screen.context.add_init_script(STANDALONE)
    await later(screen, 40 * DAY)
    assert await screen.page.evaluate(ASKED) == 1
    assert not await shown(screen)


async def test_where_nothing_can_be_remembered_there_is_no_card_and_no_error(demo, open_screen):
    screen = await open_screen(demo)
    await screen.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    await come_in(screen)
    for _ in range(2):
        await screen.go("/")
        assert not await shown(screen)
    assert screen.wrong == []


async def test_chromium_finds_nothing_missing_for_an_installation(demo, open_screen):
    screen = await open_screen(demo)
    await come_in(screen)
    await screen.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    devtools = await screen.context.new_cdp_session(screen.page)
    read = await devtools.send("Page.getAppManifest")
    assert read["errors"] == [] and json.loads(read["data"])["share_target"]["action"] == "/ecrire/partage"
    missing = await devtools.send("Page.getInstallabilityErrors")
    # A window of the tests is one of a private profile, which is all that Chromium holds against us.
    assert [one["errorId"] for one in missing["installabilityErrors"] if one["errorId"] != "in-incognito"] == []


# A QR square, as a telephone sees it.


def square(text: str, side: int = 420) -> Image.Image:
    """The square of a text, with its white edge."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=10, border=4)
    return Image.open(drawn).convert("RGB").resize((side, side), Image.Resampling.BILINEAR)


def photo(
    *squares: tuple[Image.Image, tuple[int, int]], angle: int = 0, blur: float = 0, noise: int = 0
) -> Image.Image:
    """Squares on a table full of other things."""
    rough = random.Random(7)
    table = Image.new("RGB", (1600, 1200), "#c8b496")
    pen = ImageDraw.Draw(table)
    for _ in range(50):
        x, y = rough.randrange(1600), rough.randrange(1200)
        pen.rectangle((x, y, x + rough.randrange(180), y + rough.randrange(70)), fill=rough.randrange(0xFFFFFF))
    for one, place in squares:
        turned = one.convert("RGBA").rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
        table.paste(turned, place, turned)
    table = table.filter(ImageFilter.GaussianBlur(blur)) if blur else table
    return Image.blend(table, Image.effect_noise(table.size, noise).convert("RGB"), 0.25) if noise else table


def file_of(picture: Image.Image, kind: str = "JPEG") -> dict:
    """The picture as a file that is chosen."""
    written = io.BytesIO()
    picture.save(written, kind)
    return {"name": f"photo.{kind.lower()}", "mimeType": f"image/{kind.lower()}", "buffer": written.getvalue()}


async def show_photo(screen, file: dict) -> None:
    """Open the entrance, and choose this photo."""
    await screen.go("/entrer")
    await screen.page.locator("qr-reader input").set_input_files(file)


READABLE = {
    "straight": {}, "turned": {"angle": 33}, "on its side": {"angle": 90}, "upside down": {"angle": 180},
    "blurred": {"blur": 3}, "noisy": {"noise": 60}, "all of it": {"angle": 17, "blur": 1.5, "noise": 30},
}  # fmt: skip


@pytest.mark.parametrize("how", READABLE)
async def test_a_square_in_a_photo_opens_its_page(how, demo, open_screen):
    screen = await open_screen(demo, width=390)
    file = file_of(photo((square(f"{demo.url}/cle/ABCDEFGHJKMNPQRSTUVWXYZ2345"), (500, 330)), **READABLE[how]))
    await show_photo(screen, file)
    await screen.page.wait_for_url("**/cle/ABCDEFGHJKMNPQRSTUVWXYZ2345")
    assert await screen.says("Cette clé n’ouvre plus")
    assert screen.wrong == []


async def test_a_large_photo_with_a_small_square(demo, open_screen):
    screen = await open_screen(demo, width=390)
    large = photo().resize((4000, 3000))
    large.paste(square(f"{demo.url}/cle/ABCDEFGHJKMNPQRSTUVWXYZ2345", 220), (3000, 400))
    await show_photo(screen, file_of(large))
    await screen.page.wait_for_url("**/cle/ABCDEFGHJKMNPQRSTUVWXYZ2345")


@pytest.mark.parametrize("ours_first", [True, False])
async def test_of_two_squares_ours_is_the_one(ours_first, demo, open_screen):
    screen = await open_screen(demo)
    ours, other = square(f"{demo.url}/cle/ABCDEFGHJKMNPQRSTUVWXYZ2345"), square("https://ailleurs.example/", 520)
    here, there = ((120, 300), (900, 340)) if ours_first else ((1000, 340), (150, 300))
    await show_photo(screen, file_of(photo((ours, here), (other, there))))
    await screen.page.wait_for_url("**/cle/ABCDEFGHJKMNPQRSTUVWXYZ2345")


ELSEWHERE = (
    "https://ailleurs.example/cle/ABCDEFGHJKMNPQRSTUVWXYZ2345", "{other}/cle/ABCDEFGHJKMNPQRSTUVWXYZ2345",
    "{here}/chez-moi/depart", "{here}/cle/../chez-moi/depart", "{here}/cle/ABCDEFGHJK/x",
    "{here}@ailleurs.example/cle/AB",
    "javascript:alert(1)", "/cle/ABCDEFGHJKMNPQRSTUVWXYZ2345", "WIFI:S:palier;;", "bonjour",
)  # fmt: skip


@pytest.mark.parametrize("text", ELSEWHERE)
async def test_another_square_opens_nothing_and_is_called_so(text, demo, open_screen):
    screen = await open_screen(demo)
    other = demo.url.replace("localhost", "127.0.0.1")
    await show_photo(screen, file_of(photo((square(text.format(here=demo.url, other=other)), (500, 330)))))
    await screen.page.get_by_text("Ce carré n’ouvre pas ce palier").wait_for()
    assert screen.page.url == f"{demo.url}/entrer"
    assert all(url.startswith(demo.url) for url in screen.requests)


async def test_no_square_and_no_photo_are_said_and_one_tries_again(demo, open_screen):
    screen = await open_screen(demo, width=390)
    await show_photo(screen, file_of(photo()))
    await screen.page.get_by_text("Aucun carré lisible").wait_for()
    field = screen.page.locator("qr-reader input")
    await field.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8 not a photo"})
    await screen.page.get_by_text("n’est pas une photo que l’on sait lire").wait_for()
    await field.set_input_files(file_of(photo((square(f"{demo.url}/cle/ABCDEFGHJKMNPQRSTUVWXYZ2345"), (500, 330)))))
    await screen.page.wait_for_url("**/cle/ABCDEFGHJKMNPQRSTUVWXYZ2345")
    assert screen.wrong == []


async def test_the_decoder_comes_only_when_it_is_wanted_and_the_photo_goes_nowhere(demo, open_screen):
    screen = await open_screen(demo)
    sent = []
    screen.page.on("request", lambda request: sent.append((request.method, request.url)))
    await screen.go("/entrer")
    await screen.page.wait_for_load_state("networkidle")
    assert not any("vendor/qr-" in url for _, url in sent)
    sent.clear()
    await screen.page.locator("qr-reader input").set_input_files(file_of(photo()))
    await screen.page.get_by_text("Aucun carré lisible").wait_for()
    # Whatever else a page at rest still fetches is no matter of the photo's.
    assert {"decode.js", "index.js"} <= {url.rsplit("/", 1)[1] for _, url in sent}
    assert {method for method, _ in sent} == {"GET"}


async def test_without_network_the_reader_says_so(demo, open_plain):
    screen = await open_plain(demo)
    await screen.go("/entrer")
    await screen.page.route("**/vendor/qr-*/**", lambda route: route.abort())
    await screen.page.locator("qr-reader input").set_input_files(file_of(photo()))
    await screen.page.get_by_text("Le réseau manque").wait_for()


async def test_without_javascript_there_is_no_reader_and_the_code_is_enough(demo, open_screen):
    screen = await open_screen(demo, script=False)
    await screen.go("/entrer")
    assert not await screen.page.locator("qr-reader").is_visible()
    assert await screen.page.locator("#code").is_visible()


async def make_key(screen) -> None:
    """Make a key for another screen."""
    await screen.go("/chez-moi")
    await screen.page.get_by_role("link", name="L’ouvrir").click()
    await screen.press("Faire la clé")
    await screen.page.locator(".qr").wait_for()


@pytest.mark.parametrize(("size", "night"), [("A", False), ("A++", True)])
async def test_one_screen_lets_the_other_in_by_what_it_shows(size, night, demo, open_screen):
    old, new = await open_screen(demo, night=night, size=size), await open_screen(demo, width=390)
    await come_in(old)
    await make_key(old)
    seen = Image.open(io.BytesIO(await old.page.screenshot(full_page=True)))
    await show_photo(new, file_of(seen, "PNG"))
    await new.page.wait_for_url("**/cle/*")
    await new.press("Entrer", exact=True)
    await new.page.wait_for_url(demo.url + "/")
    await old.page.reload()
    assert await old.says("Faire la clé"), "it was used"


async def test_on_one_telephone_the_code_is_copied_and_pasted(demo, open_screen):
    browser, application = await open_screen(demo, width=390), await open_screen(demo, width=390)
    for screen in (browser, application):
        await screen.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await come_in(browser)
    await make_key(browser)
    await browser.press("Copier le code")
    await browser.page.get_by_text("Code copié.").wait_for()
    # Windows of the tests each have a clipboard of their own.
    copied = await browser.page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"(\w{4} ){3}\w{4}", copied)
    await application.go("/entrer")
    await application.page.locator("#code").focus()
    await application.page.keyboard.insert_text(copied)
    await application.press("Entrer", exact=True)
    await application.page.wait_for_url(demo.url + "/")


# What other applications share, as they really do.

SHARED = {
    "a page of Chrome": (
        {"title": "Le marché de Gerland", "text": "https://exemple.fr/marche"},
        {"title": "Le marché de Gerland", "link": "https://exemple.fr/marche", "body": ""},
    ),
    "with url": (
        {"title": "Le marché", "text": "Tous les jeudis.\nÀ l’ombre.", "url": "https://exemple.fr/m?a=1&b=é"},
        {"title": "Le marché", "link": "https://exemple.fr/m?a=1&b=é", "body": "Tous les jeudis.\nÀ l’ombre."},
    ),
    "no title": (
        {"text": "Le pain est bon ici.\nAllez-y tôt : https://exemple.fr/pain."},
        {"title": "Le pain est bon ici.", "link": "https://exemple.fr/pain", "body": "Allez-y tôt : ."},
    ),
    "an address alone": ({"text": "http://exemple.fr"}, {"title": "", "link": "http://exemple.fr", "body": ""}),
    "words alone": ({"text": "À méditer"}, {"title": "À méditer", "link": "", "body": ""}),
    "said twice": (
        {"title": "Le marché", "text": "Le marché https://exemple.fr/a", "url": "https://exemple.fr/a"},
        {"title": "Le marché", "link": "https://exemple.fr/a", "body": ""},
    ),
    "a long title": (
        {"title": "mot " * 40},
        {"title": ("mot " * 22).strip() + "…", "link": "", "body": ("mot " * 40).strip()},
    ),
    "markup": (
        {"title": "<img src=x onerror=alert(1)>", "text": "</textarea><script>alert(1)</script>"},
        {
            "title": "<img src=x onerror=alert(1)>",
            "link": "",
            "body": "</textarea><script>alert(1)</script>",
        },
    ),
    "no address of ours": (
        {"title": "Cliquez", "text": "data:text/html,x", "url": "javascript:alert(1)"},
        {"title": "Cliquez", "link": "", "body": "data:text/html,x\njavascript:alert(1)"},
    ),
    "a name in the address": (
        {"title": "Cliquez", "url": "https://moi@exemple.fr/"},
        {"title": "Cliquez", "link": "", "body": "https://moi@exemple.fr/"},
    ),
    "brackets": (
        {"title": "Pavillon", "text": "Voir (https://fr.exemple.org/wiki/Gerland_(Lyon))"},
        {"title": "Pavillon", "link": "https://fr.exemple.org/wiki/Gerland_(Lyon)", "body": "Voir ()"},
    ),
    "no sign that a form refuses": ({"text": "a\0b\tc"}, {"title": "a b c", "link": "", "body": ""}),
}  # fmt: skip
SONGS = {
    "Spotify": ({"text": "Écoute La mer https://open.spotify.com/track/1?si=a"}, "Écoute La mer", "https://open.spotify.com/track/1?si=a"),
    "Deezer": ({"title": "La mer", "text": "https://link.deezer.com/s/1"}, "La mer", "https://link.deezer.com/s/1"),
    "Bandcamp": ({"title": "La mer", "url": "https://trenet.bandcamp.com/a"}, "La mer", "https://trenet.bandcamp.com/a"),
}  # fmt: skip


async def fields(screen) -> dict[str, str]:
    """What the form holds, on one whole sheet."""
    assert await screen.page.locator("#composeur").count() == 1
    return await screen.page.evaluate("Object.fromEntries(new FormData(document.querySelector('#composeur')))")


async def kept_copy(screen, demo) -> list[str]:
    """What a worker does without network: the page it kept without a query, for every query; a list of those."""
    kept = await (await screen.context.request.get(demo.url + "/ecrire/partage")).body()
    asked: list[str] = []

    async def answer(route) -> None:
        asked.append(route.request.url)
        await route.fulfill(body=kept, content_type="text/html; charset=utf-8")

    await screen.page.route("**/ecrire/partage?*", answer)
    return asked


@pytest.mark.parametrize("kept", [False, True], ids=["online", "kept"])
async def test_what_is_shared_is_on_the_sheet(kept, demo, open_plain):
    screen = await open_plain(demo, viewport={"width": 390, "height": 844})
    await come_in(screen)
    asked = await kept_copy(screen, demo) if kept else []
    for name, (words, wanted) in SHARED.items():
        await screen.go("/ecrire/partage?" + urlencode(words))
        found = await fields(screen)
        assert {one: found[one].replace("\r\n", "\n") for one in wanted} == wanted, name
        assert screen.page.url.startswith(demo.url + "/ecrire/partage?")
    for name, (words, title, link) in SONGS.items():
        await screen.go("/ecrire/partage?" + urlencode(words))
        found = await fields(screen)
        assert (found["track_title_1"], found["track_link_1"]) == (title, link), name
        assert await screen.page.locator("#genre-playlist").get_attribute("aria-current") == "page"
        assert await screen.page.locator(".genres [aria-current]").count() == 1
    assert len(asked) == (len(SHARED) + len(SONGS) if kept else 0)
    assert [wrong for wrong in screen.wrong if "blocked by Playwright" not in wrong] == []
    assert all(url.startswith(demo.url) for url in screen.requests)


async def test_a_host_that_only_looks_like_music_is_a_tip(demo, open_screen):
    screen = await open_screen(demo)
    await come_in(screen)
    for link in ("https://notspotify.com/a", "https://spotify.com.exemple.fr/", "https://exemple.fr/?u=spotify.com"):
        await screen.go("/ecrire/partage?" + urlencode({"text": link}))
        assert (await fields(screen))["link"] == link


async def test_very_much_shared_is_bounded_and_nothing_shared_is_an_empty_sheet(demo, open_screen):
    screen = await open_screen(demo)
    await come_in(screen)
    await screen.go("/ecrire/partage?" + urlencode({"title": "Titre", "text": "🌻" * 3000}))
    body = (await fields(screen))["body"]
    assert body == "🌻" * 2000
    await screen.go("/ecrire/partage")
    assert {(await fields(screen))[name] for name in ("title", "body", "link")} == {""}


async def test_what_was_shared_comes_along_to_another_kind_and_is_put_up(demo, open_screen):
    screen = await open_screen(demo)
    await come_in(screen)
    await screen.go("/ecrire/partage?" + urlencode({"title": "La mer", "text": "https://open.spotify.com/track/1"}))
    await screen.page.locator("#genre-bon-plan").click()
    await screen.page.wait_for_url("**/ecrire/bon-plan")
    await screen.page.locator("#link").wait_for()
    found = await fields(screen)
    assert (found["title"], found["link"]) == ("La mer", "https://open.spotify.com/track/1")
    await screen.press("Afficher sur le tableau")
    await screen.page.wait_for_url("**/avis/*")
    assert await screen.says("Votre avis est affiché") and await screen.says("La mer")
    assert screen.wrong == []
