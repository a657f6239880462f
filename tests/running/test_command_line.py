"""The command line as a person meets it: real processes, one French sentence when it cannot go on."""

import contextlib
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import BODY_TO_COME, ROOT, environment, palier, refuses, running
from tests.support.ports import free_port

pytestmark = pytest.mark.long


@pytest.mark.one_engine
def test_it_serves_prints_the_welcome_link_and_stops(tmp_path):
    with running("--data", tmp_path / "data") as server:
        links = re.findall(r"http://localhost:\d+(/fondation/\w{27})$", server.said, re.MULTILINE)
        assert len(links) == 1
        assert server.status(links[0]) == 200
        assert server.status("/fondation/" + "A" * 27) == 404
        assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
        for name in ("key", "palier.sqlite"):
            assert stat.S_IMODE((tmp_path / "data" / name).stat().st_mode) == 0o600
        server.stop()
    assert server.process.returncode == 0
    # The link is not in the access log.
    assert "GET /fondation/… 200" in server.said
    assert server.said.count(links[0]) == 1

    with running("--data", tmp_path / "data") as again:
        assert links[0] in again.said
        again.stop()


@pytest.mark.one_engine
def test_localhost_is_both_of_its_addresses(tmp_path):
    with running("--data", tmp_path / "data") as server:
        assert server.status("/", "127.0.0.1") < 500
        if socket.has_ipv6 and Path("/proc/net/if_inet6").exists():
            assert server.status("/", "[::1]") < 500


@pytest.mark.one_engine
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_whoever_is_connected(tmp_path, sign):
    with running("--data", tmp_path / "data") as server, contextlib.ExitStack() as open_connections:
        head = b" HTTP/1.1\r\nHost: localhost\r\n"
        # Silent; kept alive after an answer; cut short in its head; cut short in its body.
        for request in (b"", b"GET /" + head + b"\r\n", b"POST /entrer" + head, b"POST /entrer" + head + BODY_TO_COME):
            for _ in range(5):
                client = open_connections.enter_context(socket.create_connection(("127.0.0.1", server.port)))
                client.sendall(request)
                # Connections are taken up in their order: once these are answered, all those before are there.
                if request.endswith(b"\r\n\r\n") and request.startswith(b"GET"):
                    assert client.recv(1)
        with socket.create_connection(("127.0.0.1", server.port)) as last:
            last.sendall(b"GET /entrer" + head + b"\r\n")
            assert last.recv(1)
        server.stop(sign)
        # WAL folded back: nothing but the file is left.
        assert not list((tmp_path / "data").glob("palier.sqlite-*"))
    assert "Traceback" not in server.said


@pytest.mark.one_engine
def test_the_demo_is_built_once_and_gives_new_links_every_time(tmp_path):
    said = []
    for _ in range(2):
        with running("--demo", "--data", tmp_path / "demo") as server:
            links = re.findall(r": http://localhost:\d+(/cle/\w{27})$", server.said, re.MULTILINE)
            assert len(links) >= 4
            assert server.status(links[0]) == 200
            server.stop()
        said.append(set(links))
        assert "fondation" not in server.said
    assert not said[0] & said[1]
    with sqlite3.connect(tmp_path / "demo" / "palier.sqlite") as database:
        assert database.execute("SELECT count(*) FROM quartier").fetchone() == (1,)
        name = database.execute("SELECT name FROM member ORDER BY id LIMIT 1").fetchone()[0]

    answer = palier("link", name, "--data", tmp_path / "demo", "--port", "8123")
    assert answer.returncode == 0
    assert re.search(r"http://localhost:8123/cle/\w{27}$", answer.stdout.strip())
    refuses(palier("link", "Personne", "--data", tmp_path / "demo"), "« Personne »")


@pytest.mark.one_engine
def test_the_demo_leaves_a_real_quartier_alone(tmp_path):
    with running("--demo", "--data", tmp_path / "demo") as server:
        server.stop()
    (tmp_path / "demo" / "demo.json").unlink()
    refuses(palier("run", "--demo", "--data", tmp_path / "demo", "--port", free_port()), "vrai quartier")


@pytest.mark.one_engine
def test_a_port_that_is_taken(tmp_path):
    port = free_port()
    with running("--data", tmp_path / "data", port=port) as server:
        refuses(palier("run", "--data", tmp_path / "data", "--port", port), f"{port}", "déjà pris")
        refuses(palier("run", "--data", tmp_path / "other", "--port", port), f"{port}", "déjà pris")
        assert server.status() < 500
    # Nothing was touched before the port was had.
    assert not (tmp_path / "other").exists()


