"""The few places where SQL differs between SQLite and PostgreSQL, so that nobody else needs to ask which it is."""

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import chain
from threading import local
from typing import Any

import msgspec
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, connections, transaction
from django.db.backends.utils import CursorWrapper

from treaty.kit.copying import copied
from treaty.kit.sqlite.base import in_qmarks

FEW = 50
"""Rows that one plain statement takes: less than the statements around a staging table or a COPY cost."""
VALUES_AT_ONCE = 400
"""Values that one statement of many takes on SQLite: of single rows the statements cost half as much again as the rows."""
ROWS_AT_ONCE = 40
"""Rows that it takes at least, however wide they are; never more than FEW."""


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


def each_of(column: str) -> str:
    """As `one_of`, for a key whose values are looked up one by one, whatever order the rows are wanted in.

    Of a list whose length it cannot see PostgreSQL thinks that it is short; else it reads an order from its beginning
    and hopes to meet the first of the list soon.
    """
    if is_postgresql():
        return f"{column} = ANY(ARRAY(SELECT unnest(%s::bigint[])))"
    return one_of(column)


def one_of_texts(column: str) -> str:
    """As `one_of`, for a column of text."""
    if is_postgresql():
        return f"{column} = ANY(%s::text[])"
    return f"{column} IN (SELECT value FROM json_each(%s))"


def said(column: str, key: str) -> str:
    """An expression: the text under a key of a JSON object that is kept as text; the key is ours."""
    return f"({column}::json ->> '{key}')" if is_postgresql() else f"json_extract({column}, '$.{key}')"


def gathered(column: str, rows: str) -> str:
    """An expression: a column of some rows (what follows FROM), sorted, as one value that `values_of` reads."""
    if is_postgresql():
        return f"ARRAY(SELECT {column} FROM {rows} ORDER BY {column})"
    return f"(SELECT json_group_array(value) FROM (SELECT {column} AS value FROM {rows} ORDER BY {column}))"


def values_of(read: Any) -> list[Any]:
    """The values that an expression of `gathered` read."""
    if isinstance(read, str):
        return [] if read == "[]" else _values(read)
    return list(read)


_values = msgspec.json.Decoder(list[Any]).decode
_list_in_words = msgspec.json.Encoder().encode


def listed(values: Collection[int] | Collection[str]) -> Any:  # drivers name no type for parameters
    """The one parameter that `one_of` and `one_of_texts` take.

    For PostgreSQL as the text of an array, which the driver need not put together value by value.
    """
    if not is_postgresql():
        return _list_in_words(list(values)).decode()
    return f"{{{','.join(_quoted(value) if isinstance(value, str) else str(value) for value in values)}}}"


def _quoted(text: str) -> str:
    """A text as an array's text holds it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def stamp(at: datetime) -> Any:
    """A moment as a parameter of raw SQL, exactly as the ORM would write it."""
    if is_postgresql():
        return at
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(" ")[: -len("+00:00")]


@lru_cache(maxsize=10_000)
def written(at: datetime) -> str:
    """A moment as text for a column of a row: of many rows at once, which share few moments, the quicker way."""
    return at.isoformat() if is_postgresql() else str(stamp(at))


def flag(value: bool) -> bool | int:
    """Yes or no as a value of a row: SQLite's driver takes half a microsecond to look whether a bool is a number."""
    return value if is_postgresql() else int(value)


def moment(value: object) -> datetime:
    """A moment read by raw SQL, in UTC."""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if at.tzinfo is UTC:
        return at
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def ask(statement: str, values: Sequence[Any] = (), *, often: bool = True) -> list[tuple[Any, ...]]:
    """The rows of a statement that is put again and again: PostgreSQL reads and plans it once a connection.

    Not where `often` is false: for a long list another plan may be better than for a short one.
    """
    if own := unwatched(often):
        try:
            if is_postgresql():
                return own.ask(statement, values)  # type: ignore[no-any-return]
            return own.connection.execute(in_qmarks(statement), values).fetchall()  # type: ignore[no-any-return]
        except own.Database.Error:
            with own.wrap_database_errors:
                raise
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def tell(statement: str, values: Sequence[Any], *, often: bool = True) -> int:
    """Put a statement that writes; how many rows it wrote. `often` as with `ask`."""
    own = unwatched(often or (is_postgresql() and _mine.own.hurries))
    if own and (own.in_atomic_block or is_postgresql()):  # others wait their turn
        try:
            if is_postgresql():
                return own.tell(statement, values, often=often)  # type: ignore[no-any-return]
            return int(own.connection.execute(in_qmarks(statement), values).rowcount)
        except own.Database.Error:
            with own.wrap_database_errors:
                raise
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


