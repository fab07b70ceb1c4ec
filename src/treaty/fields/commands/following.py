"""What fields hold follows the records: it goes with who is forgotten or merged, and comes back with who is split."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from treaty.fields.models import Field, Value
from treaty.fields.rules import LINKED, Kind

Kept = dict[str, Any]
"""What parting two records again needs, as JSON holds it."""
COLUMNS = ("field_id", "part", "text", "folded", "number", "whole", "currency", "day")


def erase_values(record: str, ids: Collection[int], *, texts_only: bool = False) -> None:
    """Empty all fields of records, or the texts among them: somebody behind them is forgotten."""
    rows = _of(record).filter(record_id__in=sorted(ids))
    if texts_only:
        rows = rows.filter(field__in=_fields(record).filter(kind=Kind.TEXT).values("pk"))
    rows.delete()


def merge_values(record: str, *, survivor: int, merged: int, take: Collection[str] = ()) -> Kept:
    """The survivor gets what it lacks of the merged record, and the fields to `take` by their keys; whatever pointed to
    that one points to it. Where one of the two pointed to the other nothing is left to point to."""
    rows = _of(record).filter(record_id__in=[survivor, merged]).order_by("record_id", "field_id", "part")
    theirs = [list(row) for row in rows.filter(record_id=merged).values_list(*COLUMNS)]
    ours = [list(row) for row in rows.filter(record_id=survivor).values_list(*COLUMNS)]
    links = set(_fields(record).filter(kind=record).values_list("pk", flat=True))
    round_theirs, round_ours = (_round(links, some, (survivor, merged)) for some in (theirs, ours))
    offered = {row[0] for row in theirs} - round_theirs
    taken = set(_fields(record).filter(key__in=take).values_list("pk", flat=True)) & offered
    gone = taken | round_ours
    lost = [_plain(row) for row in ours if row[0] in gone]
    _of(record).filter(record_id=survivor, field__in=gone).delete()
    given = sorted(offered - ({row[0] for row in ours} - gone))
    _of(record).filter(record_id=merged).exclude(field__in=given).delete()
    _moved(_of(record).filter(record_id=merged, field__in=given), survivor)
    pointing = _pointing(record, merged)
    _pointing_rows(record, merged).update(whole=survivor)
    return {"values": [_plain(row) for row in theirs], "given": given, "lost": lost, "pointing": pointing}


def _round(links: Collection[int], rows: Iterable[list[Any]], both: Collection[int]) -> set[int]:
    """The fields by which a record points to one of two that become one."""
    return {field for field, *_, whole, _currency, _day in rows if field in links and whole in both}


def forget_pointed(kind: Kind, ids: Collection[int]) -> None:
    """What fields of a kind pointed to is gone for good: they are empty."""
    kinds = Field.objects.filter(kind=kind).order_by("pk").values_list("pk", flat=True)
    Value.objects.filter(field__in=list(kinds), whole__in=sorted(ids)).delete()


def _moved(rows: "QuerySet[Value]", survivor: int) -> None:
    rows.update(record_id=survivor)


def part_values(record: str, *, survivor: int, merged: int, kept: Mapping[str, Any]) -> None:
    """A merge is undone: the merged record has its fields again; the survivor loses what it got and still has, and has
    again what stood there before."""
    given = [row for row in kept.get("values", ()) if row[0] in kept.get("given", ())]
    lost = kept.get("lost", ())
    for field in {row[0] for row in (*given, *lost)}:
        cells = [row for row in given if row[0] == field]
        if _held(survivor, field) == cells:
            Value.objects.filter(record_id=survivor, field=field).delete()
            _write(survivor, [row for row in lost if row[0] == field])
    _write(merged, kept.get("values", ()))
    for one, field in kept.get("pointing", ()):
        Value.objects.filter(record_id=one, field=field, whole=survivor).update(whole=merged)


def _held(one: int, field: int) -> list[list[Any]]:
    rows = Value.objects.filter(record_id=one, field=field).order_by("part")
    return [_plain(row) for row in rows.values_list(*COLUMNS)]


def _plain(row: Iterable[Any]) -> list[Any]:
    *columns, day = row
    return [*columns, day.isoformat() if day else None]


def _write(one: int, rows: Iterable[list[Any]]) -> None:
    for row in rows:
        values = dict(zip(COLUMNS, row, strict=True))
        if Field.objects.filter(pk=values["field_id"]).exists():
            Value.objects.create(record_id=one, **values)


def _pointing(record: str, one: int) -> list[list[int]]:
    """[record, field] of every value that points to a record."""
    rows = _pointing_rows(record, one).order_by("field_id", "record_id")
    return [list(pair) for pair in rows.values_list("record_id", "field_id")]


def _pointing_rows(record: str, one: int) -> "QuerySet[Value]":
    kinds = [kind for kind in LINKED if kind == record]
    return Value.objects.filter(field__in=Field.objects.filter(kind__in=kinds).values("pk"), whole=one)


def _of(record: str) -> "QuerySet[Value]":
    """All values of records of a kind."""
    return Value.objects.filter(field__in=_fields(record).values("pk"))


def _fields(record: str) -> "QuerySet[Field]":
    return Field.objects.filter(record=record)
