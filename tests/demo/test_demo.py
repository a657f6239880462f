"""The demonstration quartier: whatever the hour, believable, consistent and without private details.

The tests that ask the database are plain coroutines: ``conftest.py`` gives them the loop and
an empty board.
"""

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server import demo
from server.base.audit_log import VERBS, LogEntry, LogNote, journal
from server.demo.moments import MORNING, NIGHT
from server.demo.neighbours import NEIGHBOURS, ROLES, STREETS
from server.demo.volunteers import VOLUNTEERS
from server.help import mutual_aid
from server.help.matching import requests_for
from server.help.volunteer import REACHES, SHOWN, Volunteer, unpack
from server.moderation.report import Report
from server.people.invitation import Invitation
from server.people.key import Key
from server.people.member import Member
from server.people.quartier import Quartier
from server.people.session import Session
from server.posts.kinds import BY_SLUG, KINDS
from server.posts.post import OPEN, STALE, URGENT, Post, _expiry, rank_of
from server.posts.reaction import Mark
from server.posts.track import Track
from server.talk.reply import LIMIT, Reply
from tests.support.makers import set_clock

pytestmark = [pytest.mark.one_engine, pytest.mark.long]

PARIS = ZoneInfo("Europe/Paris")
# A Tuesday afternoon, like any other.
TODAY = datetime(2026, 11, 24, 16, 40, tzinfo=PARIS)
# Every day of a week and every third hour, the change to summer time in the middle.
MOMENTS = [datetime(2027, 3, 25, 0, 10, tzinfo=PARIS) + timedelta(hours=hour) for hour in range(0, 7 * 24, 3)]

AT_LEAST = {
    "help": 34, "offer": 14, "tip": 26, "gathering": 16, "encouragement": 18, "playlist": 10, "initiative": 12,
}  # fmt: skip

PHONE = re.compile(r"(?:\d[ .\-]?){8,}")
EMAIL = re.compile(r"\S@\S")
CODE = re.compile(r"\b(?:code|digicode)\b|\b[A-Z]\d{3,}|\b\d{3,}[A-Z]\b")
STREET = re.compile(
    r"\b\d+\s*(?:bis|ter)?,?\s+(?:place|rue|avenue|cours|quai|all[ée]e|boulevard|impasse)\b|nº", re.IGNORECASE
)
WRONG_TYPE = re.compile(r"['\"]|\.\.\.|n°|N°|\d+h\d*|[—–]|« | »|[«]\S|\S[»]|  |[\U0001F300-\U0001FAFF]")


def rows_of(house, table):
    """The rows of one table in a house that nobody wrote down."""
    return [row for row in house.rows() if type(row) is table]


@pytest.fixture(scope="module")
def house():
    """The demonstration of a Tuesday afternoon, in memory."""
    return demo.furnish(TODAY)


@pytest.fixture(scope="module")
def posts(house):
    """Its posts."""
    return list(house.posts.values())


def texts(house, post):
    """What neighbours read of a post: its words, then its replies."""
    own = [post.title, post.body, post.place, post.hours, post.thanked_words]
    return [text for text in own if text] + [reply.text for reply in house.replies[post.id]]


def test_there_is_enough_of_every_kind(posts):
    found = Counter(post.kind for post in posts)
    assert set(found) == set(BY_SLUG)
    assert all(found[slug] >= least for slug, least in AT_LEAST.items()), found


def test_no_two_posts_have_the_same_title(posts):
    titles = Counter(post.title or post.body for post in posts)
    assert all(count == 1 for count in titles.values())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_posts_answer_what_their_kind_asks(house, posts, kind):
    others = {name for one in KINDS for name in (field.name for field in one.fields)} - {"title", "body", "tracks"}
    for post in (post for post in posts if post.kind == kind.slug):
        asked = {field.name for field in kind.fields}
        assert not [name for name in others - asked if getattr(post, name) is not None], post.title
        for field in kind.fields:
            if field.name == "tracks":
                assert 3 <= post.tracks <= 12
                continue
            answer = getattr(post, field.name)
            due = field.only is None or getattr(post, field.only[0]) in field.only[1]
            assert answer or not (field.required and due), (post.title, field.name)
            assert due or answer is None, (post.title, field.name)
            if isinstance(answer, str) and not field.choices:
                assert len(answer) <= field.limit, (answer, len(answer))
            if answer and field.choices:
                assert answer in {choice.value for choice in field.choices}
            if answer and field.widget == "number":
                assert 1 <= answer <= field.limit


