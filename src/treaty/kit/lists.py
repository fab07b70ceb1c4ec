"""The list every noun uses: columns, filters, sorting, keyset paging, capped counts, selection and CSV.

A view describes its list and returns `ListPage(...).response(request)`. The list's whole state is the page's address; it
works without a script, and HTMX swaps the part `#list`, which is the very part a reload would show.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django_stubs_ext import StrPromise as Text

from treaty.kit.columns import Column, Head, Lines
from treaty.kit.filters import Boolean, Choice, Contains, DateRange, Filter, Found, Shown
from treaty.kit.keyset import Order, Slice, slice_of
from treaty.kit.spreadsheet import download
from treaty.kit.web import is_partial

__all__ = [
    "Action",
    "Boolean",
    "Choice",
    "Column",
    "Contains",
    "DateRange",
    "Empty",
    "Filter",
    "Found",
    "ListPage",
    "Order",
]

Row = TypeVar("Row", bound=Model)
Label = Text | str

PAGE = 50
COUNTED = 10_000
"""Rows counted at most; beyond it a page says "10,000+"."""

FEW = 1_000
"""Rows of a search that are then asked for by their ids; more lie so dense that the order's index meets them soon."""


@dataclass(frozen=True)
class Action:
    """A verb for the ticked rows: a button that posts their ids as `pick`, and `all` with the list's query."""

    label: Label
    url: str
    template: str = ""
    """What else the verb asks, such as whom to give the rows to."""
    context: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Empty:
    """What an empty list says: a sentence on what stands here, and the one action."""

    title: Label
    text: Label = ""
    url: str = ""
    action: Label = ""


@dataclass(frozen=True)
class Count:
    """How many rows there are; `more` where nobody counted further."""

    number: int
    more: bool


@dataclass(frozen=True, kw_only=True)
class ListPage(Generic[Row]):
    """A list as a noun describes it. `rows` are all rows the user may see; the address narrows and orders them."""

    rows: "QuerySet[Row]"
    columns: Sequence[Column[Row]]
    order: str
    """How rows stand where the address says nothing: a column's key, with - in front for the largest first."""
    filters: Sequence[Filter] = ()
    search: Filter | None = None
    actions: Sequence[Action] = ()
    template: str
    """The page around the list; it includes kit/list.html."""
    name: str
    """Names the downloaded file."""
    caption: Label = ""
    empty: Empty = field(default_factory=lambda: Empty(""))
    open: Callable[[Row], str] | None = None
    """The address of a row's own page."""
    beside: bool = False
    """Whether a record opens beside the list."""
    may_export: bool = False
    page: int = PAGE
    context: Mapping[str, object] = field(default_factory=dict)

    def response(self, request: HttpRequest) -> HttpResponseBase:
        """The page, its list part alone for a swap, or the CSV of all rows that match."""
        if request.GET.get("format") == "csv" and self.may_export:
            shown = [column for column in self.columns if column.in_csv]
            return download(
                self.name, [str(column.label) for column in shown], self._csv_rows(request, shown)
            )
        context = {**self.context, "list": self.shown(request)}
        response = render(request, "kit/list.html" if is_swap(request) else self.template, context)
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
        return response

    def matching(self, request: HttpRequest) -> "QuerySet[Row]":
        """The rows that the address asks for, unordered."""
        return self.narrowed(request.GET)

    def narrowed(self, query: Mapping[str, Any]) -> "QuerySet[Row]":
        """The rows that a query asks for, unordered."""
        rows = self.rows
        for chosen in self._filters():
            rows = chosen.narrow(rows, query)
        return rows

    def picked(self, request: HttpRequest, limit: int = COUNTED) -> list[int]:
        """The ids a posted selection means: those ticked, or with `all` those the posted `query` asks for."""
        if request.POST.get("all"):
            from_query = HttpRequest()
            from_query.GET = type(request.GET)(request.POST.get("query", ""))
            return list(self.matching(from_query).order_by("pk").values_list("pk", flat=True)[:limit])
        ticked = [int(text) for text in request.POST.getlist("pick") if text.isdecimal()]
        return list(self.rows.filter(pk__in=ticked[:limit]).order_by("pk").values_list("pk", flat=True))

    def shown(self, request: HttpRequest) -> "ShownList":
        """Everything the template draws."""
        query, columns = request.GET, self._in_table()
        rows, count, cut = self._page(request)
        filters = [chosen.shown(query) for chosen in self.filters]
        search = self.search.shown(query) if self.search else None
        return ShownList(
            page=self,
            rows=cut.rows,
            body=Lines(columns, cut.rows, self.open, beside=self.beside, picks=bool(self.actions)).drawn(),
            heads=[self._head(column, request) for column in columns],
            filters=filters,
            search=search,
            count=count,
            cut=cut,
            totals=self._totals(rows),
            is_narrowed=any(shown.is_set for shown in (*filters, *([search] if search else []))),
            query=query_text(query, after=None, before=None, format=None),
            path=request.path,
        )

    def _page(self, request: HttpRequest) -> "tuple[QuerySet[Row], Count, Slice[Row]]":
        """The rows that are asked for, how many they are, and one page of them."""
        query, order = request.GET, self._order(request)
        if isinstance(self.search, Found) and (fitting := self.search.fitting(query)) is not None:
            rows = replace(self, search=None).matching(request)
            cut = fitting.page(rows, order, query, self.page)
            return fitting.narrow(rows), Count(*fitting.number(rows, cut)), cut
        rows, count = self._found(self.matching(request), query)
        return rows, count, slice_of(rows, order, query, self.page)

    def _found(self, rows: "QuerySet[Row]", query: Mapping[str, Any]) -> "tuple[QuerySet[Row], Count]":
        """The rows and their number; a search reads all names, so it is done once, and few rows are asked for by id."""
        if self.search is None or not self.search.shown(query).is_set:
            return rows, counted(rows)
        ids = list(rows.order_by().values_list("pk", flat=True)[: COUNTED + 1])
        found = self.rows.filter(pk__in=ids) if len(ids) <= FEW else rows
        return found, Count(min(len(ids), COUNTED), len(ids) > COUNTED)

    def _filters(self) -> list[Filter]:
        return [*self.filters, *([self.search] if self.search else [])]

    def _in_table(self) -> list[Column[Row]]:
        return [column for column in self.columns if column.in_table]

    def _order(self, request: HttpRequest) -> Order:
        """The order the address asks for where the list allows it, else its own."""
        fields = {column.key: column.sort for column in self.columns if column.sort}
        asked = request.GET.get("sort", "")
        chosen = asked if asked.removeprefix("-") in fields else self.order
        return Order(fields[chosen.removeprefix("-")], is_descending=chosen.startswith("-"))

    def _head(self, column: Column[Row], request: HttpRequest) -> Head:
        if not column.sort:
            return Head(column)
        asked = request.GET.get("sort", self.order)
        now = {column.key: "ascending", f"-{column.key}": "descending"}.get(asked, "")
        then = f"-{column.key}" if now == "ascending" else column.key
        return Head(column, "?" + query_text(request.GET, sort=then, after=None, before=None), now)

    def _totals(self, rows: "QuerySet[Row]") -> list[object]:
        columns = self._in_table()
        if not any(column.total for column in columns):
            return []
        return [column.total(rows) if column.total else "" for column in columns]

    def _csv_rows(self, request: HttpRequest, columns: Sequence[Column[Row]]) -> Iterator[Sequence[object]]:
        plain = [
            replace(column, value=column.csv, values=None) if column.csv else column for column in columns
        ]
        ordered = self._order(request).sorted(self.matching(request))
        rows: list[Row] = []
        for row in ordered.iterator(chunk_size=1000):
            rows.append(row)
            if len(rows) == 1000:
                yield from zip(*(column.read(rows) for column in plain), strict=True)
                rows = []
        yield from zip(*(column.read(rows) for column in plain), strict=True)


