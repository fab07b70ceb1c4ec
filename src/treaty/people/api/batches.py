"""The REST API of many persons or companies in one call: each is added or enriched, and has its own result."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field
from ninja.errors import ValidationError

from treaty.fields.queries import Check
from treaty.fields.rest import refuse
from treaty.kit.rest import (
    ADDS,
    LONGEST_BATCH,
    BatchOut,
    Body,
    ItemOut,
    batch_out,
    refused,
    refused_for,
    taken,
)
from treaty.people import commands, queries
from treaty.people.api.companies import CompanyIn
from treaty.people.api.consents import Telling
from treaty.people.api.door import WRITE, router
from treaty.people.api.persons import PersonIn, draft_of
from treaty.people.rules import CompanyDraft, Outcome, PersonDraft, fold
from treaty.staff.access import actor
from treaty.staff.queries import user_names

COMPANY_TAKEN = "A company of this name or key is there, which this key may not see."
PERSON_TAKEN = "Somebody has one of these identities, whom this key may not see."
FORGOTTEN = "This person asked to be forgotten, and can be added only by another identity."


class PersonsIn(Body):
    """Persons to add or enrich."""

    items: list[PersonIn] = Field(min_length=1, max_length=LONGEST_BATCH)


class CompaniesIn(Body):
    """Companies to add or enrich."""

    items: list[CompanyIn] = Field(min_length=1, max_length=LONGEST_BATCH)


@router.post(
    "/batches/persons", response={200: BatchOut, **ADDS}, auth=WRITE, summary="Add or enrich many persons"
)
def upsert_persons(request: HttpRequest, told: PersonsIn) -> BatchOut:
    """Up to 1,000 persons, set at once. Those that cannot be taken are refused one by one, with their fields; the others stay."""
    results: dict[int, ItemOut] = {}
    drafts: dict[int, PersonDraft] = {}
    staff = user_names({item.owner_id for item in told.items})
    check, telling = Check(request.user, "person", [item.fields for item in told.items]), Telling()
    for place, item in enumerate(told.items):
        try:
            refuse(check.problems(item.fields))
            drafts[place] = draft_of(item, telling)
        except ValidationError as mistake:
            results[place] = refused_for(mistake)
        if item.owner_id is not None and item.owner_id not in staff:
            drafts.pop(place, None)
            results[place] = refused("owner_id", "There is no such owner.")
    visible = queries.visible_persons(request.user)
    added = commands.upsert_persons(
        list(drafts.values()),
        at=timezone.now(),
        by=actor(request),
        source="api",
        seen=lambda ids: visible.filter(pk__in=ids).values_list("pk", flat=True),
    )
    for place, one in zip(drafts, added, strict=True):
        results[place] = _person_result(one)
    return batch_out(results)


@router.post(
    "/batches/companies",
    response={200: BatchOut, **ADDS},
    auth=WRITE,
    summary="Add or enrich many companies",
)
def upsert_companies(request: HttpRequest, told: CompaniesIn) -> BatchOut:
    """Up to 1,000 companies, set at once. Those that cannot be taken are refused one by one; the others stay."""
    results: dict[int, ItemOut] = {}
    drafts: dict[int, CompanyDraft] = {}
    check = Check(request.user, "company", [item.fields for item in told.items])
    for place, item in enumerate(told.items):
        values: dict[str, Any] = {
            name: value for name, value in item.model_dump().items() if value is not None
        }
        try:
            refuse(check.problems(item.fields))
        except ValidationError as mistake:
            results[place] = refused_for(mistake)
            continue
        if fold(item.name):
            drafts[place] = CompanyDraft(**values)
        else:
            results[place] = refused("name", "A company cannot be without a name.")
    visible = queries.visible_companies(request.user)
    added = commands.upsert_companies(
        list(drafts.values()),
        at=timezone.now(),
        by=actor(request),
        seen=lambda ids: visible.filter(pk__in=ids).values_list("pk", flat=True),
    )
    for place, one in zip(drafts, added, strict=True):
        results[place] = taken(one.outcome, one.company_id) if one else refused("", COMPANY_TAKEN)
    return batch_out(results)


def _person_result(one: commands.Added | None) -> ItemOut:
    if one is None:
        return refused("", PERSON_TAKEN)
    return refused("", FORGOTTEN) if one.outcome is Outcome.FORGOTTEN else taken(one.outcome, one.person_id)
