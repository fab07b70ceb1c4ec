"""Questions that PostgreSQL answers along with another: who waits for each answer by itself waits longer than it takes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from treaty.kit import sql

Question = tuple[str, Sequence[Any]]
"""A statement and its values."""


@contextmanager
def along(questions: Sequence[Question]) -> Iterator[None]:
    """Along with the next question PostgreSQL answers what `sql.ask` will be asked within, each of it once.

    For what nobody changes before it is asked.
    """
    own = sql.unwatched(often=True) if sql.is_postgresql() and questions else None
    if own is None:
        yield
        return
    before, own.along, own.read_ahead = (own.along, own.read_ahead), questions, {}
    try:
        yield
    finally:
        own.along, own.read_ahead = before


@contextmanager
def ahead(first: Question, others: Sequence[Question]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a statement; the others are answered `along` with it."""
    with along(others):
        yield sql.ask(*first)


@contextmanager
def at_the_end(last: Callable[[], Sequence[Question]]) -> Iterator[None]:
    """Along with the end of each transaction within PostgreSQL answers what `sql.ask` will be asked behind it.

    What is read so is as the transaction leaves it.
    """
    own = sql.unwatched(often=True) if sql.is_postgresql() else None
    if own is None or own.in_atomic_block:  # its end lies outside
        yield
        return
    before, own.at_the_end, own.read_ahead = (own.at_the_end, own.read_ahead), last, {}
    try:
        yield
    finally:
        own.at_the_end, own.read_ahead = before
