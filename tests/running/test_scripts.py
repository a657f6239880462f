"""bin/run on a machine that lacks something: one French sentence, and nothing half done."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import palier

pytestmark = [pytest.mark.one_engine, pytest.mark.long]

ROOT = Path(__file__).parents[2]
# What the shell scripts themselves need of a machine.
NEEDED = ("sh", "dirname", "cmp", "env")


@pytest.fixture
def machine(tmp_path):
    """A clone and an almost empty PATH: ``machine(python3="...")`` puts programs there and starts bin/run."""
    clone, programs = tmp_path / "clone", tmp_path / "programs"
    shutil.copytree(ROOT / "bin", clone / "bin")
    (clone / "requirements.txt").write_text("rien==1.0\n")
    programs.mkdir()
    for name in NEEDED:
        (programs / name).symlink_to(shutil.which(name))

    def start(**scripts: str) -> subprocess.CompletedProcess:
        for name, script in scripts.items():
            (programs / name).write_text(f"#!/bin/sh\n{script}\n")
            (programs / name).chmod(0o755)
        return subprocess.run(
            [clone / "bin" / "run"], env={"PATH": str(programs)}, capture_output=True, text=True, timeout=20
        )

    return start


def test_without_python(machine):
    answer = machine()
    assert answer.returncode == 1
    assert len(answer.stderr.splitlines()) == 1
    assert "3.11" in answer.stderr and "sudo apt install" in answer.stderr


def test_with_an_older_python(machine):
    answer = machine(python3='echo "3.9 False"', python="exit 127")
    assert answer.returncode == 1
    assert len(answer.stderr.splitlines()) == 1
    assert "3.11" in answer.stderr and "n’a que Python 3.9" in answer.stderr


def test_a_newer_python_under_another_name_is_found(machine):
    chosen = machine(
        python3='echo "3.9 False"', **{"python3.12": 'case $1 in -c) echo "3.12 True";; *) echo "$@";; esac'}
    )
    assert "bin/install.py requirements.txt" in chosen.stdout


@pytest.fixture
def install(tmp_path, monkeypatch):
    """bin/install.py for a clone in a temporary folder, with nothing really installed."""
    spec = importlib.util.spec_from_file_location("install", ROOT / "bin" / "install.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    venv = tmp_path / ".venv"
    for name, path in {
        "ROOT": tmp_path, "VENV": venv, "PYTHON": venv / "bin" / "python", "LOG": venv / "palier-install.log",
        "UNFINISHED": venv / "palier-unfinished",
    }.items():  # fmt: skip
        monkeypatch.setattr(module, name, path)
    (tmp_path / "requirements.txt").write_text("rien==1.0\n")
    (tmp_path / "requirements-test.txt").write_text("rien==1.0\nplus==2.0\n")
    module.ran, module.answer, module.gone = [], "", {}
    monkeypatch.setattr(module, "missing", lambda wanted: module.gone)

    def run(command: list[str]) -> int:
        module.ran.append("venv" if "venv" in command else "pip")
        if "venv" in command:
            (venv / "bin").mkdir(parents=True)
            # Any Python that has pip will do for "sound".
            module.PYTHON.symlink_to(os.path.realpath(sys.executable))
            return 0
        module.LOG.write_text(module.answer)
        return bool(module.answer)

    monkeypatch.setattr(module, "run", run)
    monkeypatch.setattr(module, "sound", lambda: module.PYTHON.exists() and not module.UNFINISHED.exists())
    return module


def test_installed_once(install, capsys):
    assert install.main("requirements.txt") == 0
    assert install.main("requirements.txt") == 0
    assert install.ran == ["venv", "pip"]
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_changed_list_is_installed_over_the_old_one(install):
    install.main("requirements.txt")
    (install.ROOT / "requirements.txt").write_text("rien==2.0\n")
    assert install.main("requirements.txt") == 0
    assert install.ran == ["venv", "pip", "pip"]


def test_the_tests_list_holds_the_other(install):
    install.main("requirements-test.txt")
    assert install.main("requirements.txt") == 0
    assert install.ran == ["venv", "pip"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("NewConnectionError: Failed to establish a new connection", "réseau ne répond pas"),
        ("ERROR: hashes do not match", "palier-install.log"),
    ],
)
def test_what_was_cut_short_is_begun_again(install, capsys, answer, words):
    install.answer = answer
    assert install.main("requirements.txt") == 1
    said = capsys.readouterr().err
    assert words in said and len(said.splitlines()) == 1
    install.answer = ""
    assert install.main("requirements.txt") == 0
    assert install.ran == ["venv", "pip", "venv", "pip"]


def test_without_the_venv_module(install, monkeypatch, capsys):
    monkeypatch.setattr(install.importlib.util, "find_spec", lambda name: None)
    assert install.main("requirements.txt") == 1
    said = capsys.readouterr().err
    assert "-venv »" in said and len(said.splitlines()) == 1
    assert not install.VENV.exists()


def test_something_else_stands_where_venv_should(install):
    install.VENV.write_text("")
    assert install.main("requirements.txt") == 0


def test_the_lists_name_no_place_on_the_network():
    locks = [f"{folder}/package-lock.json" for folder in ("tests/browser", "tests/browser/lighthouse")]
    for name in ("requirements.txt", "requirements-test.txt", *locks):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert '"resolved"' not in text
    locked = {
        name: {line.split(" ")[0] for line in (ROOT / name).read_text().splitlines() if "==" in line}
        for name in ("requirements.txt", "requirements-test.txt")
    }
    assert locked["requirements.txt"] <= locked["requirements-test.txt"]


@pytest.mark.parametrize(("here", "new"), [((), "nginx caddy"), (("nginx",), "caddy"), (("nginx", "caddy"), "")])
def test_the_tests_let_no_new_service_start_and_leave_old_ones_alone(tmp_path, here, new):
    programs, said = tmp_path / "programs", tmp_path / "said"
    programs.mkdir()
    for name in ("id", "apt-get", "systemctl", "python", *here):
        script = {"id": "echo 0", "python": "exit 1"}.get(name, f'echo {name} "$@" >>{said}')
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    (programs / "sh").symlink_to(shutil.which("sh"))
    script = f'. {ROOT}/bin/tools.sh; PYTHON=python; need_proxies; echo "$PROXIES"'
    ran = subprocess.run(["sh", "-c", script], env={"PATH": str(programs)}, capture_output=True, text=True)
    assert ran.stdout.splitlines()[-1] == "no" and ran.stderr == ""
    done = [line.replace("--quiet ", "") for line in said.read_text().splitlines() if "update" not in line]
    mask, unmask, disable = ([f"systemctl {verb} {new}"] if new else [] for verb in ("mask", "unmask", "disable"))
    assert [*mask, "apt-get", *unmask, *disable] == [line.split(" -qq")[0] for line in done]


@pytest.fixture
def site(install, tmp_path):
    """Two packages as pip leaves them, and a list that wants them and a third on some machines."""
    folder = tmp_path / "site"
    for name, about in (("rien", "rien-1.0"), ("un_peu", "Un_Peu-2.0")):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text("rien = 0\n")
        (folder / f"{about}.dist-info").mkdir()
        record = (
            f"{name}/__init__.py,sha256=x,9\n{name}/x.pyc,,\n../../bin/{name},sha256=y,3\n{about}.dist-info/RECORD,,\n"
        )
        (folder / f"{about}.dist-info" / "RECORD").write_text(record)
    (tmp_path / "list.txt").write_text(
        "rien==1.0 \\\n  --hash=x\nun-peu==2.0\nailleurs==3.0 ; sys_platform == 'else'\n"
    )
    return folder, lambda: install.broken(tmp_path / "list.txt", folder)


def test_what_is_whole_is_left_alone(site):
    assert site[1]() == {}


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda folder: shutil.rmtree(folder / "rien"), "rien"),
        (lambda folder: (folder / "un_peu" / "__init__.py").unlink(), "un-peu"),
        (lambda folder: (folder / "rien" / "__init__.py").write_text("rie"), "rien"),
        (lambda folder: shutil.rmtree(folder / "Un_Peu-2.0.dist-info"), "un-peu"),
        (lambda folder: (folder / "rien-1.0.dist-info").rename(folder / "rien-0.9.dist-info"), "rien"),
        (lambda folder: (folder / "rien-1.0.dist-info" / "RECORD").unlink(), "rien"),
    ],
)
def test_a_package_that_was_removed_in_whole_or_in_part_is_found(site, spoil, found):
    spoil(site[0])
    assert list(site[1]()) == [found]


def test_a_package_that_is_gone_is_put_back(install, site, capsys):
    assert install.main("requirements.txt") == 0
    shutil.rmtree(site[0] / "rien")
    install.gone = site[1]()
    capsys.readouterr()
    assert install.main("requirements.txt") == 0
    assert install.ran == ["venv", "pip", "pip"]
    assert "Il manque dans .venv : rien. Palier le remet" in capsys.readouterr().out
    # Else pip would think it is there.
    assert not (site[0] / "rien-1.0.dist-info").exists()


def test_whoever_waits_reads_what_is_being_installed(tmp_path, capsys):
    spec = importlib.util.spec_from_file_location("install", ROOT / "bin" / "install.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.LOG = tmp_path / "log"
    lines = (
        "Collecting un==1 (from x)",
        "  Downloading un.whl",
        "Collecting deux==2",
        "Installing collected packages: un",
    )
    said = "".join(f"{line}\n" for line in lines)
    assert module.run([sys.executable, "-c", f"print({said!r}, end=''); raise SystemExit(3)"]) == 3
    assert capsys.readouterr().out == "  1 : un\n  installation…\n"
    assert module.LOG.read_text() == said


def test_the_help_names_the_command_that_was_typed(machine, tmp_path):
    answer = subprocess.run(
        [ROOT / "bin" / "run", "--help"], capture_output=True, text=True, timeout=60, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    assert answer.stdout.startswith(f"Utilisation : {ROOT / 'bin' / 'run'} [-h]")
    answer = palier("run", "--prot", "1", PALIER_TYPED="bin/run")
    assert "« bin/run --help »" in answer.stderr
    assert palier("--help").stdout.startswith("Utilisation : python -m server")
