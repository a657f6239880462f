"""The board: order, filters, pages, what is new, what a card may show to whom."""

import html
import re
from datetime import timedelta
from uuid import UUID

import pytest

from server.base.columns import now
from server.base.database import ON_POSTGRES, execute, read_now, transaction
from server.base.ids import uuid7
from server.help.claim import Claim
from server.people.member import Member
from server.posts import board
from server.posts.post import Post
from server.posts.reaction import Mark
from server.talk.reply import Reply
from tests.support.makers import NOON, neighbour, put_up, set_clock
from tests.support.people import everybody, words


def titles(response) -> list[str]:
    """The titles of the cards, in the order of the page."""
    return [
        re.sub(r"<[^>]+>", "", title)
        for title in re.findall(r'<h3>(?:<span.*?</span>)?(<a href="/avis/.*?)</h3>', response.text)
    ]


async def test_urgent_and_open_help_first_then_the_newest():
    people = await everybody()
    odette = people.members["odette"]
    await put_up(odette, "help", title="Sans hâte", urgency="sans-hate", due_at=None)
    await put_up(odette, "tip", title="Ancien")
    await put_up(odette, "help", title="Urgent")
    await put_up(odette, "tip", title="Nouveau")
    assert titles(await people.karim.get("/")) == ["Urgent", "Sans hâte", "Nouveau", "Ancien"]


async def test_tonights_gathering_stands_beside_what_is_urgent(monkeypatch):
    # A few minutes before midnight, five minutes on is no longer tonight.
    set_clock(monkeypatch, NOON)
    people = await everybody()
    await put_up(people.members["odette"], "gathering", title="Applaudir", starts_at=now() + timedelta(minutes=5))
    await put_up(people.members["odette"], "help", title="Urgent")
    await put_up(people.members["odette"], "tip", title="Œufs")
    page = await people.karim.get("/")
    top = page.text[page.text.index('class="une') : page.text.index("colonnes")]
    assert "Urgent" in top and "Applaudir" in top and "Œufs" not in top
    assert page.text.count("Applaudir") == 1


async def test_filters_by_kind_and_street():
    people = await everybody()
    await put_up(people.members["odette"], "tip", title="Bon plan d’Odette")
    far = people.members["karim"]
    await far.rename(far.name, "place du Marché")
    await put_up(far, "playlist", title="Liste de Karim")
    assert titles(await people.odette.get("/?genre=bon-plan")) == ["Bon plan d’Odette"]
    assert titles(await people.odette.get("/?pres=1")) == ["Bon plan d’Odette"]
    assert titles(await people.karim.get("/?pres=1")) == ["Liste de Karim"]
    assert "Pas de rendez-vous en ce moment" in words(await people.karim.get("/?genre=rendez-vous"))
    assert len(titles(await people.karim.get("/?genre=inconnu"))) == 2


async def test_pages_follow_each_other_without_gap_or_double():
    people = await everybody()
    wanted = [f"Avis {n}" for n in range(45)]
    for title in wanted:
        await put_up(people.members["odette"], "tip", title=title)
    seen, path = [], "/"
    while path:
        page = await people.karim.get(path)
        seen += titles(page)
        following = re.search(r'href="(/\?[^"]*apres=[^"]+)"', page.text)
        path = following.group(1).replace("&amp;", "&") if following else ""
    assert seen == wanted[::-1]


@pytest.mark.parametrize(
    "cursor", ["x", "0.x", "9e9.00000000-0000-0000-0000-000000000000", "0." + "f" * 40, ".", "\u0663."]
)
async def test_a_spoilt_cursor_is_the_start_of_the_board(cursor):
    people = await everybody()
    await put_up(people.members["odette"])
    assert titles(await people.karim.get("/", params={"apres": cursor})) == ["Marché"]


async def test_what_was_written_since_the_last_visit_is_marked(monkeypatch):
    people = await everybody()
    await put_up(people.members["odette"], title="Avant")
    await people.karim.get("/")
    set_clock(monkeypatch, now() + timedelta(hours=2))
    later = uuid7(now() - timedelta(hours=1))
    monkeypatch.setattr("server.posts.post.uuid7", lambda: later)
    await put_up(people.members["odette"], title="Pendant")
    for _ in range(2):
        page = await people.karim.get("/")
        assert re.findall(r"Nouveau|Pendant|Avant", words(page)) == ["Nouveau", "Pendant", "Avant"]
    assert "Nouveau" not in words(await people.odette.get("/"))


async def test_a_change_shows_at_the_next_request():
    people = await everybody()
    post = await put_up(people.members["odette"], "tip", title="Œufs")
    await people.karim.get("/")
    await people.karim.post(f"/avis/{post}/merci")
    assert "Merci, 1" in words(await people.marguerite.get("/")).replace(" ,", ",")
    await people.members["odette"].rename("Odile B.", "rue des Lilas")
    assert "Odile B." in words(await people.karim.get("/"))
    await Post.hide(post)
    assert titles(await people.karim.get("/")) == []