@dataclass(frozen=True)
class ShownList:
    """A list with one page of its rows, as the template draws it."""

    page: ListPage[Any]
    rows: Sequence[Any]
    body: SafeString
    heads: Sequence[Head]
    filters: Sequence[Shown]
    search: Shown | None
    count: Count
    cut: Slice[Any]
    totals: Sequence[object]
    is_narrowed: bool
    query: str
    path: str

    @property
    def previous_url(self) -> str:
        """The page before, or empty."""
        return f"?{self._with('before', self.cut.before)}" if self.cut.before else ""

    @property
    def next_url(self) -> str:
        """The page behind, or empty."""
        return f"?{self._with('after', self.cut.after)}" if self.cut.after else ""

    @property
    def csv_url(self) -> str:
        """Where all matching rows can be had as a spreadsheet, or empty."""
        return f"?{self._with('format', 'csv')}" if self.page.may_export else ""

    @property
    def head(self) -> SafeString:
        """The heads of all columns."""
        return SafeString("".join(head.drawn() for head in self.heads))

    @property
    def sort(self) -> str:
        """The order the address asks for, kept when a filter is sent."""
        return dict(part.split("=", 1) for part in self.query.split("&") if "=" in part).get("sort", "")

    @property
    def span(self) -> int:
        """Columns of the table, the boxes to tick among them."""
        return len(self.heads) + bool(self.page.actions)

    def _with(self, name: str, value: str) -> str:
        return "&".join(part for part in (self.query, urlencode({name: value})) if part)


def counted(rows: "QuerySet[Any]", limit: int = COUNTED) -> Count:
    """How many rows there are, counting no further than the limit."""
    number = rows.order_by().values("pk")[: limit + 1].count()
    return Count(min(number, limit), number > limit)


def is_swap(request: HttpRequest) -> bool:
    """Whether only the list is wanted: a script asks, and aims at it."""
    return is_partial(request) and request.headers.get("HX-Target", "").rpartition("#")[2] == "list"


def query_text(query: Any, **changes: object) -> str:
    """A query as text with some values changed; None takes one away."""
    kept = [
        (name, value) for name, values in query.lists() for value in values if name not in changes and value
    ]
    return urlencode(kept + [(name, str(value)) for name, value in changes.items() if value is not None])
