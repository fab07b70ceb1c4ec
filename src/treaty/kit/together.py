"""Questions that PostgreSQL answers along with another: who waits for each answer by itself waits longer than it takes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from treaty.kit import sql

Question = tuple[str, Sequence[Any]]
"""A statement and its values."""


@contextmanager
def ahead(first: Question, others: Sequence[Question]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a statement; along with it PostgreSQL answers what `sql.ask` will be asked within, each of it once.

    For what nobody changes before it is asked. What had no rows is asked again.
    """
    own = sql.unwatched(often=True) if sql.is_postgresql() and others else None
    if own is None:
        yield sql.ask(*first)
        return
    with own.wrap_database_errors, own.connection.pipeline():
        put = [sql.put(own, *question) for question in (first, *others)]
        rows, *read = [cursor.fetchall() for cursor in put]
    keys = ((statement, tuple(values)) for statement, values in others)
    before, own.read_ahead = own.read_ahead, dict(zip(keys, read, strict=True))
    try:
        yield rows
    finally:
        own.read_ahead = before
