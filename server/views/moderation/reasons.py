"""No gesture of a moderator without a reason: it stays in the journal."""

from litestar import Request, Response

from server.forms import Wrong
from server.forms import reason as reason_of
from server.tables.log import DEEDS, NO_REASON, REASON_LIMIT
from server.views.page import page
from server.views.typed import read_form


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
