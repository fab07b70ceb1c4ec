"""A log of purchases becomes x, t_x, T and m."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused
from treaty.lifetime.rules.histories import Histories, enough, histories
from treaty.lifetime.rules.rows import kinds
from treaty.lifetime.rules.transactions import Watched, merged, watched

PURCHASES = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 30), st.integers(0, 900).map(float)), min_size=1, max_size=40
)


def seen(rows: list[tuple[int, int, float]], until: int | None = None) -> Watched:
    person, day, value = (np.array(column) for column in zip(*rows, strict=True))
    return watched(merged(person, day.astype("datetime64[D]").astype("datetime64[us]"), value), until)


def test_a_log_by_hand() -> None:
    # Person 7: day 0 (two purchases, 10 + 5), day 4 (8), day 9 (4), day 20 held out. Person 3: day 6 only. Person 5: later.
    rows = [(7, 9, 4.0), (7, 0, 10.0), (3, 6, 50.0), (7, 4, 8.0), (7, 0, 5.0), (7, 20, 1.0), (5, 15, 2.0)]
    found = seen(rows, until=10)
    assert found.persons.tolist() == [3, 7]
    assert found.told.repeats.tolist() == [0, 2]
    assert (found.told.last.tolist(), found.told.age.tolist()) == ([0, 9], [4, 10])
    assert found.told.value is not None
    assert np.array_equal(found.told.value, [np.nan, 6.0], equal_nan=True)
    assert (found.later.tolist(), found.horizon, found.newcomers) == ([0, 1], 10, 1)


@given(PURCHASES, st.integers(0, 30))
def test_a_log_is_what_a_loop_over_persons_finds(rows: list[tuple[int, int, float]], until: int) -> None:
    days: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for person, day, value in rows:
        days[person][day] += value
    known = sorted(person for person, bought in days.items() if min(bought) <= until)
    if not known:
        with pytest.raises(Refused, match="Nobody had bought"):
            seen(rows, until)
        return
    found = seen(rows, until)
    assert found.persons.tolist() == known
    for row, person in enumerate(known):
        within, first = sorted(day for day in days[person] if day <= until), min(days[person])
        assert found.told.repeats[row] == len(within) - 1
        assert (found.told.last[row], found.told.age[row]) == (within[-1] - first, until - first)
        assert found.later[row] == len(days[person]) - len(within)
        assert found.told.value is not None
        if within[1:]:
            assert found.told.value[row] == pytest.approx(np.mean([days[person][day] for day in within[1:]]))


@given(PURCHASES)
def test_kinds_are_everybody(rows: list[tuple[int, int, float]]) -> None:
    told = seen(rows).told
    found = kinds(told)
    back = [found.counts[found.repeats], found.days[found.last], found.days[found.age]]
    unfolded = np.repeat(np.array(back), found.weight.astype(int), axis=1)
    assert sorted(map(tuple, unfolded.T.tolist())) == sorted(
        zip(told.repeats.tolist(), told.last.tolist(), told.age.tolist(), strict=True)
    )


DAY = np.array(["2026-01-01"], "datetime64[us]")


@pytest.mark.parametrize(
    ("person", "time", "value", "reason", "said"),
    [
        ([], DAY[:0], [], "empty", "The log has no purchases."),
        ([1], DAY, [1.0, 2.0], "lengths", "differ in length"),
        ([1], np.array(["NaT"], "datetime64[us]"), [1.0], "no_date", "Row 1 has no date."),
        ([1], DAY, [-3.0], "bad_value", "Row 1 has the value -3"),
        ([1], DAY, [np.nan], "bad_value", "Row 1 has no value"),
    ],
)
def test_a_bad_log_is_refused(
    person: list[int],
    time: NDArray[np.datetime64],
    value: list[float],
    reason: str,
    said: str,
) -> None:
    with pytest.raises(Refused, match=said) as refused:
        merged(np.array(person, np.int64), time, np.array(value))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((-1, 0, 9), "impossible"),
        ((2, 5, 4), "impossible"),
        ((0, 3, 9), "impossible"),
        ((1, 0, 9), "impossible"),
        ((1.5, 3, 9), "impossible"),
        ((1, np.nan, 9), "not_finite"),
    ],
)
def test_what_no_person_can_have_done_is_refused(row: tuple[float, float, float], reason: str) -> None:
    with pytest.raises(Refused, match="Row 2") as refused:
        histories(*(np.array([good, bad]) for good, bad in zip((1, 2, 3), row, strict=True)))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("repeats", "last", "age", "reason"),
    [
        ([0, 0], [0, 0], [9, 9], "none_repeat"),
        ([1, 0], [3, 0], [9, 9], "too_few"),
        ([0, 0], [0, 0], [0, 0], "no_time"),
    ],
)
def test_too_little_to_fit_is_refused(
    repeats: list[int], last: list[int], age: list[int], reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        enough(Histories(np.array(repeats), np.array(last), np.array(age)))
    assert refused.value.reason == reason


def test_nobody_and_columns_of_other_lengths_are_refused() -> None:
    none, one = np.array([], np.int64), np.array([0])
    with pytest.raises(Refused, match="nobody"):
        Histories(none, none, none)
    with pytest.raises(Refused, match="differ in length"):
        Histories(one, one, np.array([1, 2]))
    for value in (-1.0, np.inf):
        with pytest.raises(Refused, match="Row 1: purchases cannot be worth") as refused:
            Histories(one, one, one, np.array([value]))
        assert refused.value.reason == "bad_value"
