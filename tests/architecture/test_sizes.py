"""A function past 40 lines fails, a file past 400 fails; sizes.toml keeps exceptions: numbers fall, none is added."""

import ast
import itertools
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import sources

FUNCTION, FILE = 40, 400
RATCHET = Path(__file__).with_name("sizes.toml")
WRITTEN = {".py", ".html", ".css", ".js", ".txt"}

Sizes = dict[str, int]


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Name and lines of each function, without its decorators."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def measured() -> dict[str, Sizes]:
    """What is too long today, in the form of sizes.toml."""
    found: dict[str, Sizes] = {"files": {}, "functions": {}}
    for path in sources.committed():
        if path.suffix not in WRITTEN or "migrations" in path.parts or "static" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if (lines := text.count("\n")) > FILE:
            found["files"][sources.name(path)] = lines
        if path.suffix == ".py":
            long = {
                f"{sources.name(path)}::{name}": size for name, size in functions(text) if size > FUNCTION
            }
            found["functions"] |= long
    return found


def test_nothing_is_too_long_but_what_the_ratchet_keeps() -> None:
    assert measured() == tomllib.loads(RATCHET.read_text(encoding="utf-8"))


def test_the_numbers_of_the_ratchet_only_fall_and_none_is_added() -> None:
    versions = [tomllib.loads(text) for text in history(RATCHET)] + [
        tomllib.loads(RATCHET.read_text(encoding="utf-8"))
    ]
    assert risen(versions) == []


def history(path: Path) -> Iterator[str]:
    """The committed versions of a file, oldest first, as far as this clone reaches back."""
    git = ["git", "-C", str(sources.ROOT)]
    log = [*git, "log", "--reverse", "--format=%H", "--", sources.name(path)]
    for commit in subprocess.run(log, capture_output=True, text=True, check=True).stdout.split():
        show = [*git, "show", f"{commit}:{sources.name(path)}"]
        yield subprocess.run(show, capture_output=True, text=True, check=True).stdout


def risen(versions: list[dict[str, Sizes]]) -> list[str]:
    """The entries that grew from one version to a later one, or were not in the earlier one: those grew from 0."""
    pairs = itertools.pairwise(versions)
    return [
        f"{name}: {earlier.get(kind, {}).get(name, 0)} -> {size}"
        for earlier, later in pairs
        for kind, sizes in later.items()
        for name, size in sizes.items()
        if size > earlier.get(kind, {}).get(name, 0)
    ]


def test_a_planted_giant_is_found() -> None:
    giant = "def giant():\n" + "    x = 1\n" * 40
    assert dict(functions(giant)) == {"giant": 41}


def test_a_planted_rise_is_found() -> None:
    assert risen([{"files": {"a.py": 500}}, {"files": {"a.py": 501}}]) == ["a.py: 500 -> 501"]
    assert risen([{"files": {"a.py": 500}}, {"files": {"a.py": 450}}]) == []
    assert risen([{"files": {"a.py": 450}}, {"files": {}}]) == []


@pytest.mark.parametrize("before", [{"files": {"b.py": 500}}, {"files": {}, "functions": {}}, {}])
def test_a_planted_exception_is_found(before: dict[str, Sizes]) -> None:
    assert risen([before, {**before, "functions": {"a.py::giant": 41}}]) == ["a.py::giant: 0 -> 41"]
