"""A list with one page of its rows, as its template draws it, and the address of each thing one can do with it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from treaty.kit.arranging import ALL, lines
from treaty.kit.columns import Column, Head, Lines
from treaty.kit.conditions import Condition, Editor
from treaty.kit.counting import Count, Number
from treaty.kit.fields import Field
from treaty.kit.filters import Shown
from treaty.kit.keyset import Slice
from treaty.kit.markup import text
from treaty.kit.queries import ViewRow
from treaty.kit.together import Question

PLACE = ("after", "before", "format")
"""Names of an address that say where in a list one stands, not which list it is."""
FORMS = ("filter", "g", "o", "v", "n", "col", "up", "down", "edit", "tried")
"""Names that forms of the list send; what they mean is then said by `where` and `cols`."""
KEPT = frozenset({"where", "sort", "cols", "group", "view"})
"""What the form of the filters keeps of an address; its own fields say the rest anew."""


@dataclass(frozen=True)
class Chip:
    """A condition in words, where it is changed, and the list without it."""

    words: str
    change_url: str
    removal_url: str


@dataclass(frozen=True)
class ShownList:
    """A list with one page of its rows, as the template draws it. `page` is the list as its noun described it."""

    page: Any
    columns: Sequence[Column[Any]]
    conditions: Sequence[Condition]
    editor: Editor | None
    edited: Column[Any] | None
    """The column whose cells are being changed."""
    tried: int
    """Cells of it that were not changed, each with the reason beside it."""
    rows: Sequence[Any]
    lines: Lines[Any]
    heads: Sequence[Head]
    filters: Sequence[Shown]
    search: Shown | None
    number: Number
    cut: Slice[Any]
    total: "Callable[[], Sequence[object]]"
    """Adds up what stands at the feet of the columns."""
    total_asks: Sequence[Question]
    """What it asks, as far as that is known before."""
    is_narrowed: bool
    query: str
    path: str
    views: Sequence[ViewRow] = ()
    grouping: Field | None = None
    """By what its rows stand in groups."""
    after: str = ""
    before: str = ""
    """Where this page of the list begins or ends, as the address has it."""

    @cached_property
    def body(self) -> SafeString:
        """The rows as the table shows them."""
        return self.lines.drawn()

    @property
    def count(self) -> Count:
        """How many rows there are."""
        return self.number.count()

    @property
    def asks(self) -> list[Question]:
        """What a database may answer while the page is drawn."""
        return [*self.number.asks, *self.total_asks] if self.rows else []

    @cached_property
    def totals(self) -> Sequence[object]:
        """What stands at the foot of each column; nothing where no column has a total."""
        return self.total()

    @property
    def view(self) -> ViewRow | None:
        """The view that stands, if it is one of those offered."""
        asked = dict(self.all_kept).get("view", "")
        return next((one for one in self.views if str(one.id) == asked), None)

    @property
    def is_view_changed(self) -> bool:
        """Whether the list shows something else than the view that stands."""
        return self.view is not None and sorted(parse_qsl(self.view.query)) != sorted(self.saved)

    @property
    def saved(self) -> list[tuple[str, str]]:
        """What of the address a view keeps, as names and values."""
        own = {"where", "sort", "cols", "group", *self._filter_names()}
        return self._told(own.__contains__)

    def _filter_names(self) -> Iterator[str]:
        for one in (*self.filters, *([self.search] if self.search else [])):
            yield from (one.key, f"{one.key}_from", f"{one.key}_to")

    @property
    def saved_query(self) -> str:
        """The same as an address."""
        return urlencode(self.saved)

    @property
    def view_links(self) -> SafeString:
        """The list as it comes, and the views, the one that stands marked; only the pinned ones and that where some are."""
        now = self.view
        links = [_view_link(self.all_url, gettext("All"), is_current=now is None)]
        others = self._others
        links += [
            _view_link(_view_url(one), one.name, is_current=one is now)
            for one in self.views
            if one not in others
        ]
        return SafeString("".join(links))

    @property
    def other_view_links(self) -> SafeString:
        """Those that stand in a menu because others are pinned."""
        return SafeString("".join(_menu_link(_view_url(one), one.name) for one in self._others))

    @property
    def _others(self) -> list[ViewRow]:
        """The views that are neither pinned nor stand; none where nothing is pinned."""
        if not any(one.is_pinned for one in self.views):
            return []
        now = self.view
        return [one for one in self.views if not one.is_pinned and one is not now]

    @property
    def all_url(self) -> str:
        """The list as it comes, even where it opens with a view."""
        return f"{self.path}?view=all" if any(view.is_usual for view in self.views) else self.path

    @property
    def here(self) -> str:
        """This page of the list, without the form of a column."""
        place = [("after", self.after)] if self.after else [("before", self.before)] if self.before else []
        return f"{self.path}?{urlencode([*self.all_kept, *place])}"

    @property
    def previous_url(self) -> str:
        """The page before, or empty."""
        return self._with("before", self.cut.before) if self.cut.before else ""

    @property
    def next_url(self) -> str:
        """The page behind, or empty."""
        return self._with("after", self.cut.after) if self.cut.after else ""

    @property
    def csv_url(self) -> str:
        """Where all matching rows can be had as a spreadsheet of the columns shown, or empty."""
        return self._with("format", "csv") if self.page.may_export else ""

    @property
    def whole_csv_url(self) -> str:
        """The same with every column there is, or empty where that is no more."""
        if not self.page.may_export or len(self.columns) == len(self.page.columns):
            return ""
        return f"?{urlencode([*self.kept_besides_columns, ('cols', ALL), ('format', 'csv')])}"

    @property
    def head(self) -> SafeString:
        """The heads of all columns."""
        return SafeString("".join(head.drawn() for head in self.heads))

    @property
    def sort_links(self) -> SafeString:
        """By what the list can stand in order, for those who do not see the heads."""
        return SafeString(
            "".join(
                _swap_link(head.url, str(head.column.label), is_current=bool(head.direction))
                for head in self.heads
                if head.url
            )
        )

    @property
    def change_links(self) -> SafeString:
        """The columns shown whose cells can be changed here; empty where there are none."""
        return SafeString(
            "".join(
                _swap_link(head.edit_url, str(head.column.label), is_current=head.column is self.edited)
                for head in self.heads
                if head.edit_url
            )
        )

    @property
    def span(self) -> int:
        """Columns of the table, the boxes to tick among them."""
        return len(self.heads) + bool(self.page.actions)

    @property
    def all_kept(self) -> list[tuple[str, str]]:
        """What the form of a condition keeps of the address, as names and values."""
        return parse_qsl(self.query)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form of the filters keeps."""
        return self._told(KEPT.__contains__)

    @property
    def kept_besides_columns(self) -> list[tuple[str, str]]:
        """What the form of the columns keeps."""
        return self._told(lambda name: name != "cols")

    def _told(self, keeps: Callable[[str], bool]) -> list[tuple[str, str]]:
        return [(name, value) for name, value in parse_qsl(self.query) if keeps(name)]

    @property
    def field_links(self) -> SafeString:
        """The fields one may ask about; each link opens the form of a condition."""
        start = text(self._with("filter", ""))
        swap = 'hx-target="#list" hx-push-url="true"'
        return SafeString(
            "".join(
                f'<a href="{start}{field.key}" hx-get="{start}{field.key}" {swap}>{text(field.label)}</a>'
                for field in self.page.fields
            )
        )

    @property
    def group_links(self) -> SafeString:
        """By what the list can be grouped, and the list without groups; empty where there is nothing."""
        fields = [field for field in self.page.fields if field.groups is not None]
        if not fields:
            return SafeString()
        besides = urlencode([pair for pair in parse_qsl(self.query) if pair[0] != "group"])
        known = [(field.key, field.label) for field in fields]
        ways = [("", gettext("No groups")), *known] if self.grouping else known
        return SafeString(
            "".join(_group_link(besides, key, str(label), self.grouping) for key, label in ways)
        )

    @property
    def groups(self) -> list[list[Chip]]:
        """The conditions in words, group by group."""
        groups = groupby(self.conditions, key=lambda one: one.group)
        return [[self._chip(one) for one in group] for _number, group in groups]

    def _chip(self, condition: Condition) -> Chip:
        pairs, own = parse_qsl(self.query), ("where", condition.text())
        removal = urlencode([pair for pair in pairs if pair != own])
        return Chip(condition.told(), self._with("filter", own[1]), f"?{removal}")

    @property
    def column_lines(self) -> SafeString:
        """The lines of the form of columns."""
        return lines(self.page.columns, self.columns)

    @property
    def usual_columns_url(self) -> str:
        """The list in its usual columns, or empty where it stands in them."""
        return f"?{urlencode(self.kept_besides_columns)}" if "cols" in dict(self.all_kept) else ""

    def _with(self, name: str, value: str) -> str:
        return "?" + "&".join(part for part in (self.query, urlencode({name: value})) if part)


