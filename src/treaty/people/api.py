"""The REST API of persons and companies: lists with a cursor, one record, add, correct. A key sees what its owner sees."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import StringConstraints

from treaty.kit.keyset import Order
from treaty.kit.rest import ADDS, LISTS, READS, WRITES, Asked, Asks, Id, Names, Part, part, wrong
from treaty.people import commands, queries
from treaty.people.rules import (
    STATED,
    BadIdentity,
    CompanyDraft,
    Outcome,
    PersonDraft,
    Stage,
    called,
    fold,
    normalised,
)
from treaty.staff.access import Key
from treaty.staff.rules import EDIT_PEOPLE, FORGET_PEOPLE, SEE_PEOPLE

router = Router(tags=["people"])
READ, WRITE = Key("people:read", SEE_PEOPLE), Key("people:write", EDIT_PEOPLE)

PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
Text20 = Annotated[str, StringConstraints(max_length=12, pattern=PRINTABLE)]
Text120 = Annotated[str, StringConstraints(max_length=120, pattern=PRINTABLE)]
Text200 = Annotated[str, StringConstraints(max_length=200, pattern=PRINTABLE)]
Identity = Annotated[str, StringConstraints(min_length=1, max_length=320, pattern=PRINTABLE)]
Country = Annotated[str, StringConstraints(pattern=r"^([A-Za-z]{2})?$")]
Number = Annotated[int, Field(ge=0, le=2_147_483_647, strict=True)]


class PersonOut(Schema):
    """A person."""

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


class Persons(Schema):
    """A part of the persons; `next` goes into `after` of the next call, and is null at the end."""

    items: list[PersonOut]
    next: str | None


class PersonChange(Schema):
    """Fields to change; those left out stay, an empty text empties the field."""

    model_config = {"extra": "forbid"}
    name: Text200 | None = None
    name_local: Text200 | None = None
    given_name: Annotated[str, StringConstraints(max_length=100, pattern=PRINTABLE)] | None = None
    family_name: Annotated[str, StringConstraints(max_length=100, pattern=PRINTABLE)] | None = None
    title: Text120 | None = None
    language: Text20 | None = None
    time_zone: Annotated[str, StringConstraints(max_length=40, pattern=PRINTABLE)] | None = None
    country: Country | None = None
    city: Text120 | None = None
    interest: Text120 | None = None
    channel: Annotated[str, StringConstraints(max_length=60, pattern=PRINTABLE)] | None = None
    landing_page: Text200 | None = None


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


class PersonAdded(Schema):
    """The person, and what the call did: new, changed or unchanged."""

    outcome: Outcome
    person: PersonOut


class Narrowed(Asked):
    """By what persons and companies alike are narrowed."""

    q: str = Field(
        "", max_length=200, description="Words of the name, folded: case and accents do not matter."
    )
    owner_id: Asks | None = None


class PersonQuery(Narrowed):
    """What persons a call asks for."""

    sort: Literal["name", "-name", "created_at", "-created_at"] = "-created_at"
    stage: Stage | None = None
    channel: str | None = Field(None, max_length=60)
    email: str = Field("", max_length=320, description="The main mail address, exactly.")
    company_id: Asks | None = None


@router.get("/persons", response={200: Persons, **LISTS}, auth=READ, summary="List persons")
def list_persons(request: HttpRequest, asked: Query[PersonQuery]) -> Part[Any]:
    """Persons the key's owner may see, narrowed and ordered, page by page."""
    rows = _narrowed(queries.visible_persons(request.user), asked)
    if asked.stage:
        rows = rows.filter(stage=asked.stage.value)
    if asked.channel is not None:
        rows = rows.filter(channel=asked.channel)
    if asked.company_id:
        rows = rows.filter(company=asked.company_id)
    if asked.email:
        rows = rows.filter(email=asked.email.strip().casefold())
    return _part(rows, asked)


@router.get(
    "/persons/{person}", response={200: PersonOut, 307: None, **READS}, auth=READ, summary="Read a person"
)
def read_person(request: HttpRequest, person: Id) -> Any:
    """One person the key's owner may see. 307 leads to who a merged person turned out to be, for as long as it is so."""
    rows = queries.visible_persons(request.user)
    return _survivor(request, rows, person) or _one(rows, person)


