"""The house rules that no linter knows."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from server.app import app
from server.base.settings import ROOT
from server.posts.kinds import KINDS
from tests.support.people import Browser, everybody
from tests.support.routes import HANDLERS

pytestmark = pytest.mark.one_engine

TEMPLATES = sorted((ROOT / "server" / "views").rglob("*.html"))

# Every route that a stranger may see. A new one must be written here, with a reason in its review.
PUBLIC = {
    "asset", "manifest", "service-worker", "no-network", "left",
    "enter", "enter-code", "key", "use-key", "lost-card", "not-yet", "text-size",
    "founding", "found", "invitation", "join", "charter", "nowhere", "install", "install-on",
    "mail-yes", "mail-confirmed", "mail-stop", "mail-stopped",
}  # fmt: skip


UNSAFE = [name for name, (handler, _) in HANDLERS.items() if "POST" in handler.http_methods]
# Where no page of ours need ask: a mail program stops email by itself (RFC 8058), with a token and no cookie.
FROM_ANYWHERE = {"mail-stopped"}


def test_every_handler_has_a_name():
    ours = [handler for route in app.routes for handler in route.route_handlers if handler.http_methods != {"OPTIONS"}]
    assert [sorted(handler.paths) for handler in ours if not handler.name] == []


def test_the_public_routes_are_these():
    assert {name for name, (handler, _) in HANDLERS.items() if handler.opt.get("public")} == PUBLIC


@pytest.mark.parametrize("name", sorted(set(HANDLERS) - PUBLIC))
async def test_every_other_route_sends_a_stranger_to_the_door(name):
    await everybody()
    handler, path = HANDLERS[name]
    for method in handler.http_methods - {"OPTIONS"}:
        response = await Browser().http.request(method, path)
        assert (response.status_code, response.headers["location"]) == (303, "/entrer"), path


FROM_ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://palier.test"},
    {"Sec-Fetch-Site": "", "Origin": "https://ailleurs.test"},
    {"Origin": "https://ailleurs.test"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": "https://palier.test.ailleurs.test"},
    {},
]


def test_only_these_are_asked_from_anywhere():
    assert {name for name, (handler, _) in HANDLERS.items() if handler.opt.get("from_anywhere")} == FROM_ANYWHERE


@pytest.mark.parametrize("name", sorted(set(UNSAFE) - FROM_ANYWHERE))
async def test_no_post_from_elsewhere_is_accepted(name):
    people = await everybody()
    _, path = HANDLERS[name]
    for headers in FROM_ELSEWHERE:
        browser = people.amelie
        del browser.http.headers["Sec-Fetch-Site"]
        try:
            response = await browser.post(path, headers=headers)
        finally:
            browser.http.headers["Sec-Fetch-Site"] = "same-origin"
        assert response.status_code == 403, (path, headers)


async def test_a_browser_without_fetch_metadata_is_known_by_its_origin():
    people = await everybody()
    del people.karim.http.headers["Sec-Fetch-Site"]
    response = await people.karim.post("/lire/taille", {"taille": "3"}, headers={"Origin": "https://palier.test"})
    assert response.status_code == 303


async def test_every_answer_carries_the_headers():
    people = await everybody()
    for path in ("/", "/entrer", "/rien-ici", "/chez-moi"):
        headers = (await people.karim.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "private" in headers["cache-control"] or headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] in ("same-origin", "no-referrer")


async def test_head_is_answered_like_get():
    people = await everybody()
    for path, status in (("/entrer", 200), ("/rien", 404)):
        assert (await people.stranger.http.head(path)).status_code == status
    assert (await people.stranger.http.head("/")).headers["location"] == "/entrer"


async def test_pages_vary_and_are_never_shared():
    people = await everybody()
    for path in ("/", "/chez-moi", "/ecrire"):
        headers = (await people.karim.get(path)).headers
        assert {"HX-Request-Type", "Cookie", "Accept-Language"} <= set(headers["vary"].split(", "))
        assert "private" in headers["cache-control"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_every_kind_has_its_template_and_its_colours(kind):
    assert (ROOT / "server/views/posts/kinds" / f"_{kind.slug}.html").exists()
    style = (ROOT / "web/css/palier.css").read_text()
    assert f'[data-genre="{kind.genre}"]' in style


def test_every_icon_that_is_asked_for_is_drawn():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "web/icons/icons.svg").read_text()))
    asked = {f"i-{kind.icon}" for kind in KINDS} | {f"i-{kind.mark.icon}" for kind in KINDS}
    asked |= {f"i-{choice.icon}" for kind in KINDS for field in kind.fields for choice in field.choices if choice.icon}
    for template in TEMPLATES:
        asked |= {f"i-{name}" for name in re.findall(r'icon\("(\w+)"\)', template.read_text())}
    assert asked - drawn == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_script_style_or_query(template):
    text = template.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|<[a-z][^>{]*\son[a-z]+=|hx-on|\bjs:", text)


@pytest.mark.parametrize("name", ["htmx-4.0.1.min.js", "qr-0.7.0"])
def test_what_is_vendored_is_what_its_checksum_says(name):
    folder = ROOT / "web" / "vendor"
    lines = (folder / f"{name}.sha256").read_text().splitlines()
    for line in lines:
        checksum, file = line.split()
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == checksum
    vendored = [folder / name] if (folder / name).is_file() else sorted((folder / name).iterdir())
    assert [str(one.relative_to(folder)) for one in vendored] == sorted(line.split()[1] for line in lines)
    assert (folder / f"{name.split('-')[0]}-LICENSE.txt").exists()


def test_no_lock_file_holds_the_address_of_a_registry():
    for name in ("requirements.txt", "requirements-test.txt"):
        assert "://" not in Path(ROOT, name).read_text()
    for folder in ("tests/browser", "tests/browser/lighthouse"):
        assert '"resolved"' not in Path(ROOT, folder, "package-lock.json").read_text()


def test_the_process_that_serves_loads_nothing_that_calls_out():
    """The sender does: 10 MB that a small server need not hold twice."""
    clients = "('aiohttp', 'requests', 'pywebpush')"
    said = f"import sys, server.running.serving, server.app; print([one for one in {clients} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
