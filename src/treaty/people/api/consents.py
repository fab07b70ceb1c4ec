"""The REST API of consents: what persons may agree to, to what one of them agrees, and that it does or does not any more."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Schema
from pydantic import StringConstraints

from treaty.kit.rest import (
    ACTS,
    LISTS,
    READS,
    WRITES,
    Asked,
    Body,
    Id,
    Moment,
    Part,
    Shape,
    part,
    part_of_few,
    wrong,
)
from treaty.people import commands, queries
from treaty.people.api.door import PRINTABLE, READ, WRITE, one, router
from treaty.people.rules import ConsentDraft, Purpose, place_of


class PurposeOut(Shape):
    """What persons may agree to, with the exact words that ask for it now."""

    id: int
    key: str
    name: str
    version: int = Field(description="The version of the words.")
    text: str
    created_at: datetime
    retired_at: datetime | None = Field(
        description="Since when it is asked of nobody; null while it is in use."
    )


class Purposes(Schema):
    """A part of the purposes; `next` goes into `after` of the next call, and is null at the end."""

    items: list[PurposeOut]
    next: str | None


class ConsentOut(Shape):
    """How a person stands to one purpose: to which exact words it agreed or had agreed, when, how, and from where."""

    purpose_id: int
    purpose: str = Field(description="The key of the purpose.")
    is_given: bool
    version: int
    text: str
    at: datetime
    how: Literal["form", "hand", "import", "api", "sample"]
    place: str
    note: str


class Consents(Schema):
    """A part of a person's consents; `next` goes into `after` of the next call, and is null at the end."""

    items: list[ConsentOut]
    next: str | None


class ConsentIn(Body):
    """How a person agreed."""

    version: int | None = Field(
        None,
        ge=1,
        le=32_767,
        strict=True,
        description="The version of the words that were shown; the newest where left out.",
    )
    at: Moment | None = Field(None, description="When; now where it is left out.")
    place: Annotated[str, StringConstraints(max_length=300, pattern=PRINTABLE)] = Field(
        "", description="The address where it was asked; what stands behind a question mark is dropped."
    )
    note: Annotated[str, StringConstraints(max_length=500, pattern=PRINTABLE)] = Field(
        "", description="How one knows; can be forgotten."
    )


class ConsentTold(Body):
    """A consent told together with its person."""

    purpose: Annotated[str, StringConstraints(min_length=1, max_length=48, pattern=PRINTABLE)] = Field(
        description="The key of the purpose."
    )
    is_given: bool = Field(True, strict=True, description="False where the person does not agree any more.")
    version: int | None = Field(
        None,
        ge=1,
        le=32_767,
        strict=True,
        description="The version of the words that were shown; the newest where left out.",
    )
    at: Moment | None = Field(None, description="When; now where it is left out.")
    place: Annotated[str, StringConstraints(max_length=300, pattern=PRINTABLE)] = Field(
        "", description="The address where it was asked; what stands behind a question mark is dropped."
    )


class Telling:
    """Reads consents that are told with persons; asks for the purposes once, and only where some are told."""

    def __init__(self) -> None:
        self.now = timezone.now()

    @cached_property
    def purposes(self) -> dict[str, Purpose]:
        """What persons may agree to, by key; out of use among it, since what is told may lie in the past."""
        return {one.key: one for one in queries.purposes(with_retired=True)}

    def drafts(self, told: Sequence[ConsentTold]) -> tuple[ConsentDraft, ...]:
        """The consents as drafts; 422 where there is no such purpose or version, or it lies in the future."""
        return tuple(self._draft(one) for one in told)

    def _draft(self, told: ConsentTold) -> ConsentDraft:
        if (purpose := self.purposes.get(told.purpose)) is None:
            raise wrong("consents", "There is no such purpose.")
        if told.version is not None and told.version > purpose.version:
            raise wrong("consents", "The purpose has no such version of its words.")
        if told.at is not None and told.at > self.now:
            raise wrong("consents", "A consent cannot lie in the future.")
        return ConsentDraft(purpose.id, told.is_given, told.version, told.at, place_of(told.place))


@router.get("/purposes", response={200: Purposes, **LISTS}, auth=READ, summary="List purposes of consent")
def list_purposes(request: HttpRequest, asked: Query[Asked]) -> Part[Any]:
    """What persons may agree to, the newest first."""
    return part(queries.all_purposes(), asked, lambda row: row)


@router.get(
    "/persons/{person}/consents",
    response={200: Consents, **LISTS, **READS},
    auth=READ,
    summary="Read to what a person agrees",
)
def list_consents(request: HttpRequest, person: Id, asked: Query[Asked]) -> Part[dict[str, Any]]:
    """Each purpose of which the person ever told, whether it agrees, and to which words."""
    one(queries.visible_persons(request.user), person)
    held = [row for row in queries.consents_of(person) if row.is_given is not None]
    held.sort(key=lambda row: -row.id)
    return part_of_few(held, asked, told, number=lambda row: row.id)


@router.put(
    "/persons/{person}/consents/{purpose}",
    response={200: ConsentOut, **WRITES},
    auth=WRITE,
    summary="Record a consent",
)
def give_consent(request: HttpRequest, person: Id, purpose: Id, body: ConsentIn) -> dict[str, Any]:
    """The person agreed to a purpose. What is known already, or older than what is known, changes nothing."""
    now = timezone.now()
    if body.at is not None and body.at > now:
        raise wrong("at", "A consent cannot lie in the future.")
    if body.version is not None and queries.text_of(purpose, body.version) is None:
        raise wrong("version", "The purpose has no such version of its words.")
    draft = ConsentDraft(purpose, True, body.version, body.at, place_of(body.place))
    return _recorded(request, person, draft, now, body.note)


@router.delete(
    "/persons/{person}/consents/{purpose}",
    response={200: ConsentOut, **ACTS},
    auth=WRITE,
    summary="Withdraw a consent",
)
def withdraw_consent(request: HttpRequest, person: Id, purpose: Id) -> dict[str, Any]:
    """The person does not agree any more; 404 where it never did."""
    return _recorded(request, person, ConsentDraft(purpose, is_given=False), timezone.now(), "")


def _recorded(
    request: HttpRequest, person: int, draft: ConsentDraft, at: datetime, note: str
) -> dict[str, Any]:
    one(queries.visible_persons(request.user).filter(forgotten_at=None), person)
    try:
        commands.record_consent(person, draft, how="api", at=at, by=request.user.pk, note=note)
    except commands.NoSuchPurpose:
        raise Http404 from None
    held = (row for row in queries.consents_of(person) if row.is_given is not None)
    if (found := next((row for row in held if row.id == draft.purpose), None)) is None:
        raise Http404
    return told(found)


def told(row: queries.Asked) -> dict[str, Any]:
    """A consent as the API tells it."""
    names = ("is_given", "at", "how", "place", "note")
    return {
        "purpose_id": row.id,
        "purpose": row.key,
        "version": row.shown_version,
        "text": row.shown,
        **{name: getattr(row, name) for name in names},
    }
