"""How many rows a list has, counted no further than one wants to know, and not before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from treaty.kit import sql
from treaty.kit.together import Question

COUNTED = 10_000
"""Rows counted at most; beyond it a page says "10,000+"."""


@dataclass(frozen=True)
class Count:
    """How many rows there are; `more` where nobody counted further."""

    number: int
    more: bool


@dataclass(frozen=True)
class Number:
    """How many rows there will turn out to be."""

    count: Callable[[], Count]
    asks: Sequence[Question] = ()
    """What is asked to count them, where a database may answer it before."""


def counted(rows: "QuerySet[Any]", limit: int = COUNTED) -> Count:
    """How many rows there are, counting no further than the limit."""
    return _count(_first(rows, limit).count(), limit)


def number_known(count: Count) -> Number:
    """A number that was counted along with something else."""
    return Number(lambda: count)


def number_of(rows: "QuerySet[Any]") -> Number:
    """The number of some rows, counted once, when it is asked for."""
    question = _plain(rows)
    if question is None:
        return Number(cache(lambda: counted(rows)))
    return Number(cache(lambda: _count(sql.ask(*question)[0][0])), [question])


def _plain(rows: "QuerySet[Any]") -> Question | None:
    """What counts some rows, if it has no values: with some another plan may be better than with others."""
    try:
        statement, values = _counting(_first(rows, COUNTED))
    except EmptyResultSet:
        return None
    return None if values else (statement, ())


def counting(rows: "QuerySet[Any]") -> Question:
    """What counts some rows. Raises EmptyResultSet where there can be none."""
    return _counting(rows.order_by().values("pk"))


def _counting(ids: "QuerySet[Any, Any]") -> Question:
    statement, values = ids.query.sql_with_params()
    return f"SELECT COUNT(*) FROM ({statement}) found", values


def _first(rows: "QuerySet[Any]", limit: int) -> "QuerySet[Any, Any]":
    return rows.order_by().values("pk")[: limit + 1]


def _count(number: int, limit: int = COUNTED) -> Count:
    return Count(min(number, limit), number > limit)
