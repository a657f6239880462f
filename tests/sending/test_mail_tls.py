"""Email over TLS: to whom the board speaks, whom it refuses, and that a refusal costs neither password nor letter.

The server has a certificate of an authority that the test makes, and that the system's trust is told of in the
usual way (SSL_CERT_FILE): the board has no setting for it.
"""

import asyncio
import logging
import ssl
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest

from server.base.settings import Smtp
from server.sending import mail
from server.sending.mail import postman
from tests.support.alert_people import ask, volunteer
from tests.support.certificates import Authority
from tests.support.mail_people import chooses, mail_rows, mailed, sender_process, set_mail, settled
from tests.support.makers import NOON, found, neighbour, set_clock
from tests.support.smtp_service import SmtpService

pytestmark = [pytest.mark.one_engine, pytest.mark.long]

NAME, LOGIN = "smtp.palier.test", "\0nom\0motdepasse"
SECRETS = (b"motdepasse", b64encode(LOGIN.encode()), b64encode(b"motdepasse"), b"karim", b"Subject")
BOTH = pytest.mark.parametrize("at_once", [False, True], ids=["STARTTLS", "implicit"])


@pytest.fixture(name="authority")
def trusted_authority(tmp_path, monkeypatch) -> Authority:
    """An authority that this machine trusts, as well as anybody does."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.pem))
    return made


@pytest.fixture
async def waiting():
    """Odette has asked, and Karim is to read it by email."""
    await found()
    await chooses(await volunteer("Karim"), "karim@example.org", urgent=True)
    await ask(await neighbour("Odette"), need="pharmacie")


@pytest.fixture
async def noon(monkeypatch):
    """Noon, and the server's name leads to this machine."""
    set_clock(monkeypatch, NOON)
    resolve = asyncio.get_running_loop().getaddrinfo
    monkeypatch.setattr(
        asyncio.get_running_loop(),
        "getaddrinfo",
        lambda host, *rest, **more: resolve("127.0.0.1" if host == NAME else host, *rest, **more),
    )


