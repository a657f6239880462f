"""No page and no round of upkeep goes through what grows with the years: on a large board, each query's own plan."""

import pytest

from server.app import app
from server.base.database import ON_POSTGRES, query, read_now, transaction
from server.base.ids import uuid7
from server.piccolo_app import APP_CONFIG
from server.posts import kinds
from server.running import upkeep
from tests.support import plans
from tests.support.help_people import around_a_request
from tests.support.large import grow

# What stands in an address where a route has a name for it; a route with another name has to be placed here.
WITHOUT = {"token": ("INCONNU",), "name": (), "build": (), "width": (), "alert_id": ()}
# Pages with something to ask for.
ASKED = ("/?genre=bon-plan", "/?pres=1", "/moderation/journal?geste=hide-post", "/ecrire/coup-de-main?besoin=courses")


def addresses(board) -> list[str]:
    """An address of every page, one of each sort of post."""
    values = WITHOUT | {
        "post_id": tuple(board.posts.values()),
        "reply_id": (board.rows["reply"],),
        "photo_id": (),
        "member_id": (board.author,),
        "session_id": (board.author,),
        "path": (*(kind.path for kind in kinds.KINDS), "iphone", "rien"),
    }
    found = list(ASKED)
    for route in app.routes:
        if "GET" not in route.methods:
            continue
        made = [""]
        for part in route.path_components:
            steps = [part] if isinstance(part, str) else values[part.name]
            made = [f"{start}/{step}" for start in made for step in steps]
        found += [one or "/" for one in made]
    return found


async def test_no_page_and_no_round_goes_through_what_grows():
    people = await around_a_request()
    board = await grow(people)
    with plans.heard() as found:
        for who in ("amelie", "karim", "odette", "marguerite"):
            for path in addresses(board):
                answer = await getattr(people, who).get(path)
                assert answer.status_code < 500, path
        await upkeep.once()
    assert len(found) > 80
    await plans.judge(found)


async def test_what_is_not_indexed_is_refused_in_the_thread_of_the_loop():
    if ON_POSTGRES:
        # It is asked beside the loop, and plans by what it has counted.
        assert await read_now("SELECT count(*) FROM post WHERE title = {}", "Du pain") == [(0,)]
        return
    with pytest.raises(plans.Unindexed):
        await read_now("SELECT count(*) FROM post WHERE title = {}", "Du pain")
    with pytest.raises(plans.Unindexed):
        async with transaction():
            await read_now("SELECT 1 FROM notice WHERE seen_at IS NULL")
    assert await read_now("SELECT title FROM post WHERE author = {}", str(uuid7())) == []


async def test_the_one_who_leaves_is_looked_for_by_index():
    for table in APP_CONFIG.table_classes:
        if (name := table._meta.tablename) not in plans.GROW:
            continue
        for column in table._meta.foreign_key_columns:
            sql = f"SELECT 1 FROM {name} WHERE {column._meta.db_column_name} = {{}}"
            with plans.heard() as found:
                await query(sql, uuid7())
            await plans.judge(found)
