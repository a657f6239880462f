"""What is sent opens in the browser it is for, by other hands' programs too, and in no other."""

import base64
import json
import os
import secrets
import subprocess

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from server.base.settings import ROOT
from server.sending.push.browser_keys import usable
from server.sending.push.message import LONGEST, encrypt

pytestmark = pytest.mark.one_engine

# RFC 8291, appendix A.
PLAINTEXT = b"When I grow up, I want to be a watermelon"
AS_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
UA_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
UA_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
MESSAGE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def raw(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def spelt(found: bytes) -> str:
    return base64.urlsafe_b64encode(found).rstrip(b"=").decode()


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(raw(text), "big"), ec.SECP256R1())


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


class Browser:
    """A subscription with its private half."""

    def __init__(self) -> None:
        self.key, self.secret = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)
        self.p256dh, self.auth = spelt(point(self.key)), spelt(self.secret)

    def open(self, body: bytes) -> bytes:
        return http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret)


BROWSER = Browser()


def test_the_rfc_s_own_message_byte_for_byte(monkeypatch):
    sender = private(AS_PRIVATE)
    monkeypatch.setattr(ec, "generate_private_key", lambda *_: sender)
    monkeypatch.setattr(os, "urandom", lambda length: raw(SALT)[:length])
    body = encrypt(UA_PUBLIC, AUTH, PLAINTEXT)
    monkeypatch.undo()
    assert spelt(body) == MESSAGE


def test_the_rfc_s_own_message_opens():
    assert http_ece.decrypt(raw(MESSAGE), private_key=private(UA_PRIVATE), auth_secret=raw(AUTH)) == PLAINTEXT
    assert usable(UA_PUBLIC, AUTH)


@given(st.binary(min_size=1, max_size=LONGEST))
def test_what_was_sent_is_what_opens(payload):
    body = encrypt(BROWSER.p256dh, BROWSER.auth, payload)
    assert len(body) == 103 + len(payload)
    assert BROWSER.open(body) == payload


def test_it_opens_in_no_other_browser_and_not_once_changed():
    body, other = encrypt(BROWSER.p256dh, BROWSER.auth, b"besoin"), Browser()
    with pytest.raises(http_ece.ECEException):
        other.open(body)
    other.key = BROWSER.key
    with pytest.raises(http_ece.ECEException):
        other.open(body)
    with pytest.raises(http_ece.ECEException):
        BROWSER.open(body[:-1] + bytes([body[-1] ^ 1]))


def test_no_two_are_alike():
    bodies = [encrypt(BROWSER.p256dh, BROWSER.auth, b"besoin") for _ in range(20)]
    assert len({body[:16] for body in bodies}) == len({body[21:86] for body in bodies}) == 20
    assert not any(b"besoin" in body for body in bodies)


def test_the_longest_and_no_longer():
    body = encrypt(BROWSER.p256dh, BROWSER.auth, b"x" * LONGEST)
    assert len(body) == 4096
    assert BROWSER.open(body) == b"x" * LONGEST
    for length in (0, LONGEST + 1):
        with pytest.raises(ValueError):
            encrypt(BROWSER.p256dh, BROWSER.auth, b"x" * length)


OPENS_IN_NODE = """
const ece = require('http_ece'), crypto = require('crypto');
const said = JSON.parse(require('fs').readFileSync(0));
const key = crypto.createECDH('prime256v1');
key.setPrivateKey(Buffer.from(said.key, 'base64url'));
console.log(JSON.stringify(said.bodies.map(body => ece.decrypt(Buffer.from(body, 'base64url'),
  {version: 'aes128gcm', privateKey: key, authSecret: said.auth}).toString('base64url'))));
"""


@pytest.mark.long
def test_another_program_opens_them_too():
    payloads = [PLAINTEXT, b"\0", "Besoin : monter des courses, rue d’en bas".encode(), os.urandom(300), b"x" * LONGEST]
    said = {
        "key": spelt(BROWSER.key.private_numbers().private_value.to_bytes(32, "big")),
        "auth": BROWSER.auth,
        "bodies": [spelt(encrypt(BROWSER.p256dh, BROWSER.auth, payload)) for payload in payloads],
    }
    ran = subprocess.run(
        ["node", "-e", OPENS_IN_NODE], cwd=ROOT / "tests" / "browser",
        input=json.dumps(said), capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert [raw(one) for one in json.loads(ran.stdout)] == payloads


def test_keys_with_their_padding_or_without():
    padded = BROWSER.p256dh + "=", BROWSER.auth + "=="
    for p256dh in (BROWSER.p256dh, padded[0]):
        for auth in (BROWSER.auth, padded[1]):
            assert usable(p256dh, auth)
            assert BROWSER.open(encrypt(p256dh, auth, b"besoin")) == b"besoin"


POINT = point(BROWSER.key)
NOT_POINTS = {
    "empty": "", "words": "bonjour", "short": spelt(POINT[:-1]), "long": spelt(POINT + b"\0"),
    "private": spelt(POINT[1:33]), "compressed": spelt(bytes([2 + POINT[-1] % 2]) + POINT[1:33]),
    "compressed and filled": spelt(b"\2" + POINT[1:]), "hybrid": spelt(bytes([6 + POINT[-1] % 2]) + POINT[1:]),
    "off the curve": spelt(POINT[:-1] + bytes([POINT[-1] ^ 1])), "infinity": spelt(b"\0" * 65),
    "zero": spelt(b"\4" + b"\0" * 64), "beyond the field": spelt(b"\4" + b"\xff" * 64),
    "plain base64": base64.b64encode(b"\4" + b"\xfb\xff" * 32).decode(), "space": " " + BROWSER.p256dh,
    "line": BROWSER.p256dh + "\n", "inside": BROWSER.p256dh[:40] + "\n" + BROWSER.p256dh[40:],
    "sign": BROWSER.p256dh[:-1] + "*", "two pads": BROWSER.p256dh + "==", "five pads": BROWSER.p256dh + "=====",
    "accent": BROWSER.p256dh[:-1] + "é", "wide": BROWSER.p256dh[:-1] + "Ａ", "null": BROWSER.p256dh + "\0",
    "padding within": BROWSER.p256dh[:40] + "=" + BROWSER.p256dh[40:],
}  # fmt: skip
NOT_SECRETS = {
    "empty": "", "short": spelt(b"x" * 15), "long": spelt(b"x" * 17), "hex": "00" * 16, "space": AUTH + " ",
    "one pad": AUTH + "=", "three pads": AUTH + "===", "loose bits": AUTH[:-1] + "h", "plain": "++//" + AUTH[4:],
    "accent": AUTH[:-1] + "é", "line": AUTH + "\r\n",
}  # fmt: skip


@pytest.mark.parametrize("p256dh", NOT_POINTS.values(), ids=NOT_POINTS)
def test_what_is_no_point_is_refused(p256dh):
    assert not usable(p256dh, BROWSER.auth)
    with pytest.raises(ValueError):
        encrypt(p256dh, BROWSER.auth, b"besoin")


@pytest.mark.parametrize("auth", NOT_SECRETS.values(), ids=NOT_SECRETS)
def test_what_is_no_secret_is_refused(auth):
    assert not usable(BROWSER.p256dh, auth)
    with pytest.raises(ValueError):
        encrypt(BROWSER.p256dh, auth, b"besoin")


@given(st.text(max_size=100), st.text(max_size=30))
def test_what_anybody_types_is_answered_with_no(p256dh, auth):
    assert not usable(p256dh, BROWSER.auth)
    assert not usable(BROWSER.p256dh, auth)
