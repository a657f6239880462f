"""The sender as a child of the server: when there is one, and that there is one again."""

import asyncio
import os
from pathlib import Path

import pytest

from server.base import bell
from server.sending.push import process
from tests.support.alert_people import volunteer, with_phone
from tests.support.makers import found
from tests.support.push_service import PushService

pytestmark = [pytest.mark.one_engine, pytest.mark.long]


def senders() -> set[int]:
    """The children of this process that send, dead ones that nobody has waited for too."""
    found = (one for file in Path("/proc/self/task").glob("*/children") for one in file.read_text().split())
    return {int(one) for one in found if b"server.sending.push.sender" in _line(one) or not _line(one)}


def _line(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b"gone"


async def one_sender(*, other_than: frozenset[int] = frozenset()) -> int:
    """The only sender, once there is one."""
    async with asyncio.timeout(60):
        while len(now := senders() - other_than) != 1:
            await asyncio.sleep(0.02)
    return now.pop()


@pytest.fixture(autouse=True)
def no_others():
    """No sender before, and none after."""
    assert not senders()
    yield
    assert not senders()


async def test_nobody_to_alert_needs_no_sender():
    await found()
    async with process.running():
        await asyncio.sleep(0.3)
        assert not senders()
        bell.ring()
        assert await one_sender()


async def test_a_sender_that_is_killed_is_started_again_and_ends_with_the_server(monkeypatch):
    monkeypatch.setattr(process, "PAUSE", 0.2)
    await found()
    async with PushService() as service:
        await volunteer("Karim")
        await with_phone(service, await volunteer("Odette"))
        async with process.running():
            first = await one_sender()
            os.kill(first, 9)
            for _ in range(20):
                # Nobody's request fails because the sender is just dying.
                bell.ring()
                await asyncio.sleep(0.005)
            second = await one_sender(other_than=frozenset({first}))
            assert senders() == {second}
            # Whether Python has come far enough in it to be listening or not, it ends with the server.


async def test_a_server_that_can_not_start_it_tries_again(monkeypatch, caplog):
    monkeypatch.setattr(process, "PAUSE", 0.2)
    monkeypatch.setattr(process.sys, "executable", "/nowhere")
    await found()
    async with process.running():
        bell.ring()
        while "can not be started" not in caplog.text:
            await asyncio.sleep(0.01)
        monkeypatch.undo()
        assert await one_sender()
