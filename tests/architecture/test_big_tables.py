"""A migration of a big table goes by the operations of treaty.kit.online: no other lets people work meanwhile."""

import inspect
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from treaty.kit import online

BIG = tomllib.loads(Path(__file__).with_name("big_tables.toml").read_text(encoding="utf-8"))
ONLINE = (online.AddColumn, online.AddIndex, online.AddUnique, online.RemoveIndex, online.Fill)
WORDS_ONLY = (migrations.AlterModelOptions, migrations.AlterModelManagers)
"""What changes no table."""


def objections(migration: migrations.Migration, state: ProjectState) -> Iterator[str]:
    """What a migration would do to big tables while others wait; `state` is the one before it."""
    for operation in migration.operations:
        for one in parts(operation):
            yield from (f"{migration}: {reason}" for reason in against(one, migration, state))
        operation.state_forwards(migration.app_label, state)


def parts(operation: Operation) -> list[Operation]:
    """What an operation does to the database."""
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return [one for inner in operation.database_operations for one in parts(inner)]
    return [operation]


def against(operation: Operation, migration: migrations.Migration, state: ProjectState) -> Iterator[str]:
    """Why an operation may not be."""
    if isinstance(operation, migrations.RunPython | migrations.RunSQL):
        yield from (
            f"{table} is named: write it by Fill, or not at all" for table in named(spoken(operation))
        )
        return
    table = table_of(operation, migration.app_label, state)
    if table not in BIG["tables"] or isinstance(operation, WORDS_ONLY):
        return
    if isinstance(operation, migrations.AlterField) and is_words(operation, migration.app_label, state):
        return
    if not isinstance(operation, ONLINE):
        yield f"{type(operation).__name__} of {table}: take an operation of treaty.kit.online"
        return
    if migration.atomic:
        yield f"{table}: say `atomic = False`"
    if table in BIG["longest"] and isinstance(operation, online.AddIndex | online.AddUnique):
        yield f"{table}: {BIG['longest'][table]} for an index"
    if table in BIG["append_only"] and isinstance(operation, online.Fill):
        yield f"{table}: its rows stay as they are"


def table_of(operation: Any, label: str, state: ProjectState) -> str:
    """The table that an operation is about, as it is called before it; empty for a new one."""
    name = getattr(operation, "model_name", None) or getattr(operation, "old_name", None) or operation.name
    model = state.models.get((label, str(name).lower()))
    return (model.options.get("db_table") or f"{label}_{model.name_lower}") if model else ""


def spoken(operation: migrations.RunPython | migrations.RunSQL) -> str:
    """The text in which tables may be named: the statements, or the whole file of the function."""
    if isinstance(operation, migrations.RunSQL):
        return str(operation.sql)
    return inspect.getsource(inspect.getmodule(operation.code) or operation.code)


def named(text: str) -> list[str]:
    """The big tables that a text names, by their own names or as models."""
    found = []
    for table in BIG["tables"]:
        noun, name = table.split("_", 1)
        model = (
            rf"get_model\(\s*['\"]({noun})['\"],\s*['\"]{name}['\"]|get_model\(\s*['\"]{noun}\.{name}['\"]"
        )
        if re.search(rf"\b{table}\b|{model}", text, re.IGNORECASE):
            found.append(table)
    return found


def is_words(operation: migrations.AlterField, label: str, state: ProjectState) -> bool:
    """Whether a changed field leaves its column as it is."""
    after = state.clone()
    operation.state_forwards(label, after)
    old, new = (
        one.apps.get_model(label, operation.model_name)._meta.get_field(operation.name)
        for one in (state, after)
    )
    editor: Any = connection.schema_editor()
    return not editor._field_should_be_altered(old, new)


def test_new_migrations_leave_people_at_work_alone() -> None:
    loader = MigrationLoader(None)
    new = [
        migration
        for (label, name), migration in sorted(loader.disk_migrations.items())
        if apps.get_app_config(label).name.startswith("treaty.") and name > BIG["before"].get(label, "")
    ]
    found = [
        reason
        for migration in new
        for reason in objections(
            migration, loader.project_state((migration.app_label, migration.name), at_end=False)
        )
    ]
    assert found == []


