"""Backups: made while the board is written to, put back whole, and nothing that was erased or revoked comes back."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from server.running.backup import archive
from server.running.opening import Refusal
from tests.support.backup_place import PASSPHRASE, SERVER, Place, place
from tests.support.command_line import ROOT, Running
from tests.support.ports import free_port

pytestmark = pytest.mark.long

BASE = "base.pgdump" if SERVER else "base.sqlite"


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Iterator[tuple[Place, Path, dict, dict]]:
    """A board, its backup and its keys, what happened since, a restore, and what is there then."""
    folder = tmp_path_factory.mktemp("story")
    with place(folder, SERVER) as here:
        here.step("make")
        here.does("backup", folder / "one.palier")
        here.does("keys", "export", folder / "keys.json", PALIER_PASSPHRASE=PASSPHRASE)
        here.step("later")
        said = here.does("restore", folder / "one.palier")
        yield here, folder, {"said": said}, here.step("look")


def test_what_was_not_revoked_stays_and_what_was_does_not_come_back(story):
    _, _, _, seen = story
    assert seen["cards"] == {"amelie": True, "jeanne": True, "odette": False, "karim": True, "nadia": False}
    assert seen["sessions"] == {"amelie": True, "jeanne": False, "odette": True, "karim": True, "nadia": False}
    assert (seen["second"], seen["links"]) == (False, [False])
    assert seen["invitations"] == ["revoked", "revoked", "open"]
    assert (seen["kept"], seen["over"]) == ("12 rue des Lilas", None)
    assert seen["listed"] == ["kept", "over", "tip"]
    assert seen["replies"] == ["shown"]
    assert "Nadia Haddad" not in seen["roles"] and seen["roles"]["Jeanne Morel"] == "resident"
    assert seen["mail"] == ["never"]
    assert "lost" not in seen["titles"]


@pytest.mark.one_engine
def test_the_photos_come_back_and_the_erased_one_does_not(story):
    _, _, _, seen = story
    assert seen["photos"] == ["photo"]
    assert seen["files"] == seen["hashes"]


@pytest.mark.one_engine
def test_nothing_rings_again_and_devices_stay(story):
    _, _, _, seen = story
    assert (seen["waiting"], seen["devices"]) == (False, 1)
    # Who has an errand in hand keeps it.
    assert seen["lease"] == [True]


@pytest.mark.one_engine
def test_the_restore_says_what_it_did_and_lets_an_admin_in(story):
    here, _, told, seen = story
    assert "Sans carte valable, une nouvelle est à faire : Odette Berthier" in told["said"]
    assert re.search(r"Amélie Roche ouvre ce lien .*\n  http://localhost:8000/cle/\w{27}\n", told["said"])
    assert seen["epoch"] > 1_700_000_000
    aside = [path for path in here.data.iterdir() if path.name.startswith("avant-")]
    assert len(aside) == 1 and (aside[0] / "photos").is_dir()
    assert (aside[0] / "palier.sqlite").exists() is not bool(SERVER)
    assert "Tout va ensemble." in here.does("check")


@pytest.mark.one_engine
def test_a_backup_of_before_is_restored_after_another_restore_too(story):
    here, folder, _, first = story
    here.does("restore", folder / "one.palier")
    again = here.step("look")
    assert again["epoch"] > first["epoch"]
    assert {**again, "epoch": 0, "gone": 0} == {**first, "epoch": 0, "gone": 0}
    # And a backup of what was restored can itself be restored.
    here.does("backup", folder / "two.palier")
    here.does("restore", folder / "two.palier")
    third = here.step("look")
    assert (third["cards"], third["titles"]) == (first["cards"], first["titles"])


@pytest.mark.one_engine
def test_on_another_machine_with_the_file_of_keys(story, tmp_path):
    _, folder, _, seen = story
    with place(tmp_path, SERVER) as other:
        other.refuses("restore", folder / "one.palier", words="--keys")
        other.refuses("restore", folder / "one.palier", "--keys", folder / "keys.json", words="phrase secrète")
        (tmp_path / "phrase").write_text(PASSPHRASE + "\nrien\n")
        options = ("--keys", folder / "keys.json", "--passphrase-file", tmp_path / "phrase")
        # Beside it lies a newer backup: what it knows of erasures counts.
        shutil.copy(folder / "one.palier", tmp_path / "one.palier")
        other.does("restore", tmp_path / "one.palier", *options)
        shutil.copy(folder.parent / folder.name / "two.palier", tmp_path / "two.palier")
        shutil.copy(folder.joinpath("data", "world.json"), other.data / "world.json")
        assert other.step("look")["cards"]["odette"]
        other.does("restore", tmp_path / "one.palier", *options)
        found = other.step("look")
        assert (found["cards"], found["sessions"]) == (seen["cards"], seen["sessions"])


def test_a_drill_opens_it_beside(story):
    here, folder, _, _ = story
    before = here.state()
    said = here.does("drill", folder / "one.palier")
    for line in (
        "rien ne sonne", "ce qui était effacé le reste", "les lignes privées s’ouvrent", "une carte d’avant ouvre",
        "le tableau se lit", "une photo se voit", "L’exercice a réussi",
    ):  # fmt: skip
        assert line in said
    assert "NON" not in said
    assert {**here.state(), "palier.sqlite": ""} == {**before, "palier.sqlite": ""}
    assert here.step("look")["runs"][-1] == {"what": "drill", "fault": None}


def _spoilt(source: Path, target: Path, change) -> Path:
    """A copy of an archive in which one entry is another; ``change`` gets its name and bytes."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            told = change(name, old.read(name))
            if told is not None:
                new.writestr(name, told)
    return target


