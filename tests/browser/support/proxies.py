"""The system's nginx and Caddy in front of a board, with the very files of ``deploy/`` and a certificate of our own.

Only names, ports and paths are put in their place. As root they run as nobody, in a folder that is gone afterwards.
``python -m tests.browser.support.proxies`` only says, by its exit code, whether everything needed is there.
"""

import contextlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.certificates import Authority
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
NAME = "palier.test"
PROGRAMS = ("nginx", "caddy", "certutil", "systemd-analyze")
# What Debian's own nginx.conf says around a server's file, as far as it could get in its way.
NGINX = """
daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 768; }}
http {{
    sendfile on; tcp_nopush on; types_hash_max_size 2048;
    include /etc/nginx/mime.types; default_type application/octet-stream;
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on;
    access_log {folder}/access.log; gzip on;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/palier.conf;
}}
"""


def missing() -> list[str]:
    """The programs that are not here."""
    return [name for name in PROGRAMS if not shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")]


@dataclass
class Proxy:
    """A running proxy: its folder, its two ports, whom it trusts and where it wrote."""

    kind: str
    folder: Path
    http: int
    https: int
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """What a neighbour types."""
        return f"https://{NAME}:{self.https}"

    @property
    def authority(self) -> Path:
        """The certificate of the authority that vouches for this proxy."""
        return self.folder / "ca.pem"

    def written(self) -> str:
        """Everything that it wrote down, anywhere."""
        return "".join(path.read_text() for path in self.folder.glob("*.log"))

    def connect(self, source: str = "127.0.0.1") -> ssl.SSLSocket:
        """A connection over TLS, the certificate verified as browsers do."""
        context = ssl.create_default_context(cafile=self.authority)
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=60, source_address=(source, 0))
        return context.wrap_socket(plain, server_hostname=NAME)

    def stop(self) -> None:
        """Nobody answers on its ports any more."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)


def put(text: str, *pairs: tuple[str, str]) -> str:
    """The text with regular expressions replaced; each must be found, or the file of ``deploy/`` has moved on."""
    for pattern, new in pairs:
        text, count = re.subn(pattern, lambda _, new=new: new, text)
        assert count, f"« {pattern} » is not in the file any more"
    return text


def configure_nginx(proxy: Proxy, board: int) -> list[str]:
    """The files of nginx; the command that starts it."""
    text = put(
        (DEPLOY / "nginx.conf").read_text(),
        (r"https://palier\.example", proxy.url),
        (r"/etc/letsencrypt/live/palier\.example", str(proxy.folder)),
        (r"palier\.example", NAME),
        (r"listen \[::\].*", ""),
        (r"listen 80;", f"listen 127.0.0.1:{proxy.http};"),
        (r"listen 443 ", f"listen 127.0.0.1:{proxy.https} "),
        (r"/var/log/nginx", str(proxy.folder)),
        (r"/opt/palier/deploy", str(proxy.folder)),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{board}"),
    )
    (proxy.folder / "palier.conf").write_text(text)
    (proxy.folder / "nginx.conf").write_text(NGINX.format(folder=proxy.folder))
    return ["nginx", "-p", str(proxy.folder), "-c", str(proxy.folder / "nginx.conf"), "-e", f"{proxy.folder}/nginx.log"]


def configure_caddy(proxy: Proxy, board: int, tls: str = "") -> list[str]:
    """The file of Caddy; the command that starts it. ``tls`` is "internal" for Caddy's own authority."""
    tls = tls or f"{proxy.folder}/fullchain.pem {proxy.folder}/privkey.pem"
    text = put(
        (DEPLOY / "Caddyfile").read_text(),
        (
            r"(?m)^\{$",
            f"{{\n\tadmin off\n\tskip_install_trust\n\tdefault_bind 127.0.0.1\n"
            f"\thttp_port {proxy.http}\n\tstorage file_system {proxy.folder}/caddy",
        ),
        (r"palier\.example \{", f"{NAME}:{proxy.https} {{"),
        (r"# tls internal", f"tls {tls}"),
        (r"/opt/palier/deploy", str(proxy.folder)),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{board}"),
    )
    (proxy.folder / "Caddyfile").write_text(text)
    return ["caddy", "run", "--config", str(proxy.folder / "Caddyfile"), "--adapter", "caddyfile"]


@contextlib.contextmanager
def proxy(kind: str, board: int, tls: str = "") -> Iterator[Proxy]:
    """A proxy of this kind in front of the board on this port; gone at the end, whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="palier-https-"))
    made = Proxy(kind, folder, free_port(), free_port())
    try:
        Authority(folder).issue(folder, NAME, "127.0.0.1")
        for page in DEPLOY.glob("*.html"):
            shutil.copy(page, folder)
        command = configure_nginx(made, board) if kind == "nginx" else configure_caddy(made, board, tls)
        _start(made, command)
        yield made
    finally:
        if made.process:
            made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _start(made: Proxy, command: list[str]) -> None:
    owner = {}
    if os.geteuid() == 0:
        owner = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        for path in (made.folder, *made.folder.rglob("*")):
            shutil.chown(path, "nobody", "nogroup")
    environment = {"PATH": os.environ["PATH"] + ":/usr/sbin", "HOME": str(made.folder)}
    with (made.folder / "said.log").open("w") as said:
        made.process = subprocess.Popen(
            command, cwd=made.folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, **owner
        )
    for _ in range(300):
        if made.process.poll() is not None:
            raise RuntimeError(made.written())
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", made.http), timeout=1).close()
            _shake_hands(made.https)
            return
        time.sleep(0.1)
    raise RuntimeError(made.written())


def _shake_hands(port: int) -> None:
    """OSError until the proxy has its certificate: Caddy makes its own one after it has begun to listen."""
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), timeout=1) as plain:
        anybody.wrap_socket(plain, server_hostname=NAME).close()


if __name__ == "__main__":
    sys.exit(bool(missing()))
