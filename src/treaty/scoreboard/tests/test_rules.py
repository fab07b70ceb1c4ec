"""Counting, by hand on small months and as laws over any; the figures of the daily line are those of a wall calendar."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treaty.handovers.rules.figures import CountedLead
from treaty.kit.rules.business_time import Calendar, Shift
from treaty.scoreboard.rules import (
    Cohort,
    Judgement,
    Month,
    Promise,
    Tally,
    bucket_of,
    business_days,
    judgement,
    orders_of,
    speed_of,
    tally,
    volume_of,
)
from treaty.scoreboard.rules.goals import line_of
from treaty.scoreboard.rules.volume import Volume

WEEK = Calendar(
    "Europe/Warsaw", tuple(Shift(day, 540, 1020) for day in range(5)), frozenset({date(2026, 11, 11)})
)
NOVEMBER = Month(date(2026, 11, 1), "Europe/Warsaw")
DAYS = business_days(WEEK, NOVEMBER.first, NOVEMBER.last)
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def lead(number: int, state: str = "accepted", **more: object) -> CountedLead:
    values: dict[str, object] = {
        "person": number,
        "version": 1,
        "grade": "A1",
        "qualified_at": MONDAY,
        "decided_at": None if state == "offered" else MONDAY,
        "touch_seconds": None,
        "reason": "later" if state == "returned" else "",
    }
    return CountedLead(id=number, state=state, **(values | more))  # type: ignore[arg-type]


def volume(
    cohort: Cohort,
    promised: int,
    today: date = date(2026, 11, 30),
    since: date = date(2026, 11, 1),
    a: int = 0,
) -> Volume:
    return volume_of(cohort, (promised, a), days=DAYS, since=since, today=today, zone="Europe/Warsaw")


# --- months --------------------------------------------------------------------------------------------------


def test_november_2026_has_twenty_business_days_where_the_eleventh_is_a_holiday() -> None:
    # Wall calendar: 30 days, nine of them Saturday or Sunday, one public holiday in Poland.
    assert len(DAYS) == 20
    assert date(2026, 11, 11) not in DAYS


def test_a_month_begins_and_ends_at_midnight_of_the_company() -> None:
    assert NOVEMBER.start == datetime(2026, 10, 31, 23, 0, tzinfo=UTC)
    assert NOVEMBER.end == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    assert NOVEMBER.due_at < NOVEMBER.end


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "26-11", "2026-11-01", "", "0000-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    assert Month.parse(text, "UTC") is None


@given(st.dates(date(1971, 1, 1), date(2100, 1, 1)))
def test_months_follow_each_other_without_gap(day: date) -> None:
    month = Month(day.replace(day=1), "Europe/Warsaw")
    assert month.following.previous == month
    assert month.end == month.following.start
    assert month.quarter_begins.first <= month.first <= month.quarter_ends.last


# --- leads ---------------------------------------------------------------------------------------------------


def test_a_month_is_parted_by_the_last_decision() -> None:
    duplicate = lead(5, "returned", reason="duplicate")
    leads = (lead(1), lead(2), lead(3, "returned"), lead(4, "offered"), duplicate)
    cohort = Cohort(leads, frozenset({(1, "duplicate")}))
    parts = [cohort.accepted, cohort.returned, cohort.waiting, cohort.left_out, cohort.decided]
    assert [len(part) for part in parts] == [2, 1, 1, 1, 3]
    assert cohort.acceptance_rate == 2 / 3
    assert cohort.top_reason == (1, "later")


def test_a_person_counts_once_a_month_in_volume() -> None:
    cohort = Cohort((lead(1), lead(2, person=1), lead(3)))
    assert [one.id for one in cohort.delivered] == [1, 3]


states = st.sampled_from(["offered", "accepted", "returned"])
leads = st.lists(
    st.builds(
        lambda number, state, person, seconds, grade: lead(
            number, state, person=person, touch_seconds=seconds, grade=grade
        ),
        st.integers(1, 10_000),
        states,
        st.integers(1, 20),
        st.none() | st.integers(0, 90_000),
        st.sampled_from(["A1", "B2", "D4"]),
    ),
    max_size=40,
)


@settings(max_examples=30)
@given(leads, st.booleans())
def test_sums_agree_and_nothing_passes_the_whole(found: list[CountedLead], is_left_out: bool) -> None:
    cohort = Cohort(tuple(found), frozenset({(1, "later")} if is_left_out else ()))
    parts = (cohort.accepted, cohort.returned, cohort.waiting, cohort.left_out)
    assert sum(map(len, parts)) == len(found)
    assert len(cohort.decided) == len(cohort.accepted) + len(cohort.returned)
    assert cohort.acceptance_rate is None or 0 <= cohort.acceptance_rate <= 1
    assert len(cohort.delivered) <= len(cohort.accepted)
    speed = speed_of(cohort.touched)
    assert speed.number == len(cohort.touched)


# --- promises ------------------------------------------------------------------------------------------------


def test_a_rate_is_kept_of_kept_and_broken() -> None:
    counted = Tally(kept=84, broken=4, excused=2, open=6)
    assert (counted.judged, counted.total) == (88, 96)
    # 84 of 88, by a pocket calculator.
    assert counted.rate == pytest.approx(0.954545, abs=1e-6)
    assert Tally(open=3).rate is None


@settings(max_examples=30)
@given(st.lists(st.sampled_from(["kept", "broken", "excused", "open"]), max_size=50))
def test_every_promise_is_counted_once(verdicts: list[str]) -> None:
    counted = tally(Promise("sales", 1, "4.1", verdict) for verdict in verdicts)
    assert counted.total == len(verdicts)
    assert counted.rate is None or 0 <= counted.rate <= 1


# --- volume --------------------------------------------------------------------------------------------------


def test_the_line_of_120_leads_stands_at_84_on_the_20th() -> None:
    # 14 of the month's 20 business days have begun: 120 * 14 / 20.
    drawn = volume(Cohort(()), 120, date(2026, 11, 20))
    assert drawn.line == 84
    assert (len(drawn.points), len(drawn.days)) == (14, 20)


def test_the_pace_of_81_leads_by_the_20th_brings_116() -> None:
    cohort = Cohort(tuple(lead(number) for number in range(1, 82)))
    drawn = volume(cohort, 120, date(2026, 11, 20))
    # 81 / 14 * 20 = 115.7
    assert (drawn.pace, drawn.ahead) == (116, -3)


def test_what_is_decided_on_a_weekend_counts_on_monday() -> None:
    saturday = datetime(2026, 11, 7, 12, 0, tzinfo=UTC)
    drawn = volume(Cohort((lead(1, decided_at=saturday),)), 20)
    assert [one.day for one in drawn.points if one.delivered] == [date(2026, 11, 9)]


def test_the_month_in_which_the_agreement_begins_owes_its_share() -> None:
    # From Monday the 16th eleven of the twenty business days are left: 60 * 11 / 20.
    drawn = volume(Cohort(()), 60, since=date(2026, 11, 16), a=15)
    assert (drawn.promised, drawn.promised_of_grade_a) == (33, 8)


@settings(max_examples=30)
@given(leads, st.integers(0, 200), st.dates(date(2026, 10, 31), date(2026, 11, 30)))
def test_the_series_ends_where_the_figure_stands(
    found: list[CountedLead], promised: int, today: date
) -> None:
    drawn = volume(Cohort(tuple(found)), promised, today)
    if drawn.points:
        assert drawn.points[-1].total == drawn.delivered == sum(one.delivered for one in drawn.points)
        assert all(before.line <= after.line for before, after in pairwise(drawn.points))
    if len(drawn.points) == len(drawn.days):
        assert drawn.line == promised


@pytest.mark.parametrize(
    ("accepted", "waiting", "verdict"),
    [
        (3, 0, Judgement.KEPT),
        (2, 0, Judgement.BROKEN),
        (2, 1, Judgement.OPEN),
        (1, 1, Judgement.BROKEN),
        (4, 2, Judgement.KEPT),
    ],
)
def test_a_volume_waits_for_leads_that_can_still_decide_it(
    accepted: int, waiting: int, verdict: Judgement
) -> None:
    found = [lead(number) for number in range(accepted)]
    found += [lead(100 + number, "offered") for number in range(waiting)]
    cohort = Cohort(tuple(found))
    assert judgement(volume(cohort, 3), cohort, is_over=True) is verdict
    assert judgement(volume(cohort, 3), cohort, is_over=False) is Judgement.OPEN


def test_leads_of_grade_a_are_promised_among_all() -> None:
    cohort = Cohort((lead(1), lead(2, grade="B1"), lead(3, grade="C1")))
    assert judgement(volume(cohort, 3, a=2), cohort, is_over=True) is Judgement.BROKEN
    assert judgement(volume(cohort, 3, a=1), cohort, is_over=True) is Judgement.KEPT


# --- speed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "bucket"),
    [
        (0, 0),
        (14.99, 0),
        (15, 1),
        (30, 2),
        (59, 2),
        (60, 3),
        (119, 3),
        (120, 4),
        (240, 5),
        (480, 6),
        (9999, 6),
    ],
)
def test_a_bucket_begins_with_its_bound(minutes: float, bucket: int) -> None:
    assert bucket_of(int(minutes * 60)) == bucket


def test_median_and_nine_in_ten() -> None:
    seconds = [600, 600, 1200, 1200, 2000, 2000, 4000, 4000, 8000, 30000]
    speed = speed_of([lead(n, touch_seconds=s, grade="A1" if n % 2 else "B1") for n, s in enumerate(seconds)])
    assert speed.median == 2000
    assert [a + b for a, b in zip(speed.of_grade_a, speed.of_the_rest, strict=True)] == [2, 2, 2, 2, 1, 0, 1]
    # Nine of the ten were touched within four hours.
    assert speed.tenths == 4


# --- goals ---------------------------------------------------------------------------------------------------


class Win:
    """A won deal."""

    def __init__(self, buyer: str, value: int | None, currency: str = "EUR", repeat: bool = False) -> None:
        self.buyer, self.value_minor, self.currency, self.is_repeat = buyer, value, currency, repeat
        self.won_at = MONDAY


def test_revenue_is_of_one_currency_and_a_customer_is_new_once() -> None:
    wins = [Win("a", 100), Win("a", 300), Win("b", None), Win("c", 900, "USD"), Win("d", 50, repeat=True)]
    orders = orders_of(wins, "EUR")
    assert orders.revenue_minor == 450
    assert [win.buyer for win in orders.first] == ["a", "b", "c"]
    assert orders.average_first_minor == 100


def test_the_line_of_a_quarter_counts_business_days() -> None:
    # October to December 2026: 22 + 20 + 23 weekdays without the eleventh of November; 36 had begun on the 20th.
    days = business_days(WEEK, date(2026, 10, 1), date(2026, 12, 31))
    assert len(days) == 65
    assert line_of(6500, days, date(2026, 11, 20)) == 3600
    assert line_of(6500, days, date(2026, 9, 30)) == 0
    assert line_of(6500, days, days[-1] + timedelta(days=1)) == 6500
