"""What nginx and Caddy, with the files of deploy/, say on the wire: headers, limits, slow clients, who counts."""

import asyncio
import contextlib
import gzip
import http.client
import json
import shutil
import socket
import subprocess

import pytest

from server.base.settings import ROOT
from server.views.web.assets import assets
from tests.browser.support import proxies
from tests.browser.support.proxies import DEPLOY, NAME, Proxy

pytestmark = pytest.mark.skipif(bool(proxies.missing()), reason="sudo apt install nginx caddy libnss3-tools systemd")
KINDS = ["nginx", "caddy"]
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
ONCE = (
    "content-security-policy", "strict-transport-security", "x-content-type-options", "referrer-policy",
    "cross-origin-opener-policy", "permissions-policy", "content-type", "date",
)  # fmt: skip


@pytest.fixture(scope="module")
def board(new_board) -> int:
    """The port of a board that lets everybody try three times."""
    return int(new_board("--demo", PALIER_ATTEMPTS="3").url.rsplit(":", 1)[1])


@pytest.fixture(scope="module", params=KINDS)
def proxy(request, board):
    """Each proxy in its turn."""
    with proxies.proxy(request.param, board) as running:
        yield running


class Answer:
    """Status, headers (each as often as it came) and body of an answer."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status, self.body, self._headers = answer.status, answer.read(), answer.msg

    def all(self, name: str) -> list[str]:
        """Every value of this header."""
        return self._headers.get_all(name, [])

    @property
    def text(self) -> str:
        """The body, unzipped if need be."""
        return (gzip.decompress(self.body) if self.all("content-encoding") == ["gzip"] else self.body).decode()


def ask(proxy: Proxy, path: str, method: str = "GET", body: str | None = None, source="127.0.0.1", **headers) -> Answer:
    """One request over TLS."""
    connection = http.client.HTTPConnection(NAME, proxy.https)
    connection.sock = proxy.connect(source)
    try:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, (FORM if method == "POST" else {}) | headers)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def test_each_header_is_there_once(proxy):
    source = f"127.0.3.{10 + KINDS.index(proxy.kind)}"
    answers = {
        200: ask(proxy, "/entrer"),
        303: ask(proxy, "/"),
        404: ask(proxy, f"/static/{assets().build}/nothing.js"),
        403: ask(proxy, "/entrer", "POST", "code=x", source, Sec_Fetch_Site="cross-site"),
        413: ask(proxy, "/entrer", "POST", "code=" + "a" * 70_000, source),
    }
    for status, answer in answers.items():
        assert answer.status == status
        assert {name: len(answer.all(name)) for name in ONCE} == dict.fromkeys(ONCE, 1), status
        assert answer.all("strict-transport-security") == ["max-age=31536000"]
        assert not any(sign.isdigit() for sign in "".join(answer.all("server")))


def test_static_files_are_squeezed_once_and_kept_for_good(proxy):
    name = "css/palier.css"
    answer = ask(proxy, assets().url(name), Accept_Encoding="gzip, br, zstd")
    assert answer.all("content-encoding") == ["gzip"]
    assert gzip.decompress(answer.body) == (ROOT / "web" / name).read_bytes()
    assert answer.all("cache-control") == ["public, max-age=31536000, immutable"]
    plain = ask(proxy, assets().url(name), Accept_Encoding="identity")
    assert (plain.all("content-encoding"), plain.body) == ([], (ROOT / "web" / name).read_bytes())


def test_plain_http_leads_to_https_and_nowhere_else(proxy):
    for host in (NAME, f"{NAME}:{proxy.http}"):
        connection = http.client.HTTPConnection("127.0.0.1", proxy.http, timeout=60)
        connection.request("GET", "/invitation/abc?a=b", headers={"Host": host})
        answer = connection.getresponse()
        assert answer.status in (301, 308)
        assert answer.msg.get_all("location") == [f"{proxy.url}/invitation/abc?a=b"]
        connection.close()


def test_another_name_shows_nothing_of_the_board(proxy):
    answer = ask(proxy, "/entrer", Host="ailleurs.test")
    assert "Entrer" not in answer.text
    assert answer.all("location") in ([], [f"{proxy.url}/entrer"])


def test_tries_are_counted_for_who_comes_whatever_they_say_they_are(proxy):
    def tries(source: str) -> list[int]:
        claims = [
            {"X_Forwarded_For": f"198.51.100.{number}", "Forwarded": f"for=198.51.100.{number}"} for number in range(5)
        ]
        return [ask(proxy, "/entrer", "POST", "code=x", source, **claim).status for claim in claims]

    # Another for each proxy: the board is the same.
    neighbour = 10 + KINDS.index(proxy.kind)
    assert tries(f"127.0.1.{neighbour}") == [422] * 3 + [429] * 2
    assert tries(f"127.0.2.{neighbour}") == [422] * 3 + [429] * 2
    page = ask(proxy, "/entrer", X_Forwarded_Proto="http").text
    assert "Cette adresse n’est pas protégée" not in page


def drip(proxy: Proxy) -> bytes | None:
    """Send a header at one byte a second or so; what came back before the end, or None when it was let through."""
    with proxy.connect() as slow:
        slow.settimeout(1)
        for byte in b"GET /entrer HTTP/1.1\r\nHost: " + NAME.encode() + b"\r\nX-Slow: " + b"a" * 30:
            try:
                slow.sendall(bytes([byte]))
                return slow.recv(1000)
            except TimeoutError:
                continue
            except OSError:
                return b""
    return None


async def test_a_slow_client_is_cut_while_others_are_served(board):
    with contextlib.ExitStack() as stack:
        both = [stack.enter_context(proxies.proxy(kind, board)) for kind in KINDS]
        slow = [asyncio.create_task(asyncio.to_thread(drip, one)) for one in both]
        served = 0
        while not all(one.done() for one in slow):
            for one in both:
                assert (await asyncio.to_thread(ask, one, "/entrer")).status == 200
            served += 1
            await asyncio.sleep(0.5)
        assert served > 3
        for answer in [one.result() for one in slow]:
            assert answer == b"" or answer.split()[1] in (b"400", b"408")


def test_slow_forms_do_not_reach_the_board_and_are_counted():
    """The board is a socket here that notes whoever calls it."""
    head = f"POST /entrer HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 1000\r\n\r\ncode=".encode()
    with contextlib.ExitStack() as stack:
        nobody = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        running = stack.enter_context(proxies.proxy("nginx", nobody.getsockname()[1]))
        for _ in range(20):
            stack.enter_context(running.connect()).sendall(head)
        refused = None
        # Those twenty are read in their own time.
        while refused is None or refused.status != 429:
            one = stack.enter_context(running.connect())
            one.sendall(head)
            one.settimeout(2)
            with contextlib.suppress(TimeoutError):
                answer = http.client.HTTPResponse(one)
                answer.begin()
                refused = Answer(answer)
        assert "Cet envoi n’est pas passé" in refused.text
        nobody.settimeout(1)
        with pytest.raises(TimeoutError):
            nobody.accept()


def test_while_the_board_is_closed(board):
    for kind in KINDS:
        with proxies.proxy(kind, proxies.free_port()) as running:
            answer = ask(running, "/cle/SECRETSECRET?mot=SECRETSECRET")
            assert answer.status == 502
            assert "Le tableau redémarre" in answer.text and "The board is restarting" in answer.text
            assert answer.all("strict-transport-security") == ["max-age=31536000"]
            running.stop()
            assert "SECRETSECRET" not in running.written()


def test_no_address_is_written_down(proxy):
    for path in ("/cle/SECRETSECRET", "/invitation/SECRETSECRET", "/entrer?mot=SECRETSECRET"):
        ask(proxy, path)
    assert "SECRETSECRET" not in proxy.written()


def test_at_home_with_caddy_s_own_authority(board):
    with proxies.proxy("caddy", board, tls="internal") as running:
        root = running.folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        shutil.copy(root, running.authority)
        assert ask(running, "/entrer").status == 200


def test_caddy_finds_its_file_well_written():
    ran = subprocess.run(["caddy", "fmt", DEPLOY / "Caddyfile"], capture_output=True, text=True)
    assert ran.stdout == (DEPLOY / "Caddyfile").read_text()


@pytest.mark.parametrize("name", ["palier", "palier-sauvegarde"])
def test_systemd_finds_the_service_sound_and_closed(tmp_path, name):
    unit = tmp_path / f"{name}.service"
    here = (("/opt/palier/bin", str(ROOT / "bin")), ("/opt/palier/.venv", str(ROOT / ".venv")))
    text = (DEPLOY / f"{name}.service").read_text()
    unit.write_text(proxies.put(text, *(pair for pair in here if pair[0] in text)))
    units = [unit]
    if (DEPLOY / f"{name}.timer").exists():
        units.append(shutil.copy(DEPLOY / f"{name}.timer", tmp_path))
    ran = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")
    # 10 is a service without any limits.
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--json=short", "--threshold=20", unit]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, [one["name"] for one in json.loads(ran.stdout) if one["exposure"]]
