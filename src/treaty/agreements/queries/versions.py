"""Versions: the one in force, one by its id, and all of them as the page lists them."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from treaty.agreements.models import Signature, Version
from treaty.agreements.rules import Document, State, standing
from treaty.kit import sql
from treaty.kit.together import Question


@dataclass(frozen=True, slots=True, eq=False)
class InForce:
    """A signed version with its document; `in_force_from` is when it begins or began.

    Kept by its id, so one version is one object: what others make of its document can be kept by it.
    """

    id: int
    number: int
    document: Document
    in_force_from: datetime


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One side's signature: who, in which role, when and in which time zone, and which hash."""

    side: str
    user_id: int
    name: str
    name_local: str
    role: str
    sha256: str
    signed_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version as the pages show it; `until` is when the next one begins or began."""

    id: int
    number: int
    state: State
    sha256: str
    drafted_by_id: int | None
    drafted_by: str
    drafted_at: datetime
    changed_at: datetime
    proposed_at: datetime | None
    in_force_from: datetime | None
    until: datetime | None
    ended_at: datetime | None
    reason: str
    signatures: tuple[SignatureRow, ...]
    document: Document

    def signature(self, side: str) -> SignatureRow | None:
        """The signature of one side, if it signed."""
        return next((one for one in self.signatures if one.side == side), None)


def in_force(at: datetime) -> InForce | None:
    """The version in force at an instant. One small question; documents of signed versions are kept by their id."""
    found = sql.ask(*asked_in_force(None, at))
    return version_by_id(found[0][0]) if found else None


def asked_in_force(_about: object, at: datetime) -> Question:
    """What `in_force` asks; whatever a fact is about, it is the same."""
    begun = "SELECT id FROM agreements_version WHERE in_force_from <= %s ORDER BY in_force_from DESC LIMIT 1"
    return begun, [sql.stamp(at)]


def version_by_id(version_id: int) -> InForce:
    """A signed version, whose document never changes again. Raises Version.DoesNotExist for one not signed."""
    return _signed(version_id)


def versions(at: datetime) -> list[VersionRow]:
    """All versions, the newest first, in two questions."""
    rows = list(
        Version.objects.select_related("drafted_by").prefetch_related("signatures").order_by("-number")
    )
    beginnings = sorted(row.in_force_from for row in rows if row.in_force_from)
    return [_row(row, beginnings, at) for row in rows]


def version_row(number: int, at: datetime) -> VersionRow | None:
    """One version by its number."""
    return next((row for row in versions(at) if row.number == number), None)


def document_of(version_id: int) -> Document:
    """The document of a version in any state."""
    return Document.model_validate(Version.objects.values_list("document", flat=True).get(pk=version_id))


def predecessor(row: VersionRow, rows: list[VersionRow]) -> VersionRow | None:
    """The version that one replaces or would replace: the signed one before it, else the one in force."""
    signed = [other for other in rows if other.in_force_from and other.number != row.number]
    if row.in_force_from:
        return max(
            (other for other in signed if _begins(other) < row.in_force_from), key=_begins, default=None
        )
    return next((other for other in signed if other.state == State.IN_FORCE), None)


@lru_cache(maxsize=64)
def _signed(version_id: int) -> InForce:
    row = Version.objects.get(pk=version_id, in_force_from__isnull=False)
    if row.in_force_from is None:
        raise Version.DoesNotExist
    return InForce(row.pk, row.number, Document.model_validate(row.document), row.in_force_from)


def _begins(row: VersionRow) -> datetime:
    return row.in_force_from or row.drafted_at


def _row(row: Version, beginnings: list[datetime], at: datetime) -> VersionRow:
    later = [beginning for beginning in beginnings if row.in_force_from and beginning > row.in_force_from]
    return VersionRow(
        id=row.pk,
        number=row.number,
        state=standing(row.state, row.in_force_from, beginnings, at),
        sha256=row.sha256,
        drafted_by_id=row.drafted_by_id,
        drafted_by=row.drafted_by.name if row.drafted_by else "",
        drafted_at=row.drafted_at,
        changed_at=row.changed_at,
        proposed_at=row.proposed_at,
        in_force_from=row.in_force_from,
        until=min(later, default=None),
        ended_at=row.ended_at,
        reason=row.reason,
        signatures=tuple(_signature(one) for one in sorted(row.signatures.all(), key=lambda one: one.side)),
        document=_document(row),
    )


def _document(row: Version) -> Document:
    """The document of a version; one that is proposed never changes, so equal hashes are read once."""
    if not row.sha256:
        return Document.model_validate(row.document)
    return _read(_Text(row.sha256, row.document))


@dataclass(frozen=True, slots=True)
class _Text:
    """What was proposed; equal to another where their hashes are."""

    sha256: str
    data: object = field(compare=False)


@lru_cache(maxsize=64)
def _read(text: _Text) -> Document:
    return Document.model_validate(text.data)


def _signature(row: Signature) -> SignatureRow:
    return SignatureRow(
        side=row.side,
        user_id=row.user_id,
        name=row.name,
        name_local=row.name_local,
        role=row.role,
        sha256=row.sha256,
        signed_at=row.signed_at,
        zone=row.zone,
    )
