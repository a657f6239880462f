"""The tests' own push service: it takes what the RFCs allow, and refuses what a real one refuses."""

import asyncio
import time

import aiohttp
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.push_crypto import decrypt, point, to_bytes, to_text
from tests.support.push_sender import Sender
from tests.support.push_service import PushService, cut, hang

pytestmark = pytest.mark.one_engine


@pytest.fixture
async def service():
    async with PushService() as running:
        yield running


def test_the_example_of_rfc_8291_is_read():
    number = int.from_bytes(to_bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
    key = ec.derive_private_key(number, ec.SECP256R1())
    assert to_text(point(key)).startswith("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx")
    body = to_bytes(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr"
        "u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert decrypt(body, key, to_bytes("BTBZMqHH6r4Tts7J_aSIgg")) == b"When I grow up, I want to be a watermelon"


async def test_what_is_sent_is_counted_and_can_be_read(service):
    one, sender = service.subscribe(), Sender()
    status, headers = await sender.send(one, "La clé de Mme Roche".encode(), Topic="a-b_1", Urgency="high")
    message = service.taken[0]
    assert (status, headers["location"]) == (201, f"{service.origin}/message/{message.id}")
    assert service.open(message).decode() == "La clé de Mme Roche"
    assert (message.topic, message.headers["urgency"], message.ttl) == ("a-b_1", "high", 60)
    assert one["endpoint"].endswith(message.token)
    assert abs(message.at - time.time()) < 5


async def test_words_for_somebody_else_or_tampered_with_can_not_be_read(service):
    one, other = service.subscribe(), service.subscribe()
    await Sender().send(one | {"endpoint": other["endpoint"]}, b"not for you")
    with pytest.raises(ValueError, match="somebody else"):
        service.open(service.taken[0])


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (400, {"TTL": ""}), (400, {"TTL": "soon"}), (201, {"TTL": "0"}),
        (400, {"Topic": "x" * 33}), (400, {"Topic": "é"}), (400, {"Urgency": "very-high"}),
        (400, {"Content_Encoding": "aesgcm"}), (401, {"Authorization": ""}), (403, {"Authorization": "WebPush a.b.c"}),
    ],
)  # fmt: skip
async def test_headers_are_looked_at(service, status, headers):
    assert (await Sender().send(service.subscribe(), b"x", **headers))[0] == status
    assert service.received[0].status == status


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://example.org"}, {"exp": int(time.time()) - 1}, {"exp": int(time.time()) + 25 * 3600},
        {"sub": "mailto:a@localhost"},
    ],
)  # fmt: skip
async def test_claims_are_looked_at(service, claims):
    one, sender = service.subscribe(), Sender()
    wrong = sender.headers(one["endpoint"], **claims)["Authorization"]
    assert (await sender.send(one, b"x", Authorization=wrong))[0] == 403


async def test_a_signature_of_another_key_is_refused(service):
    one, sender = service.subscribe(), Sender()
    token = sender.headers(one["endpoint"])["Authorization"].split(",k=")[0]
    assert (await sender.send(one, b"x", Authorization=f"{token},k={Sender().key}"))[0] == 403
    assert service.received[0].fault == "the signature is not of this key"


async def test_a_subscription_for_one_sender_is_closed_to_others(service):
    sender = Sender()
    one = service.subscribe(sender.key)
    assert (await sender.send(one, b"x"))[0] == 201
    assert (await Sender().send(one, b"x"))[0] == 403


async def test_4096_bytes_fit_and_one_more_does_not(service):
    one = service.subscribe()
    assert (await Sender().send(one, b"x" * 3993))[0] == 201
    assert len(service.taken[0].body) == 4096
    assert (await Sender().send(one, b"x" * 3994))[0] == 413


async def test_who_left_is_gone_and_who_never_came_is_unknown(service):
    one = service.subscribe()
    service.unsubscribe(one["endpoint"])
    assert (await Sender().send(one, b"x"))[0] == 410
    assert (await Sender().send(one | {"endpoint": f"{service.origin}/push/nobody"}, b"x"))[0] == 404


async def test_it_misbehaves_as_told(service):
    one, other = service.subscribe(), service.subscribe()

    def busy(token: str, _request: web.Request) -> web.Response | None:
        if one["endpoint"].endswith(token):
            return web.Response(status=429, headers={"Retry-After": "7"})
        return None

    service.answer = busy
    status, headers = await Sender().send(one, b"x")
    assert (status, headers["retry-after"]) == (429, "7")
    assert (await Sender().send(other, b"x"))[0] == 201
    service.answer = cut
    with pytest.raises(aiohttp.ClientError):
        await Sender().send(one, b"x")
    service.answer = hang
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(Sender().send(one, b"x"), 0.2)
    assert [message.status for message in service.received] == [429, 201, 0, 0]


async def test_without_verifying_any_sender_will_do():
    async with PushService(verify=False) as service:
        assert (await Sender().send(service.subscribe("AA"), b"x", Authorization=""))[0] == 201


class Client:
    """As much of Firefox as these tests need."""

    def __init__(self, service: PushService, session: aiohttp.ClientSession) -> None:
        self.service, self.session, self.uaid = service, session, ""

    async def __aenter__(self) -> "Client":
        self.socket = await self.session.ws_connect(self.service.socket, protocols=("push-notification",))
        assert self.socket.protocol == "push-notification"
        self.uaid = (await self.ask(messageType="hello", use_webpush=True, uaid=self.uaid))["uaid"]
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.socket.close()

    async def ask(self, **said: object) -> dict:
        await self.socket.send_json(said)
        return await self.socket.receive_json()


async def test_messages_wait_by_topic_until_their_time_is_over(service):
    sender, keys = Sender(), service.subscribe()
    async with aiohttp.ClientSession() as session:
        client = Client(service, session)
        async with client:
            assert await client.ask() == {}
            registered = await client.ask(messageType="register", channelID="c", key=sender.key + "=")
            one = keys | {"endpoint": registered["pushEndpoint"]}
            await sender.send(one, b"0", TTL="0")
            first = await client.socket.receive_json()
            assert to_bytes(first["data"]) == service.taken[0].body
            update = {"channelID": "c", "version": first["version"], "code": 100}
            # Twice, so that the answer to the ping says that the acknowledgement was read.
            await client.socket.send_json({"messageType": "ack", "updates": [update]})
            await client.ask()
            assert service.acks == [100] == [service.taken[0].ack]
        for words, headers in (
            (b"1", {"Topic": "a"}), (b"2", {}), (b"3", {"Topic": "a"}), (b"4", {"TTL": "0"}), (b"5", {"TTL": "1"}),
        ):  # fmt: skip
            assert (await sender.send(one, words, **headers))[0] == 201
        service.taken[-1].at -= 2
        async with client:
            came = [to_bytes((await client.socket.receive_json())["data"]) for _ in range(2)]
            assert came == [service.taken[2].body, service.taken[3].body]
            assert await client.ask(messageType="unregister", channelID="c") == {
                "messageType": "unregister", "channelID": "c", "status": 200,
            }  # fmt: skip
            assert (await sender.send(one, b"x"))[0] == 410
