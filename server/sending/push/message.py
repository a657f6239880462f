"""What is sent: a message that only the subscribed browser can read (RFC 8291, ``aes128gcm`` of RFC 8188)."""

from pywebpush import WebPusher

from server.sending.push.browser_keys import AUTH_BYTES, POINT_BYTES, as_bytes

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
    _pusher.receiver_key, _pusher.auth_key = as_bytes(p256dh, POINT_BYTES), as_bytes(auth, AUTH_BYTES)
    return _pusher.encode(payload)["body"]
