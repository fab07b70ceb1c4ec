"""Segments over REST: list and read them, who is in one, add, change, remove."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import StringConstraints

from treaty.kit.keyset import Order
from treaty.kit.rest import ACTS, ADDS, LISTS, READS, WRITES, Asked, Id, Part, part, part_of_few, wrong
from treaty.kit.routes import tells_row
from treaty.people import queries as people
from treaty.segments import commands, queries
from treaty.segments.rules import NotAPredicate, Predicate, parse
from treaty.segments.wording import Names, problem_sentence, sentence, sentences, still_asked
from treaty.staff.access import Key, actor
from treaty.staff.rules import EDIT_PEOPLE, SEE_PEOPLE

router = Router(tags=["segments"])
READ, WRITE = Key("segments:read", SEE_PEOPLE), Key("segments:write", EDIT_PEOPLE)
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]


class SegmentOut(Schema):
    """A segment; `followed_until` is null while its members are being found."""

    id: int
    name: str
    predicate: dict[str, Any]
    meaning: str = Field(description="Whom it means, as a sentence.")
    members: int
    followed_until: datetime | None
    created_at: datetime
    changed_at: datetime


class MeaningsOut(Schema):
    """What a segment means, by the code of the language it is said in."""

    meanings: dict[str, str]


class Segments(Schema):
    """A part of the segments; `next` goes into `after` of the next call, and is null at the end."""

    items: list[SegmentOut]
    next: str | None


class MemberOut(Schema):
    """Somebody in a segment."""

    person_id: int
    name: str
    email: str
    stage: str


class Members(Schema):
    """A part of the members; `next` goes into `after` of the next call, and is null at the end."""

    items: list[MemberOut]
    next: str | None


class SegmentVersionOut(Schema):
    """What a segment meant from a time on; `by` is a name, empty where nobody of the staff said so."""

    number: int
    predicate: dict[str, Any]
    meaning: str
    at: datetime
    by: str


class SegmentVersions(Schema):
    """A part of the versions; `next` goes into `after` of the next call, and is null at the end."""

    items: list[SegmentVersionOut]
    next: str | None


class SegmentQuery(Asked):
    """In which order."""

    sort: Literal["name", "-name"] = "name"


class SegmentIn(Schema):
    """A segment to save; the predicate is a tree of the published JSON Schema."""

    model_config = {"extra": "forbid"}
    name: Name
    predicate: dict[str, Any]


class SegmentPatch(Schema):
    """What to change; what is left out stays."""

    model_config = {"extra": "forbid"}
    name: Name | None = None
    predicate: dict[str, Any] | None = None


@router.get("/segments", response={200: Segments, **LISTS}, auth=READ, summary="List segments")
def list_segments(request: HttpRequest, asked: Query[SegmentQuery]) -> Part[dict[str, Any]]:
    """Every segment with the number of its members."""
    order = Order("name", is_descending=asked.sort.startswith("-"))
    names = queries.words(queries.trees().values(), request.user)
    return part(queries.listed(), asked, lambda row: told(row, request.user, names), order=order)


@router.post("/segments", response={201: SegmentOut, **ADDS}, auth=WRITE, summary="Save a segment")
def add_segment(request: HttpRequest, segment: SegmentIn) -> Status[dict[str, Any]]:
    """Save a predicate; whoever fits is found in the background and followed from then on. 409 where the name is taken."""
    tree = tree_of(segment.predicate)
    try:
        made = commands.add_segment(segment.name, tree=tree, at=timezone.now(), by=actor(request))
    except commands.NameTaken:
        raise HttpError(409, TAKEN) from None
    except NotAPredicate as mistake:
        raise not_so(mistake) from None
    return Status(201, told(row_of(made), request.user))


def every(_user: object) -> "QuerySet[Any]":
    """All segments: whoever sees people sees which there are."""
    return queries.listed()


@router.get("/segments/{segment}", response={200: SegmentOut, **READS}, auth=READ, summary="Read a segment")
@tells_row(every)
def read_segment(request: HttpRequest, segment: Id) -> dict[str, Any]:
    """One segment."""
    return told(row_of(segment), request.user)


@router.get(
    "/segments/{segment}/meanings",
    response={200: MeaningsOut, **READS},
    auth=READ,
    summary="Read what a segment means in every language",
)
def read_meanings(request: HttpRequest, segment: Id) -> dict[str, Any]:
    """The same sentence in each language."""
    tree = parse(row_of(segment).predicate)
    said = sentences(tree, queries.words([tree], request.user))
    return {"meanings": {language.code: meaning for language, meaning in said}}


@router.patch(
    "/segments/{segment}", response={200: SegmentOut, **WRITES}, auth=WRITE, summary="Change a segment"
)
def change_segment(request: HttpRequest, segment: Id, patch: SegmentPatch) -> dict[str, Any]:
    """Call it otherwise, or let it mean others: then its members are found anew."""
    row = row_of(segment)
    tree = tree_of(row.predicate if patch.predicate is None else patch.predicate)
    name = row.name if patch.name is None else patch.name
    try:
        commands.change_segment(segment, name=name, tree=tree, at=timezone.now(), by=actor(request))
    except commands.NameTaken:
        raise HttpError(409, TAKEN) from None
    except NotAPredicate as mistake:
        raise not_so(mistake) from None
    return told(row_of(segment), request.user)


@router.delete("/segments/{segment}", response={204: None, **ACTS}, auth=WRITE, summary="Remove a segment")
def remove_segment(request: HttpRequest, segment: Id) -> Status[None]:
    """Forget a segment and who was in it. 409 while other segments ask for it."""
    row_of(segment)
    try:
        commands.remove_segment(segment, at=timezone.now(), by=actor(request))
    except commands.StillAsked as asked:
        raise HttpError(409, still_asked(asked.names)) from None
    return Status(204, None)


@router.get(
    "/segments/{segment}/versions",
    response={200: SegmentVersions, **LISTS, **READS},
    auth=READ,
    summary="List what a segment meant",
)
def list_versions(request: HttpRequest, segment: Id, asked: Query[Asked]) -> Part[dict[str, Any]]:
    """Every version, the newest first: who changed it and when."""
    row_of(segment)
    versions = queries.versions(segment)
    names = queries.words([one.tree for one in versions], request.user)

    def version(one: queries.Version) -> dict[str, Any]:
        told = {
            "number": one.number,
            "predicate": one.tree.model_dump(mode="json", by_alias=True, exclude_none=True),
        }
        return {**told, "meaning": sentence(one.tree, names), "at": one.at, "by": one.by}

    return part_of_few(versions, asked, version, number=lambda one: one.number)


@router.post(
    "/segments/{segment}/versions/{number}/restoration",
    response={200: SegmentOut, **WRITES},
    auth=WRITE,
    summary="Let a segment mean again what it meant",
)
def restore_version(request: HttpRequest, segment: Id, number: Id) -> dict[str, Any]:
    """What it meant in a version becomes a new version; its members are found anew."""
    row_of(segment)
    if queries.meaning_of(segment, number) is None:
        raise Http404
    try:
        commands.restore_version(segment, version=number, at=timezone.now(), by=actor(request))
    except NotAPredicate as mistake:
        raise not_so(mistake) from None
    return told(row_of(segment), request.user)


@router.get(
    "/segments/{segment}/members",
    response={200: Members, **LISTS, **READS},
    auth=READ,
    summary="List who is in a segment",
)
def list_members(request: HttpRequest, segment: Id, asked: Query[Asked]) -> Part[dict[str, Any]]:
    """The members whom the key's owner sees, the newest persons first."""
    row_of(segment)
    rows = people.visible_persons(request.user).filter(pk__in=queries.members_of(segment))
    return part(rows, asked, member)


TAKEN = "Another segment is called so."


def told(row: Any, user: Any, names: Names | None = None) -> dict[str, Any]:
    """A segment as the API tells it to a user."""
    tree = parse(row.predicate)
    meaning = sentence(tree, queries.words([tree], user) if names is None else names)
    columns = ("name", "predicate", "members", "followed_until", "created_at", "changed_at")
    return {"id": row.pk, "meaning": meaning, **{name: getattr(row, name) for name in columns}}


def member(person: Any) -> dict[str, Any]:
    """A member as the API tells it."""
    return {"person_id": person.pk, **{name: getattr(person, name) for name in ("name", "email", "stage")}}


def row_of(segment: int) -> Any:
    """The segment; 404 where there is none."""
    row = queries.listed().filter(pk=segment).first()
    if row is None:
        raise Http404
    return row


def tree_of(predicate: dict[str, Any]) -> Predicate:
    """The predicate told; 422 with what is wrong with it."""
    try:
        return parse(predicate)
    except NotAPredicate as mistake:
        raise not_so(mistake) from None


def not_so(mistake: NotAPredicate) -> Exception:
    """422 with what is wrong with a predicate."""
    return wrong("predicate", " ".join(problem_sentence(one) for one in mistake.problems))
