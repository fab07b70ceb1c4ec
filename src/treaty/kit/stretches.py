"""Orders that no index holds as a whole: stretches one behind the other, each walked along an index of its own. Rows of one
stage behind those of another; rows by the name of the record that they belong to; rows that say nothing last.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Q, QuerySet

from treaty.kit.keyset import Mark, Order, Part, RowCompare, Slice, field_of, mark_of, value_of
from treaty.kit.rows import of_ids

FEW = 1_000
"""Rows of a list up to which they are asked for by their ids; more are met soon along the indexes."""

Place = tuple[str, Any]
"""The key of a stretch, and a row in it."""


def near(rows: "QuerySet[Any]", condition: Q | None = None) -> "QuerySet[Any]":
    """The rows of a list, or those of which something holds; few by their ids, for along the indexes they are met late."""
    some = rows if condition is None else rows.filter(condition)
    ids = list(some.order_by().values_list("pk", flat=True)[: FEW + 1])
    return of_ids(rows, ids) if len(ids) <= FEW else rows


@dataclass(frozen=True)
class Stretch:
    """Rows that have one value in a field, or None, or all for which a condition holds; `key` stands in addresses."""

    key: str
    condition: Q
    order: Order
    begins_low: bool = False
    """Whether the condition is but where the order begins: behind a mark, upwards, it would be in the way of the index."""
    may_be_few: Q | None = None
    """What holds of its rows and is quickly asked, where they may lie far from each other along the order."""

    def rows(self, rows: "QuerySet[Any]", mark: str, limit: int, *, backwards: bool = False) -> list[Any]:
        """The next rows behind a mark, or those before it, the nearest first."""
        known = mark_of(mark, field_of(rows.model, self.order.field))
        if self.may_be_few is not None:
            rows = near(rows, self.may_be_few)
        is_upward = self.order.is_descending is backwards
        part = rows if known and self.begins_low and is_upward else rows.filter(self.condition)
        if known:
            part = self.order.behind(part, known, backwards=backwards)
        return list(self.order.sorted(part, backwards=backwards)[:limit])

    def mark(self, row: Any) -> str:
        """A row's place as an address carries it."""
        return f"{self.key}.{Mark(value_of(row, self.order.field), row.pk).text()}"


@dataclass(frozen=True)
class Along(Order):
    """An order by a field that all rows have of which it is asked, also one of a record they belong to, such as
    `company__folded`: walked along the index of the field, and from each record along the index of its rows.
    """

    def sorted(self, rows: "QuerySet[Any]", *, backwards: bool = False) -> "QuerySet[Any]":
        """The rows in this order, or in its reverse."""
        descending = self.is_descending is not backwards
        by = F(self.field).desc() if descending else F(self.field).asc()
        return rows.order_by(by, "-pk" if descending else "pk")

    def behind(self, rows: "QuerySet[Any]", mark: Mark, *, backwards: bool = False) -> "QuerySet[Any]":
        """The rows behind a mark in this order, or those before it: the first condition is where to begin."""
        descending = self.is_descending is not backwards
        begin = {f"{self.field}__{'lte' if descending else 'gte'}": mark.value}
        of = field_of(rows.model, self.field)
        return rows.filter(RowCompare(self.field, mark, of, descending=descending), **begin)


NEWEST = Order("id", is_descending=True)


@dataclass(frozen=True)
class Stretches:
    """Stretches one behind the other; each row is in one of them. Which there are is asked when a page is."""

    made: Callable[[], Sequence[Stretch]]

    def page(self, rows: "QuerySet[Any]", query: Mapping[str, Any], size: int) -> Slice[Any]:
        """The page that `after` or `before` of a query asks for; the first one without them or with nonsense in them."""
        parts, some = list(self.made()), near(rows)
        before, after = (_place(parts, str(query.get(name, ""))) for name in ("before", "after"))
        if before:
            found = _found(parts[: before[0] + 1][::-1], some, before[1], size + 1, backwards=True)
            page = found[:size][::-1]
            return _slice(parts, page, has_before=len(found) > size, has_after=bool(page))
        begin, mark = after or (0, "")
        found = _found(parts[begin:], some, mark, size + 1)
        return _slice(parts, found[:size], has_before=bool(after and found), has_after=len(found) > size)

    def walk(self, rows: "QuerySet[Any]") -> Iterator[Any]:
        """All rows in this order, read as they are asked for."""
        for part in self.made():
            yield from part.order.walk(rows.filter(part.condition))

    def first(self, parts: Sequence[Part], size: int) -> list[list[int]]:
        """The ids of the first rows of each part, stretch by stretch until all have as many as are wanted."""
        found: list[list[int]] = [[] for _part in parts]
        for stretch in self.made():
            lacking = [place for place, ids in enumerate(found) if len(ids) < size]
            if not lacking:
                break
            asked = [_within(parts[place], stretch.condition) for place in lacking]
            for place, ids in zip(lacking, stretch.order.first(asked, size), strict=True):
                found[place] = [*found[place], *ids][:size]
        return found


