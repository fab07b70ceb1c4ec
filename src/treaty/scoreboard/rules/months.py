"""Months and quarters on the company's wall, and the business days in them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from treaty.kit.rules.business_time import Calendar

WRITTEN = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
YEARS = range(1970, 9990)


@dataclass(frozen=True, slots=True)
class Month:
    """A month in a time zone; `first` is its first day."""

    first: date
    zone: str

    @classmethod
    def of(cls, at: datetime, zone: str) -> "Month":
        """The month in which an instant lies."""
        return cls(at.astimezone(ZoneInfo(zone)).date().replace(day=1), zone)

    @classmethod
    def parse(cls, text: str, zone: str) -> "Month | None":
        """The month written as 2026-11; None for anything else."""
        found = WRITTEN.fullmatch(text)
        if found is None or int(found[1]) not in YEARS:
            return None
        return cls(date(int(found[1]), int(found[2]), 1), zone)

    @property
    def key(self) -> str:
        """As addresses and facts write it: 2026-11."""
        return f"{self.first:%Y-%m}"

    @property
    def previous(self) -> "Month":
        """The month before."""
        return Month((self.first - timedelta(days=1)).replace(day=1), self.zone)

    @property
    def following(self) -> "Month":
        """The month after."""
        return Month((self.first + timedelta(days=31)).replace(day=1), self.zone)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.following.first - timedelta(days=1)

    @property
    def start(self) -> datetime:
        """Its first instant."""
        return datetime(self.first.year, self.first.month, 1, tzinfo=ZoneInfo(self.zone))

    @property
    def end(self) -> datetime:
        """The first instant of the next month."""
        return self.following.start

    @property
    def due_at(self) -> datetime:
        """The last instant that still belongs to it: when promises about the month are due."""
        return self.end - timedelta(microseconds=1)

    @property
    def quarter(self) -> int:
        """1 to 4."""
        return (self.first.month - 1) // 3 + 1

    @property
    def quarter_begins(self) -> "Month":
        """The first month of its quarter."""
        return Month(self.first.replace(month=self.quarter * 3 - 2), self.zone)

    @property
    def quarter_ends(self) -> "Month":
        """The last month of its quarter."""
        return Month(self.first.replace(month=self.quarter * 3), self.zone)

    def seen_at(self, at: datetime) -> datetime:
        """The instant up to which the month is counted at `at`: that instant, or its end once it is over."""
        return min(max(at, self.start), self.end)

    def day_at(self, at: datetime) -> date:
        """The last day of the month that has begun at `at`; the day before it where none has."""
        today = at.astimezone(ZoneInfo(self.zone)).date()
        return min(max(today, self.first - timedelta(days=1)), self.last)


def business_days(calendar: Calendar, first: date, last: date) -> tuple[date, ...]:
    """The days from `first` to `last` on which a shift of the calendar begins."""
    weekdays = {shift.weekday for shift in calendar.shifts}
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(day for day in days if day.weekday() in weekdays and day not in calendar.days_off)
