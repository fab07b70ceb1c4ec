"""The verbs of fields: define them, and write what they hold."""

from treaty.fields.commands.defining import (
    FieldDraft,
    Refused,
    add_field,
    add_option,
    change_field,
    move_field,
    reinstate_field,
    reinstate_option,
    rename_option,
    retire_field,
    retire_option,
)
from treaty.fields.commands.following import erase_values, forget_pointed, merge_values, part_values
from treaty.fields.commands.growing import prepare
from treaty.fields.commands.writing import Sheet, WrongValue, join_all, join_tags, set_values

__all__ = [
    "FieldDraft",
    "Refused",
    "Sheet",
    "WrongValue",
    "add_field",
    "add_option",
    "change_field",
    "erase_values",
    "forget_pointed",
    "join_all",
    "join_tags",
    "merge_values",
    "move_field",
    "part_values",
    "prepare",
    "reinstate_field",
    "reinstate_option",
    "rename_option",
    "retire_field",
    "retire_option",
    "set_values",
]
