"""The REST API of a person's addresses, numbers and keys: what each is, whether it reaches the person, which is the main one."""

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Schema, Status
from ninja.errors import HttpError
from pydantic import StringConstraints

from treaty.kit.rest import LISTS, READS, WRITES, Asked, Body, Id, Part, Shape, part_of_few, wrong
from treaty.people import commands, queries
from treaty.people.api.door import PRINTABLE, READ, WRITE, one, router, unfit
from treaty.people.rules import BadIdentity
from treaty.staff.access import actor

Label = Annotated[
    Literal["", "work", "private", "mobile", "switchboard", "other"],
    Field(description="What it is; empty where nobody said."),
]


class IdentityOut(Shape):
    """A mail address, phone number or key elsewhere; the main ones that reach the person stand in its row, too."""

    id: int
    kind: Literal["email", "phone", "external"]
    value: str
    label: str
    is_valid: bool
    is_main: bool


class Identities(Schema):
    """A part of a person's identities; `next` goes into `after` of the next call, and is null at the end."""

    items: list[IdentityOut]
    next: str | None


class IdentityIn(Body):
    """A mail address, phone number or key to add."""

    kind: Literal["email", "phone", "external"]
    value: Annotated[str, StringConstraints(min_length=1, max_length=320, pattern=PRINTABLE)]
    label: Label = ""


class IdentityChange(Body):
    """What to say of it; what is left out stays."""

    label: Label | None = None
    is_valid: bool | None = Field(None, strict=True, description="Whether it reaches the person.")
    is_main: Literal[True] | None = Field(
        None, description="The one to use first; the one before is so no more."
    )


@router.get(
    "/persons/{person}/identities",
    response={200: Identities, **LISTS, **READS},
    auth=READ,
    summary="List a person's identities",
)
def list_identities(request: HttpRequest, person: Id, asked: Query[Asked]) -> Part[Any]:
    """How a person the key's owner sees is recognised and reached."""
    one(queries.visible_persons(request.user), person)
    lines = queries.identities_told(request.user, person)
    return part_of_few(lines[::-1], asked, lambda line: line, number=lambda line: line.id)


@router.post(
    "/persons/{person}/identities",
    response={201: IdentityOut, **WRITES},
    auth=WRITE,
    summary="Add an identity to a person",
)
def add_identity(request: HttpRequest, person: Id, told: IdentityIn) -> Any:
    """One that the person has is labelled, and reaches it again. 409 where somebody else has it."""
    one(queries.visible_persons(request.user).filter(forgotten_at=None), person)
    try:
        identity = commands.add_identity(person, **told.model_dump(), at=timezone.now(), by=actor(request))
    except BadIdentity as mistake:
        raise unfit("value", mistake, told.value) from None
    except commands.IdentityTaken:
        raise HttpError(409, "Somebody else has this identity.") from None
    return Status(201, _line(request, person, identity))


@router.patch(
    "/persons/{person}/identities/{identity}",
    response={200: IdentityOut, **WRITES},
    auth=WRITE,
    summary="Say what an identity of a person is",
)
def change_identity(request: HttpRequest, person: Id, identity: Id, told: IdentityChange) -> Any:
    """Its label, whether it reaches the person, and that it is the one to use first."""
    one(queries.visible_persons(request.user).filter(forgotten_at=None), person)
    line, at, by = _line(request, person, identity), timezone.now(), actor(request)
    if told.is_main and told.is_valid is False:
        raise wrong("is_main", "What does not reach the person cannot be the main one.")
    if told.label is not None:
        commands.label_identity(person, identity=identity, label=told.label, at=at, by=by)
    if told.is_valid is not None and told.is_valid != line.is_valid:
        act = commands.reinstate_identity if told.is_valid else commands.invalidate_identity
        act(person, identity=identity, at=at, by=by)
    if told.is_main and line.kind != "external":
        commands.make_main(person, identity=identity, at=at, by=by)
    return _line(request, person, identity)


def _line(request: HttpRequest, person: int, identity: int) -> queries.IdentityLine:
    lines = queries.identities_told(request.user, person)
    if (found := next((line for line in lines if line.id == identity), None)) is None:
        raise Http404
    return found
