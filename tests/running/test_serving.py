"""Whose address counts: what a reverse proxy tells is believed from the proxy only."""

import http.client
from itertools import count
from pathlib import Path

import pytest
from litestar.testing import RequestFactory

from server.views.web.attempts import who_tries
from tests.support.command_line import palier, refuses, running

pytestmark = [pytest.mark.one_engine, pytest.mark.long]

LIMIT = 3
HAS_IPV6 = Path("/proc/net/if_inet6").exists()


class Board:
    """A running board, and tries to sign in to it that come from wherever one likes."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, path: str, source: str, to: str = "127.0.0.1", **headers: str) -> tuple[int, str]:
        """The status and text of an answer to a request that leaves from ``source``."""
        connection = http.client.HTTPConnection(to, self.port, timeout=10, source_address=(source, 0))
        try:
            sent = {"Host": "palier.test", "Sec-Fetch-Site": "same-origin"} | headers
            body = "code=x" if method == "POST" else None
            connection.request(method, path, body, sent | {"Content-Type": "application/x-www-form-urlencoded"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def tries(self, source: str, told: list[str], to: str = "127.0.0.1") -> list[int]:
        """The statuses of one try for each of these values of X-Forwarded-For."""
        return [self.ask("POST", "/entrer", source, to, **{"X-Forwarded-For": one})[0] for one in told]


@pytest.fixture(scope="module")
def open_board(tmp_path_factory):
    """Opens a board that lets everybody try three times."""
    opened = []

    def make(**settings: str) -> Board:
        folder = tmp_path_factory.mktemp("serving") / "data"
        server = running("--data", folder, PALIER_ATTEMPTS=str(LIMIT), **settings)
        opened.append(server)
        return Board(server.__enter__().port)

    yield make
    for server in opened:
        server.__exit__(None, None, None)


@pytest.fixture(scope="module")
def board(open_board):
    """A board as it is when nothing is set."""
    return open_board()


def made_up(number: int = LIMIT + 2) -> list[str]:
    """Addresses that nobody has had yet."""
    return [f"198.51.100.{next(_numbers)}" for _ in range(number)]


_numbers = count(1)
ALL_PASS = [422] * (LIMIT + 2)
CUT_OFF = [422] * LIMIT + [429] * 2


def test_behind_a_proxy_each_neighbour_has_their_own_tries(board):
    assert board.tries("127.0.0.1", made_up()) == ALL_PASS
    assert board.tries("127.0.0.1", ["203.0.113.1"] * (LIMIT + 2)) == CUT_OFF
    # A proxy that adds to what it was sent: the last name is its own word.
    assert board.tries("127.0.0.1", [f"{one}, 203.0.113.2" for one in made_up()]) == CUT_OFF
    assert board.tries("127.0.0.1", [f"127.0.0.1, {one}, 203.0.113.3, ::1" for one in made_up()]) == CUT_OFF


@pytest.mark.skipif(not HAS_IPV6, reason="a machine without IPv6")
def test_a_proxy_that_calls_localhost_by_its_other_address(board):
    assert board.tries("::1", made_up(), to="::1") == ALL_PASS
    assert board.tries("::1", ["203.0.113.4"] * (LIMIT + 2), to="::1") == CUT_OFF


def test_from_anybody_else_it_is_not_believed(board):
    """127.0.0.2 stands for a neighbour who reaches the board without the proxy."""
    assert board.tries("127.0.0.2", made_up()) == CUT_OFF


def test_whether_the_way_was_https_is_the_proxy_s_word_too(board):
    warning = "Cette adresse n’est pas protégée"
    for source, told, warned in (
        ("127.0.0.1", {}, True),
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}, False),
        ("127.0.0.3", {"X-Forwarded-Proto": "https"}, True),
    ):
        _, page = board.ask("POST", "/entrer", source, **{"X-Forwarded-For": made_up(1)[0]}, **told)
        assert (warning in page) is warned


def test_the_proxy_can_stand_elsewhere(open_board):
    board = open_board(PALIER_PROXY="127.0.0.2, 10.0.0.0/8")
    assert board.tries("127.0.0.2", made_up()) == ALL_PASS
    assert board.tries("127.0.0.1", made_up()) == CUT_OFF


def test_nobody_is_believed_when_there_is_no_proxy(open_board):
    assert open_board(PALIER_PROXY="").tries("127.0.0.1", made_up()) == CUT_OFF


@pytest.mark.skipif(not HAS_IPV6, reason="a machine without IPv6")
def test_a_socket_for_both_kinds_of_addresses(open_board):
    board = open_board(PALIER_HOST="::")
    assert board.tries("127.0.0.1", made_up()) == ALL_PASS
    assert board.tries("127.0.0.2", made_up()) == CUT_OFF


@pytest.mark.parametrize(
    "value", ["*", "0.0.0.0/0", "::/0", "127.0.0.1,*", "proxy.example", "10.0.0.1/8", "10.0.0.1 10.0.0.2"]
)
def test_a_proxy_that_is_none(tmp_path, value):
    refuses(palier("migrate", "--data", tmp_path / "data", PALIER_PROXY=value), f"« {value} »", "172.17.0.0/16")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2::5", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::5", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unknown", "unknown"),
    ],
)
def test_tries_are_counted_for_a_home(address, counted):
    request = RequestFactory().post("/entrer")
    request.scope["client"] = (address, 1)
    assert who_tries(request) == counted


@pytest.mark.parametrize(
    "value", ["palier.example", "ftp://palier.example", "https://palier.example/tableau", "https://"]
)
def test_an_address_of_the_board_that_is_none(tmp_path, value):
    refuses(
        palier("migrate", "--data", tmp_path / "data", PALIER_ADDRESS=value), f"« {value}", "https://palier.example"
    )


def test_links_are_printed_as_neighbours_type_them(tmp_path):
    with running("--data", tmp_path / "data", PALIER_ADDRESS="https://palier.example/") as server:
        assert "  https://palier.example/fondation/" in server.said
        assert "Palier est ouvert : https://palier.example/ " in server.said