def holding(folder: Path) -> ssl.SSLContext:
    """What a server shows that has the certificate in this folder."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "fullchain.pem", folder / "privkey.pem")
    return context


def write_to(service: SmtpService, monkeypatch) -> None:
    """Have the board send through this server, by its name and with a password."""
    set_mail(monkeypatch, Smtp(NAME, service.port, service.at_once, "nom", "motdepasse"))


async def refused(service: SmtpService) -> None:
    """The letter waits, and the server has heard neither of it nor of the password."""
    await mail.round()
    assert await mail_rows() == ["waiting"]
    assert service.connections == 1
    assert (service.login, service.taken) == ("", [])
    assert set(service.verbs) & {"AUTH", "MAIL", "RCPT", "DATA"} == set()
    assert [one for one in SECRETS if one in service.in_the_clear] == []


async def arrives_later(service: SmtpService, monkeypatch) -> None:
    """A minute on, the server is as it should be, and the same letter arrives."""
    assert await mailed(service) == []
    set_clock(monkeypatch, NOON + timedelta(minutes=1, seconds=1))
    assert await mailed(service) == ["karim@example.org"]
    assert await mail_rows() == ["sent"]


@BOTH
async def test_a_letter_arrives_and_nobody_on_the_way_reads_it(
    noon, waiting, authority, tmp_path, monkeypatch, at_once
):
    authority.issue(tmp_path, NAME)
    async with SmtpService(tls=holding(tmp_path), at_once=at_once) as service:
        write_to(service, monkeypatch)
        assert await mailed(service) == ["karim@example.org"]
        assert await mail_rows() == ["sent"]
        assert service.login == LOGIN
        assert service.in_the_clear == (b"" if at_once else b"EHLO palier.example\r\nSTARTTLS\r\n")


@BOTH
@pytest.mark.parametrize(
    ("name", "until", "known", "said"),
    [
        (NAME, timedelta(days=2), False, "self-signed certificate in certificate chain"),
        (NAME, timedelta(days=-1), True, "certificate has expired"),
        ("smtp.elsewhere.test", timedelta(days=2), True, "Hostname mismatch"),
        # A name is no address: what resolves to this machine has to be vouched for by name.
        ("127.0.0.1", timedelta(days=2), True, "Hostname mismatch"),
    ],
    ids=["unknown authority", "expired", "another name", "only its address"],
)
async def test_who_is_not_vouched_for_gets_nothing(
    noon, waiting, authority, tmp_path, monkeypatch, caplog, at_once, name, until, known, said
):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (authority if known else Authority(theirs)).issue(theirs, name, until=until)
    async with SmtpService(tls=holding(theirs), at_once=at_once) as service:
        write_to(service, monkeypatch)
        await refused(service)
        assert f"an email could not be sent now: SSLCertVerificationError, {said}" in caplog.text
        authority.issue(tmp_path, NAME)
        service.tls.load_cert_chain(tmp_path / "fullchain.pem", tmp_path / "privkey.pem")
        await arrives_later(service, monkeypatch)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "SMTPException"),
        ("454 not now", "SMTPResponseException"),
        ("220 as you like, in the clear", "SSLError"),
        ("hang", "TimeoutError"),
    ],
)
async def test_without_starttls_nothing_is_said(noon, waiting, authority, tmp_path, monkeypatch, caplog, answer, said):
    """It is not offered, or taken out on the way (RFC 3207, section 6); or agreed to, and then not done."""
    authority.issue(tmp_path, NAME)
    async with SmtpService(tls=None if answer is None else holding(tmp_path)) as service:
        write_to(service, monkeypatch)
        service.says["STARTTLS"] = [] if answer is None else [answer]
        with monkeypatch.context() as impatient:
            impatient.setattr(postman, "PATIENCE", 0.3)
            await refused(service)
        assert caplog.text.endswith(f"an email could not be sent now: {said}\n")
        service.tls = holding(tmp_path)
        await arrives_later(service, monkeypatch)


@pytest.mark.parametrize("answer", ["SMTP only", "nothing at all"])
async def test_implicit_tls_is_not_given_up_either(noon, waiting, authority, monkeypatch, answer):
    async with SmtpService(at_once=True) as service:
        write_to(service, monkeypatch)
        monkeypatch.setattr(postman, "PATIENCE", 0.3)
        service.says["CONNECT"] = ["hang"] if answer == "nothing at all" else []
        await refused(service)


async def test_answers_put_in_before_tls_are_not_the_servers(noon, waiting, authority, tmp_path, monkeypatch):
    """Somebody on the way adds to the server's consent what it would say later: that all is well, or nobody there."""
    authority.issue(tmp_path, NAME)
    for forged in ("250 here", "250-here\r\n250 AUTH PLAIN\r\n235 in\r\n250 yes\r\n250 yes\r\n354 go on\r\n250 taken"):
        async with SmtpService(tls=holding(tmp_path)) as service:
            write_to(service, monkeypatch)
            service.says["STARTTLS"] = [f"220 go ahead\r\n{forged}"]
            await refused(service)
        set_clock(monkeypatch, NOON + timedelta(minutes=1, seconds=1))


@BOTH
async def test_a_wrong_password_is_no_word_for_the_log(
    noon, waiting, authority, tmp_path, monkeypatch, caplog, at_once
):
    caplog.set_level(logging.DEBUG)
    authority.issue(tmp_path, NAME)
    async with SmtpService(tls=holding(tmp_path), at_once=at_once) as service:
        write_to(service, monkeypatch)
        service.says["AUTH"] = ["535 5.7.8 not motdepasse, nom"]
        await mail.round()
        assert "an email could not be sent now: SMTPAuthenticationError" in caplog.text
        assert [one for one in SECRETS if one.decode() in caplog.text] == []
        assert set(service.verbs) & {"MAIL", "RCPT", "DATA"} == set()
        assert await mail_rows() == ["waiting"]
        await arrives_later(service, monkeypatch)


@BOTH
@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
async def test_the_process_that_sends_trusts_whom_this_machine_trusts(waiting, tmp_path, at_once, known):
    made = Authority(tmp_path)
    made.issue(tmp_path, "127.0.0.2")
    async with SmtpService("127.0.0.2", holding(tmp_path), at_once=at_once) as service:
        smtp = f"{'smtps' if at_once else 'smtp'}://nom:motdepasse@{service.host}:{service.port}"
        async with sender_process(smtp, **({"SSL_CERT_FILE": str(made.pem)} if known else {})):
            await settled("sent" if known else "waiting")
        assert service.connections == 1
        assert [one.to for one in service.taken] == (["karim@example.org"] if known else [])
        assert service.login == (LOGIN if known else "")
