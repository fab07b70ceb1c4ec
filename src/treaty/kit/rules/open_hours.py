"""Compile a calendar into sorted, disjoint spans of absolute time.

An instant lies inside a shift if the local clock, read at that instant, shows a time of the shift. So an hour
that the clock skips is worth nothing, one that it shows twice counts twice, and a night has its real length.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.shifts import Calendar

Micros = NDArray[np.int64]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 86_400 * SECOND
EPOCH_ORDINAL = EPOCH.toordinal()


class OpenHours(NamedTuple):
    """Spans [starts, ends) and the horizon [begin, end] they are complete for; microseconds since 1970."""

    starts: Micros
    ends: Micros
    begin: int
    end: int


def micros(at: datetime) -> int:
    """Exact microseconds since 1970 in UTC of an aware datetime."""
    if at.utcoffset() is None:
        raise ValueError(f"{at} has no time zone; business time needs an aware datetime")
    return (at - EPOCH) // MICROSECOND


def instant(at: int) -> datetime:
    """The aware UTC datetime of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=at)


def open_hours(calendar: Calendar, first: date, last: date) -> OpenHours:
    """Business time of the local days `first` to `last`, and the day after: a night shift stays whole."""
    zone = ZoneInfo(calendar.zone)
    begin = _midnight(first, zone)
    end = _midnight(last + timedelta(days=2), zone)
    walls = _wall_shifts(calendar, first, last)
    pieces = [_shown(walls, *period) for period in _offset_periods(zone, begin, end)]
    starts = np.concatenate([piece[0] for piece in pieces])
    ends = np.concatenate([piece[1] for piece in pieces])
    return OpenHours(*_union_without(starts, ends, calendar), begin, end)


def _midnight(day: date, zone: ZoneInfo) -> int:
    return micros(datetime.combine(day, time(), zone))


def _wall_shifts(calendar: Calendar, first: date, last: date) -> tuple[Micros, Micros]:
    """Every shift as two readings of the local clock, with the days around for those crossing midnight."""
    days = np.arange(first.toordinal() - 2, last.toordinal() + 3, dtype=np.int64)
    off = np.array([day.toordinal() for day in calendar.days_off], dtype=np.int64)
    days = days[~np.isin(days, off)]
    weekdays = (days - 1) % 7
    starts, ends = [days[:0]], [days[:0]]
    for shift in calendar.shifts:
        start = (days[weekdays == shift.weekday] - EPOCH_ORDINAL) * DAY + shift.start * MINUTE
        starts.append(start)
        ends.append(start + shift.minutes * MINUTE)
    return np.concatenate(starts), np.concatenate(ends)


def _shown(walls: tuple[Micros, Micros], begin: int, end: int, offset: int) -> tuple[Micros, Micros]:
    """The parts of wall-clock spans that a clock of constant offset shows from `begin` to `end`, as UTC."""
    starts = np.clip(walls[0] - offset, begin, end)
    ends = np.clip(walls[1] - offset, begin, end)
    lasting = starts < ends
    return starts[lasting], ends[lasting]


def _offset_periods(zone: ZoneInfo, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(begin, end, UTC offset) of each stretch without a clock change; no zone changes twice within a day."""
    stretch, offset = begin, _offset(zone, begin)
    for day in range(begin, end, DAY):
        following = min(day + DAY, end)
        if _offset(zone, following) != offset:
            change = _clock_change(zone, day, following)
            yield stretch, change, offset
            stretch, offset = change, _offset(zone, following)
    yield stretch, end, offset


def _offset(zone: ZoneInfo, at: int) -> int:
    return (instant(at).astimezone(zone).utcoffset() or timedelta()) // MICROSECOND


def _clock_change(zone: ZoneInfo, low: int, high: int) -> int:
    """The second at which the offset becomes the one of `high`, by bisection."""
    after = _offset(zone, high)
    while high - low > SECOND:
        middle = low + (high - low) // SECOND // 2 * SECOND
        low, high = (low, middle) if _offset(zone, middle) == after else (middle, high)
    return high


def _union_without(starts: Micros, ends: Micros, calendar: Calendar) -> tuple[Micros, Micros]:
    """Sweep over all edges: keep where some shift runs and no absence does; touching spans become one."""
    away = np.array([[micros(a), micros(b)] for a, b in calendar.absences], dtype=np.int64).reshape(-1, 2)
    edges = np.concatenate([starts, ends, away[:, 0], away[:, 1]])
    running = np.repeat([1, -1, 0, 0], [len(starts), len(ends), len(away), len(away)])
    absent = np.repeat([0, 0, 1, -1], [len(starts), len(ends), len(away), len(away)])
    order = np.argsort(edges, kind="stable")
    edges = edges[order]
    last_of_instant = np.append(edges[1:] != edges[:-1], True)[: len(edges)]
    inside = (np.cumsum(running[order]) > 0) & (np.cumsum(absent[order]) == 0)
    edges, inside = edges[last_of_instant], inside[last_of_instant]
    change = np.diff(inside.astype(np.int8), prepend=np.int8(0))
    return edges[change == 1], edges[change == -1]