class _Mine(local):
    """Django's connection of this thread, looked up once: on the way through Django each look takes microseconds."""

    def __getattr__(self, name: str) -> Any:
        found = connections[DEFAULT_DB_ALIAS]
        setattr(self, name, found)
        return found


_mine = _Mine()


def unwatched(often: bool) -> Any:
    """Django's connection where nobody listens to what is asked; on the way through its cursors a short question takes
    twice its time."""
    own = _mine.own
    if is_postgresql():
        if not often:
            return None
        own.close_if_health_check_failed()
    is_watched = own.connection is None or own.execute_wrappers or own.needs_rollback or own.queries_logged
    return None if is_watched else own


@contextmanager
def at_once() -> Iterator[None]:
    """What is told within goes to PostgreSQL along with the next question, or with the end of the transaction, and so does
    its error. For statements of which nobody asks how many rows they wrote."""
    own = unwatched(often=True) if is_postgresql() else None
    if own is None:
        yield
        return
    with own.wrap_database_errors, own.in_a_hurry():
        yield


def write_rows(
    table: str,
    columns: tuple[str, ...],
    rows: Iterable[tuple[Any, ...]],
    *,
    tail: str = "",
    mostly_new: bool = False,
) -> int:
    """Insert many rows at once; `tail` may hold an ON CONFLICT clause, which PostgreSQL serves by way of staging.

    Where a conflict is a rare accident, `mostly_new` copies straight in first. How many were written or updated.
    executemany on SQLite, COPY on PostgreSQL: docs/decisions/0003 holds the figures.
    """
    known, listing = list(rows), ", ".join(columns)
    if not known:
        return 0
    if len(known) <= FEW:
        values = list(chain.from_iterable(known))
        statement = f"INSERT INTO {table} ({listing}) VALUES {places(known)} {tail}"
        return tell(statement, values, often=len(known) == 1)
    if not is_postgresql():
        return _insert(f"{table} ({listing})", known, tail)
    if not tail:
        return _copy(table, columns, known)
    if mostly_new and (written := copy_new(table, columns, known)) is not None:
        return written
    with _staged(table, columns, known) as (cursor, staging):
        cursor.execute(f"INSERT INTO {table} ({listing}) SELECT {listing} FROM {staging} {tail}")
        return int(cursor.rowcount)


def write_each(table: str, column: str, values: Collection[int], **others: Any) -> None:
    """Insert a row for each value of a column; in the `others` all rows have the same. For many without any list of rows."""
    columns = (column, *others)
    if len(values) <= FEW:
        write_rows(table, columns, ((value, *others.values()) for value in values))
        return
    each = "unnest(%s::bigint[]) AS each (value)" if is_postgresql() else "json_each(%s)"
    told = ", ".join(["value", *["%s"] * len(others)])
    with connection.cursor() as cursor:
        statement = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {told} FROM {each}"
        cursor.execute(statement, [*others.values(), listed(values)])


