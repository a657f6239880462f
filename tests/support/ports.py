"""Ports for the servers of tests."""

import random
import socket
from contextlib import suppress


def free_port() -> int:
    """A port that nobody uses, nor will in a moment: below those that the system gives to whoever asks for any."""
    while True:
        port = random.SystemRandom().randrange(15_000, 30_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
