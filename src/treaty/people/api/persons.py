"""The REST API of persons: a list with a cursor, one record, add, correct, forget. A key sees what its owner sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.utils import timezone
from ninja import Field, Query, Schema, Status
from ninja.errors import HttpError
from pydantic import StringConstraints

from treaty.fields.queries import with_own
from treaty.fields.rest import OwnIn, OwnOut, Record, checked, writing
from treaty.kit.group_commit import Group, NotTogether
from treaty.kit.rest import ACTS, ADDS, LISTS, READS, WRITES, Asks, Body, Id, Names, Part, Shape, wrong
from treaty.kit.routes import in_group, short, tells_row
from treaty.people import commands, queries
from treaty.people.api.consents import ConsentTold, Telling
from treaty.people.api.door import (
    PRINTABLE,
    READ,
    WRITE,
    Country,
    Identity,
    Narrowed,
    Text20,
    Text120,
    Text200,
    Zone,
    narrowed,
    one,
    part_of,
    router,
    unfit,
)
from treaty.people.rules import STATED, BadIdentity, Outcome, PersonDraft, Stage, called, normalised
from treaty.staff.access import Key, caller
from treaty.staff.queries import User
from treaty.staff.rules import FORGET_PEOPLE


class PersonOut(Record):
    """A person."""

    record = "person"

    id: int
    name: str
    name_local: str
    given_name: str
    family_name: str
    email: str
    phone: str
    title: str
    language: str
    time_zone: str
    country: str
    city: str
    interest: str
    channel: str
    landing_page: str
    stage: Stage
    stage_since: datetime
    company_id: int | None
    owner_id: int | None
    unsubscribed_at: datetime | None
    do_not_call_at: datetime | None
    forgotten_at: datetime | None
    created_at: datetime
    changed_at: datetime
    fields: OwnOut


class Persons(Schema):
    """A part of the persons; `next` goes into `after` of the next call, and is null at the end."""

    items: list[PersonOut]
    next: str | None


class PersonChange(Body):
    """Fields to change; those left out stay, an empty text empties the field."""

    name: Text200 | None = None
    name_local: Text200 | None = None
    given_name: Annotated[str, StringConstraints(max_length=100, pattern=PRINTABLE)] | None = None
    family_name: Annotated[str, StringConstraints(max_length=100, pattern=PRINTABLE)] | None = None
    title: Text120 | None = None
    language: Text20 | None = None
    time_zone: Zone | None = None
    country: Country | None = None
    city: Text120 | None = None
    interest: Text120 | None = None
    channel: Annotated[str, StringConstraints(max_length=60, pattern=PRINTABLE)] | None = None
    landing_page: Text200 | None = None
    fields: OwnIn | None = None


class PersonIn(PersonChange):
    """A person to add, or to enrich where one of the identities is known. At least a name or an identity."""

    emails: list[Identity] = Field(default_factory=list, max_length=20)
    phones: list[Identity] = Field(
        default_factory=list, max_length=20, description="E.164, or as dialled in the country."
    )
    external: list[Identity] = Field(
        default_factory=list, max_length=20, description="Keys elsewhere, as source:key."
    )
    company: Text200 = ""
    stage: Stage | None = None
    owner_id: Names | None = None
    tags: list[Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=PRINTABLE)]] = Field(
        default_factory=list, max_length=50
    )
    consents: list[ConsentTold] = Field(
        default_factory=list, max_length=50, description="To what the person agrees, or does not any more."
    )


class PersonAdded(Shape):
    """The person, and what the call did: new, changed or unchanged."""

    outcome: Outcome
    person: PersonOut


class PersonQuery(Narrowed):
    """What persons a call asks for."""

    sort: Literal["name", "-name", "created_at", "-created_at"] = "-created_at"
    stage: Stage | None = None
    channel: str | None = Field(None, max_length=60)
    email: str = Field("", max_length=320, description="The main mail address, exactly.")
    company_id: Asks | None = None


@dataclass(frozen=True)
class Adding:
    """Who adds whom."""

    user: User
    draft: PersonDraft


def add_alone(told: Adding) -> tuple[Outcome, queries.Person]:
    """Add or enrich one person; what it did, and the person."""
    user = told.user
    added = commands.add_person(
        told.draft,
        at=timezone.now(),
        by=user.pk,
        source="api",
        owner_if_new=user.pk,
        may_enrich=lambda person: queries.visible_persons(user).filter(pk=person).exists(),
    )
    return added.outcome, queries.person_told(added.person_id)


def add_together(several: Sequence[Adding]) -> list[tuple[Outcome, queries.Person]]:
    """The same for several who are all new, and told of by one user; else none of them is added here."""
    (user, *others) = {one.user.pk for one in several}
    if others:
        raise NotTogether
    drafts, at = [one.draft for one in several], timezone.now()
    with transaction.atomic():
        try:
            added = commands.add_newcomers(drafts, at=at, by=user, source="api")
        except (
            Exception
        ) as error:  # one's own mistake and no other's; what fails at COMMIT, outside, is everybody's
            raise NotTogether from error
    persons = queries.persons_told([one.person_id for one in added])
    return [(one.outcome, person) for one, person in zip(added, persons, strict=True)]


ADDING = Group(together=add_together, alone=add_alone)


@router.get("/persons", response={200: Persons, **LISTS}, auth=READ, summary="List persons")
def list_persons(request: HttpRequest, asked: Query[PersonQuery]) -> Part[Any]:
    """Persons the key's owner may see, narrowed and ordered, page by page."""
    rows = narrowed(queries.visible_persons(request.user), asked)
    if asked.stage:
        rows = rows.filter(stage=asked.stage.value)
    if asked.channel is not None:
        rows = rows.filter(channel=asked.channel)
    if asked.company_id:
        rows = rows.filter(company=asked.company_id)
    if asked.email:
        rows = rows.filter(email=asked.email.strip().casefold())
    return part_of(with_own("person", rows), asked)


