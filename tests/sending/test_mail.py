"""Email, from the ledger to a mail server, with whatever that answers."""

import asyncio
import re
from datetime import timedelta

import pytest

from server.base.database import execute, query
from server.base.settings import Smtp
from server.help.claim import Claim
from server.news.alert import LEASE, Alert
from server.news.alert_choice import AlertChoice
from server.news.told import Notice
from server.people.quartier import Quartier
from server.sending import mail
from server.sending.mail import doors, letters, postman
from tests.support.alert_people import ask, volunteer
from tests.support.help_people import CANARIES
from tests.support.mail_people import ADDRESS, chooses, mail_rows, mail_server, mailed, set_mail
from tests.support.makers import NOON, found, neighbour, put_up, set_clock
from tests.support.smtp_service import SmtpService

pytestmark = pytest.mark.one_engine


@pytest.fixture
async def town(monkeypatch):
    """Noon, a mail server, Odette who asks and Karim who shops for others and reads urgent needs by email."""
    set_clock(monkeypatch, NOON)
    await found()
    async with mail_server(monkeypatch) as service:
        service.odette, service.karim = await neighbour("Odette"), await volunteer("Karim")
        await chooses(service.karim, "karim@example.org", urgent=True)
        yield service


async def test_urgent_needs_go_to_those_who_chose_them_and_to_nobody_else(town):
    for name, choice in {
        "Ines": {"urgent": True},
        "Paul": {"urgent": False, "digest": "day"},
        "Zoe": {"urgent": True, "confirmed": False},
    }.items():
        await chooses(await volunteer(name), f"{name.lower()}@example.org", **choice)
    post = await ask(town.odette, need="pharmacie")
    assert await mailed(town) == ["ines@example.org", "karim@example.org"]
    assert {one.sender for one in town.taken} == {"palier@quartier.example"}
    assert await mail_rows() == ["sent", "sent"]
    assert await mailed(town) == []
    rows = await query("SELECT alerted_at FROM notice WHERE post = {} AND what = 'urgent'", post)
    assert sum(row["alerted_at"] is not None for row in rows) == 2


async def test_the_text_is_complete_by_itself_and_says_nothing_private(town):
    typed = {"title": CANARIES[0], "body": CANARIES[3], "place": f"rue des Lilas, chez Mme Gachet, {CANARIES[1]}"}
    post = await ask(town.odette, need="pharmacie", **typed)
    await mailed(town)
    (taken,) = town.taken
    for part in (taken.text, taken.html):
        assert "Pharmacie, avant 15 h" in part
        assert "Une demande urgente, côté rue des Lilas." in part
        assert f"{ADDRESS}/avis/{post}" in part
        assert doors.address_of(doors.STOP, town.karim.id, "karim@example.org") in part
    assert "<" not in taken.text
    assert "<img" not in taken.html and "<script" not in taken.html
    for secret in (*CANARIES, "Gachet", "Odette", "Karim"):
        assert secret not in taken.text + taken.html
        assert secret not in str(taken.message["Subject"]) + str(taken.message["From"])


async def test_the_headers(town):
    await ask(town.odette, need="pharmacie")
    await mailed(town)
    (taken,) = town.taken
    headers = taken.message
    alert = (await query("SELECT id FROM alert"))[0]["id"]
    assert headers["Subject"].replace("\u00a0", " ") == "Pharmacie, avant 15 h"
    assert headers["From"] == "Les Lilas <palier@quartier.example>"
    assert headers["To"] == "karim@example.org"
    assert headers["Date"].datetime == NOON
    assert headers["Message-ID"] == f"<{alert}@palier.example>"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["List-Id"] == "<palier.palier.example>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = doors.address_of(doors.STOP, town.karim.id, "karim@example.org")
    # As it stands in the bytes: an address that was encoded as words would be found by no program.
    assert f"\r\nList-Unsubscribe: <{stop}>\r\n".encode() in taken.raw
    assert headers.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in headers.iter_parts()] == ["text/plain", "text/html"]
    assert all(len(line) <= 998 and line.isascii() for line in taken.raw.split(b"\r\n"))
    assert b"\n" not in taken.raw.replace(b"\r\n", b"")


async def test_no_name_begins_another_header(town, monkeypatch):
    await Quartier.update({Quartier.name: "Les Lilas\r\nBcc: tous@example.org", Quartier.version: 2}, force=True)
    await ask(town.odette, need="pharmacie")
    monkeypatch.setattr(letters, "words", lambda *_: ("Du pain\r\nBcc: tous@example.org\n\nX", "Ici"))
    await mailed(town)
    (taken,) = town.taken
    assert taken.message["Bcc"] is None
    assert taken.to == "karim@example.org"
    assert "Bcc" in taken.message["From"].addresses[0].display_name
    assert set(map(str.lower, taken.message.keys())) == {
        "subject", "from", "to", "date", "message-id", "auto-submitted", "list-id", "list-unsubscribe",
        "list-unsubscribe-post", "mime-version", "content-type",
    }  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["a@b.example\r\nRCPT TO:<x@y.example>", "<a@b.example>", "é@b.example", "a b@c.example", '"a"@b.example'],
)
async def test_an_odd_address_is_never_said_to_the_server(town, address):
    await chooses(town.karim, address, urgent=True)
    await ask(town.odette, need="pharmacie")
    assert await mailed(town) == []
    assert town.connections == 0 and await mail_rows() == ["stopped"]


async def test_a_reader_of_english(town):
    await execute("UPDATE member SET language = 'en' WHERE id = {}", town.karim.id)
    await ask(town.odette, need="pharmacie")
    await mailed(town)
    assert 'lang="en"' in town.taken[0].html
    assert re.search(r"^Chemist, .*15:00", town.taken[0].text, re.M)