@pytest.mark.one_engine
def test_two_starts_at_once_make_one_board(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "server", "migrate", "--data", tmp_path / "data"]
    starts = [subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [start.wait(30) for start in starts] == [0] * 4
    with running("--data", tmp_path / "data", port=port) as server:
        assert server.status() < 500


@pytest.mark.one_engine
@pytest.mark.parametrize("value", ["0", "65536", "-1", "abc", "80.5", "", "٣"])
def test_a_port_that_is_none(value):
    refuses(palier("run", f"--port={value}"), "1 à 65535", code=2)
    refuses(palier("run", PALIER_PORT=value or "x"), "1 à 65535", code=2)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ([], "manque"),
        (["ouvrir"], "« ouvrir »"),
        (["run", "--prot", "1"], "« --prot 1 »"),
        (["run", "--port"], "--port"),
        (["run", "--data", ""], "nom"),
        (["link"], "NOM"),
    ],
)
def test_what_is_not_understood(typed, words):
    refuses(palier(*typed), words, "--help", code=2)


@pytest.mark.one_engine
def test_the_help_is_french():
    for typed in (["--help"], ["run", "-h"], ["migrate", "-h"], ["link", "-h"], ["rotate", "-h"]):
        answer = palier(*typed)
        assert answer.returncode == 0
        assert answer.stdout.startswith("Utilisation : ")
        assert not re.search(r"\b(usage|show this|positional|optional)\b", answer.stdout)


def unwritable(tmp_path: Path) -> Path:
    """A folder in which nothing can be made, not even by root."""
    if os.geteuid() == 0:
        return Path("/sys/kernel/palier")
    (tmp_path / "closed").mkdir(mode=0o500)
    return tmp_path / "closed" / "palier"


@pytest.mark.one_engine
def test_a_data_folder_that_will_not_do(tmp_path):
    (tmp_path / "file").write_text("à moi")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "photo.jpg").write_text("")
    for folder, words in (
        (tmp_path / "absent" / "data", "n’existe pas"),
        (tmp_path / "file", "est un fichier"),
        (tmp_path / "file" / "data", "n’existe pas"),
        (tmp_path / "mine", "autre chose"),
        (unwritable(tmp_path), "ne peut pas écrire"),
    ):
        refuses(palier("run", "--data", folder, "--port", free_port()), words, f"« {folder}"[:20])
    assert (tmp_path / "file").read_text() == "à moi"
    assert stat.S_IMODE((tmp_path / "mine").stat().st_mode) != 0o700
    assert not (tmp_path / "absent").exists()


@pytest.mark.one_engine
def test_a_database_that_will_not_do(tmp_path):
    data = tmp_path / "data"
    assert palier("migrate", "--data", data).returncode == 0
    file = data / "palier.sqlite"
    whole = file.read_bytes()

    file.write_bytes(b"ceci n'est pas une base" * 100)
    refuses(palier("run", "--data", data, "--port", free_port()), "ne s’ouvre pas", str(file))
    file.write_bytes(whole[: len(whole) // 2])
    refuses(palier("run", "--data", data, "--port", free_port()), "ne s’ouvre pas", str(file))
    file.write_bytes(whole)
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("INSERT INTO migration (name, app_name) VALUES ('2999-01-01T00:00:00:000000', 'palier')")
    refuses(palier("run", "--data", data, "--port", free_port()), "plus récente", "git pull")
    file.write_bytes(whole)
    (data / "key").write_text("")
    refuses(palier("run", "--data", data, "--port", free_port()), "clé", "sauvegarde")


@pytest.mark.one_engine
def test_settings_that_will_not_do(tmp_path):
    refuses(palier("migrate", "--data", tmp_path / "a", PALIER_TIMEZONE="Mars/Olympus"), "« Mars/Olympus »")
    nobody = f"postgres://palier@127.0.0.1:{free_port()}/palier"
    refuses(palier("migrate", "--data", tmp_path / "b", DATABASE_URL=nobody), "PostgreSQL", "connexion refusée")
    refuses(palier("migrate", "--data", tmp_path / "c", DATABASE_URL="nulle part"), "PostgreSQL")
    refuses(palier("run", "--host", "personne.invalid", "--data", tmp_path / "d"), "« personne.invalid »")


def test_it_runs_on_the_engine_of_this_session(tmp_path):
    address = os.environ.get("DATABASE_URL", "")
    with running("--data", tmp_path / "data", DATABASE_URL=address) as server:
        links = re.findall(r"(/fondation/\w{27})$", server.said, re.MULTILINE)
        assert server.status(links[0]) == 200
        assert (tmp_path / "data" / "palier.sqlite").exists() is not bool(address)
        server.stop()
    assert "Traceback" not in server.said
