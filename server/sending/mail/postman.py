"""Handing emails to the mail server (SMTP, RFC 5321) and noting in the ledger what came of each.

Urgent needs arrive at least once: whatever is unclear is tried again, under the same Message-ID. A digest
never arrives twice: it is called sent before its last byte leaves, and waits again only if the server
plainly refused it or was not reached. So a crash may lose one digest, and doubles none.
"""

import asyncio
import contextlib
import logging
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID as Id

import aiosmtplib
from aiosmtplib.errors import SMTPDataError, SMTPException, SMTPRecipientRefused

from server.base.columns import now
from server.base.database import execute
from server.base.settings import MAILBOX, settings
from server.news.alert import FAILED, SENT, STOPPED, Alert
from server.news.alert_choice import AlertChoice, Choice
from server.news.digests import PERIODS
from server.news.planning import mails
from server.people.member import Member
from server.people.quartier import plate
from server.sending.mail import asking, letters
from server.sending.push.due import due_rows, is_true

# Over one connection; then a new one, as servers like it.
MOST = 50
# Seconds for one answer of the server, and for a connection with all that belongs to it. What one message
# may take stays within the ledger's lease.
PATIENCE, TO_CONNECT = 8.0, 20.0
# The wait after the first failure; it doubles, up to an hour.
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
# "There is no such mailbox" (RFC 5321, 4.2.3), unless the server says more exactly that it is something
# else, such as a refusal of us (RFC 3463: 5.1.x is the address, 5.2.1 a mailbox that is closed).
NOBODY = (550, 551, 553)
_DETAIL = re.compile(r"\s{0,8}5\.(\d{1,3})\.(\d{1,3})\b")

log = logging.getLogger("palier")


class NotNow(Exception):
    """Nothing was handed over; later it may be."""


class Refused(Exception):
    """The server will not have it, now or later. ``nobody``: there is no such mailbox."""

    def __init__(self, nobody: bool) -> None:
        super().__init__()
        self.nobody = nobody


class Unclear(Exception):
    """The line broke while the message was on its way: it may have arrived, or not."""


async def round() -> int:
    """Send what is due by email, up to ``MOST``; how many rows that was. 0: nothing waits now, or no server is set."""
    if settings.smtp is None:
        return 0
    async with Postman() as postman:
        for done in range(MOST):
            # One at a time: each has its whole lease for itself.
            claimed = await Alert.claim(1, mail=True)
            if not claimed:
                return done
            await _deliver(claimed[0], postman)
    return MOST


