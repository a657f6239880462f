"""Putting Palier on a screen, entering there, and being shared to: what the server does for it."""

import io
import re
from collections import defaultdict
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from PIL import Image

from server.base import keys
from server.base.columns import now
from server.people.key import OWN_LIFE, Key
from server.posts.post import Post
from server.posts.track import Track
from server.views.web.assets import assets
from tests.support.makers import set_clock
from tests.support.people import Browser, browser_of, everybody, form_key, words

pytestmark = pytest.mark.one_engine

HERE = "/chez-moi/autre-ecran"
AGENTS = {
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Safari/604.1": "iphone",
    "Mozilla/5.0 (iPad; CPU OS 16_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1": "iphone",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36": "android",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36": "ordinateur",
    "": "ordinateur",
}


@pytest.mark.parametrize("agent", AGENTS)
async def test_the_steps_are_those_of_the_device_that_asks(agent):
    people = await everybody()
    page = await people.stranger.get("/installer", headers={"User-Agent": agent})
    assert f'href="/installer/{AGENTS[agent]}" aria-current="page"' in page.text
    assert page.text.count('aria-current="page"') == 1


async def test_every_tab_opens_inside_and_outside_and_leads_to_the_alerts():
    people = await everybody()
    for path in ("iphone", "android", "ordinateur"):
        for browser in (people.stranger, people.karim, people.marguerite):
            page = await browser.get(f"/installer/{path}")
            assert page.status_code == 200 and "Poser Palier sur votre écran" in words(page)
            assert "palier.test" in words(page) or path == "ordinateur"
            assert "Dites oui aux alertes" in words(page)
            # A trial is made at home, by whoever is in.
            assert ('href="/chez-moi#alertes"' in page.text) == (browser is not people.stranger)
    assert (await people.stranger.get("/installer/minitel")).status_code == 404


async def test_an_iphone_is_told_that_the_application_starts_outside():
    people = await everybody()
    inside, outside = await people.karim.get("/installer/iphone"), await people.stranger.get("/installer/iphone")
    for page in (inside, outside):
        assert "l’application ne sait pas ce que Safari savait" in words(page) and "Lire un carré" in words(page)
    assert f'href="{HERE}"' in inside.text and f'href="{HERE}"' not in outside.text
    assert 'href="/installer"' in (await people.karim.get("/chez-moi")).text


async def test_the_board_holds_the_card_unseen_and_only_where_it_begins():
    people = await everybody()
    assert (await people.karim.get("/")).text.count("<install-card hidden") == 1
    for path in ("/?genre=bon-plan", "/?pres=1", "/chez-moi"):
        assert "install-card" not in (await people.karim.get(path)).text


async def made_by(people, who: str) -> tuple[str, str]:
    """Make a key on somebody's screen: its token, which is drawn as a square, and the code that the page shows."""
    assert (await people.browsers[who].post(HERE)).headers["location"] == HERE
    page = await people.browsers[who].get(HERE)
    code = re.search(r'class="cle" id="[^"]+">([^<]+)<', page.text).group(1)
    own = await Key.own_of(people.members[who].id)
    assert code == keys.in_groups(keys.code_for(own["id"])) and 'class="qr"' in page.text
    return keys.token_for("self", own["id"]), code


async def test_looking_makes_no_key_and_a_reload_shows_the_same():
    people = await everybody()
    for _ in range(2):
        page = await people.karim.get(HERE)
        assert "Faire la clé" in words(page) and 'class="cle"' not in page.text
    assert await Key.count() == 0
    _, code = await made_by(people, "karim")
    for _ in range(3):
        page = await people.karim.get(HERE)
        assert code in page.text and await Key.count() == 1
        assert "no-store" in page.headers["cache-control"] and page.headers["referrer-policy"] == "strict-origin"
    assert code not in (await people.odette.get(HERE)).text


