"""The columns of a list, and its table as a page draws it: in Python, because fifty rows of ten cells are many."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django_stubs_ext import StrPromise as Text

from treaty.kit.keyset import Ordering
from treaty.kit.markup import attribute, icon, options, text
from treaty.kit.queries import Tried
from treaty.kit.together import Question

Row = TypeVar("Row", bound=Model)
Label = Text | str


@dataclass(frozen=True)
class Edit:
    """How the cells of a column are changed in place. `value` is what a row holds; `kind` is that of the input."""

    value: Callable[[Any], object]
    kind: str = "text"
    choices: Callable[[], Sequence[tuple[object, Label]]] | None = None
    longest: int = 200
    """Letters at most."""
    for_many: bool = True
    """Whether many rows may get the same value at once."""
    offers: str = ""
    """Where a script asks for what fits while one types, as options."""
    draw: Callable[[Any, str], str] | None = None
    """The input where it is none of these: of a row, called by a label that is escaped."""


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column. Its cell is `value(row)`, or what `values(rows)` says for the row's id where many are read at once.

    `draw` says how a cell stands in the table, given the row and the value; else the value stands as text, in the
    main column as a link to the row's page. `sort` names the field it sorts by (with an index, or over few rows);
    `total` says what stands at its foot for all rows of the list.
    """

    key: str
    label: Label
    value: Callable[[Row], object] | None = None
    values: Callable[[Sequence[Row]], Mapping[int, object]] | None = None
    sort: str = ""
    orders: Callable[[bool], Ordering] | None = None
    """The order by this column where no field of the row holds it, the largest first where asked."""
    align: str = "start"
    draw: Callable[[Row, Any], SafeString] | None = None
    main: bool = False
    in_csv: bool = True
    in_table: bool = True
    csv: Callable[[Row], object] | None = None
    """What a spreadsheet gets instead of the value."""
    csv_with: str = ""
    """The key of a column that a spreadsheet always has beside it, such as the currency of an amount."""
    total: "Callable[[QuerySet[Row]], object] | None" = None
    total_asks: "Callable[[QuerySet[Row]], Sequence[Question]] | None" = None
    """What `total` asks, where a database may add it up while the rows are drawn."""
    totals: "Callable[[QuerySet[Row], Sequence[Q]], Sequence[object]] | None" = None
    """The same for parts of the list at once, each given by what holds of its rows."""
    edit: Edit | None = None
    """How its cells are changed in the list; None where they are not."""

    def read(self, rows: Sequence[Row]) -> list[object]:
        """The value of each row."""
        if self.values is not None:
            found = self.values(rows)
            return [found.get(row.pk, "") for row in rows]
        if self.value is not None:
            return [self.value(row) for row in rows]
        return [getattr(row, self.key) for row in rows]


@dataclass(frozen=True)
class Head:
    """A column's head: where a click on it leads, and how the list is sorted by it now."""

    column: Column[Any]
    url: str = ""
    direction: str = ""
    edit_url: str = ""
    """Where its cells can be changed, or empty."""

    def drawn(self) -> str:
        """The head as the table shows it."""
        worn = ' class="n"' if self.column.align == "end" else ""
        shown = text(self.column.label)
        if self.url:
            url = text(self.url)
            swap = 'hx-target="#list" hx-push-url="true"'
            shown = f'<a href="{url}" hx-get="{url}" {swap}>{shown}{icon("sort")}</a>'
        return f'<th scope="col"{worn}{attribute("aria-sort", self.direction)}>{shown}{self._pencil()}</th>'

    def _pencil(self) -> str:
        if not self.edit_url:
            return ""
        url, told = text(self.edit_url), gettext("Change the cells of the column %(name)s")
        label = text(told % {"name": self.column.label})
        swap = f'hx-get="{url}" hx-target="#list" hx-push-url="true"'
        return f'<a class="edit" href="{url}" {swap} aria-label="{label}" title="{label}">{icon("edit")}</a>'


