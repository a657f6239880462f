"""What is sent: a message that only the subscribed browser can read (RFC 8291, ``aes128gcm`` of RFC 8188)."""

import base64

from cryptography.hazmat.primitives.asymmetric import ec
from pywebpush import WebPusher

POINT_BYTES, AUTH_BYTES = 65, 16
# A push service has to take 4,096 bytes (RFC 8030, section 7.2): header 86, delimiter 1, tag 16.
LONGEST = 3993
# One for all, given each browser's keys in turn: making one costs a fifth of the encryption itself.
_pusher = WebPusher({"endpoint": ""})


def encrypt(p256dh: str, auth: str, payload: bytes) -> bytes:
    """The body of a push message for the browser with these keys, 1 to 3,993 bytes of payload.

    ValueError for keys that are not ``usable`` and for a payload that does not fit.
    """
    if not 1 <= len(payload) <= LONGEST:
        raise ValueError(f"a payload of {len(payload)} bytes")
    _pusher.receiver_key, _pusher.auth_key = _bytes(p256dh, POINT_BYTES), _bytes(auth, AUTH_BYTES)
    return _pusher.encode(payload)["body"]


def usable(p256dh: str, auth: str) -> bool:
    """Whether these are a point on P-256, uncompressed, and a secret of 16 bytes, both in base64url."""
    try:
        _bytes(auth, AUTH_BYTES)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(p256dh, POINT_BYTES))
    except ValueError:
        return False
    return True


def _bytes(text: str, length: int) -> bytes:
    """So many bytes from base64url, spelt as it is usually encoded, with its padding or without."""
    found = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    # Decoding passes over what is not base64: only what comes out the same went in right.
    usual = base64.urlsafe_b64encode(found).decode()
    if len(found) != length or text not in (usual, usual.rstrip("=")):
        raise ValueError(f"not {length} bytes in base64url")
    return found
