"""The way out leads to the open internet only: a canary on this machine hears nothing."""

import asyncio
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.base import outbound
from server.base.outbound import Redirected, Refused, is_global, open_session
from tests.sending.push.hostile import HOSTILE, REAL
from tests.support.network import Canary, Network, listening

pytestmark = pytest.mark.one_engine

GLOBAL = [
    "8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.255.255", "100.128.0.1", "169.253.0.1", "223.255.0.1",
    "2a00:1450:4007:80e::200a", "2606:4700::1111", "2001:4860:4860::8888", "::ffff:8.8.8.8",
]  # fmt: skip
NOT_GLOBAL = [
    "127.0.0.1", "0.0.0.0", "10.0.0.1", "100.64.0.1", "169.254.169.254", "172.16.0.1", "192.0.0.1", "192.0.0.170",
    "192.0.0.200", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:a00:1",
    "::ffff:224.0.0.1", "::ffff:0:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:0:7f00:1::", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "4000::1", "5f00::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1", "ff0e::1", "2606:4700::1111%eth0",
    "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.000.000.001", "8.8.8.8.", "8.8.8.8 ", "localhost", "[::1]",
]  # fmt: skip


@pytest.mark.parametrize("address", GLOBAL)
def test_addresses_of_the_open_internet(address):
    assert is_global(address)


@pytest.mark.parametrize("address", NOT_GLOBAL)
def test_addresses_that_are_not(address):
    assert not is_global(address)


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_what_it_holds(address):
    assert is_global(f"::ffff:{address}") == is_global(str(address))
    assert not is_global(f"64:ff9b::{address}")
    assert not is_global(f"::{address}")


@pytest.fixture
async def canary():
    async with listening() as one:
        yield one


@pytest.fixture
async def network(monkeypatch, canary):
    return Network(monkeypatch, canary)


# AssertionError is how aiohttp meets an address without a scheme.
NOT_A_URL = (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, ValueError, AssertionError)


async def outcome(session: aiohttp.ClientSession, address: str) -> type | int:
    """The status of a POST, or the kind of error."""
    try:
        async with session.post(address, data=b"x") as response:
            return response.status
    except (Refused, aiohttp.ClientError, TimeoutError, *NOT_A_URL) as error:
        return type(error)


def aimed(canary: Canary) -> list[str]:
    return [one.format(port=canary.port) for one in HOSTILE]


async def test_no_hostile_endpoint_is_knocked_at_even_unchecked(network, canary):
    async with open_session(4) as session:
        outcomes = [await outcome(session, one) for one in aimed(canary)]
    assert (canary.hits, network.tried) == (0, [])
    # Not one failed by itself, as a closed port would: refused, or no address at all.
    assert [found for found in outcomes if found is not Refused and not issubclass(found, NOT_A_URL)] == []
    assert outcomes.count(Refused) > 150


async def test_the_same_endpoints_reach_the_canary_without_the_guard(network, canary):
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        for one in aimed(canary):
            # A NUL in the name gets as far as TLS.
            with suppress(TypeError):
                await outcome(session, one)
    assert canary.hits > 60
    assert len(set(network.tried)) > 40
    assert "169.254.169.254" in network.tried


async def test_a_known_service_whose_name_leads_here(network, canary):
    async with open_session(4) as session:
        assert [await outcome(session, one) for one in REAL] == [Refused] * len(REAL)
    assert (canary.hits, network.tried) == (0, [])


async def test_a_name_that_changes_its_mind(network, canary):
    network.names["rebinding.example"] = [["8.8.8.8"], ["127.0.0.1"]]
    checked = await asyncio.get_running_loop().getaddrinfo("rebinding.example", 443)
    assert is_global(checked[0][4][0])
    async with open_session(4) as session:
        assert await outcome(session, "https://rebinding.example/x") is Refused
    assert (canary.hits, network.tried) == (0, [])


