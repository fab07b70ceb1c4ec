"""Fields of one's own in lists: as columns read for a page at once, and as what conditions may name."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from treaty.fields.models import Value
from treaty.fields.queries.definitions import fields_of
from treaty.fields.queries.editing import edit_of, records_url
from treaty.fields.queries.ordering import COLUMNS as SORTED_BY
from treaty.fields.queries.ordering import ValueOrder
from treaty.fields.queries.references import Named, found, offered
from treaty.fields.queries.values import Names, pointed_to, tag_names, values_of, words, written
from treaty.fields.rules import CHOSEN, LINKED, NUMBERED, FieldRow, Kind, Plain
from treaty.kit import sql
from treaty.kit.columns import Column
from treaty.kit.fields import CHOICE, DAY, KINDS, NUMBER, TEXT, Field, number_of, span
from treaty.kit.markup import bdi, link, tags
from treaty.kit.rules.folding import fold
from treaty.kit.rules.money import decimals
from treaty.staff.queries import installation

LAST = "\U0010ffff"
"""Behind every text that begins alike: a prefix as a range of the index."""
PROBED = 10_000
FEWEST = 10
"""Rows that are looked up for all groups of a long list together, shared by at least so many groups."""
FITTING = 100
"""Records of a name that a condition means at most."""

ASKED_AS = {
    Kind.NUMBER: NUMBER,
    Kind.MONEY: NUMBER,
    Kind.DATE: DAY,
    Kind.CHOICE: CHOICE,
    Kind.MANY: CHOICE,
    Kind.TAGS: CHOICE,
}


@dataclass(frozen=True)
class Listed:
    """What a list of records takes: columns to choose, and fields that conditions may name."""

    columns: list[Column[Any]]
    fields: list[Field]


def listed(record: str, user: Any) -> Listed:
    """The fields of a kind of record in lists, definitions read once."""
    rows = fields_of(record)
    page = _Page(record, user, rows)
    currency = installation().currency if any(row.kind is Kind.MONEY for row in rows) else ""
    return Listed([page.column(row) for row in rows], [_asked(row, user, currency) for row in rows])


class _Page:
    """The values of the rows at hand: read when the first column asks, for all columns and rows at once."""

    def __init__(self, record: str, user: Any, fields: Sequence[FieldRow]) -> None:
        self.record, self.user, self.fields = record, user, fields
        self.ids: list[int] = []
        self.values: Mapping[int, Mapping[str, Plain]] = {}
        self.names: Names = {}
        self.offers: Mapping[int, Sequence[Named]] | None = None

    def column(self, field: FieldRow) -> Column[Any]:
        """The column of a field, which stands among those one may choose."""
        align = "end" if field.kind in {Kind.NUMBER, Kind.MONEY} else "start"
        return Column(
            f"own_{field.key}",
            field.name,
            values=lambda rows: self.read(field, rows),
            draw=lambda row, _value: self.drawn(field, row),
            align=align,
            in_table=False,
            orders=partial(ValueOrder, field.id, SORTED_BY[field.kind]) if field.kind in SORTED_BY else None,
            edit=edit_of(field, partial(self.held, field), partial(self.named, field), self.documents),
        )

    def held(self, field: FieldRow, row: Any) -> Plain:
        """What a row holds in the field."""
        return self.values.get(row.pk, {}).get(field.key)

    def named(self, field: FieldRow, value: Plain) -> str:
        """A record by its name and number; one that the user does not see by its number alone."""
        if value is None:
            return ""
        known = self.names.get((field.kind, int(str(value))))
        return f"{known.name} #{value}" if known else f"#{value}"

    def documents(self, row: Any) -> Sequence[Named]:
        """The documents on a row's record, read for the page at once."""
        if self.offers is None:
            self.offers = offered(Kind.FILE, self.record, self.ids)
        return self.offers.get(row.pk, ())

    def read(self, field: FieldRow, rows: Sequence[Any]) -> dict[int, object]:
        """What the field holds of some rows, as files have it."""
        ids = [row.pk for row in rows]
        if ids != self.ids:
            self.ids, self.values, self.offers = ids, values_of(self.record, ids, self.fields), None
            self.names = pointed_to(self.user, self.fields, list(self.values.values()))
        return {
            one: self._written(field, values[field.key])
            for one, values in self.values.items()
            if field.key in values
        }

    def _written(self, field: FieldRow, value: Plain) -> object:
        if field.kind is Kind.NUMBER:
            return value
        return self.named(field, value) if field.kind in LINKED else written(field, value)

    def drawn(self, field: FieldRow, row: Any) -> SafeString:
        """A cell of the table."""
        value = self.held(field, row)
        if value is None:
            return SafeString("")
        if field.kind is Kind.TAGS:
            return tags(tag_names(field, value))
        shown = bdi(words(field, value, self.names))
        named = (
            self.names.get((field.kind, value)) if isinstance(value, int) and field.kind in LINKED else None
        )
        return link(named.url, shown) if named else shown


