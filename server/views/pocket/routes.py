"""What a telephone needs to keep the board in a pocket: the manifest, the service worker, the page for no network."""

import base64
import hashlib
import json
import re

from litestar import Litestar, Request, Response, get

from server.base import keys
from server.base.settings import ROOT, settings
from server.base.shapes import N_
from server.posts import kinds
from server.sending.push import vapid
from server.text.i18n import translations
from server.text.negotiation import has_already
from server.views.web.assets import assets
from server.views.web.device import reader
from server.views.web.door import visit_of
from server.views.web.page import page

FALLBACK, LEFT = "/hors-connexion", "/hors-connexion/sortie"
# What one needs at hand without network, though one may never have opened it with one.
STOCK = ("/poche", "/entraide", "/charte", "/installer", "/ecrire", "/ecrire/partage")
# What a device may keep at all: never a moderator's page, nor one's own particulars.
KEPT = (r"^/$", r"^/avis/[^/]+$", r"^/ecrire(/[^/]+)?$", r"^/(entraide|poche|charte)$", r"^/installer(/[^/]+)?$")
# What may wait beside notices: its word, its pictogram, the colour of its sheet.
WHATS = {
    "reply": (N_("Réponse"), "fil", ""),
    "message": (N_("Message"), "fil", "aide"),
    "done": (N_("C’est fait"), "coche", "aide"),
    "hand-back": (N_("Demande rendue"), "retour", "aide"),
    "thanks": (N_("Merci"), "merci", "aide"),
    "mark": (N_("Un geste"), "merci", ""),
}
SOON = "no-cache"
# What a page of the board needs to be read; photos and drawings of other rooms come as they are seen.
SHELL = (".css", ".js", ".woff2", ".svg")
# Large, needed once, and of no use without network.
NOT_SHELL = ("vendor/qr-",)
DESCRIPTION = N_("Le tableau des voisins : demander de l’aide, en donner, se dire bonjour.")
SHORTCUTS = {
    "/ecrire/demande-d-aide": N_("Demander de l’aide"),
    "/ecrire": N_("Écrire aux voisins"),
    "/entraide": N_("Mes coups de main"),
}
SCREENS = {
    "screens/narrow-board.png": N_("Le tableau : les demandes urgentes d’abord"),
    "screens/narrow-request.png": N_("Une demande : qui s’en occupe, et où elle en est"),
    "screens/wide-board.png": N_("Le tableau sur un ordinateur"),
}


@get("/manifest.json", opt={"public": True}, name="manifest")
async def show_manifest(request: Request) -> Response[bytes]:
    """The manifest (W3C Application Manifest), in the reader's language, with the quartier's name."""
    visit = visit_of(request)
    _ = translations(visit.language).gettext
    manifest = _manifest()
    manifest |= {"lang": visit.language, "description": _(DESCRIPTION)}
    if visit.plate.version:
        manifest["name"] = f"Palier, {visit.plate.name}"
    manifest["icons"] = _served(manifest["icons"])
    names = {place: _(name) for place, name in (SHORTCUTS | SCREENS).items()}
    manifest["shortcuts"] = [
        one | {"name": names[one["url"]], "icons": _served(one["icons"])} for one in manifest["shortcuts"]
    ]
    manifest["screenshots"] = _served([one | {"label": names[one["src"]]} for one in manifest["screenshots"]])
    body = json.dumps(manifest, ensure_ascii=False).encode()
    headers = {"Cache-Control": f"private, {SOON}", "Vary": "Cookie, Accept-Language"}
    return Response(body, media_type="application/manifest+json", headers=headers)


def _served(pictures: list[dict]) -> list[dict]:
    """Pictures by the address of this build."""
    return [picture | {"src": assets().url(picture["src"])} for picture in pictures]


def _manifest() -> dict:
    return json.loads((ROOT / "web" / "manifest.json").read_text())


@get("/sw.js", opt={"public": True, "light": True}, name="service-worker")
async def show_worker(request: Request) -> Response[bytes]:
    """The service worker, with what it must know written above it; or the one that takes itself away.

    Browsers ask for it after every page: mostly they hear that it is the same (304). Its modules come from this
    build's addresses, which never change.
    """
    text = (ROOT / "web" / ("sw.js" if settings.worker else "sw-off.js")).read_text()
    if settings.worker:
        text = _head(request.app) + text.replace("/static/now/", f"/static/{assets().build}/")
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'
    headers = {"Cache-Control": SOON, "ETag": etag}
    if has_already(request.headers.get("if-none-match", ""), etag):
        return Response(b"", status_code=304, headers=headers)
    return Response(text.encode(), media_type="text/javascript", headers=headers)


def _head(app: Litestar) -> str:
    names = sorted(name for name in assets().files if name.endswith(SHELL) and not name.startswith(NOT_SHELL))
    told = {
        "BUILD": assets().build,
        # With its length: a file that came by half is not taken for the whole.
        "ASSETS": {assets().url(name): len(assets().files[name].body) for name in names},
        "FALLBACK": FALLBACK,
        "LEFT": LEFT,
        "STOCK": [*STOCK, *(f"/ecrire/{kind.path}" for kind in kinds.KINDS)],
        "KEPT": KEPT,
        "POCKET": pocket_of(app),
        "ALERT_KEY": vapid.public_key(),
    }
    return "".join(f"const {name} = {json.dumps(value)}\n" for name, value in told.items())


def pocket_of(app: Litestar) -> list[tuple[str, str]]:
    """What may wait for the network, as (pattern of its address, what it is): the routes with ``opt["pocket"]``."""
    parts = {"{mark:str}": f"(?:{'|'.join(kinds.MARKS)})"}
    found = []
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if what := handler.opt.get("pocket"):
                path = next(iter(handler.paths))
                pattern = re.sub(r"{[^{}]*}", lambda part: parts.get(part[0], "[^/]+"), path)
                found.append((f"^{pattern}$", what))
    return sorted(set(found))


@get(FALLBACK, opt={"public": True}, name="no-network")
async def show_no_network(request: Request) -> Response:
    """The page for what was never read on this device. It is kept with the worker, and says nothing of anybody."""
    return await page(request, "pocket/no_network.html")


@get(LEFT, opt={"public": True}, name="left")
async def show_left(request: Request) -> Response:
    """What is shown after signing out without network."""
    return await page(request, "pocket/left.html")


@get("/poche", name="pocket")
async def show_pocket(request: Request) -> Response:
    """What was written without network and waits on this device: the device fills it in."""
    return await page(request, "pocket/pocket.html", whats=WHATS)


@get("/poche/cle", opt={"secret": True}, name="pocket-key")
async def give_key(request: Request) -> Response[bytes]:
    """The key (AES-256, base64) that seals what this member writes on their devices; only they get it."""
    viewer = visit_of(request).viewer
    key = bytes.fromhex(keys.blind("pocket", str(viewer.id)))
    return Response(base64.b64encode(key), media_type="text/plain", headers=reader(viewer))
