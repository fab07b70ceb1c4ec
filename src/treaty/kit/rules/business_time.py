"""Business time: elapsed real time inside the shifts of a calendar, and when a budget of it is used up.

A calendar is compiled once into cumulative tables; after that every question is one or two binary searches,
for one instant or a million. Instants are aware datetimes; in arrays, int64 microseconds since 1970 in UTC.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache

import numpy as np

from treaty.kit.rules.open_hours import DAY, MICROSECOND, Micros, OpenHours, instant, micros, open_hours
from treaty.kit.rules.shifts import Calendar, NoBusinessTime, Shift

__all__ = ["BusinessTime", "Calendar", "NoBusinessTime", "Shift", "business_time", "validate"]

VALID_WITHIN = timedelta(days=366)
YEAR = 366 * DAY
DAYS_BEFORE = 400
DAYS_AFTER = 800
# Tables begin and end on multiples of this, so that questions of neighbouring days share one table.
STEP_DAYS = 128
FARTHEST = 36_525 * DAY
EARLIEST, LATEST = date(2, 1, 1), date(9998, 12, 1)


@dataclass(frozen=True, eq=False)
class BusinessTime:
    """The compiled table of one calendar. One that `extends` compiles more days where needed."""

    calendar: Calendar
    first: date
    last: date
    hours: OpenHours
    extends: bool = False

    @classmethod
    def compiled(cls, calendar: Calendar, first: date, last: date) -> "BusinessTime":
        """The table of the local days `first` to `last`, and the day after so that a night shift is whole.

        A question beyond these days raises NoBusinessTime.
        """
        if last < first:
            raise ValueError(f"the last day {last} lies before the first day {first}")
        return cls(calendar, first, last, open_hours(calendar, first, last))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Business time in [start, end). Raises ValueError if `end` lies before `start`."""
        return timedelta(microseconds=int(self.between_many(_one(start), _one(end))[0]))

    def due(self, start: datetime, budget: timedelta) -> datetime:
        """The first instant at which `budget` is used up; for no budget, `start` or the next opening."""
        spend = budget // MICROSECOND
        _refuse_budgets(spend, spend)
        return instant(int(self.due_many(_one(start), np.array([spend]))[0]))

    def is_open(self, at: datetime) -> bool:
        """Whether a shift is running at this instant."""
        return self._covering(micros(at), micros(at) + 1)._running(micros(at)) is not None

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself inside a shift, else the start of the next shift."""
        return self.due(at, timedelta())

    def closes_at(self, at: datetime) -> datetime | None:
        """The end of the running shift; None if none is running, or if it runs on for more than a year."""
        start = micros(at)
        table = self._covering(start, start + (YEAR if self.extends else 1))
        running = table._running(start)
        end = None if running is None else int(table.hours.ends[running])
        return None if end is None or end == table.hours.end else instant(end)

    def between_many(self, starts: Micros, ends: Micros) -> Micros:
        """Business microseconds in each [start, end). Raises ValueError if an end lies before its start."""
        starts, ends = np.asarray(starts, dtype=np.int64), np.asarray(ends, dtype=np.int64)
        if np.any(ends < starts):
            raise ValueError("business time runs forward: an end lies before its start; exchange the two")
        if not starts.size:
            return starts
        table = self._covering(int(starts.min()), int(ends.max()))
        spent: Micros = table._used_until(ends) - table._used_until(starts)
        return spent

    def due_many(self, starts: Micros, budgets: Micros) -> Micros:
        """The instant at which each budget of microseconds, counted from its start, is used up."""
        starts, budgets = np.asarray(starts, dtype=np.int64), np.asarray(budgets, dtype=np.int64)
        if not starts.size:
            return starts
        _refuse_budgets(int(budgets.min()), int(budgets.max()))
        table = self._covering(int(starts.min()), int(starts.max()))
        while True:
            target = table._used_until(starts) + budgets
            # The use stands at `target` from a close until the next opening. A budget is used up at the close;
            # where there is none, the opening is asked for: the span in which one microsecond more is used.
            beyond = target + (budgets == 0)
            if beyond.max() <= table._used[-1]:
                return table._when_used(target, beyond)
            table = table._longer(int(starts.max()))

    @cached_property
    def _used(self) -> Micros:
        """Business time before each span, and after the last one."""
        return np.concatenate([[0], np.cumsum(self.hours.ends - self.hours.starts)]).astype(np.int64)

    def _running(self, at: int) -> int | None:
        span = int(np.searchsorted(self.hours.starts, at, side="right")) - 1
        return span if span >= 0 and at < self.hours.ends[span] else None

    def _used_until(self, at: Micros) -> Micros:
        """Business time from the beginning of the table."""
        if not self.hours.starts.size:
            return np.zeros_like(at)
        span = np.maximum(np.searchsorted(self.hours.starts, at, side="right") - 1, 0)
        inside = np.clip(at, self.hours.starts[span], self.hours.ends[span]) - self.hours.starts[span]
        used: Micros = self._used[span] + inside
        return used

    def _when_used(self, target: Micros, beyond: Micros) -> Micros:
        """The instant with `target` used, in the span in which the use reaches `beyond`."""
        span = np.searchsorted(self._used[1:], beyond, side="left")
        when: Micros = self.hours.starts[span] + target - self._used[span]
        return when

    def _covering(self, low: int, high: int) -> "BusinessTime":
        if self._covers(low, high):
            return self
        if self.extends:
            wider = _table(self.calendar, min(self.first, _step(low, -1)), max(self.last, _step(high, 1)))
            if wider._covers(low, high):
                return wider
        outside = instant(low) if low < self.hours.begin else instant(high)
        raise NoBusinessTime(
            f"{outside} lies outside the days {self.first} to {self.last} of this calendar's table"
        )

    def _covers(self, low: int, high: int) -> bool:
        return self.hours.begin <= low and high <= self.hours.end

    def _longer(self, start: int) -> "BusinessTime":
        """The same table with three times its days. Raises NoBusinessTime where that cannot help."""
        if not self.extends or self.hours.end - start > FARTHEST or self.last == LATEST:
            shown = f"from {instant(start)} until {self.last} in {self.calendar.zone}"
            raise NoBusinessTime(
                f"the shifts {shown} do not hold that much business time; add shifts or ask for less"
            )
        later = min(self.last.toordinal() + 2 * (self.last - self.first).days, LATEST.toordinal())
        return _table(self.calendar, self.first, date.fromordinal(later))


def business_time(calendar: Calendar, around: datetime) -> BusinessTime:
    """The kept table from 400 days before to 800 days after `around`; it extends when asked beyond."""
    at = micros(around)
    return _table(calendar, _step(at - DAYS_BEFORE * DAY, -1), _step(at + DAYS_AFTER * DAY, 1))


def validate(calendar: Calendar, at: datetime) -> None:
    """Raise NoBusinessTime unless the calendar has a shift within the 366 days after `at`."""
    today = _day(micros(at))
    year = BusinessTime.compiled(calendar, today - timedelta(1), today + timedelta(367))
    try:
        opening = year.next_opening(at)
    except NoBusinessTime:
        opening = None
    if opening is None or opening - at >= VALID_WITHIN:
        until = (at + VALID_WITHIN).date()
        raise NoBusinessTime(
            f"this calendar ({calendar.zone}) has no shift between {at.date()} and {until}; "
            "give it a shift on a day that is neither a day off nor an absence"
        )


@lru_cache(maxsize=256)
def _table(calendar: Calendar, first: date, last: date) -> BusinessTime:
    return BusinessTime(calendar, first, last, open_hours(calendar, first, last), extends=True)


def _one(at: datetime) -> Micros:
    return np.array([micros(at)], dtype=np.int64)


def _refuse_budgets(smallest: int, largest: int) -> None:
    if smallest < 0:
        raise ValueError(
            "a budget of business time is zero or more; `between` tells the time that has passed"
        )
    if largest > FARTHEST:
        raise NoBusinessTime("a budget of business time is at most a hundred years")


def _day(at: int) -> date:
    return instant(at).date()


def _step(at: int, direction: int) -> date:
    """The nearest day of the grid a step before (-1) the day of `at`, or after (1) it."""
    stepped = (_day(at).toordinal() // STEP_DAYS + direction) * STEP_DAYS
    return date.fromordinal(min(max(stepped, EARLIEST.toordinal()), LATEST.toordinal()))
