"""A sender that is not the board: it proves the push service, and sends to browsers in tests of the tools."""

import time
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pywebpush import WebPusher

from tests.support.push_crypto import point, to_text


class Sender:
    """Whoever has this VAPID key; ``key`` is what a page subscribes with."""

    def __init__(self) -> None:
        private = ec.generate_private_key(ec.SECP256R1())
        self.vapid, self.key = Vapid02(private), to_text(point(private))

    def headers(self, endpoint: str, **claims: Any) -> dict[str, str]:
        """What has to stand over a message; ``claims`` go over those of VAPID."""
        address = urlsplit(endpoint)
        signed = {"aud": f"{address.scheme}://{address.netloc}", "exp": int(time.time()) + 3600}
        authorization = self.vapid.sign(signed | {"sub": "mailto:board@example.org"} | claims)
        return authorization | {"TTL": "60", "Content-Encoding": "aes128gcm"}

    async def send(self, subscription: dict, words: bytes, **headers: str) -> tuple[int, dict[str, str]]:
        """Encrypt and POST: status and headers (lower case). ``subscription`` as ``subscribe`` or a browser gives it.

        ``headers`` go over the usual ones (``Content_Encoding`` for Content-Encoding).
        """
        keys = subscription.get("keys") or {name: subscription[name] for name in ("p256dh", "auth")}
        body = WebPusher({"endpoint": subscription["endpoint"], "keys": keys}).encode(words)["body"]
        return await self.post(subscription["endpoint"], body, **headers)

    async def post(self, endpoint: str, body: bytes, **headers: str) -> tuple[int, dict[str, str]]:
        """POST these bytes as they are. aiohttp.ClientError when the line is cut."""
        over = self.headers(endpoint) | {name.replace("_", "-"): value for name, value in headers.items()}
        over = {name: value for name, value in over.items() if value}
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as session,
            session.post(endpoint, data=body, headers=over, allow_redirects=False) as response,
        ):
            return response.status, {name.lower(): value for name, value in response.headers.items()}
