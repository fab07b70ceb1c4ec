"""Marketing's volume: what was promised for a month, the daily line it should follow, the pace, and the verdict."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from treaty.handovers.rules.figures import CountedLead
from treaty.scoreboard.rules.leads import Cohort, is_grade_a


class Judgement(StrEnum):
    """What is to be said of a volume promise. OPEN: the month runs, or waiting leads can still decide it."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Point:
    """One business day: delivered on it, delivered until its end, and where the line stands."""

    day: date
    delivered: int
    total: int
    line: int


@dataclass(frozen=True, slots=True)
class Volume:
    """The volume promise of one month. `days` are its business days, `points` those that have begun."""

    promised: int
    promised_of_grade_a: int
    delivered: int
    delivered_of_grade_a: int
    days: tuple[date, ...]
    points: tuple[Point, ...]

    @property
    def line(self) -> int:
        """Where the line stands on the last day that has begun."""
        return self.points[-1].line if self.points else 0

    @property
    def ahead(self) -> int:
        """How many leads above the line; below zero when behind."""
        return self.delivered - self.line

    @property
    def pace(self) -> int | None:
        """What this pace brings by the month's end; None before the first business day and after the last."""
        begun = len(self.points)
        if not begun or begun == len(self.days):
            return None
        return round(self.delivered * len(self.days) / begun)

    @property
    def is_reached(self) -> bool:
        """Whether what was promised is delivered."""
        return self.delivered >= self.promised and self.delivered_of_grade_a >= self.promised_of_grade_a


def volume_of(
    cohort: Cohort, terms: tuple[int, int], *, days: Sequence[date], since: date, today: date, zone: str
) -> Volume:
    """The volume of a month with these business days, promised from the day `since` on.

    `terms` are the leads promised for a whole month, and those of grade A among them. In the month in which the
    agreement began, the promise holds for the days since: its share of a whole month, rounded down.
    """
    held = tuple(day for day in days if day >= since)
    share = (len(held), len(days)) if days else (1, 1)
    promised, of_grade_a = (number * share[0] // share[1] for number in terms)
    begun = tuple(day for day in held if day <= today)
    return Volume(
        promised=promised,
        promised_of_grade_a=of_grade_a,
        delivered=len(cohort.delivered),
        delivered_of_grade_a=len(cohort.delivered_of_grade_a),
        days=held,
        points=_points(cohort.delivered, promised, held, begun, zone),
    )


def judgement(volume: Volume, cohort: Cohort, *, is_over: bool) -> Judgement:
    """The verdict on a volume promise. What sales has not decided by the month's end is not held against marketing."""
    if not is_over:
        return Judgement.OPEN
    if volume.is_reached:
        return Judgement.KEPT
    waiting = cohort.may_still_deliver()
    of_grade_a = sum(is_grade_a(lead) for lead in waiting)
    could_reach = (
        volume.delivered + len(waiting) >= volume.promised
        and volume.delivered_of_grade_a + of_grade_a >= volume.promised_of_grade_a
    )
    return Judgement.OPEN if could_reach else Judgement.BROKEN


def _points(
    delivered: Sequence[CountedLead], promised: int, held: Sequence[date], begun: Sequence[date], zone: str
) -> tuple[Point, ...]:
    counted = Counter(_place(lead, begun, zone) for lead in delivered) if begun else Counter[int]()
    points, total = [], 0
    for place, day in enumerate(begun):
        total += counted[place]
        points.append(Point(day, counted[place], total, round(promised * (place + 1) / len(held))))
    return tuple(points)


def _place(lead: CountedLead, begun: Sequence[date], zone: str) -> int:
    """The business day a delivery counts on: that of the decision, or the next one, and at most the last begun."""
    decided = lead.decided_at or lead.qualified_at
    day = decided.astimezone(ZoneInfo(zone)).date()
    return min(bisect_left(begun, day), len(begun) - 1)
