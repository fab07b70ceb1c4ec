"""The REST API of companies: a list with a cursor, one record, add, correct. A key sees what its owner sees."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Schema, Status
from ninja.errors import HttpError
from pydantic import StringConstraints

from treaty.fields.queries import with_own
from treaty.fields.rest import OwnIn, OwnOut, Record, checked, writing
from treaty.kit.rest import ACTS, ADDS, LISTS, READS, WRITES, Body, Id, Names, Part, Shape, wrong
from treaty.kit.routes import tells_row
from treaty.people import commands, queries
from treaty.people.api.door import (
    PRINTABLE,
    READ,
    WRITE,
    Narrowed,
    Number,
    Text120,
    narrowed,
    one,
    part_of,
    router,
)
from treaty.people.rules import CompanyDraft, Outcome, fold


class CompanyOut(Record):
    """A company."""

    record = "company"

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
    fields: OwnOut


class Companies(Schema):
    """A part of the companies; `next` goes into `after` of the next call, and is null at the end."""

    items: list[CompanyOut]
    next: str | None


class CompanyChange(Body):
    """Fields to change; those left out stay, an empty text empties the field."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)] | None = None
    domain: Annotated[str, StringConstraints(max_length=253, pattern=PRINTABLE)] | None = None
    sector: Annotated[str, StringConstraints(max_length=80, pattern=PRINTABLE)] | None = None
    employees: Number | None = None
    founded: Annotated[int, Field(ge=1, le=9999, strict=True)] | None = None
    city: Text120 | None = None
    country: Annotated[str, StringConstraints(max_length=80, pattern=PRINTABLE)] | None = None
    fields: OwnIn | None = None


class CompanyIn(CompanyChange):
    """A company to add, or to enrich where its name or key is known."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]
    key: Text120 = Field("", description="Its key in another system, as source:key.")


class CompanyOwnerOut(Schema):
    """Who looks after a company."""

    owner_id: int | None


class CompanyOwnerIn(Body):
    """Who is to look after a company."""

    owner_id: Names | None = Field(description="A member of the staff; null for nobody.")


class ParentOut(Schema):
    """To which company a company belongs."""

    parent_id: int | None


class ParentIn(Body):
    """To which company a company is to belong."""

    parent_id: Names | None = Field(description="Another company; null for none.")


class CompanyAdded(Shape):
    """The company, and what the call did: new, changed or unchanged."""

    outcome: Outcome
    company: CompanyOut


class CompanyQuery(Narrowed):
    """What companies a call asks for."""

    sort: Literal["name", "-name", "created_at", "-created_at"] = "-created_at"


@router.get("/companies", response={200: Companies, **LISTS}, auth=READ, summary="List companies")
def list_companies(request: HttpRequest, asked: Query[CompanyQuery]) -> Part[Any]:
    """Companies the key's owner may see, narrowed and ordered, page by page."""
    return part_of(with_own("company", narrowed(queries.visible_companies(request.user), asked)), asked)


@router.get("/companies/{company}", response={200: CompanyOut, **READS}, auth=READ, summary="Read a company")
@tells_row(queries.visible_companies)
def read_company(request: HttpRequest, company: Id) -> Any:
    """One company the key's owner may see."""
    return one(queries.visible_companies(request.user), company)


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
    checked(request, "company", told.fields)
    values = {name: value for name, value in told.model_dump().items() if value is not None}
    try:
        added = commands.add_company(
            CompanyDraft(**values),
            at=timezone.now(),
            by=request.user.pk,
            owner_if_new=request.user.pk,
            may_enrich=_sees_company(request.user),
        )
    except commands.CompanyInBin:
        raise HttpError(409, "The company of this name or key is in the bin. Restore it first.") from None
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
    row = one(queries.visible_companies(request.user), company)
    checked(request, "company", told.fields, with_retired=True)
    changes: dict[str, object] = told.model_dump(exclude_unset=True, exclude_none=True, exclude={"fields"})
    at, by = timezone.now(), request.user.pk
    writing(lambda: commands.change_company(row.pk, changes=changes, own=told.fields, at=at, by=by))
    return one(queries.visible_companies(request.user), company)


@router.delete(
    "/companies/{company}",
    response={204: None, **ACTS},
    auth=WRITE,
    summary="Put a company into the bin",
)
def bin_company(request: HttpRequest, company: Id) -> Status[None]:
    """The company leaves lists, searches and choices, and is emptied after 30 days unless restored before."""
    row = one(queries.visible_companies(request.user), company)
    commands.bin_companies([row.pk], at=timezone.now(), by=request.user.pk, cause="api")
    return Status(204, None)


@router.post(
    "/companies/{binned_company}/restoration",
    response={200: CompanyOut, **ACTS},
    auth=WRITE,
    summary="Bring a company back from the bin",
)
def restore_company(request: HttpRequest, binned_company: Id) -> Any:
    """All is as it was; 404 where the company is not in the bin."""
    row = one(queries.company_bin_of(request.user), binned_company)
    commands.restore_companies([row.pk], at=timezone.now(), by=request.user.pk, cause="api")
    return one(queries.visible_companies(request.user), binned_company)


@router.put(
    "/companies/{company}/owner",
    response={200: CompanyOwnerOut, **WRITES},
    auth=WRITE,
    summary="Give a company to somebody",
)
def put_company_owner(request: HttpRequest, company: Id, told: CompanyOwnerIn) -> CompanyOwnerIn:
    """Afterwards the key's owner may not see the company any more."""
    row = one(queries.visible_companies(request.user), company)
    if told.owner_id is not None and not queries.is_staff(told.owner_id):
        raise wrong("owner_id", "There is no such owner.")
    commands.change_company(
        row.pk, changes={"owner_id": told.owner_id}, at=timezone.now(), by=request.user.pk
    )
    return told


@router.put(
    "/companies/{company}/parent",
    response={200: ParentOut, **WRITES},
    auth=WRITE,
    summary="Say to which company a company belongs",
)
def put_parent(request: HttpRequest, company: Id, told: ParentIn) -> ParentIn:
    """A company that the key's owner may see, and none that belongs to this one; null for none."""
    visible = queries.visible_companies(request.user)
    row, missing = one(visible, company), wrong("parent_id", "There is no such company.")
    if told.parent_id is not None and not visible.filter(pk=told.parent_id).exists():
        raise missing
    try:
        commands.change_company(
            row.pk, changes={"parent_id": told.parent_id}, at=timezone.now(), by=request.user.pk
        )
    except commands.BadParent as bad:
        if bad.code == "absent":
            raise missing from None
        raise wrong(
            "parent_id", "A company cannot belong to itself, nor to one that belongs to it."
        ) from None
    return told


def _sees_company(user: Any) -> Any:
    visible = queries.visible_companies(user)
    return lambda company: visible.filter(pk=company).exists()
