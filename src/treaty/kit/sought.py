"""What fits a text among the rows of a list: few are asked for by id, many are met while the list's order is walked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.lookups import Lookup

from treaty.kit import sql
from treaty.kit.counting import Count, Number, counting, number_known
from treaty.kit.keyset import Mark, Order, Slice, field_of, mark_of, slice_of
from treaty.kit.rows import of_ids

Row = TypeVar("Row", bound=Model)

WALKED = 10_000
"""Rows of a list's order that are asked one by one for a page, before all that fit are gathered and sorted."""


@dataclass(frozen=True)
class Fitting:
    """The rows that fit: the first by their ids, and where there are more, two conditions that find all."""

    known: Sequence[int]
    among: Q | None = None
    """All that fit, as a set that is read once; None where `known` holds them all."""
    each: "Combinable | Lookup[Any] | None" = None
    """The same, asked of one row after the other."""

    def number(self, rows: "QuerySet[Row]", page: Slice[Row]) -> Number:
        """How many of some rows fit, as far as is known, and whether there may be more; `page` is shown of them."""
        if not (page.before or page.after):
            return number_known(Count(len(page.rows), more=False))
        question = counting(of_ids(rows, self.known))

        def count() -> Count:
            ((found,),) = sql.ask(*question)
            return Count(max(found, len(page.rows)), self.among is not None)

        return Number(cache(count), [question])

    def narrow(self, rows: "QuerySet[Row]") -> "QuerySet[Row]":
        """The rows that fit."""
        return of_ids(rows, self.known) if self.among is None else rows.filter(self.among)

    def plain(self, rows: "QuerySet[Row]") -> "QuerySet[Row]":
        """The same by conditions alone, which may stand within another question."""
        return rows.filter(pk__in=list(self.known)) if self.among is None else rows.filter(self.among)

    def page(self, rows: "QuerySet[Row]", order: Order, query: Mapping[str, Any], size: int) -> Slice[Row]:
        """One page of the rows that fit, as `slice_of` gives it."""
        walked = self._walked(rows, order, query, size) if self.each is not None else None
        return walked or slice_of(self.narrow(rows), order, query, size)

    def _walked(
        self, rows: "QuerySet[Row]", order: Order, query: Mapping[str, Any], size: int
    ) -> Slice[Row] | None:
        """The page, if so many fit among the next rows of the order; None if one must look further."""
        of = field_of(rows.model, order.field)
        before, after = mark_of(query.get("before", ""), of), mark_of(query.get("after", ""), of)
        backwards, mark = bool(before), before or after
        behind: QuerySet[Row] = rows.model._default_manager.all()
        if mark:
            behind = order.behind(behind, mark, backwards=backwards)
        ends = order.sorted(behind, backwards=backwards).values_list(order.field, "pk")[WALKED : WALKED + 1]
        near = rows.filter(self.each)
        for value, identity in ends:
            near = order.behind(near, Mark(value, identity), backwards=not backwards)
        found = slice_of(near, order, query, size)
        is_whole = not ends or (found.before if backwards else found.after)
        return found if is_whole else None