@router.post(
    "/persons", response={200: PersonAdded, 201: PersonAdded, **ADDS}, auth=WRITE, summary="Add a person"
)
def add_person(request: HttpRequest, told: PersonIn) -> Any:
    """201 where the person is new, 200 where one of the identities was known and the person was enriched.

    409 where the person known by an identity is one the key's owner may not see, or who asked to be forgotten.
    """
    draft = _draft(told)
    if told.owner_id is not None and not queries.is_staff(told.owner_id):
        raise wrong("owner_id", "There is no such owner.")
    visible = queries.visible_persons(request.user)
    try:
        added = commands.add_person(
            draft,
            at=timezone.now(),
            by=request.user.pk,
            source="api",
            owner_if_new=None if told.owner_id else request.user.pk,
            may_enrich=lambda person: visible.filter(pk=person).exists(),
        )
    except commands.Forgotten:
        raise HttpError(
            409, "This person asked to be forgotten, and can be added only by another identity."
        ) from None
    except commands.IdentityTaken:
        raise HttpError(409, "Somebody has one of these identities, whom this key may not see.") from None
    person = queries.person_rows([added.person_id])[0]
    return Status(201 if added.outcome is Outcome.NEW else 200, {"outcome": added.outcome, "person": person})


@router.patch(
    "/persons/{person}",
    response={200: PersonOut, 307: None, **WRITES},
    auth=WRITE,
    summary="Correct a person",
)
def change_person(request: HttpRequest, person: Id, told: PersonChange) -> Any:
    """Change fields of one person the key's owner may see. 307 leads to who a merged person turned out to be."""
    if elsewhere := _survivor(request, queries.visible_persons(request.user), person):
        return elsewhere
    row = _one(queries.visible_persons(request.user).filter(forgotten_at=None), person)
    changes: dict[str, object] = told.dict(exclude_unset=True, exclude_none=True)
    if "country" in changes:
        changes["country"] = str(changes["country"]).upper()
    if changes.get("name") == "":
        raise wrong("name", "A person cannot be without a name.")
    commands.change_person(row.pk, changes=changes, at=timezone.now(), by=request.user.pk)
    return _one(queries.visible_persons(request.user), person)


@router.post(
    "/persons/{person}/forgetting",
    response={200: PersonOut, **WRITES},
    auth=Key("people:write", FORGET_PEOPLE),
    summary="Forget a person",
)
def forget_person(request: HttpRequest, person: Id) -> Any:
    """Erase for ever what is readable of one person. Its number, links and sums stay; a second call changes nothing."""
    row = _one(queries.visible_persons(request.user), person)
    commands.forget_person(row.pk, at=timezone.now(), by=request.user.pk, cause="api")
    return _one(queries.visible_persons(request.user), person)


class CompanyOut(Schema):
    """A company."""

    id: int
    name: str
    domain: str
    sector: str
    employees: int | None
    founded: int | None
    city: str
    country: str
    parent_id: int | None
    owner_id: int | None
    created_at: datetime
    changed_at: datetime


class Companies(Schema):
    """A part of the companies; `next` goes into `after` of the next call, and is null at the end."""

    items: list[CompanyOut]
    next: str | None


class CompanyChange(Schema):
    """Fields to change; those left out stay, an empty text empties the field."""

    model_config = {"extra": "forbid"}
    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)] | None = None
    domain: Annotated[str, StringConstraints(max_length=253, pattern=PRINTABLE)] | None = None
    sector: Annotated[str, StringConstraints(max_length=80, pattern=PRINTABLE)] | None = None
    employees: Number | None = None
    founded: Annotated[int, Field(ge=1, le=9999, strict=True)] | None = None
    city: Text120 | None = None
    country: Annotated[str, StringConstraints(max_length=80, pattern=PRINTABLE)] | None = None


