"""Who sends: one key pair for ever, and one signature an origin while it is valid."""

import base64
import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from server.base.settings import ROOT, settings
from server.sending.push import vapid
from server.sending.push.vapid import contact, header_for, open_key, public_key
from tests.support.command_line import palier, refuses
from tests.support.ports import free_port

pytestmark = [pytest.mark.one_engine, pytest.mark.long]

HOUR = 3600
FCM, MOZILLA = "https://fcm.googleapis.com/fcm/send/x:y", "https://updates.push.services.mozilla.com/wpush/v2/z"


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """A data folder of its own, and no signature kept."""
    monkeypatch.setattr(vapid, "settings", replace(settings, data=tmp_path, address=""))
    monkeypatch.setattr(vapid, "_kept", {})
    vapid._private_key.cache_clear()
    yield tmp_path
    vapid._private_key.cache_clear()


class Clock:
    """A clock that stands until it is moved."""

    now = 1_800_000_000.7

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(vapid, "_clock", clock)
    return clock


def raw(text: str) -> bytes:
    """Bytes of base64url, which is not padded here."""
    assert "=" not in text
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def verified(header: str) -> dict:
    """The claims of a header, read as RFC 8292 and RFC 7515 say, if its signature is its key's. InvalidSignature."""
    scheme, parameters = header.split(" ", 1)
    assert scheme == "vapid"
    parts = dict(one.split("=", 1) for one in parameters.split(", "))
    assert set(parts) == {"t", "k"}
    head, claims, signature = parts["t"].split(".")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
    both = raw(signature)
    assert len(both) == 64
    pair = encode_dss_signature(int.from_bytes(both[:32], "big"), int.from_bytes(both[32:], "big"))
    key.verify(pair, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert json.loads(raw(head)) == {"typ": "JWT", "alg": "ES256"}
    return json.loads(raw(claims))


def test_the_header_says_for_whom_how_long_and_who(clock):
    header = header_for(FCM)
    assert verified(header) == {
        "aud": "https://fcm.googleapis.com",
        "exp": 1_800_000_000 + 12 * HOUR,
        "sub": "mailto:palier@example.org",
    }
    assert header.endswith(f", k={public_key()}")


def test_a_changed_claim_is_noticed(clock):
    head, claims, rest = header_for(FCM).split(".")
    said = raw(claims).replace(b"fcm.googleapis", b"fcm.googleapix")
    changed = base64.urlsafe_b64encode(said).rstrip(b"=").decode()
    with pytest.raises(InvalidSignature):
        verified(f"{head}.{changed}.{rest}")


def test_the_public_key_is_what_a_browser_takes():
    point = raw(public_key())
    assert (len(point), point[0]) == (65, 4)


def test_one_signature_for_an_origin_whatever_the_path(clock, monkeypatch):
    signed = []
    sign = vapid.jwt.sign
    monkeypatch.setattr(vapid.jwt, "sign", lambda claims, key: signed.append(claims["aud"]) or sign(claims, key))
    headers = {header_for(f"{FCM}/{number}") for number in range(20)}
    assert len(headers) == 1
    assert header_for(MOZILLA) not in headers
    assert verified(header_for(MOZILLA))["aud"] == "https://updates.push.services.mozilla.com"
    assert signed == ["https://fcm.googleapis.com", "https://updates.push.services.mozilla.com"]


@pytest.mark.parametrize(
    ("later", "renewed"),
    [(10 * HOUR, False), (11 * HOUR - 2, False), (11 * HOUR + 1, True), (13 * HOUR, True), (-2 * HOUR, True)],
)
def test_it_is_renewed_before_it_expires_and_when_the_clock_was_set_back(clock, later, renewed):
    first = header_for(FCM)
    clock.now += later
    second = header_for(FCM)
    assert (second != first) is renewed
    assert HOUR - 1 < verified(second)["exp"] - clock.now <= 12 * HOUR


def test_it_never_lasts_longer_than_a_day(clock):
    for _ in range(100):
        clock.now += 37 * 60
        assert 0 < verified(header_for(FCM))["exp"] - clock.now <= 24 * HOUR


def test_made_up_subdomains_do_not_fill_the_memory(clock, monkeypatch):
    monkeypatch.setattr(vapid, "MOST_KEPT", 10)
    for number in range(35):
        header_for(f"https://a{number}.push.apple.com/x")
        assert len(vapid._kept) <= 10


def test_a_port_and_a_service_of_one_s_own_are_named(clock):
    assert verified(header_for("http://127.0.0.1:9000/x"))["aud"] == "http://127.0.0.1:9000"
    assert verified(header_for("http://[::1]:9000/x"))["aud"] == "http://[::1]:9000"


@pytest.mark.parametrize(
    ("address", "sub"),
    [
        ("https://palier.example", "https://palier.example"),
        ("https://Palier.Example:8443", "https://palier.example"),
        ("https://localhost", None), ("https://localhost:8000", None), ("https://localhost.", None),
        ("https://a.localhost", None), ("https://localhost.localdomain", None), ("https://127.0.0.1", None),
        ("https://[::1]:8443", None), ("https://192.168.1.5", None), ("http://palier.example", None),
        ("https://nas", None), ("", None),
    ],
)  # fmt: skip
def test_the_contact_is_a_public_address_or_nobody(monkeypatch, clock, address, sub):
    monkeypatch.setattr(vapid, "settings", replace(vapid.settings, address=address))
    assert contact(address) == (sub or vapid.NOBODY)
    said = verified(header_for(FCM))["sub"]
    assert said == (sub or vapid.NOBODY)
    assert "localhost" not in said
    assert urlsplit(said).scheme in ("https", "mailto")
    assert urlsplit(said).scheme == "mailto" or urlsplit(said).path == ""


def test_the_key_file_is_its_owner_s_alone_and_stays(folder):
    before = os.umask(0)
    try:
        open_key()
    finally:
        os.umask(before)
    file = folder / "vapid"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["vapid"]
    assert file.read_text().startswith("-----BEGIN PRIVATE KEY-----\n")
    key, text = public_key(), file.read_bytes()
    vapid._private_key.cache_clear()
    open_key()
    assert (public_key(), file.read_bytes()) == (key, text)


SAYS_ITS_KEY = """
import sys
from server.sending.push.vapid import open_key, public_key
print("ready", flush=True)
sys.stdin.readline()
open_key()
print(public_key(), flush=True)
"""


def test_eight_processes_at_once_make_one_key(folder):
    eight = [
        subprocess.Popen(
            [sys.executable, "-c", SAYS_ITS_KEY], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PALIER_DATA": str(folder)},
        )
        for _ in range(8)
    ]  # fmt: skip
    assert [one.stdout.readline() for one in eight] == ["ready\n"] * 8
    for one in eight:
        one.stdin.write("\n")
        one.stdin.flush()
    said = {one.communicate(timeout=30)[0] for one in eight}
    assert said == {public_key() + "\n"}
    assert [path.name for path in folder.iterdir()] == ["vapid"]


def pem(key, encryption=None) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


P256 = pem(ec.generate_private_key(ec.SECP256R1()))
SPOILT = {
    "empty": b"",
    "words": b"pas une cl\xc3\xa9\n",
    "bytes": b"\xff\xfe" * 40,
    "half": P256[: len(P256) // 2],
    "changed": P256.replace(P256[80:84], b"****"),
    "another curve": pem(ec.generate_private_key(ec.SECP384R1())),
    "another kind": pem(ed25519.Ed25519PrivateKey.generate()),
    "rsa": pem(rsa.generate_private_key(65537, 2048)),
    "locked": pem(ec.generate_private_key(ec.SECP256R1()), BestAvailableEncryption(b"secret")),
    "public": P256.replace(b"PRIVATE", b"PUBLIC"),
}


@pytest.mark.parametrize("text", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_key_is_refused_and_left_alone(folder, text):
    (folder / "vapid").write_bytes(text)
    with pytest.raises(ValueError):
        open_key()
    assert (folder / "vapid").read_bytes() == text


def test_a_whole_key_is_taken(folder):
    (folder / "vapid").write_bytes(P256)
    open_key()
    assert (folder / "vapid").read_bytes() == P256


def test_the_board_says_so_and_does_not_start(tmp_path):
    data = tmp_path / "data"
    assert palier("migrate", "--data", data).returncode == 0
    assert stat.S_IMODE((data / "vapid").stat().st_mode) == 0o600
    whole = (data / "vapid").read_bytes()
    for text in (b"", SPOILT["half"], SPOILT["locked"]):
        (data / "vapid").write_bytes(text)
        refuses(palier("run", "--data", data, "--port", free_port()), f"« {data / 'vapid'} »", "clé", "sauvegarde")
    (data / "vapid").write_bytes(whole)
    assert palier("migrate", "--data", data).returncode == 0
    assert (data / "vapid").read_bytes() == whole
