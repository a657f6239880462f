"""The map in CONTRIBUTING.md is the tree, module by module."""

import re

import pytest

from server.base.settings import ROOT

pytestmark = pytest.mark.one_engine

# Rooms whose files are all alike: a folder of routes, a chapter of the demonstration.
WITHOUT_MODULES = {"server/views", "server/demo"}
ROWS = re.findall(r"^\| `(server/[\w/]+?)/` \| (.+) \|$", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)
ROOMS = {room: set(re.findall(r"`(\w+)`", words)) for room, words in ROWS if room != "server/locale/en"}


def modules(room: str) -> set[str]:
    """The modules that lie in a room itself."""
    return {file.stem for file in (ROOT / room).glob("*.py")} - {"__init__"}


@pytest.mark.parametrize("room", sorted(ROOMS.keys() - WITHOUT_MODULES))
def test_the_map_names_every_module_of_a_room_and_no_other(room):
    assert ROOMS[room] == modules(room)


def test_every_folder_of_the_server_is_on_the_map():
    folders = {str(file.parent.relative_to(ROOT)) for file in (ROOT / "server").rglob("*.py")}
    screens = {folder for folder in folders if folder.startswith("server/views/")}
    shown = {room for room in ROOMS if room.startswith("server/views/")}
    # A room that holds nothing but other rooms is told by them.
    holders = {"server", "server/sending"}
    assert folders - holders - screens == ROOMS.keys() - shown and shown <= screens


def test_few_modules_lie_loose():
    assert modules("server") == {"__main__", "access", "app", "database", "piccolo_app", "piccolo_conf", "publishing"}


def test_no_test_module_imports_another():
    found = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "tests").rglob("test_*.py")
        if "node_modules" not in file.parts
        and re.search(r"^\s*(from|import) tests\.[\w.]*test_", file.read_text(), re.MULTILINE)
    }
    assert not found
