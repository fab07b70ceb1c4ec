"""The moment before which a rule takes."""

from datetime import UTC, datetime

import pytest

from treaty.retention.rules import months_before


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ((2026, 11, 19), 24, (2024, 11, 19)),
        ((2026, 1, 31), 2, (2025, 11, 30)),
        ((2024, 3, 31), 1, (2024, 2, 29)),
        ((2026, 12, 1), 12, (2025, 12, 1)),
        ((2026, 1, 1), 1, (2025, 12, 1)),
    ],
)
def test_months_are_months_of_the_calendar(
    day: tuple[int, int, int], months: int, expected: tuple[int, int, int]
) -> None:
    assert months_before(datetime(*day, 9, 30, tzinfo=UTC), months) == datetime(*expected, 9, 30, tzinfo=UTC)