@router.get(
    "/persons/{person}", response={200: PersonOut, 307: None, **READS}, auth=READ, summary="Read a person"
)
@tells_row(queries.visible_persons)
def read_person(request: HttpRequest, person: Id) -> Any:
    """One person the key's owner may see. 307 leads to who a merged person turned out to be, for as long as it is so."""
    rows = queries.visible_persons(request.user)
    return with_own("person", rows).filter(pk=person).first() or _survivor(request, rows, person)


@router.post(
    "/persons", response={200: PersonAdded, 201: PersonAdded, **ADDS}, auth=WRITE, summary="Add a person"
)
@short
@in_group(ADDING)
def add_person(request: HttpRequest, told: PersonIn) -> Any:
    """201 where the person is new, 200 where one of the identities was known and the person was enriched.

    409 where the person known by an identity is one the key's owner may not see, in the bin, or asked to be forgotten.
    """
    draft = draft_of(told, Telling())
    checked(request, "person", told.fields)
    if told.owner_id is not None and not queries.is_staff(told.owner_id):
        raise wrong("owner_id", "There is no such owner.")
    try:
        outcome, person = ADDING.do(Adding(caller(request), draft))
    except commands.Forgotten:
        raise HttpError(
            409, "This person asked to be forgotten, and can be added only by another identity."
        ) from None
    except commands.Binned:
        raise HttpError(409, "This person is in the bin. Restore the person first.") from None
    except commands.IdentityTaken:
        raise HttpError(409, "Somebody has one of these identities, whom this key may not see.") from None
    return Status(201 if outcome is Outcome.NEW else 200, {"outcome": outcome, "person": person})