def filled(field: str, *, is_descending: bool, nothing: Any = None) -> Stretches:
    """The order by a field along an index of it and the id; rows without a value, or with `nothing`, last."""
    lacks, says = Q(**{f"{field}__isnull": True}), Q(**{f"{field}__isnull": False})
    if nothing is not None:
        lacks, says = Q(**{field: nothing}), Q(**{f"{field}__gt": nothing})
    parts = [
        Stretch("said", says, Along(field, is_descending), begins_low=True),
        Stretch("none", lacks, NEWEST),
    ]
    return Stretches(lambda: parts)


def ranked(
    field: str,
    values: Callable[[], Sequence[Any]],
    within: Order,
    *,
    is_descending: bool,
    has_none: bool = False,
) -> Stretches:
    """The order by where the value of a field stands among `values`, and of one value as `within` says."""

    def made() -> Sequence[Stretch]:
        known = list(values())
        parts = [
            Stretch(f"is-{value}", Q(**{field: value}), within)
            for value in (known[::-1] if is_descending else known)
        ]
        none = [Stretch("none", Q(**{f"{field}__isnull": True}), within)] if has_none else []
        return [*parts, *none]

    return Stretches(made)


def named(path: str, field: str, *, is_descending: bool) -> Stretches:
    """The order by the name of the record that `path` leads to, which lies in its `field`; rows without one last."""
    name = f"{path}__{field}"
    there = Q(**{f"{path}__isnull": False})
    belongs = Q(**{f"{name}__gte": ""})  # says that there is one, so that the way may begin at the records
    order = Along(name, is_descending)
    parts = [
        Stretch("said", belongs, order, begins_low=True, may_be_few=there),
        Stretch("none", Q(**{f"{path}__isnull": True}), NEWEST),
    ]
    return Stretches(lambda: parts)


def _found(
    parts: Sequence[Stretch], rows: "QuerySet[Any]", mark: str, limit: int, *, backwards: bool = False
) -> list[Place]:
    """The next rows behind a mark in the first of some stretches, and on through the others."""
    found: list[Place] = []
    for number, part in enumerate(parts):
        if len(found) >= limit:
            break
        next_ones = part.rows(rows, "" if number else mark, limit - len(found), backwards=backwards)
        found += [(part.key, row) for row in next_ones]
    return found


def _place(parts: Sequence[Stretch], text: str) -> tuple[int, str] | None:
    """Where among the stretches a mark lies, and the mark within; None for nonsense."""
    key, _dot, mark = text.rpartition(".")
    return next(((number, mark) for number, part in enumerate(parts) if key == part.key), None)


def _slice(
    parts: Sequence[Stretch], page: Sequence[Place], *, has_before: bool, has_after: bool
) -> Slice[Any]:
    if not page:
        return Slice([])
    known = {part.key: part for part in parts}
    (begins, first), (ends, last) = page[0], page[-1]
    return Slice(
        [row for _key, row in page],
        known[begins].mark(first) if has_before else "",
        known[ends].mark(last) if has_after else "",
    )


def _within(part: Part, condition: Q) -> Part:
    """Those of a part for which a condition holds, too."""

    def ids() -> "QuerySet[Any, Any]":
        among: QuerySet[Any] = part.rows.model._default_manager.filter(condition, pk__in=part.ids())
        return among.order_by().values(one=F("pk"))

    return replace(part, rows=part.rows.filter(condition), ids=ids)
