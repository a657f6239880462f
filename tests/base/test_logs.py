"""No token, code, cookie or query string survives into a log line."""

import asyncio
import io
import logging
import logging.config
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.base import keys
from server.base.ids import uuid7
from server.base.logs import LOGGING, Access, Redacting, not_a_goodbye, redact

pytestmark = pytest.mark.one_engine

TOKEN = keys.token_for("link", uuid7())


def access_line(method: str, path: str, status: int = 200) -> str:
    """What the access log writes for a request, as uvicorn reports it."""
    arguments = ("192.0.2.7:5555", method, path, "1.1", status)
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', arguments, None)
    return Access("%(asctime)s").format(record)


@pytest.mark.parametrize("door", ["cle", "invitation", "fondation", "carte", "courriel", "CLE"])
@pytest.mark.parametrize("end", ["", "/", "/suite", "?a=b", "%2Fx"])
def test_what_follows_a_door_is_cut(door, end):
    line = access_line("GET", f"/{door}/{TOKEN.lower()}{end}")
    assert TOKEN.lower() not in line
    assert f"GET /{door}/… 200" in line


def test_query_strings_are_dropped():
    line = access_line("GET", "/entrer?code=ABCD&nom=Odette")
    assert "Odette" not in line
    assert "GET /entrer?… 200" in line


def test_nobody_is_named_in_the_access_log():
    assert "192.0.2.7" not in access_line("GET", "/")


def test_ordinary_addresses_stay_readable():
    address = "/avis/0199f3a2-7c41-7abc-9def-0123456789ab/reponses"
    assert address in access_line("POST", address, 303)


def test_tracebacks_are_redacted_too():
    try:
        raise RuntimeError(f"no such key: {TOKEN} in /carte/{TOKEN}/imprimer?x={TOKEN}")
    except RuntimeError as error:
        caught = (RuntimeError, error, error.__traceback__)
    record = logging.LogRecord("litestar", logging.ERROR, "", 0, "path=%r", (f"/cle/{TOKEN}",), caught)
    text = Redacting("%(message)s").format(record)
    assert TOKEN not in text
    assert "RuntimeError" in text


def test_a_cookie_is_blotted_out():
    secret = keys.new_token()
    for text in (f"Cookie: palier={secret}; a=b", f"headers={{'cookie': 'palier={secret}'}}", f"cookie=b'{secret}'"):
        assert secret not in redact(text)


@given(st.uuids(), st.text(max_size=30), st.sampled_from(["cle", "invitation", "fondation", "carte", "courriel"]))
def test_no_token_survives_whatever_surrounds_it(row, around, door):
    token = keys.token_for("card", row)
    assert token not in redact(f"{around}/{door}/{token}{around}")
    assert token not in redact(f"{around} /avis?cle={token}")
    assert keys.code_for(row) not in redact(f"{around} {keys.code_for(row)} {around}")


def test_every_logger_goes_through_it():
    config = deepcopy(LOGGING)
    written = io.StringIO()
    for handler in config["handlers"].values():
        handler["stream"] = written
    before = logging.root.handlers[:], logging.root.level
    try:
        logging.config.dictConfig(config)
        path = f"/cle/{TOKEN}?{TOKEN}"
        for name in ("uvicorn.error", "litestar", "asyncio", "server.running.upkeep", "anything"):
            logging.getLogger(name).error("failed at %s", path)
        logging.getLogger("uvicorn.access").info('%s - "%s %s HTTP/%s" %d', "192.0.2.7", "GET", path, "1.1", 200)
    finally:
        logging.root.handlers[:], logging.root.level = before
        access = logging.getLogger("uvicorn.access")
        access.handlers.clear()
        access.propagate = True
    assert len(written.getvalue().splitlines()) == 6
    assert TOKEN not in written.getvalue()


def test_a_request_cut_off_by_the_end_leaves_no_traceback():
    for error, kept in ((asyncio.CancelledError(), False), (RuntimeError(), True)):
        record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "failed", (), (type(error), error, None))
        assert not_a_goodbye(record) is kept
    plain = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "failed", (), None)
    assert not_a_goodbye(plain)
