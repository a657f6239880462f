"""Every verb about posts, on both engines: the board, gestures, replies, songs, reports."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from server.base.columns import now
from server.base.ids import uuid7
from server.gatherings import recurrence
from server.help import offer
from server.moderation.report import Report
from server.posts import board
from server.posts.kinds import BY_SLUG, KINDS
from server.posts.post import OPEN, STALE, URGENT, Post, cards
from server.posts.reaction import Mark
from server.posts.track import MOST, Track
from server.talk.reply import Reply
from tests.support.makers import NOON, answers, neighbour, put_up, set_clock

SLUGS = [kind.slug for kind in KINDS]


async def shown(viewer, **asked) -> list[str]:
    """The ids on the first page of the board."""
    rows, _ = await board.rows(viewer.id, None, board.Filter(**asked))
    return [row.id for row in rows]


@pytest.mark.parametrize("slug", SLUGS)
async def test_every_kind_is_put_up_loaded_and_rewritten(slug):
    odette, kind = await neighbour(), BY_SLUG[slug]
    post = await put_up(odette, slug)
    loaded = await Post.load(post)
    for name, value in answers(slug).items():
        if name != "tracks" and not hasattr(value, "tzinfo"):
            assert loaded[name] == value
    assert (loaded["kind"], loaded["author_name"], loaded["version"], loaded["listed"]) == (kind, "Odette", 1, True)
    assert loaded["expires_at"] > now()
    assert loaded["rank"] == (URGENT if slug == "help" else 0)
    assert [song["title"] for song in loaded["first_tracks"]] == (["La mer"] if slug == "playlist" else [])

    assert await Post.rewrite(post, 1, kind, {**answers(slug), "body": "Autrement"})
    assert not await Post.rewrite(post, 1, kind, answers(slug))
    loaded = await Post.load(post)
    assert (loaded["body"], loaded["version"]) == ("Autrement", 2)
    assert loaded["changed_at"] is not None


async def test_a_request_that_can_wait_ranks_lower():
    odette = await neighbour()
    post = await put_up(odette, "help", urgency="semaine", due_at=None)
    assert (await Post.load(post))["rank"] == OPEN
    assert await Post.rewrite(post, 1, BY_SLUG["help"], answers("help"))
    assert (await Post.load(post))["rank"] == URGENT


async def test_cards_come_in_the_order_asked():
    odette = await neighbour()
    posts = [await put_up(odette, slug) for slug in SLUGS]
    backwards = posts[::-1]
    assert [row["id"] for row in await cards([*backwards, uuid7()])] == backwards
    assert await cards([]) == []
    assert await Post.load(uuid7()) is None


@pytest.mark.parametrize(("away", "back"), [(Post.withdraw, Post.put_back), (Post.hide, Post.show_again)])
async def test_off_the_board_and_back(monkeypatch, away, back):
    odette = await neighbour()
    post = await put_up(odette)
    await away(post)
    assert await shown(odette) == []
    assert await Post.rewrite(post, 1, BY_SLUG["tip"], answers("tip"))
    assert await shown(odette) == []
    await back(post)
    assert await shown(odette) == [str(post)]
    assert (await Post.load(post))["version"] == 4
    await away(post)
    set_clock(monkeypatch, now() + timedelta(days=1))
    await back(post)
    assert await shown(odette) == []


async def test_hidden_and_withdrawn_needs_both_undone():
    odette = await neighbour()
    post = await put_up(odette)
    await Post.hide(post)
    await Post.withdraw(post)
    await Post.put_back(post)
    assert await shown(odette) == []
    await Post.show_again(post)
    assert await shown(odette) == [str(post)]


async def test_expiry_takes_off_what_is_over(monkeypatch):
    odette = await neighbour()
    set_clock(monkeypatch, NOON)
    short, long = await put_up(odette, "tip"), await put_up(odette, "playlist")
    assert await Post.expire() == 0
    set_clock(monkeypatch, NOON + timedelta(hours=4))
    assert await shown(odette) == [str(long)]
    assert await Post.expire() == 1
    assert await Post.expire() == 0
    assert not (await Post.load(short))["listed"]


@pytest.mark.parametrize(("repeats", "days"), [("daily", 1), ("weekly", 7)])
async def test_expiry_moves_what_repeats(monkeypatch, repeats, days):
    odette = await neighbour()
    set_clock(monkeypatch, NOON)
    post = await put_up(odette, "gathering", repeats=repeats)
    start = (await Post.load(post))["starts_at"]
    # Late by more than one turn, and across the night the clocks change in Paris (29 March).
    set_clock(monkeypatch, NOON + timedelta(days=15))
    assert await recurrence.move() == 1
    assert await recurrence.move() == 0
    moved = (await Post.load(post))["starts_at"]
    assert now() - timedelta(hours=3) <= moved < now() + timedelta(days=days)
    assert moved == start + timedelta(days=15 if days == 1 else 21) - timedelta(hours=1)


async def test_the_board_orders_filters_and_pages():
    odette, karim = await neighbour(), await neighbour("Karim", street="place du Marché")
    old = await put_up(odette, "tip")
    offer = await put_up(karim, "offer")
    urgent = await put_up(karim, "help")
    assert await shown(odette) == [str(urgent), str(offer), str(old)]
    assert await shown(odette, kind="offer") == [str(offer)]
    assert await shown(odette, street="rue des Lilas") == [str(old)]
    assert await shown(odette, after_rank=URGENT, after=urgent) == [str(offer), str(old)]
    assert await shown(odette, after_rank=0, after=offer, kind="tip") == [str(old)]

    for _ in range(board.PAGE):
        await put_up(odette)
    first, more = await board.rows(odette.id, None, board.Filter())
    assert len(first) == board.PAGE and more
    last = first[-1]
    second, more = await board.rows(odette.id, None, board.Filter(after_rank=last.rank, after=last.id))
    assert len(second) == 3 and not more
    assert len({row.id for row in first + second}) == board.PAGE + 3


async def test_a_row_says_how_it_stands_to_the_viewer():
    odette, karim = await neighbour(), await neighbour("Karim")
    mine, offer = await put_up(odette), await put_up(karim, "offer")
    await Mark.put(offer, odette.id, "coming")
    await Mark.put(mine, karim.id, "thanks")
    rows, _ = await board.rows(odette.id, now() - timedelta(hours=1), board.Filter())
    assert [(row.id, row.mine, row.marked, row.new) for row in rows] == [
        (str(offer), False, True, True),
        (str(mine), True, False, False),
    ]
    rows, _ = await board.rows(karim.id, None, board.Filter())
    assert [(row.mine, row.marked, row.new) for row in rows] == [(True, False, False), (False, True, False)]


async def test_tonight_is_the_next_gathering_of_the_day(monkeypatch):
    odette = await neighbour()
    set_clock(monkeypatch, NOON)
    assert await board.tonight(odette.id, None) is None
    await put_up(odette, "gathering", starts_at=NOON + timedelta(hours=13))
    later = await put_up(odette, "gathering", starts_at=NOON + timedelta(hours=9))
    assert (await board.tonight(odette.id, None)).id == str(later)
    await put_up(odette, "offer")
    sooner = await put_up(odette, "gathering")
    assert (await board.tonight(odette.id, NOON - timedelta(days=1))).id == str(sooner)


async def test_a_gesture_counts_once_a_person():
    odette, karim = await neighbour(), await neighbour("Karim")
    post = await put_up(odette)
    assert await asyncio.gather(*(Mark.put(post, karim.id, "thanks") for _ in range(6))) == [True] * 6
    await Mark.put(post, odette.id, "thanks")
    loaded = await Post.load(post)
    assert (loaded["thanks"], loaded["version"]) == (2, 3)
    assert await Mark.made_by(karim.id, post) == {"thanks"}
    assert {person["name"] for person in await Mark.people(post, "thanks")} == {"Odette", "Karim"}
    assert (await Mark.latest(post, "thanks"))["created_at"] <= now()
    assert await Mark.latest(post, "coming") is None
    await asyncio.gather(*(Mark.take_back(post, karim.id, "thanks") for _ in range(3)))
    assert (await Post.load(post))["thanks"] == 1
    assert await Mark.made_by(karim.id, post) == set()


async def test_no_more_come_than_there_are_places():
    people = [await neighbour(f"Voisin {number}") for number in range(8)]
    post = await put_up(people[0], "offer")
    came = await asyncio.gather(*(Mark.put(post, one.id, "coming") for one in people))
    assert sum(came) == (await Post.load(post))["coming"] == 2
    assert len(await Mark.people(post, "coming")) == 2
    await Mark.take_back(post, people[came.index(True)].id, "coming")
    assert await Mark.put(post, people[came.index(False)].id, "coming")


async def test_two_noes_sink_a_tip_and_a_yes_lifts_it():
    odette, karim = await neighbour(), await neighbour("Karim")
    post = await put_up(odette)

    async def state() -> tuple[int, int, int]:
        loaded = await Post.load(post)
        return loaded["valid"], loaded["changed"], loaded["rank"]

    await Mark.put(post, odette.id, "changed")
    assert await state() == (0, 1, 0)
    await Mark.put(post, karim.id, "changed")
    assert await state() == (0, 2, STALE)
    await Mark.put(post, karim.id, "valid")
    assert await state() == (1, 1, 0)
    assert await Mark.made_by(karim.id, post) == {"valid"}


async def test_replies_are_counted_even_when_many_come_at_once():
    odette, post = await neighbour(), None
    post = await put_up(odette)
    made = await asyncio.gather(*(Reply.write(post, odette.id, f"Réponse {number}") for number in range(12)))
    assert (await Post.load(post))["replies"] == 12
    listed = await Reply.beyond(post, None, 500, back=False)
    assert {reply["id"] for reply in listed} == set(made)
    assert listed[0]["author_name"] == "Odette"
    await Reply.set_aside(made[0], "withdrawn_at", True)
    await Reply.set_aside(made[1], "hidden_at", True)
    assert (await Post.load(post))["replies"] == 10
    await Reply.set_aside(made[1], "hidden_at", False)
    assert (await Post.load(post))["replies"] == 11
    assert (await Reply.load(made[1]))["hidden_at"] is None
    assert await Reply.load(uuid4()) is None


async def test_songs_are_added_until_the_list_is_full():
    odette = await neighbour()
    post, tip = await put_up(odette, "playlist"), await put_up(odette)
    assert not await Track.add(tip, odette.id, "Nantes", "Barbara", None)
    singers = [await neighbour(f"Voisin {number}") for number in range(8)]
    added = await asyncio.gather(
        *(Track.add(post, singers[number % 8].id, f"{number}", "", None) for number in range(MOST + 4))
    )
    assert sum(added) == MOST - 1
    songs = await Track.of(post)
    assert len(songs) == (await Post.load(post))["tracks"] == MOST
    assert (songs[0]["title"], songs[0]["member_name"]) == ("La mer", "Odette")
    await Track.remove(songs[0]["id"], tip)
    await Track.remove(songs[0]["id"], post)
    await Track.remove(songs[0]["id"], post)
    assert (await Post.load(post))["tracks"] == MOST - 1
    assert len(await Track.first_three([post, tip])) == 3


async def test_reports_wait_once_per_thing_and_are_closed_together():
    odette, karim = await neighbour(), await neighbour("Karim")
    post = await put_up(odette)
    reply = await Reply.write(post, karim.id, "Achetez mes cassettes")
    await asyncio.gather(*(Report.write(post, None, karim.id, "Publicité") for _ in range(5)))
    await Report.write(post, None, odette.id, "Déplacé")
    await asyncio.gather(*(Report.write(post, reply, odette.id, "Réclame") for _ in range(3)))
    assert await Report.count() == 2
    first, second = await Report.waiting()
    assert (first["reply"], first["reasons"], first["author_name"]) == (None, ["Publicité", "Déplacé"], "Odette")
    assert (second["reply"], second["reasons"], second["reply_author_name"]) == (reply, ["Réclame"], "Karim")
    await Report.close(post, None, odette.id)
    assert [case["reply"] for case in await Report.waiting()] == [reply]
    await Report.close(post, reply, odette.id)
    assert await Report.count() == 0
    await Report.write(post, None, karim.id, "Encore")
    assert await Report.count() == 1


async def test_a_request_made_of_an_offer_never_comes_onto_the_board_by_itself():
    odette, karim = await neighbour("Odette"), await neighbour("Karim")
    made = await offer.join(await put_up(odette, "offer"), karim.id, karim.street, {"phone": "04 65 71 20 08"})
    row = await Post.load(made)
    await Post.rewrite(made, row["edition"], BY_SLUG["help"], answers("help"))
    await Post.hide(made)
    await Post.show_again(made)
    await Post.withdraw(made)
    await Post.put_back(made)
    assert (await Post.load(made))["listed"] in (False, 0)
