"""Who said "I will be there" is reminded, an hour before."""

from datetime import timedelta

from server.database import change, transaction
from server.tables.base import now
from server.tables.notice import Notice
from server.tables.planning import moment_of

BEFORE = timedelta(hours=1)
# Who was late may still join.
LATE = timedelta(minutes=15)


async def remind() -> None:
    """Tell everybody who comes to what begins within the hour; once for each time it takes place."""
    rows = await change(
        "SELECT id, author, starts_at FROM post WHERE kind = 'gathering' AND listed AND starts_at > {}"
        " AND starts_at <= {}",
        now(), now() + BEFORE,
    )  # fmt: skip
    for row in rows:
        starts = moment_of(row["starts_at"])
        async with transaction():
            coming = await change("SELECT member FROM mark WHERE post = {} AND kind = 'coming'", row["id"])
            people = sorted({row["author"], *(one["member"] for one in coming)}, key=str)
            cause = f"{row['id']}:{starts.timestamp():.0f}"
            await Notice.tell_many(people, "reminder", row["id"], None, cause, until=starts + LATE)