def test_texts_fit_their_columns(house):
    assert all(len(reply.text) <= LIMIT for reply in rows_of(house, Reply))
    assert all(len(post.thanked_words or "") <= 180 for post in rows_of(house, Post))
    assert all(len(report.reason) <= 300 for report in rows_of(house, Report))
    assert all(len(note.reason) <= 300 for note in rows_of(house, LogNote))
    assert all(len(one.note) <= 60 for one in rows_of(house, Invitation))
    assert all(len(track.title) <= 90 and len(track.artist) <= 90 for track in rows_of(house, Track))
    assert all(len(member.name) <= 60 for member in rows_of(house, Member))


def test_no_private_detail_is_on_the_board(house, posts):
    for post in posts:
        for text in texts(house, post):
            assert not PHONE.search(text), text
            assert not EMAIL.search(text), text
            assert not CODE.search(text), text
            if not BY_SLUG[post.kind].street_numbers:
                assert not STREET.search(text), text
        assert (post.link or "https://example.org/").startswith("https://example.org/")
    assert all(member.phone is None and member.email is None for member in rows_of(house, Member))
    assert not [track for track in rows_of(house, Track) if track.link]


def test_the_only_telephone_is_kept_for_fiction(house):
    (quartier,) = rows_of(house, Quartier)
    assert quartier.contact_phone.startswith("04 65 71 ")
    assert tuple(quartier.streets.splitlines()) == STREETS


def test_french_typography(house, posts):
    said = [text for post in posts for text in texts(house, post)]
    said += [report.reason for report in rows_of(house, Report)]
    said += [note.reason for note in rows_of(house, LogNote)]
    said += [text for track in rows_of(house, Track) for text in (track.title, track.artist)]
    for text in said:
        # Guillemets have a space inside, like every text of the house.
        assert not WRONG_TYPE.search(text.replace("« ", "").replace(" »", "")), text
        assert text == text.strip()
        assert not re.search(r"[^\s][:;?!]", re.sub(r"https?:", "", text)), text


def test_the_neighbours(house):
    people = rows_of(house, Member)
    assert len(people) >= 44
    assert len({member.name for member in people}) == len(people)
    assert {member.street for member in people} == set(STREETS)
    assert Counter(member.role for member in people if member.role != "resident") == {
        "newcomer": 3, "moderator": 3, "admin": 2,
    }  # fmt: skip
    assert house.people["Odette Berthier"].text_size == 3
    arrived = [member.created_at for member in people]
    assert max(arrived) - min(arrived) > timedelta(days=150)
    for member in people:
        if member.role == "newcomer":
            assert member.vouched_by is None


def test_requests_for_help_are_in_every_state(house, posts):
    asked = [post for post in posts if post.kind == "help"]
    assert set(Counter(post.state for post in asked)) == {"open", "taken", "done", "thanked"}
    assert {post.urgency for post in asked if post.state == "open"} == {"urgent", "semaine", "sans-hate"}
    vouched = {member.id for member in rows_of(house, Member) if member.role != "newcomer"}
    for post in asked:
        steps = [post.created_at, post.taken_at, post.done_at, post.thanked_at]
        reached = ["open", "taken", "done", "thanked"].index(post.state)
        assert all(steps[: reached + 1]) and not any(steps[reached + 1 :]), post.title
        assert steps[: reached + 1] == sorted(steps[: reached + 1]), post.title
        assert bool(post.taker) == (reached > 0) == (post.taker in vouched)
        assert bool(post.thanked_words) == (post.state == "thanked")
        assert post.taker != post.author
    taken = Counter(post.taker for post in asked if post.state == "taken")
    assert max(taken.values()) <= 2


def test_ranks_and_expiry_are_those_of_the_board(posts):
    for post in posts:
        kind = BY_SLUG[post.kind]
        answers = {field.name: getattr(post, field.name) for field in kind.fields if field.name != "tracks"}
        assert post.expires_at == _expiry(kind, answers, post.created_at)
        shown = post.withdrawn_at is None and post.hidden_at is None and post.expires_at > TODAY
        assert post.listed == shown, post.title
        if post.kind == "help":
            assert post.rank == (rank_of(kind, answers) if post.state == "open" else 0)
        elif post.kind == "tip":
            assert post.rank == (STALE if post.changed >= 2 and post.changed > post.valid else 0)
        else:
            assert post.rank == 0
    assert {STALE, 0, OPEN, URGENT} == {post.rank for post in posts}
    assert [post for post in posts if post.hidden_at]
    assert [post for post in posts if post.withdrawn_at]


