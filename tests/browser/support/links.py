"""The links that the demonstration printed."""

import os
import subprocess
from urllib.parse import urlsplit

from server.base.settings import ROOT


def link_for(network, name: str) -> str:
    """A sign-in link for this member, made by the command line, as seen from the other end of the network."""
    environment = {**os.environ, "PALIER_DATA": str(network.server.folder)}
    said = subprocess.run(
        [ROOT / ".venv" / "bin" / "python", "-m", "server", "link", name],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return network.url + urlsplit(next(word for word in said.split() if word.startswith("http"))).path
