"""Rows that the ORM reads by a long list of ids: one parameter, where `__in` would have one for each."""

from collections.abc import Collection
from typing import TypeVar

from django.db.models import Model, QuerySet

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
