"""Every verb about people, on both engines: members, devices, keys, invitations, the log."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from server.base import keys
from server.base.audit_log import journal, record
from server.base.columns import now
from server.people.invitation import Invitation
from server.people.key import LINK_LIFE, Key
from server.people.member import Member, Role
from server.people.quartier import Quartier, plate
from server.people.session import IDLE, Session, keep_alive, viewer_of
from server.posts.post import Post
from server.posts.track import Track
from tests.support.makers import NOON, found, neighbour, put_up, set_clock


async def stored(member: Member) -> Member:
    """The member as the database has them now."""
    return await Member.objects().where(Member.id == member.id).first()


async def test_the_plate_follows_the_quartier():
    assert (await plate()).version == 0
    await found()
    shown = await plate()
    assert shown.streets == ("rue des Lilas", "place du Marché")
    assert shown.phone_link == "tel:+33478000000"
    assert await plate(1) is shown
    await Quartier.update({Quartier.name: "Les Roses", Quartier.version: 2}, force=True)
    assert (await plate()).name == "Les Roses"


async def test_rename_reaches_every_card_that_bears_the_name():
    odette, karim = await neighbour(), await neighbour("Karim")
    mine, others, untouched = await put_up(odette), await put_up(karim, "playlist"), await put_up(karim)
    await Track.add(others, odette.id, "Nantes", "Barbara", None)
    before = {post: (await Post.load(post))["version"] for post in (mine, others, untouched)}
    await odette.rename("Odile", "place du Marché")
    after = {post: (await Post.load(post))["version"] for post in (mine, others, untouched)}
    assert after == {mine: before[mine] + 1, others: before[others] + 1, untouched: before[untouched]}
    assert (await stored(odette)).name == odette.name == "Odile"
    assert (await Post.load(mine))["author_name"] == "Odile"


async def test_a_newcomer_is_vouched_for_once():
    admin = await neighbour("Jeanne", Role.ADMIN)
    first = await neighbour("Nadia", Role.NEWCOMER)
    await Member.update({Member.invited_by: admin.id}).where(Member.id == first.id)
    await neighbour("Paul", Role.NEWCOMER)
    waiting = await Member.at_the_door()
    assert [(row["name"], row["inviter"]) for row in waiting] == [("Nadia", "Jeanne"), ("Paul", None)]
    assert sorted(await asyncio.gather(*(Member.vouch(first.id, admin.id) for _ in range(3)))) == [False, False, True]
    vouched = await stored(first)
    assert (vouched.role, vouched.vouched_by) == (Role.RESIDENT, admin.id)
    assert Role(vouched.role).rank == 1


async def test_the_board_keeps_an_admin():
    jeanne, karim = await neighbour("Jeanne", Role.ADMIN), await neighbour("Karim")
    assert not await Member.give_role(jeanne.id, Role.RESIDENT)
    assert await Member.give_role(karim.id, Role.ADMIN)
    left = await asyncio.gather(*(Member.give_role(one.id, Role.RESIDENT) for one in (jeanne, karim)))
    assert sorted(left) == [False, True]
    assert await Member.count().where(Member.role == Role.ADMIN.value) == 1


async def test_a_visit_is_remembered(monkeypatch):
    odette = await neighbour()
    set_clock(monkeypatch, NOON)
    await Member.mark_visit(odette.id)
    set_clock(monkeypatch, NOON + timedelta(hours=1))
    await Member.mark_visit(odette.id)
    set_clock(monkeypatch, NOON + timedelta(hours=2))
    await Member.mark_seen(odette.id)
    seen = await stored(odette)
    assert (seen.previous_visit, seen.seen_at) == (NOON, NOON + timedelta(hours=2))


async def test_a_session_opens_until_it_is_closed(monkeypatch):
    await found()
    odette = await neighbour(role=Role.MODERATOR)
    token = await Session.open(odette.id, "Firefox" * 30)
    other = await Session.open(odette.id, "Téléphone")
    viewer = await viewer_of(token)
    assert (viewer.id, viewer.name, viewer.role, viewer.plate_version) == (odette.id, "Odette", Role.MODERATOR, 1)
    assert viewer.previous_visit is None and viewer.session_seen_at <= now()
    assert await viewer_of("autre") is None

    assert {row["device"] for row in await Session.of(odette.id)} == {("Firefox" * 30)[:80], "Téléphone"}
    assert not await Session.close(viewer.session, uuid4())
    assert await Session.close(viewer.session, odette.id)
    assert not await Session.close(viewer.session, odette.id)
    assert await viewer_of(token) is None

    later = now() + IDLE + timedelta(days=1)
    with monkeypatch.context() as moved:
        set_clock(moved, later)
        assert await viewer_of(other) is None
    assert await viewer_of(other)
    await Session.close_all(odette.id)
    assert await viewer_of(other) is None


async def test_nobody_is_a_viewer_before_the_quartier_is_founded():
    odette = await neighbour()
    assert await viewer_of(await Session.open(odette.id, "")) is None


async def test_keep_alive_writes_rarely(monkeypatch):
    await found()
    odette = await neighbour()
    set_clock(monkeypatch, NOON)
    token = await Session.open(odette.id, "")

    async def look(minutes: int) -> tuple:
        set_clock(monkeypatch, NOON + timedelta(minutes=minutes))
        await keep_alive(await viewer_of(token))
        viewer = await viewer_of(token)
        return tuple(
            moment and (moment - NOON) / timedelta(minutes=1)
            for moment in (viewer.session_seen_at, viewer.seen_at, viewer.previous_visit)
        )

    assert await look(0) == (0, 0, None)
    assert await look(4) == (0, 0, None)
    assert await look(6) == (6, 6, None)
    assert await look(50) == (50, 50, 6)


async def test_a_card_opens_until_it_is_replaced():
    odette = await neighbour()
    assert await Key.card_of(odette.id) is None
    card = await Key.new_card(odette.id)
    token, code = keys.token_for("card", card), keys.code_for(card)
    assert (await Key.card_of(odette.id))["id"] == card
    for _ in range(2):
        assert (await Key.use(token)).member == odette.id
        assert (await Key.use_code(f" {code[:8].lower()}-{code[8:]}")).member == odette.id
    assert await Key.use_code("autre") is None
    await Key.new_card(odette.id)
    assert await Key.use(token) is None
    assert await Key.use_code(code) is None


async def test_two_new_cards_at_once_leave_one():
    odette = await neighbour()
    await asyncio.gather(*(Key.new_card(odette.id) for _ in range(8)))
    assert await Key.count().where(Key.member == odette.id) == 1


async def test_a_link_opens_once_and_for_two_days(monkeypatch):
    odette = await neighbour()
    token, late = await Key.new_link(odette.id), await Key.new_link(odette.id)
    assert (await Key.find(token))["name"] == "Odette"
    opened = await asyncio.gather(*(Key.use(token) for _ in range(5)))
    assert [one.member for one in opened if one] == [odette.id]
    set_clock(monkeypatch, now() + LINK_LIFE + timedelta(seconds=1))
    assert await Key.find(late) is None
    assert await Key.use(late) is None


async def test_one_s_own_key_opens_once_whichever_half_is_used():
    odette = await neighbour()
    own = await Key.new_own(odette.id)
    token, code = keys.token_for("self", own), keys.code_for(own)
    opened = await asyncio.gather(*(Key.use(token) for _ in range(4)), *(Key.use_code(code) for _ in range(4)))
    assert [one.member for one in opened if one] == [odette.id]
    await asyncio.gather(*(Key.new_own(odette.id) for _ in range(8)))
    assert await Key.count().where(Key.member == odette.id) == 1


async def test_an_invitation_lets_in_as_many_as_it_says(monkeypatch):
    odette = await neighbour()
    many, one = await Invitation.make(odette.id, "immeuble", 10, 7), await Invitation.make(odette.id, "Paul", 1, 30)
    assert [found.id for found in await Invitation.of(odette.id)] == [one.id, many.id]
    assert (await Invitation.find(many.token)).id == many.id
    assert await Invitation.find("autre") is None
    assert sum(await asyncio.gather(*(many.use() for _ in range(15)))) == 10
    assert (await Invitation.find(many.token)).state == "used"
    assert (await Invitation.find(one.token)).state == "open"
    assert not await Invitation.revoke(one.id, uuid4())
    assert await Invitation.revoke(one.id, odette.id)
    assert not await Invitation.revoke(one.id, odette.id)
    assert (await Invitation.find(one.token)).state == "revoked"
    assert not await one.use()
    third = await Invitation.make(odette.id, "", 1, 7)
    set_clock(monkeypatch, now() + timedelta(days=8))
    assert third.state == "expired"
    assert not await third.use()


async def test_the_journal_names_people_and_things():
    jeanne, odette = await neighbour("Jeanne", Role.ADMIN), await neighbour()
    post = await put_up(odette)
    await record(jeanne.id, "admin", "found", None)
    await record(jeanne.id, "admin", "hide-post", post, "Pas sa place ici")
    await record(jeanne.id, "admin", "vouch", odette.id)
    entries = await journal()
    assert [entry["verb"] for entry in entries] == ["vouch", "hide-post", "found"]
    assert entries[0]["member_name"] == "Odette" and entries[0]["post_title"] is None
    assert (entries[1]["post_title"], entries[1]["reason"]) == ("Marché", "Pas sa place ici")
    assert {entry["actor_name"] for entry in entries} == {"Jeanne"}
    assert [entry["verb"] for entry in await journal(verb="vouch")] == ["vouch"]
    assert [entry["verb"] for entry in await journal(before=entries[0]["id"], most=1)] == ["hide-post"]
    with pytest.raises(KeyError):
        await record(jeanne.id, "admin", "unknown", None)