def test_every_big_table_is_one_of_ours() -> None:
    ours = {model._meta.db_table for model in apps.get_models()}
    assert {*BIG["tables"], *BIG["longest"], *BIG["append_only"]} <= ours


@pytest.fixture(scope="module")
def state() -> ProjectState:
    """Everything as it stands today."""
    return MigrationLoader(None).project_state()


def empty_score(_apps: Any, editor: Any) -> None:
    editor.execute("UPDATE scoring_score SET points = 0")


NUMBER = models.IntegerField(null=True)
INDEX = models.Index(fields=["known_at"], name="planted")
SOME = models.Index(fields=["known_at"], name="planted", condition=models.Q(by__isnull=False))


@pytest.mark.parametrize(
    ("label", "operation", "why"),
    [
        ("people", migrations.AddField("person", "rank", NUMBER), "AddField of people_person"),
        ("people", migrations.AlterField("person", "title", NUMBER), "AlterField of people_person"),
        ("people", migrations.RemoveField("person", "title"), "RemoveField of people_person"),
        ("people", migrations.RenameField("person", "title", "rank"), "RenameField of people_person"),
        ("people", migrations.RenameModel("Person", "Human"), "RenameModel of people_person"),
        ("people", migrations.DeleteModel("PersonTag"), "DeleteModel of people_persontag"),
        ("ledger", migrations.AddIndex("touchpoint", INDEX), "AddIndex of ledger_touchpoint"),
        ("ledger", migrations.RunSQL("CREATE INDEX a ON ledger_touchpoint (by)"), "is named"),
        ("ledger", migrations.RunSQL([("DELETE FROM people_person", None)]), "people_person is named"),
        ("scoring", migrations.RunPython(empty_score), "scoring_score is named"),
        ("ledger", online.AddIndex("touchpoint", INDEX), "for an index"),
        ("ledger", online.AddIndex("touchpoint", SOME), "for an index"),
        ("ledger", online.Fill("touchpoint", assign="batch = 0", where="batch IS NULL"), "stay as they are"),
        (
            "people",
            migrations.SeparateDatabaseAndState([migrations.RemoveField("person", "title")]),
            "RemoveField of people_person",
        ),
    ],
)
def test_a_planted_migration_that_has_others_wait_is_found(
    state: ProjectState, label: str, operation: Operation, why: str
) -> None:
    found = list(objections(planted(label, operation), state.clone()))
    assert len(found) >= 1
    assert why in " ".join(found)


@pytest.mark.parametrize(
    ("label", "operation"),
    [
        ("people", online.AddColumn("person", "rank", NUMBER)),
        ("people", online.Fill("person", assign="title = ''", where="title IS NULL")),
        ("people", migrations.AlterModelOptions("person", {"verbose_name": "somebody"})),
        ("people", migrations.AddField("tag", "rank", NUMBER)),
        ("people", migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True))])),
        ("people", online.AddIndex("person", models.Index(fields=["title"], name="planted"))),
        ("staff", migrations.RunSQL("UPDATE staff_role SET name = name")),
    ],
)
def test_what_has_nobody_wait_is_let_through(state: ProjectState, label: str, operation: Operation) -> None:
    assert list(objections(planted(label, operation), state.clone())) == []


def test_an_operation_for_big_tables_stands_outside_of_transactions(state: ProjectState) -> None:
    migration = planted("people", online.AddColumn("person", "rank", NUMBER))
    migration.atomic = True
    assert "atomic = False" in " ".join(objections(migration, state.clone()))


def planted(label: str, operation: Operation) -> Any:
    """A migration that does one thing."""
    migration: Any = migrations.Migration("0999_planted", label)
    migration.operations, migration.atomic = [operation], False
    return migration
