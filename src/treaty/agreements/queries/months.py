"""Promises about whole months: the version that judges a month, and the verdicts that stand about months."""

from dataclasses import dataclass
from datetime import datetime

from treaty.agreements.models import VerdictRow, Version
from treaty.agreements.queries.versions import InForce, in_force, version_by_id

MONTH = "month:"
"""How a verdict names a month: month:2026-11."""


@dataclass(frozen=True, slots=True)
class MonthVerdict:
    """A standing verdict about a month."""

    version: int
    clause: str
    side: str
    month: str
    verdict: str
    due_at: datetime
    recorded_at: datetime


def judging(start: datetime, end: datetime) -> InForce | None:
    """The version that judges the month [start, end): the one in force when it began, else the first that came."""
    found = in_force(start)
    if found is not None:
        return found
    first = Version.objects.filter(in_force_from__gt=start, in_force_from__lt=end).order_by("in_force_from")
    version = first.values_list("pk", flat=True).first()
    return None if version is None else version_by_id(version)


def first_beginning() -> datetime | None:
    """When the first version of all came into force."""
    rows = Version.objects.filter(in_force_from__isnull=False).order_by("in_force_from")
    return rows.values_list("in_force_from", flat=True).first()


def month_verdicts(month: str = "") -> list[MonthVerdict]:
    """The verdicts about one month, as 2026-11, or about all months."""
    rows = VerdictRow.objects.filter(about__startswith=MONTH).order_by("about", "clause", "pk")
    if month:
        rows = rows.filter(about=MONTH + month)
    columns = ("version_id", "clause", "side", "about", "verdict", "due_at", "recorded_at")
    return [
        MonthVerdict(row[0], row[1], row[2], row[3].removeprefix(MONTH), *row[4:])
        for row in rows.values_list(*columns)
    ]
