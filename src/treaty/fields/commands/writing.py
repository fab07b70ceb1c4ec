"""What fields hold is written: of one record or of ten thousand, set at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction

from treaty.fields.commands.growing import grow
from treaty.fields.queries import FieldRow, exist, fields_of, kept, offered, written
from treaty.fields.rules import CHOSEN, LINKED, BadValue, Cell, Kind, Plain, cells, grown, plain
from treaty.kit import sql

Told = Mapping[str, object]
"""Plain values by the keys of fields; None empties one."""
Changes = dict[str, list[object]]
"""<record>.<key> -> [before, after], written as files have them: what the audit keeps."""

COLUMNS = ("record_id", "field_id", "part", "text", "folded", "number", "whole", "currency", "day")


class WrongValue(ValueError):
    """What was told of a field cannot be; `key` names the field, `code` says why."""

    def __init__(self, key: str, code: str) -> None:
        super().__init__(f"{key}: {code}")
        self.key, self.code = key, code


class Sheet:
    """The fields of many records of one kind on their way into the table. Within a transaction."""

    def __init__(
        self, record: str, ids: Collection[int], *, takes_retired: bool = False, adds_tags: bool = False
    ) -> None:
        """`takes_retired` lets options be told that are out of use: what was so before is so again. `adds_tags` puts tags
        beside those that a record wears, as files mean it."""
        rows = fields_of(record)
        self.takes_retired, self.adds_tags = takes_retired, adds_tags
        self.record = record
        self.fields = {row.key: row for row in rows}
        self.kept = kept([row.id for row in rows], ids)
        self.stored = set(self.kept)
        self.new: dict[tuple[int, int], tuple[Cell, ...]] = {}
        self.changed: dict[int, dict[str, list[Plain]]] = defaultdict(dict)
        """key -> [before, after] of each record that differs, as plain values."""

    def put(self, one: int, told: Told) -> Changes:
        """Tell fields of a record; what differs. Raises WrongValue."""
        changes: Changes = {}
        for key, value in told.items():
            field = self.fields.get(key)
            if field is None:
                raise WrongValue(key, "no_field")
            before = self.kept.get((one, field.id), ())
            after = self._cells(field, value, before)
            if after != before:
                self.kept[one, field.id] = self.new[one, field.id] = after
                pair = [plain(field.kind, kept) for kept in (before, after)]
                # A record that is told of more than once was at first what it was before all of it.
                first = self.changed[one].get(key, pair)[0]
                self.changed[one][key] = [first, pair[1]]
                changes[f"{self.record}.{key}"] = [written(field, value) for value in pair]
        return changes

    def _cells(self, field: FieldRow, value: object, before: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """The value as columns keep it; a retired option stays with who has it and is not chosen anew."""
        try:
            field = self._with_tags(field, value)
            after = cells(field.kind, value, field.options)
        except BadValue as wrong:
            raise WrongValue(field.key, wrong.code) from None
        if self.adds(field.key):
            after = tuple(
                sorted({cell.part: cell for cell in (*before, *after)}.values(), key=lambda one: one.part)
            )
        if field.kind in CHOSEN - {Kind.TAGS} and after != before and not self.takes_retired:
            retired = {option.id for option in field.options if option.is_retired}
            if retired & ({cell.whole for cell in after} - {cell.whole for cell in before}):
                raise WrongValue(field.key, "no_option")
        return after

    def adds(self, key: str) -> bool:
        """Whether what is told of a field is put beside what the record holds in it."""
        return self.adds_tags and key in self.fields and self.fields[key].kind is Kind.TAGS

    def _with_tags(self, field: FieldRow, value: object) -> FieldRow:
        """The field with the tags that the value brings, which it has from now on."""
        if field.kind is Kind.TAGS and value and len(grown(value, field.options)) > len(field.options):
            options = grow(self.record, {field.key: value})
            field = self.fields[field.key] = replace(field, options=options[field.key])
        return field

    def unknown(self) -> list[str]:
        """The keys of fields that would point to a record that is not there."""
        wanted: dict[str, set[int]] = defaultdict(set)
        linked = {field.id: field for field in self.fields.values() if field.kind in LINKED}
        for (_, field), held in self.new.items():
            if field in linked:
                wanted[linked[field].key] |= {cell.whole for cell in held if cell.whole}
        return [key for key, ids in wanted.items() if ids - exist(self.fields[key].kind, ids)]

    def astray(self) -> list[str]:
        """The keys of fields that would point to a document on another record."""
        files = {field.id: field.key for field in self.fields.values() if field.kind is Kind.FILE}
        told = {(one, field): held for (one, field), held in self.new.items() if field in files and held}
        own = offered(Kind.FILE, self.record, {one for one, _field in told})
        return [
            files[field]
            for (one, field), held in told.items()
            if {cell.whole for cell in held} - {document.id for document in own.get(one, ())}
        ]

    def write(self) -> None:
        """Write what differs."""
        gone: dict[int, list[int]] = defaultdict(list)
        for one, field in self.new.keys() & self.stored:
            gone[field].append(one)
        for field, ids in gone.items():
            with connection.cursor() as cursor:
                condition = f"field_id = %s AND {sql.one_of('record_id')}"
                cursor.execute(f"DELETE FROM fields_value WHERE {condition}", [field, sql.listed(ids)])
        rows = (
            (
                one,
                field,
                cell.part,
                cell.text,
                cell.folded,
                cell.number,
                cell.whole,
                cell.currency,
                _day(cell),
            )
            for (one, field), held in self.new.items()
            for cell in held
        )
        sql.write_rows("fields_value", COLUMNS, rows)


def _day(cell: Cell) -> object:
    """A day as the database takes it."""
    return cell.day if cell.day is None or sql.is_postgresql() else cell.day.isoformat()


def join_tags(record: str, told: Told | None) -> None:
    """Let new tags that a verb is told join their fields, before the verb holds rows of records. Raises WrongValue."""
    tags = {row.key: row for row in fields_of(record) if row.kind is Kind.TAGS} if told else {}
    try:
        new = {
            key: told[key]
            for key, row in tags.items()
            if told and told.get(key) and len(grown(told[key], row.options)) > len(row.options)
        }
        if new:
            grow(record, new)
    except BadValue:
        return  # whoever writes the values says which, and why


def join_all(record: str, told: Iterable[Told | None]) -> None:
    """The same of many records."""
    some = [one for one in told if one]
    tags = [row.key for row in fields_of(record) if row.kind is Kind.TAGS] if some else []
    join_tags(record, {key: [tag for one in some for tag in _listed(one.get(key))] for key in tags})


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value else []


def set_values(record: str, told: Mapping[int, Told], *, at: datetime, by: int | None) -> dict[int, Changes]:
    """Write fields of records by their ids; what differs of each, for the audit of their noun. Raises WrongValue.

    A file is one of the documents on the record: what is seen elsewhere is not shown to who sees this record.
    """
    with transaction.atomic():
        sheet = Sheet(record, told.keys())
        changes = {one: sheet.put(one, values) for one, values in told.items()}
        if unknown := sheet.unknown() or sheet.astray():
            raise WrongValue(unknown[0], "no_record")
        sheet.write()
    return {one: changed for one, changed in changes.items() if changed}
