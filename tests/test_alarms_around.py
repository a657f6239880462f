"""An alarm while its request changes, comes and goes, and while people do."""

from server import alarms
from server.database import change
from server.kinds import HELP
from server.tables.alarm import Alarm
from server.tables.post import Post
from tests.alert_people import ask
from tests.makers import answers
from tests.test_alarms import MINUTE, alarmed_town, paris  # noqa: F401


async def rewrite(post, **other) -> None:
    """The author corrects the request, as the editor does."""
    row = (await change("SELECT version FROM post WHERE id = {}", post))[0]
    assert await Post.rewrite(post, row["version"], HELP, answers("help") | other)
    await alarms.raise_alarm(post)


async def test_no_longer_urgent_it_is_not_sent_and_not_looked_at_again(town):
    post = await ask(town.odette)
    await rewrite(post, urgency="semaine", due_at=None)
    assert await town.hears() == []
    assert await town.after(60) == []
    assert await Alarm.due() == []
