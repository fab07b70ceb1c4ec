"""What segments meant before, and who changed it when."""

from dataclasses import dataclass
from datetime import datetime

from treaty.segments.models import SegmentVersion
from treaty.segments.rules import Predicate, parse
from treaty.staff.queries import user_names


@dataclass(frozen=True, slots=True)
class Version:
    """What a segment meant from a time on; `by` is a name, empty where nobody of the staff said so."""

    number: int
    tree: Predicate
    at: datetime
    by: str


def versions(segment: int) -> list[Version]:
    """All versions of a segment, the newest first."""
    rows = list(SegmentVersion.objects.filter(segment=segment).order_by("-number"))
    names = user_names([row.by_id for row in rows])
    return [Version(row.number, parse(row.predicate), row.at, names.get(row.by_id or 0, "")) for row in rows]


def meaning_of(segment: int, version: int) -> Predicate | None:
    """What a segment meant in a version; None where it has none of that number."""
    row = SegmentVersion.objects.filter(segment=segment, number=version).first()
    return None if row is None else parse(row.predicate)
