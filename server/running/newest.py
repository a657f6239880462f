"""The newest of what people did, by which a start sees whether the clock may be wrong."""

from server.base.database import ON_POSTGRES, read_now

# Each by its primary key's index: ids carry the time.
_TABLES = ("post", "reply", "notice", "session", "receipt", "claim", "log_entry")


async def newest_row() -> str | None:
    """The greatest id of these tables; None on an empty board."""
    asked = ("CAST(id AS VARCHAR)" if ON_POSTGRES else "id") + " FROM {} ORDER BY id DESC LIMIT 1"
    found = [rows[0][0] for table in _TABLES if (rows := await read_now(f"SELECT {asked.format(table)}"))]
    return max(found, default=None)