def _manifest(**other):
    return lambda name, text: json.dumps({**json.loads(text), **other}).encode() if name == "manifest.json" else text


def _looked_at(file: Path) -> str:
    """What is said of a file before anything is touched; nothing when it will do."""
    try:
        with archive.opened(file) as (manifest, zipped):
            archive.verify(zipped, manifest, lambda done, whole: None)
    except Refusal as refusal:
        return str(refusal)
    return ""


@pytest.mark.one_engine
def test_a_file_that_is_no_backup_or_a_damaged_one_is_told(story, tmp_path):
    _, folder, _, _ = story
    whole, wrong = folder / "one.palier", tmp_path / "wrong.palier"
    assert _looked_at(whole) == ""
    assert "n’existe pas" in _looked_at(tmp_path / "absent")
    for text in (b"", b"ceci n'est pas une sauvegarde" * 50):
        wrong.write_bytes(text)
        assert "n’est pas une sauvegarde" in _looked_at(wrong)
    with zipfile.ZipFile(wrong, "w") as empty:
        empty.writestr("autre.txt", "rien")
    assert "n’est pas une sauvegarde" in _looked_at(wrong)
    for part in (2, 3, 50):
        wrong.write_bytes(whole.read_bytes()[: -whole.stat().st_size // part])
        assert "abîmée" in _looked_at(wrong)
    for name in (BASE, "gone", "photos"):

        def spoil(one: str, text: bytes, name: str = name) -> bytes:
            return text[:-1] + b"?" if one.startswith(name) else text

        def lose(one: str, text: bytes, name: str = name) -> bytes | None:
            return None if one.startswith(name) else text

        assert "abîmée" in _looked_at(_spoilt(whole, wrong, spoil))
        assert "abîmée" in _looked_at(_spoilt(whole, wrong, lose))
    assert "plus récente" in _looked_at(_spoilt(whole, wrong, _manifest(format=2)))
    climbing = {"../../evil": {"size": 1, "sha256": "0" * 64}}
    for other in ({"files": climbing}, {"files": {}}, {"engine": "autre"}, {"key": 1}, {"format": "1"}, {"at": None}):
        assert "n’est pas une sauvegarde" in _looked_at(_spoilt(whole, wrong, _manifest(**other)))
    # Single bytes of the file itself, most of them where the manifest is packed.
    for at in (*range(0, 1000, 13), *range(0, whole.stat().st_size, whole.stat().st_size // 40)):
        text = bytearray(whole.read_bytes())
        text[at] ^= 0x55
        wrong.write_bytes(text)
        _looked_at(wrong)


@pytest.mark.one_engine
def test_what_will_not_do_is_refused_before_anything_is_touched(story, tmp_path):
    here, folder, _, _ = story
    whole, wrong = folder / "one.palier", tmp_path / "wrong.palier"
    wrong.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    here.refuses("restore", wrong, words="abîmée")
    here.refuses("restore", _spoilt(whole, wrong, _manifest(migrations=["2999"])), words="plus récente")
    for mark in ({"key": "0" * 64}, {"seal": ["00000000"]}, {"vapid": "0" * 64}):
        here.refuses("restore", _spoilt(whole, wrong, _manifest(**mark)), words="d’un autre tableau")


@pytest.mark.one_engine
def test_not_while_the_board_is_open(story):
    here, folder, _, _ = story
    server = Running(port=free_port(), **{name: here.environment[name] for name in ("PALIER_DATA", "DATABASE_URL")})
    try:
        answer = here.palier("restore", folder / "one.palier")
        assert answer.returncode == 1 and "déjà ouvert" in answer.stderr
        # A backup is made meanwhile.
        here.does("backup", folder / "open.palier")
        assert server.status() == 200
    finally:
        server.stop()


@pytest.mark.one_engine
def test_a_restore_that_was_cut_short_is_told_and_can_be_done_again(story):
    here, folder, _, seen = story
    died = subprocess.run(
        [sys.executable, "-m", "tests.support.backup_world", "crash", folder / "one.palier"],
        cwd=ROOT, env=here.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
    )  # fmt: skip
    assert died.returncode == 9, died.stderr
    for command in (("run", "--port", str(free_port())), ("migrate",), ("backup", folder / "no.palier"), ("check",)):
        here.refuses(*command, words="interrompue")
    here.does("restore", folder / "one.palier")
    again = here.step("look")
    assert (again["cards"], again["titles"], again["photos"]) == (seen["cards"], seen["titles"], seen["photos"])


@pytest.mark.parametrize("turn", range(2))
def test_a_backup_is_one_moment_of_a_board_that_is_written_to(story, tmp_path, turn):
    """Every pair that was stored before it began, none after it ended, no half of one; and a restore has just these."""
    here, _, _, _ = story
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.support.backup_world", "write"], cwd=ROOT, env=here.environment,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writer.stdout.readline() == "ready\n"
    for _ in range(5):
        before = int(writer.stdout.readline())
    here.does("backup", tmp_path / "busy.palier")
    after = json.loads(writer.communicate("stop\n", timeout=60)[0].splitlines()[-1])["written"]
    here.does("restore", tmp_path / "busy.palier")
    titles = [title for title in here.step("look")["titles"] if re.fullmatch(r"n\d+", title)]
    numbers = sorted({int(title[1:]) for title in titles})
    assert numbers == [*range(1, max(numbers) + 1)]
    assert before <= max(numbers) <= after
    # The next turn starts without them.
    here.does("restore", here.data.parent / "one.palier")


@pytest.mark.one_engine
def test_keys_under_a_passphrase(story, tmp_path):
    here, folder, _, _ = story
    for phrase, words in (("court", "trop courte"), ("", "trop courte")):
        here.refuses("keys", "export", tmp_path / "k", PALIER_PASSPHRASE=phrase, words=words)
    here.refuses("keys", "export", tmp_path / "k", words="PALIER_PASSPHRASE")
    here.refuses("keys", "export", folder / "keys.json", PALIER_PASSPHRASE=PASSPHRASE, words="existe déjà")
    text = (folder / "keys.json").read_text()
    assert (here.data / "key").read_text().strip() not in text
    for spoilt in ("", "{}", text.replace('"n": 131072', '"n": 4'), text.replace("closed", "open")):
        (tmp_path / "bad").write_text(spoilt)
        here.refuses("keys", "import", tmp_path / "bad", PALIER_PASSPHRASE=PASSPHRASE, words="n’est pas un fichier")
    here.refuses("keys", "import", folder / "keys.json", PALIER_PASSPHRASE=PASSPHRASE + "!", words="n’ouvre pas")
    # Whoever lost one has it back; another board's are refused.
    (here.data / "seal").unlink()
    here.refuses("run", "--port", str(free_port()), words="keys import")
    assert "Il manque la clé" in here.palier("backup", tmp_path / "b").stderr
    assert here.palier("check").returncode == 1
    here.does("keys", "import", folder / "keys.json", PALIER_PASSPHRASE=PASSPHRASE)
    assert "Tout va ensemble." in here.does("check")
    with place(tmp_path / "other" if (tmp_path / "other").mkdir() is None else tmp_path, SERVER) as other:
        other.does("migrate")
        other.does("keys", "export", tmp_path / "theirs", PALIER_PASSPHRASE=PASSPHRASE)
    here.refuses("keys", "import", tmp_path / "theirs", PALIER_PASSPHRASE=PASSPHRASE, words="autre tableau")


@pytest.mark.one_engine
def test_a_backup_holds_no_key_and_nothing_unsealed_of_what_is_private(story):
    here, folder, _, _ = story
    with zipfile.ZipFile(folder / "one.palier") as archive:
        assert archive.namelist()[0] == "manifest.json"
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for name in ("key", "seal"):
        for secret in (here.data / name).read_text().split():
            assert len(secret) < 32 or secret.encode() not in everything
    assert b"PRIVATE KEY" not in everything and b"12 rue des Lilas" not in everything


@pytest.mark.one_engine
def test_a_folder_of_backups_keeps_so_many_days(story, tmp_path):
    here, _, _, _ = story
    for name in ("palier-2020-01-01-030000.palier", "palier-2020-01-02-030000.txt", "autre.palier"):
        (tmp_path / name).write_text("")
    said = here.does("backup", tmp_path, "--keep", "30")
    left = {path.name for path in tmp_path.iterdir()}
    assert "Ancienne sauvegarde effacée : palier-2020-01-01-030000.palier" in said
    assert left >= {"palier-2020-01-02-030000.txt", "autre.palier"} and len(left) == 3


@pytest.mark.one_engine
def test_a_backup_that_fails_tells_the_admins_and_leaves_nothing(story, tmp_path):
    here, folder, _, _ = story
    told = len(here.step("look")["told"])
    answer = here.palier("backup", folder / "one.palier")
    assert answer.returncode == 1 and "existe déjà" in answer.stderr
    answer = here.palier("backup", tmp_path / "absent" / "x.palier")
    assert answer.returncode == 1 and "n’existe pas" in answer.stderr
    seen = here.step("look")
    assert len(seen["told"]) == told + 2
    assert "existe déjà" in seen["runs"][-2]["fault"]
    assert not list(folder.glob("*.part")) and not list(folder.glob(".palier-*"))


@pytest.mark.one_engine
def test_keys_and_photos_without_their_database_are_no_new_board(story, tmp_path):
    here, folder, _, _ = story
    with place(tmp_path, SERVER) as copy:
        shutil.copytree(here.data, copy.data)
        # On PostgreSQL the new database is empty already.
        for spoil in () if SERVER else (lambda file: file.write_bytes(b""), lambda file: file.unlink()):
            for name in ("palier.sqlite-wal", "palier.sqlite-shm"):
                with suppress(FileNotFoundError):
                    (copy.data / name).unlink()
            spoil(copy.data / "palier.sqlite")
            copy.refuses("run", "--port", str(free_port()), words="restore FICHIER")
        copy.refuses("run", "--port", str(free_port()), words="restore FICHIER")
        copy.does("restore", folder / "one.palier")
        assert copy.step("look")["cards"]["karim"]


@pytest.mark.one_engine
def test_another_boards_key_is_refused_by_name(story, tmp_path):
    here, _, _, _ = story
    for name in ("key", "seal", "vapid"):
        with place(tmp_path / name if (tmp_path / name).mkdir() is None else tmp_path, "") as other:
            other.does("migrate")
            mine = (here.data / name).read_text()
            (here.data / name).write_text((other.data / name).read_text())
        try:
            here.refuses("run", "--port", str(free_port()), words=f"{name} » n’est pas celle de ce tableau")
        finally:
            (here.data / name).write_text(mine)
    (here.data / "key").rename(tmp_path / "away")
    here.refuses("run", "--port", str(free_port()), words="Il manque la clé")
    (tmp_path / "away").rename(here.data / "key")


@pytest.mark.one_engine
def test_a_log_of_another_database_is_refused_and_ones_own_is_not(tmp_path):
    """Of SQLite, whatever this session's engine: what was written last survives, unless the file was replaced."""
    with place(tmp_path) as here:
        here.step("make")
        old = (here.data / "palier.sqlite").read_bytes()
        for how in ((), ("folded",)):
            shutil.copytree(here.data, tmp_path / "whole")
            died = subprocess.run(
                [sys.executable, "-m", "tests.support.backup_world", "die", *how],
                cwd=ROOT,
                env=here.environment,
                timeout=60,
            )
            assert died.returncode == 9 and (here.data / "palier.sqlite-wal").stat().st_size > 32
            # As it was left it opens; so does the whole folder, copied elsewhere.
            data = here.data if how else shutil.copytree(here.data, tmp_path / "moved")
            titles = Place(data).step("look")["titles"]
            assert [title for title in titles if title.startswith("dernier")]
            # Somebody copies an old file back, beside the log of the other.
            subprocess.run(
                [sys.executable, "-m", "tests.support.backup_world", "die", *how],
                cwd=ROOT,
                env=here.environment,
                timeout=60,
            )
            (here.data / "palier.sqlite").write_bytes(old)
            for command in (("run", "--port", str(free_port())), ("backup", tmp_path / "x"))[: 1 + len(how)]:
                answer = here.palier(*command)
                assert answer.returncode == 1 and "ne va pas avec la base" in answer.stderr
                assert len(answer.stderr.splitlines()) == 1 and "restore FICHIER" in answer.stderr
            shutil.rmtree(here.data)
            (tmp_path / "whole").rename(here.data)


@pytest.mark.one_engine
def test_after_a_rotation_an_older_backup_needs_the_keys_of_its_time(tmp_path):
    with place(tmp_path, SERVER) as here:
        here.step("make")
        here.does("backup", tmp_path / "old.palier")
        here.does("keys", "export", tmp_path / "keys", PALIER_PASSPHRASE=PASSPHRASE)
        assert "keys export" in here.does("rotate")
        assert "Tout va ensemble." in here.does("check")
        here.refuses("restore", tmp_path / "old.palier", words="d’avant un changement de clé")
        here.does("restore", tmp_path / "old.palier", "--keys", tmp_path / "keys", PALIER_PASSPHRASE=PASSPHRASE)
        assert "Tout va ensemble." in here.does("check")
        assert here.step("look")["kept"] == "12 rue des Lilas"
