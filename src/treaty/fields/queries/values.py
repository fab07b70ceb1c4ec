"""What fields hold: as programs read it, and in words."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language

from treaty.fields.models import Value
from treaty.fields.queries.definitions import fields_of, row_of
from treaty.fields.queries.references import Named, names
from treaty.fields.rules import CHOSEN, LINKED, Cell, FieldRow, Kind, Plain, plain
from treaty.kit import sql
from treaty.kit.composed import Composed
from treaty.kit.rules.money import Money

COLUMNS = ("text", "folded", "number", "whole", "currency", "day", "part")

Place = tuple[int, int]
"""The id of a record, and that of a field."""
Names = Mapping[tuple[Kind, int], Named]


def kept(fields: Collection[int], records: Collection[int]) -> dict[Place, tuple[Cell, ...]]:
    """What some fields hold of some records, as columns keep it, in one question."""
    if not fields or not records:
        return {}
    rows = Value.objects.extra(  # noqa: S610  the condition is ours, its values are parameters
        where=[sql.one_of("record_id")], params=[sql.listed(records)]
    )
    found: dict[Place, list[Cell]] = defaultdict(list)
    rows = rows.filter(field__in=list(fields)).order_by("record_id", "field_id", "part")
    for record, field, *columns in rows.values_list("record_id", "field_id", *COLUMNS):
        found[record, field].append(Cell(*columns))
    return {place: tuple(cells) for place, cells in found.items()}


def values_of(
    record: str, ids: Collection[int], fields: Collection[FieldRow] | None = None
) -> dict[int, dict[str, Plain]]:
    """The plain values of records by the fields' keys; what is not known is left out."""
    rows = {row.id: row for row in (fields_of(record) if fields is None else fields)}
    found: dict[int, dict[str, Plain]] = {one: {} for one in ids}
    for (one, field), cells in kept(rows.keys(), ids).items():
        found[one][rows[field].key] = plain(rows[field].kind, cells)
    return found


def pointed_at(kind: Kind, ids: Collection[int]) -> set[int]:
    """Which records of a kind some field points to."""
    if not ids:
        return set()
    rows = Value.objects.extra(where=[sql.one_of("whole")], params=[sql.listed(ids)])  # noqa: S610  as above
    return set(rows.filter(field__kind=kind).order_by("whole").values_list("whole", flat=True))


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A field of a record as its page shows it; `url` leads to the record it points to. Of tags each is one of `tags`."""

    name: str
    text: str
    url: str = ""
    tags: Sequence[str] = ()


def shown_values(user: Any, record: str, one: int) -> list[ShownValue]:
    """The fields of a record that hold something, in their order."""
    held: dict[FieldRow, list[Cell]] = defaultdict(list)
    for row in _held(record).rows(one):
        held[row_of(row.field)].append(Cell(*(getattr(row, name) for name in COLUMNS)))
    values = {field.key: plain(field.kind, cells) for field, cells in held.items()}
    known = pointed_to(user, held.keys(), [values])
    return [_shown(field, values[field.key], known) for field in held]


@cache
def _held(record: str) -> Composed[Value]:
    rows = Value.objects.filter(field__record=record, field__retired_at=None).select_related("field")
    return Composed(lambda one: rows.filter(record_id=one).order_by("field__position", "field", "part"))


def _shown(field: FieldRow, value: Plain, known: Names) -> ShownValue:
    named = known.get((field.kind, value)) if isinstance(value, int) and field.kind in LINKED else None
    tags = tag_names(field, value) if field.kind is Kind.TAGS else ()
    return ShownValue(field.name, words(field, value, known), named.url if named else "", tags)


def tag_names(field: FieldRow, value: Plain) -> list[str]:
    """What the tags of a record are called, in the order in which they came up."""
    held = value if isinstance(value, list) else []
    return [option.name for option in field.options if option.key in held]


def pointed_to(user: Any, fields: Collection[FieldRow], values: Collection[Mapping[str, Plain]]) -> Names:
    """The records behind the values of fields that point to some."""
    wanted: dict[Kind, set[int]] = {kind: set() for kind in LINKED}
    for field in fields:
        if field.kind in LINKED:
            wanted[field.kind] |= {int(str(one[field.key])) for one in values if field.key in one}
    return names(user, wanted)


def words(field: FieldRow, value: Plain, known: Names) -> str:
    """A value as people of the page's language read it. A record that the user does not see is told by its number."""
    match field.kind:
        case Kind.NUMBER:
            return number_format(str(value), force_grouping=True)
        case Kind.MONEY:
            return money_of(value).formatted(get_language() or "en")
        case Kind.DATE:
            return date_format(date.fromisoformat(str(value)), "DATE_FORMAT")
        case Kind.PERSON | Kind.COMPANY | Kind.FILE:
            named = known.get((field.kind, int(str(value))))
            return named.name if named else f"#{value}"
        case _:
            return written(field, value)


def written(field: FieldRow, value: Plain) -> str:
    """A value as files have it, the same in every language, and as `rules.told` reads it again."""
    match field.kind:
        case Kind.CHOICE | Kind.MANY | Kind.TAGS:
            held = value if isinstance(value, list) else [value]
            return "; ".join(option.name for option in field.options if option.key in held)
        case Kind.MONEY:
            return str(money_of(value)) if value is not None else ""
        case Kind.PERSON | Kind.COMPANY | Kind.FILE:
            return "" if value is None else f"#{value}"
        case _:
            return "" if value is None else str(value)


def cell_text(field: FieldRow, value: Plain) -> str:
    """A value as the cell of a list holds it while it is changed: as files have it, and of choices the keys."""
    if value is None:
        return ""
    if field.kind not in CHOSEN:
        return written(field, value)
    held = value if isinstance(value, list) else [value]
    return "; ".join(option.key for option in field.options if option.key in held)


def cell_texts(record: str, key: str, ids: Collection[int]) -> dict[int, str]:
    """The same of one field of records, by their ids; empty where nothing is known."""
    field = next(row for row in fields_of(record) if row.key == key)
    values = values_of(record, ids, [field])
    return {one: cell_text(field, values[one].get(key)) for one in ids}


def money_of(value: Plain) -> Money:
    """The money of a plain value."""
    if not isinstance(value, Mapping):
        raise TypeError("not money")
    return Money(int(str(value["minor"])), str(value["currency"]))
