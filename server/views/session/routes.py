"""Coming in with a card, a code or a link, and going out. No password, anywhere."""

from litestar import Request, Response, get, post
from litestar.params import FromPath

from server.base.keys import CODE_LENGTH, normal_code
from server.base.shapes import N_
from server.people.key import Key
from server.people.session import Session
from server.posts.forms import Fault
from server.trust import entering
from server.views.web.attempts import failed
from server.views.web.cookies import SESSION, keep_cookie
from server.views.web.door import visit_of
from server.views.web.form_reading import read_form
from server.views.web.page import go, page
from server.views.web.signing_in import device_of, entrance, keeps_cookies, let_in

NO_CODE = N_("Tapez les seize signes de votre carte.")
WRONG_LENGTH = N_("Il faut seize signes, il y en a %(length)s. Vérifiez chaque groupe de quatre.")
NO_SUCH_CODE = N_(
    "Ce code n’ouvre pas. Vérifiez chaque signe : il n’y a ni zéro ni lettre O, ni chiffre 1 ni lettres I et L."
    " Celui d’un autre écran ne sert qu’une fois, et dix minutes."
)


@get("/entrer", opt={"public": True}, name="enter")
async def show_entrance(request: Request) -> Response:
    """The page before the door."""
    if visit_of(request).viewer:
        return go("/")
    if not visit_of(request).plate.version:
        return go("/bientot")
    return await entrance(request, "session/enter.html", typed={"code": ""}, faults={})


@post("/entrer", opt={"public": True}, name="enter-code", status_code=200)
async def enter_with_code(request: Request) -> Response:
    """Sign in with a typed code, of a card or of one's own key. Unknown, replaced and mistyped ones read the same."""
    typed = await read_form(request)
    if not keeps_cookies(request):
        failed(request)
        return await entrance(request, "session/enter.html", 422, refused=True, typed=typed, faults={})
    code = normal_code(typed["code"])
    fault = None
    if not code:
        fault = Fault(NO_CODE)
    elif len(code) != CODE_LENGTH:
        fault = Fault(WRONG_LENGTH, {"length": len(code)})
    else:
        opened = await entering.with_code(code, device_of(request))
        if opened is not None:
            return let_in(opened, "/")
        fault = Fault(NO_SUCH_CODE)
    failed(request)
    return await entrance(request, "session/enter.html", 422, typed=typed, faults={"code": fault})


@get("/cle/{token:str}", opt={"public": True, "secret": True}, name="key")
async def show_key(request: Request, token: FromPath[str]) -> Response:
    """What a card's QR square or a personal link opens: a page with one button. Nothing is used up."""
    return await _key_page(request, token)


@post("/cle/{token:str}", opt={"public": True, "secret": True}, name="use-key", status_code=200)
async def use_key(request: Request, token: FromPath[str]) -> Response:
    """Sign in with a card or a link; a link is used up."""
    if not keeps_cookies(request):
        return await _key_page(request, token, refused=True)
    opened = await entering.with_token(token, device_of(request))
    if opened is None:
        failed(request)
        return await page(request, "session/no_key.html", 404)
    return let_in(opened, "/")


async def _key_page(request: Request, token: str, *, refused: bool = False) -> Response:
    found = await Key.find(token)
    if found is None:
        return await page(request, "session/no_key.html", 404)
    return await entrance(request, "session/key.html", 422 if refused else 200, refused=refused, name=found["name"])


@get("/carte-perdue", opt={"public": True}, name="lost-card")
async def show_lost_card(request: Request) -> Response:
    """What to do without one's card."""
    return await page(request, "session/lost_card.html")


@post("/sortie", name="sign-out", status_code=200)
async def sign_out(request: Request) -> Response:
    """Close this device: the session row goes, the cookie goes, the browser forgets the pages.

    ``autres``: what somebody else wrote still waits on this device, sealed; it must not go.
    """
    typed = await read_form(request)
    viewer = visit_of(request).viewer
    await Session.close(viewer.session, viewer.id)
    response = go("/entrer", "signed-out")
    keep_cookie(response, SESSION, "", 0)
    response.headers["Clear-Site-Data"] = '"cache"' if typed["autres"] else '"cache", "storage"'
    return response


@get("/bientot", opt={"public": True}, name="not-yet")
async def show_not_yet(request: Request) -> Response:
    """The board has no quartier yet."""
    if visit_of(request).plate.version:
        return go("/entrer")
    return await page(request, "session/not_yet.html")