@dataclass(frozen=True)
class Lines(Generic[Row]):
    """The rows of a table: `open` gives a row's own page, `beside` opens it as a panel, `picks` lets one tick rows."""

    columns: Sequence[Column[Row]]
    rows: Sequence[Row]
    open: Callable[[Row], str] | None = None
    beside: bool = False
    picks: bool = False
    called: Callable[[Row], object] = attrgetter("name")
    """What a row is called for those who do not see the table."""
    editing: str = ""
    """The key of the column whose cells are being changed."""
    tried: Mapping[int, Tried] = field(default_factory=dict)
    """What was typed into some of its cells and not written, by the rows."""
    heads: Mapping[int, SafeString] = field(default_factory=dict)
    """What stands in front of a row, by its id: the head of a group that it begins."""

    @cached_property
    def _values(self) -> list[list[object]]:
        return [column.read(self.rows) for column in self.columns]

    def read(self) -> None:
        """Reads what stands in each column, for all rows at once; what is drawn asks nothing more."""
        self._values  # noqa: B018  it is kept

    def drawn(self) -> SafeString:
        """The rows as HTML."""
        starts = [opening(column) for column in self.columns]
        tick = gettext("Tick %(name)s") if self.picks else ""
        lines = []
        for row, *cells in zip(self.rows, *self._values, strict=True):
            drawn = [
                f"{start}{self.cell(column, row, value)}</td>"
                for start, column, value in zip(starts, self.columns, cells, strict=True)
            ]
            lines.append(
                f"{self.heads.get(row.pk, '')}<tr data-item>{box(row, tick, self.called) if tick else ''}{''.join(drawn)}</tr>\n"
            )
        return SafeString("".join(lines))

    def cell(self, column: Column[Row], row: Row, value: object) -> str:
        """What stands in a cell."""
        if column.edit is not None and column.key == self.editing:
            label = text(f"{column.label}: {self.called(row)}")
            return entry(column.edit, row, label, value, self.tried.get(row.pk))
        if column.draw is not None:
            return column.draw(row, value)
        if column.main and self.open is not None:
            panel = " data-panel" if self.beside else ""
            return f'<a href="{text(self.open(row))}"{panel}>{text(value)}</a>'
        return text(value)


def opening(column: Column[Any]) -> str:
    """How a cell of the column begins; on a phone, where rows are stacked, it says the column's name itself."""
    worn = [name for name, is_worn in (("main", column.main), ("n", column.align == "end")) if is_worn]
    head = "" if column.main else column.label
    return f"<td{attribute('class', ' '.join(worn))}{attribute('data-head', head)}>"


def box(row: Any, pattern: str, called: Callable[[Any], object]) -> str:
    """The box that ticks a row; the pattern says so, with the row's name in it."""
    told = text(pattern % {"name": called(row)})
    return (
        f'<td class="pick"><input type="checkbox" name="pick" value="{row.pk}" form="list-bulk" data-pick'
        f' aria-label="{told}"></td>'
    )


def plain(value: object) -> str:
    """A value as a form has it."""
    return "" if value is None else str(value)


def entry(edit: Edit, row: Any, label: str, shown: object, tried: Tried | None = None) -> str:
    """The input of a cell that is being changed, and what it was when the page was made; what was refused, and why."""
    if tried is not None:
        why = f'<span class="err">{icon("error")}<span>{text(tried.why)}</span></span>'
        return f"{_entry(edit, row, f'{label}. {text(tried.why)}', shown, tried.typed)}{why}"
    return _entry(edit, row, label, shown, None)


def _entry(edit: Edit, row: Any, label: str, shown: object, typed: str | None) -> str:
    held, to = plain(edit.value(row)), 'form="list-cells"'
    hidden = (("pick", row.pk), (f"was-{row.pk}", text(held)))
    was = "".join(f'<input type="hidden" name="{name}" value="{value}" {to}>' for name, value in hidden)
    if edit.draw is not None:
        return f"{was}{edit.draw(row, label)}"
    now, wrong = (held, "") if typed is None else (typed, ' aria-invalid="true"')
    if edit.choices is None:
        offers = attribute("data-records", edit.offers)
        told = f'value="{text(now)}" maxlength="{edit.longest}" {worn(row, label)}{offers}{wrong}'
        return f'{was}<input type="{edit.kind}" {told}>'
    return f"{was}{chooser(edit.choices(), held, row, label, shown)}"


def worn(row: Any, label: str) -> str:
    """What every input of a cell wears."""
    return f'class="input" name="cell-{row.pk}" aria-label="{label}" data-cell form="list-cells"'


def chooser(
    choices: Sequence[tuple[object, Label]], held: str, row: Any, label: str, shown: object = ""
) -> str:
    """A list to choose from, in a cell. What the row holds stays even where nobody may choose it any more."""
    known = [(plain(value), name) for value, name in choices]
    if held not in {value for value, _name in known}:
        known.append((held, str(shown or held)))
    return f"<select {worn(row, label)}>{options(known, held)}</select>"
