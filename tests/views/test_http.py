"""HTTP, as browsers and proxies really speak it."""

import asyncio
import logging
import sqlite3
import threading

import pytest

from server.app import app
from server.base import watch
from server.views.web import door, page
from server.views.web.cookies import SESSION
from tests.support.people import Browser, everybody, words

pytestmark = pytest.mark.one_engine

BOARD = [(b"host", b"palier.test"), (b"sec-fetch-site", b"same-origin")]


async def asked(
    headers: list, path: str = "/", method: str = "GET", messages: list | None = None
) -> tuple[int, dict, bytes]:
    """The answer to a request with exactly these header lines: status, headers (the last of each name), body."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "client": ("192.0.2.7", 1),
        "server": ("x", 1),
        "root_path": "",
    }
    waiting = iter(messages or [{"type": "http.request", "body": b"", "more_body": False}])
    sent: list[dict] = []

    async def receive() -> dict:
        try:
            return next(waiting)
        except StopIteration:
            await asyncio.Event().wait()

    async def send(message: dict) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = sent[0]
    told = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return start["status"], told, b"".join(one.get("body", b"") for one in sent[1:])


async def session() -> bytes:
    """The token of somebody who is signed in."""
    people = await everybody()
    return people.karim.http.cookies[SESSION].encode()


async def test_cookies_in_two_lines_are_both_read():
    cookie = SESSION.encode() + b"=" + await session()
    for lines in ([b"a=b", cookie], [cookie, b"a=b"], [b"a=b; " + cookie]):
        status, _, _ = await asked([*BOARD, *((b"cookie", line) for line in lines)])
        assert status == 200, lines


async def test_two_hosts_are_none():
    cookie = (b"cookie", SESSION.encode() + b"=" + await session())
    for hosts in ([b"palier.test", b"evil.test"], [b"palier.test", b"palier.test"], []):
        status, _, _ = await asked([*((b"host", host) for host in hosts), cookie])
        assert status == 400, hosts


@pytest.mark.parametrize(
    ("scheme", "origin", "taken"),
    [
        ("https", "https://palier.test", True),
        ("https", "http://palier.test", False),
        ("http", "http://palier.test", True),
        ("http", "https://palier.test", True),
        ("https", "null", False),
        ("https", "https://evil.test", False),
    ],
)
async def test_a_form_comes_from_our_own_scheme(scheme, origin, taken):
    await everybody()
    browser = Browser()
    del browser.http.headers["Sec-Fetch-Site"]
    answer = await browser.post(f"{scheme}://palier.test/entrer", {"code": ""}, headers={"Origin": origin})
    assert answer.status_code == (422 if taken else 403)


async def test_every_page_names_its_charset_once_and_gzip_only_who_takes_it():
    people = await everybody()
    for path in ("/", "/chez-moi", "/charte", "/rien", "/sw.js", "/entrer"):
        answer = await people.karim.get(path, headers={"Accept-Encoding": "gzip;q=0, identity"})
        assert answer.headers["content-type"].lower().count("charset") <= 1
        assert "content-encoding" not in answer.headers


async def test_a_list_of_tags_is_read():
    people = await everybody()
    for path in ("/", "/sw.js"):
        tag = (await people.karim.get(path)).headers["etag"]
        for listed in (f'"x", {tag}', f"W/{tag}", "*"):
            assert (await people.karim.get(path, headers={"If-None-Match": listed})).status_code == 304


async def test_a_form_that_is_broken_off_is_one_quiet_line(caplog):
    cookie = (b"cookie", SESSION.encode() + b"=" + await session())
    kinds = [b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x"]
    for kind in kinds:
        caplog.clear()
        with caplog.at_level(logging.INFO):
            messages = [{"type": "http.request", "body": b"--x\r\n", "more_body": True}, {"type": "http.disconnect"}]
            await asked([*BOARD, cookie, (b"content-type", kind)], "/ecrire/bon-plan", "POST", messages)
        (line,) = [record for record in caplog.records if record.name == "palier"]
        assert line.levelno == logging.WARNING and line.exc_info is None and "broken off" in line.getMessage()


async def test_every_template_is_read_before_somebody_waits_for_it():
    page.environment.cache_clear()
    await asyncio.to_thread(page._warm, threading.Event())
    names = page.environment("fr").list_templates(filter_func=lambda name: name.endswith(".html"))
    assert len(page.environment("fr").cache) == len(page.environment("en").cache) == len(names)
    # Whoever stops the board at once waits for no more than the one that is being read.
    page.environment.cache_clear()
    async with page.warming():
        pass
    assert len(page.environment("en").cache) < len(names)


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("path", ["/nulle-part", "/fil"])
async def test_what_the_door_meets_at_an_address_that_is_none_is_shown(monkeypatch, method, path):
    """Before: a bare 500 of the framework, when the data folder was gone or the database away."""
    people = await everybody()

    async def fails(token):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(watch, "_there", False)
    for browser in (people.karim, people.stranger):
        refused = await browser.http.request(method, path)
        assert refused.status_code == 503 and "Le tableau ne retrouve plus ses affaires" in words(refused)
    monkeypatch.setattr(watch, "_there", True)
    monkeypatch.setattr(door, "viewer_of", fails)
    refused = await people.karim.http.request(method, path)
    assert refused.status_code == 500 and "Le disque du tableau ne va pas bien" in words(refused)
    refused = await people.karim.get(path)
    assert refused.status_code in (404, 500) and "palier" in refused.text
