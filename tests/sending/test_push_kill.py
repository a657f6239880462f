"""Real senders on the session's database, killed in the middle of a fan-out, or told to end."""

import asyncio
import contextlib
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bench.push_world import ask, fill
from server.base.columns import now
from server.base.database import execute, query
from server.base.settings import ROOT
from tests.support.push_service import PushService

pytestmark = [pytest.mark.one_engine, pytest.mark.long]

DEVICES = 200


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    """A push service that knows every endpoint, and 200 devices of it."""
    async with PushService(verify=False) as one:
        one.counted = Counter()
        one.answer = lambda token, request: _count(one, token, request)
        one.world = await fill(one.origin, DEVICES)
        yield one


def _count(service: PushService, token: str, request: web.Request) -> web.Response:
    service.counted[request.headers["Topic"], token] += 1
    return web.Response(status=202)


@contextlib.asynccontextmanager
async def sender(service: PushService) -> AsyncIterator[asyncio.subprocess.Process]:
    """The process that sends, as the board starts it; killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "server.sending.push.sender", cwd=ROOT, stdin=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PALIER_PUSH_ORIGIN": service.origin},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until(condition, patience: float = 60) -> None:
    """Wait for it; TimeoutError when it does not come."""
    async with asyncio.timeout(patience):
        while not condition():
            await asyncio.sleep(0.005)


async def states() -> Counter[str]:
    """How many alerts are in each state."""
    return Counter(row["state"] for row in await query("SELECT state FROM alert"))


async def make_due() -> None:
    """What dead senders have claimed is due now and not in a minute, and at night what would wake twice."""
    await execute("UPDATE alert SET due_at = {} WHERE state = 'waiting'", now())


async def test_killed_three_times_in_the_middle_it_loses_nothing(service):
    posts = []
    for come in (1, DEVICES // 2, DEVICES - 1):
        posts.append(await ask(service.world["admin_id"]))
        await make_due()
        before = service.counted.total()
        async with sender(service) as process:
            await until(lambda enough=before + come: service.counted.total() >= enough)
            process.kill()
            await process.wait()
        await make_due()
    assert (await states())["waiting"] > 0
    async with sender(service):
        while (await states())["waiting"]:
            await asyncio.sleep(0.1)
    assert await states() == {"sent": 3 * DEVICES}
    # Each device has each alarm; what came twice has the topic of the first, and so is folded.
    reached = Counter(topic for topic, _ in service.counted)
    assert reached == {post.hex: DEVICES for post in posts}


@pytest.mark.parametrize("way", ["the parent is gone", "a supervisor says so"])
async def test_told_to_end_it_finishes_what_it_has_begun_and_gives_the_rest_back(service, way):
    """Nothing comes twice, and nothing waits for a lease to end."""

    async def slowly(token: str, request: web.Request) -> web.Response:
        answer = _count(service, token, request)
        await asyncio.sleep(0.2)
        return answer

    service.answer = slowly
    post = await ask(service.world["admin_id"])
    async with sender(service) as process:
        await until(lambda: service.counted.total() >= 50)
        if way == "the parent is gone":
            process.stdin.close()
        else:
            process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    begun = service.counted.total()
    assert begun < DEVICES
    assert await states() == {"sent": begun, "waiting": DEVICES - begun}
    rows = await query("SELECT due_at, tries FROM alert WHERE state = 'waiting'")
    assert all(row["due_at"] <= now() and row["tries"] == 0 for row in rows)
    async with sender(service):
        await until(lambda: service.counted.total() >= DEVICES)
    assert service.counted == {(post.hex, token): 1 for _, token in service.counted}
    assert len(service.counted) == DEVICES


async def test_what_hangs_does_not_hold_an_ending_up(service):
    async def hang(token: str, request: web.Request) -> None:
        _count(service, token, request)
        await asyncio.Event().wait()

    service.answer = hang
    await ask(service.world["admin_id"])
    async with sender(service) as process:
        await until(lambda: service.counted.total() >= 40)
        process.stdin.close()
        assert await process.wait() == 0
    assert await states() == {"waiting": DEVICES}
