"""A digest is never sent twice, whatever dies or breaks between the ledger and the mail server."""

import asyncio
from datetime import UTC, datetime, timedelta

import aiosmtplib
import pytest

from server.base.database import query
from server.news import digests
from server.news.alert import LEASE, Alert
from server.news.alert_choice import AlertChoice
from server.sending import mail
from server.sending.mail import postman
from tests.support.mail_people import mail_rows, mail_server, mailed, reader
from tests.support.makers import found, neighbour, put_up, set_clock

MORNING = datetime(2026, 3, 18, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def town(monkeypatch):
    """The evening before, a mail server, and Odette, who writes."""
    set_clock(monkeypatch, MORNING - timedelta(hours=14))
    await found()
    async with mail_server(monkeypatch) as service:
        service.odette = await neighbour("Odette")
        yield service


async def ready(town, monkeypatch) -> None:
    """A digest that is due, written, not yet sent."""
    await reader("Ines", digest="day")
    await put_up(town.odette, "tip", valid_until=None)
    set_clock(monkeypatch, MORNING)
    assert await digests.write_due() == 1


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "END"])
async def test_plainly_refused_for_now_it_comes_later_and_once(town, monkeypatch, verb):
    await ready(town, monkeypatch)
    town.says[verb] = ["450 later"]
    assert await mailed(town) == []
    assert await mail_rows() == ["waiting"]
    set_clock(monkeypatch, MORNING + MINUTE)
    assert await mailed(town) == ["ines@example.org"]
    assert await mail_rows() == ["sent"]


@pytest.mark.parametrize("ending", ["cut", "hang"])
async def test_when_nobody_knows_whether_it_arrived_it_is_not_sent_again(town, monkeypatch, ending):
    await ready(town, monkeypatch)
    town.says["END"] = [ending]
    with monkeypatch.context() as impatient:
        if ending == "hang":
            impatient.setattr(postman, "PATIENCE", 2)
        await mail.round()
    assert len(town.taken) == 1
    for later in (MINUTE, LEASE, timedelta(hours=2)):
        set_clock(monkeypatch, MORNING + later)
        await mail.round()
    assert len(town.taken) == 1
    assert await mail_rows() == ["sent"]


@pytest.mark.parametrize("when", ["before", "after"])
async def test_whoever_dies_while_handing_it_over_doubles_nothing(town, monkeypatch, when):
    await ready(town, monkeypatch)
    hand_over = aiosmtplib.SMTP.data

    async def dies(*arguments):
        if when == "after":
            await hand_over(*arguments)
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(aiosmtplib.SMTP, "data", dies)
        with pytest.raises(RuntimeError):
            await mail.round()
    for later in (MINUTE, LEASE, timedelta(hours=2)):
        set_clock(monkeypatch, MORNING + later)
        await mail.round()
    assert len(town.taken) == (when == "after")


async def test_two_senders_with_the_same_row_send_it_once(town, monkeypatch):
    await ready(town, monkeypatch)
    (alert,) = [row["id"] for row in await query("SELECT id FROM alert")]

    async def send() -> None:
        async with postman.Postman() as one:
            await postman._deliver(alert, one)

    # As if the lease of the first had ended while it was at work.
    await asyncio.gather(send(), send(), send())
    assert len(town.taken) == 1


async def test_who_stops_gets_none_that_was_written_already(town, monkeypatch):
    await ready(town, monkeypatch)
    ines = (await query("SELECT member FROM alert_choice"))[0]["member"]
    await AlertChoice.stop_mail(ines)
    assert await mailed(town) == []
    assert await mail_rows() == ["stopped"]
    assert await Alert.count() == 1
