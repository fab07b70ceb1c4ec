"""The fields of every test."""

from datetime import UTC, datetime

from treaty.fields import commands, queries
from treaty.fields.commands import FieldDraft
from treaty.fields.queries import FieldRow
from treaty.fields.rules import Kind

SINCE = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
"""When the fields of the tests were defined: a Monday."""


def field(name: str = "Budget", kind: Kind = Kind.TEXT, record: str = "person", **more: object) -> FieldRow:
    """A field of that name."""
    options = ("Gold", "Silver", "Łódź") if kind in {Kind.CHOICE, Kind.MANY} else ()
    draft = FieldDraft(record, name, kind, **{"options": options, **more})  # type: ignore[arg-type]
    row = queries.field_row(commands.add_field(draft, at=SINCE, by=None))
    assert row is not None
    return row


def of_each_kind(record: str = "person") -> dict[Kind, FieldRow]:
    """A field of each kind; its key is the kind's name."""
    return {kind: field(kind.value.title(), kind, record) for kind in Kind}
