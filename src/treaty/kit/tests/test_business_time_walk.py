"""Business time against a walk over every minute, and the laws that hold between its answers."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from treaty.kit.rules.business_time import BusinessTime, Calendar, Shift, business_time
from treaty.kit.rules.open_hours import instant, micros
from treaty.kit.tests.minute_walk import Walk

# Nights of clock change, from the tz database: spring and autumn of 2026 in each zone, Kathmandu's has none.
NIGHTS = {
    "Europe/Rome": [date(2026, 3, 28), date(2026, 10, 24)],
    "America/New_York": [date(2026, 3, 7), date(2026, 10, 31)],
    "Australia/Lord_Howe": [date(2026, 4, 4), date(2026, 10, 3)],
    "Asia/Beirut": [date(2026, 3, 28), date(2026, 10, 24)],
    "Asia/Kathmandu": [date(2026, 3, 28), date(2026, 10, 24)],
}
WALKED_DAYS = 3
TICK = timedelta(microseconds=1)

edges = st.one_of(st.integers(0, 1439), st.sampled_from([0, 60, 90, 120, 150, 180, 540, 1080, 1320, 1410]))
shifts = st.builds(Shift, weekday=st.sampled_from([4, 5, 6, 0]), start=edges, end=edges)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A calendar, and the instant half a day before a night on which clocks may change."""
    zone = draw(st.sampled_from(sorted(NIGHTS)))
    night = draw(st.sampled_from(NIGHTS[zone]))
    begin = datetime(night.year, night.month, night.day, tzinfo=UTC)
    days = st.integers(-1, WALKED_DAYS).map(lambda n: night + timedelta(days=n))
    spans = st.tuples(st.integers(0, WALKED_DAYS * 1440), st.integers(0, 600))
    absences = [
        (begin + timedelta(minutes=start), begin + timedelta(minutes=start + length))
        for start, length in draw(st.lists(spans, max_size=2))
    ]
    drawn = draw(st.lists(shifts, min_size=1, max_size=4))
    days_off = draw(st.frozensets(days, max_size=1))
    return Calendar(zone, tuple(drawn), days_off, tuple(absences)), begin


def as_micros(instants: list[datetime]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([micros(at) for at in instants], dtype=np.int64)


ROME_NIGHT = (
    Calendar("Europe/Rome", (Shift(5, 1320, 150), Shift(6, 150, 360), Shift(6, 300, 540))),
    datetime(2026, 10, 24, tzinfo=UTC),
)


@settings(max_examples=40, deadline=None)
@given(calendars(), st.lists(st.tuples(st.integers(0, 4319), st.integers(0, 1500)), min_size=8, max_size=8))
@example(
    ROME_NIGHT, [(0, 0), (0, 1), (1200, 270), (1200, 300), (1200, 301), (1470, 0), (1500, 30), (1530, 60)]
)
def test_every_minute_agrees_with_the_walk(
    drawn: tuple[Calendar, datetime], questions: list[tuple[int, int]]
) -> None:
    calendar, begin = drawn
    walk = Walk(calendar, begin, WALKED_DAYS * 1440)
    time = business_time(calendar, begin)
    ends = as_micros(walk.instants)
    spent = time.between_many(np.full_like(ends, ends[0]), ends)
    assert (spent // 60_000_000).tolist() == walk.before
    for start, budget in questions:
        at, minutes = walk.instants[start], timedelta(minutes=budget)
        assert time.is_open(at) == walk.open[start]
        expected = walk.due(start, budget)
        if expected is None:
            assert time.due(at, minutes) > walk.instants[-1]
        else:
            assert time.due(at, minutes) == expected


@settings(max_examples=8, deadline=None)
@given(calendars(), st.integers(0, 2880), st.integers(0, 59))
def test_every_second_of_an_hour_agrees_with_the_walk(
    drawn: tuple[Calendar, datetime], minute: int, second: int
) -> None:
    calendar, begin = drawn
    walk = Walk(calendar, begin + timedelta(minutes=minute, seconds=second), 3600, timedelta(seconds=1))
    ends = as_micros(walk.instants)
    spent = business_time(calendar, begin).between_many(np.full_like(ends, ends[0]), ends)
    assert (spent // 1_000_000).tolist() == walk.before


microseconds = st.integers(0, WALKED_DAYS * 86_400_000_000)


@settings(max_examples=80, deadline=None)
@given(calendars(), microseconds, st.integers(1, 200 * 3_600_000_000))
def test_due_is_the_inverse_of_between_to_the_microsecond(
    drawn: tuple[Calendar, datetime], start: int, budget: int
) -> None:
    calendar, begin = drawn
    at, spend = begin + start * TICK, budget * TICK
    time = business_time(calendar, begin)
    due = time.due(at, spend)
    assert time.between(at, due) == spend
    assert time.between(at, due - TICK) == spend - TICK
    assert time.due(at, timedelta()) == time.next_opening(at)
    assert time.is_open(time.next_opening(at))


@settings(max_examples=50, deadline=None)
@given(calendars(), st.lists(microseconds, min_size=3, max_size=3).map(sorted), microseconds, microseconds)
def test_later_starts_and_larger_budgets_are_never_due_earlier(
    drawn: tuple[Calendar, datetime], moments: list[int], budget: int, more: int
) -> None:
    calendar, begin = drawn
    early, middle, late = (begin + moment * TICK for moment in moments)
    time = business_time(calendar, begin)
    spend = budget * TICK
    assert time.due(early, spend) <= time.due(middle, spend)
    assert time.due(early, spend) <= time.due(early, spend + more * TICK)
    assert time.between(early, middle) + time.between(middle, late) == time.between(early, late)
    assert time.between(early, late) <= late - early


@settings(max_examples=50, deadline=None)
@given(calendars(), st.lists(st.tuples(microseconds, microseconds), min_size=1, max_size=20))
def test_a_million_at_once_are_answered_as_one(
    drawn: tuple[Calendar, datetime], questions: list[tuple[int, int]]
) -> None:
    calendar, begin = drawn
    time = business_time(calendar, begin)
    starts = as_micros([begin + start * TICK for start, _ in questions])
    lengths = np.array([length for _, length in questions], dtype=np.int64)
    dues = time.due_many(starts, lengths)
    spent = time.between_many(starts, starts + lengths)
    for at, length, due, took in zip(
        starts.tolist(), lengths.tolist(), dues.tolist(), spent.tolist(), strict=True
    ):
        assert instant(due) == time.due(instant(at), length * TICK)
        assert took * TICK == time.between(instant(at), instant(at + length))


@settings(max_examples=30, deadline=None)
@given(calendars(), microseconds, microseconds)
def test_a_small_table_and_a_large_one_agree(
    drawn: tuple[Calendar, datetime], start: int, length: int
) -> None:
    calendar, begin = drawn
    first = begin.date() - timedelta(days=1)
    small = BusinessTime.compiled(calendar, first, first + timedelta(days=2 * WALKED_DAYS + 1))
    at = begin + start * TICK
    assert small.between(at, at + length * TICK) == business_time(calendar, begin).between(
        at, at + length * TICK
    )
