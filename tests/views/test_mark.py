"""The board's own mark: by it a device knows its answers from those of a hotel, a filter or a proxy."""

import re

import pytest

from server.base.settings import ROOT
from server.views.web.assets import assets
from server.views.web.device import READER
from tests.support.people import Browser, everybody
from tests.support.routes import HANDLERS

pytestmark = pytest.mark.one_engine

LIVE = {"Palier-Live": "1"}


@pytest.mark.parametrize("name", sorted(HANDLERS))
async def test_every_answer_of_every_route_carries_the_mark(name):
    people = await everybody()
    handler, path = HANDLERS[name]
    for method in handler.http_methods - {"OPTIONS"}:
        for browser in (Browser(), people.amelie):
            for headers in ({}, LIVE, {"HX-Request": "true", "HX-Request-Type": "partial"}):
                answer = await browser.http.request(method, path, headers=headers)
                assert answer.headers.get(READER), (method, path, answer.status_code)


async def test_what_is_no_route_and_what_is_refused_carries_the_mark():
    people = await everybody()
    answers = {
        "no such page": await people.karim.get("/rien"),
        "no such form": await people.karim.post("/rien"),
        "no such method": await people.karim.http.request("DELETE", "/chez-moi"),
        "a file": await people.stranger.get(assets().url("css/palier.css")),
        "no such file": await people.stranger.get("/static/0/rien.css"),
        "too heavy": await people.karim.post("/chez-moi/nom", {"nom": "x" * 70_000}),
        "no form": await people.karim.http.post("/chez-moi/nom", content=b"%ff=%ff"),
        "from elsewhere": await people.karim.post("/chez-moi/nom", headers={"Sec-Fetch-Site": "cross-site"}),
        "no host": await people.karim.get("/", headers={"Host": "<b>"}),
        "nothing new": await people.stranger.get(
            "/sw.js", headers={"If-None-Match": (await people.stranger.get("/sw.js")).headers["etag"]}
        ),
        "head": await people.stranger.http.head("/entrer"),
    }
    wanted = (404, 405, 405, 200, 404, 413, 400, 403, 400, 304, 200)
    assert [one.status_code for one in answers.values()] == list(wanted)
    assert [what for what, answer in answers.items() if not answer.headers.get(READER)] == []
    for _ in range(200):
        tried = await people.stranger.post("/entrer", {"code": "A" * 16})
        if tried.status_code == 429:
            break
    assert (tried.status_code, bool(tried.headers.get(READER))) == (429, True)


async def test_an_error_before_the_door_does_not_say_that_nobody_reads():
    people = await everybody()
    spoilt = await people.karim.get("/", headers={"Host": "<b>"})
    assert spoilt.headers[READER] == "unknown"
    # An address that is none is answered by the door too, which knows who asks.
    lost = await people.karim.post("/rien")
    assert lost.headers[READER] == (await people.karim.get("/")).headers[READER]


async def test_a_worker_is_told_where_a_form_leads():
    people = await everybody()
    form = {"nom": "Karim B.", "rue": "rue des Lilas", "joindre": ""}
    told = await people.karim.post("/chez-moi/nom", form, headers=LIVE)
    led = await people.karim.post("/chez-moi/nom", form)
    assert (told.status_code, told.headers["location"]) == (201, led.headers["location"]) and led.status_code == 303
    # The word that the next page says comes along, as does what shuts the door.
    assert "__Host-mot" in told.headers["set-cookie"]
    gone = await people.karim.post("/sortie", headers=LIVE)
    assert (gone.status_code, gone.headers["location"]) == (201, "/entrer") and "clear-site-data" in gone.headers
    assert (await people.karim.post("/sortie", headers=LIVE)).status_code == 401
    # A page that leads on tells it too; a page that is there is shown.
    assert (await people.odette.get("/entrer", headers=LIVE)).status_code == 201
    assert (await people.odette.get("/chez-moi", headers=LIVE)).status_code == 200


def test_the_proxies_wait_longer_for_a_form_than_a_device_does():
    ours = (ROOT / "web/js/lib/ours.js").read_text()
    device = int(re.search(r"LONGEST = ([\d_]+)", ours).group(1)) / 1000
    nginx, caddy = ((ROOT / "deploy" / name).read_text() for name in ("nginx.conf", "Caddyfile"))
    assert int(re.search(r"client_body_timeout (\d+)s;", nginx).group(1)) > device
    assert int(re.search(r"read_body (\d+)m", caddy).group(1)) * 60 > device


def test_comments_stay_at_home_and_lines_where_they_are():
    for name, file in assets().files.items():
        if name.startswith("js/"):
            source = (ROOT / "web" / name).read_text()
            assert file.body.decode().count("\n") == source.count("\n")
            assert not re.search(r"^\s*//", file.body.decode(), re.M), name
