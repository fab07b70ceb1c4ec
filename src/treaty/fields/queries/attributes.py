"""What predicates and scores see of fields: read within the one question that reads all else of a person."""

import json
from collections import defaultdict

from treaty.fields.rules import Cell, Kind, Plain, compared, plain
from treaty.kit import sql
from treaty.kit.together import Question

READ = "f.key, f.kind, v.part, v.text, v.number, v.whole, v.currency"


def gathered(record: str, column: str, *, retired: bool = True) -> str:
    """An expression: what the fields of a record hold whose id is in `column`, as one value that `read` reads.

    Of `retired` fields, too: a segment that asks for one goes on as it was.
    """
    rows = (
        f"FROM fields_value v JOIN fields_field f ON f.id = v.field_id WHERE v.record_id = {column}"
        f" AND f.record = '{record}'{'' if retired else ' AND f.retired_at IS NULL'}"
    )
    if sql.is_postgresql():
        return f"(SELECT json_agg(json_build_array({READ}))::text {rows})"
    return f"(SELECT json_group_array(json_array({READ})) {rows})"


def values_alone(record: str, one: int) -> dict[str, Plain]:
    """The plain values of the fields in use of one record, in one question."""
    [(held,)] = sql.ask(*asked_alone(record, one))
    return read_plain(held)


def asked_alone(record: str, one: int) -> Question:
    """What `values_alone` asks."""
    return f"SELECT {gathered(record, '%s', retired=False)}", [one]


def read(value: str | None) -> dict[str, object]:
    """The values behind an expression of `gathered` by the fields' keys, as predicates compare them."""
    return {key: compared(kind, plain(kind, cells)) for key, kind, cells in _cells(value)}


def read_plain(value: str | None) -> dict[str, Plain]:
    """The same as plain values."""
    return {key: plain(kind, cells) for key, kind, cells in _cells(value)}


def _cells(value: str | None) -> list[tuple[str, Kind, list[Cell]]]:
    if value is None or value == "[]":
        return []
    found: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for key, kind, part, text, number, whole, currency in json.loads(value):
        found[key, kind].append(Cell(text, None, number, whole, currency, None, part))
    return [(key, Kind(kind), cells) for (key, kind), cells in found.items()]
