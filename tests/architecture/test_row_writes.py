"""Rows are written in commands, projections and migrations only.

What counts as a write, seen without types: `save` always; `create` and `delete` without positional arguments;
`update` with keywords only (a dict's or a set's takes a positional one; write `|=` for the rest); the ORM's
bulk verbs and `executemany` always; each of them in its asynchronous form; and every string that holds a writing
SQL statement, also one put together of pieces: by f-string, `+`, `%` or `join`.
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
OPERATIONS = {"kit/online.py"}
"""What holds operations of migrations; to call the one that writes rows, `Fill`, counts as a write."""
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
    "executescript",
    "_raw_delete",
    "Fill",
}
WITHOUT_POSITIONAL = {"create", "delete", "update"}
GAP = "\0"
"""What stands in a text for a piece that is known only when it runs."""
NAME = r"(ONLY\s+)?[^\s,]+"
WRITING = (
    rf"(INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+(OR\s+\w+\s+)?{NAME}(\s+(AS\s+)?\w+)?\s+SET|DELETE\s+FROM"
    r"|REPLACE\s+INTO|TRUNCATE\s+\S+|MERGE\s+INTO|COPY\s+\S+(\s*\([^)]*\))?\s+FROM)(?!\w)"
)
COMMENT = r"(\s|--[^\n]*\n|/\*.*?\*/)*"
STATEMENT = re.compile(rf"(\A|[;{GAP}]){COMMENT}{WRITING}", re.IGNORECASE | re.DOTALL)
WITH = re.compile(
    rf"(\A|[;{GAP}]){COMMENT}WITH\s+(RECURSIVE\s+)?\S+(\s*\([^)]*\))?\s+AS\s+((NOT\s+)?MATERIALIZED\s+)?\(.*\b{WRITING}",
    re.IGNORECASE | re.DOTALL,
)


def writes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of each expression that writes rows."""
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and is_statement(text := told(node)):
            yield node.lineno, text.strip().split("\n")[0].replace(GAP, "…")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name) and is_write(node):
            yield node.lineno, ast.unparse(node.func)


def is_statement(text: str) -> bool:
    """Whether a text holds SQL that writes, at its beginning, after another statement, or under a WITH."""
    return bool(STATEMENT.search(text) or WITH.search(text))


def told(node: ast.expr) -> str:
    """The text an expression makes, as far as it can be read here, with gaps; empty for what makes none."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=pieces):
            return "".join(told(piece) or GAP for piece in pieces)
        case ast.BinOp(left=left, op=ast.Add(), right=right) if told(left) or told(right):
            return (told(left) or GAP) + (told(right) or GAP)
        case ast.BinOp(left=left, op=ast.Mod()):
            return told(left)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(between)), attr="join"), args=[of]):
            return between.join(told(piece) or GAP for piece in getattr(of, "elts", ()))
    return ""


def is_write(call: ast.Call) -> bool:
    """Whether a call of this name, with these arguments, writes rows."""
    whole = ast.unparse(call.func)
    verb = whole.rpartition(".")[2]
    if {verb, verb.removeprefix("a")} & ALWAYS:
        return not whole.startswith("super()")
    return (
        "." in whole
        and verb.removeprefix("a") in WITHOUT_POSITIONAL
        and not call.args
        and (verb != "update" or bool(call.keywords))
    )


def may_write(path: Path) -> bool:
    """Whether the module is one of those that hold the verbs."""
    inside = path.relative_to(sources.TREATY)
    return str(inside) in PENS | OPERATIONS | ASIDE or bool(WRITERS & set(inside.parts))


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
        "online.Fill('person', assign='name = 1', where='true')",
        "await person.asave()",
        "sql.write_rows('people_person', columns, rows)",
        "write_rows('people_person', columns, rows)",
        "sql.update_rows('people_person', columns, rows)",
        "await Person.objects.acreate(name='Pia')",
        "await Person.objects.filter(pk=1).aupdate(name='Pia')",
        "await Person.objects.filter(pk=1).aupdate(**values)",
        "await person.adelete()",
        "await Person.objects.abulk_create(rows)",
        "await Person.objects.abulk_update(rows, ['name'])",
        "await Person.objects.aget_or_create(name='Pia')",
        "await Person.objects.aupdate_or_create(name='Pia')",
        "Person.objects.all()._raw_delete('default')",
        "connection.executescript(sql)",
        "cursor.execute(f'UPDATE {table} SET name = 1')",
        "cursor.execute(f'UPDATE {table} AS one SET name = 1')",
        "cursor.execute(f'update or ignore {table} set name = 1')",
        "cursor.execute(f'INSERT INTO {table} VALUES (1)')",
        "cursor.execute(f'TRUNCATE {table}')",
        "cursor.execute(f'{before} UPDATE {table} SET name = 1')",
        "cursor.execute('UPDATE ' + table + ' SET name = 1')",
        "cursor.execute('DELETE ' + 'FROM ' + table)",
        "cursor.execute('DELETE ' + f'FROM {table}')",
        "cursor.execute('UPDATE %s SET name = 1' % table)",
        "cursor.execute('UPDATE {} SET name = 1'.format(table))",
        "cursor.execute(' '.join(['UPDATE', table, 'SET name = 1']))",
        "cursor.execute('WITH old AS (SELECT 1) DELETE FROM people_person')",
        "cursor.execute('WITH old AS MATERIALIZED (SELECT 1)\\nUPDATE people_person SET name = 1')",
        "cursor.execute('with recursive old (id) as (select 1) insert into people_person select id from old')",
        "cursor.execute(f'WITH {name} AS (SELECT 1) DELETE FROM {table}')",
        "cursor.execute('WITH gone AS (DELETE FROM people_person RETURNING id) SELECT id FROM gone')",
        "cursor.execute('SELECT 1; DELETE FROM people_person')",
        "cursor.execute('-- tidy up\\nDELETE FROM people_person')",
        "cursor.copy('COPY people_person (id) FROM STDIN')",
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
        "f'Update {name}, then set a date'",
        "'WITH old AS (SELECT 1) SELECT id FROM old'",
        "'With each of them as (well as) possible, rows are taken from the lake'",
        "'SELECT id FROM people_person FOR UPDATE SKIP LOCKED'",
        "'1' + str(total)",
        "', '.join(names)",
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
