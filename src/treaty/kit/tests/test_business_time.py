"""Every sentence of the definition of business time, by hand-counted tables."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from treaty.kit.rules.business_time import (
    BusinessTime,
    Calendar,
    NoBusinessTime,
    Shift,
    business_time,
    validate,
)

ROME = ZoneInfo("Europe/Rome")
OFFICE = tuple(Shift(day, 9 * 60, 18 * 60) for day in range(5))
HOURS = Calendar("Europe/Rome", OFFICE)
NIGHTS = Calendar("Europe/Rome", tuple(Shift(day, 22 * 60, 6 * 60) for day in range(7)))
NO_ZONE = datetime(2026, 11, 16, 10)  # noqa: DTZ001 - the very mistake
AROUND_THE_CLOCK = Calendar("Europe/Rome", tuple(Shift(day, 0, 0) for day in range(7)))


def rome(text: str, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME, fold=fold)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


# 2026-11-16 is a Monday, 2026-11-20 a Friday.
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-16T10:00", "2026-11-16T12:30", 2.5),
        ("2026-11-16T08:00", "2026-11-16T20:00", 9),
        ("2026-11-16T17:00", "2026-11-17T10:00", 2),
        ("2026-11-20T17:00", "2026-11-23T10:00", 2),
        ("2026-11-21T00:00", "2026-11-22T23:59", 0),
        ("2026-11-16T18:00", "2026-11-17T09:00", 0),
        ("2026-11-16T09:00", "2026-11-23T09:00", 45),
        ("2026-11-16T12:00", "2026-11-16T12:00", 0),
    ],
)
def test_business_time_is_the_elapsed_time_inside_shifts(start: str, end: str, expected: float) -> None:
    at = rome(start)
    assert business_time(HOURS, at).between(at, rome(end)) == hours(expected)


@pytest.mark.parametrize(
    ("start", "budget", "expected"),
    [
        ("2026-11-16T10:00", 4, "2026-11-16T14:00"),
        ("2026-11-16T16:00", 4, "2026-11-17T11:00"),
        ("2026-11-20T16:00", 4, "2026-11-23T11:00"),
        # A start outside shifts begins at the next shift.
        ("2026-11-16T06:00", 1, "2026-11-16T10:00"),
        ("2026-11-21T13:00", 1, "2026-11-23T10:00"),
        ("2026-11-16T18:00", 1, "2026-11-17T10:00"),
        # Used up exactly at a shift's end: due at that end.
        ("2026-11-16T16:00", 2, "2026-11-16T18:00"),
        ("2026-11-20T09:00", 9, "2026-11-20T18:00"),
        ("2026-11-21T13:00", 9, "2026-11-23T18:00"),
        # Nothing to use up: the start inside a shift, else the next shift's start.
        ("2026-11-16T10:00", 0, "2026-11-16T10:00"),
        ("2026-11-16T09:00", 0, "2026-11-16T09:00"),
        ("2026-11-16T18:00", 0, "2026-11-17T09:00"),
        ("2026-11-21T13:00", 0, "2026-11-23T09:00"),
    ],
)
def test_due_is_the_first_instant_at_which_the_budget_is_used_up(
    start: str, budget: float, expected: str
) -> None:
    at = rome(start)
    assert business_time(HOURS, at).due(at, hours(budget)) == rome(expected)


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-03-28", 7), ("2026-10-24", 9), ("2026-11-14", 8)],
    ids=["spring night", "autumn night", "any other night"],
)
def test_a_night_shift_has_its_real_hours(day: str, expected: float) -> None:
    night = Calendar("Europe/Rome", (Shift(5, 22 * 60, 6 * 60),))
    start = rome(f"{day}T20:00")
    time = business_time(night, start)
    assert time.between(start, start + timedelta(days=2)) == hours(expected)
    assert time.due(start, hours(expected)) == time.closes_at(time.next_opening(start))


def test_an_hour_the_clock_skips_is_worth_nothing_and_one_it_shows_twice_counts_twice() -> None:
    small_hours = Calendar("Europe/Rome", (Shift(6, 2 * 60, 3 * 60),))
    for day, expected in [("2026-03-29", 0), ("2026-10-25", 2), ("2026-11-15", 1)]:
        start = rome(f"{day}T00:00")
        assert business_time(small_hours, start).between(start, start + timedelta(days=1)) == hours(expected)


def test_a_shift_that_begins_in_a_skipped_hour_begins_when_the_clock_jumps() -> None:
    early = Calendar("Europe/Rome", (Shift(6, 150, 6 * 60),))
    time = business_time(early, rome("2026-03-28T00:00"))
    assert time.next_opening(rome("2026-03-28T00:00")) == rome("2026-03-29T03:00")


def test_a_shift_that_ends_in_a_repeated_hour_runs_whenever_the_clock_shows_it() -> None:
    late = Calendar("Europe/Rome", (Shift(6, 60, 150),))
    time = business_time(late, rome("2026-10-25T00:00"))
    assert time.between(rome("2026-10-25T00:00"), rome("2026-10-25T06:00")) == hours(2)
    assert time.is_open(rome("2026-10-25T02:29"))
    assert not time.is_open(rome("2026-10-25T02:30"))
    assert time.is_open(rome("2026-10-25T02:29", fold=1))
    assert not time.is_open(rome("2026-10-25T02:30", fold=1))


def test_an_instant_is_the_same_in_every_zone_it_is_written_in() -> None:
    at = rome("2026-11-16T16:00")
    time = business_time(HOURS, at)
    assert time.due(at.astimezone(ZoneInfo("Asia/Kathmandu")), hours(4)) == time.due(at, hours(4))
    assert time.due(at, hours(4)).tzinfo is UTC


def test_no_shift_starts_on_a_day_off_and_the_night_before_still_ends_on_it() -> None:
    tuesday_off = Calendar("Europe/Rome", NIGHTS.shifts, days_off=frozenset({date(2026, 11, 17)}))
    start = rome("2026-11-16T12:00")
    time = business_time(tuesday_off, start)
    assert time.closes_at(rome("2026-11-17T01:00")) == rome("2026-11-17T06:00")
    assert time.next_opening(rome("2026-11-17T06:00")) == rome("2026-11-18T22:00")
    assert time.between(start, rome("2026-11-19T12:00")) == hours(16)


def test_absences_are_taken_out_from_their_start_up_to_their_end() -> None:
    away = (
        (rome("2026-11-16T11:00"), rome("2026-11-16T13:00")),
        (rome("2026-11-16T12:00"), rome("2026-11-16T14:00")),
        (rome("2026-11-16T15:00"), rome("2026-11-16T15:00")),
        (rome("2026-11-16T17:00"), rome("2026-11-17T10:00")),
    )
    time = business_time(Calendar("Europe/Rome", OFFICE, absences=away), rome("2026-11-16T00:00"))
    assert not time.is_open(rome("2026-11-16T11:00"))
    assert time.is_open(rome("2026-11-16T14:00"))
    assert time.closes_at(rome("2026-11-16T14:00")) == rome("2026-11-16T17:00")
    assert time.between(rome("2026-11-16T09:00"), rome("2026-11-16T18:00")) == hours(5)
    assert time.due(rome("2026-11-16T09:00"), hours(2)) == rome("2026-11-16T11:00")
    assert time.due(rome("2026-11-16T09:00"), hours(6)) == rome("2026-11-17T11:00")
    assert time.next_opening(rome("2026-11-16T11:00")) == rome("2026-11-16T14:00")


def test_an_absence_within_the_repeated_hour_is_taken_as_it_was() -> None:
    start = rome("2026-10-25T00:00")
    once = ((rome("2026-10-25T02:30"), rome("2026-10-25T02:15", fold=1)),)
    twice = ((rome("2026-10-25T02:30"), rome("2026-10-25T02:45", fold=1)),)
    for away, expected in [(once, 6.25), (twice, 5.75)]:
        time = business_time(Calendar("Europe/Rome", AROUND_THE_CLOCK.shifts, absences=away), start)
        assert time.between(start, rome("2026-10-25T06:00")) == hours(expected)


def test_overlapping_and_touching_shifts_are_one() -> None:
    shifts = (Shift(0, 540, 720), Shift(0, 600, 780), Shift(0, 780, 900), Shift(0, 540, 720))
    start = rome("2026-11-16T08:00")
    time = business_time(Calendar("Europe/Rome", shifts), start)
    assert time.between(start, rome("2026-11-16T20:00")) == hours(6)
    assert time.closes_at(rome("2026-11-16T09:00")) == rome("2026-11-16T15:00")


def test_several_shifts_a_day_leave_the_break_out() -> None:
    split = Calendar("Europe/Rome", (Shift(0, 540, 780), Shift(0, 840, 1080)))
    time = business_time(split, rome("2026-11-16T08:00"))
    assert time.due(rome("2026-11-16T12:00"), hours(1)) == rome("2026-11-16T13:00")
    assert time.due(rome("2026-11-16T12:00"), hours(1.5)) == rome("2026-11-16T14:30")
    assert time.due(rome("2026-11-16T13:00"), hours(0)) == rome("2026-11-16T14:00")


def test_open_is_half_open() -> None:
    time = business_time(HOURS, rome("2026-11-16T00:00"))
    tick = timedelta(microseconds=1)
    opening, close = rome("2026-11-16T09:00"), rome("2026-11-16T18:00")
    answers = [time.is_open(at) for at in (opening - tick, opening, close - tick, close)]
    assert answers == [False, True, True, False]
    assert time.closes_at(opening) == close
    assert time.closes_at(close) is None


def test_around_the_clock_is_plain_elapsed_time_and_never_closes() -> None:
    start = rome("2026-03-28T12:00:00.000001")
    time = business_time(AROUND_THE_CLOCK, start)
    assert time.between(start, rome("2026-04-01T12:00")) == timedelta(days=4, hours=-1, microseconds=-1)
    assert time.due(start, hours(100)) == start.astimezone(UTC) + hours(100)
    assert time.closes_at(start) is None


def test_a_day_that_a_country_left_out_has_no_shifts() -> None:
    # Samoa crossed the date line: 2011-12-29 was followed by 2011-12-31 (tz database, Pacific/Apia).
    daily = Calendar("Pacific/Apia", tuple(Shift(day, 540, 1020) for day in range(7)))
    start = datetime(2011, 12, 29, tzinfo=ZoneInfo("Pacific/Apia"))
    end = datetime(2012, 1, 1, tzinfo=ZoneInfo("Pacific/Apia"))
    assert business_time(daily, start).between(start, end) == hours(16)


def test_time_does_not_run_backwards() -> None:
    at = rome("2026-11-16T10:00")
    time = business_time(HOURS, at)
    with pytest.raises(ValueError, match="end lies before its start"):
        time.between(at, at - hours(1))
    with pytest.raises(ValueError, match="zero or more"):
        time.due(at, -hours(1))
    with pytest.raises(ValueError, match="zero or more"):
        time.due(at, timedelta.min)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        business_time(HOURS, NO_ZONE)


def test_a_fixed_table_refuses_what_lies_beyond_its_days() -> None:
    time = BusinessTime.compiled(HOURS, date(2026, 11, 16), date(2026, 11, 20))
    assert time.due(rome("2026-11-16T00:00"), hours(45)) == rome("2026-11-20T18:00")
    with pytest.raises(NoBusinessTime, match="do not hold that much"):
        time.due(rome("2026-11-16T00:00"), hours(45.1))
    with pytest.raises(NoBusinessTime, match="outside the days 2026-11-16 to 2026-11-20"):
        time.between(rome("2026-11-15T12:00"), rome("2026-11-16T12:00"))
    with pytest.raises(NoBusinessTime, match="outside the days"):
        time.is_open(rome("2026-11-23T10:00"))
    with pytest.raises(ValueError, match="before the first day"):
        BusinessTime.compiled(HOURS, date(2026, 11, 20), date(2026, 11, 16))


def test_the_night_shift_of_the_last_day_is_whole() -> None:
    time = BusinessTime.compiled(NIGHTS, date(2026, 3, 28), date(2026, 3, 28))
    assert time.between(rome("2026-03-28T12:00"), rome("2026-03-29T12:00")) == hours(7)
    assert time.closes_at(rome("2026-03-28T23:00")) == rome("2026-03-29T06:00")


def test_a_kept_table_extends_where_a_question_needs_more_days() -> None:
    at = rome("2026-11-16T09:00")
    time = business_time(HOURS, at)
    # 45 hours a week: 3,000 weeks from a Monday morning end on a Friday evening.
    far = (at.replace(tzinfo=None) + timedelta(weeks=2999, days=4, hours=9)).replace(tzinfo=ROME)
    assert time.due(at, hours(45 * 3000)) == far
    assert time.between(at, far) == hours(45 * 3000)
    past = (at.replace(tzinfo=None) - timedelta(weeks=1000)).replace(tzinfo=ROME)
    assert time.between(past, at) == hours(45 * 1000)
    assert time.is_open(past)
    assert time.due(past, hours(1)) == past + hours(1)
    assert time.closes_at(far - hours(1)) == far


def test_tables_of_neighbouring_days_are_one() -> None:
    at = rome("2026-11-16T09:00")
    again = Calendar("Europe/Rome", tuple(Shift(day, 540, 1080) for day in range(5)))
    assert business_time(again, at + timedelta(hours=5)) is business_time(HOURS, at)


@pytest.mark.parametrize("budget", [hours(0), hours(1), timedelta(days=300_000), timedelta.max])
def test_a_calendar_without_shifts_has_no_due(budget: timedelta) -> None:
    at = rome("2026-11-16T09:00")
    with pytest.raises(NoBusinessTime):
        business_time(Calendar("Europe/Rome", ()), at).due(at, budget)


def test_a_calendar_without_a_shift_in_the_next_366_days_is_invalid() -> None:
    at = rome("2026-11-16T12:00")
    validate(HOURS, at)
    with pytest.raises(
        NoBusinessTime, match=r"\(Europe/Rome\) has no shift between 2026-11-16 and 2027-11-17"
    ):
        validate(Calendar("Europe/Rome", ()), at)
    away_for = {days: ((at, at + timedelta(days=days)),) for days in (365, 366)}
    validate(Calendar("Europe/Rome", AROUND_THE_CLOCK.shifts, absences=away_for[365]), at)
    with pytest.raises(NoBusinessTime, match="neither a day off nor an absence"):
        validate(Calendar("Europe/Rome", AROUND_THE_CLOCK.shifts, absences=away_for[366]), at)
    off = frozenset(date(2026, 11, 16) + timedelta(days=n) for n in range(1, 400))
    with pytest.raises(NoBusinessTime):
        validate(Calendar("Europe/Rome", OFFICE, days_off=off), rome("2026-11-16T18:00"))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: Shift(7, 0, 60), "0 .Monday. to 6 .Sunday."),
        (lambda: Shift(0, 1440, 60), "minute 0 to 1439"),
        (lambda: Shift(0, 60, 1441), "minute 0 to 1440"),
        (lambda: Calendar("Europe/Roma", OFFICE), "such as Europe/Rome"),
        (lambda: Calendar("Europe", OFFICE), "such as Europe/Rome"),
        (lambda: Calendar("../etc", OFFICE), "such as Europe/Rome"),
        (lambda: Calendar("UTC", (), absences=((rome("2026-11-17"), rome("2026-11-16")),)), "exchange"),
        (lambda: Calendar("UTC", (), absences=((NO_ZONE, NO_ZONE),)), "needs a time zone"),
    ],
)
def test_what_cannot_be_a_calendar_says_what_would_be_right(wrong: object, says: str) -> None:
    assert callable(wrong)
    with pytest.raises(ValueError, match=says):
        wrong()


def test_no_questions_have_no_answers() -> None:
    nothing = np.array([], dtype=np.int64)
    time = business_time(HOURS, rome("2026-11-16T09:00"))
    assert time.between_many(nothing, nothing).size == 0
    assert time.due_many(nothing, nothing).size == 0


def test_the_rules_import_without_django() -> None:
    modules = "import treaty.kit.rules.business_time, treaty.kit.rules.money, treaty.kit.rules.first_response"
    check = f"import sys; sys.modules['django'] = None; {modules}"
    subprocess.run([sys.executable, "-c", check], check=True)
