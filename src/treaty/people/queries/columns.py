"""Columns that higher nouns add to the list of people, such as the grade; `treaty/wiring.py` registers them."""

from treaty.kit.lists import Column
from treaty.people.models import Person

_columns: dict[str, Column[Person]] = {}


def show_column(column: Column[Person]) -> None:
    """Add a column behind the stage; it reads all rows of a page at once through `values`."""
    _columns[column.key] = column


def list_columns() -> tuple[Column[Person], ...]:
    """The columns that were added."""
    return tuple(_columns.values())
