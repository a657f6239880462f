"""Digests: when they are due, what they say, and that nobody gets one twice or an empty one."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.base.database import query
from server.base.ids import uuid7
from server.base.quiet_hours import Quiet
from server.help.claim import Claim
from server.news import digests
from server.news.told import Notice
from server.posts.post import Post
from server.running import upkeep
from server.sending import mail
from server.sending.mail import doors
from tests.support.alert_people import deliver, read, street, with_phone
from tests.support.help_people import CANARIES, PRIVATE
from tests.support.mail_people import ADDRESS, chooses, mail_rows, mail_server, mailed, reader
from tests.support.makers import answers, neighbour, put_up, set_clock

pytestmark = pytest.mark.one_engine

PARIS = ZoneInfo("Europe/Paris")
# A Tuesday.
EVENING = datetime(2026, 3, 17, 18, tzinfo=PARIS)
MORNING = datetime(2026, 3, 18, 8, tzinfo=PARIS)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
async def town(monkeypatch):
    """An evening, a mail server, a push service and its courier; Odette, who writes."""
    set_clock(monkeypatch, EVENING.astimezone(UTC))
    async with street(monkeypatch) as (push, courier), mail_server(monkeypatch) as service:
        service.push, service.courier = push, courier
        service.odette = await neighbour("Odette")
        yield service


async def at(moment: datetime, town, monkeypatch) -> list[str]:
    """What upkeep and the sender do at this moment; whom an email went to."""
    set_clock(monkeypatch, moment.astimezone(UTC))
    await digests.write_due()
    return await mailed(town)


async def causes() -> list[str]:
    """The digests that were ever told, without their readers."""
    rows = await query("SELECT once FROM notice WHERE what IN ('digest', 'weekly') ORDER BY id")
    return [":".join(row["once"].split(":")[:3]) for row in rows]


async def test_it_comes_when_the_quiet_hours_end(town, monkeypatch):
    await reader("Ines", digest="day")
    await reader("Paul", digest="day", quiet=Quiet(22, 10))
    # Without quiet hours: as usual.
    await reader("Lea", digest="day", quiet=Quiet(0, 0))
    await put_up(town.odette, "tip", valid_until=None)
    assert await at(EVENING + 30 * MINUTE, town, monkeypatch) == []
    assert await at(MORNING - MINUTE, town, monkeypatch) == []
    assert await at(MORNING, town, monkeypatch) == ["ines@example.org", "lea@example.org"]
    assert await at(MORNING + timedelta(hours=2), town, monkeypatch) == ["paul@example.org"]
    assert await causes() == ["digest:day:2026-03-18"] * 3


async def test_never_an_empty_one(town, monkeypatch):
    ines = await reader("Ines", digest="day")
    await reader("Paul", digest="week")
    await put_up(ines, "tip", valid_until=None)
    hidden = await put_up(town.odette, "tip", valid_until=None)
    await Post.hide(hidden)
    set_clock(monkeypatch, (EVENING - 3 * DAY).astimezone(UTC))
    await put_up(town.odette, "tip", valid_until=None, title="Vieux")
    assert await at(MORNING, town, monkeypatch) == []
    assert await causes() == []
    # What comes later in the day is for the next morning.
    set_clock(monkeypatch, (MORNING + timedelta(hours=2)).astimezone(UTC))
    await put_up(town.odette, "tip", valid_until=None, title="Neuf")
    assert await at(MORNING + timedelta(hours=3), town, monkeypatch) == []
    assert await at(MORNING + DAY, town, monkeypatch) == ["ines@example.org"]
    assert "Neuf" in town.taken[0].text and "Vieux" not in town.taken[0].text


async def test_what_was_taken_down_meanwhile_makes_no_empty_one(town, monkeypatch):
    await reader("Ines", digest="day")
    post = await put_up(town.odette, "tip", valid_until=None)
    set_clock(monkeypatch, MORNING.astimezone(UTC))
    assert await digests.write_due() == 1
    await Post.withdraw(post)
    assert await mailed(town) == []
    assert await mail_rows() == ["stopped"]


async def test_once_a_day_however_often_one_looks(town, monkeypatch):
    await reader("Ines", digest="day")
    await put_up(town.odette, "tip", valid_until=None)
    set_clock(monkeypatch, MORNING.astimezone(UTC))
    assert sum(await asyncio.gather(*(digests.write_due() for _ in range(4)))) == 1
    assert sum(await asyncio.gather(*(mail.round() for _ in range(4)))) == 1
    for minutes in (0, 1, 60, 23 * 60):
        assert await at(MORNING + minutes * MINUTE, town, monkeypatch) == []
    assert await causes() == ["digest:day:2026-03-18"]
    await put_up(town.odette, "tip", valid_until=None, title="Neuf")
    assert await at(MORNING + DAY, town, monkeypatch) == ["ines@example.org"]
    assert town.taken[0].text.count("/avis/") == 1


async def test_a_month_of_minutes_gives_one_a_day_with_news(town, monkeypatch):
    await reader("Ines", digest="day", what="mine")
    await reader("Paul", digest="week")
    sent: dict[str, list[datetime]] = {"ines@example.org": [], "paul@example.org": []}
    moment = EVENING.astimezone(UTC)
    for hour in range(24 * 15):
        moment += timedelta(hours=1)
        set_clock(monkeypatch, moment)
        if hour % 48 == 0:
            await put_up(town.odette, "tip", valid_until=None, title=f"Avis {hour}")
        for one in await at(moment, town, monkeypatch):
            sent[one].append(moment.astimezone(PARIS))
    # One of two days has news; the clock changes on the way, and it stays 8 h on the wall.
    assert [one.day for one in sent["ines@example.org"]] == [18, 20, 22, 24, 26, 28, 30, 1]
    assert {one.hour for one in sent["ines@example.org"]} == {8}
    assert [(one.day, one.hour, one.weekday()) for one in sent["paul@example.org"]] == [(23, 8, 0), (30, 8, 0)]


@pytest.mark.parametrize(
    "sunday", [datetime(2026, 3, 29, 8, tzinfo=PARIS), datetime(2026, 10, 25, 8, tzinfo=PARIS)], ids=["23 h", "25 h"]
)
async def test_8_h_stays_8_h_when_the_clock_changes(town, monkeypatch, sunday):
    set_clock(monkeypatch, (sunday - timedelta(hours=14)).astimezone(UTC))
    await reader("Ines", digest="day")
    await reader("Paul", digest="week")
    await put_up(town.odette, "tip", valid_until=None)
    utc = sunday.astimezone(UTC)
    assert utc.hour == (6 if sunday.month == 3 else 7)
    for morning, whom in ((utc, ["ines@example.org"]), (utc + DAY, ["paul@example.org"])):
        assert await at(morning - MINUTE, town, monkeypatch) == []
        assert await at(morning, town, monkeypatch) == whom
    # The day after, the evening counted from its own hour.
    assert await causes() == [f"digest:day:{sunday:%Y-%m-%d}", f"weekly:week:{sunday + DAY:%G-W%V}"]


async def test_a_week_late_it_is_one(town, monkeypatch):
    await reader("Ines", digest="day")
    await reader("Paul", digest="week")
    await put_up(town.odette, "tip", valid_until=None, title="Premier")
    assert await at(MORNING, town, monkeypatch) == ["ines@example.org"]
    set_clock(monkeypatch, (MORNING + timedelta(hours=1)).astimezone(UTC))
    await put_up(town.odette, "tip", valid_until=None, title="Second")
    late = MORNING + 7 * DAY + timedelta(hours=5)
    assert await at(late, town, monkeypatch) == ["ines@example.org", "paul@example.org"]
    assert await at(late + MINUTE, town, monkeypatch) == []
    assert await causes() == ["digest:day:2026-03-18", "digest:day:2026-03-25", "weekly:week:2026-W13"]
    assert await at(late + MINUTE, town, monkeypatch) == []


async def test_late_it_says_since_when(town, monkeypatch):
    await reader("Ines", digest="day")
    await put_up(town.odette, "tip", valid_until=None, title="Premier")
    await at(MORNING, town, monkeypatch)
    assert town.taken[0].message["Subject"] == "Sur le palier, depuis hier"
    set_clock(monkeypatch, (MORNING + timedelta(hours=1)).astimezone(UTC))
    await put_up(town.odette, "tip", valid_until=None, title="Second")
    await at(MORNING + 7 * DAY, town, monkeypatch)
    assert town.taken[0].message["Subject"] == "Sur le palier, depuis le mercredi 18\u00a0mars"
    assert "Second" in town.taken[0].text and "Premier" not in town.taken[0].text


async def test_what_one_chooses_begins_at_its_next_hour(town, monkeypatch):
    set_clock(monkeypatch, (MORNING + timedelta(hours=1)).astimezone(UTC))
    await put_up(town.odette, "tip", valid_until=None)
    await reader("Ines", digest="day")
    assert await at(MORNING + timedelta(hours=2), town, monkeypatch) == []
    assert await at(MORNING + DAY, town, monkeypatch) == ["ines@example.org"]


@pytest.mark.parametrize(
    ("what", "digest", "pushed", "mailed_to"),
    [
        ("mine", "day", 0, ["digest"]),
        ("daily", "never", 1, []),
        ("daily", "day", 1, ["digest"]),
        ("daily", "week", 1, ["weekly"]),
        ("mine", "week", 0, ["weekly"]),
        ("mine", "never", 0, []),
    ],
)
async def test_each_channel_gets_what_was_chosen_for_it(town, monkeypatch, what, digest, pushed, mailed_to):
    set_clock(monkeypatch, datetime(2026, 3, 22, 18, tzinfo=UTC))
    ines = await reader("Ines", digest=digest, what=what)
    await with_phone(town.push, ines)
    await put_up(town.odette, "tip", valid_until=None)
    # A Monday: both periods end.
    await at(datetime(2026, 3, 23, 8, 30, tzinfo=PARIS), town, monkeypatch)
    rows = await query("SELECT n.what, a.subscription FROM alert a JOIN notice n ON n.id = a.notice ORDER BY n.what")
    assert [row["what"] for row in rows if row["subscription"] is None] == mailed_to
    assert [row["what"] for row in rows if row["subscription"] is not None] == ["digest"] * pushed
    assert len(town.taken) == len(mailed_to)
    await deliver(town.courier)
    assert len(town.push.taken) == pushed
    if pushed:
        assert (
            read(town.push, town.push.taken[0])["notification"]["body"]
            .replace("\u00a0", " ")
            .startswith("Du nouveau : 1.")
        )


async def test_it_says_what_the_board_shows_and_what_the_bell_has(town, monkeypatch):
    ines = await reader("Ines", digest="day")
    help_post = await put_up(
        town.odette, "help", urgency="semaine", due_at=None, title="Deux packs d'eau à monter", place="rue de Gerland"
    )
    await put_up(town.odette, "encouragement", body="Courage à tous")
    taken = await put_up(town.odette, "help", title="Déjà prise")
    await Claim.take(taken, (await neighbour("Paul")).id)
    mine = await put_up(ines, "tip", valid_until=None, title="Mon avis")
    await Notice.tell(ines.id, "replied", mine, town.odette.id, uuid7())
    await at(MORNING, town, monkeypatch)
    (letter,) = town.taken
    for part in (letter.text, letter.html):
        for said in (
            "Bonjour Ines.", "1 demande a trouvé quelqu’un.", "1 demande attend encore.",
            "Dans la semaine, rue de Gerland",
            "Personne encore.", f"{ADDRESS}/avis/{help_post}", "Courage à tous", "Odette a répondu à « Mon avis »",
            "Répondre sans internet", "04 78 00 00 00", "Vous recevez ce courriel une fois par jour.",
            doors.address_of(doors.STOP, ines.id, "ines@example.org"),
        ):  # fmt: skip
            assert said in part, said
        assert "Déjà prise" not in part
    assert "&#39;" not in letter.text and "<" not in letter.text
    assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_nothing_private_is_in_it(town, monkeypatch):
    from server.help.request import ask_quietly

    await reader("Ines", digest="day")
    await ask_quietly(town.odette.id, town.odette.street, answers("help") | {"due_at": EVENING + DAY}, PRIVATE)
    await at(MORNING, town, monkeypatch)
    (letter,) = town.taken
    assert "Du pain" in letter.text
    for secret in (*CANARIES, PRIVATE["who"]):
        assert secret not in letter.text + letter.html


async def test_what_neighbours_write_stays_text(town, monkeypatch):
    await reader("Ines", digest="day")
    await put_up(
        town.odette, "tip", valid_until=None, title='<b onclick="x">Ici</b> & là', body="</td><script>x</script>"
    )
    await at(MORNING, town, monkeypatch)
    assert "<script" not in town.taken[0].html and "<b onclick" not in town.taken[0].html
    assert '<b onclick="x">Ici</b> & là' in town.taken[0].text


async def test_long_boards_are_cut(town, monkeypatch):
    await reader("Ines", digest="day")
    for number in range(15):
        await put_up(town.odette, "tip", valid_until=None, title=f"Avis {number}")
    await at(MORNING, town, monkeypatch)
    assert town.taken[0].text.count("/avis/") == 12
    assert "Et 3 autres sur le tableau" in town.taken[0].text


async def test_it_is_part_of_upkeep(town, monkeypatch):
    await reader("Ines", digest="day")
    await put_up(town.odette, "tip", valid_until=None)
    set_clock(monkeypatch, MORNING.astimezone(UTC))
    await upkeep.once()
    await upkeep.once()
    assert await causes() == ["digest:day:2026-03-18"]


async def test_an_unconfirmed_address_gets_none(town, monkeypatch):
    await chooses(await neighbour("Zoe"), "zoe@example.org", confirmed=False, digest="day")
    await put_up(town.odette, "tip", valid_until=None)
    assert await at(MORNING, town, monkeypatch) == []
    assert await causes() == []
