"""Speed to lead in the buyer's reading: business time from qualifying to the first touch, in seven buckets."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from treaty.handovers.rules.figures import CountedLead
from treaty.scoreboard.rules.leads import is_grade_a

MINUTE, HOUR = 60, 3600
BUCKETS = (15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR)
"""Seconds at which the next bucket begins; the seventh has no end."""
ENOUGH_FOR_TENTHS = 10
"""Below so many leads “9 in 10” says nothing."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Leads in each bucket, those of grade A apart from the rest; the median in seconds."""

    of_grade_a: tuple[int, ...]
    of_the_rest: tuple[int, ...]
    median: float | None
    tenths: int | None
    """The first bucket by whose end nine in ten were touched; None where there are too few, or it has no end."""

    @property
    def number(self) -> int:
        """All leads touched."""
        return sum(self.of_grade_a) + sum(self.of_the_rest)


def bucket_of(seconds: int) -> int:
    """The bucket of a time, 0 to 6; a bucket begins with its bound."""
    return bisect_right(BUCKETS, seconds)


def speed_of(touched: Sequence[CountedLead]) -> Speed:
    """The speeds of touched leads."""
    of_grade_a, of_the_rest = [0] * (len(BUCKETS) + 1), [0] * (len(BUCKETS) + 1)
    seconds = [lead.touch_seconds for lead in touched if lead.touch_seconds is not None]
    for lead in touched:
        if lead.touch_seconds is not None:
            (of_grade_a if is_grade_a(lead) else of_the_rest)[bucket_of(lead.touch_seconds)] += 1
    together = [a + rest for a, rest in zip(of_grade_a, of_the_rest, strict=True)]
    return Speed(
        tuple(of_grade_a), tuple(of_the_rest), median(seconds) if seconds else None, _tenths(together)
    )


def _tenths(together: Sequence[int]) -> int | None:
    number, within = sum(together), 0
    if number < ENOUGH_FOR_TENTHS:
        return None
    for bucket, leads in enumerate(together[:-1]):
        within += leads
        if within * 10 >= number * 9:
            return bucket
    return None
