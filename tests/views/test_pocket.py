"""What the server does for a board in the pocket: manifest, worker, who reads, what may be kept."""

import json
import re

from server.views.assets import assets
from tests.help_people import CANARIES, around_a_request, in_state
from tests.people import everybody


async def test_the_manifest_names_the_quartier_and_every_icon_is_there():
    people = await everybody()
    answer = await people.stranger.get("/manifest.json")
    manifest = answer.json()
    assert answer.headers["content-type"] == "application/manifest+json"
    assert manifest["name"] == "Palier, Les Lilas" and manifest["lang"] == "fr"
    assert (manifest["id"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable", "monochrome"}
    for icon in manifest["icons"]:
        picture = await people.stranger.get(icon["src"])
        width = int.from_bytes(picture.content[16:20], "big")
        assert picture.content[:8] == b"\x89PNG\r\n\x1a\n" and icon["sizes"] == f"{width}x{width}"
    for shortcut in manifest["shortcuts"]:
        assert (await people.karim.get(shortcut["url"])).status_code == 200


async def test_the_manifest_speaks_the_reader_s_language():
    people = await everybody()
    manifest = (await people.stranger.get("/manifest.json", headers={"Accept-Language": "en"})).json()
    assert manifest["lang"] == "en" and "Ask for help" in {one["name"] for one in manifest["shortcuts"]}


async def test_the_worker_names_its_build_and_files_that_exist():
    people = await everybody()
    answer = await people.stranger.get("/sw.js")
    assert answer.headers["cache-control"] == "no-cache"
    head = answer.text.splitlines()[0]
    assert json.loads(re.search(r'BUILD = ("\w+")', head).group(1)) == assets().build
    for path in json.loads(re.search(r"ASSETS = (\[.*\])", head).group(1)):
        assert (await people.stranger.get(path)).status_code == 200
    assert (await people.stranger.get("/hors-connexion")).status_code == 200


async def test_the_page_without_network_says_nothing_of_who_read_it():
    people = await everybody()
    assert "Palier-Reader" not in (await people.stranger.get("/hors-connexion")).headers


async def test_each_reader_has_an_opaque_name_of_their_own():
    people = await everybody()
    names = [
        (await browser.get("/")).headers["palier-reader"] for browser in (people.odette, people.karim, people.karim)
    ]
    assert names[0] != names[1] == names[2]
    assert not any(str(member.id) in names for member in people.members.values())
    assert "palier-reader" not in (await people.stranger.get("/entrer")).headers


async def test_only_the_one_who_comes_may_keep_the_errand():
    people = await around_a_request()
    post = await in_state(people, "taken")
    for who in ("odette", "theo", "lucien", "amelie"):
        answer = await people.browsers[who].get(f"/avis/{post}")
        assert ("palier-errand" in answer.headers) == (who == "theo"), who
        assert CANARIES[0] not in answer.text or "no-store" in answer.headers["cache-control"]
    await people.theo.post(f"/avis/{post}/fait")
    assert "palier-errand" not in (await people.theo.get(f"/avis/{post}")).headers
