"""Which columns of a list are shown, and in which order: `cols=name,stage` in the address, and the form that says so."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from treaty.kit.columns import Column
from treaty.kit.conditions import texts
from treaty.kit.markup import button, text

ALL = "all"

Columns = Sequence[Column[Any]]


def shown_columns(columns: Columns, query: Mapping[str, Any]) -> list[Column[Any]]:
    """The columns an address asks for, else the usual ones; the one that names the row is always there."""
    asked = str(query.get("cols", ""))
    if asked == ALL:
        return list(columns)
    known = {column.key: column for column in columns}
    found = [known[key] for key in dict.fromkeys(asked.split(",")) if key in known]
    if not found:
        return [column for column in columns if column.in_table]
    if any(column.main for column in found):
        return found
    return [*(column for column in columns if column.main), *found]


def exported(columns: Columns, query: Mapping[str, Any]) -> list[Column[Any]]:
    """The columns of the spreadsheet: those shown, and what a number needs beside it, such as its currency."""
    known = {column.key: column for column in columns}
    found: dict[str, Column[Any]] = {}
    for column in shown_columns(columns, query):
        if column.in_csv:
            found[column.key] = column
        if column.csv_with:
            found[column.csv_with] = known[column.csv_with]
    return list(found.values())


def arranged(columns: Columns, query: Mapping[str, Any]) -> str | None:
    """What `cols` is to be once the form that was sent is taken over, empty for the usual; None where none was sent."""
    keys = [key for key in dict.fromkeys(texts(query, "col")) if key in {column.key for column in columns}]
    if not keys:
        return None
    for name, by in (("up", -1), ("down", 1)):
        if (key := str(query.get(name, ""))) in keys:
            at = keys.index(key)
            keys.insert(min(max(at + by, 0), len(keys) - 1), keys.pop(at))
    usual = [column.key for column in columns if column.in_table]
    return "" if keys == usual else ",".join(keys)


def lines(columns: Columns, chosen: Columns) -> SafeString:
    """The form's lines: the columns shown, in their order, then the others; each can be moved."""
    shown = {column.key for column in chosen}
    others = [column for column in columns if column.key not in shown]
    told = tuple(Line(one.key, str(one.label), one.main, one.key in shown) for one in (*chosen, *others))
    return _drawn(told, get_language())


class Line(NamedTuple):
    """A column as the form says it."""

    key: str
    label: str
    is_main: bool
    is_shown: bool


@lru_cache(maxsize=256)
def _drawn(told: tuple[Line, ...], _language: str | None) -> SafeString:
    """The lines of these columns in a language: nearly always the same, so they are drawn once."""
    up, down = gettext("Move %(name)s up"), gettext("Move %(name)s down")
    return SafeString(
        "".join(f"<li>{_box(line)}{_mover(line, 'up', up)}{_mover(line, 'down', down)}</li>" for line in told)
    )


def _box(line: Line) -> str:
    key, label = text(line.key), text(line.label)
    if line.is_main:
        held = f'<input type="hidden" name="col" value="{key}">'
        return (
            f'{held}<label class="check"><input type="checkbox" checked disabled><span>{label}</span></label>'
        )
    ticked = " checked" if line.is_shown else ""
    return f'<label class="check"><input type="checkbox" name="col" value="{key}"{ticked}><span>{label}</span></label>'


def _mover(line: Line, way: str, pattern: str) -> SafeString:
    told = {"name": way, "value": line.key, "data-move": way}
    return button(quiet=True, icon_name=way, label=pattern % {"name": line.label}, attrs=told)