def _group_link(besides: str, key: str, label: str, now: Field | None) -> str:
    url = "?" + "&".join(filter(None, (besides, f"group={key}" if key else "")))
    return _swap_link(url, label, is_current=now is not None and now.key == key)


def _swap_link(address: str, label: str, *, is_current: bool) -> str:
    """A link in a menu of the list, which swaps it."""
    url, current = text(address), ' aria-current="true"' if is_current else ""
    return f'<a href="{url}" hx-get="{url}" hx-target="#list" hx-push-url="true"{current}>{text(label)}</a>'


def _view_url(view: ViewRow) -> str:
    return "?" + "&".join(filter(None, (f"view={view.id}", view.query)))


def _menu_link(url: str, name: str) -> str:
    swap = f'hx-get="{text(url)}" hx-target="#list" hx-push-url="true"'
    return f'<a href="{text(url)}" {swap}><bdi>{text(name)}</bdi></a>'


def _view_link(url: str, name: str, *, is_current: bool) -> str:
    current = ' aria-current="page"' if is_current else ""
    swap = f'hx-get="{text(url)}" hx-target="#list" hx-push-url="true"'
    return f'<a class="chip" href="{text(url)}" {swap}{current}><bdi>{text(name)}</bdi></a>'


def query_text(query: Any, **changes: object) -> str:
    """A query as text with some values changed, a list to several; None takes one away."""
    kept = [
        (name, value) for name, values in query.lists() for value in values if name not in changes and value
    ]
    changed = [
        (name, str(one))
        for name, value in changes.items()
        for one in (value if isinstance(value, list) else [] if value is None else [value])
    ]
    return urlencode(kept + changed)


def bare(query: Any, **changes: object) -> str:
    """A query as text without place and forms, with some values changed."""
    return query_text(query, **dict.fromkeys((*PLACE, *FORMS)) | changes)
