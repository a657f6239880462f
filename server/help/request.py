"""A request for help, and whom it reaches while it is urgent: whatever changes both is done here, and nowhere else."""

from typing import Any
from uuid import UUID as Id

from server.base import budgets
from server.base.database import transaction
from server.base.ids import uuid7
from server.base.keys import blind
from server.base.spending import spend
from server.help import escalation
from server.help.private import PrivatePart
from server.help.proxy import ProxyFile
from server.news.told import Notice
from server.posts.kinds import HELP
from server.posts.post import Post, hold
from server.posts.top import settle


async def ask(
    author: Id,
    street: str,
    answers: dict[str, Any],
    private: dict[str, Any],
    *,
    streets: tuple[str, ...] = (),
    file: dict[str, Any] | None = None,
) -> Id:
    """Put a request on the board, and alert those who fit if it is urgent; its id. All or nothing. Raises TooMuch.

    ``answers`` and ``private`` as ``read_answers`` and ``read_private`` give them; ``streets`` of the quartier.
    ``file``: what was agreed with somebody without account, for whom the author asks (``ProxyFile.write``).
    """
    async with transaction():
        post = await ask_quietly(author, street, answers, private, streets=streets, on_behalf=file is not None)
        if file is not None:
            await ProxyFile.write(post, author, **file)
        await escalation.raise_alarm(post)
    return post


async def ask_quietly(
    author: Id,
    street: str,
    answers: dict[str, Any],
    private: dict[str, Any],
    *,
    streets: tuple[str, ...] = (),
    **other: Any,
) -> Id:
    """``ask`` without a word to anybody, for rows that are made by hand; ``other`` are columns of the post."""
    if other.get("on_behalf"):
        other["helped"] = _helped(private)
    async with transaction():
        await spend(author, budgets.ASK)
        post = await Post.put_up(author, street, HELP, answers | other)
        await PrivatePart.put(post, private, streets)
        await settle(post)
    return post


async def correct(
    post: Id, edition: int, answers: dict[str, Any], private: dict[str, Any], *, streets: tuple[str, ...] = ()
) -> bool:
    """Correct a request that still has this edition; False when it was corrected meanwhile.

    Its taker hears of it, and who fits when it has become urgent. Empty ``private`` leaves that part as it is.
    """
    async with transaction():
        before = await hold(post)
        if not await Post.rewrite(post, edition, HELP, answers):
            return False
        if private:
            await PrivatePart.put(post, private, streets)
        if before["state"] == "taken":
            await Notice.tell_anew(before["taker"], "changed", post, before["author"], uuid7())
        await escalation.raise_alarm(post, was=before["urgency"])
    return True


async def put_back(post: Id) -> None:
    """Undo a withdrawal: who was not told of an urgent request yet is told now."""
    async with transaction():
        await Post.put_back(post)
        await escalation.resume(post)


async def show_again(post: Id) -> None:
    """Undo a moderator's hiding: who was not told of an urgent request yet is told now."""
    async with transaction():
        await Post.show_again(post)
        await escalation.resume(post)


def _helped(private: dict[str, Any]) -> str:
    """A keyed digest of the person a request is written for: budgets count them, and nobody can read who it is."""
    known = [private.get("who") or "", private.get("phone") or private.get("address") or ""]
    return blind("helped", "|".join("".join(filter(str.isalnum, one.casefold())) for one in known))
