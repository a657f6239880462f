"""What push services and browsers check: written from the RFCs, without the libraries that the board sends with."""

import base64
import json
import re
import time

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

DAY = 24 * 60 * 60


def to_text(data: bytes) -> str:
    """base64url without padding, as all of Web Push writes bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def to_bytes(text: str) -> bytes:
    """What ``to_text`` wrote, padded or not. ValueError for anything else."""
    bare = text.rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half as 65 bytes (X9.62, uncompressed)."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def decrypt(body: bytes, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """The plaintext of a message (RFC 8291, 3.4 and 4; RFC 8188, 2). ValueError when it can not be read."""
    salt, size, sender, sealed = body[:16], int.from_bytes(body[16:20]), body[21:86], body[86:]
    if len(body) < 86 + 17 or body[20] != 65 or len(sealed) > size:
        raise ValueError("not one record of aes128gcm with a P-256 key")
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
    secret = _derive(shared, auth, b"WebPush: info\0" + point(key) + sender, 32)
    content_key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", 12)
    try:
        padded = AESGCM(content_key).decrypt(nonce, sealed, None).rstrip(b"\0")
    except InvalidTag:
        raise ValueError("tampered with, or for somebody else") from None
    if padded[-1:] != b"\2":
        raise ValueError("the last record must end with 2")
    return padded[:-1]


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def sender_of(authorization: str, origin: str) -> bytes:
    """The public key that vouches for a message at this push service (RFC 8292, 2 and 3). ValueError with the fault."""
    scheme, _, rest = authorization.partition(" ")
    found = dict(re.findall(r"([a-z]+)=\"?([\w.=-]+)", rest))
    if scheme.lower() != "vapid" or not {"t", "k"} <= found.keys() or found["t"].count(".") != 2:
        raise ValueError("not vapid t=…, k=…")
    signed, _, signature = found["t"].rpartition(".")
    header, claims = (json.loads(to_bytes(part)) for part in signed.split("."))
    if header.get("alg") != "ES256":
        raise ValueError("not signed with ES256")
    key, signature = to_bytes(found["k"]), to_bytes(signature)
    if len(signature) != 64:
        raise ValueError("a signature has 64 bytes")
    dss = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
        public.verify(dss, signed.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise ValueError("the signature is not of this key") from None
    if claims.get("aud") != origin:
        raise ValueError(f"aud is {claims.get('aud')}, not {origin}")
    if not 0 < claims.get("exp", 0) - time.time() <= DAY:
        raise ValueError("expired, or valid for more than a day")
    # Optional in the RFC, asked for by Apple, which refuses localhost too.
    if not re.match(r"mailto:.+@.+|https://.", str(claims.get("sub"))) or "localhost" in claims["sub"]:
        raise ValueError("sub is no mailto: or https: contact")
    return key
