"""Cohorts: by hand, against the slow twin on generated histories, and summed on CDNOW's real purchases."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty.funnels.rules import (
    Cohorts,
    Events,
    Question,
    Unit,
    arranged,
    cohorts,
    in_cell,
    in_cohort,
    periods,
    rows_of,
)
from treaty.funnels.tests.twins import EPOCH, Happened, cohort_cells
from treaty.kit.rules.refusals import Refused

DAY = 24 * 3_600_000_000
LEAD, BUYS, READS = 0, 1, 2


def at(day: str) -> int:
    """A day as microseconds."""
    return (datetime.fromisoformat(day).replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


def of(told: Sequence[Happened]) -> tuple[Events, np.ndarray]:
    columns = [np.array([getattr(one, name) for one in told]) for name in ("person", "time", "kind", "id")]
    events = arranged(*columns)
    return events, events.arranged(np.array([one.value for one in told]))


# Ann qualifies in January and buys in January and March; Bo qualifies in January and never buys; Cy reads in
# January, qualifies in February, buys twice that month; Mia only reads.
TOLD = [
    Happened(1, at("2026-01-05"), 0, LEAD),
    Happened(1, at("2026-01-20"), 1, BUYS, 10.0),
    Happened(1, at("2026-03-31"), 2, BUYS, 5.0),
    Happened(2, at("2026-01-31"), 3, LEAD),
    Happened(3, at("2026-01-10"), 4, READS),
    Happened(3, at("2026-02-01"), 5, LEAD),
    Happened(3, at("2026-02-01"), 6, BUYS, 7.0),
    Happened(3, at("2026-02-28"), 7, BUYS, 2.0),
    Happened(4, at("2026-02-02"), 8, READS),
]


Cells = dict[tuple[str, str], tuple[set[int], float]]


def by_pass(told: Sequence[Happened]) -> tuple[dict[str, int], Cells]:
    """Sizes by cohort, and the cells that are not empty: who came back, and with what; leads who buy, by month."""
    events, value = of(told)
    table = cohorts(events, Question((LEAD,), (BUYS,)), value)
    assert table.revenue is not None
    months = [day.isoformat()[:7] for day in table.days]
    filled = {
        (months[one], months[one + age]): (set(events.who[who].tolist()), float(table.revenue[one, age]))
        for one, age in cells(table)
        if len(who := in_cell(table, one, age))
    }
    return {month: size for month, size in zip(months, table.sizes.tolist(), strict=True) if size}, filled


def by_dictionary(told: Sequence[Happened]) -> tuple[dict[str, int], Cells]:
    """The same from the twin."""
    sizes, persons, sums = cohort_cells(told, {LEAD}, {BUYS}, Unit.MONTH)
    filled = {
        (one.isoformat()[:7], two.isoformat()[:7]): (who, float(sums[one, two]))
        for (one, two), who in persons.items()
    }
    return {day.isoformat()[:7]: size for day, size in sizes.items()}, filled


tabling = pytest.mark.parametrize("tabled", [by_pass, by_dictionary], ids=["kernel", "twin"])


@tabling
def test_by_qualifying_month_with_what_was_paid(
    tabled: Callable[[Sequence[Happened]], tuple[dict[str, int], Cells]],
) -> None:
    sizes, filled = tabled(TOLD)
    assert sizes == {"2026-01": 2, "2026-02": 1}
    january, february, march = "2026-01", "2026-02", "2026-03"
    assert filled == {
        (january, january): ({1}, 10),
        (january, march): ({1}, 5),
        (february, february): ({3}, 9),
    }


def test_a_table_has_a_period_for_each_month_and_none_of_the_future() -> None:
    table = cohorts(of(TOLD)[0], Question((LEAD,), (BUYS,)))
    assert table.days == (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))
    assert [table.persons[one, : table.ages(one)].tolist() for one in range(3)] == [[1, 0, 1], [1, 0], [0]]


def test_by_first_fact_everybody_is_there_at_age_nought() -> None:
    table = cohorts(of(TOLD)[0], Question())
    assert table.sizes.tolist() == table.persons[:, 0].tolist() == [3, 1, 0]
    assert table.revenue is None


@tabling
def test_an_event_before_the_qualifying_one_does_not_count(
    tabled: Callable[[Sequence[Happened]], tuple[dict[str, int], Cells]],
) -> None:
    told = [Happened(1, 0, 0, BUYS, 9.0), Happened(1, 1, 1, LEAD), Happened(1, 2, 2, BUYS, 1.0)]
    assert tabled(told) == ({"1970-01": 1}, {("1970-01", "1970-01"): ({1}, 1.0)})


def test_periods_are_those_of_the_zone() -> None:
    # 2026-03-31 23:00 UTC is April in Rome; the month of the clock change is an hour shorter
    time = at("2026-03-31") + 23 * DAY // 24
    edges, days = periods(time, time, Unit.MONTH, "Europe/Rome")
    assert days == [date(2026, 4, 1)]
    edges, days = periods(at("2026-03-15"), at("2026-03-15"), Unit.MONTH, "Europe/Rome")
    assert (edges[1] - edges[0]) == 31 * DAY - DAY // 24


@pytest.mark.parametrize(
    ("unit", "first"),
    [
        (Unit.DAY, date(2026, 11, 19)),
        (Unit.WEEK, date(2026, 11, 16)),
        (Unit.MONTH, date(2026, 11, 1)),
        (Unit.QUARTER, date(2026, 10, 1)),
        (Unit.YEAR, date(2026, 1, 1)),
    ],
)
def test_a_period_begins_on_its_first_day(unit: Unit, first: date) -> None:
    edges, days = periods(at("2026-11-19"), at("2026-11-19"), unit)
    assert days == [first]
    assert edges[0] == at(first.isoformat())


histories_told = st.lists(
    st.builds(
        Happened,
        person=st.integers(0, 3),
        time=st.integers(0, 130 * DAY),
        id=st.integers(0, 10**6),
        kind=st.integers(0, 3),
        value=st.integers(-5, 5).map(float),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda one: one.id,
)
kinds = st.sets(st.integers(0, 3), min_size=1)


@given(histories_told, kinds, kinds, st.sampled_from(Unit))
def test_the_pass_fills_what_a_dictionary_fills(
    told: list[Happened], qualifying: set[int], counted: set[int], unit: Unit
) -> None:
    events, value = of(told)
    sizes, persons, sums = cohort_cells(told, qualifying, counted, unit)
    question = Question(tuple(qualifying), tuple(counted), unit)
    if not sizes:
        with pytest.raises(Refused, match="Nobody"):
            cohorts(events, question, value)
        return
    table = cohorts(events, question, value, threads=2)
    assert table.sizes.tolist() == [sizes[day] for day in table.days]
    assert table.revenue is not None
    for cohort, age in cells(table):
        cell = table.days[cohort], table.days[cohort + age]
        assert events.who[in_cell(table, cohort, age)].tolist() == sorted(persons.get(cell, ()))
        assert table.persons[cohort, age] == len(persons.get(cell, ()))
        assert table.revenue[cohort, age] == sums[cell]
        if cell in persons or age == 0:
            assert value[rows_of(table, cohort, age)].sum() == sums[cell]
    assert [len(in_cohort(table, cohort)) for cohort in range(len(table.days))] == table.sizes.tolist()


def cells(table: Cohorts) -> list[tuple[int, int]]:
    """All cells that time has reached."""
    return [(one, age) for one in range(len(table.days)) for age in range(table.ages(one))]


def test_a_cell_that_time_has_not_reached_is_refused() -> None:
    table = cohorts(of(TOLD)[0], Question())
    for cohort, age in ((1, 2), (3, 0), (-1, 0), (0, -1)):
        with pytest.raises(Refused) as refused:
            in_cell(table, cohort, age)
        assert refused.value.reason == "no_cell"


@pytest.mark.parametrize(
    ("question", "value", "reason"),
    [
        (Question(()), [1.0, 1.0], "bad_kind"),
        (Question((9,)), [1.0, 1.0], "no_one"),
        (Question(), [1.0], "lengths"),
        (Question(), [1.0, np.nan], "bad_value"),
        (Question(unit=Unit.DAY), [1.0, 1.0], "too_many_periods"),
    ],
)
def test_what_cannot_be_a_table_is_refused(question: Question, value: list[float], reason: str) -> None:
    events = arranged(np.array([1, 1]), np.array([0, 40 * 365 * DAY]), np.array([0, 0]))
    with pytest.raises(Refused) as refused:
        cohorts(events, question, np.array(value))
    assert refused.value.reason == reason
