"""What the server does for a board in the pocket: manifest, worker, who reads, what may be kept."""

import base64
import dataclasses
import json
import re
from uuid import UUID

import pytest

from server.base.database import read_now
from server.base.settings import settings
from server.views.pocket import routes
from server.views.web.assets import assets
from tests.support.help_people import CANARIES, around_a_request, in_state
from tests.support.people import everybody

pytestmark = pytest.mark.one_engine


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


def told(worker: str, name: str):
    """One of the values written above the worker's text."""
    return json.loads(re.search(rf"^const {name} = (.*)$", worker, re.M).group(1))


async def test_the_worker_names_its_build_and_pages_that_exist():
    people = await everybody()
    answer = await people.stranger.get("/sw.js")
    assert answer.headers["cache-control"] == "no-cache"
    assert told(answer.text, "BUILD") == assets().build
    same = await people.stranger.get("/sw.js", headers={"If-None-Match": answer.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    modules = re.findall(r'^import .* from "(.*)"$', answer.text, re.M)
    assert modules and all(one.startswith(f"/static/{assets().build}/js/lib/") for one in modules)
    for path in [*told(answer.text, "ASSETS"), told(answer.text, "FALLBACK"), told(answer.text, "LEFT")]:
        assert (await people.stranger.get(path)).status_code == 200, path
    for path in told(answer.text, "STOCK"):
        kept = await people.karim.get(path, headers={"Palier-Shelf": "fetch"})
        assert kept.status_code == 200 and "no-store" not in kept.headers["cache-control"], path


async def test_a_take_never_waits_in_a_pocket():
    people = await everybody()
    patterns = [re.compile(one) for one, _what in told((await people.stranger.get("/sw.js")).text, "POCKET")]
    post = "/avis/0192e4a0-0000-7000-8000-000000000000"
    never = ("/prise", "/prise/garder", "/attente", "/inscription", "/reouverture", "/lecture", "/merci/annuler", "")
    for step in never:
        assert not any(one.match(post + step) for one in patterns), step
    for step in ("/fait", "/prise/rendre", "/remerciement", "/merci", "/reponses", "/messages"):
        assert sum(bool(one.match(post + step)) for one in patterns) == 1, step


async def test_the_worker_that_takes_itself_away(monkeypatch):
    people = await everybody()
    monkeypatch.setattr(routes, "settings", dataclasses.replace(settings, worker=False))
    assert "unregister" in (await people.stranger.get("/sw.js")).text


async def test_each_reader_has_an_opaque_name_of_their_own():
    people = await everybody()
    names = [
        (await browser.get("/")).headers["palier-reader"] for browser in (people.odette, people.karim, people.karim)
    ]
    assert names[0] != names[1] == names[2]
    assert not any(str(member.id) in names for member in people.members.values())
    for path in ("/entrer", "/hors-connexion"):
        assert (await people.stranger.get(path)).headers["palier-reader"] == "nobody"


async def test_only_the_one_who_comes_may_keep_the_errand():
    people = await around_a_request()
    post = await in_state(people, "taken")
    for who in ("odette", "theo", "lucien", "amelie"):
        answer = await people.browsers[who].get(f"/avis/{post}")
        assert (answer.headers.get("palier-shelf") == "errand") == (who == "theo"), who
        assert CANARIES[0] not in answer.text or "no-store" in answer.headers["cache-control"]
        # Both who have a part in it are told to keep it, in its present version.
        assert (str(post) in answer.headers["palier-keep"]) == (who in ("odette", "theo")), who
    await people.theo.post(f"/avis/{post}/fait")
    after = await people.theo.get(f"/avis/{post}")
    assert after.headers.get("palier-shelf") != "errand" and str(post) not in after.headers["palier-keep"]


async def test_what_is_kept_of_one_s_own_request_holds_nothing_private():
    people = await around_a_request()
    post = await in_state(people, "taken")
    seen = await people.odette.get(f"/avis/{post}")
    assert CANARIES[0] in seen.text and seen.headers["palier-shelf"] == "closed"
    kept = await people.odette.get(f"/avis/{post}", headers={"Palier-Shelf": "fetch"})
    assert kept.status_code == 200 and "no-store" not in kept.headers["cache-control"]
    assert not any(canary in kept.text for canary in CANARIES)
    assert "ne sont pas gardées dans ce téléphone" in kept.text
    form = await people.odette.get("/ecrire/demande-d-aide", headers={"Palier-Shelf": "fetch"})
    assert "no-store" not in form.headers["cache-control"] and people.members["odette"].name not in form.text


async def test_the_key_of_a_pocket_is_one_s_own_and_stored_nowhere():
    people = await everybody()
    assert (await people.stranger.get("/poche/cle")).status_code == 303
    keys = [await browser.get("/poche/cle") for browser in (people.odette, people.karim, people.karim)]
    assert keys[0].text != keys[1].text == keys[2].text
    assert len(base64.b64decode(keys[0].text)) == 32 and keys[0].headers["cache-control"] == "private, no-store"


async def pocket_of(browser) -> dict[str, str]:
    """The header with which this person's device sends what waited."""
    return {"Palier-Pocket": (await browser.get("/charte")).headers["palier-reader"]}


async def test_what_waited_is_done_once_whatever_changed_meanwhile():
    people = await around_a_request()
    post = await in_state(people, "taken")
    mine = await pocket_of(people.theo)
    back = {"raison-rendre": "Je suis malade", "cle": "a" * 36}
    first = await people.theo.post(f"/avis/{post}/prise/rendre", back, headers=mine)
    assert (first.status_code, first.headers["palier-pocket"]) == (201, "done")
    assert "set-cookie" not in first.headers
    # The answer was lost; meanwhile somebody else took it. The repeat is no conflict.
    await people.lucien.post(f"/avis/{post}/prise")
    again = await people.theo.post(f"/avis/{post}/prise/rendre", back, headers=mine)
    assert (again.status_code, again.headers["palier-pocket"]) == (201, "done")
    other = await people.theo.post(f"/avis/{post}/prise/rendre", back | {"raison-rendre": "Non"}, headers=mine)
    assert other.status_code == 409 and "déjà servi" in other.text and "<html" not in other.text


@pytest.mark.parametrize("step", ["fait", "merci", "reponses", "remerciement"])
async def test_each_gesture_that_waits_is_known_by_its_key(step):
    people = await around_a_request()
    post = await in_state(people, "done" if step == "remerciement" else "taken")
    who = people.odette if step == "remerciement" else people.theo
    form = {"cle": "b" * 36, "reponse": "J’arrive", "votre-merci": "Merci à vous"}
    answers = [await who.post(f"/avis/{post}/{step}", form, headers=await pocket_of(who)) for _ in range(3)]
    assert [one.status_code for one in answers] == [201, 201, 201]
    replies = await read_now("SELECT count(*) FROM reply WHERE post = {}", UUID(str(post)))
    assert replies[0][0] == (1 if step == "reponses" else 0)


async def test_nothing_is_sent_in_the_name_of_whoever_is_signed_in_now():
    people = await everybody()
    karims = await pocket_of(people.karim)
    form = {"cle": "c" * 36, "title": "De Karim", "body": "Écrit hors connexion", "place": "Au marché"}
    for browser in (people.odette, people.stranger):
        answer = await browser.post("/ecrire/bon-plan", form, headers=karims)
        assert (answer.status_code, answer.text) == (401, "")
    assert "De Karim" not in (await people.karim.get("/")).text
    assert (await people.karim.post("/ecrire/bon-plan", form, headers=karims)).status_code == 201


async def test_a_conflict_is_told_in_one_sentence():
    people = await around_a_request()
    post = await in_state(people, "open")
    mine = await pocket_of(people.theo)
    late = await people.theo.post(f"/avis/{post}/fait", {"cle": "d" * 36}, headers=mine)
    assert late.status_code == 409 and "Vous ne vous occupez plus de cette demande" in late.text
    empty = await people.theo.post(f"/avis/{post}/reponses", {"cle": "e" * 36, "reponse": " "}, headers=mine)
    assert empty.status_code == 422 and "<p>" in empty.text and "<html" not in empty.text
    await people.odette.post(f"/avis/{post}/retrait")
    gone = await people.theo.post(f"/avis/{post}/reponses", {"cle": "f" * 36, "reponse": "Oui"}, headers=mine)
    assert gone.status_code == 404 and "a pu être décroché" in gone.text
    no_key = await people.theo.post(f"/avis/{post}/fait", headers=mine)
    assert no_key.status_code == 400


async def test_a_request_for_help_that_waited_goes_up_unless_one_like_it_is_there():
    people = await everybody()
    form = {
        "title": "Du pain", "need": "courses", "urgency": "semaine", "place": "rue Paul-Bert", "who": "Odette",
        "phone": "06 39 98 00 01", "cle": "g" * 36,
    }  # fmt: skip
    mine = await pocket_of(people.odette)
    answers = [await people.odette.post("/ecrire/demande-d-aide", form, headers=mine) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    second = await people.odette.post("/ecrire/demande-d-aide", form | {"cle": "h" * 36}, headers=mine)
    assert second.status_code == 200 and "Une demande semblable existe" in second.text


async def test_signing_out_leaves_what_somebody_else_wrote():
    people = await everybody()
    kept = await people.karim.post("/sortie", {"autres": "1"})
    assert kept.headers["clear-site-data"] == '"cache"'
    gone = await people.odette.post("/sortie")
    assert gone.headers["clear-site-data"] == '"cache", "storage"'


async def test_what_a_device_fetches_by_itself_does_not_take_the_word_meant_for_its_reader():
    people = await around_a_request()
    post = await in_state(people, "open")
    await people.theo.post(f"/avis/{post}/prise")
    for path in ("/", f"/avis/{post}", "/poche"):
        fetched = await people.theo.get(path, headers={"Palier-Shelf": "fetch"})
        assert 'class="toast"' not in fetched.text and "set-cookie" not in fetched.headers, path
    assert 'class="toast"' in (await people.theo.get(f"/avis/{post}")).text
    assert 'class="toast"' not in (await people.theo.get(f"/avis/{post}")).text
