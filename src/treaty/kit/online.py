"""Operations for migrations of big tables: while one runs, whoever writes waits a moment at most (decision 0033).

A migration that uses them says `atomic = False`. Each may run again: it leaves what is done, and begins anew what is half
done. Nobody goes back by them; that is what a backup is for.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import NotSupportedError, OperationalError, connection, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState, StateApps
from django.db.models.expressions import Value

from treaty.kit import sql

Model = type[models.Model]

PATIENCE = "2s"
"""So long a statement waits for a table of PostgreSQL: whoever comes after it waits behind it."""
TRIES, PAUSE = 60, 3.0
"""How often a migration that found a table in use is tried again, and the seconds in which all others have their turn."""
BATCH_SECONDS = 0.25
"""So long one batch of a `Fill` may hold its rows, and on SQLite everybody who writes."""
FEWEST, MOST = 100, 50_000
"""Rows of one batch."""
SHORT = "500ms"
"""So long a batch waits for a row: less than the second after which PostgreSQL ends one of two who wait for each other."""
CHECKED = ("PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField", "JSONField")
"""Fields whose column brings a condition with it, for which every row is read."""


class Busy(Exception):
    """A table was in use all the time; the text says what to do."""


def patiently(work: Callable[[], object]) -> None:
    """Does work that changes tables, so that nobody waits behind it for long: it gives up after PATIENCE and comes again.

    Raises Busy where that was in vain. What was done stays done: migrations know what they did.
    """
    for _ in range(TRIES):
        try:
            with waiting(PATIENCE):
                work()
        except OperationalError as error:
            if not held(error):
                raise
        else:
            return
        time.sleep(PAUSE)
    raise Busy(
        "Somebody held a table for minutes, so the upgrade is not done; what was done stays. `SELECT pid, xact_start, query"
        " FROM pg_stat_activity ORDER BY xact_start` names who. Run the command again when that has ended."
    )


def held(error: OperationalError) -> bool:
    """Whether a statement gave up because somebody else holds what it wanted."""
    return isinstance(error.__cause__, psycopg.errors.LockNotAvailable)


@contextmanager
def waiting(limit: str) -> Iterator[None]:
    """Within it, statements of this connection wait so long for a lock of PostgreSQL ("0": as long as it takes)."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [limit])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [before])


class _Online(Operation):
    """What all have in common: they stand outside of transactions, and lead one way."""

    atomic = False
    reversible = False
    model_name: str

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Carried out on the model as it stands afterwards. Raises NotSupportedError within a transaction."""
        if schema_editor.connection.in_atomic_block:
            raise NotSupportedError("A migration of a big table says `atomic = False`.")
        apps: StateApps = to_state.apps
        self.carry_out(apps.get_model(app_label, self.model_name), schema_editor)

    def carry_out(self, model: Model, editor: BaseDatabaseSchemaEditor) -> None:
        """Brings the table to where the model is; nothing where it is there already."""
        raise NotImplementedError


class AddColumn(_Online, migrations.AddField):
    """A column that no row need be written for: empty, or with a constant that the database itself knows."""

    def __init__(
        self, model_name: str, name: str, field: "models.Field[Any, Any]", preserve_default: bool = True
    ) -> None:
        if reason := unfit(field):
            raise ValueError(f"{model_name}.{name}: {reason}")
        super().__init__(model_name, name, field, preserve_default)

    def carry_out(self, model: Model, editor: BaseDatabaseSchemaEditor) -> None:
        """Past SQLite's editor of Django, which writes a table anew for a column that is not null; SQLite need not."""
        field: Any = model._meta.get_field(self.name)
        if field.column not in columns(model):
            BaseDatabaseSchemaEditor.add_field(editor, model, field)


def unfit(field: "models.Field[Any, Any]") -> str:
    """Why a column would have rows written, read or looked after; empty where it would not."""
    other = field.remote_field
    if field.many_to_many or field.primary_key or getattr(field, "generated", False):
        return "not a plain column"
    if field.unique or getattr(field, "db_index", False):
        return "its index is an AddIndex of its own: say db_index=False"
    if other and getattr(field, "db_constraint", False):
        return "a link of a big table is held by commands (decision 0023): say db_constraint=False"
    if field.get_internal_type() in CHECKED:
        return "its condition would be tried on every row"
    if field.has_db_default():
        known = isinstance(field._db_default_expression, Value)  # type: ignore[attr-defined]
        return "" if known else "its db_default is no constant"
    if field.null and not field.has_default():
        return ""
    return "say null=True, or a constant as db_default: who runs the version before writes rows without it"


def columns(model: Model) -> set[str]:
    """The columns that a model's table has."""
    with connection.cursor() as cursor:
        told = connection.introspection.get_table_description(cursor, model._meta.db_table)
    return {column.name for column in told}


