"""Which fields there are."""

from functools import cache

from treaty.fields.models import Field
from treaty.fields.rules import FieldRow, Kind, Option
from treaty.kit.composed import Composed


def fields_of(record: str) -> list[FieldRow]:
    """The fields that records of a kind have now, in the order in which they stand."""
    return [row_of(row) for row in _of_kind(record).rows()]


@cache
def _of_kind(record: str) -> Composed[Field]:
    rows = Field.objects.filter(record=record, retired_at=None)
    return Composed(lambda: rows.order_by("position", "id"), places="")


def all_fields() -> list[FieldRow]:
    """Every field, kind of record by kind of record, retired ones behind the others."""
    rows = [row_of(row) for row in Field.objects.order_by("record", "position", "id")]
    return sorted(rows, key=lambda row: (row.record, row.is_retired))


def field_row(field: int) -> FieldRow | None:
    """One field, or None."""
    row = Field.objects.filter(pk=field).first()
    return None if row is None else row_of(row)


def row_of(row: Field) -> FieldRow:
    """A field without its table."""
    options = tuple(Option(**option) for option in row.options)
    return FieldRow(
        row.pk, row.record, row.key, row.name, Kind(row.kind), row.hint, options, row.retired_at is not None
    )
