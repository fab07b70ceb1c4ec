"""How promises were judged: counts of standing verdicts by month, of the rows that judge a promise."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet
from django.utils import timezone

from treaty.agreements.facts import PERSONAL
from treaty.agreements.models import VerdictRow


@dataclass(frozen=True, slots=True)
class Counts:
    """How often a promise was kept, broken, excused."""

    kept: int = 0
    broken: int = 0
    excused: int = 0

    @property
    def rate(self) -> float | None:
        """The share kept of those kept or broken; None without any."""
        judged = self.kept + self.broken
        return self.kept / judged if judged else None

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.kept + other.kept, self.broken + other.broken, self.excused + other.excused)


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """The first instant of a month, and of the next one, in the installation's time zone."""
    first = month.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    zone = timezone.get_default_timezone()
    return (
        datetime(first.year, first.month, 1, tzinfo=zone),
        datetime(following.year, following.month, 1, tzinfo=zone),
    )


def verdict_counts(month: date) -> dict[tuple[int, str, str], Counts]:
    """Counts of the promises due in a month, by (version, clause, side).

    Personal accept clocks order queues and judge persons; they are counted apart, and not here.
    """
    start, end = month_bounds(month)
    found: dict[tuple[int, str, str], Counts] = {}
    rows = _judging().filter(due_at__gte=start, due_at__lt=end).order_by()
    for version, clause, side, verdict, number in rows.values_list(
        "version", "clause", "side", "verdict"
    ).annotate(number=Count("pk")):
        key = (version, clause, side)
        found[key] = found.get(key, Counts()) + Counts(**{verdict: number})
    return found


def counts_by_clause(version_id: int, month: date) -> dict[str, Counts]:
    """Counts of one version's promises due in a month, by clause."""
    found = verdict_counts(month)
    return {clause: counts for (version, clause, _side), counts in found.items() if version == version_id}


def _judging() -> QuerySet[VerdictRow]:
    return VerdictRow.objects.exclude(about__startswith=PERSONAL)
