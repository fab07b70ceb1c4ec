"""What the parts of the compiler share: one engine and one instant, tests of values judged in Python, fields of one's own."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

import ibis

from treaty.fields.queries import FieldRow, all_fields
from treaty.fields.rules import Kind, column_of, compared_cell
from treaty.segments.bulk.engine import Engine, Table
from treaty.segments.rules import Attribute
from treaty.segments.rules.predicate import OWN as FIELDS

WITH_TEXT = (Kind.DATE, Kind.TEXT, Kind.CHOICE)
"""Fields whose values are texts, which may be dates."""
FEW = 200
"""Values written into the statement; more go by way of a table."""
OWN = {
    **dict.fromkeys(("record_id", "field_id", "whole"), "int64"),
    **dict.fromkeys(("text", "currency"), "string"),
    "number": "float64",
}
"""What the company's own fields hold."""

Condition = Any
"""A boolean column of Ibis."""
ValueCheck = Callable[[object], bool]


class Values:
    """Judges values for one engine as of one instant. What it asked the engine is kept for the next question."""

    def __init__(self, engine: Engine, at: datetime) -> None:
        self.engine, self.at = engine, at
        self.known: dict[str, list[Any]] = {}
        self._fields: dict[tuple[str, str], FieldRow] | None = None

    def own(self, record: str, node: Attribute, check: ValueCheck, column: Any) -> Condition:
        """That a field of the record whose id stands in a column passes; of several chosen options one is enough."""
        field = self._field(record, node.attribute)
        if field is None:
            return ibis.literal(check(None))
        values = self.engine.table("fields_value", OWN)
        held = values.filter(values.field_id == field.id)
        if node.known is not None:
            has_any = self.inside(column, held.record_id)
            return has_any if node.known else ~has_any
        kept_in, fitting = column_of(field.kind), defaultdict(list)
        rows = self.rows(f"own {field.id}", held.select(kept_in, "currency").distinct())
        for kept, currency in rows:
            if check(compared_cell(field.kind, kept, currency)):
                fitting[currency].append(kept)
        of_each = [
            (held.currency == currency) & self.one_of(held[kept_in], kept)
            for currency, kept in fitting.items()
        ]
        fits = reduce(or_, of_each, ibis.literal(False))
        return self.inside(column, held.filter(fits).record_id)

    def days(self, record: str, name: str) -> Table | None:
        """What a field of a kind of record keeps that holds texts, by `record_id`; None for anything else."""
        field = self._field(record, name)
        if field is None or field.kind not in WITH_TEXT:
            return None
        values = self.engine.table("fields_value", OWN)
        return values.filter(values.field_id == field.id).select("record_id", "text")

    def different(self, name: str, table: Table, column: Any) -> list[Any]:
        """The different values of a column, NULL left out."""
        found = self.rows(name, table.filter(column.notnull()).select(value=column).distinct())
        return [value for (value,) in found]

    def rows(self, name: str, expression: Table) -> list[Any]:
        """The rows of an expression, asked once under its name."""
        if name not in self.known:
            self.known[name] = list(self.engine.rows(expression))
        return self.known[name]

    def valued(self, column: Any, values: Iterable[Any], check: ValueCheck) -> Condition:
        """As `one_of`, for a column that may be NULL, where nothing known may be what is asked for."""
        among = self.one_of(column, values)
        return among | column.isnull() if check(None) else among

    def one_of(self, column: Any, values: Iterable[Any]) -> Condition:
        """That a column holds one of some values; never NULL."""
        wanted = list(values)
        if not wanted:
            return ibis.literal(False)
        options = wanted if len(wanted) <= FEW else self.engine.set_of(wanted).value
        return self.inside(column, options)

    def inside(self, column: Any, options: Any) -> Condition:
        """That a column holds one of some options; never NULL, so that its opposite is not either."""
        return column.notnull() & column.isin(options)

    def _field(self, record: str, name: str) -> FieldRow | None:
        if self._fields is None:
            self._fields = {(one.record, one.key): one for one in all_fields()}
        return self._fields.get((record, name.removeprefix("company.").removeprefix(FIELDS)))