def test_counts_equal_rows(house, posts):
    marks = Counter((mark.post, mark.kind) for mark in rows_of(house, Mark))
    tracks = Counter(track.post for track in rows_of(house, Track))
    for post in posts:
        assert post.replies == sum(reply.hidden_at is None for reply in house.replies[post.id])
        assert len(house.replies[post.id]) <= 8
        assert post.tracks == tracks[post.id]
        for gesture in ("thanks", "coming", "valid", "changed"):
            assert getattr(post, gesture) == marks[post.id, gesture], (post.title, gesture)
        assert post.coming <= (post.capacity or 99)
        allowed = {BY_SLUG[post.kind].mark.slug} | ({"valid", "changed"} if post.kind == "tip" else set())
        assert {kind for about, kind in marks if about == post.id} <= allowed, post.title
    assert len(rows_of(house, Reply)) >= 150
    applause = next(post for post in posts if post.repeats == "daily")
    assert applause.coming == 38


def test_nobody_makes_a_gesture_twice_or_on_their_own_post(house, posts):
    authors = {post.id: post.author for post in posts}
    made: dict = defaultdict(set)
    for mark in rows_of(house, Mark):
        assert mark.kind not in made[mark.post, mark.member]
        made[mark.post, mark.member].add(mark.kind)
        assert mark.member != authors[mark.post]
    assert not [kinds for kinds in made.values() if {"valid", "changed"} <= kinds]


def test_every_playlist_is_made_by_several_neighbours(house, posts):
    for post in (post for post in posts if post.kind == "playlist"):
        songs = [track for track in rows_of(house, Track) if track.post == post.id]
        assert len({track.member for track in songs}) >= 3, post.title
        assert len({(track.title, track.artist) for track in songs}) == len(songs)


def test_the_journal_tells_what_happened(house, posts):
    entries = rows_of(house, LogEntry)
    reasons = {note.entry for note in rows_of(house, LogNote)}
    roles = {member.id: member.role for member in rows_of(house, Member)}
    hidden = {post.id for post in posts if post.hidden_at}
    hidden |= {reply.id for reply in rows_of(house, Reply) if reply.hidden_at}
    assert {entry.thing for entry in entries if entry.verb.startswith("hide-")} == hidden
    for entry in entries:
        assert entry.verb in VERBS
        assert entry.role == roles[entry.actor] and entry.role in ("moderator", "admin")
        assert entry.id in reasons
    vouched = {member.id for member in rows_of(house, Member) if member.vouched_by}
    assert {entry.thing for entry in entries if entry.verb == "vouch"} == vouched
    for report in rows_of(house, Report):
        assert (report.closed_at is None) == (report.closed_by is None)
        assert report.closed_at is None or report.closed_at > report.created_at


@pytest.mark.parametrize("now", MOMENTS, ids=lambda now: f"{now:%a-%Hh}")
def test_it_is_believable_at_any_hour(now):
    house = demo.furnish(now)
    posts = list(house.posts.values())
    for table, column in (
        (Member, "created_at"), (Post, "created_at"), (Reply, "created_at"), (Mark, "created_at"),
        (Track, "created_at"), (Report, "created_at"), (LogEntry, "at"), (Invitation, "created_at"),
        (Volunteer, "changed_at"),
    ):  # fmt: skip
        for row in rows_of(house, table):
            at = getattr(row, column).astimezone(PARIS)
            assert at <= now, (table.__name__, at)
            assert MORNING <= (at.hour, at.minute) <= (NIGHT[0], NIGHT[1] + 1), (table.__name__, at)
            # The id holds the moment, so that the order of ids is the order of writing.
            assert row.id.int >> 80 == int(at.timestamp() * 1000)
    written = {post.id: post.created_at for post in posts}
    arrived = {member.id: member.created_at for member in rows_of(house, Member)}
    for row in (*rows_of(house, Reply), *rows_of(house, Mark), *rows_of(house, Track), *rows_of(house, Report)):
        assert row.created_at >= written[row.post]
        who = row.author if isinstance(row, Reply) else row.member
        assert row.created_at > arrived[who]
    for post in posts:
        assert post.created_at > arrived[post.author], post.title
        assert post.created_at > now - timedelta(days=16)
        moments = [at for at in (post.taken_at, post.done_at, post.thanked_at, post.withdrawn_at, post.hidden_at) if at]
        assert all(post.created_at < at <= now for at in moments), post.title
        if post.due_at:
            assert timedelta() < post.due_at - post.created_at < timedelta(days=2), post.title
            assert post.due_at > now or post.done_at, post.title
        # Minding children only begins when it is due.
        if post.done_at and post.due_at and post.need != "garde":
            assert post.done_at <= post.due_at, post.title
    for replies in house.replies.values():
        moments = [reply.created_at for reply in replies]
        assert moments == sorted(set(moments))
    shown = [post for post in posts if post.listed]
    assert len(shown) > 110
    assert len([post for post in shown if post.rank == URGENT]) == 2
    coming = [post for post in shown if post.kind == "gathering"]
    assert len(coming) == 15
    assert all(post.starts_at > now - timedelta(hours=3) for post in coming)
    newest = house.people["Odette Berthier"].previous_visit
    assert 0 < sum(post.created_at > newest for post in shown) < 60


