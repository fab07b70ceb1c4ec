"""Rows are written in commands, projections and migrations only.

What counts as a write, seen without types: `save` always; `create` and `delete` without positional arguments;
`update` with keywords only (a dict's or a set's takes a positional one; write `|=` for the rest); the ORM's
bulk verbs and `executemany` always; and every string that begins as a writing SQL statement.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import sources

WRITERS = {"commands", "commands.py", "projections", "projections.py", "migrations", "tests"}
PENS = {"kit/sql.py", "kit/rows.py"}
"""What knows how each engine takes rows; to call their `write_rows`, `write_each`, `update_rows` or `insert_row` counts as
a write."""
ASIDE = {"warehouse/reading.py"}
"""What fills DuckDB's tables in memory, and no row of the database."""
ALWAYS = {
    "write_rows",
    "write_each",
    "update_rows",
    "insert_row",
    "save",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "executemany",
}
WITHOUT_POSITIONAL = {"create", "delete", "update"}
SQL = re.compile(
    r"\s*(INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|REPLACE\s+INTO|TRUNCATE\s+\S+|MERGE\s+INTO)\b",
    re.IGNORECASE,
)


def writes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of each expression that writes rows."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            yield node.lineno, node.value.split("\n")[0]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name) and is_write(node):
            yield node.lineno, ast.unparse(node.func)


def is_write(call: ast.Call) -> bool:
    """Whether a call of this name, with these arguments, writes rows."""
    whole = ast.unparse(call.func)
    verb = whole.rpartition(".")[2]
    if verb.removeprefix("a") in ALWAYS or verb in ALWAYS:
        return not whole.startswith("super()")
    return (
        "." in whole
        and verb in WITHOUT_POSITIONAL
        and not call.args
        and (verb != "update" or bool(call.keywords))
    )


def may_write(path: Path) -> bool:
    """Whether the module is one of those that hold the verbs."""
    inside = path.relative_to(sources.TREATY)
    return str(inside) in PENS | ASIDE or bool(WRITERS & set(inside.parts))


def test_rows_are_written_by_verbs_only() -> None:
    found = [
        f"{sources.name(path)}:{line} {text}"
        for path, tree in sources.python()
        if not may_write(path)
        for line, text in writes(tree)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "Person.objects.create(name='Pia')",
        "person.save()",
        "person.save(update_fields=['name'])",
        "Person.objects.filter(pk=1).update(name='Pia')",
        "people.delete()",
        "Person.objects.bulk_create(rows)",
        "Person.objects.get_or_create(name='Pia')",
        "cursor.executemany(sql, rows)",
        "cursor.execute('INSERT INTO people_person VALUES (1)')",
        "SQL = '''\n  update people_person set name = 1'''",
        "await person.asave()",
        "sql.write_rows('people_person', columns, rows)",
        "write_rows('people_person', columns, rows)",
        "sql.update_rows('people_person', columns, rows)",
    ],
)
def test_a_planted_write_is_found(source: str) -> None:
    assert list(writes(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "seen.update(other)",
        "counts.update({'a': 1})",
        "digest.update(b'bytes')",
        "cache.delete('key')",
        "Person.objects.filter(pk=1)",
        "cursor.execute('SELECT 1')",
        "'Update the person'",
    ],
)
def test_reading_and_plain_containers_are_left_alone(source: str) -> None:
    assert list(writes(ast.parse(source))) == []


def hidden_writers(tree: ast.AST) -> Iterator[str]:
    """Signals, save() overrides and managers: places where a write would hide."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in {
            "django.dispatch",
            "django.db.models.signals",
        }:
            yield f"{node.lineno} signal: {ast.unparse(node)}"
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "asave"}:
            yield f"{node.lineno} def {node.name}"
        if isinstance(node, ast.ClassDef) and any("Manager" in ast.unparse(parent) for parent in node.bases):
            yield f"{node.lineno} class {node.name}"


def test_no_writer_hides_in_a_signal_an_override_or_a_manager() -> None:
    # Django asks for a manager that makes users; it is the one exception.
    allowed = {"staff/models.py"}
    found = [
        f"{sources.name(path)}:{text}"
        for path, tree in sources.python()
        if str(path.relative_to(sources.TREATY)) not in allowed
        for text in hidden_writers(tree)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "from django.db.models.signals import post_save",
        "class Person:\n    def save(self): ...",
        "class People(models.Manager): ...",
    ],
)
def test_a_planted_hidden_writer_is_found(source: str) -> None:
    assert list(hidden_writers(ast.parse(source)))
