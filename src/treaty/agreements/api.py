"""The REST API of the agreement: the version in force, and all versions with their signatures."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema

from treaty.agreements import queries
from treaty.agreements.queries import VersionRow
from treaty.agreements.rules import State
from treaty.kit.rest import LISTS, READS, Asked, Part, part_of_few
from treaty.staff.access import Key
from treaty.staff.rules import SEE_PEOPLE

router = Router(tags=["agreement"])
READ = Key("agreement:read", SEE_PEOPLE)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


class SignatureOut(Schema):
    """One side's signature of exactly one hash."""

    side: str
    name: str
    role: str
    sha256: str
    signed_at: datetime


class VersionOut(Schema):
    """A version of the agreement; `until` is when the next one begins."""

    number: int
    state: str
    sha256: str
    drafted_at: datetime
    in_force_from: datetime | None
    until: datetime | None
    reason: str
    signatures: list[SignatureOut]


class Versions(Schema):
    """A part of the versions, the newest first; `next` goes into `after` of the next call, and is null at the end."""

    items: list[VersionOut]
    next: str | None


class AgreementOut(VersionOut):
    """A version with its whole document."""

    document: dict[str, Any]


@router.get("/agreement", response={200: AgreementOut, **READS}, auth=READ, summary="The agreement in force")
def agreement(request: HttpRequest) -> dict[str, Any]:
    """The version in force with its document; 404 before the first one begins."""
    row = next((row for row in queries.versions(timezone.now()) if row.state is State.IN_FORCE), None)
    if row is None:
        raise Http404
    return whole(row)


@router.get("/agreement/versions", response={200: Versions, **LISTS}, auth=READ, summary="All versions")
def versions(request: HttpRequest, asked: Query[Asked]) -> Part[dict[str, Any]]:
    """The versions, the newest first, without documents."""
    return part_of_few(queries.versions(timezone.now()), asked, told, number=lambda row: row.number)


@router.get(
    "/agreement/versions/{number}", response={200: AgreementOut, **READS}, auth=READ, summary="One version"
)
def version(request: HttpRequest, number: Number) -> dict[str, Any]:
    """One version with its document."""
    row = queries.version_row(number, timezone.now())
    if row is None:
        raise Http404
    return whole(row)


def told(row: VersionRow) -> dict[str, Any]:
    """A version as the API tells it."""
    names = ("number", "sha256", "drafted_at", "in_force_from", "until", "reason")
    signed = ("side", "name", "role", "sha256", "signed_at")
    signatures = [{name: getattr(one, name) for name in signed} for one in row.signatures]
    return {
        **{name: getattr(row, name) for name in names},
        "state": row.state.value,
        "signatures": signatures,
    }


def whole(row: VersionRow) -> dict[str, Any]:
    """A version with its document."""
    return {**told(row), "document": row.document.model_dump(mode="json", exclude_none=True)}