class AddIndex(_Online, migrations.AddIndex):
    """An index that is built while others write; on SQLite at once, after the table was read into memory."""

    def carry_out(self, model: Model, editor: BaseDatabaseSchemaEditor) -> None:
        """Nothing where it is there and whole."""
        statement: Any = self.index.create_sql(model, editor)
        build(editor, model, self.index.name, str(statement))


class AddUnique(_Online, migrations.AddConstraint):
    """A rule that rows differ: with a condition or expressions, which both engines keep as an index."""

    def __init__(self, model_name: str, constraint: models.UniqueConstraint) -> None:
        if not (constraint.condition or constraint.expressions):
            raise ValueError(
                f"{constraint.name}: give it a condition, or expressions, so that it is an index"
            )
        super().__init__(model_name, constraint)

    def carry_out(self, model: Model, editor: BaseDatabaseSchemaEditor) -> None:
        """Nothing where it is there and whole."""
        statement: Any = self.constraint.create_sql(model, editor)
        build(editor, model, self.constraint.name, str(statement))


def build(editor: BaseDatabaseSchemaEditor, model: Model, name: str, statement: str) -> None:
    """Build an index, unless it is there and whole; a broken one that an earlier try left goes first."""
    if is_whole(name):
        return
    quoted = editor.quote_name(name)
    if connection.vendor != "postgresql":
        read_through(model)
        editor.execute(statement, None)
        return
    with waiting("0"):  # for those at work to end; nobody waits behind it
        editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {quoted}", None)
        editor.execute(statement.replace(" INDEX ", " INDEX CONCURRENTLY ", 1), None)


def is_whole(name: str) -> bool:
    """Whether there is an index of this name that was built to its end."""
    if connection.vendor == "postgresql":
        question = "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(quote_ident(%s)) AND indisvalid"
    else:
        question = "SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = %s"
    return bool(sql.ask(question, [name], often=False))


def read_through(model: Model) -> None:
    """Has the machine keep a table of SQLite in memory, as far as it fits: the disk is waited for before others wait."""
    table = connection.ops.quote_name(model._meta.db_table)
    sql.ask(f"SELECT count(*) FROM {table} NOT INDEXED WHERE rowid IS NULL OR rowid + 0 < 0", often=False)


class RemoveIndex(_Online, migrations.RemoveIndex):
    """An index taken away without having others wait."""

    def carry_out(self, model: Model, editor: BaseDatabaseSchemaEditor) -> None:
        """Nothing where it is gone."""
        how = "CONCURRENTLY IF EXISTS" if connection.vendor == "postgresql" else "IF EXISTS"
        with waiting("0"):
            editor.execute(f"DROP INDEX {how} {editor.quote_name(self.name)}", None)


class Fill(_Online):
    """Writes columns of the rows that are there, some at a time, each time in a transaction of its own.

    Fill("person", assign="rank = 0", where="rank IS NULL"): what is written no longer fits `where`, so that a second run goes
    on where a first was stopped.
    """

    reduces_to_sql = False

    def __init__(self, model_name: str, *, assign: str, where: str) -> None:
        self.model_name, self.assign, self.where = model_name, assign, where

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """No field changes."""

    def describe(self) -> str:
        """What it does, in one line."""
        return f"Fill {self.model_name}: {self.assign}"

    def carry_out(self, model: Model, editor: BaseDatabaseSchemaEditor) -> None:
        """In the order of the key; after each batch all others have as long a turn."""
        names = connection.ops.quote_name
        table, key = names(model._meta.db_table), names(str(model._meta.pk.column))
        assign, where = (text.replace("%", "%%") for text in (self.assign, self.where))
        statement = f"UPDATE {table} SET {assign} WHERE {key} > %s AND {key} <= %s AND ({where})"
        done, rows = 0, FEWEST
        [(last,)] = sql.ask(f"SELECT COALESCE(max({key}), 0) FROM {table}", often=False)
        while done < last:
            took = batch(statement, [done, done + rows])
            done += rows
            rows = max(FEWEST, min(MOST, 2 * rows, int(rows * BATCH_SECONDS / took)))
            time.sleep(took)


def batch(statement: str, values: list[int]) -> float:
    """Writes one batch, and again where somebody else held one of its rows; the seconds that it held them itself."""
    for _ in range(TRIES):
        try:
            with waiting(SHORT), transaction.atomic():
                began = time.perf_counter()
                sql.tell(statement, values, often=False)
            return time.perf_counter() - began
        except OperationalError as error:
            if not held(error):
                raise
        time.sleep(PAUSE)
    raise Busy("Somebody held rows of a table for minutes. Run the command again when that has ended.")
