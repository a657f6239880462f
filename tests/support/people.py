"""Named people of the tests, each with a reason, and a browser for each of them."""

import re
from itertools import count
from typing import Any

import httpx

from server.app import app
from server.people.member import Member, Role
from server.people.session import Session
from server.views.web.cookies import PROBE
from server.views.web.cookies import SESSION as COOKIE
from tests.support.makers import found, neighbour

# Who, and why they are here.
PEOPLE = {
    "odette": ("Odette Berthier", Role.RESIDENT),  # asks for help; the author of most posts
    "karim": ("Karim Benali", Role.RESIDENT),  # an ordinary neighbour, not the author
    "marguerite": ("Marguerite Aubert", Role.NEWCOMER),  # arrived today, not vouched for
    "jeanne": ("Jeanne Morel", Role.MODERATOR),  # moderates, but is no admin
    "amelie": ("Amélie Roche", Role.ADMIN),  # may everything that a role allows
}


_addresses = count(1)


class Browser:
    """What a browser does: keeps cookies, says where a POST comes from, follows nothing by itself."""

    def __init__(self, address: str = "") -> None:
        # Everybody comes from an address of their own, as the limit on tries sees it.
        address = address or f"2001:db8:0:{next(_addresses):x}::1"
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 1))
        self.http = httpx.AsyncClient(transport=transport, base_url="https://palier.test")
        self.http.headers["Sec-Fetch-Site"] = "same-origin"
        # It has seen the page with the form before it sends one.
        self.http.cookies.set(PROBE, "1", domain="palier.test")

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """GET a page."""
        return await self.http.get(path, **options)

    async def post(self, path: str, form: dict[str, str] | None = None, **options: Any) -> httpx.Response:
        """POST a form."""
        return await self.http.post(path, data=form or {}, **options)

    async def fragment(self, path: str) -> httpx.Response:
        """GET as htmx does for a part of a page."""
        return await self.http.get(path, headers={"HX-Request": "true", "HX-Request-Type": "partial"})


async def browser_of(member: Member) -> Browser:
    """A browser in which this member is signed in."""
    browser = Browser()
    token = await Session.open(member.id, "Firefox, Linux")
    browser.http.cookies.set(COOKIE, token, domain="palier.test")
    return browser


class Neighbours:
    """Everybody of ``PEOPLE``, stored, each with a browser under their name."""

    def __init__(self) -> None:
        self.members: dict[str, Member] = {}
        self.browsers: dict[str, Browser] = {"stranger": Browser()}

    def __getattr__(self, name: str) -> Browser:
        return self.browsers[name]


async def everybody() -> Neighbours:
    """Found the quartier and let everybody in."""
    await found()
    people = Neighbours()
    for who, (name, role) in PEOPLE.items():
        people.members[who] = await neighbour(name, role)
        people.browsers[who] = await browser_of(people.members[who])
    return people


def words(response: httpx.Response) -> str:
    """What a page says, without its markup, with plain spaces and hyphens."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.text, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\u00a0", " ").replace("\u2011", "-")


def form_key(response: httpx.Response) -> str:
    """The exactly-once key of the first form of a page."""
    return re.search(r'name="cle" value="([^"]+)"', response.text).group(1)
