"""A route loads and authorises, calls one verb, and says where to go: no view asks the database itself."""

import ast
from pathlib import Path

import pytest

from server.base.settings import ROOT

pytestmark = pytest.mark.one_engine

VIEWS = sorted((ROOT / "server" / "views").rglob("*.py"))
# What asks the database, or begins a transaction, and what Piccolo's tables do it with.
ASKS = {"query", "execute", "read_now", "transaction"}
PICCOLO = {"select", "objects", "insert", "update", "delete", "raw", "exists"}


def asks(tree: ast.AST) -> list[int]:
    """The lines where a module asks the database."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "server.base.database":
            found += [node.lineno for name in node.names if name.name in ASKS]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in PICCOLO:
            table = node.func.value
            # A table is a class: Member.select(), Member.objects().
            if isinstance(table, ast.Name) and table.id[:1].isupper():
                found.append(node.lineno)
    return found


@pytest.mark.parametrize("file", VIEWS, ids=lambda file: str(file.relative_to(ROOT / "server" / "views")))
def test_no_view_asks_the_database(file: Path):
    assert asks(ast.parse(file.read_text())) == []


def test_the_test_sees_one_that_does():
    text = "from server.base.database import transaction\nasync def show():\n    await Post.select(Post.id)\n"
    assert asks(ast.parse(text)) == [1, 3]
