"""Coming in with a card, a code, a link or one's own key: the session, and the word to one's other devices."""

from uuid import UUID as Id

from server.base.database import transaction
from server.news.told import Notice
from server.people.key import Key, Opened, hold_owner
from server.people.session import Session


async def with_token(token: str, device: str) -> str | None:
    """Let somebody in on this device; the token for its cookie, or None. All but a card is used up."""
    return await _enter(await Key.use(token), device)


async def with_code(typed: str, device: str) -> str | None:
    """``with_token``, by a typed code."""
    return await _enter(await Key.use_code(typed), device)


async def _enter(opened: Opened | None, device: str) -> str | None:
    if opened is None:
        return None
    async with transaction():
        await hold_owner(opened.member)
        # Replaced at this very moment: nothing may come in with it after that.
        if opened.card is not None and not await Key.still_opens(opened.card):
            return None
        token = await Session.open(opened.member, device, opened.card)
        await _tell(opened, await Session.id_of(token))
    return token


async def _tell(opened: Opened, session: Id) -> None:
    """The owner hears of it on their other devices; of a screen that they opened themselves without an alarm."""
    if opened.kind == "self":
        await Notice.tell_apart(opened.member, "own-device", session, session)
    else:
        await Notice.tell(opened.member, "new-device", None, session, session)
