"""Names and openings: no drawer for everything, no import that hides in a function, a word on what a module is for."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import sources

DRAWERS = {"base", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
OTHERS_TEMPLATES = {"account", "allauth", "mfa", "usersessions"}
"""Folders whose file names a library chose."""
ENGINES = {"sqlite", "postgresql"}


def is_drawer(path: Path) -> bool:
    """Whether a part of the path names nothing but a place to put things."""
    # In Django's own language what every page extends is base.html, and an engine of the database lies in base.py.
    if (
        path.name == "base.html"
        or (path.name == "base.py" and path.parent.name in ENGINES)
        or OTHERS_TEMPLATES & set(path.parts)
    ):
        return False
    return any(DRAWERS & set(re.split(r"[_.-]", part)) for part in path.parts)


def test_no_file_is_a_drawer() -> None:
    house = [
        path.relative_to(sources.TREATY) for path in sources.committed() if sources.TREATY in path.parents
    ]
    assert [str(path) for path in house if is_drawer(path)] == []


@pytest.mark.parametrize(
    "path", ["people/utils.py", "kit/test_helpers.py", "deals/common.html", "common/x.py"]
)
def test_a_planted_drawer_is_found(path: str) -> None:
    assert is_drawer(Path(path))


def hidden_imports(tree: ast.AST) -> Iterator[str]:
    """Imports of Treaty's own modules inside functions."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom) and "treaty" in ast.unparse(node):
                    yield f"{node.lineno} {ast.unparse(node)}"


def test_no_import_hides_in_a_function() -> None:
    # Django forbids models before its applications are loaded, so apps.py connects the wiring when all is ready.
    modules = [(path, tree) for path, tree in sources.python() if path != sources.TREATY / "apps.py"]
    assert [f"{sources.name(path)}:{text}" for path, tree in modules for text in hidden_imports(tree)] == []


def test_a_planted_hidden_import_is_found() -> None:
    assert list(hidden_imports(ast.parse("def offer():\n    from treaty.deals import commands")))
    assert list(hidden_imports(ast.parse("from treaty.deals import commands"))) == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        sources.name(path)
        for path, tree in sources.python(tests=True)
        if tree.body and not ast.get_docstring(tree)
    ]
    assert silent == []


def test_every_public_fact_command_and_query_has_a_sentence() -> None:
    silent = [
        f"{sources.name(path)}:{node.lineno} {node.name}"
        for path, tree in sources.python()
        if {"facts.py", "commands.py", "commands", "queries.py", "queries", "rules.py", "rules"}
        & set(path.parts)
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []
