"""Days and moments are kept as they were written once: each language, zone and form for itself."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from treaty.kit import dates

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)


def test_the_same_moment_is_written_in_the_zone_of_each_page() -> None:
    written = {}
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        with timezone.override(ZoneInfo(zone)):
            written[zone] = dates.moment(NOON)
    assert written == {
        "UTC": "19 Nov 2026, 12:00",
        "Asia/Tokyo": "19 Nov 2026, 21:00",
        "America/New_York": "19 Nov 2026, 07:00",
    }


def test_a_day_is_written_in_the_language_of_each_page() -> None:
    assert dates.day(date(2026, 5, 3), "j F") == "3 May"
    with translation.override("pl"):
        assert dates.day(date(2026, 5, 3), "j F") == "3 Maj"
    assert dates.day(date(2026, 5, 3), "j F") == "3 May"


@pytest.mark.parametrize(("hours", "shown"), [(0, "19 Nov 2026"), (12, "20 Nov 2026")])
def test_of_a_moment_the_day_is_that_where_it_stands(hours: int, shown: str) -> None:
    assert dates.day((NOON + timedelta(hours=hours)).astimezone(ZoneInfo("Europe/Warsaw"))) == shown


def test_forms_do_not_mix() -> None:
    assert [dates.day(date(2026, 5, 3), form) for form in ("D", "j M", "SHORT_DATE_FORMAT")] == [
        "Sun",
        "3 May",
        "3 May 2026",
    ]