async def test_what_is_met_or_stopped_meanwhile_is_not_sent(town):
    post = await ask(town.odette, need="pharmacie")
    await Claim.take(post, (await neighbour("Paul")).id)
    assert await mailed(town) == []
    await ask(town.odette, need="pharmacie", title="Autre")
    await AlertChoice.stop_mail(town.karim.id)
    assert await mailed(town) == []
    assert await mail_rows() == ["stopped", "stopped"]


async def test_many_go_over_one_connection(town):
    for number in range(4):
        await chooses(await volunteer(f"V{number}"), f"v{number}@example.org", urgent=True)
    await ask(town.odette, need="pharmacie")
    town.says["RCPT"] = ["550 5.1.1 nobody"]
    assert len(await mailed(town)) == 4
    # The round that finds nothing more opens none.
    assert town.connections == 1


@pytest.mark.parametrize("verb", ["CONNECT", "MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize("answer", ["421 busy", "450 later", "cut", "hang"])
async def test_what_fails_for_now_is_tried_again_later_each_time(town, monkeypatch, verb, answer):
    await ask(town.odette, need="pharmacie")
    waits, at = [], NOON
    for _ in range(3):
        town.says[verb] = [answer]
        with monkeypatch.context() as impatient:
            if answer == "hang":
                impatient.setattr(postman, "PATIENCE", 0.3)
            await mailed(town)
        row = (await query("SELECT state, due_at FROM alert"))[0]
        assert row["state"] == "waiting"
        waits.append(row["due_at"] - at)
        at = row["due_at"]
        set_clock(monkeypatch, at)
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4)]
    town.says.clear()
    assert await mailed(town) == ["karim@example.org"]
    assert await mail_rows() == ["sent"]


async def test_it_ends_when_it_is_too_late(town, monkeypatch):
    await ask(town.odette, need="pharmacie")
    at = NOON
    for _ in range(30):
        town.says["MAIL"] = ["451 later"]
        await mailed(town)
        row = (await query("SELECT state, due_at FROM alert"))[0]
        if row["state"] != "waiting":
            break
        at = row["due_at"]
        set_clock(monkeypatch, at)
    assert row["state"] in ("failed", "stopped")
    assert at <= NOON + timedelta(hours=13)


@pytest.mark.parametrize(
    ("answer", "doubted"),
    [
        ("550 no such user", True),
        ("550 5.1.1 unknown", True),
        ("551 not here", True),
        ("553 5.2.1 closed", True),
        ("550 5.7.1 we do not like your network", False),
        ("552 5.2.2 full", False),
        ("554 no", False),
    ],
)
async def test_where_there_is_nobody_nothing_more_is_sent(town, answer, doubted):
    await ask(town.odette, need="pharmacie")
    town.says["RCPT"] = [answer]
    assert await mailed(town) == []
    assert await mail_rows() == ["failed"]
    choice = await AlertChoice.of(town.karim.id)
    assert (choice["mail_confirmed_at"] is None) is doubted
    assert choice["mail"] == "karim@example.org"
    await ask(town.odette, need="pharmacie", title="Encore")
    assert await mailed(town) == ([] if doubted else ["karim@example.org"])


@pytest.mark.parametrize("verb", ["DATA", "END"])
async def test_a_message_that_is_refused_for_good_says_nothing_of_the_address(town, verb):
    await ask(town.odette, need="pharmacie")
    town.says[verb] = ["550 5.1.1 looks like spam"]
    await mailed(town)
    assert await mail_rows() == ["failed"]
    assert (await AlertChoice.of(town.karim.id))["mail_confirmed_at"] is not None


async def test_where_nobody_listens_it_waits(town, monkeypatch):
    await ask(town.odette, need="pharmacie")
    async with SmtpService() as closed:
        port = closed.port
    set_mail(monkeypatch, Smtp("127.0.0.1", port, tls=False))
    assert await mail.round() == 1
    assert await mail_rows() == ["waiting"]


async def test_a_server_that_hangs_is_left_and_asked_again_later(town, monkeypatch):
    await ask(town.odette, need="pharmacie")
    town.says["CONNECT"] = ["hang"]
    monkeypatch.setattr(postman, "PATIENCE", 0.3)
    await mailed(town)
    assert await mail_rows() == ["waiting"]


async def test_whoever_dies_after_an_urgent_need_was_taken_has_it_sent_again(town, monkeypatch):
    await ask(town.odette, need="pharmacie")

    async def dies(*_):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(Alert, "settle", dies)
        with pytest.raises(RuntimeError):
            await mail.round()
    assert await mail.round() == 0
    set_clock(monkeypatch, NOON + LEASE)
    assert await mail.round() == 1
    first, second = town.taken
    # A mail program shows it once.
    assert first.message["Message-ID"] == second.message["Message-ID"]


async def test_rounds_at_once_share_the_work(town):
    for number in range(20):
        await chooses(await volunteer(f"V{number}"), f"v{number}@example.org", urgent=True)
    await ask(town.odette, need="pharmacie")
    assert sum(await asyncio.gather(*(mail.round() for _ in range(4)))) == 21
    assert len({one.to for one in town.taken}) == len(town.taken) == 21


async def test_without_a_server_nothing_is_claimed(town, monkeypatch):
    await ask(town.odette, need="pharmacie")
    set_mail(monkeypatch, None)
    assert await mail.round() == 0
    assert await mail_rows() == ["waiting"]


async def test_only_urgent_needs_are_urgent(town):
    post = await put_up(town.odette, "tip")
    await Notice.tell(town.karim.id, "replied", post, town.odette.id, post)
    assert await mail_rows() == []
