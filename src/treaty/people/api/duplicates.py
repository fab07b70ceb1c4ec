"""The REST API of duplicates: pairs who may be one person, told apart, put off, merged, and parted again."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Schema
from ninja.errors import HttpError
from pydantic import StringConstraints

from treaty.kit.keyset import Order
from treaty.kit.rest import ACTS, LISTS, READS, WRITES, Asked, Body, Id, Names, Part, Shape, part, wrong
from treaty.kit.routes import tells_row
from treaty.people import commands, duplicate_wording, queries
from treaty.people.api.door import PRINTABLE, READ, WRITE, one, router
from treaty.people.api.persons import PersonOut
from treaty.people.queries import candidates as pairs
from treaty.staff.access import actor

State = Literal["open", "later", "apart"]


class PairOut(Shape):
    """Two persons who may be one. `one_id` was here first and would survive."""

    id: int
    one_id: int
    one: str
    other_id: int
    other: str
    bits: float = Field(
        description="The weight of what speaks for one person, in bits; 10 are a thousand to one."
    )
    reasons: list[str] = Field(description="What speaks for it, the weightiest first.")
    state: State
    found_at: datetime


class Pairs(Schema):
    """A part of the pairs; `next` goes into `after` of the next call, and is null at the end."""

    items: list[PairOut]
    next: str | None


class PairQuery(Asked):
    """Which pairs a call asks for."""

    state: State = "open"
    sort: Literal["bits", "-bits", "found_at", "-found_at"] = "-bits"


class Decision(Body):
    """What a pair is: two persons (apart), to be looked at later, or open again."""

    state: State


FieldKey = Annotated[str, StringConstraints(min_length=1, max_length=48, pattern=PRINTABLE)]
Takeable = Literal[
    "name", "name_local", "title", "company_id", "email", "phone", "city",
    "country", "language", "time_zone", "interest", "channel", "owner_id",
]  # fmt: skip


class Pairing(Body):
    """Two persons of whom somebody asks whether they are one."""

    one_id: Names
    other_id: Names


class Merging(Body):
    """What of the other record goes over where both have something; all else stays as the first one has it."""

    take: list[Takeable] = Field(default_factory=list, max_length=20)
    take_fields: list[FieldKey] = Field(
        default_factory=list, max_length=100, description="The company's own fields, by their keys."
    )


class MergedOut(Shape):
    """The merge, by whose id it is undone, and the person that both are now."""

    merge_id: int
    person: PersonOut


@router.get("/duplicates", response={200: Pairs, **LISTS}, auth=READ, summary="List probable duplicates")
def list_duplicates(request: HttpRequest, asked: Query[PairQuery]) -> Part[dict[str, Any]]:
    """Pairs of persons whom the key's owner sees both."""
    order = Order(asked.sort.removeprefix("-"), is_descending=asked.sort.startswith("-"))
    return part(pairs.candidates(request.user, asked.state), asked, told, order=order)


@router.get("/duplicates/{pair}", response={200: PairOut, **READS}, auth=READ, summary="Read a pair")
@tells_row(pairs.candidates)
def read_duplicate(request: HttpRequest, pair: Id) -> dict[str, Any]:
    """One pair."""
    return told(page_of(request, pair).candidate)


@router.post("/duplicates", response={200: PairOut, **WRITES}, auth=WRITE, summary="Name a pair")
def name_pair(request: HttpRequest, told_pair: Pairing) -> dict[str, Any]:
    """Two persons whom nothing but their caller takes for one: their pair, to be read, decided on or merged."""
    persons, ids = queries.visible_persons(request.user).filter(forgotten_at=None), told_pair.model_dump()
    for field, person in ids.items():
        if not persons.filter(pk=person).exists():
            raise wrong(field, "There is no such person.")
    if told_pair.one_id == told_pair.other_id:
        raise wrong("other_id", "A person and itself are no pair.")
    pair = commands.propose_pair(told_pair.one_id, told_pair.other_id, at=timezone.now())
    return told(page_of(request, pair).candidate)


@router.put(
    "/duplicates/{pair}/decision", response={200: PairOut, **WRITES}, auth=WRITE, summary="Decide on a pair"
)
def decide(request: HttpRequest, pair: Id, decision: Decision) -> dict[str, Any]:
    """Say what a pair is."""
    page_of(request, pair)
    commands.decide(pair, state=decision.state, at=timezone.now(), by=actor(request))
    return told(page_of(request, pair).candidate)


@router.post(
    "/duplicates/{pair}/merge", response={200: MergedOut, **WRITES}, auth=WRITE, summary="Merge a pair"
)
def merge(request: HttpRequest, pair: Id, merging: Merging) -> dict[str, Any]:
    """Both are one person from now on; histories, identities and work of both go on."""
    page = page_of(request, pair)
    first, second = page.one.person.pk, page.other.person.pk
    known = {field.field for field in page.fields}
    own = [f"own.{key}" for key in merging.take_fields]
    if not known.issuperset(own):
        raise wrong("take_fields", "There is no such field.")
    try:
        merged = commands.merge_persons(
            first, merged=second, take=[*merging.take, *own], at=timezone.now(), by=actor(request)
        )
    except commands.CannotMerge as refusal:
        raise HttpError(409, str(refusal)) from None
    return {"merge_id": merged.id, "person": queries.person_rows([first])[0]}


@router.delete("/merges/{merge}", response={200: PersonOut, **ACTS}, auth=WRITE, summary="Undo a merge")
def undo_merge(request: HttpRequest, merge: Id) -> Any:
    """Two persons again; the answer is the one who survived. 409 where that one was merged since: undo that first."""
    survivor = queries.merge_survivor(merge)
    if survivor is None:
        raise Http404
    one(queries.visible_persons(request.user), survivor)
    try:
        commands.undo_merge(merge, at=timezone.now(), by=actor(request))
    except commands.CannotSplit:
        raise HttpError(409, "This merge cannot be undone now.") from None
    return queries.person_rows([survivor])[0]


def page_of(request: HttpRequest, pair: int) -> pairs.PairPage:
    """The pair, if the key's owner sees both; 404 for all others."""
    page = pairs.pair_page(request.user, pair)
    if page is None:
        raise Http404
    return page


def told(row: Any) -> dict[str, Any]:
    """A pair as the API tells it."""
    first, second = sorted((row.one, row.other), key=lambda person: (person.created_at, person.pk))
    return {
        "id": row.pk,
        "one_id": first.pk,
        "one": first.name,
        "other_id": second.pk,
        "other": second.name,
        "bits": row.bits,
        "reasons": [str(reason) for reason in duplicate_wording.reasons(row.reasons, speaks_for=True)],
        "state": row.state,
        "found_at": row.found_at,
    }
