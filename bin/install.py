"""Make or mend ``.venv`` and install one locked list into it: ``install.py requirements.txt``.

Called by ``bin/python.sh``, with the system's Python, only when there is something to do.
Whatever was cut short leaves a mark behind, and is thrown away and begun again.
"""

import fcntl
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from whole import broken

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / "palier-unfinished"
LOG = VENV / "palier-install.log"

WITHOUT_VENV = (
    "Il manque à Python le module « venv » : tapez « sudo apt install python{0}-venv » (sur Debian ou Ubuntu),"
    " puis relancez cette commande."
)
WITHOUT_NETWORK = (
    "Les bibliothèques de Palier n’ont pas pu être téléchargées, car le réseau ne répond pas :"
    " vérifiez la connexion, puis relancez cette commande."
)
WITHOUT_LIBRARY = (
    "Une bibliothèque de Palier n’a pas pu être installée : le détail est dans « .venv/palier-install.log » ;"
    " « rm -rf .venv », puis la même commande, recommence à zéro."
)
WITHOUT_PLACE = "Le dossier « {} » n’a pas pu être préparé ({}) : libérez de la place ou donnez-vous-en les droits."
# What pip says when nothing answers, and when a proxy or a firewall says no.
NETWORK_WORDS = ("connection", "timed out", "name resolution", "network", "could not fetch url", "proxy", "ssl")


def main(name: str) -> int:
    """Install the list; 0 when it is there."""
    # The folder itself is the lock: two starts at once wait for each other, and it frees
    # itself when a process dies.
    folder = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        return install(ROOT / name, VENV / f"palier-{name}")
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(WITHOUT_PLACE.format(VENV, error.strerror or error), file=sys.stderr)
        return 1
    finally:
        os.close(folder)


def install(wanted: Path, stamp: Path) -> int:
    """Bring ``.venv`` to this list, then write the stamp."""
    is_sound = sound()
    gone = missing(wanted) if is_sound and stamp.exists() and stamp.read_bytes() == wanted.read_bytes() else None
    if gone == {}:
        return 0
    if not is_sound:
        if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
            print(WITHOUT_VENV.format("{}.{}".format(*sys.version_info[:2])), file=sys.stderr)
            return 1
        print("Première mise en route : Palier installe ses bibliothèques dans .venv (une à deux minutes)…", flush=True)
        remove(VENV)
        VENV.mkdir()
        UNFINISHED.touch()
        if run([sys.executable, "-m", "venv", str(VENV)]):
            print(WITHOUT_LIBRARY, file=sys.stderr)
            return 1
    elif gone:
        print(f"Il manque dans .venv : {', '.join(sorted(gone))}. Palier le remet…", flush=True)
        UNFINISHED.touch()
        # Without its papers pip takes what is left of a package for nothing, and installs it.
        for about in filter(None, gone.values()):
            remove(about)
    else:
        print("Palier met ses bibliothèques à jour dans .venv…", flush=True)
        UNFINISHED.touch()
    for old in VENV.glob("palier-requirements*"):
        old.unlink()
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    if run([*pip, "--retries", "2", "--require-hashes", "-r", str(wanted)]):
        said = LOG.read_text(errors="replace").lower()
        print(WITHOUT_NETWORK if any(word in said for word in NETWORK_WORDS) else WITHOUT_LIBRARY, file=sys.stderr)
        return 1
    # The list of the tests holds all of the other one, at the same versions.
    for name in {wanted.name, "requirements.txt"}:
        shutil.copyfile(ROOT / name, VENV / f"palier-{name}")
    UNFINISHED.unlink()
    return 0


def sound() -> bool:
    """Whether ``.venv`` is whole and its Python is still the one it was made for."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    check = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([PYTHON, "-c", check], capture_output=True).returncode == 0


def missing(wanted: Path) -> dict[str, Path | None]:
    """The packages of the list that are not whole in ``.venv``, each with its papers if it has any."""
    place = subprocess.run(
        [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True
    )
    return broken(wanted, Path(place.stdout.strip()))


def run(command: list[str]) -> int:
    """Run; what it says goes to the log, and which package it is at to the person who waits. Give its exit code."""
    with LOG.open("w") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace",
        )  # fmt: skip
        at, shown = 0, False
        for line in process.stdout:
            log.write(line)
            collecting = re.match(r"Collecting ([^\s=<>!~;]+)", line)
            if collecting or line.startswith("Installing collected"):
                at += 1
                said = f"  {at} : {collecting[1]}" if collecting else "  installation…"
                # In place where somebody looks; elsewhere a line a while.
                if sys.stdout.isatty():
                    print(f"\r{said:<60}", end="", flush=True)
                    shown = True
                elif at % 10 == 1 or not collecting:
                    print(said, flush=True)
        if shown:
            print(flush=True)
        return process.wait()


def remove(path: Path) -> None:
    """Remove a folder, or whatever else stands there."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
