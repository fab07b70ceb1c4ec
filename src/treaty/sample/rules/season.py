"""The days of the history, and how many buyers ask in each month: marketing keeps its volume promise in all but one.

What is promised for a month and how many of its days the history holds say how many ask; the day and the hour at which
the sample is filled only move where the months begin and end.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from math import ceil
from random import Random
from zoneinfo import ZoneInfo

Day = tuple[datetime, datetime]
"""When the company opens and closes."""
WORKING_DAYS = 120
AMENDED_AFTER = 72
WEAK = 2
"""The month in which marketing falls short: the third. It is over, and judged, when the agreement is amended: sales
promises more speed, and marketing makes up for it by more leads."""
KEEPS = (1.2, 1.26)
"""Who asks, of what is promised: enough though sales returns two of fifteen. Some more come back without asking."""
FAILS = 0.88
"""Not enough, even if sales returned nobody; and in the weak month nobody comes back."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the history: the places of its days, and who asks in it."""

    first: date
    places: range
    asking: int
    is_weak: bool


def working_days(now: datetime, is_open: Callable[[datetime], bool], *, zone: str) -> list[Day]:
    """The last 120 days, up to now, on which the company opens at nine; today closes now."""
    wall, found = ZoneInfo(zone), list[Day]()
    day = now.astimezone(wall).date()
    while len(found) < WORKING_DAYS:
        opens, closes = (datetime.combine(day, time(hour), wall) for hour in (9, 17))
        if is_open(opens) and opens < now:
            found.append((opens, min(closes, now)))
        day -= timedelta(days=1)
    return found[::-1]


def months(random: Random, days: Sequence[date], promised: Sequence[int]) -> Iterator[Month]:
    """The months in which the working days `days` lie; `promised` is for each day what its whole month was to bring."""
    grouped = [
        list(part) for _key, part in groupby(range(len(days)), key=lambda place: days[place].replace(day=1))
    ]
    for number, part in enumerate(grouped):
        is_weak, is_part = number == WEAK, number in {0, len(grouped) - 1}
        wanted = promised[part[0]] * (share(days[part[0]], len(part)) if is_part else 1)
        lift = FAILS if is_weak else random.uniform(*KEEPS)
        asking = int(wanted * lift) if is_weak else ceil(wanted * lift) + 1
        yield Month(days[part[0]], range(part[0], part[-1] + 1), asking, is_weak)


def share(day: date, worked: int) -> float:
    """How much of the month of a day so many working days are when holidays take two weekdays of it, as at most."""
    _first, length = monthrange(day.year, day.month)
    weekdays = sum(day.replace(day=number).weekday() < 5 for number in range(1, length + 1))
    return min(1.0, worked / (weekdays - 2))


def asking_by_day(random: Random, found: Sequence[Month]) -> Counter[int]:
    """How many ask on each day, by its place: some days bring nobody, some six or seven."""
    return Counter(place for month in found for place in random.choices(month.places, k=month.asking))