async def test_an_expired_post_leaves_the_board_at_once():
    people = await everybody()
    post = await put_up(people.members["odette"])
    await execute("UPDATE post SET expires_at = {} WHERE id = {}", now() - timedelta(seconds=1), post)
    assert titles(await people.karim.get("/")) == []
    assert await Post.expire() == 1
    assert "s’est décroché à sa date" in words(await people.karim.get(f"/avis/{post}"))


async def test_the_page_is_answered_304_until_something_changes():
    people = await everybody()
    post = await put_up(people.members["odette"])
    tag = (await people.karim.get("/")).headers["etag"]
    assert (await people.karim.get("/", headers={"If-None-Match": tag})).status_code == 304
    await Reply.write(post, people.members["odette"].id, "Oui")
    await people.marguerite.post(f"/avis/{post}/merci")
    assert (await people.karim.get("/", headers={"If-None-Match": tag})).status_code == 200


async def test_two_people_never_get_each_others_page():
    people = await everybody()
    post = await put_up(people.members["odette"], "tip")
    await people.karim.post(f"/avis/{post}/merci")
    karims, marguerites, odettes = [await who.get("/") for who in (people.karim, people.marguerite, people.odette)]
    assert "Merci, c’est dit" in words(karims)
    assert "Merci, c’est dit" not in words(marguerites)
    assert f'action="/avis/{post}/merci"' not in odettes.text
    assert "Modération" in words(await people.jeanne.get("/")) and "Modération" not in words(karims)


async def test_a_fragment_is_the_middle_of_the_page_only():
    people = await everybody()
    await put_up(people.members["odette"])
    part, whole = await people.karim.fragment("/"), await people.karim.get("/")
    assert "<html" not in part.text and '<nav class="nav"' not in part.text and "avis-tete" in part.text
    assert "<html" in whole.text


async def plan_of(sql: str, *arguments) -> str:
    """How the database would answer this query."""
    if not ON_POSTGRES:
        return " ".join(row[3] for row in await read_now("EXPLAIN QUERY PLAN " + sql, *arguments))
    async with transaction():
        # A board of ten posts is read whole and sorted, unless that is made dear.
        for way in ("seqscan", "bitmapscan", "sort"):
            await execute(f"SET LOCAL enable_{way} = off")
        return " ".join(row[0] for row in await read_now("EXPLAIN " + sql, *arguments))


async def test_the_board_reads_an_index_and_sorts_nothing():
    people = await everybody()
    used = "using post_board" if ON_POSTGRES else "USING COVERING INDEX post_board"
    sorting = "Sort" if ON_POSTGRES else "TEMP B-TREE"
    for more in ("", " AND p.kind = 'tip'", " AND p.street = 'rue des Lilas'"):
        member = people.members["karim"].id
        plan = await plan_of(board._ROWS + more + board._ORDER, *board._for(member, None), 21)
        assert used in plan and sorting not in plan


async def test_renaming_reaches_the_songs_one_added():
    people = await everybody()
    post = await put_up(people.members["odette"], "playlist")
    before = (await Post.load(post))["version"]
    await (await Member.objects().get(Member.id == people.members["odette"].id)).rename("Odile", "rue des Lilas")
    assert (await Post.load(post))["version"] > before


async def _seen(people, gesture) -> list[str]:
    """The titles of all pages, one after the other; ``gesture`` happens after the first."""
    page = await people.karim.get("/")
    found = titles(page)
    await gesture()
    while following := re.search(r'href="(/\?[^"]*apres=[^"]+)"', page.text):
        page = await people.karim.get(html.unescape(following[1]))
        found += titles(page)
    return found


async def test_a_card_of_the_first_page_does_not_come_again(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    odette, theo = people.members["odette"], await neighbour("Théo")
    await put_up(odette, "gathering", title="Ce soir", starts_at=NOON + timedelta(hours=5), repeats="once")
    for number in range(50):
        await put_up(odette, "tip", title=f"Marché {number}")
    stale = await put_up(odette, "tip", title="Fermé")
    asked = [
        await put_up(odette, "help", title=f"Demande {number}", urgency="semaine", due_at=None) for number in range(3)
    ]

    async def change_all():
        set_clock(monkeypatch, NOON + timedelta(seconds=20))
        await Claim.take(asked[1], theo.id)
        await Mark.put(stale, theo.id, "changed")
        await Mark.put(stale, people.members["jeanne"].id, "changed")

    found = await _seen(people, change_all)
    assert len(found) == len(set(found)) == 55
    assert {"Ce soir", "Demande 1", "Fermé"} <= set(found[:21])


async def test_whatever_an_address_says_of_the_first_page_is_read_or_left():
    people = await everybody()
    post = await put_up(people.members["odette"], "tip", title="Marché")
    above = UUID(int=2**128 - 1)
    for rest in ("", ".", ".-1", ".0", ".9" * 40, ".99999999999999999999", ".x", ".1.x", f".1.{post}", ".1.", ".\x00"):
        page = await people.karim.get("/", params={"apres": f"0.{above}{rest}"})
        assert page.status_code == 200
        assert titles(page) == ([] if rest == f".1.{post}" else ["Marché"]), rest
