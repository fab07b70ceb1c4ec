"""The oracle of business time: reads the local clock minute after minute, or second after second, and counts.

Written from the sentences of the definition with zoneinfo alone; shares nothing with what it judges.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from treaty.kit.rules.shifts import Calendar

MINUTE = timedelta(minutes=1)


def works(calendar: Calendar, at: datetime) -> bool:
    """Whether the local clock at this instant shows a time of a shift that happens, and nobody is absent."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    today, now = local.date(), local.hour * 60 + local.minute
    if any(start <= at < end for start, end in calendar.absences):
        return False
    yesterday = today - timedelta(days=1)
    for shift in calendar.shifts:
        next_day = shift.end <= shift.start
        began_today = shift.weekday == today.weekday() and today not in calendar.days_off
        began_yesterday = shift.weekday == yesterday.weekday() and yesterday not in calendar.days_off
        if began_today and shift.start <= now and (next_day or now < shift.end):
            return True
        if began_yesterday and next_day and now < shift.end:
            return True
    return False


class Walk:
    """Equal steps from `begin`: for each whether it is worked, and how many were worked before it."""

    def __init__(self, calendar: Calendar, begin: datetime, steps: int, step: timedelta = MINUTE) -> None:
        self.instants = [begin.astimezone(UTC) + step * n for n in range(steps + 1)]
        self.step = step
        self.open = [works(calendar, at) for at in self.instants]
        self.before = [0, *accumulate(self.open[:-1])]

    def between(self, start: int, end: int) -> timedelta:
        return (self.before[end] - self.before[start]) * self.step

    def due(self, start: int, budget: int) -> datetime | None:
        """The first step at which `budget` steps are used up, or None if the walk ends before."""
        if budget == 0:
            return next((self.instants[n] for n in self._from(start) if self.open[n]), None)
        target = self.before[start] + budget
        return next((self.instants[n] for n in self._from(start) if self.before[n] == target), None)

    def _from(self, start: int) -> Iterator[int]:
        return iter(range(start, len(self.instants)))
