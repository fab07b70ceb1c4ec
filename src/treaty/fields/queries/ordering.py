"""Lists in the order of a field of one's own: walked along the index of its values, then along the rows without one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from treaty.fields.models import Value
from treaty.fields.rules import Kind
from treaty.kit import sql
from treaty.kit.keyset import Mark, Part, Slice, field_of, first_of, mark_of, unindexed

COLUMNS = {
    Kind.TEXT: "folded",
    Kind.NUMBER: "number",
    Kind.MONEY: "whole",
    Kind.DATE: "day",
    Kind.CHOICE: "whole",
}
"""By what each kind stands in order: choices as they were added, amounts as they are, whatever their currency."""
FEW = 1_000
"""Rows of a list up to which their values are asked for by their ids; more are met soon along the index."""
PORTION = 1_000
"""Rows of a file that are read together."""

Place = tuple[Any, int]
"""The value of a row, None where it has none, and its id."""


@dataclass(frozen=True)
class ValueOrder:
    """The order by what a field holds, ties by id in the same direction; rows without a value come last."""

    field: int
    column: str
    is_descending: bool = False

    def page(self, rows: "QuerySet[Any]", query: Mapping[str, Any], size: int) -> Slice[Any]:
        """The page that `after` or `before` of a query asks for; the first one without them or with nonsense in them."""
        before, after = self._mark(query, "before"), self._mark(query, "after")
        if before:
            found = self._places(rows, before, size + 1, backwards=True)
            page = found[:size][::-1]
            return _slice(rows, page, has_before=len(found) > size, has_after=bool(page))
        found = self._places(rows, after, size + 1)
        return _slice(rows, found[:size], has_before=bool(after and found), has_after=len(found) > size)

    def walk(self, rows: "QuerySet[Any]") -> Iterator[Any]:
        """All rows in this order, portion by portion."""
        mark: Mark | None = None
        while places := self._places(rows, mark, PORTION):
            yield from _rows(rows, places)
            mark = Mark(*places[-1])

    def first(self, parts: Sequence[Part], size: int) -> list[list[int]]:
        """The ids of the first rows of each part: two questions, whatever number of parts."""
        is_down, way = self.is_descending, "-pk" if self.is_descending else "pk"
        held = first_of([self._first(part) for part in parts], size, is_descending=is_down)
        short = [place for place, ids in enumerate(held) if len(ids) < size]
        bare = [
            self._bare(parts[place].rows).order_by(way).values(one=F("pk"), worth=F("pk")) for place in short
        ]
        for place, ids in zip(short, first_of(bare, size, is_descending=is_down), strict=True):
            held[place] = [*held[place], *ids][:size]
        return held

    def _first(self, part: Part) -> "QuerySet[Any, Any]":
        """A part's values in order: along the index; of few rows those rows' own values, sorted."""
        values = Value.objects.filter(**{"field": self.field, f"{self.column}__isnull": False})
        by: F | Coalesce = F(self.column)
        if part.is_few:
            values, by = values.filter(record_id__in=part.ids()), unindexed(self.column)
        else:
            values = values.filter(Exists(part.rows.order_by().filter(pk=OuterRef("record_id"))))
        order = (by.desc(), "-record_id") if self.is_descending else (by.asc(), "record_id")
        return values.order_by(*order).values(one=F("record_id"), worth=F(self.column))

    def _mark(self, query: Mapping[str, Any], name: str) -> Mark | None:
        return mark_of(query.get(name, ""), field_of(Value, self.column))

    def _places(
        self, rows: "QuerySet[Any]", mark: Mark | None, limit: int, *, backwards: bool = False
    ) -> list[Place]:
        """The next places behind a mark: rows with a value, then those without; the other way round backwards."""
        is_down = self.is_descending is not backwards
        in_held = mark is None or mark.value is not None
        found: list[Place] = []
        if in_held or backwards:
            lacking_first = backwards and not in_held
            if lacking_first:
                found = self._lacking(rows, mark, is_down, limit)
            found += self._held(rows, mark if in_held else None, is_down, limit - len(found))
        if not backwards and len(found) < limit:
            found += self._lacking(rows, None if in_held else mark, is_down, limit - len(found))
        return found

    def _held(self, rows: "QuerySet[Any]", mark: Mark | None, is_down: bool, limit: int) -> list[Place]:
        """Places of rows with a value, along the index."""
        if limit <= 0:
            return []
        name, step = self.column, "lt" if is_down else "gt"
        values = self._among(rows).filter(**{f"{name}__isnull": False})
        if mark is not None:
            tie = Q(**{name: mark.value}) & Q(**{f"record_id__{step}": mark.id})
            behind = Q(**{f"{name}__{step}": mark.value}) | tie
            values = values.filter(behind, **{f"{name}__{step}e": mark.value})
        ordered = values.order_by(
            F(name).desc() if is_down else F(name).asc(), "-record_id" if is_down else "record_id"
        )
        return list(ordered.values_list(name, "record_id")[:limit])

    def _among(self, rows: "QuerySet[Any]") -> "QuerySet[Value]":
        """The field's values of some rows."""
        values = Value.objects.filter(field=self.field)
        ids = list(rows.order_by().values_list("pk", flat=True)[: FEW + 1])
        if len(ids) > FEW:
            return values.filter(Exists(rows.order_by().filter(pk=OuterRef("record_id"))))
        return values.extra(where=[sql.one_of("record_id")], params=[sql.listed(ids)])  # noqa: S610  ours

    def _bare(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Rows without a value."""
        return rows.filter(~Exists(Value.objects.filter(field=self.field, record_id=OuterRef("pk"))))

    def _lacking(self, rows: "QuerySet[Any]", mark: Mark | None, is_down: bool, limit: int) -> list[Place]:
        """Places of rows without a value."""
        found = self._bare(rows)
        if mark is not None:
            found = found.filter(**{"pk__lt" if is_down else "pk__gt": mark.id})
        ids = found.order_by("-pk" if is_down else "pk").values_list("pk", flat=True)
        return [(None, one) for one in ids[:limit]]


def _rows(rows: "QuerySet[Any]", places: Sequence[Place]) -> list[Any]:
    """The rows of some places, in their order."""
    known = {row.pk: row for row in rows.filter(pk__in=[one for _value, one in places]).order_by()}
    return [known[one] for _value, one in places if one in known]


def _slice(rows: "QuerySet[Any]", page: Sequence[Place], *, has_before: bool, has_after: bool) -> Slice[Any]:
    if not page:
        return Slice([])
    first, last = (Mark(*place).text() for place in (page[0], page[-1]))
    return Slice(_rows(rows, page), first if has_before else "", last if has_after else "")
