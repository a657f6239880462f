"""How fast alerts leave: our courier, ledger and all, against the floor of cryptography plus HTTP.

    python -m bench.push [--devices 10000] [--rounds 5]

Everything runs on loopback against a push service that only counts, in turn within one run, since the machine
is shared: the floor (a key pair, a key agreement, three HKDF and AES-GCM, then a POST through aiohttp, in this
one process), ``Courier.round`` until the ledger is empty, pywebpush's ``webpush()`` and ``webpush_async()``.
"""

import argparse
import asyncio
import gc
import json
import os
import resource
import secrets
import statistics
import time

import uvloop

from bench.push_board import data_folder
from bench.push_receiver import Receiver
from bench.push_world import ask, fill

LOOPS = {"uvloop": uvloop.new_event_loop, "asyncio": asyncio.new_event_loop}
PAYLOAD = json.dumps({"title": "Pharmacie, avant 18 h", "body": "x" * 220}).encode()
SLOW = 20


async def floor(session, devices: list[dict], header: str) -> None:
    """What no sender can do without."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    def encrypt(point: bytes, auth: bytes) -> bytes:
        """RFC 8291, 3.4, and RFC 8188, by hand."""
        ours = ec.generate_private_key(ec.SECP256R1())
        shared = ours.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))
        us = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        secret = HKDF(hashes.SHA256(), 32, auth, b"WebPush: info\0" + point + us).derive(shared)
        salt = secrets.token_bytes(16)
        key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
        head = salt + (4096).to_bytes(4, "big") + bytes([len(us)]) + us
        return head + AESGCM(key).encrypt(nonce, PAYLOAD + b"\2", None)

    headers = {
        "Authorization": header, "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream",
        "TTL": "3600", "Urgency": "high", "Topic": "a" * 32,
    }  # fmt: skip
    left = iter(devices)

    async def work() -> None:
        for one in left:
            body = encrypt(one["point"], one["secret"])
            async with session.post(one["endpoint"], data=body, headers=headers, allow_redirects=False) as answer:
                assert answer.status == 201

    await asyncio.gather(*(work() for _ in range(40)))


async def whole(courier) -> None:
    """Our own: everything that is due is sent, in a process that is set up like the sender's."""
    from server.sending.push.sender import spare_the_collector

    former = gc.get_threshold()
    spare_the_collector()
    try:
        while await courier.round():
            pass
    finally:
        gc.unfreeze()
        gc.set_threshold(*former)


def by_webpush(devices: list[dict], key: str) -> None:
    """pywebpush as its documentation shows it; it takes 204 for an error, but not 201."""
    from pywebpush import webpush

    for one in devices:
        webpush(_info(one), PAYLOAD, vapid_private_key=key, vapid_claims={"sub": "mailto:a@example.org"}, ttl=3600)


async def by_webpush_async(devices: list[dict], key: str) -> None:
    """The same, asynchronous, with a session of its own for all."""
    import aiohttp
    from pywebpush import webpush_async

    left = iter(devices)
    async with aiohttp.ClientSession() as session:

        async def work() -> None:
            for one in left:
                await webpush_async(
                    _info(one), PAYLOAD, vapid_private_key=key, vapid_claims={"sub": "mailto:a@example.org"},
                    ttl=3600, aiohttp_session=session,
                )  # fmt: skip

        await asyncio.gather(*(work() for _ in range(40)))


def _info(one: dict) -> dict:
    return {"endpoint": one["endpoint"], "keys": {"p256dh": one["p256dh"], "auth": one["auth"]}}


class Clock:
    """Messages a second, and CPU of this process a message, one figure a round."""

    def __init__(self) -> None:
        self.speeds: dict[str, list[float]] = {}
        self.costs: dict[str, list[float]] = {}

    async def time(self, name: str, count: int, work) -> None:
        """Time one piece of work, which may be a coroutine."""
        wall, cpu = time.perf_counter(), time.process_time()
        if asyncio.iscoroutine(work):
            await work
        else:
            await asyncio.to_thread(work)
        self.speeds.setdefault(name, []).append(count / (time.perf_counter() - wall))
        self.costs.setdefault(name, []).append((time.process_time() - cpu) / count * 1e6)


async def measure(receiver: Receiver, devices_wanted: int, rounds: int) -> tuple[Clock, list[int]]:
    """The cases in turn; what this process held in memory after each round (KiB)."""
    import base64
    from functools import partial

    from server.base import outbound
    from server.base.database import close_database, open_database, query
    from server.base.settings import settings
    from server.sending.push import vapid
    from server.sending.push.delivery import AT_ONCE, Courier

    await open_database()
    world = await fill(receiver.origin, devices_wanted)
    rows = await query("SELECT endpoint, p256dh, auth FROM subscription")

    def raw(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    devices = [{**row, "point": raw(row["p256dh"]), "secret": raw(row["auth"])} for row in rows]
    key, clock, memory = str(settings.data / "vapid"), Clock(), []
    header = vapid.header_for(devices[0]["endpoint"])
    # The very session that goes to the services of the world, which for once may reach loopback.
    outbound.is_global = lambda address: True
    async with outbound.open_session(AT_ONCE) as own:
        courier = Courier(own)
        for number in range(rounds + 1):
            receiver.take()
            await ask(world["admin_id"])
            few = devices[: len(devices) // SLOW]
            turn = Clock() if number == 0 else clock
            await turn.time("floor", len(devices), floor(own, devices, header))
            assert len(receiver.take()) == len(devices)
            await turn.time("courier", len(devices), whole(courier))
            came = receiver.take()
            assert len(came) == len({path for _, path, _ in came}) == len(devices), len(came)
            await turn.time("webpush", len(few), partial(by_webpush, few, key))
            await turn.time("webpush_async", len(few), by_webpush_async(few, key))
            memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    await close_database()
    return clock, memory


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--devices", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--loop", choices=LOOPS, default="uvloop", help="the sender's own is uvloop")
    chosen = options.parse_args()
    receiver = Receiver()
    with data_folder(receiver.origin):
        os.environ.pop("DATABASE_URL", None)
        with asyncio.Runner(loop_factory=LOOPS[chosen.loop]) as runner:
            clock, memory = runner.run(measure(receiver, chosen.devices, chosen.rounds))
    receiver.close()
    print(f"{chosen.devices} devices, {chosen.rounds} rounds (a first one is not counted); medians, least to most")
    print(f"{'case':14} {'messages/s':>11} {'CPU µs each':>12} {'of the floor':>22}")
    for name, speeds in clock.speeds.items():
        ratios = [one / base for one, base in zip(speeds, clock.speeds["floor"], strict=True)]
        print(
            f"{name:14} {statistics.median(speeds):11.0f} {statistics.median(clock.costs[name]):12.0f}"
            f" {statistics.median(ratios):10.2f}, {min(ratios):.2f} to {max(ratios):.2f}"
        )
    times = [ours / theirs for ours, theirs in zip(clock.speeds["courier"], clock.speeds["webpush"], strict=True)]
    print(f"courier / webpush(): {statistics.median(times):.1f} times ({min(times):.1f} to {max(times):.1f})")
    print(f"memory after each round (MiB, the highest so far): {', '.join(f'{one / 1024:.0f}' for one in memory)}")


if __name__ == "__main__":
    main()
