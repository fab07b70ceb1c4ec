"""The fields of a company's own over REST: which keys `fields` of a person, company or deal has, and what each may hold;
how they are defined, renamed and retired."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Status
from ninja.errors import HttpError
from pydantic import StringConstraints

from treaty.fields import commands, queries, wording
from treaty.fields.commands import FieldDraft, Refused
from treaty.fields.queries import FieldRow
from treaty.fields.rules import CHOSEN, MOST_OPTIONS, Kind
from treaty.kit.rest import ACTS, ADDS, LISTS, READS, WRITES, Asked, Body, Id, Part, Shape, part_of_few, wrong
from treaty.staff.access import Key, actor
from treaty.staff.rules import MANAGE_FIELDS, SEE_PEOPLE

router = Router(tags=["fields"])
READ, WRITE = Key("people:read", SEE_PEOPLE), Key("fields:write", MANAGE_FIELDS)
Record = Literal["person", "company", "deal"]
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60, strip_whitespace=True, pattern=r"^[^\x00-\x1f]*$"),
]
Hint = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f]*$")]
TAKEN = frozenset({"name_taken", "option_taken"})


class OptionOut(Shape):
    """Something to choose: values name it by its key, calls that change it by its id."""

    id: int
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

    record: Record | None = None


class FieldIn(Body):
    """A field to define; `options` are what can be chosen, where its kind is one of choices or tags."""

    record: Record
    name: Name
    kind: Kind
    hint: Hint = ""
    options: list[Name] = Field(default_factory=list, max_length=MOST_OPTIONS)


class FieldPatch(Body):
    """What to change; what is left out stays, and so do key and kind."""

    name: Name | None = None
    hint: Hint | None = None


class OptionIn(Body):
    """Something more to choose."""

    name: Name


class OptionPatch(Body):
    """What to change; a retired option is offered no more, and stays with who has it."""

    name: Name | None = None
    is_retired: Annotated[bool, Field(strict=True)] | None = None


@router.get("/fields", response={200: Fields, **LISTS}, auth=READ, summary="List fields of your own")
def list_fields(request: HttpRequest, asked: Query[FieldQuery]) -> Part[FieldRow]:
    """The fields that records have beside what all have, retired ones among them."""
    rows = [row for row in queries.all_fields() if asked.record in {None, row.record}]
    rows.sort(key=lambda row: -row.id)
    return part_of_few(rows, asked, lambda row: row, number=lambda row: row.id)


@router.get("/fields/{field}", response={200: FieldOut, **READS}, auth=READ, summary="Read a field")
def read_field(request: HttpRequest, field: Id) -> Any:
    """One field with what there is to choose."""
    return found(field)


@router.post("/fields", response={201: FieldOut, **ADDS}, auth=WRITE, summary="Define a field")
def add_field(request: HttpRequest, told: FieldIn) -> Status[FieldRow]:
    """At once in forms, lists, files and calls. 409 where another field of the record has the name."""
    draft = FieldDraft(told.record, told.name, told.kind, told.hint, told.options)
    with refusing():
        made = commands.add_field(draft, at=timezone.now(), by=actor(request))
    return Status(201, found(made))


@router.patch("/fields/{field}", response={200: FieldOut, **WRITES}, auth=WRITE, summary="Change a field")
def change_field(request: HttpRequest, field: Id, told: FieldPatch) -> FieldRow:
    """Another name or hint; records, segments and programs go on with its key."""
    row = found(field)
    name, hint = (row.name if told.name is None else told.name, row.hint if told.hint is None else told.hint)
    with refusing():
        commands.change_field(field, name=name, hint=hint, at=timezone.now(), by=actor(request))
    return found(field)


@router.put(
    "/fields/{field}/retirement", response={200: FieldOut, **ACTS}, auth=WRITE, summary="Retire a field"
)
def retire_field(request: HttpRequest, field: Id) -> FieldRow:
    """It stands in no form and no list, and takes no values; what it holds is kept."""
    found(field)
    commands.retire_field(field, at=timezone.now(), by=actor(request))
    return found(field)


@router.delete(
    "/fields/{field}/retirement",
    response={200: FieldOut, **ACTS},
    auth=WRITE,
    summary="Put a field to use again",
)
def reinstate_field(request: HttpRequest, field: Id) -> FieldRow:
    """With all that it held. 409 where another has its name now."""
    found(field)
    with refusing():
        commands.reinstate_field(field, at=timezone.now(), by=actor(request))
    return found(field)


@router.post(
    "/fields/{field}/options",
    response={201: FieldOut, **WRITES},
    auth=WRITE,
    summary="Add something to choose",
)
def add_option(request: HttpRequest, field: Id, told: OptionIn) -> Status[FieldRow]:
    """One more option of a field of choices or tags. 409 where one has the name."""
    if found(field).kind not in CHOSEN:
        raise HttpError(409, "Nothing is chosen in this field.")
    with refusing():
        commands.add_option(field, name=told.name, at=timezone.now(), by=actor(request))
    return Status(201, found(field))


@router.patch(
    "/fields/{field}/options/{option}",
    response={200: FieldOut, **WRITES},
    auth=WRITE,
    summary="Change something to choose",
)
def change_option(request: HttpRequest, field: Id, option: Id, told: OptionPatch) -> FieldRow:
    """Another name, or out of use, or in use again; its key stays."""
    if option not in {one.id for one in found(field).options}:
        raise Http404
    at, by = timezone.now(), actor(request)
    with refusing(), transaction.atomic():
        if told.name is not None:
            commands.rename_option(field, option=option, name=told.name, at=at, by=by)
        if told.is_retired is not None:
            mark = commands.retire_option if told.is_retired else commands.reinstate_option
            mark(field, option=option, at=at, by=by)
    return found(field)


def found(field: int) -> FieldRow:
    """The field; 404 where there is none."""
    row = queries.field_row(field)
    if row is None:
        raise Http404
    return row


@contextmanager
def refusing() -> Iterator[None]:
    """What the commands refuse: 409 for a name that is taken, else 422 with the place."""
    try:
        yield
    except Refused as refused:
        if refused.code in TAKEN:
            raise HttpError(409, wording.refusal(refused.code)) from None
        raise wrong(
            "name" if refused.field == "option" else refused.field, wording.refusal(refused.code)
        ) from None
