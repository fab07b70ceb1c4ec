"""The wait from a case's first moment to its second, in business time."""

from datetime import UTC, datetime, timedelta

from treaty.kit.rules.business_time import Calendar, Shift, business_time
from treaty.kit.rules.first_response import first_response

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
TIME = business_time(Calendar("UTC", tuple(Shift(day, 9 * 60, 18 * 60) for day in range(5))), MONDAY)


def test_the_wait_runs_from_the_first_to_the_second_moment_in_whatever_order_they_come() -> None:
    moments = [MONDAY + timedelta(hours=hour) for hour in (30, 17, 34)]
    # Monday 17:00 to Tuesday 06:00: one hour of Monday's shift.
    assert first_response({"a": moments, "b": moments[::-1]}, TIME) == dict.fromkeys("ab", timedelta(hours=1))


def test_a_case_with_one_moment_is_open() -> None:
    assert first_response({1: [MONDAY], 2: []}, TIME) == {1: None, 2: None}


def test_two_moments_at_one_instant_are_a_response_after_no_time() -> None:
    noon = MONDAY + timedelta(hours=12)
    assert first_response({1: [noon, noon + timedelta(hours=2), noon]}, TIME) == {1: timedelta()}
