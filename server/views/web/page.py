"""THE decision between a page and a fragment, and everything else that turns a template into an answer.

A route calls ``page(request, "posts/show.html", ...)``. The template extends ``layout``: the
whole house for a browser, only its middle for htmx (``HX-Request-Type: partial``).
"""

import asyncio
import gzip
import json
import re
import secrets
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from markupsafe import Markup

from server.access import may
from server.base.settings import settings
from server.help.alarm import Alarm
from server.moderation.report import Report
from server.people.member import Member
from server.posts import kinds, photo_files
from server.text import i18n, links, negotiation, phones
from server.text.hyphens import soften
from server.text.i18n import LANGUAGES
from server.trust import naming
from server.views.web.assets import assets
from server.views.web.compiled_templates import kept_code
from server.views.web.cookies import FLASH, cookie_of, keep_cookie
from server.views.web.device import for_shelf, from_pocket, reader
from server.views.web.door import Visit, visit_of, was_met
from server.views.web.flashes import FLASHES

VIEWS = Path(__file__).parent.parent
# The door of Mme Santoni bears an S.
_TITLE = re.compile(r"^(?:Mme|Mlle|M\.|Dr|Famille) +")
VARY = "HX-Request-Type, Cookie, Accept-Language, Accept-Encoding"


@cache
def environment(language: str) -> Environment:
    """The templates in one language, with every word and date of that language at hand."""
    env = Environment(
        loader=FileSystemLoader(VIEWS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=settings.reload_templates,
        bytecode_cache=kept_code(),
    )
    words = i18n.translations(language)
    env.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)
    env.globals |= {"language": language, "may": may, "kinds": kinds, "asset": _asset, "icon": icon, "steps": steps}
    env.globals |= {
        "new_key": lambda: secrets.token_urlsafe(18),
        "today": i18n.today,
        "clock": i18n.clock,
        "photo_widths": photo_files.widths,
    }
    env.globals["with_worker"] = settings.worker
    env.filters |= {
        "hour": lambda moment: i18n.hour(moment, language),
        "day": lambda moment: i18n.day(moment, language),
        "when": lambda moment: i18n.when(moment, language),
        "soon": lambda moment: i18n.soon(moment, language),
        "since": lambda moment: i18n.since(moment, language),
        "date": lambda one: i18n.date_of(one, language),
        "lasting": lambda span: i18n.lasting(span, language),
        "euros": lambda cents: i18n.euros(cents, language),
        "linked": links.linked,
        "phones": phones.parts,
        "grouped": phones.shown,
        "is_today": lambda moment: i18n.local(moment).date() == i18n.today(),
        "is_fresh": naming.is_recent,
        "host": links.host_of,
        "parted": links.parted,
        "open_hours": lambda text: i18n.open_hours(text, language),
        "of": lambda name: i18n.of(name, language),
        "initial": lambda name: _TITLE.sub("", name)[:1].upper(),
        "sentence": lambda text: text[:1].upper() + text[1:],
        "typo": lambda text: soften(i18n.no_break(str(text))),
    }
    return env


@asynccontextmanager
async def warming() -> AsyncIterator[None]:
    """Read every template beside the loop: the first who opens a page would else keep all others waiting for it."""
    stop = threading.Event()
    task = asyncio.create_task(asyncio.to_thread(_warm, stop))
    try:
        yield
    finally:
        stop.set()
        await task


def _warm(stop: threading.Event) -> None:
    for language in LANGUAGES:
        env = environment(language)
        for name in env.list_templates(filter_func=lambda name: name.endswith(".html")):
            if stop.is_set():
                return
            env.get_template(name)


def _asset(name: str) -> str:
    return assets().url(name)


def icon(name: str) -> Markup:
    """A pictogram of ``web/icons/icons.svg``; the word beside it says the same."""
    return Markup('<svg aria-hidden="true"><use href="{}#i-{}"/></svg>').format(_asset("icons/icons.svg"), name)


