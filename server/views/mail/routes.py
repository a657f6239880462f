"""The two doors of an email: yes, this is my address; and no more of these.

Mail programs and their filters open every link to look at it, so a GET changes nothing.
"""

from litestar import Request, Response, get, post
from litestar.params import FromPath

from server.news.alert_choice import AlertChoice
from server.sending.mail import doors
from server.views.web.attempts import failed
from server.views.web.page import page


@get("/courriel/oui/{token:str}", opt={"public": True, "secret": True}, name="mail-yes")
async def ask(request: Request, token: FromPath[str]) -> Response:
    """A page with one button."""
    found = await doors.opened(doors.YES, token)
    if found is None:
        return await _closed(request)
    return await page(request, "mail/yes.html", mail=found["mail"], done=found["mail_confirmed_at"] is not None)


@post(
    "/courriel/oui/{token:str}", opt={"public": True, "secret": True}, name="mail-confirmed", status_code=200,
)  # fmt: skip
async def confirm(request: Request, token: FromPath[str]) -> Response:
    """The address is theirs."""
    found = await doors.opened(doors.YES, token)
    if found is None or not await AlertChoice.confirm(found["member"], found["mail"]):
        failed(request)
        return await _closed(request)
    return await page(request, "mail/yes.html", mail=found["mail"], done=True)


@get("/courriel/arret/{token:str}", opt={"public": True, "secret": True}, name="mail-stop")
async def ask_to_stop(request: Request, token: FromPath[str]) -> Response:
    """A page with one button, for who touches the link."""
    found = await doors.opened(doors.STOP, token)
    if found is None:
        return await _closed(request)
    return await page(request, "mail/stop.html", mail=found["mail"], done=_is_silent(found))


@post(
    "/courriel/arret/{token:str}", opt={"public": True, "secret": True, "from_anywhere": True}, name="mail-stopped",
    status_code=200,
)  # fmt: skip
async def stop(request: Request, token: FromPath[str]) -> Response:
    """No more email, at once and without a redirect: mail programs ask for it by themselves (RFC 8058, section 3).

    What they send says nothing that the token does not, so it is not even read.
    """
    found = await doors.opened(doors.STOP, token)
    if found is None:
        return await _closed(request)
    await AlertChoice.stop_mail(found["member"])
    return await page(request, "mail/stop.html", mail=found["mail"], done=True)


def _is_silent(choice: dict) -> bool:
    return not choice["mail_urgent"] and choice["mail_digest"] == "never"


async def _closed(request: Request) -> Response:
    return await page(request, "mail/closed.html", 404)
