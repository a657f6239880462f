"""TODO."""

from server.base.database import change
from server.help import escalation
from server.posts.kinds import HELP
from server.posts.post import Post
from tests.support.makers import answers


async def rewrite(post, **other) -> None:
    """The author corrects the request, as the editor does."""
    row = (await change("SELECT edition, urgency FROM post WHERE id = {}", post))[0]
    assert await Post.rewrite(post, row["edition"], HELP, answers("help") | other)
    await escalation.raise_alarm(post, was=row["urgency"])
