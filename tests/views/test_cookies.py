"""Cookies: Secure and of this host, but on this machine over plain http, where WebKit keeps no such."""

import pytest

from server.base.database import query
from server.people.key import Key
from server.views.web.cookies import PROBE, SESSION
from tests.support.door import invite
from tests.support.people import Browser, everybody, form_key, words

pytestmark = pytest.mark.one_engine

LOCAL = "palier-local"


async def entered(base: str, address: str) -> tuple[Browser, list[str]]:
    """A browser at this address, from this network address, that has just used a link; and the cookies it was given."""
    people = await everybody()
    path = "/cle/" + await Key.new_link(people.members["karim"].id)
    browser = Browser(address)
    browser.http.cookies.clear()
    browser.http.base_url = base
    page = await browser.get(path)
    given = page.headers.get_list("set-cookie")
    for cookie in given:
        browser.http.headers["Cookie"] = cookie.split(";")[0]
    sent = await browser.post(path)
    assert sent.status_code == 303
    browser.http.headers["Cookie"] = "; ".join(one.split(";")[0] for one in sent.headers.get_list("set-cookie"))
    return browser, [*given, *sent.headers.get_list("set-cookie")]


@pytest.mark.parametrize(
    "base", ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000", "http://localhost"]
)
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
async def test_on_this_machine_no_cookie_is_secure(base, address):
    browser, given = await entered(base, address)
    assert given and not any("secure" in one.lower() or "__Host-" in one for one in given)
    assert all("HttpOnly" in one and "SameSite=lax" in one and "Path=/" in one for one in given)
    assert any(one.startswith(LOCAL + "=") for one in given)
    assert (await browser.get("/")).status_code == 200
    gone = (await browser.post("/sortie")).headers.get_list("set-cookie")
    assert any(one.startswith(LOCAL + '=""') or one.startswith(LOCAL + "=;") for one in gone)


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("https://localhost:8000", "127.0.0.1"), ("http://localhost:8000", "192.0.2.7"),
        ("http://localhost.evil.fr", "127.0.0.1"),
        ("http://palier.test", "127.0.0.1"), ("https://palier.test", "192.0.2.7"),
    ],
)  # fmt: skip
async def test_everywhere_else_each_is_secure_and_of_this_host(base, address):
    browser, given = await entered(base, address)
    assert given and all("__Host-" in one and "Secure" in one for one in given)
    assert (await browser.get("/")).status_code == 200


async def test_a_local_name_opens_nothing_elsewhere():
    browser, _ = await entered("http://localhost:8000", "127.0.0.1")
    browser.http.base_url = "https://palier.test"
    assert (await browser.get("/")).headers["location"] == "/entrer"


async def test_who_keeps_no_cookie_reads_why_and_nothing_is_used_up():
    people = await everybody()
    member = people.members["karim"].id
    browser = Browser()
    link = "/cle/" + await Key.new_link(member)
    for _ in range(2):
        browser.http.cookies.clear()
        refused = await browser.post(link)
        assert refused.status_code == 422 and "n’a pas gardé la porte ouverte" in words(refused)
        assert not any(one.startswith(SESSION) for one in refused.headers.get_list("set-cookie"))
    browser.http.cookies.set(PROBE, "1", domain="palier.test")
    assert (await browser.post(link)).status_code == 303


async def test_an_invitation_is_not_used_up_either():
    people = await everybody()
    address = await invite(people)
    browser = Browser()
    page = await browser.get(address)
    browser.http.cookies.clear()
    form = {"cle": form_key(page), "nom": "Léa Morin", "rue": "rue des Lilas", "joindre": ""}
    refused = await browser.post(address, form)
    assert refused.status_code == 422 and "n’a pas gardé la porte ouverte" in words(refused)
    assert "Léa Morin" in refused.text
    assert (await query("SELECT uses FROM invitation"))[0]["uses"] == 0