class Postman:
    """One connection, made when there is something to send, and again should it break."""

    def __init__(self) -> None:
        self.smtp: aiosmtplib.SMTP | None = None

    async def __aenter__(self) -> "Postman":
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.smtp is not None:
            with contextlib.suppress(SMTPException, OSError):
                await self.smtp.quit(timeout=1)
            self._drop()

    async def hand_over(self, to: str, message: bytes, before: Callable[[], Awaitable[None]]) -> None:
        """Give the server one message for one address. Raises NotNow, Refused or Unclear.

        ``before`` is done when sender and receiver are accepted and not a byte of the message has left.
        """
        try:
            smtp = await self._connection()
            await smtp.mail(settings.mail_from)
            await smtp.rcpt(to)
        except SMTPRecipientRefused as error:
            await self._begin_anew()
            raise (_refused(error, at_address=True) if error.code >= 500 else NotNow()) from error
        except (SMTPException, OSError) as error:
            self._drop()
            raise NotNow from error
        try:
            await before()
        except BaseException:
            self._drop()
            raise
        try:
            await smtp.data(message)
        except SMTPDataError as error:
            await self._begin_anew()
            raise (_refused(error, at_address=False) if error.code >= 500 else NotNow()) from error
        except (SMTPException, OSError) as error:
            self._drop()
            raise Unclear from error

    async def _connection(self) -> aiosmtplib.SMTP:
        if self.smtp is None or not self.smtp.is_connected:
            async with asyncio.timeout(TO_CONNECT):
                await self._connect()
        return self.smtp

    async def _connect(self) -> None:
        """Speak to the server, in secret unless it is on this machine, and only then say the password."""
        server = settings.smtp
        self.smtp = aiosmtplib.SMTP(
            hostname=server.host, port=server.port, timeout=PATIENCE, local_hostname=_greeting(),
            use_tls=server.tls, start_tls=False,
        )  # fmt: skip
        await self.smtp.connect()
        if not (server.tls or server.local):
            await self.smtp.starttls()
            # Answers that came in the clear together with the consent would be taken for those to what is said
            # in secret (RFC 3207, section 4.2; CVE-2011-0411): the library keeps them.
            if self.smtp.protocol._buffer:
                raise SMTPException("words in the clear behind the consent to TLS")
        if server.user:
            await self.smtp.login(server.user, server.password)

    async def _begin_anew(self) -> None:
        """Forget the message that was refused; the connection stays."""
        try:
            await self.smtp.rset()
        except (SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self.smtp is not None:
            self.smtp.close()
        self.smtp = None


def _greeting() -> str:
    """How this machine names itself (RFC 5321, 4.1.3). Not by asking the network for its name."""
    host = letters.host()
    return f"[IPv6:{host[1:]}" if host.startswith("[") else host


def _why(trouble: BaseException) -> str:
    """What it came from, in one word. Not the server's words: they may repeat what was sent."""
    while isinstance(trouble.__cause__, Exception):
        trouble = trouble.__cause__
    name = type(trouble).__name__
    # OpenSSL's own, of what was wrong with a certificate.
    return f"{name}, {trouble.verify_message}" if isinstance(trouble, ssl.SSLCertVerificationError) else name


def _refused(error: SMTPRecipientRefused | SMTPDataError, *, at_address: bool) -> Refused:
    detail = _DETAIL.match(error.message or "")
    other = detail is not None and detail[1] != "1" and detail.groups() != ("2", "1")
    return Refused(at_address and error.code in NOBODY and not other)


async def _deliver(alert: Id, postman: Postman) -> None:
    """Send one claimed row, if it is still true and still wanted, and note what came of it."""
    rows = await due_rows([alert])
    if not rows:
        return
    row, choice = rows[0], await AlertChoice.of(rows[0]["person"])
    message = await _letter(row, choice) if choice and is_true(row, now()) else None
    if message is None:
        return await Alert.settle(STOPPED, [alert])
    only_once = row["what"] in PERIODS
    given = False

    async def before() -> None:
        nonlocal given
        if only_once:
            given = await Alert.give_away(alert)
            if not given:
                raise _Gone

    try:
        await postman.hand_over(choice["mail"], message, before)
    except _Gone:
        return
    except Unclear:
        if not only_once:
            await _later(row)
        return
    except NotNow as trouble:
        log.warning("an email could not be sent now: %s", _why(trouble))
        if given:
            await Alert.take_back(alert)
        await _later(row)
        return
    except Refused as refusal:
        await Alert.settle(FAILED, [alert])
        if refusal.nobody:
            await AlertChoice.doubt(row["person"], choice["mail"])
        return
    if not only_once:
        await Alert.settle(SENT, [alert])
    await execute("UPDATE notice SET alerted_at = {} WHERE alerted_at IS NULL AND id = {}", now(), row["notice"])


class _Gone(Exception):
    """Another sender has given this one away meanwhile."""


async def _letter(row: Mapping[str, Any], choice: Mapping[str, Any]) -> bytes | None:
    """The message; None when this person does not want it any more, or nobody can be written to there."""
    to, here = choice["mail"], await plate()
    if to is None or not MAILBOX.fullmatch(to):
        return None
    if row["what"] == asking.CHECK:
        language = asking.asked(row["once"], to) if choice["mail_confirmed_at"] is None else None
        return letters.check(row, choice, here, language).as_bytes() if language else None
    confirmed = to if choice["mail_confirmed_at"] else None
    if not mails(
        row["what"], Choice(mail=confirmed, mail_urgent=choice["mail_urgent"], mail_digest=choice["mail_digest"])
    ):
        return None
    if row["what"] in PERIODS:
        reader = await Member.select(Member.name).where(Member.id == row["person"]).first()
        return letters.digest(row, choice, here, reader["name"]).as_bytes()
    return letters.urgent(row, choice, here).as_bytes()


async def _later(row: Mapping[str, Any]) -> None:
    """Try it again, later each time; or not any more, when it would be too late."""
    at = now() + min(FIRST_WAIT * 2 ** min(row["tries"] - 1, 10), LONGEST_WAIT)
    if at < row["until"]:
        await Alert.later(row["id"], at)
    else:
        await Alert.settle(FAILED, [row["id"]])
