"""THE ways in which a post of any kind comes to the board, changes, leaves it and comes back, by its author's hand."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID as Id

from server.base.columns import now
from server.base.database import transaction
from server.base.shapes import Kind
from server.gatherings import attendance
from server.help import life, offer, request
from server.posts import kinds, photo_files
from server.posts.post import Post


async def put_up(
    author: Id,
    street: str,
    kind: Kind,
    answers: dict[str, Any],
    private: dict[str, Any],
    photos: Iterable[tuple[photo_files.Prepared, str]],
    *,
    streets: tuple[str, ...],
) -> Id:
    """Put a post on the board with what belongs to it; its id. All or nothing. Raises TooMuch, NoRoom.

    ``private`` is for requests alone; ``photos`` are decoded, each with its words; ``streets`` of the quartier.
    """
    async with transaction():
        if kind.needs_help:
            made = await request.ask(author, street, answers, private, streets=streets)
        else:
            made = await (offer.put_up if kind is kinds.OFFER else Post.publish)(author, street, kind, answers)
        await photo_files.keep(made, author, "post", photos)
    return made


async def correct(
    post: dict[str, Any], edition: int, answers: dict[str, Any], private: dict[str, Any], *, streets: tuple[str, ...]
) -> bool:
    """Correct a post (a row of ``Post.load``) that still has this edition; False when it was corrected meanwhile."""
    if post["kind"].needs_help:
        return await request.correct(post["id"], edition, answers, private, streets=streets)
    async with transaction():
        kept = await Post.rewrite(post["id"], edition, post["kind"], answers)
        if kept and attendance.differs(post, answers):
            await attendance.tell(post | answers, "moved")
    return kept


async def withdraw(post: dict[str, Any], by: Id) -> None:
    """Take a post off the board, and tell whoever counted on it. Raises NotPossible."""
    if post["kind"].needs_help:
        return await life.cancel(post["id"], by)
    async with transaction():
        await (offer.call_off(post["id"], by) if post["kind"] is kinds.OFFER else Post.withdraw(post["id"]))
        await attendance.tell(post, "called-off")


async def put_back(post: dict[str, Any]) -> None:
    """Undo a withdrawal."""
    if post["kind"].needs_help:
        return await request.put_back(post["id"])
    async with transaction():
        await Post.put_back(post["id"])
        if post["hidden_at"] is None and post["expires_at"] > now():
            await attendance.tell(post, "on-again")
