"""The few places where SQL differs between SQLite and PostgreSQL, so that nobody else needs to ask which it is."""

import json
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection


@cache
def is_postgresql() -> bool:
    """Whether the installation's database is PostgreSQL; asked for every row of a bulk, the same all its life."""
    return connection.vendor == "postgresql"


def one_of(column: str) -> str:
    """A condition that `column` (an integer) is one of a list given as ONE parameter made by `listed`.

    One parameter, however long the list: SQLite allows 32,766 parameters, PostgreSQL 65,535.
    """
    if is_postgresql():
        return f"{column} = ANY(%s::bigint[])"
    return f"{column} IN (SELECT value FROM json_each(%s))"


def one_of_texts(column: str) -> str:
    """As `one_of`, for a column of text."""
    if is_postgresql():
        return f"{column} = ANY(%s::text[])"
    return f"{column} IN (SELECT value FROM json_each(%s))"


def listed(values: Collection[int] | Collection[str]) -> Any:  # drivers name no type for parameters
    """The one parameter that `one_of` and `one_of_texts` take."""
    return list(values) if is_postgresql() else json.dumps(list(values))


def stamp(at: datetime) -> Any:
    """A moment as a parameter of raw SQL, exactly as the ORM would write it."""
    if is_postgresql():
        return at
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(" ")[: -len("+00:00")]


def moment(value: object) -> datetime:
    """A moment read by raw SQL, in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)


def write_rows(
    table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]], *, tail: str = ""
) -> int:
    """Insert many rows at once; `tail` may hold an ON CONFLICT clause, which PostgreSQL serves by way of staging.

    How many were written or updated. executemany on SQLite, COPY on PostgreSQL: docs/decisions/0003 holds the figures.
    """
    if not is_postgresql():
        places = ", ".join(["%s"] * len(columns))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places}) {tail}", list(rows)
            )
            return max(int(cursor.rowcount), 0)
    if not tail:
        return _copy(table, columns, rows)
    staging = f"staging_{table}"
    listing = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {staging} ON COMMIT DROP AS SELECT {listing} FROM {table} LIMIT 0")
        _copy(staging, columns, rows)
        cursor.execute(f"INSERT INTO {table} ({listing}) SELECT {listing} FROM {staging} {tail}")
        written = int(cursor.rowcount)
        cursor.execute(f"DROP TABLE {staging}")
    return written


def _copy(table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> int:
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return int(cursor.rowcount)


def new_ids(table: str, number: int) -> list[int]:
    """Ids for rows that this transaction is about to insert, ascending; nobody else gets them."""
    if not number:
        return []
    with connection.cursor() as cursor:
        if is_postgresql():
            # The name apart: behind nextval it would be looked up for every row.
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            name = cursor.fetchone()[0]
            cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [name, number])
            return sorted(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
    first = (last[0] if last else 0) + 1
    return list(range(first, first + number))
