"""Rows of the ORM by a long list of ids, one parameter where `__in` would have one for each; and by statements written out."""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import CharField, ForeignKey, IntegerField, Model, QuerySet, TextField
from django.db.models.base import ModelState
from django.db.models.expressions import RawSQL

from treaty.kit import sql

Row = TypeVar("Row", bound=Model)


def among(model: type[Row], column: str, values: Collection[int]) -> QuerySet[Row]:
    """The rows whose column, as the database calls it, is one of many integers."""
    where = sql.one_of(f"{model._meta.db_table}.{column}")
    return model._default_manager.extra(  # noqa: S610  the condition is ours, its values are parameters
        where=[where], params=[sql.listed(values)]
    )


def of_ids(rows: QuerySet[Row], ids: Collection[int]) -> QuerySet[Row]:
    """Those of some rows that have one of many ids, looked up by their key."""
    where = sql.each_of(f"{rows.model._meta.db_table}.id")
    return rows.extra(  # noqa: S610  the condition is ours, its values are parameters
        where=[where], params=[sql.listed(ids)]
    )


def fixed(rows: QuerySet[Row], ids: Collection[int]) -> QuerySet[Row]:
    """Those of some rows that have one of many ids, as a condition that may also stand within other questions."""
    read = "SELECT unnest(%s::bigint[])" if sql.is_postgresql() else "SELECT value FROM json_each(%s)"
    return rows.filter(pk__in=RawSQL(read, [sql.listed(ids)]))  # noqa: S611  its values are parameters


def united(what: str, sets: "Sequence[QuerySet[Any, Any]]", size: int, *, order: str = "") -> list[Any]:
    """Something of the first rows of several questions, asked in one; each line begins with the place of its question."""
    statements: list[str] = []
    values: list[Any] = []
    for place, rows in enumerate(sets):
        try:
            statement, told = rows[:size].query.sql_with_params()
        except EmptyResultSet:
            continue
        statements.append(f"SELECT {place}, {what} FROM ({statement}) part{place}")
        values += told
    if not statements:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(statements)}{f' ORDER BY {order}' if order else ''}", values)
        return list(cursor.fetchall())


PLAIN = (CharField, TextField, IntegerField, ForeignKey)
"""Fields that keep texts and whole numbers as they are."""


def _stored(field: Any, row: Model) -> Any:
    """What of a row goes into a field's column."""
    value = getattr(row, field.attname)
    if isinstance(field, PLAIN) and type(value) in {str, int, type(None)}:
        return value
    return field.get_db_prep_save(field.pre_save(row, True), connection)


class Writing(Generic[Row]):
    """Inserts rows of a model by a statement that is written out once: the other half of `Reading`."""

    def __init__(self, model: type[Row]) -> None:
        self.model = model

    def put_row(self, row: Row) -> None:
        """Insert one row of which nobody asks for its id."""
        sql.tell(self._statement, [_stored(field, row) for field in self._fields])

    def insert_row(self, row: Row, *, unless: str = "") -> int | None:
        """Insert one row; its id. `unless` is a unique column: where a row with its value is there, None.

        PostgreSQL waits for whoever is about to write that value; afterwards theirs can be read.
        """
        told = [_stored(field, row) for field in self._fields]
        tail = f" ON CONFLICT ({connection.ops.quote_name(unless)}) DO NOTHING" if unless else ""
        found = sql.ask(f"{self._statement}{tail} RETURNING id", told)
        return int(found[0][0]) if found else None

    @cached_property
    def _fields(self) -> list[Any]:
        return [field for field in self.model._meta.concrete_fields if not field.primary_key]

    @cached_property
    def _statement(self) -> str:
        columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in self._fields)
        return f"INSERT INTO {self.model._meta.db_table} ({columns}) VALUES {sql.places([self._fields])}"


class Reading(Generic[Row]):
    """Makes rows of a model from what a statement read that is written out.

    For what is asked at every call: the ORM composes its question anew each time, at ten times the cost of asking it.
    """

    def __init__(self, model: type[Row]) -> None:
        self.model = model
        self.names = [field.attname for field in model._meta.concrete_fields]
        self._listings: dict[str, str] = {}

    def columns(self, table: str) -> str:
        """All columns of the model, for the list behind SELECT; `table` is its name or its other name there."""
        if table not in self._listings:
            quote, fields = connection.ops.quote_name, self.model._meta.concrete_fields
            self._listings[table] = ", ".join(f"{table}.{quote(str(field.column))}" for field in fields)
        return self._listings[table]

    def row(self, values: Sequence[Any]) -> Row:
        """The row of these columns' values."""
        read = list(values)
        for place, expression, convert in self._converters:
            read[place] = convert(read[place], expression, connection)
        # As `from_db` does it, without the signals that nobody hears.
        row = self.model.__new__(self.model)
        row._state = ModelState()
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
        row.__dict__.update(zip(self.names, read, strict=True))
        return row

    def again(self, row: Row) -> Row:
        """The same row as an object of its own; what was read along with it is shared."""
        other = self.model.__new__(self.model)
        other.__dict__.update(row.__dict__)
        return other

    @cached_property
    def _converters(self) -> list[tuple[int, Any, Any]]:
        """What makes of a column's value what the model holds, as the ORM does it."""
        columns = [field.get_col(self.model._meta.db_table) for field in self.model._meta.concrete_fields]
        return [
            (place, column, convert)
            for place, column in enumerate(columns)
            for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection))
        ]