def steps(name: str) -> Markup:
    """A drawing of the staircase: m1 to m4 for a request, w1 to w3 for a form, or the mark of the house."""
    return Markup('<svg aria-hidden="true"><use href="{}#{}"/></svg>').format(_asset("icons/icons.svg"), name)


def render(language: str, template: str, **context: Any) -> str:
    """A template without a request: a card, a sheet to print."""
    return environment(language).get_template(template).render(**context)


def is_fragment(request: Request) -> bool:
    """Whether htmx asks for the middle of the page only."""
    return request.headers.get("hx-request-type") == "partial"


async def page(
    request: Request, template: str, status: int = 200, *, stored: bool = True, **context: Any
) -> Response[bytes]:
    """Answer with a template, as a page or as a fragment. ``stored``: whether a browser may keep it."""
    response = page_now(request, template, status, pending=await waiting(visit_of(request)), **context)
    if not stored:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def page_now(
    request: Request, template: str, status: int = 200, *, pending: int = 0, **context: Any
) -> Response[bytes]:
    """``page`` without a query: exception handlers may not wait for the database."""
    flash = take_flash(request)
    html = render_page(request, template, pending, flash=flash, **context)
    response = answer(request, html.encode(), status)
    if flash:
        keep_cookie(response, FLASH, "", 0)
    return response


def render_page(request: Request, template: str, pending: int, *, flash: Any = None, **context: Any) -> str:
    """The HTML of a page: its template with what every page shows. ``pending`` cases wait for a moderator."""
    visit = visit_of(request)
    return render(
        visit.language,
        template,
        layout=f"layouts/{_layout(request, visit)}.html",
        visit=visit,
        viewer=visit.viewer,
        plate=visit.plate,
        path=request.scope["path"],
        here=context.pop("here", request.scope["path"]),
        waiting=pending,
        flash=flash,
        **context,
    )


def _layout(request: Request, visit: Visit) -> str:
    if from_pocket(request):
        return "pocket"
    if is_fragment(request):
        return "fragment"
    return "house" if visit.viewer else "outside"


async def waiting(visit: Visit) -> int:
    """How many cases wait for a moderator; 0 for everybody else."""
    if not may(visit.viewer, "moderate"):
        return 0
    return await Report.count() + await Member.count_at_the_door() + await Alarm.count_held()


def answer(request: Request, body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response[bytes]:
    """HTML bytes as a private, never shared answer; gzipped when the browser takes it.

    It names its reader, unless an error came before anybody looked who that is: the device of somebody who
    mistypes an address must not take it that nobody reads there any more.
    """
    headers = {
        "Cache-Control": "private, no-cache",
        "Vary": VARY,
        **(reader(visit_of(request).viewer) if was_met(request) else {}),
        **(headers or {}),
    }
    if takes_gzip(request):
        body = gzip.compress(body, 5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, status_code=status, media_type="text/html", headers=headers)


def takes_gzip(request: Request) -> bool:
    """Whether the browser reads gzip."""
    return negotiation.accepts(request.headers.get("accept-encoding", ""), "gzip")


def go(path: str, word: str = "", about: object = "") -> Response[bytes]:
    """After a POST: see ``path`` (303), where one word of ``FLASHES`` is said, once.

    ``about`` is the id of what an undo would bring back.
    """
    response = Response(b"", status_code=303, headers={"Location": path, "Cache-Control": "no-store"})
    if word:
        keep_cookie(response, FLASH, quote(json.dumps([word, str(about)])), 60)
    return response


def take_flash(request: Request) -> dict[str, str] | None:
    """The word left by ``go``, if it is one we know; the page that says it forgets it.

    What a device fetches by itself is looked at by nobody: the word stays for the page that is.
    """
    if for_shelf(request) or from_pocket(request):
        return None
    try:
        word, about = json.loads(unquote(cookie_of(request, FLASH)[:200]))
        return {"text": FLASHES[word], "word": word, "about": str(UUID(about)) if about else ""}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
