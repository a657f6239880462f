"""The two keys that a browser subscribes with (RFC 8291, section 3.1; RFC 8292 has another of our own)."""

import base64

from cryptography.hazmat.primitives.asymmetric import ec

POINT_BYTES, AUTH_BYTES = 65, 16


def usable(p256dh: str, auth: str) -> bool:
    """Whether these are a point on P-256, uncompressed, and a secret of 16 bytes, both in base64url."""
    try:
        as_bytes(auth, AUTH_BYTES)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), as_bytes(p256dh, POINT_BYTES))
    except ValueError:
        return False
    return True


def as_bytes(text: str, length: int) -> bytes:
    """So many bytes from base64url, spelt as it is usually encoded, with its padding or without."""
    found = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    # Decoding passes over what is not base64: only what comes out the same went in right.
    usual = base64.urlsafe_b64encode(found).decode()
    if len(found) != length or text not in (usual, usual.rstrip("=")):
        raise ValueError(f"not {length} bytes in base64url")
    return found