class CompanyIn(CompanyChange):
    """A company to add, or to enrich where its name or key is known."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]
    key: Text120 = Field("", description="Its key in another system, as source:key.")


class CompanyAdded(Schema):
    """The company, and what the call did: new, changed or unchanged."""

    outcome: Outcome
    company: CompanyOut


class CompanyQuery(Narrowed):
    """What companies a call asks for."""

    sort: Literal["name", "-name", "created_at", "-created_at"] = "-created_at"


@router.get("/companies", response={200: Companies, **LISTS}, auth=READ, summary="List companies")
def list_companies(request: HttpRequest, asked: Query[CompanyQuery]) -> Part[Any]:
    """Companies the key's owner may see, narrowed and ordered, page by page."""
    return _part(_narrowed(queries.visible_companies(request.user), asked), asked)


@router.get("/companies/{company}", response={200: CompanyOut, **READS}, auth=READ, summary="Read a company")
def read_company(request: HttpRequest, company: Id) -> Any:
    """One company the key's owner may see."""
    return _one(queries.visible_companies(request.user), company)


@router.post(
    "/companies",
    response={200: CompanyAdded, 201: CompanyAdded, **ADDS},
    auth=WRITE,
    summary="Add a company",
)
def add_company(request: HttpRequest, told: CompanyIn) -> Any:
    """201 where the company is new, 200 where its key or name was known and it was enriched. It belongs to the key's owner."""
    if not fold(told.name):
        raise wrong("name", "A company cannot be without a name.")
    values = {name: value for name, value in told.dict().items() if value is not None}
    try:
        added = commands.add_company(
            CompanyDraft(**values),
            at=timezone.now(),
            by=request.user.pk,
            owner_if_new=request.user.pk,
            may_enrich=_sees_company(request.user),
        )
    except commands.CompanyTaken:
        raise HttpError(409, "A company of this name or key is there, which this key may not see.") from None
    company = queries.company_rows([added.company_id])[0]
    return Status(
        201 if added.outcome is Outcome.NEW else 200, {"outcome": added.outcome, "company": company}
    )


@router.patch(
    "/companies/{company}", response={200: CompanyOut, **WRITES}, auth=WRITE, summary="Correct a company"
)
def change_company(request: HttpRequest, company: Id, told: CompanyChange) -> Any:
    """Change fields of one company the key's owner may see."""
    row = _one(queries.visible_companies(request.user), company)
    changes: dict[str, object] = told.dict(exclude_unset=True, exclude_none=True)
    commands.change_company(row.pk, changes=changes, at=timezone.now(), by=request.user.pk)
    return _one(queries.visible_companies(request.user), company)


def _sees_company(user: Any) -> Any:
    visible = queries.visible_companies(user)
    return lambda company: visible.filter(pk=company).exists()


def _draft(told: PersonIn) -> PersonDraft:
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
    }
    draft = PersonDraft(**plain, **identities, **more)
    if not called(draft).strip():
        raise wrong("name", "Tell a name, a mail address, a phone number or an external key.")
    return draft


def _normalised(field: str, kind: str, text: str, country: str) -> str:
    try:
        return normalised(kind, text, country)
    except BadIdentity as mistake:
        raise wrong(field, f"{mistake.code}: {text[:100]}") from None


def _one(rows: "QuerySet[Any]", identity: int) -> Any:
    if (row := rows.filter(pk=identity).first()) is None:
        raise Http404
    return row


def _survivor(request: HttpRequest, rows: "QuerySet[Any]", person: int) -> HttpResponseRedirect | None:
    """Where a merged person is found now, if the key's owner may see it."""
    survivor = None if rows.filter(pk=person).exists() else queries.survivor(person)
    if survivor is None or not rows.filter(pk=survivor).exists():
        return None
    path = request.path.removesuffix(f"/{person}") + f"/{survivor}"
    return HttpResponseRedirect(path, preserve_request=True)


def _narrowed(rows: "QuerySet[Any]", asked: Narrowed) -> "QuerySet[Any]":
    holds = Q()
    for word in fold(asked.q).split():
        holds &= Q(folded__contains=word)
    rows = rows.filter(holds)
    return rows.filter(owner=asked.owner_id) if asked.owner_id else rows


def _part(rows: "QuerySet[Any]", asked: Any) -> Part[Any]:
    field = {"name": "folded"}.get(asked.sort.removeprefix("-"), "created_at")
    return part(rows, asked, lambda row: row, order=Order(field, is_descending=asked.sort.startswith("-")))
