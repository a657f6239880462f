"""No gesture of a moderator without a reason: it stays in the journal."""

from litestar import Request, Response

from server.base.audit_log import DEEDS, NO_REASON, REASON_LIMIT
from server.posts.forms import Wrong
from server.posts.forms import reason as reason_of
from server.views.web.form_reading import read_form
from server.views.web.page import page


async def reason_for(request: Request, verb: str, what: str) -> str | Response:
    """The reason that was typed, or a page that asks for it and names the deed: nothing is done without one.

    ``what``: a title, some words or a name.
    """
    typed = await read_form(request)
    try:
        return reason_of(typed["raison"], REASON_LIMIT, NO_REASON)
    except Wrong as wrong:
        return await page(
            request,
            "moderation/reason.html",
            422,
            here="/moderation",
            action=request.scope["path"],
            deeds=DEEDS,
            verb=verb,
            what=what,
            typed=typed,
            faults={"raison": wrong.args[0]},
        )