@pytest.mark.parametrize("way", ["square", "code", "pasted"])
async def test_the_key_opens_once_by_its_square_or_by_its_code(way):
    people = await everybody()
    token, code = await made_by(people, "karim")
    typed = {"code": code, "pasted": f"  {code.lower().replace(' ', chr(0xA0))}\n"}.get(way, "")

    async def enter(other: Browser):
        return await (other.post(f"/cle/{token}") if way == "square" else other.post("/entrer", {"code": typed}))

    other = Browser()
    assert "Karim Benali" in words(await other.get(f"/cle/{token}"))
    assert (await enter(other)).headers["location"] == "/"
    assert "Karim Benali" in words(await other.get("/chez-moi"))
    assert (await enter(Browser())).status_code in (404, 422)
    # Neither half of it is left.
    assert (await Browser().get(f"/cle/{token}")).status_code == 404
    assert (await Browser().post("/entrer", {"code": code})).status_code == 422
    assert "Faire la clé" in words(await people.karim.get(HERE))


async def test_the_key_ends_after_ten_minutes(monkeypatch):
    people = await everybody()
    assert timedelta(minutes=10) == OWN_LIFE
    token, code = await made_by(people, "karim")
    set_clock(monkeypatch, now() + OWN_LIFE + timedelta(seconds=1))
    assert (await Browser().get(f"/cle/{token}")).status_code == 404
    assert (await Browser().post(f"/cle/{token}")).status_code == 404
    refused = await Browser().post("/entrer", {"code": code})
    assert refused.status_code == 422 and "dix minutes" in words(refused)
    assert "Faire la clé" in words(await people.karim.get(HERE))
    await Key.forget()
    assert await Key.count() == 0


async def test_another_key_voids_the_former_and_leaves_the_card_alone():
    people = await everybody()
    card = await Key.new_card(people.members["karim"].id)
    first, second = await made_by(people, "karim"), await made_by(people, "karim")
    assert (await Browser().get(f"/cle/{first[0]}")).status_code == 404
    assert (await Browser().post("/entrer", {"code": first[1]})).status_code == 422
    assert (await Browser().post("/entrer", {"code": second[1]})).status_code == 303
    assert (await Browser().post("/entrer", {"code": keys.code_for(card)})).status_code == 303
    await made_by(people, "karim")
    assert (await Key.card_of(people.members["karim"].id))["id"] == card


async def test_closing_a_device_voids_a_key_that_may_have_been_made_on_it():
    people = await everybody()
    stolen = await browser_of(people.members["karim"])
    await stolen.post(HERE)
    token = keys.token_for("self", (await Key.own_of(people.members["karim"].id))["id"])
    home = await people.karim.get("/chez-moi")
    await people.karim.post(re.search(r'href="(/chez-moi/appareils/[^"]+)"', home.text).group(1), {"perdu": "non"})
    assert (await stolen.get("/")).headers["location"] == "/entrer"
    assert (await Browser().get(f"/cle/{token}")).status_code == 404

    token, _ = await made_by(people, "odette")
    await people.amelie.post(f"/voisins/{people.members['odette'].id}/appareils/fermeture")
    assert (await Browser().get(f"/cle/{token}")).status_code == 404


async def test_the_database_holds_no_key_that_opens():
    people = await everybody()
    token, code = await made_by(people, "karim")
    row = str(await Key.select().first())
    assert token not in row and code.replace(" ", "") not in row
    assert keys.digest(token) in row


async def test_a_playlist_is_put_up_with_the_link_of_its_song():
    people = await everybody()
    page = await people.karim.get("/ecrire/partage")
    link = "https://open.spotify.com/track/1?si=a&b=c"
    form = {
        "cle": form_key(page), "title": "Pour la vaisselle", "body": "", "track_title_1": "La mer",
        "track_artist_1": "Trenet", "track_link_1": link,
    }  # fmt: skip
    half = await people.karim.post("/ecrire/playlist", form | {"track_artist_1": ""})
    assert half.status_code == 422 and "si=a&amp;b=c" in half.text
    alone = await people.karim.post("/ecrire/playlist", form | {"track_title_1": "", "track_artist_1": ""})
    assert alone.status_code == 422 and "si=a&amp;b=c" in alone.text
    spoilt = await people.karim.post("/ecrire/playlist", form | {"track_link_1": "javascript:alert(1)"})
    assert spoilt.status_code == 422
    done = await people.karim.post("/ecrire/playlist", form)
    post = (await Post.objects().first()).id
    assert done.headers["location"] == f"/avis/{post}"
    assert [track["link"] for track in await Track.of(post)] == [link]
    assert "open.spotify.com/track/1" in (await people.odette.get(f"/avis/{post}")).text


