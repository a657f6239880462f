"""A canary behind every door: it sings to those who may hear, and is found nowhere else.

Nowhere: pages and fragments of everybody else, errors, logs at their loudest, the database's
files, a backup of it.
"""

import hashlib
import io
import logging
import re
import subprocess
from uuid import UUID

import pytest

from server.app import routes
from server.base.database import ON_POSTGRES, engine, query
from server.base.logs import Access, Redacting
from server.base.settings import settings
from server.help.private import PrivatePart
from server.piccolo_app import APP_CONFIG
from server.views.web import page as pages
from tests.support.forms import GOOD
from tests.support.help_people import CANARIES, PRIVATE, around_a_request, for_somebody, in_state
from tests.support.makers import put_up
from tests.support.people import Browser, Neighbours

pytestmark = [pytest.mark.one_engine, pytest.mark.long]

STATES = ("done", "thanked", "open", "withdrawn", "hidden", "taken")
OTHERS = ("lucien", "karim", "marguerite", "jeanne", "amelie", "stranger")
ALLOWED = ("odette", "theo")
KEY = "une-cle-de-formulaire-"
DOOR = {"who": "Odette B.", "address": CANARIES[0], "door_code": CANARIES[1], "phone": CANARIES[2], "note": CANARIES[3]}
FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


def sings(text: str) -> bool:
    """Whether any canary is in it, as it is or with the spaces that typography puts."""
    return any(canary in text.replace("\u00a0", " ").replace("\u202f", " ") for canary in CANARIES)


class Aviary:
    """Requests in every state with canaries, some of them come by the door; and what was sent and logged."""

    def __init__(self, people: Neighbours, log: io.StringIO) -> None:
        self.people, self.log = people, log
        self.posts: dict[str, UUID] = {}
        self.sent: list[bytes] = []
        self.access: list[str] = []

    async def fill(self) -> None:
        """Put everything up."""
        for state in STATES:
            self.posts[state] = await in_state(self.people, state)
        self.posts["somebody"] = await for_somebody(self.people)
        self.posts["offer"] = await put_up(self.people.members["theo"], "offer")
        asked = await self.post("odette", "/ecrire/demande-d-aide", GOOD["help"] | DOOR | {"relu": "oui"})
        self.posts["by the door"] = UUID(asked.removeprefix("/avis/"))
        joined = await self.post("odette", f"/avis/{self.posts['offer']}/inscription", DOOR)
        self.posts["joined"] = UUID(joined.removeprefix("/avis/"))
        await self.post("theo", f"/avis/{self.posts['taken']}/messages", {"message": CANARIES[4]})
        await self.people.amelie.post(f"/avis/{self.posts['taken']}/lecture", {"raison-lecture": "elle ne répond plus"})
        form = {"title": "Une course", "need": "courses", "urgency": "semaine", "rue": "rue des Lilas", "accord": "oui"}
        await self.post("odette", "/pour-quelqu-un", form | DOOR | {"semblable": "vu"})

    async def post(self, who: str, path: str, form: dict[str, str]) -> str:
        """Send a form that holds canaries; give where it led."""
        answer = await self.people.browsers[who].post(path, form | {"cle": f"{KEY}{len(self.sent):04}"})
        assert answer.status_code == 303, answer.text[-400:]
        self.sent.append(answer.request.content)
        self._note(answer)
        return answer.headers["location"].split("#")[0]

    async def get(self, browser: Browser, path: str, **headers: str):
        """Ask for a page; note what the access log would say."""
        answer = await browser.get(path, headers=headers)
        self._note(answer)
        return answer

    def _note(self, answer) -> None:
        target = answer.request.url.raw_path.decode()
        arguments = ("192.0.2.7:5555", answer.request.method, target, "1.1", answer.status_code)
        record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', arguments, None)
        self.access.append(Access("%(asctime)s").format(record))

    def addresses(self) -> list[str]:
        """Every GET route, with every id that fits."""
        members = [member.id for member in self.people.members.values()]
        ids = {"post_id": [*self.posts.values()], "member_id": members, "path": ["demande-d-aide", "coup-de-main"]}
        found = []
        for handler in routes():
            if "GET" not in {str(method) for method in handler.http_methods}:
                continue
            for path in handler.paths:
                names = re.findall(r"\{(\w+):\w+\}", path)
                for value in ids.get(names[0], [self.posts["taken"]]) if names else [""]:
                    found.append(re.sub(r"\{\w+:\w+\}", str(value), path))
        return found

    async def crawl(self, who: str) -> dict[str, str]:
        """Everything this person can reach, as page and fragment, in both languages: what each answered."""
        browser, answers = self.people.browsers[who], {}
        waiting = self.addresses()
        seen = set(waiting)
        while waiting:
            path = waiting.pop()
            first = await self.get(browser, path)
            answers[path] = first.text
            if "text/html" not in first.headers.get("content-type", ""):
                continue
            for language, extra in (("fr", FRAGMENT), ("en", {}), ("en", FRAGMENT)):
                answers[path] += (await self.get(browser, path, **extra, **{"Accept-Language": language})).text
            for link in re.findall(r'(?:href|data-hx-get|src)="(/[^"#]*)', first.text):
                if link not in seen and not link.startswith("/web/"):
                    seen.add(link)
                    waiting.append(link)
        return answers