@router.patch(
    "/persons/{person}",
    response={200: PersonOut, 307: None, **WRITES},
    auth=WRITE,
    summary="Correct a person",
)
@short
def change_person(request: HttpRequest, person: Id, told: PersonChange) -> Any:
    """Change fields of one person the key's owner may see. 307 leads to who a merged person turned out to be."""
    row = queries.visible_person(caller(request), person)
    if row is None:
        return _survivor(request, queries.visible_persons(request.user), person)
    if row.forgotten_at is not None:
        raise Http404
    checked(request, "person", told.fields, with_retired=True)
    changes: dict[str, object] = told.model_dump(exclude_unset=True, exclude_none=True, exclude={"fields"})
    if "country" in changes:
        changes["country"] = str(changes["country"]).upper()
    if changes.get("name") == "":
        raise wrong("name", "A person cannot be without a name.")
    at, by = timezone.now(), request.user.pk
    writing(lambda: commands.change_person(row.pk, changes=changes, own=told.fields, at=at, by=by))
    return queries.person_told(person)


@router.post(
    "/persons/{person}/forgetting",
    response={200: PersonOut, **WRITES},
    auth=Key("people:write", FORGET_PEOPLE),
    summary="Forget a person",
)
def forget_person(request: HttpRequest, person: Id) -> Any:
    """Erase for ever what is readable of one person. Its number, links and sums stay; a second call changes nothing."""
    row = one(queries.visible_persons(request.user), person)
    commands.forget_person(row.pk, at=timezone.now(), by=request.user.pk, cause="api")
    return one(queries.visible_persons(request.user), person)


@router.delete(
    "/persons/{person}",
    response={204: None, **ACTS},
    auth=WRITE,
    summary="Put a person into the bin",
)
def bin_person(request: HttpRequest, person: Id) -> Status[None]:
    """The person leaves all lists, segments and counts, and is forgotten after 30 days unless restored before."""
    row = one(queries.visible_persons(request.user).filter(forgotten_at=None), person)
    commands.bin_persons([row.pk], at=timezone.now(), by=request.user.pk, cause="api")
    return Status(204, None)


@router.post(
    "/persons/{binned}/restoration",
    response={200: PersonOut, **ACTS},
    auth=WRITE,
    summary="Bring a person back from the bin",
)
def restore_person(request: HttpRequest, binned: Id) -> Any:
    """All is as it was; 404 where the person is not in the bin."""
    row = one(queries.bin_of(request.user), binned)
    commands.restore_persons([row.pk], at=timezone.now(), by=request.user.pk, cause="api")
    return one(queries.visible_persons(request.user), binned)


def draft_of(told: PersonIn, telling: Telling) -> PersonDraft:
    """What is told as a draft; 422 where an identity or a consent is none, or where there is nothing to call the person by."""
    plain: dict[str, Any] = {name: value for name in STATED if (value := getattr(told, name))}
    country = plain["country"] = (told.country or "").upper()
    identities: dict[str, Any] = {
        field: tuple(_normalised(field, kind, text, country) for text in getattr(told, field))
        for field, kind in (("emails", "email"), ("phones", "phone"), ("external", "external"))
    }
    more: dict[str, Any] = {
        "company": told.company,
        "stage": told.stage,
        "owner": told.owner_id,
        "tags": tuple(told.tags),
        "consents": telling.drafts(told.consents),
        "fields": told.fields,
    }
    draft = PersonDraft(**plain, **identities, **more)
    if not called(draft).strip():
        raise wrong("name", "Tell a name, a mail address, a phone number or an external key.")
    return draft


def _normalised(field: str, kind: str, text: str, country: str) -> str:
    try:
        return normalised(kind, text, country)
    except BadIdentity as mistake:
        raise unfit(field, mistake, text) from None


def _survivor(request: HttpRequest, rows: "QuerySet[Any]", person: int) -> HttpResponseRedirect:
    """Where somebody who is not there is found now; 404 where that is nowhere, or the key's owner may not see it."""
    survivor = queries.survivor(person)
    if survivor is None or not rows.filter(pk=survivor).exists():
        raise Http404
    path = request.path.removesuffix(f"/{person}") + f"/{survivor}"
    return HttpResponseRedirect(path, preserve_request=True)