async def test_words_come_along_from_a_song_to_a_tip_and_back():
    people = await everybody()
    song = {"title": "", "track_title_1": "La mer", "track_link_1": "https://deezer.com/1", "body": "Du bleu"}
    tip = await people.karim.get("/ecrire/bon-plan", params=song)
    assert 'name="title" type="text" value="La mer"' in tip.text
    assert 'name="link" type="text" value="https://deezer.com/1"' in tip.text and "Du bleu" in tip.text
    back = await people.karim.get("/ecrire/playlist", params={"title": "La mer", "link": "https://deezer.com/1"})
    assert 'name="track_link_1" type="text" value="https://deezer.com/1"' in back.text
    assert 'name="track_link' not in (await people.karim.get("/ecrire/playlist")).text


async def test_what_did_not_come_along_keeps_its_default():
    people = await everybody()
    asked = await people.karim.get("/ecrire/demande-d-aide")
    assert 'name="place" type="text" value="rue des Lilas"' in asked.text


async def test_what_is_shared_is_not_written_by_the_server():
    people = await everybody()
    page = await people.karim.get("/ecrire/partage", params={"title": "Canari", "text": "<b>Canari</b>", "url": "x"})
    assert page.status_code == 200 and "Canari" not in page.text
    assert 'action="/ecrire/bon-plan"' in page.text.split("<template>")[0]
    assert 'action="/ecrire/playlist"' in page.text.split("<template>")[1]


async def test_the_manifest_keeps_what_it_promises():
    people = await everybody()
    manifest = (await people.stranger.get("/manifest.json")).json()
    assert manifest["start_url"].startswith(manifest["scope"]) and manifest["id"].startswith("/")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable", "monochrome"}
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"] if icon["purpose"] == "any"}
    pictures = [*manifest["icons"], *manifest["screenshots"]]
    for shortcut in manifest["shortcuts"]:
        assert shortcut["name"] and shortcut["url"].startswith(manifest["scope"])
        assert (await people.karim.get(shortcut["url"])).status_code == 200
        pictures += shortcut["icons"]
    for picture in pictures:
        answer = await people.stranger.get(picture["src"])
        drawn = Image.open(io.BytesIO(answer.content))
        drawn.load()
        assert picture["sizes"] == "{}x{}".format(*drawn.size)
        assert Image.MIME[drawn.format] == picture["type"] == answer.headers["content-type"]
        assert len(answer.content) < 120_000


async def test_the_screenshots_are_what_an_installer_takes():
    people = await everybody()
    manifest = (await people.stranger.get("/manifest.json")).json()
    english = (await people.stranger.get("/manifest.json", headers={"Accept-Language": "en"})).json()
    sizes = defaultdict(set)
    for shot, other in zip(manifest["screenshots"], english["screenshots"], strict=True):
        width, height = map(int, shot["sizes"].split("x"))
        assert min(width, height) >= 320 and max(width, height) <= 3840
        assert max(width, height) <= 2.3 * min(width, height)
        assert (width < height) == (shot["form_factor"] == "narrow")
        assert shot["label"] and other["label"] and shot["label"] != other["label"]
        sizes[shot["form_factor"]].add((width, height))
    assert {factor: len(some) for factor, some in sizes.items()} == {"narrow": 1, "wide": 1}


async def test_the_place_to_share_to_is_a_page_of_members():
    people = await everybody()
    manifest = (await people.stranger.get("/manifest.json")).json()
    target = manifest["share_target"]
    assert target["method"] == "GET" and set(target["params"]) == {"title", "text", "url"}
    assert urlsplit(target["action"]).path.startswith(manifest["scope"])
    assert "<shared-words>" in (await people.karim.get(target["action"])).text
    assert (await people.stranger.get(target["action"])).headers["location"] == "/entrer"


async def test_the_worker_carries_no_picture_and_no_decoder():
    people = await everybody()
    worker = (await people.stranger.get("/sw.js")).text.split("ASSETS = ")[1].splitlines()[0]
    assert "qr-reader.js" in worker and "install-card.js" in worker
    assert not re.search(r"vendor/qr-|\.png|screens/", worker)
    assert {"vendor/qr-0.7.0/decode.js", "screens/wide-board.png"} <= set(assets().files)