def update_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write columns of many rows by id; each row is the values in the columns' order, and its id at the end.

    An id comes once. Many go by way of staging: in an open savepoint SQLite's journal makes each single update slower
    than the one before.
    """
    known = list(rows)
    if len(known) > FEW:
        changes = ", ".join(f"{column} = staged.{column}" for column in columns)
        with _staged(table, (*columns, "id"), known) as (cursor, staging):
            cursor.execute(f"UPDATE {table} SET {changes} FROM {staging} staged WHERE {table}.id = staged.id")
    elif known:
        changes = ", ".join(f"{column} = %s" for column in columns)
        for row in known:
            tell(f"UPDATE {table} SET {changes} WHERE id = %s", row)


def places(rows: Sequence[Sequence[Any]]) -> str:
    """A placeholder for each value of each row, as VALUES takes them."""
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    return ", ".join([row] * len(rows))


@contextmanager
def _staged(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[tuple[CursorWrapper, str]]:
    """Rows copied into a table of this transaction that is like some columns of another: a cursor, and its name."""
    staging, listing = f"staging_{table}", ", ".join(columns)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {staging} AS SELECT {listing} FROM {table} LIMIT 0")
        if is_postgresql():
            _copy(staging, columns, rows)
        else:
            _insert(staging, list(rows))
        yield cursor, staging
        cursor.execute(f"DROP TABLE {staging}")


def _insert(target: str, rows: Sequence[Sequence[Any]], tail: str = "") -> int:
    """Insert rows on SQLite, many by each statement; how many were written or updated."""
    at_once = max(ROWS_AT_ONCE, VALUES_AT_ONCE // len(rows[0]))
    whole, written = len(rows) - len(rows) % at_once, 0
    with connection.cursor() as cursor:
        if whole:
            parts = (rows[start : start + at_once] for start in range(0, whole, at_once))
            statement = f"INSERT INTO {target} VALUES {places(rows[:at_once])} {tail}"
            cursor.executemany(statement, [list(chain.from_iterable(part)) for part in parts])
            written = max(int(cursor.rowcount), 0)
        if rest := rows[whole:]:
            values = list(chain.from_iterable(rest))
            cursor.execute(f"INSERT INTO {target} VALUES {places(rest)} {tail}", values)
            written += max(int(cursor.rowcount), 0)
    return written


def copy_new(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int | None:
    """Copy rows straight into a table of PostgreSQL; None, with nothing written, where one of them was there."""
    try:
        with transaction.atomic(), connection.wrap_database_errors:
            return _copy(table, columns, rows)
    except IntegrityError:
        return None


def _copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            copied(copy, rows)
        return int(cursor.rowcount)


PATIENCE = 40
"""How often one looks whether those who were writing are done; with PAUSE in between, two seconds in all."""
PAUSE = 0.05


def are_done(table: str) -> bool:
    """Whether all who were writing to a table when this was asked have ended, waiting for them a little.

    What was seen of the table before is then all there is below its highest id. SQLite has one writer at a time,
    so there nobody with a lower id can still be at work.
    """
    if not is_postgresql():
        return True
    at_work = _writers(table)
    for _ in range(PATIENCE):
        if not at_work:
            return True
        time.sleep(PAUSE)
        at_work &= _writers(table)
    return not at_work


def _writers(table: str) -> set[str]:
    """The transactions of others that have written to a table and have not ended, or are about to write."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND granted"
            " AND mode = 'RowExclusiveLock' AND relation = %s::regclass AND pid <> pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [table],
        )
        return {row[0] for row in cursor.fetchall()}


@contextmanager
def unmapped() -> Iterator[None]:
    """A stretch that writes so much that all of the database passes by: SQLite would keep it mapped into this process's
    memory, which is no quicker there."""
    if is_postgresql():
        yield
        return
    connection.ensure_connection()
    own: Any = connection.connection
    mapped = own.execute("PRAGMA mmap_size").fetchone() or (0,)
    own.execute("PRAGMA mmap_size = 0")
    try:
        yield
    finally:
        if connection.connection is own:
            own.execute(f"PRAGMA mmap_size = {mapped[0]}")


def new_ids(table: str, number: int) -> list[int]:
    """Ids for rows that this transaction is about to insert, ascending; nobody else gets them."""
    if not number:
        return []
    if is_postgresql():
        return sorted(new for (new,) in ask(*ids_asked(table, number)))
    last = ask("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
    first = (last[0][0] if last else 0) + 1
    return list(range(first, first + number))


def ids_asked(table: str, number: int) -> tuple[str, list[Any]]:
    """What `new_ids` asks on PostgreSQL."""
    return "SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [_sequence(table), number]


@cache
def _sequence(table: str) -> str:
    """The sequence of a table's ids on PostgreSQL; looking it up takes as long as a number from it."""
    [(name,)] = ask("SELECT pg_get_serial_sequence(%s, 'id')", [table], often=False)
    return str(name)
