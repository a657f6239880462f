"""Letting oneself in on another screen: the application on the same telephone, a tablet, a computer."""

from litestar import Request, Response, get, post

from server.base import keys
from server.people.key import Key
from server.views.web.door import visit_of
from server.views.web.page import go, page
from server.views.web.qr import absolute, qr

HERE = "/chez-moi/autre-ecran"


@get(HERE, opt={"secret": True}, name="other-screen")
async def show_other_screen(request: Request) -> Response:
    """The key that was made, as long as it opens; else the button that makes one. Nothing is made by looking.

    It can be looked at again: on a telephone one leaves this page to type the code elsewhere, and
    the browser may load it anew when one comes back.
    """
    viewer = visit_of(request).viewer
    key = await Key.own_of(viewer.id)
    shown = {}
    if key:
        address = absolute(request, f"/cle/{keys.token_for('self', key['id'])}")
        shown = {"code": keys.in_groups(keys.code_for(key["id"])), "square": qr(address, viewer.name)}
    return await page(request, "people/other_screen.html", key=key, address=request.headers["host"], **shown)


@post(HERE, name="open-other-screen", status_code=200)
async def make_key(request: Request) -> Response:
    """Make a key for oneself; the former one stops opening."""
    viewer = visit_of(request).viewer
    await Key.new_own(viewer.id, viewer.session)
    return go(HERE)