@dataclass(frozen=True, kw_only=True)
class OwnField(Field):
    """A field of one's own as conditions name it: each is a range of the index of its type."""

    row: FieldRow
    user: Any
    currency: str = ""

    @property
    def operators(self) -> tuple[str, ...]:
        """What can be said of it."""
        return ("is", "empty", "filled") if self.row.kind in LINKED else KINDS[self.kind]

    def condition(self, operator: str, values: Sequence[str]) -> Q:
        """What it means that this is said; only for what `accepts` lets pass."""
        held = Value.objects.filter(field=self.row.id)
        if operator == "empty":
            return ~_among(held)
        if operator == "filled":
            return _among(held)
        fits = _among(held.filter(self._meant(operator, values)))
        return ~fits if operator in {"not", "lacks"} else fits

    def of_each(self, operator: str, values: Sequence[str]) -> Q:
        """The same, asked of one row after the other."""
        held = Value.objects.filter(field=self.row.id, record_id=OuterRef("pk"))
        if operator in {"empty", "filled"}:
            there = Q(Exists(held))
            return ~there if operator == "empty" else there
        fits = Q(Exists(held.filter(self._meant(operator, values))))
        return ~fits if operator in {"not", "lacks"} else fits

    def ids(self, rows: "QuerySet[Any]", operator: str, values: Sequence[str]) -> "QuerySet[Any, Any]":
        """The ids of those of some rows of whom this can be said: along the index of the values."""
        if operator != "is":
            return super().ids(rows, operator, values)
        held = Value.objects.filter(self._meant(operator, values), field=self.row.id)
        there = Exists(rows.order_by().filter(pk=OuterRef("record_id")))
        return held.filter(there).order_by().values(one=F("record_id"))

    def tally(self, rows: "QuerySet[Any]", most: int | None) -> dict[str, int]:
        """How many rows chose each option: one look at each of few rows, else along the index, no further than `most`."""
        keys = {one.id: one.key for one in self.row.options}
        if most is not None:
            return {keys[option]: number for option, number in self._counted(rows, list(keys), most)}
        held = Value.objects.filter(field=self.row.id, record_id__in=rows.order_by().values("pk"))
        found = held.order_by("whole").values_list("whole").annotate(Count("whole"))
        return {keys[option]: number for option, number in found}

    def _counted(self, rows: "QuerySet[Any]", options: Sequence[int], most: int) -> list[tuple[int, int]]:
        there = Exists(rows.order_by().filter(pk=OuterRef("record_id")))
        held = Value.objects.filter(there, field=self.row.id).extra(where=["fields_value.whole = o.one"])
        statement, told = held.order_by().values("whole")[:most].query.sql_with_params()
        listed = ", ".join(f"({option})" for option in options)
        counts = f"SELECT o.one, (SELECT COUNT(*) FROM ({statement}) held) FROM o"
        return sql.ask(f"WITH o(one) AS (VALUES {listed}) {counts}", told, often=False)

    def firsts(self, rows: "QuerySet[Any]", values: Sequence[str], size: int) -> dict[str, list[int]]:
        """The first rows of each option: one question is composed for all of them."""
        keys = {one.id: one.key for one in self.row.options if one.key in values}
        if len(keys) < 2:
            return {}
        chosen = RawSQL("o.one", [])
        held = Value.objects.filter(field=self.row.id, record_id=OuterRef("pk"), whole=chosen)
        first = rows.filter(Exists(held)).values(one=F("pk"))[:size]
        statement, told = first.query.sql_with_params()
        listed = ", ".join(f"({option})" for option in keys)
        gather = "json_agg" if sql.is_postgresql() else "json_group_array"
        gathered = f"SELECT o.one, (SELECT {gather}(held.one) FROM ({statement}) held) FROM o"
        found = sql.ask(f"WITH o(one) AS (VALUES {listed}) {gathered}", told, often=False)
        return {keys[option]: json.loads(ids) if isinstance(ids, str) else ids for option, ids in found}

    def _meant(self, operator: str, values: Sequence[str]) -> Q:
        kind = self.row.kind
        if kind in CHOSEN:
            return Q(whole__in=[one.id for one in self.row.options if one.key in values])
        if kind in LINKED:
            return Q(whole__in=self._records(values[0]))
        if kind is Kind.DATE:
            return span_of(operator, values[0])
        if kind is Kind.TEXT:
            return _of_text(operator, fold(values[0]))
        return self._of_amount(operator, values[0])

    def _of_amount(self, operator: str, value: str) -> Q:
        number = number_of(value) or 0
        lookup = {"least": "__gte", "most": "__lte"}.get(operator, "")
        if self.row.kind is Kind.NUMBER:
            return Q(**{f"number{lookup}": float(number)})
        return Q(**{f"whole{lookup}": number * 10 ** decimals(self.currency)}, currency=self.currency)

    def _records(self, text: str) -> list[int]:
        if numbered := NUMBERED.search(text):
            return [int(numbered[1])]
        return [one.id for one in found(self.row.kind, self.user, text, FITTING)]


def span_of(operator: str, value: str) -> Q:
    """Days from the first that is meant to the one behind."""
    first, behind = span(operator, value, localdate())
    since = Q(day__gte=first) if first else Q()
    return since & Q(day__lt=behind) if behind else since


def _of_text(operator: str, text: str) -> Q:
    if operator in {"is", "not"}:
        return Q(folded=text)
    if operator == "begins":
        return Q(folded__gte=text, folded__lt=text + LAST)
    return Q(folded__contains=text)


def _among(held: "QuerySet[Value]") -> Q:
    return Q(pk__in=held.values("record_id"))


def _asked(row: FieldRow, user: Any, currency: str) -> Field:
    options = [(one.key, one.name) for one in row.options]
    choices: Callable[[], Any] | None = (lambda: options) if row.kind in CHOSEN else None
    label = f"{row.name} ({currency})" if row.kind is Kind.MONEY else row.name
    kind = ASKED_AS.get(row.kind, TEXT)
    offers = records_url(row.kind) if row.kind in LINKED else ""
    own = OwnField(
        key=f"own_{row.key}",
        label=label,
        kind=kind,
        choices=choices,
        offers=offers,
        row=row,
        user=user,
        currency=currency,
    )
    most = PROBED // max(len(options) + 1, FEWEST)
    return replace(own, groups=choices, most=most) if row.kind is Kind.CHOICE else own