def test_volunteers_offer_what_the_register_knows(house):
    arrived = {member.id: member for member in rows_of(house, Member)}
    offered = rows_of(house, Volunteer)
    assert len({row.member for row in offered}) == len(offered) >= 10
    for row, said in zip(offered, VOLUNTEERS, strict=True):
        assert arrived[row.member].role != "newcomer" and row.changed_at > arrived[row.member].created_at, said.who
        assert len(row.needs.split(",")) == len(said.needs) and len(unpack(row.slots)) == len(said.slots)
        assert len(unpack(row.means)) == len(said.means) and row.reach in REACHES and row.shown in SHOWN
        assert row.building is None


@pytest.mark.parametrize("now", MOMENTS[::5], ids=lambda now: f"{now:%a-%Hh}")
async def test_karim_finds_something_promised_and_something_that_fits(now, monkeypatch):
    set_clock(monkeypatch, now)
    await demo.build(now)
    karim = (await Member.select(Member.id).where(Member.name == "Karim Benali").first())["id"]
    mine = await Volunteer.of(karim)
    assert await mutual_aid.promised_by(karim) and await mutual_aid.done_by(karim)
    fits = requests_for(mine, await mutual_aid.open_for(karim), now)
    assert any(post["street"] == mine.street for post, _ in fits) and len(fits) >= 2


async def test_build_and_the_links_it_gives():
    assert await demo.is_empty()
    links = await demo.build()
    assert not await demo.is_empty()
    assert list(links) == list(ROLES)
    for role, token in links.items():
        assert (await Key.find(token))["name"] == ROLES[role]
    others = await demo.links()
    assert list(others) == list(ROLES) and not set(others.values()) & set(links.values())
    assert await Key.use(others["une voisine de 82 ans"])
    assert await Key.find(links["une voisine de 82 ans"])


async def test_what_is_built_is_what_was_furnished():
    await demo.build(TODAY)
    house = demo.furnish(TODAY)
    for table in (Member, Post, Track, Mark, Reply, Report, LogEntry, LogNote, Invitation, Quartier, Volunteer):
        written = await table.select(table.id)
        assert len(written) == len(rows_of(house, table)), table.__name__
    assert await Session.count() == 0
    built = {row["title"] or row["body"]: row for row in await Post.select()}
    for words, post in house.posts.items():
        for name in ("kind", "street", "rank", "listed", "created_at", "expires_at", "state", "replies", "tracks"):
            assert built[words][name] == getattr(post, name), (words, name)


async def test_the_board_finds_nothing_to_put_right():
    await demo.build()
    assert await Post.expire() == 0


async def test_a_board_that_somebody_uses_is_left_alone():
    await Member.insert(Member(name="Quelqu’un", street=STREETS[0]))
    with pytest.raises(RuntimeError):
        await demo.build()
    assert await Member.count() == 1
    assert await Post.count() == 0


async def test_moderators_see_three_cases_and_three_at_the_door():
    await demo.build(TODAY)
    waiting = await Report.waiting()
    assert sorted(len(case["reasons"]) for case in waiting) == [1, 1, 3]
    assert await Report.count() == 3
    assert len(await Member.at_the_door()) == 3
    told = await journal(most=200)
    assert {entry["verb"] for entry in told} >= {"found", "vouch", "role", "card", "hide-post", "hide-reply", "leave"}


async def test_its_invitations_are_open_used_and_revoked():
    await demo.build(datetime.now(UTC))
    people = {row["id"]: row["name"] for row in await Member.select(Member.id, Member.name)}
    made = await Invitation.objects()
    assert {people[one.author] for one in made} == {"Odette Berthier", "Amélie Roche"}
    assert {one.state for one in made} == {"open", "used", "revoked"}
    for one in made:
        assert (await Invitation.find(one.token)).id == one.id


def test_the_last_three_wait_at_the_door():
    assert [who.role for who in NEIGHBOURS[-3:]] == ["newcomer"] * 3