@pytest.fixture
async def aviary():
    """Everything, with the loudest log."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        here = Aviary(await around_a_request(), log)
        await here.fill()
        yield here
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


async def test_it_sings_to_the_two_and_to_nobody_else(aviary):
    heard = {who: {path for path, text in (await aviary.crawl(who)).items() if sings(text)} for who in ALLOWED}
    for name in ("taken", "somebody", "joined"):
        assert f"/avis/{aviary.posts[name]}" in heard["theo"]
    for name in ("open", "hidden", "withdrawn", "thanked", "by the door", "joined"):
        assert f"/avis/{aviary.posts[name]}" in heard["odette"]
    talks = {f"/avis/{aviary.posts[name]}" for name in ("taken", "somebody", "joined", "done", "thanked")}
    assert heard["theo"] <= talks
    for who in OTHERS:
        answers = await aviary.crawl(who)
        assert len(answers) > 30
        assert [path for path, text in answers.items() if sings(text)] == [], who
    assert not sings(aviary.log.getvalue())
    assert not sings("\n".join(aviary.access))
    assert "GET /avis/" in "\n".join(aviary.access) and (ON_POSTGRES or "DEBUG aiosqlite" in aviary.log.getvalue())


async def test_words_carried_in_an_address_are_not_in_the_access_log(aviary):
    answer = await aviary.get(aviary.people.odette, f"/ecrire/bon-plan?body={CANARIES[0]}&title={CANARIES[1]}")
    assert sings(answer.text)
    assert not sings("\n".join(aviary.access)) and "Canari" not in "\n".join(aviary.access)


@pytest.mark.parametrize("who", ALLOWED)
async def test_an_error_shows_and_logs_nothing_of_it(aviary, who, monkeypatch):
    browser, post = aviary.people.browsers[who], aviary.posts["taken"]
    address = f"/avis/{post}"
    answers = [
        await browser.get(f"/avis/{aviary.people.members[who].id}"),
        await browser.post(f"{address}/messages", {"message": "x" * 700 + CANARIES[4]}),
        await browser.post(f"{address}/modifier", {"edition": "7", "cle": KEY} | GOOD["help"] | DOOR),
        await browser.http.post(f"{address}/messages", content=b"cle=\xff" + CANARIES[4].encode()),
    ]
    real = pages.environment

    def broken(language):
        env = real(language).overlay()
        env.filters = env.filters | {"euros": lambda cents: 1 / 0}
        return env

    monkeypatch.setattr(pages, "environment", broken)
    for headers in ({}, FRAGMENT):
        answers.append(await browser.get(address, headers=headers))
        assert answers[-1].status_code == 500 and not sings(answers[-1].text)
    monkeypatch.setattr(PrivatePart, "of", staticmethod(failing))
    answers.append(await browser.get(address))
    assert answers[-1].status_code == 500 and not sings(answers[-1].text)
    assert [answer.status_code for answer in answers] == [404, 422, 409 if who == "odette" else 404, 400, 500, 500, 500]
    said = aviary.log.getvalue()
    assert "ZeroDivisionError" in said and "panne" in said
    assert not sings(said)


async def failing(post):
    """A private part that opens and then something else breaks."""
    answers = dict(PRIVATE)
    return answers["nothing of this name"]


async def stored() -> bytes:
    """Everything the database keeps, as its engine keeps it, and every file beside it."""
    kept = b""
    if ON_POSTGRES:
        for table in APP_CONFIG.table_classes:
            name = table._meta.tablename
            kept += "\n".join(row["row"] for row in await query(f'SELECT t::text AS row FROM "{name}" t')).encode()
    else:
        backup = settings.data / "copy.sqlite"
        try:
            async with engine.write_lock:
                await (await engine.writer()).execute_fetchall(f"VACUUM INTO '{backup}'")
            kept += backup.read_bytes()
        finally:
            backup.unlink(missing_ok=True)
    for path in settings.data.rglob("*"):
        if path.is_file():
            # By another process: closing a descriptor of SQLite's own file here would drop every lock
            # that this process holds on it (fcntl), and its log could be removed under it.
            kept += subprocess.run(["cat", path], capture_output=True, check=True).stdout
    return kept


async def test_neither_the_database_nor_a_backup_nor_a_file_holds_it(aviary):
    kept = await stored()
    # What the quartier reads is there: so would the canary be, were it kept as it is.
    assert b"Du pain" in kept and len(await query("SELECT 1 FROM private_part")) == 10
    for canary in CANARIES:
        plain = canary.encode()
        for written in (plain, plain.hex().encode(), canary.encode("unicode_escape"), plain.replace(b" ", b"+")):
            assert written not in kept, canary
    # Nor a hash that could be guessed: there are few doors in a street, and few codes.
    assert len(aviary.sent) == 4
    for sent in aviary.sent:
        digest = hashlib.sha256(sent)
        assert digest.hexdigest().encode() not in kept and digest.digest() not in kept


async def test_what_the_board_remembers_in_words_does_not_hold_it(aviary):
    for table in ("receipt", "notice", "log_note", "log_entry", "viewing", "proxy_file", "claim", "post"):
        rows = await query(f"SELECT * FROM {table}")
        assert rows and not sings(str(rows)), table
