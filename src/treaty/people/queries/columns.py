"""Columns and fields that higher nouns add to the list of people, such as the grade; `treaty/wiring.py` registers them."""

from treaty.kit.fields import Field
from treaty.kit.lists import Column
from treaty.people.models import Person

_columns: dict[str, Column[Person]] = {}
_fields: dict[str, Field] = {}


def show_column(column: Column[Person]) -> None:
    """Add a column behind the stage; it reads all rows of a page at once through `values`."""
    _columns[column.key] = column


def list_columns() -> tuple[Column[Person], ...]:
    """The columns that were added."""
    return tuple(_columns.values())


def show_field(field: Field) -> None:
    """Add something of persons that conditions of their list may name."""
    _fields[field.key] = field


def list_fields() -> tuple[Field, ...]:
    """The fields that were added."""
    return tuple(_fields.values())
