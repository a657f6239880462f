"""What the logs say, and that no secret is among it.

A token in an address opens a door, so no log line may hold one: addresses are cut after
``/cle/``, ``/invitation/``, ``/fondation/``, ``/carte/`` and ``/courriel/``, query strings are dropped, and
whatever else looks like a token or a card's code is blotted out. It is done on the finished
text of every record, tracebacks included, so that no logger can forget it. The access log
names no address of a visitor either: the board has no use for it.
"""

import logging
import re
from asyncio import CancelledError

from server.base.keys import CODE_LENGTH, SIGNS

BLOT = "…"
# What is written of an address that somebody asked for.
MAX_PATH = 2_000
_DOORS = re.compile(r"(/(?:cle|invitation|fondation|carte|courriel)/)[^\s\"'<>]+", re.IGNORECASE)
# Anchored and possessive: of each run of signs it looks once, from its beginning.
_QUERY = re.compile(r"(?<![^\s\"'<>?])([^\s\"'<>?]*+\?)[^\s\"'<>]+")
_TOKEN = re.compile(rf"(?<![0-9A-Za-z])[{SIGNS}]{{{CODE_LENGTH},}}(?![0-9A-Za-z])")
# A session's cookie, should a header ever be printed.
_COOKIE = re.compile(r"(cookie['\"]?\s*[:,=]\s*b?['\"]?)[^'\"\r\n]+", re.IGNORECASE)


def redact(text: str) -> str:
    """The text without tokens, codes, cookies or query strings."""
    text = _COOKIE.sub(rf"\1{BLOT}", text)
    text = _DOORS.sub(rf"\1{BLOT}", text)
    text = _QUERY.sub(_without_query, text)
    return _TOKEN.sub(BLOT, text)


def _without_query(match: re.Match) -> str:
    return f"{match[1]}{BLOT}" if "/" in match[1] else match[0]


class Redacting(logging.Formatter):
    """Formats like any other, then blots out secrets."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished line or lines of this record."""
        return redact(super().format(record))


class Access(Redacting):
    """One request a line: when, method, address, status. Never who."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """uvicorn gives client, method, path with query, HTTP version, status."""
        _, method, path, _, status = record.args
        return f"{record.asctime} {method} {path[:MAX_PATH]} {status}"


def not_a_goodbye(record: logging.LogRecord) -> bool:
    """False for the traceback of a request that was cut off because the server stops."""
    return not (record.exc_info and isinstance(record.exc_info[1], CancelledError))


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": Redacting, "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "access": {"()": Access, "format": "%(asctime)s"},
    },
    "filters": {"goodbye": {"()": lambda: not_a_goodbye}},
    "handlers": {
        "plain": {"class": "logging.StreamHandler", "formatter": "plain", "stream": "ext://sys.stderr"},
        "access": {"class": "logging.StreamHandler", "formatter": "access", "stream": "ext://sys.stdout"},
    },
    "root": {"handlers": ["plain"], "level": "WARNING"},
    "loggers": {
        "uvicorn": {"level": "WARNING"},
        "uvicorn.error": {"filters": ["goodbye"]},
        "uvicorn.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
    },
}
