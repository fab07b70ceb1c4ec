"""The months of the history, whatever the day and the hour at which it is filled: no promise hangs on the clock."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random
from zoneinfo import ZoneInfo

import pytest

from treaty.sample.rules.season import AMENDED_AFTER, WEAK, Day, Month, asking_by_day, months, working_days
from treaty.sample.rules.story import LONG_ENOUGH, RUSH, rushed, stories

ZONE = "Europe/Warsaw"
# Public holidays of Poland as its act of 1951 lists them (Christmas Eve since 2025); Easter Monday and Corpus Christi
# are sixty days after and one day after Easter, which the church's tables give: 2026-04-05, 2027-03-28, 2028-04-16.
FIXED = ((1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 24), (12, 25), (12, 26))
EASTERS = (date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2028, 4, 16))
HOLIDAYS = {date(year, *day) for year, day in product(range(2025, 2029), FIXED)} | {
    easter + timedelta(days=after) for easter, after in product(EASTERS, (1, 60))
}
HOURS = ((0, 10), (8, 5), (13, 40))
"""In universal time: at night, a few minutes after opening in summer, in the afternoon."""
MANY = [datetime(2026, 1, 1, *HOURS[one % 3], tzinfo=UTC) + timedelta(days=11 * one) for one in range(67)]
FIRSTS = [datetime(2027, month, 1, *hour, tzinfo=UTC) for month in range(1, 13) for hour in HOURS[:2]]
STARTS = (*MANY, *FIRSTS)
"""Two years, every weekday, and the beginning of each month."""
PROMISED, THEN = 52, 58


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def is_open(at: datetime) -> bool:
    wall = at.astimezone(ZoneInfo(ZONE))
    return is_working(wall.date()) and 9 <= wall.hour < 17


def history(
    now: datetime, opened: Callable[[datetime], bool] = is_open
) -> tuple[list[Day], list[int], list[Month]]:
    days = working_days(now, opened, zone=ZONE)
    dates = [opens.date() for opens, _closes in days]
    promised = [THEN if day.replace(day=1) > dates[AMENDED_AFTER] else PROMISED for day in dates]
    return days, promised, list(months(Random(1), dates, promised))


def working_days_of_month(day: date) -> int:
    first = day.replace(day=1)
    return sum(
        is_working(one) for one in (first + timedelta(days=n) for n in range(31)) if one.month == first.month
    )


def test_the_history_is_of_120_working_days_without_holidays_and_never_ends_after_now() -> None:
    for now in STARTS:
        days = working_days(now, is_open, zone=ZONE)
        assert len({opens.date() for opens, _closes in days}) == 120
        assert all(is_working(opens.date()) for opens, _closes in days)
        assert all(opens < closes <= now for opens, closes in days)


def test_marketing_falls_short_in_one_month_that_is_over_before_the_agreement_is_amended() -> None:
    for now in STARTS:
        days, promised, found = history(now)
        (weak,) = [month for month in found if month.is_weak]
        assert weak is found[WEAK]
        # Nobody else can become a lead in it, so even if sales returned nobody the promise breaks.
        assert weak.asking < promised[weak.places[0]]
        assert len(weak.places) == working_days_of_month(weak.first)
        assert days[weak.places[-1]][0].date().month != days[AMENDED_AFTER][0].date().month
        assert weak.places[-1] < AMENDED_AFTER


def test_marketing_delivers_enough_in_every_other_month_though_sales_returns_two_of_fifteen() -> None:
    for now in STARTS:
        _days, promised, found = history(now)
        for month in found[:-1]:
            if month.is_weak:
                continue
            # What holds for a month in which the agreement began is its share of a whole one, rounded down.
            whole = promised[month.places[0]]
            due = whole * len(month.places) // working_days_of_month(month.first)
            assert month.asking * 13 // 15 >= due, (now, month, due)


def test_nobody_comes_back_in_the_weak_month() -> None:
    days, promised, found = history(datetime(2026, 11, 23, 10, tzinfo=UTC))
    (weak,) = [month for month in found if month.is_weak]
    begins, ends = days[weak.places[0]][0], days[weak.places[-1]][1] + timedelta(hours=1)
    for story in stories(Random(2), days, promised):
        again = [step for step in story.steps if step.at - story.steps[0].at > timedelta(hours=1)]
        assert not [step for step in again if begins <= step.at <= ends]


def test_as_many_ask_as_the_months_say_and_nine_more_in_the_last_hours() -> None:
    days, promised, _found = history(datetime(2026, 11, 23, 10, tzinfo=UTC))
    told = list(stories(Random(3), days, promised))
    asked = [story for story in told if any(step.kind == "FormSubmitted" for step in story.steps)]
    wanted = months(Random(3), [opens.date() for opens, _closes in days], promised)
    assert len(asked) == sum(month.asking for month in wanted) + RUSH
    assert len({story.buyer.email for story in told}) == len(told)
    assert {story.buyer.language for story in told} == {"pl", "ja", "ru", "ar", "zh-hans", "en"}


def test_those_who_ask_are_spread_over_the_days_of_their_month() -> None:
    _days, _promised, found = history(datetime(2026, 11, 23, 10, tzinfo=UTC))
    asking = asking_by_day(Random(4), found)
    assert [sum(asking[place] for place in month.places) for month in found] == [one.asking for one in found]
    assert max(asking.values()) <= 12


@pytest.mark.parametrize(
    ("now", "day"), [("2026-11-23T08:40:00", date(2026, 11, 20)), ("2026-11-23T10:30:00", date(2026, 11, 23))]
)
def test_the_rush_is_today_but_on_the_day_before_while_today_is_young(now: str, day: date) -> None:
    days = working_days(datetime.fromisoformat(now).replace(tzinfo=UTC), is_open, zone=ZONE)
    opens, closes = days[rushed(days)]
    assert opens.date() == day
    assert closes - opens >= LONG_ENOUGH


def test_the_same_seed_tells_the_same_stories() -> None:
    days, promised, _found = history(datetime(2026, 11, 23, 10, tzinfo=UTC))
    assert list(stories(Random(5), days, promised)) == list(stories(Random(5), days, promised))
