"""Days, weeks, months, quarters and years of a zone as edges in microseconds, for cohorts."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST = 5_000
"""A table of more periods than this is nobody's; it would take all memory."""
MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Unit(StrEnum):
    """How long a period is. A week begins on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def periods(first: int, last: int, unit: Unit, zone: str = "UTC") -> tuple[NDArray[np.int64], list[date]]:
    """The edges (B + 1) of the B periods that hold all times from `first` to `last` (microseconds), and their first days.

    Raises Refused: no_order where `last` is before `first`, too_many_periods.
    """
    if last < first:
        raise Refused("no_order", "The last time is before the first one.")
    here = ZoneInfo(zone)
    day = begin_of((EPOCH + first * MICROSECOND).astimezone(here).date(), unit)
    days = [day]
    while _instant(day, here) <= last:
        day = next_of(day, unit)
        days.append(day)
        if len(days) > MOST:
            raise Refused("too_many_periods", f"There are more than {MOST:,} periods; take longer ones.")
    return np.array([_instant(day, here) for day in days], np.int64), days[:-1]


def begin_of(day: date, unit: Unit) -> date:
    """The first day of the period that holds a day."""
    if unit is Unit.DAY:
        return day
    if unit is Unit.WEEK:
        return day - timedelta(days=day.weekday())
    length = MONTHS[unit]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def next_of(day: date, unit: Unit) -> date:
    """The first day of the period after the one that begins on a day."""
    if unit in {Unit.DAY, Unit.WEEK}:
        return day + timedelta(days=1 if unit is Unit.DAY else 7)
    months = day.year * 12 + day.month - 1 + MONTHS[unit]
    return date(months // 12, months % 12 + 1, 1)


def _instant(day: date, zone: ZoneInfo) -> int:
    return (datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC) - EPOCH) // MICROSECOND
