"""Silent connections and half-sent forms, on real sockets: nobody is kept out by who says nothing."""

import asyncio
import contextlib
import select
import selectors
import socket
import time
from dataclasses import replace

import pytest
import uvicorn

from server.running import connections
from server.views.web.cookies import SESSION
from tests.support.command_line import BODY_TO_COME, palier, refuses, running

pytestmark = [pytest.mark.one_engine, pytest.mark.long]

PLACES = 40


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    """A board with little patience."""
    folder = tmp_path_factory.mktemp("patience") / "data"
    with running("--data", folder, PALIER_PATIENCE="1,1", PALIER_ATTEMPTS="1000") as server:
        yield server


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """A demonstration with few places, whose patience outlasts the test."""
    folder = tmp_path_factory.mktemp("places") / "data"
    few = {"PALIER_PLACES": str(PLACES), "PALIER_PATIENCE": "600,600", "PALIER_ATTEMPTS": "1000"}
    with running("--data", folder, "--demo", **few) as server:
        yield server


def connect(board, said: bytes = b"") -> socket.socket:
    """A connection on which this much was said."""
    made = socket.create_connection(("127.0.0.1", board.port), timeout=20)
    made.sendall(said)
    return made


def answer(made: socket.socket) -> bytes:
    """All that comes until it is closed."""
    found = b""
    with contextlib.suppress(ConnectionError):
        while piece := made.recv(65536):
            found += piece
    return found


def somebody_went(silent: list[socket.socket]) -> bool:
    """Whether at least one of these is closed by the other side, now or soon."""
    return bool(select.select(silent, [], [], 20)[0])


def get(board, path: str = "/entrer", cookie: str = "") -> bytes:
    """A page, on a connection of its own."""
    with connect(board, _request(path, cookie)) as made:
        return answer(made)


def _request(path: str, cookie: str = "") -> bytes:
    sent = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    return (sent + (f"Cookie: {cookie}\r\n" if cookie else "") + "\r\n").encode()


HALVES = {
    "nothing": b"",
    "half a head": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    "half a form": b"POST /entrer HTTP/1.1\r\nHost: localhost\r\n" + BODY_TO_COME,
}


@pytest.mark.parametrize("half", HALVES)
def test_more_silent_connections_than_places_keep_nobody_out(crowded, half):
    silent = [connect(crowded, HALVES[half]) for _ in range(PLACES + 10)]
    try:
        assert get(crowded).startswith(b"HTTP/1.1 200")
        assert somebody_went(silent)
    finally:
        for one in silent:
            one.close()


@pytest.mark.parametrize("half", HALVES)
def test_who_says_nothing_is_closed(board, half):
    with connect(board, HALVES[half]) as silent:
        assert b"200" not in answer(silent)
    assert get(board).startswith(b"HTTP/1.1 ")


def test_one_byte_at_a_time_does_not_keep_a_head_open(board):
    with connect(board, b"GET / HTTP/1.1\r\n") as drip:
        drip.setblocking(False)
        closed = False
        with selectors.DefaultSelector() as wait:
            wait.register(drip, selectors.EVENT_READ)
            while not closed:
                if wait.select(timeout=0.2):
                    with contextlib.suppress(ConnectionError):
                        assert drip.recv(1) == b""
                    closed = True
                else:
                    with contextlib.suppress(OSError):
                        drip.sendall(b"x")
        assert closed


def test_a_form_that_comes_slowly_is_read(board):
    body = b"code=faux-code"
    head = (
        b"POST /entrer HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    with connect(board, head) as slow:
        for byte in body:
            slow.sendall(bytes([byte]))
            time.sleep(0.1)
        assert answer(slow).startswith((b"HTTP/1.1 422", b"HTTP/1.1 303"))


def test_whoever_is_signed_in_is_the_last_to_go(crowded):
    board = crowded
    link = next(line.split(" : ")[1] for line in board.said.splitlines() if "/cle/" in line)
    path = "/cle/" + link.rsplit("/cle/", 1)[1].strip()
    seen = get(board, path)
    probe = next(
        line.split(b": ", 1)[1].split(b";")[0] for line in seen.split(b"\r\n") if b"set-cookie" in line.lower()
    )
    sent = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n"
        f"Cookie: {probe.decode()}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n"
    )
    with connect(board, sent.encode()) as entering:
        entered = answer(entering)
    session = next(
        line.split(b": ", 1)[1].split(b";")[0].decode()
        for line in entered.split(b"\r\n") if line.lower().startswith(b"set-cookie: palier")
    )  # fmt: skip
    with connect(board, _request("/", session).replace(b"Connection: close", b"Connection: keep-alive")) as mine:
        assert mine.recv(15) == b"HTTP/1.1 200 OK"
        mine.settimeout(1)
        with contextlib.suppress(TimeoutError):
            while mine.recv(65536):
                pass
        silent = [connect(board) for _ in range(PLACES * 2)]
        try:
            assert somebody_went(silent)
            mine.settimeout(20)
            mine.sendall(_request("/", session))
            assert mine.recv(12) == b"HTTP/1.1 200"
        finally:
            for one in silent:
                one.close()


@pytest.mark.parametrize("setting", [{"PALIER_PLACES": "0"}, {"PALIER_PATIENCE": "10"}, {"PALIER_PATIENCE": "0,5"}])
def test_places_that_are_none(tmp_path, setting):
    refuses(palier("migrate", "--data", tmp_path / "data", **setting), *setting)


async def _served(app, ask) -> None:
    """``ask`` a server of this application, with four places, of which strangers have three."""
    config = uvicorn.Config(app, http=connections.Patient, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        task = asyncio.create_task(server.serve([listening]))
        try:
            await ask(listening.getsockname()[1])
        finally:
            server.should_exit = True
            await task


async def test_when_all_are_busy_one_reads_so_and_who_is_signed_in_comes_in(monkeypatch):
    monkeypatch.setattr(connections, "settings", replace(connections.settings, places=4))
    connections._remember({"headers": [(b"cookie", f"{SESSION}=vraie".encode())]})
    go_on, busy = asyncio.Event(), asyncio.Semaphore(0)

    async def app(scope, receive, send) -> None:
        busy.release()
        await go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def ask(port: int) -> None:
        async def one(cookie: str = "") -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(_request("/", cookie))
            found = await reader.read()
            writer.close()
            return found

        held = [asyncio.create_task(one()) for _ in range(3)]
        for _ in held:
            await busy.acquire()
        for cookie in ("", f"{SESSION}=fausse", "a=vraie"):
            refused = await one(cookie)
            assert refused.startswith(b"HTTP/1.1 503") and b"retry-after: 10" in refused
            assert "Rien n’est perdu" in refused.decode() and b"palier-reader: unknown" in refused
        held.append(asyncio.create_task(one(f"a=b; {SESSION}=vraie")))
        await busy.acquire()
        go_on.set()
        assert {(await asyncio.wait_for(each, 20))[:12] for each in held} == {b"HTTP/1.1 200"}

    await _served(app, ask)
