"""The list every noun uses: columns, filters, conditions, sorting, keyset paging, capped counts, selection and CSV.

A view describes its list and returns `ListPage(...).response(request)`. The list's whole state is the page's address; it
works without a script, and HTMX swaps the part `#list`, which is the very part a reload would show.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django_stubs_ext import StrPromise as Text

from treaty.kit import grouping, shell
from treaty.kit.arranging import arranged, exported, shown_columns
from treaty.kit.columns import Column, Edit, Head, Lines
from treaty.kit.conditions import Condition, conditions, edited, editor, meant
from treaty.kit.counting import COUNTED, Count, Number, counted, number_known, number_of
from treaty.kit.fields import Field
from treaty.kit.filters import Boolean, Choice, Contains, DateRange, Filter, Found
from treaty.kit.keyset import Order, Ordering, Slice
from treaty.kit.meanwhile import meanwhile
from treaty.kit.queries import Tried, ViewRow, tried_cells, views_of
from treaty.kit.shown import ShownList, bare, query_text
from treaty.kit.spreadsheet import download
from treaty.kit.web import is_partial

__all__ = [
    "Action",
    "Boolean",
    "Choice",
    "Column",
    "Contains",
    "DateRange",
    "Edit",
    "Empty",
    "Field",
    "Filter",
    "Found",
    "ListPage",
    "Order",
    "counted",
    "query_text",
]

Row = TypeVar("Row", bound=Model)
Label = Text | str

PAGE = 50
MOST_TICKED = 1_000
"""Rows that one form names one by one; a page has fewer."""

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


@dataclass(frozen=True, kw_only=True)
class ListPage(Generic[Row]):
    """A list as a noun describes it. `rows` are all rows the user may see; the address narrows and orders them."""

    rows: "QuerySet[Row]"
    columns: Sequence[Column[Row]]
    order: str
    """How rows stand where the address says nothing: a column's key, with - in front for the largest first."""
    filters: Sequence[Filter] = ()
    fields: Sequence[Field] = ()
    """What conditions may name."""
    arranges: bool = False
    """Whether one may choose the columns and their order, and keep what one sees as a view."""
    cells_url: str = ""
    """Where changed cells are sent; empty where nobody may change them here."""
    search: Filter | None = None
    actions: Sequence[Action] = ()
    template: str
    """The page around the list; it includes kit/list.html."""
    name: str
    """Names the downloaded file."""
    caption: Label = ""
    empty: Empty = field(default_factory=lambda: Empty(""))
    called: Callable[[Row], object] = attrgetter("name")
    """What a row is called for those who do not see the table."""
    open: Callable[[Row], str] | None = None
    """The address of a row's own page."""
    beside: bool = False
    """Whether a record opens beside the list."""
    may_export: bool = False
    page: int = PAGE
    context: Mapping[str, object] = field(default_factory=dict)

    def response(self, request: HttpRequest) -> HttpResponseBase:
        """The page, its list part alone for a swap, or the CSV of all rows that match, in the columns shown."""
        views = self._views(request)
        if (settled := self._settled(request, views)) is not None:
            return HttpResponseRedirect(f"{request.path}?{settled}")
        if request.GET.get("format") == "csv" and self.may_export:
            shown = exported(self.columns, request.GET)
            return download(
                self.name, [str(column.label) for column in shown], self._csv_rows(request, shown)
            )
        response = self._drawn(request, self.shown(request, views))
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
        return response

    def _drawn(self, request: HttpRequest, shown: ShownList) -> HttpResponseBase:
        """The page or its list. While it is drawn, the database counts and adds up: begun last, for whatever is asked
        behind it waits for it."""
        is_part = is_swap(request)
        template = "kit/list.html" if is_part else self.template
        if asks := shown.asks:
            shown.lines.read()
            if not is_part:
                shell.ask_first(request)
        with meanwhile(asks):
            return render(request, template, {**self.context, "list": shown})

    def matching(self, request: HttpRequest) -> "QuerySet[Row]":
        """The rows that the address asks for, unordered."""
        return self.narrowed(request.GET)

    def narrowed(self, query: Mapping[str, Any]) -> "QuerySet[Row]":
        """The rows that a query asks for, unordered."""
        rows = self.rows
        for chosen in self._filters():
            rows = chosen.narrow(rows, query)
        found = conditions(query, self.fields)
        return rows.filter(meant(found)) if found else rows

    def _views(self, request: HttpRequest) -> Sequence[ViewRow]:
        """The views that the user is offered."""
        user = getattr(request, "user", None) if self.arranges else None
        return views_of(self.name, user) if user is not None and user.pk else ()

    def _settled(self, request: HttpRequest, views: Sequence[ViewRow]) -> str | None:
        """The address that says what a form of the list asks for, or with which view it opens; else None."""
        query = request.GET
        if not query and (usual := next((view for view in views if view.is_usual), None)) is not None:
            return "&".join(filter(None, (f"view={usual.id}", usual.query)))
        if "o" in query and (wheres := edited(query, self.fields)) is not None:
            return bare(query, where=wheres)
        if "col" in query and self.arranges and (cols := arranged(self.columns, query)) is not None:
            return bare(query, cols=cols or None)
        return None

    def meant(self, request: HttpRequest) -> "QuerySet[Row]":
        """The rows a posted selection means: those ticked, or with `all` those the posted `query` asks for."""
        if request.POST.get("all"):
            return self.narrowed(type(request.GET)(request.POST.get("query", "")))
        ticked = [int(text) for text in request.POST.getlist("pick") if text.isdecimal()]
        return self.rows.filter(pk__in=[one for one in ticked if one < 2**63][:MOST_TICKED])

    def shown(self, request: HttpRequest, views: Sequence[ViewRow] = ()) -> "ShownList":
        """Everything the template draws."""
        query, columns = request.GET, shown_columns(self.columns, request.GET)
        edited = self._edited(columns, query)
        tried = self._tried(request, edited)
        field = grouping.chosen(query, self.fields)
        rows, number, cut = self._page(request, with_rows=field is None)
        filters = [chosen.shown(query) for chosen in self.filters]
        search = self.search.shown(query) if self.search else None
        found = conditions(query, self.fields)
        heads: Mapping[int, SafeString] = {}
        if field is not None:
            number = number_known(count := number.count())
            known = grouping.Rows(rows, None if count.more else count.number)
            parted = self._parted(request, known, field, columns, found)
            cut, heads = Slice(parted.rows), parted.heads
        return ShownList(
            page=self,
            columns=columns,
            conditions=found,
            editor=editor(query, self.fields, found) if self.fields else None,
            rows=cut.rows,
            edited=edited,
            tried=len(tried),
            lines=self._lines(columns, cut.rows, heads, editing=edited.key if edited else "", tried=tried),
            grouping=field,
            heads=[self._head(column, request) for column in columns],
            filters=filters,
            search=search,
            number=number,
            cut=cut,
            total=partial(self._totals, rows, columns),
            total_asks=[ask for column in columns if column.total_asks for ask in column.total_asks(rows)],
            is_narrowed=bool(found) or any(one.is_set for one in (*filters, *([search] if search else []))),
            query=bare(query, where=[one.text() for one in found]),
            path=request.path,
            views=views,
            after=query.get("after", ""),
            before=query.get("before", ""),
        )

    def _parted(
        self,
        request: HttpRequest,
        rows: grouping.Rows,
        field: Field,
        columns: Sequence[Column[Row]],
        found: Sequence[Condition],
    ) -> grouping.Grouped:
        """The first rows of each group of the list."""
        limit = min(COUNTED, field.most) if rows.total is None else COUNTED
        parts = grouping.counted(rows, field, limit)
        urls = [
            f"?{bare(request.GET, where=grouping.next_conditions(found, part), group=None)}" for part in parts
        ]
        order = self._order(request)
        span = len(columns) + bool(self.actions)
        return grouping.grouped(rows, parts, order, columns=columns, urls=urls, limit=limit, span=span)

    def _lines(
        self,
        columns: Sequence[Column[Row]],
        rows: Sequence[Row],
        heads: Mapping[int, SafeString],
        **editing: Any,
    ) -> Lines[Row]:
        told = Lines(
            columns, rows, self.open, beside=self.beside, picks=bool(self.actions), called=self.called
        )
        return replace(told, heads=heads, **editing)

    def _edited(self, columns: Sequence[Column[Row]], query: Mapping[str, Any]) -> Column[Row] | None:
        """The column whose cells are being changed, or None."""
        asked = query.get("edit", "") if self.cells_url else ""
        return next((column for column in columns if column.edit is not None and column.key == asked), None)

    @staticmethod
    def _tried(request: HttpRequest, edited: Column[Row] | None) -> Mapping[int, Tried]:
        """What this user typed into cells of the column that were not changed, where the address asks for it."""
        asked = request.GET.get("tried", "")
        if edited is None or request.user.pk is None or not asked.isdecimal() or len(asked) > 18:
            return {}
        return tried_cells(int(asked), by=request.user.pk, column=edited.key)

    def _page(self, request: HttpRequest, *, with_rows: bool) -> "tuple[QuerySet[Row], Number, Slice[Row]]":
        """The rows that are asked for, how many they are, and one page of them, if it is wanted."""
        query, order = request.GET, self._order(request)
        if isinstance(self.search, Found) and (fitting := self.search.fitting(query)) is not None:
            rows = replace(self, search=None).matching(request)
            if not with_rows:
                rows = fitting.plain(rows)
                return rows, number_of(rows), Slice([])
            if isinstance(order, Order):
                cut = fitting.page(rows, order, query, self.page)
            else:
                cut = order.page(fitting.plain(rows), query, self.page)
            return fitting.narrow(rows), fitting.number(rows, cut), cut
        rows, number = self._found(self.matching(request), query)
        return rows, number, order.page(rows, query, self.page) if with_rows else Slice([])

    def _found(self, rows: "QuerySet[Row]", query: Mapping[str, Any]) -> "tuple[QuerySet[Row], Number]":
        """The rows and their number; a search reads all names, so it is done once, and few rows are asked for by id."""
        if self.search is None or not self.search.shown(query).is_set:
            return rows, number_of(rows)
        ids = list(rows.order_by().values_list("pk", flat=True)[: COUNTED + 1])
        found = self.rows.filter(pk__in=ids) if len(ids) <= FEW else rows
        return found, number_known(Count(min(len(ids), COUNTED), len(ids) > COUNTED))

    def _filters(self) -> list[Filter]:
        return [*self.filters, *([self.search] if self.search else [])]

    def _order(self, request: HttpRequest) -> Ordering:
        """The order the address asks for where the list allows it, else its own."""
        known = {column.key: column for column in self.columns if column.sort or column.orders}
        asked = request.GET.get("sort", "")
        chosen = asked if asked.removeprefix("-") in known else self.order
        column, is_descending = known[chosen.removeprefix("-")], chosen.startswith("-")
        return column.orders(is_descending) if column.orders else Order(column.sort, is_descending)

    def _head(self, column: Column[Row], request: HttpRequest) -> Head:
        edit = self._edit_url(column, request)
        if not (column.sort or column.orders):
            return Head(column, edit_url=edit)
        asked = request.GET.get("sort", self.order)
        now = {column.key: "ascending", f"-{column.key}": "descending"}.get(asked, "")
        then = f"-{column.key}" if now == "ascending" else column.key
        return Head(column, "?" + query_text(request.GET, sort=then, after=None, before=None), now, edit)

    def _edit_url(self, column: Column[Row], request: HttpRequest) -> str:
        return "?" + query_text(request.GET, edit=column.key) if self.cells_url and column.edit else ""

    @staticmethod
    def _totals(rows: "QuerySet[Row]", columns: Sequence[Column[Row]]) -> list[object]:
        if not any(column.total for column in columns):
            return []
        return [column.total(rows) if column.total else "" for column in columns]

    def _csv_rows(self, request: HttpRequest, columns: Sequence[Column[Row]]) -> Iterator[Sequence[object]]:
        plain = [
            replace(column, value=column.csv, values=None) if column.csv else column for column in columns
        ]
        rows: list[Row] = []
        for row in self._order(request).walk(self.matching(request)):
            rows.append(row)
            if len(rows) == 1000:
                yield from zip(*(column.read(rows) for column in plain), strict=True)
                rows = []
        yield from zip(*(column.read(rows) for column in plain), strict=True)


def is_swap(request: HttpRequest) -> bool:
    """Whether only the list is wanted: a script asks, and aims at it."""
    return is_partial(request) and request.headers.get("HX-Target", "").rpartition("#")[2] == "list"
