"""What a telephone needs to keep the board in a pocket: the manifest, the service worker, the page for no network."""

import json
from functools import cache

from litestar import Request, Response, get

from server.i18n import translations
from server.kinds import N_
from server.settings import ROOT, settings
from server.views.assets import assets
from server.views.door import visit_of
from server.views.page import page

FALLBACK = "/hors-connexion"
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
async def show_worker() -> Response[bytes]:
    """The service worker, with the build it belongs to written above it."""
    body = _worker.__wrapped__(assets().build) if settings.reload_templates else _worker(assets().build)
    return Response(body, media_type="text/javascript; charset=utf-8", headers={"Cache-Control": SOON})


@cache
def _worker(build: str) -> bytes:
    names = sorted(name for name in assets().files if name.endswith(SHELL) and not name.startswith(NOT_SHELL))
    paths = [assets().url(name) for name in names]
    head = f"const BUILD = {json.dumps(build)}, FALLBACK = {json.dumps(FALLBACK)}, ASSETS = {json.dumps(paths)}\n"
    return (head + (ROOT / "web" / "sw.js").read_text()).encode()


@get(FALLBACK, opt={"public": True}, name="no-network")
async def show_no_network(request: Request) -> Response:
    """The page for what was never read on this device. It is kept with the worker, and says nothing of anybody."""
    return await page(request, "pocket/no_network.html")
