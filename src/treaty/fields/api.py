"""The fields of a company's own over REST: which keys `fields` of a person, company or deal has, and what each may hold."""

from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router

from treaty.fields import queries
from treaty.fields.queries import FieldRow
from treaty.fields.rules import Kind
from treaty.kit.rest import LISTS, READS, Asked, Id, Part, Shape, part_of_few
from treaty.staff.access import Key
from treaty.staff.rules import SEE_PEOPLE

router = Router(tags=["fields"])
READ = Key("people:read", SEE_PEOPLE)


class OptionOut(Shape):
    """Something to choose, told by its key."""

    key: str
    name: str
    is_retired: bool


class FieldOut(Shape):
    """A field. Its key and kind never change; a retired one takes no values any more."""

    id: int
    record: str = Field(description="person, company or deal.")
    key: str
    name: str
    kind: Kind
    hint: str
    options: list[OptionOut]
    is_retired: bool


class Fields(Shape):
    """A part of the fields, the newest first; `next` goes into `after` of the next call, and is null at the end."""

    items: list[FieldOut]
    next: str | None


class FieldQuery(Asked):
    """Which fields a call asks for."""

    record: Literal["person", "company", "deal"] | None = None


@router.get("/fields", response={200: Fields, **LISTS}, auth=READ, summary="List fields of your own")
def list_fields(request: HttpRequest, asked: Query[FieldQuery]) -> Part[FieldRow]:
    """The fields that records have beside what all have, retired ones among them."""
    rows = [row for row in queries.all_fields() if asked.record in {None, row.record}]
    rows.sort(key=lambda row: -row.id)
    return part_of_few(rows, asked, lambda row: row, number=lambda row: row.id)


@router.get("/fields/{field}", response={200: FieldOut, **READS}, auth=READ, summary="Read a field")
def read_field(request: HttpRequest, field: Id) -> Any:
    """One field with what there is to choose."""
    row = queries.field_row(field)
    if row is None:
        raise Http404
    return row
