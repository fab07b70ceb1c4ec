"""Columns, fields and verbs that higher nouns add to the list of people, such as the grade; `treaty/wiring.py` registers them."""

from collections.abc import Callable
from typing import Any

from treaty.kit.fields import Field
from treaty.kit.lists import Action, Column
from treaty.people.models import Person

_columns: dict[str, Column[Person]] = {}
_fields: dict[str, Field] = {}
_actions: dict[str, tuple[Action, Callable[[Any], bool]]] = {}


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


def offer_action(action: Action, may: Callable[[Any], bool]) -> None:
    """Add a verb for the ticked persons, for users who may do it."""
    _actions[action.url] = (action, may)


def list_actions(user: Any) -> tuple[Action, ...]:
    """The verbs that were added, as far as the user may do them."""
    return tuple(action for action, may in _actions.values() if may(user))
