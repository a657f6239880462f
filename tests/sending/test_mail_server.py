"""The board and its mail server: who it says it is, that nothing leaves in the clear, and which process does it."""

from datetime import timedelta

import pytest

from server.base.settings import Smtp
from server.help import escalation
from server.help.claim import Claim
from server.people.member import Role
from server.posts.post import Post
from server.sending import mail
from tests.support.alert_people import ask, volunteer
from tests.support.mail_people import chooses, mail_rows, mail_server, mailed, sender_process, set_mail, settled
from tests.support.makers import NOON, found, neighbour, set_clock
from tests.support.smtp_service import SmtpService

pytestmark = [pytest.mark.one_engine, pytest.mark.long]


@pytest.fixture
async def town(monkeypatch):
    """Noon, a mail server, Odette who asks and Karim who reads urgent needs by email."""
    set_clock(monkeypatch, NOON)
    await found()
    async with mail_server(monkeypatch) as service:
        service.odette = await neighbour("Odette")
        await chooses(await volunteer("Karim"), "karim@example.org", urgent=True)
        yield service


async def test_a_name_and_a_password_are_said(town, monkeypatch):
    set_mail(monkeypatch, Smtp(town.host, town.port, False, "nom", "mot@passe"))
    await ask(town.odette, need="pharmacie")
    assert await mailed(town) == ["karim@example.org"]
    assert town.login == "\0nom\0mot@passe"


@pytest.mark.parametrize("tls", [False, True])
async def test_nothing_leaves_this_machine_in_the_clear(town, monkeypatch, tls):
    async with SmtpService("127.0.0.2") as elsewhere:
        set_mail(monkeypatch, Smtp(elsewhere.host, elsewhere.port, tls, "nom", "secret"))
        await ask(town.odette, need="pharmacie")
        await mail.round()
        assert elsewhere.login == "" and elsewhere.taken == []
        assert set(elsewhere.verbs) & {"AUTH", "MAIL", "RCPT", "DATA"} == set()
    assert await mail_rows() == ["waiting"]


async def test_a_log_never_repeats_what_was_sent(town, caplog, monkeypatch):
    set_mail(monkeypatch, Smtp(town.host, town.port, False, "nom", "motdepasse"))
    await ask(town.odette, need="pharmacie")
    town.says["AUTH"] = ["535 no, not motdepasse of karim@example.org"]
    await mailed(town)
    assert "an email could not be sent now: SMTPAuthenticationError" in caplog.text
    assert "motdepasse" not in caplog.text and "karim" not in caplog.text


async def test_the_process_that_sends_mails_too():
    await found()
    async with SmtpService() as service:
        await chooses(await volunteer("Karim"), "karim@example.org", urgent=True)
        await ask(await neighbour("Odette"), need="pharmacie")
        async with sender_process(f"smtp://127.0.0.1:{service.port}"):
            await settled("sent")
        assert [one.to for one in service.taken] == ["karim@example.org"]


async def test_an_admin_whom_only_email_reaches_hears_that_nobody_came(town, monkeypatch):
    amelie = await neighbour("Amelie", Role.ADMIN)
    await chooses(amelie, "amelie@example.org", urgent=True)
    await chooses(await neighbour("Zoe", Role.ADMIN), "zoe@example.org", digest="day")
    await ask(town.odette, need="pharmacie")
    for minutes, heard in ((0, ["karim@example.org"]), (10, ["amelie@example.org"]), (40, ["amelie@example.org"])):
        set_clock(monkeypatch, NOON + timedelta(minutes=minutes))
        await escalation.escalate()
        assert await mailed(town) == heard
    (taken,) = town.taken
    assert taken.message["Subject"].replace("\u00a0", " ") == "Personne depuis 40 min"
    assert "Ouvrez pour savoir qui joindre" in taken.text


async def test_put_back_it_is_not_mailed_again_for_an_older_round(town):
    post = await ask(town.odette, need="pharmacie")
    lea = await neighbour("Lea")
    await Claim.take(post, lea.id)
    assert await mailed(town) == []
    await Claim.hand_back(post, lea.id, "")
    await escalation.escalate()
    assert await mailed(town) == ["karim@example.org"]
    await Post.withdraw(post)
    await Post.put_back(post)
    await escalation.resume(post)
    assert await mailed(town) == []
