"""The REST API of what staff say of a person beside its fields: tags, whose it is, and that it must not be reached."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Schema
from pydantic import StringConstraints

from treaty.kit.rest import ACTS, READS, WRITES, Body, Id, Names, Shape, wrong
from treaty.people import commands, queries
from treaty.people.api.door import PRINTABLE, READ, WRITE, one, router
from treaty.staff.access import actor

Tag = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=PRINTABLE, strip_whitespace=True)]


class TagsOut(Schema):
    """The tags a person wears, by name."""

    tags: list[str]


class TagsIn(Body):
    """The tags a person is to wear; those left out are taken off."""

    tags: list[Tag] = Field(max_length=50)


class RefusalsOut(Shape):
    """Since when a person must not be written to or called; null where it may be."""

    unsubscribed_at: datetime | None
    do_not_call_at: datetime | None


class PersonOwnerOut(Schema):
    """Who looks after a person."""

    owner_id: int | None


class PersonOwnerIn(Body):
    """Who is to look after a person."""

    owner_id: Names | None = Field(description="A member of the staff; null for nobody.")


@router.get(
    "/persons/{person}/tags",
    response={200: TagsOut, **READS},
    auth=READ,
    summary="Read a person's tags",
)
def read_tags(request: HttpRequest, person: Id) -> dict[str, list[str]]:
    """All of them, in the order of their names."""
    one(queries.visible_persons(request.user), person)
    return {"tags": queries.tags_of(person)}


@router.put(
    "/persons/{person}/tags",
    response={200: TagsOut, **WRITES},
    auth=WRITE,
    summary="Say which tags a person wears",
)
def put_tags(request: HttpRequest, person: Id, told: TagsIn) -> dict[str, list[str]]:
    """These and no others; a word that nobody used becomes a tag. What the person wears already changes nothing."""
    _person(request, person)
    worn, wanted = queries.tags_of(person), [" ".join(name.split()) for name in told.tags]
    at, by = timezone.now(), actor(request)
    with transaction.atomic():
        if gone := [name for name in worn if name not in wanted]:
            commands.untag([person], tags=gone, at=at, by=by)
        if new := [name for name in wanted if name not in worn]:
            commands.tag([person], tags=new, at=at, by=by)
    return {"tags": queries.tags_of(person)}


@router.put(
    "/persons/{person}/owner",
    response={200: PersonOwnerOut, **WRITES},
    auth=WRITE,
    summary="Give a person to somebody",
)
def put_owner(request: HttpRequest, person: Id, told: PersonOwnerIn) -> PersonOwnerIn:
    """Afterwards the key's owner may not see the person any more."""
    _person(request, person)
    if told.owner_id is not None and not queries.is_staff(told.owner_id):
        raise wrong("owner_id", "There is no such owner.")
    commands.assign_owner([person], owner=told.owner_id, at=timezone.now(), by=actor(request))
    return told


@router.put(
    "/persons/{person}/refusals/{way}",
    response={200: RefusalsOut, **ACTS},
    auth=WRITE,
    summary="Note that a person must not be written to or called",
)
def refuse(request: HttpRequest, person: Id, way: Literal["mail", "call"]) -> Any:
    """The person asked for it. Said twice it counts once."""
    _person(request, person)
    verb = commands.unsubscribe if way == "mail" else commands.refuse_calls
    verb([person], at=timezone.now(), by=actor(request), source="api")
    return _person(request, person)


@router.delete(
    "/persons/{person}/refusals/{way}",
    response={200: RefusalsOut, **ACTS},
    auth=WRITE,
    summary="Note that a person may be written to or called again",
)
def allow(request: HttpRequest, person: Id, way: Literal["mail", "call"]) -> Any:
    """The person said so."""
    _person(request, person)
    commands.allow([person], way=way, at=timezone.now(), by=actor(request))
    return _person(request, person)


def _person(request: HttpRequest, person: int) -> Any:
    return one(queries.visible_persons(request.user).filter(forgotten_at=None), person)
