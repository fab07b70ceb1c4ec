"""Where a compiled predicate runs: the installation's own database, on the connection and in the transaction at hand."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any, Protocol

import ibis
from django.db import connection
from ibis.backends.sql.compilers.postgres import PostgresCompiler
from ibis.backends.sql.compilers.sqlite import SQLiteCompiler

from treaty.kit import sql

Table = Any
"""A table of Ibis; its columns are named at run time, so no type says which."""

_number = count(1)


TOUCHES = {
    "kind": "string",
    "subject_kind": "string",
    "subject_id": "int64",
    "occurred_at": "instant",
    "payload": "string",
}
LINKS = {"identity_id": "int64", "person_id": "int64", "label": "string", "is_valid": "boolean"}


class Engine(Protocol):
    """What the compiler asks of a database."""

    def acts(self, kind: str) -> Table:
        """The touches of a kind: `subject_id`, `occurred_at`, and `payload`, one of those that `payloads` lists."""

    def payloads(self, kind: str) -> Sequence[tuple[Any, str]]:
        """The different payloads of a kind, each as `acts` holds it and as the ledger does."""

    def persons_of(self, acts: Table) -> Table:
        """`person_id` and `occurred_at` of some of the touches."""

    def members(self, segment: int) -> Table:
        """`person_id` of who is in a segment now."""

    def table(self, name: str, columns: Mapping[str, str]) -> Table:
        """A table that lies there; a column of type `instant` is of the type in which it keeps instants."""

    def instant(self, at: datetime) -> object:
        """An instant as such a column is compared with it."""

    def set_of(self, values: Collection[Any]) -> Table:
        """Values as a table of this engine with one column, `value`."""

    def kept(self, expression: Table) -> Table:
        """The rows of an expression as a table of this engine, so that what asks for them lies less deep."""

    def rows(self, expression: Table) -> Sequence[tuple[Any, ...]]:
        """The rows of an expression."""


class Installed:
    """The installation's own SQLite or PostgreSQL. Close it: its sets are temporary tables."""

    def __init__(self) -> None:
        self.sets: list[str] = []

    def __enter__(self) -> "Installed":
        return self

    def __exit__(self, *_: object) -> None:
        for name in self.sets:
            _run(f"DROP TABLE {name}")

    def acts(self, kind: str) -> Table:
        """As they lie in the ledger."""
        touches = self.table("ledger_touchpoint", TOUCHES)
        return touches.filter(touches.kind == kind, touches.subject_kind == "identity")

    def payloads(self, kind: str) -> Sequence[tuple[Any, str]]:
        """As they lie there, too."""
        return [(payload, payload) for (payload,) in self.rows(self.acts(kind).select("payload").distinct())]

    def persons_of(self, acts: Table) -> Table:
        """By the links of identities."""
        links = self.table("people_personidentity", LINKS)
        about = acts.select("subject_id", "occurred_at")
        return about.join(links, about.subject_id == links.identity_id).select("person_id", "occurred_at")

    def members(self, segment: int) -> Table:
        """As they are written."""
        inside = self.table("segments_membership", {"segment_id": "int64", "person_id": "int64"})
        return inside.filter(inside.segment_id == segment).select("person_id")

    def table(self, name: str, columns: Mapping[str, str]) -> Table:
        """SQLite keeps instants as texts that sort as they pass."""
        kept = "timestamp('UTC')" if sql.is_postgresql() else "string"
        return ibis.table(
            {column: kept if kind == "instant" else kind for column, kind in columns.items()}, name=name
        )

    def instant(self, at: datetime) -> object:
        """As the ORM would write it."""
        if sql.is_postgresql():
            return ibis.literal(at, type="timestamp('UTC')")
        return str(sql.stamp(at))

    def set_of(self, values: Collection[Any]) -> Table:
        """A temporary table, made of one parameter however many values there are."""
        kind = {str: "string", float: "float64"}.get(type(next(iter(values))), "int64")
        name = f"set_{next(_number)}"
        source = "json_each(%s)"
        if sql.is_postgresql():
            array = {"string": "text[]", "float64": "double precision[]"}.get(kind, "bigint[]")
            source = f"unnest(%s::{array}) AS value"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE {name} AS SELECT value FROM {source}", [sql.listed(values)])
        self.sets.append(name)
        return ibis.table({"value": kind}, name=name)

    def kept(self, expression: Table) -> Table:
        """A temporary table."""
        name = f"set_{next(_number)}"
        _run(f"CREATE TEMP TABLE {name} AS {self.statement(expression)}")
        self.sets.append(name)
        return ibis.table(expression.schema(), name=name)

    def statement(self, expression: Table) -> str:
        """The SQL of an expression. Its columns are named: Ibis writes * where all are wanted that it was told of."""
        writer = _writer(postgresql=sql.is_postgresql())
        listing = ", ".join(expression.columns)
        return f"SELECT {listing} FROM ({writer.to_sqlglot(expression).sql(writer.dialect)}) AS found"

    def rows(self, expression: Table) -> Sequence[tuple[Any, ...]]:
        """All of them at once."""
        with connection.cursor() as cursor:
            cursor.execute(self.statement(expression))
            return list(cursor.fetchall())


@cache
def _writer(*, postgresql: bool) -> Any:
    return PostgresCompiler() if postgresql else SQLiteCompiler()


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
