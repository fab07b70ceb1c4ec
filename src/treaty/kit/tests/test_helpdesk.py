"""Business time on 3,804 real cases of a service desk, against a walk over every minute of three years."""

import csv
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest

from tests.harness.published import DATA, needs_data
from treaty.kit.rules.business_time import Calendar, Shift, business_time
from treaty.kit.rules.first_response import first_response

ROME = ZoneInfo("Europe/Rome")
OFFICE = Calendar("Europe/Rome", tuple(Shift(day, 9 * 60, 18 * 60) for day in range(5)))
BEGIN = datetime(2010, 1, 1, tzinfo=UTC)
HOURS_WALKED = 3 * 366 * 24

pytestmark = needs_data


@pytest.fixture(scope="module")
def cases() -> dict[str, list[datetime]]:
    """The moments of each case. The file names no zone; its times are read as the desk's own clock."""
    moments = defaultdict(list)
    with (DATA / "helpdesk" / "helpdesk.csv").open(newline="") as lines:
        for row in csv.DictReader(lines):
            at = datetime.fromisoformat(row["CompleteTimestamp"]).replace(tzinfo=ROME)
            moments[row["CaseID"]].append(at)
    return dict(moments)


def walked_minutes() -> list[bool]:
    """For every minute since BEGIN whether the desk works; Rome's clock changes on whole hours only."""
    worked = []
    for hour in range(HOURS_WALKED):
        local = (BEGIN + timedelta(hours=hour)).astimezone(ROME)
        for minute in range(local.minute, local.minute + 60):
            worked.append(local.weekday() < 5 and 9 * 60 <= local.hour * 60 + minute < 18 * 60)  # noqa: PERF401
    return worked


def test_the_wait_of_every_case_equals_the_walk(cases: dict[str, list[datetime]]) -> None:
    worked = walked_minutes()
    before = [0, *accumulate(worked)]

    def walked_until(at: datetime) -> timedelta:
        minute, rest = divmod(at - BEGIN, timedelta(minutes=1))
        return timedelta(minutes=before[minute]) + (rest if worked[minute] else timedelta())

    waits = first_response(cases, business_time(OFFICE, BEGIN))
    expected = {}
    for case, moments in cases.items():
        first, *later = sorted(moment.astimezone(UTC) for moment in moments)
        expected[case] = walked_until(later[0]) - walked_until(first) if later else None
    assert waits == expected
    assert sum(wait is not None and wait > timedelta() for wait in waits.values()) > 2_000


def test_all_cases_are_there_and_the_one_with_a_single_event_is_open(
    cases: dict[str, list[datetime]],
) -> None:
    # 13,710 events of 3,804 cases: counted in the description that comes with the data.
    assert sum(map(len, cases.values())) == 13_710
    assert len(cases) == 3_804
    waits = first_response(cases, business_time(OFFICE, BEGIN))
    still_open = [case for case, wait in waits.items() if wait is None]
    assert len(still_open) == 1
    assert len(cases[still_open[0]]) == 1
