"""A million `due` and a million `between` beside their limit of one second, and beside a loop over seconds.

Run: .venv/bin/python benchmarks/business_time.py
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import numpy as np

from treaty.kit.rules.business_time import BusinessTime, Calendar, Shift
from treaty.kit.rules.open_hours import DAY, Micros, micros

QUESTIONS = 1_000_000
LIMIT = 1.0
COMPILE_LIMIT = 0.020
HOUR = 3_600_000_000
FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)
CALENDAR = Calendar(
    "Europe/Rome",
    tuple(Shift(day, *shift) for day in range(5) for shift in ((9 * 60, 13 * 60), (14 * 60, 18 * 60))),
    frozenset(
        date(year, month, day) for year in (2025, 2026, 2027) for month, day in ((1, 1), (8, 15), (12, 25))
    ),
    ((datetime(2026, 8, 3, tzinfo=UTC), datetime(2026, 8, 24, tzinfo=UTC)),),
)


def seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """The shortest of some rounds."""
    spent = []
    for _ in range(rounds):
        begin = perf_counter()
        work()
        spent.append(perf_counter() - begin)
    return min(spent)


def questions() -> tuple[Micros, Micros, Micros]:
    """Starts in random order over two years, ends up to 60 days later, budgets up to 80 hours."""
    chance = np.random.default_rng(2026)
    begin = micros(datetime(2025, 1, 2, tzinfo=UTC))
    starts = begin + chance.integers(0, 730 * DAY, QUESTIONS)
    return starts, starts + chance.integers(0, 60 * DAY, QUESTIONS), chance.integers(0, 80 * HOUR, QUESTIONS)


def second_by_second(start: datetime, budget: int) -> datetime:
    """What a loop of one turn a second does for one `due`."""
    zone, at = ZoneInfo(CALENDAR.zone), start
    while budget:
        local = at.astimezone(zone)
        now, today = local.hour * 60 + local.minute, local.date()
        happens = today not in CALENDAR.days_off
        budget -= any(
            happens and s.weekday == today.weekday() and s.start <= now < s.end for s in CALENDAR.shifts
        )
        at += timedelta(seconds=1)
    return at


def line(name: str, spent: float, limit: float) -> str:
    return f"{name:<28} {spent:9.4f} s   limit {limit:.3f} s   {spent / limit:7.1%} of the limit"


def main() -> None:
    table = BusinessTime.compiled(CALENDAR, FIRST, LAST)
    starts, ends, budgets = questions()
    compiling = seconds(lambda: BusinessTime.compiled(CALENDAR, FIRST, LAST))
    print(line("compile three years", compiling, COMPILE_LIMIT))
    print(line("1,000,000 due", seconds(lambda: table.due_many(starts, budgets)), LIMIT))
    print(line("1,000,000 between", seconds(lambda: table.between_many(starts, ends)), LIMIT))
    monday, budget = datetime(2026, 11, 16, 8, tzinfo=UTC), timedelta(hours=8)
    one = seconds(lambda: table.due(monday, budget), 100)
    walk = seconds(lambda: second_by_second(monday, int(budget.total_seconds())), 1)
    if second_by_second(monday, int(budget.total_seconds())) != table.due(monday, budget):
        raise SystemExit("the loop over seconds and the table do not agree")
    print(f"one due, 8 h: table {one * 1e6:.0f} µs, loop over seconds {walk:.3f} s, {walk / one:,.0f} times")


if __name__ == "__main__":
    main()
