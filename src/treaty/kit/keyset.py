"""Pages of an ordered list by the last row seen: as fast on the thousandth page as on the first, whatever changes."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Exists, F, Field, Func, Model, OuterRef, Q, QuerySet, Value
from django.db.models.constants import LOOKUP_SEP
from django.db.models.functions import Coalesce

from treaty.kit.composed import read
from treaty.kit.rows import united

Row = TypeVar("Row", bound=Model)
FEW = 1_000
"""Rows that are gathered and sorted; more lie so dense that an index in the order meets the first of them soon."""


@dataclass(frozen=True)
class Order:
    """An order by one field, ties by id in the same direction; rows without a value come last."""

    field: str
    is_descending: bool = False

    def _is_indexed(self, part: "Part") -> bool:
        """Whether an index holds the rows of each part in this order."""
        wanted = [part.path, self.field]
        return any(
            [name.removeprefix("-") for name in index.fields[:2]] == wanted
            for index in part.rows.model._meta.indexes
        )

    def sorted(self, rows: "QuerySet[Row]", *, backwards: bool = False) -> "QuerySet[Row]":
        """The rows in this order, or in its reverse."""
        descending = self.is_descending is not backwards
        expression = F(self.field)
        if not may_be_null(rows.model, self.field):
            first = expression.desc() if descending else expression.asc()
        elif descending:
            first = expression.desc(nulls_first=backwards or None, nulls_last=not backwards or None)
        else:
            first = expression.asc(nulls_first=backwards or None, nulls_last=not backwards or None)
        return rows.order_by(first, "-pk" if descending else "pk")

    def behind(self, rows: "QuerySet[Row]", mark: "Mark", *, backwards: bool = False) -> "QuerySet[Row]":
        """The rows behind a mark in this order, or those before it."""
        descending = self.is_descending is not backwards
        if not may_be_null(rows.model, self.field):
            return rows.filter(
                RowCompare(self.field, mark, field_of(rows.model, self.field), descending=descending)
            )
        step = "lt" if descending else "gt"
        null, tie = Q(**{f"{self.field}__isnull": True}), Q(**{f"pk__{step}": mark.id})
        if mark.value is None:
            return rows.filter((null & tie) | (~null if backwards else Q(pk__in=())))
        beyond = Q(**{f"{self.field}__{step}": mark.value}) | (Q(**{self.field: mark.value}) & tie)
        return rows.filter(beyond if backwards else beyond | null)

    def page(self, rows: "QuerySet[Row]", query: Mapping[str, Any], size: int) -> "Slice[Row]":
        """The page that `after` or `before` of a query asks for."""
        return slice_of(rows, self, query, size)

    def walk(self, rows: "QuerySet[Row]") -> "Iterator[Row]":
        """All rows in this order, read as they are asked for."""
        return self.sorted(rows).iterator(chunk_size=1000)

    def first(self, parts: "Sequence[Part]", size: int) -> list[list[int]]:
        """The ids of the first rows of each part, in one question."""
        asked = [self._first(part).values(one=F("pk"), worth=F(self.field)) for part in parts]
        return first_of(asked, size, is_descending=self.is_descending)

    def _first(self, part: "Part") -> "QuerySet[Any]":
        if not part.is_few:
            return self.sorted(part.each() if part.path and not self._is_indexed(part) else part.rows)
        rows: QuerySet[Any] = part.rows.model._default_manager.filter(pk__in=part.ids())
        by = unindexed(self.field)
        if self.is_descending:
            return rows.order_by(by.desc(nulls_last=True), "-pk")
        return rows.order_by(by.asc(nulls_last=True), "pk")


def first_of(
    asked: "Sequence[QuerySet[Any, Any]]", size: int, *, is_descending: bool = False
) -> list[list[int]]:
    """The first ids of several questions in order, each of which tells `one` and what it is `worth`."""
    way = "DESC" if is_descending else "ASC"
    found: list[list[int]] = [[] for _one in asked]
    for place, one, _worth in united("one, worth", asked, size, order=f"1, 3 {way} NULLS LAST, 2 {way}"):
        found[place].append(one)
    return found


@dataclass(frozen=True)
class Part:
    """Some rows of a list: as their order meets them one after the other, and as ids, named `one`, in no order."""

    rows: "QuerySet[Any]"
    ids: "Callable[[], QuerySet[Any, Any]]"
    path: str
    """The field of the rows that says who belongs to it, where one does."""
    is_few: bool
    """Whether they are gathered and sorted; else they lie so dense that the order meets the first of them soon."""

    def each(self) -> "QuerySet[Any]":
        """The same, asked of one row after the other: no index of what parts them leads away from their order."""
        everything: QuerySet[Any] = self.rows.model._default_manager.all()
        return everything.filter(Exists(self.rows.order_by().filter(pk=OuterRef("pk"))))


def unindexed(field: str) -> Coalesce:
    """A field as no index stands in order by it, so that a database sorts what it has instead of walking all there is."""
    return Coalesce(field, field)


class Ordering(Protocol):
    """How a list stands: an `Order` by a field of its rows, or one by what lies elsewhere."""

    def page(self, rows: "QuerySet[Any]", query: Mapping[str, Any], size: int) -> "Slice[Any]":
        """The page that `after` or `before` of a query asks for."""

    def walk(self, rows: "QuerySet[Any]") -> "Iterator[Any]":
        """All rows in this order, read as they are asked for."""

    def first(self, parts: "Sequence[Part]", size: int) -> list[list[int]]:
        """The ids of the first rows of each part, in this order."""


@dataclass(frozen=True)
class Mark:
    """A place in an ordered list: the ordering value and the id of a row."""

    value: Any
    id: int

    def text(self) -> str:
        """The mark as an address carries it."""
        plain = self.value.isoformat() if isinstance(self.value, date) else self.value
        plain = str(plain) if isinstance(plain, Decimal) else plain
        return base64.urlsafe_b64encode(json.dumps([plain, self.id]).encode()).decode().rstrip("=")


class RowCompare(Func):
    """`(field, id) < (value, id)` as one comparison, which both engines answer from an index of the two."""

    template = "(%(expressions)s)"
    conditional = True

    def __init__(self, name: str, mark: Mark, of: "Field[Any, Any]", *, descending: bool) -> None:
        sign = "<" if descending else ">"
        self.template = f"({{}}, {{}}) {sign} ({{}}, {{}})"
        super().__init__(
            F(name), F("pk"), Value(mark.value, output_field=of), Value(mark.id), output_field=BooleanField()
        )

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        """The comparison with its parameters."""
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        values = tuple(value for _, values in parts for value in values)
        return self.template.format(*(part for part, _ in parts)), values


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """One page of rows, and the marks from which its neighbours begin; empty where there is none."""

    rows: Sequence[Row]
    before: str = ""
    after: str = ""


def slice_of(rows: "QuerySet[Row]", order: Order, query: Mapping[str, Any], size: int) -> Slice[Row]:
    """The page that `after` or `before` of a query asks for; the first one without them or with nonsense in them."""
    of = field_of(rows.model, order.field)
    before, after = mark_of(query.get("before", ""), of), mark_of(query.get("after", ""), of)
    if before:
        found = read(order.sorted(order.behind(rows, before, backwards=True), backwards=True)[: size + 1])
        page, more = found[:size][::-1], len(found) > size
        return _slice(page, order, has_before=more, has_after=bool(page))
    source = order.behind(rows, after) if after else rows
    found = read(order.sorted(source)[: size + 1])
    return _slice(found[:size], order, has_before=bool(after and found), has_after=len(found) > size)


def _slice(page: Sequence[Row], order: Order, *, has_before: bool, has_after: bool) -> Slice[Row]:
    if not page:
        return Slice(page)
    first, last = (Mark(value_of(row, order.field), row.pk).text() for row in (page[0], page[-1]))
    return Slice(page, first if has_before else "", last if has_after else "")


def mark_of(text: str, of: "Field[Any, Any]") -> Mark | None:
    """The mark an address carries; None where it makes no sense."""
    try:
        value, identity = json.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
        if not isinstance(identity, int) or isinstance(value, dict | list):
            return None
        return Mark(None if value is None else of.to_python(value), identity)
    except (ValueError, TypeError, binascii.Error, ValidationError):
        return None


def value_of(row: Model, path: str) -> Any:
    """The value a row is ordered by; the path may lead over other rows."""
    value: Any = row
    for name in path.split(LOOKUP_SEP):
        value = getattr(value, name, None)
    return value if isinstance(value, str | int | float | Decimal | date | datetime | None) else value.pk


def field_of(model: type[Model], path: str) -> "Field[Any, Any]":
    """The field at the end of a path."""
    return _fields(model, path)[-1]


def may_be_null(model: type[Model], path: str) -> bool:
    """Whether a row may have nothing at the end of a path."""
    return any(field.null for field in _fields(model, path))


def _fields(model: type[Model], path: str) -> "list[Field[Any, Any]]":
    found: list[Any] = []
    for name in path.split(LOOKUP_SEP):
        found.append(model._meta.get_field(name))
        model = found[-1].related_model or model
    return found
