"""The ledger as a table: what the board does every minute must not read all of it."""

import pytest

from server.base.database import ON_POSTGRES, query


@pytest.mark.skipif(ON_POSTGRES, reason="PostgreSQL reads small tables whole, and is right")
@pytest.mark.parametrize("about", ["notice", "subscription"])
async def test_what_hangs_on_a_notice_or_a_device_is_found_without_reading_the_whole_ledger(about):
    """To delete one is to look for its alerts: 135 old notices among 200,000 held up every writer for four seconds."""
    plan = await query(f"EXPLAIN QUERY PLAN SELECT id FROM alert WHERE {about} = {{}}", "one")
    assert [row["detail"].split()[0] for row in plan] == ["SEARCH"]
