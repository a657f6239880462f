"""Compiled templates kept beside Python's own: never another text than the template's, and never in the way."""

import sys

import pytest
from jinja2 import DictLoader, Environment, nodes
from jinja2.compiler import CodeGenerator

from server.views.web import compiled_templates
from server.views.web.page import VIEWS, environment

pytestmark = pytest.mark.one_engine


def rendered(folder, template: str) -> str:
    """What a new process would show of this template."""
    cache = compiled_templates.kept_code(folder)
    env = Environment(loader=DictLoader({"a.html": template}), bytecode_cache=cache)
    return env.get_template("a.html").render()


@pytest.fixture
def compiled(monkeypatch) -> list[str]:
    """The templates that were compiled."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    seen, compile_it = [], CodeGenerator.visit_Template
    monkeypatch.setattr(CodeGenerator, "visit_Template", lambda *args: (seen.append(args), compile_it(*args))[1])
    return seen


def test_a_template_is_compiled_once_and_again_when_it_changes(tmp_path, compiled):
    folder = tmp_path / "kept"
    assert [rendered(folder, "un"), rendered(folder, "un"), rendered(folder, "deux")] == ["un", "un", "deux"]
    assert len(compiled) == 2


@pytest.mark.parametrize("name", environment("fr").list_templates(filter_func=lambda name: name.endswith(".html")))
def test_nothing_is_worked_out_while_compiling_that_a_filter_decides(name):
    env = environment("fr")
    tree = env.parse((VIEWS / name).read_text(), name)
    for one in tree.find_all((nodes.Filter, nodes.Call, nodes.Test)):
        with pytest.raises(nodes.Impossible):
            one.as_const(nodes.EvalContext(env, name))


def test_a_damaged_file_and_a_folder_that_may_not_be_written_to_are_no_fault(tmp_path, compiled, monkeypatch):
    folder = tmp_path / "kept"
    assert rendered(folder, "un") == "un"
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:-20])
    assert rendered(folder, "un") == "un"
    taken = tmp_path / "taken"
    taken.write_text("a file")
    assert rendered(taken, "un") == "un"
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert compiled_templates.kept_code(tmp_path / "none") is None and not (tmp_path / "none").exists()
