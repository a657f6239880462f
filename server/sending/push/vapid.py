"""Who sends: the board's key pair and what it signs for each push service (VAPID, RFC 8292).

Browsers bind a subscription to the public key, so the pair is made once and kept in the data
folder. One signature serves every message to an origin until shortly before it expires.
"""

import time
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from py_vapid import jwt
from py_vapid.utils import b64urlencode

from server.base.keys import digest, write_secret
from server.base.settings import settings
from server.sending.push.endpoint import origin_of

# Seconds. RFC 8292, section 2, allows 24 hours.
VALID = 12 * 3600
RENEWED_BEFORE = 3600
# Subdomains of a service may be made up: no more signatures than this are kept.
MOST_KEPT = 500
# For a board without a public address. Push services want a contact, and refuse localhost.
NOBODY = "mailto:palier@example.org"

_kept: dict[str, tuple[int, str]] = {}


def open_key() -> None:
    """Read the key pair, or make it. ValueError or OSError when that cannot be."""
    _private_key()


def public_key() -> str:
    """The public key as ``applicationServerKey`` takes it: 65 bytes (X9.62, uncompressed) in base64url."""
    return _point(_private_key())


def _point(key: ec.EllipticCurvePrivateKey) -> str:
    return b64urlencode(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def mark() -> str:
    """A digest of the public key, by which a database knows this pair again."""
    return _mark(_private_key())


def mark_of(text: bytes) -> str:
    """``mark`` of the pair that such a file holds. Raises ValueError."""
    return _mark(_parse(text))


def _mark(key: ec.EllipticCurvePrivateKey) -> str:
    return digest(_point(key))


def header_for(endpoint: str) -> str:
    """The value of ``Authorization`` for a checked endpoint (RFC 8292, section 3)."""
    origin, now = origin_of(endpoint), _clock()
    expires, header = _kept.get(origin, (0, ""))
    # Above VALID when the clock was set back.
    if not RENEWED_BEFORE < expires - now <= VALID:
        expires = int(now) + VALID
        token = jwt.sign({"aud": origin, "exp": expires, "sub": contact(settings.address)}, _private_key())
        header = f"vapid t={token}, k={public_key()}"
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[origin] = (expires, header)
    return header


def contact(address: str) -> str:
    """Where a push service may complain: ``https://host`` of a public address of the board, else nobody's."""
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https" or "." not in host or f".{host}".endswith((".localhost", ".localdomain")):
        return NOBODY
    try:
        ip_address(host)
    except ValueError:
        return f"https://{host}"
    return NOBODY


def _clock() -> float:
    """Seconds since 1970; a test may move it."""
    return time.time()


@cache
def _private_key() -> ec.EllipticCurvePrivateKey:
    path = settings.data / "vapid"
    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        write_secret(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())
    return _parse(path.read_bytes())


def _parse(text: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(text, password=None)
    except (TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a key")
    return key