@pytest.mark.parametrize("name", [["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], ["::1", "127.0.0.1", "10.0.0.1"]])
async def test_a_name_with_several_addresses(network, canary, name):
    network.names["several.example"] = [name]
    async with open_session(4) as session:
        found = await outcome(session, f"http://several.example:{canary.port}/x")
    assert canary.hits == 0
    assert set(network.tried) == set(name) & {"8.8.8.8"}
    # Which of its addresses is named as the fault is aiohttp's choice.
    assert found is Refused or ("8.8.8.8" in name and found is aiohttp.ClientConnectorError)


REDIRECTS = ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]


@pytest.fixture
async def service(monkeypatch, canary):
    """A server outside: 127.0.0.2 passes for a global address. It sends everybody to the canary."""
    monkeypatch.setattr(outbound, "is_global", lambda address: address == "127.0.0.2" or is_global(address))
    async with listening("127.0.0.2") as one:
        one.location = f"http://127.0.0.1:{canary.port}/"
        yield one


@pytest.mark.parametrize("answer", REDIRECTS)
async def test_a_redirect_is_not_followed_wherever_it_leads(service, answer):
    """Nor is the connection kept, on which the end of the answer is still to come."""
    service.answer, service.to_come = answer, 9
    async with listening("127.0.0.2") as elsewhere, open_session(1) as session:
        service.location = f"http://127.0.0.2:{elsewhere.port}/"
        with pytest.raises(Refused) as refusal:
            await session.post(f"http://127.0.0.2:{service.port}/x", data=b"x")
        assert (service.hits, elsewhere.hits) == (1, 0)
        async with asyncio.timeout(2):
            assert await outcome(session, f"http://127.0.0.2:{elsewhere.port}/x") == 201
        assert str(refusal.value) == "a redirect"


@pytest.mark.parametrize("answer", REDIRECTS)
async def test_a_redirect_to_this_machine_is_not_followed(canary, service, answer):
    service.answer = answer
    address = f"http://127.0.0.2:{service.port}/x"
    async with open_session(4) as session:
        assert await outcome(session, address) is Redirected
        with pytest.raises(Redirected):
            await session.post(address, data=b"x", allow_redirects=False)
    async with open_session(4, trusted=address) as session:
        assert await outcome(session, address) is Redirected
    assert (service.hits, canary.hits) == (3, 0)


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize("answer", REDIRECTS)
async def test_nor_would_it_lead_there_if_it_were(monkeypatch, canary, service, answer, trusted):
    """The guard of redirects taken away: the one of connections holds."""
    monkeypatch.setattr(outbound, "_no_redirect", lambda response: response)
    service.answer = answer
    address = f"http://127.0.0.2:{service.port}/x"
    async with open_session(4, trusted=address if trusted else "") as session:
        assert await outcome(session, address) is Refused
    assert (service.hits, canary.hits) == (1, 0)


async def test_a_trusted_origin_is_reached_wherever_it_is(canary):
    """The control: this is the canary that all the others do not reach."""
    trusted = f"http://127.0.0.1:{canary.port}"
    async with open_session(4, trusted=trusted) as session:
        assert await outcome(session, f"{trusted}/x") == 201
        assert canary.hits == 1
        for other in (f"http://localhost:{canary.port}/x", f"https://127.0.0.1:{canary.port}/x", "http://127.0.0.1/x",
                      f"http://127.0.0.2:{canary.port}/x", "https://fcm.googleapis.com/x"):  # fmt: skip
            assert await outcome(session, other) is Refused
    async with open_session(4) as session:
        assert await outcome(session, f"{trusted}/x") is Refused
    assert canary.hits == 1


async def test_another_name_for_the_trusted_address_does_not_pass(network, canary):
    network.names["pretender.example"] = [["127.0.0.1"]]
    address = f"http://pretender.example:{canary.port}/x"
    async with open_session(4, trusted=f"http://127.0.0.1:{canary.port}") as trusting, open_session(4) as session:
        assert await outcome(trusting, f"http://127.0.0.1:{canary.port}/x") == 201
        assert await outcome(trusting, address) is Refused
        assert await outcome(session, address) is Refused
    assert canary.hits == 1


async def test_a_port_may_be_written_or_not(network, canary):
    async with open_session(4, trusted="http://board.example:80") as session:
        assert await outcome(session, "http://board.example/x") == 201
        assert await outcome(session, "http://board.example:80/x") == 201


async def test_no_proxy_of_the_environment_is_used(monkeypatch, canary, network):
    network.names["far.example"] = [["8.8.8.8"]]
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    async with open_session(4) as session:
        assert await outcome(session, "http://far.example/x") is aiohttp.ClientConnectorError
        assert await outcome(session, "https://far.example/x") is aiohttp.ClientConnectorError
    assert canary.hits == 0
    assert set(network.tried) == {"8.8.8.8"}


async def test_no_cookie_is_kept(network, canary):
    """Of a name: aiohttp keeps none of an address anyway."""
    async with open_session(4, trusted="http://board.example") as session:
        async with session.post("http://board.example/x") as response:
            assert response.headers["Set-Cookie"] == "a=b"
        assert len(session.cookie_jar) == 0


@asynccontextmanager
async def answered_by(greet):
    """Where a server listens that does this."""
    server = await asyncio.start_server(greet, "127.0.0.1")
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_who_never_answers_is_left(monkeypatch):
    monkeypatch.setattr(outbound, "SECONDS", 0.2)
    # Kept, or Python collects the writer and hangs up (3.13 does at once).
    silent = []
    async with answered_by(lambda *both: silent.append(both)) as trusted, open_session(4, trusted=trusted) as session:
        assert issubclass(await outcome(session, trusted), TimeoutError)
        # From 3.12.1 on a server's end waits for its connections.
        for _, writer in silent:
            writer.close()


async def test_no_more_connections_at_once_than_said():
    open_now, most = 0, 0

    async def slow(reader, writer):
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.05)
        open_now -= 1
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    async with answered_by(slow) as trusted, open_session(3, trusted=trusted) as session:
        assert await asyncio.gather(*(outcome(session, trusted) for _ in range(12))) == [201] * 12
    assert most == 3
