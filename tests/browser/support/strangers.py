"""Who answers in the board's place: a hotel, a company's filter, a proxy; and the forms to try them on."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from litestar.handlers import HTTPRouteHandler

from server.app import app
from tests.browser.support.pages import Sent, every_page
from tests.browser.support.screens import Screen

PAGE = b"<!DOCTYPE html><title>Wi-Fi</title><h1>Bienvenue</h1><form method=post><button>Accepter</button></form>"


def answer(status: str, body: bytes = PAGE, kind: str = "text/html", **headers: str) -> bytes:
    """A whole answer of HTTP/1.1."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def everything(one: bytes) -> Callable[[str, str], bytes]:
    """Whatever is asked, even a file: a hotel before one has accepted."""
    return lambda method, path: one


def forms_only(one: bytes) -> Callable[[str, str], bytes | None]:
    """What is sent, while pages can be read."""
    return lambda method, path: one if method == "POST" else None


STRANGERS = {
    "hotel": everything(answer("200 OK")),
    "hotel elsewhere": everything(answer("302 Found", b"", Location="http://127.0.0.1:9/accueil")),
    "hotel here": everything(answer("303 See Other", b"", Location="/")),
    "filter": forms_only(answer("403 Forbidden")),
    "restarting proxy": everything(answer("502 Bad Gateway", b"<h1>502 Bad Gateway</h1>")),
    "proxy that lost its way": everything(answer("404 Not Found")),
    "proxy that is tired": forms_only(answer("408 Request Timeout")),
    "proxy with a small mouth": forms_only(answer("413 Content Too Large")),
}


def routes_with_forms() -> dict[str, tuple[re.Pattern, HTTPRouteHandler]]:
    """Every route that takes what is sent, by name, with the pattern of its addresses."""
    found = {}
    for route in app.routes:
        for handler in route.route_handlers:
            if handler.name and "POST" in handler.http_methods:
                pattern = re.sub(r"\{\w+:(\w+)\}", lambda part: "[^/]+", next(iter(handler.paths)))
                found[handler.name] = (re.compile(pattern + "$"), handler)
    return found


# Sent by the programme of a device itself or by a mail programme: nothing is typed there.
NO_FORM = {"subscribe", "trial", "trial-heard", "mail-stopped"}


@dataclass(frozen=True)
class Form:
    """A form of the product: where it stands, where it is sent, what is typed in it, and whether by htmx."""

    page: str
    action: str
    index: int
    typed: bool
    waits: bool


COLLECT = """([html, path]) => [...new DOMParser().parseFromString(html, "text/html").forms].map((form, index) => ({
  method: form.method, action: form.getAttribute("action") ?? path, index,
  typed: form.querySelector("textarea, select, input:not([type=hidden])") !== null
})).filter(one => one.method === "post")"""


async def forms_of(screen: Screen, paths: list[str]) -> dict[str, Form]:
    """The first form of each route on these pages, as the person of this screen sees them."""
    wanted, found = routes_with_forms(), {}
    for path in paths:
        html = await (await screen.context.request.get(screen.server.url + path)).text()
        for one in await screen.page.evaluate(COLLECT, [html, path]):
            action = one["action"].split("?")[0]
            for name, (pattern, handler) in wanted.items():
                if name not in found and pattern.fullmatch(action):
                    # A literal address goes before one with a parameter, as in the router.
                    if name == "mark" and any(
                        other.fullmatch(action) for key, (other, _) in wanted.items() if key != name
                    ):
                        continue
                    found[name] = Form(path, action, one["index"], one["typed"], "pocket" in handler.opt)
    return found


async def forms_of_the_product(screen: Screen, others: dict) -> dict[str, Form]:
    """Those on every page that an admin sees, and what stands before the door."""
    pages = [page for page in await every_page(screen, others) if not isinstance(page, Sent)]
    return await forms_of(screen, [*pages, "/entrer"])


# What a form holds that somebody typed or chose.
HELD = """[...new FormData(form)].filter(([name, value]) =>
    typeof value === "string" && form.querySelector(`[name="${name}"]`).type !== "hidden")"""
# Fill in each field of the form with words of its own, as long as nobody has; what it then holds, by name.
FILL = """([index, words]) => {
  const form = document.forms[index]
  const fields = form.querySelectorAll("textarea, select, input:not([type=hidden], [type=file])")
  for (const details of document.querySelectorAll("details")) details.open = true
  form.noValidate = true
  for (const field of fields) {
    if (field instanceof HTMLSelectElement) field.selectedIndex = field.options.length - 1
    else if (field.type === "checkbox") field.checked = !field.checked
    else if (field.type === "radio") field.checked = true
    else field.value = field.type === "number" ? 7 : field.inputMode === "decimal" ? "12,50" : `${words} ${field.name}`
  }
  return HELD
}""".replace("HELD", HELD)
HOLDS = f"index => {{ const form = document.forms[index]; return {HELD} }}"
# Sent as by a person: with the button, whose name comes along. A form inside a page has one of its own.
SUBMIT = """index => { const form = document.forms[index]
  form.requestSubmit(form.querySelector("button:not([type=button])")) }"""
SAID = "document.querySelector('offline-band > :not([hidden])')?.innerText"
# What waits in the pocket, as it was typed.
POCKETED = """import("/static/now/js/lib/outbox.js").then(lib => navigator.locks.request("palier-outbox", async () => {
  const papers = (await lib.waiting()).map(({ id, about, form }) =>
    ({ id, path: about.path, fields: [...form].filter(([, value]) => typeof value === "string") }))
  for (const { id } of papers) await lib.drop(id)
  return papers }))"""
# A page of ours with a form for each route that no page of the demonstration shows today.
STAND_INS = """actions => { for (const action of actions) {
  const form = Object.assign(document.createElement("form"), { method: "post" })
  form.setAttribute("action", action)
  form.innerHTML = `<input type="hidden" name="cle" value="0123456789abcdef"><input name="raison">
    <textarea name="texte"></textarea><button>Envoyer</button>`
  document.querySelector("main").append(form)
} return document.forms.length - actions.length }"""
