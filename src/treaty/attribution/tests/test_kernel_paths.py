"""Paths are read from texts and from raw touches, as a plain reading of the rules would."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty.attribution.rules import ordering
from treaty.attribution.rules.paths import Paths
from treaty.attribution.rules.strings import AT_ONCE, read
from treaty.attribution.rules.touches import (
    DAY,
    MADE_LEAD,
    MADE_OPPORTUNITY,
    NO_TOUCH,
    Touches,
    collect,
    known_codes,
)
from treaty.kit.rules.refusals import Refused

NAMES = ("ads", "direct", "mail")
Row = tuple[int, int, int, float, float]
"""Person, day, channel or -1 for no touch, conversions, value."""


def ones(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """As many outcomes of one conversion."""
    return np.tile([1.0, 0.0, 0.0], (count, 1))


def told(paths: Paths) -> list[tuple[str, ...]]:
    """The paths as names."""
    named = [paths.names[code] for code in paths.channels]
    return [tuple(named[begin:end]) for begin, end in zip(paths.starts, paths.starts[1:], strict=False)]


def rows_of(rows: list[Row], **more: object) -> Touches:
    """Rows as arrays."""
    person, day, channel, conversions, value = (np.array(column) for column in zip(*rows, strict=True))
    codes = np.where(channel < 0, NO_TOUCH, channel).astype(np.uint16)
    return Touches(NAMES, person, day * DAY, codes, conversions.astype(float), value.astype(float), **more)  # type: ignore[arg-type]


@given(st.lists(st.lists(st.text("abäЖ .-", min_size=1).map(str.strip).filter(bool), min_size=1), min_size=1))
def test_texts_are_split_at_the_sign_and_trimmed(paths: list[list[str]]) -> None:
    read_ = read([" > ".join(path) for path in paths], ones(len(paths)))
    assert told(read_) == [tuple(path) for path in paths]
    assert list(read_.names) == sorted({name for path in paths for name in path}, key=str.encode)


def test_blocks_of_texts_know_the_same_channels() -> None:
    texts = [*["a>b"] * AT_ONCE, "c|a>b"]
    read_ = read(texts, ones(len(texts)))
    assert read_.names == ("a", "b", "c|a")
    assert told(read_)[-2:] == [("a", "b"), ("c|a", "b")]
    assert told(read(["a|b>c"], ones(1), separator="|")) == [("a", "b>c")]


@pytest.mark.parametrize(
    ("texts", "separator", "reason", "said"),
    [
        ([], ">", "empty", "no paths"),
        (["a", ""], ">", "empty_touch", "Path 2"),
        (["a > > b"], ">", "empty_touch", "Path 1"),
        (["a\0b"], ">", "bad_text", "zero"),
        (["a"], ">>", "bad_separator", "one plain character"),
        (["a"], "→", "bad_separator", "one plain character"),
        ([f"{number}" for number in range(65_536)], ">", "too_many_channels", "65535"),
        ([f"{number}" for number in range(66_000)], ">", "too_many_channels", "65535"),
    ],
)
def test_texts_that_are_no_paths_are_refused(
    texts: list[str], separator: str, reason: str, said: str
) -> None:
    with pytest.raises(Refused, match=said) as refused:
        read(texts, ones(len(texts)), separator=separator)
    assert refused.value.reason == reason


def plainly(rows: list[Row], lookback: int, passing_over: bool) -> tuple[list[object], tuple[float, float]]:
    """Paths with their outcome, and what no touch preceded; person by person, as the rules are written."""
    found: list[object] = []
    lost = [0.0, 0.0]

    def end(path: list[tuple[int, int]], day: int, outcome: tuple[float, float, float]) -> None:
        near = [(at, name) for at, name in path if day - at <= lookback]
        kept = [one for one in near if one[1] != 1 or not passing_over] or near
        if kept:
            found.append(
                (tuple(NAMES[name] for _, name in kept), outcome, tuple(float(day - at) for at, _ in kept))
            )
        elif outcome[0]:
            lost[0] += outcome[0]
            lost[1] += outcome[1]

    for person in sorted({row[0] for row in rows}):
        path: list[tuple[int, int]] = []
        for _, day, channel, conversions, value in sorted(
            (row for row in rows if row[0] == person), key=lambda row: row[1]
        ):
            path += [(day, channel)] if channel >= 0 else []
            if conversions:
                end(path, day, (conversions, value, 0.0))
                path = []
        if path:
            end(path, path[-1][0], (0.0, 0.0, 1.0))
    return found, (lost[0], lost[1])


ROWS = st.lists(
    st.tuples(st.integers(-3, 3), st.integers(0, 9), st.integers(-1, 2), st.sampled_from([0.0, 0.0, 1.0, 2.0]), st.just(5.0)),
    min_size=1, max_size=30,
).filter(lambda rows: any(row[2] >= 0 for row in rows))  # fmt: skip


@given(ROWS, st.integers(0, 9), st.booleans())
def test_raw_touches_become_the_paths_of_a_plain_reading(
    rows: list[Row], lookback: int, passing_over: bool
) -> None:
    paths = collect(rows_of(rows), lookback=lookback, direct="direct", passing_over=passing_over)
    ages = np.split(paths.ages, paths.starts[1:-1])
    outcomes = [tuple(row) for row in paths.outcomes.tolist()]
    ours = [*zip(told(paths), outcomes, map(tuple, ages), strict=True)]
    assert (ours, paths.unattributed) == plainly(rows, lookback, passing_over)


@given(
    st.lists(
        st.tuples(st.sampled_from([5, 7, 10**12]), st.integers(0, 5), st.integers(0, 9)),
        min_size=1,
        max_size=200,
    )
)
def test_rows_are_ordered_by_person_time_and_id(rows: list[tuple[int, int, int]]) -> None:
    persons, times, ids = (np.array(column) for column in zip(*rows, strict=True))
    for given_ids, keys in ((ids, (ids, times, persons)), (ids[:0], (times, persons))):
        order, bounds = ordering.order_of(persons, times, given_ids)
        assert order.tolist() == np.lexsort(keys).tolist()
        assert set(bounds) == {0, len(rows), *(np.flatnonzero(np.diff(persons[order])) + 1)}


def test_equal_times_go_by_id_and_a_touch_after_the_conversion_never_counts() -> None:
    rows: list[Row] = [(1, 4, 0, 0, 0), (1, 4, 2, 1, 9), (1, 4, 1, 0, 0)]
    assert told(collect(rows_of(rows))) == [("ads", "mail"), ("direct",)]
    assert told(collect(rows_of(rows, ids=np.array([3, 2, 1])))) == [("direct", "mail"), ("ads",)]


def test_a_conversion_that_no_touch_precedes_is_counted_apart() -> None:
    paths = collect(
        rows_of([(1, 1, -1, 2, 30), (1, 2, 0, 0, 0), (2, 1, 0, 0, 0), (2, 99, -1, 1, 7)]), lookback=30
    )
    assert paths.unattributed == (3.0, 37.0)
    assert told(paths) == [("ads",)]
    assert paths.totals.tolist() == [0, 0, 1]


def test_the_touch_at_a_milestone_is_the_last_one_up_to_it() -> None:
    rows: list[Row] = [(1, 1, 0, 0, 0), (1, 2, 2, 0, 0), (1, 3, -1, 0, 0), (1, 4, 1, 0, 0), (1, 5, -1, 1, 9)]
    milestones = np.array([0, 0, MADE_LEAD, MADE_OPPORTUNITY, MADE_LEAD], np.uint8)
    assert collect(rows_of(rows, milestones=milestones)).marks.tolist() == [[1, 2]]
    early = np.array([MADE_LEAD, 0, 0, 0, 0], np.uint8)
    assert collect(rows_of(rows, milestones=early), lookback=3).marks.tolist() == [[-1, -1]]


def test_codes_of_an_empty_name_are_no_touch() -> None:
    codes, names = known_codes(np.array([0, 1, 2]), ["", "ads", "mail"])
    assert (codes.tolist(), names) == ([NO_TOUCH, 0, 1], ("ads", "mail"))


@pytest.mark.parametrize(
    ("row", "options", "reason"),
    [
        ((1, 1, 0, np.nan, 0), {}, "bad_outcome"),
        ((1, 1, 0, 1, np.inf), {}, "bad_outcome"),
        ((1, 1, 0, -1, 0), {}, "negative"),
        ((1, 1, 0, 1, -5), {}, "negative"),
        ((1, 1, 9, 1, 0), {}, "bad_channel"),
        ((1, 1, -1, 1, 0), {}, "empty"),
        ((1, 1, 0, 1, 0), {"lookback": -1}, "bad_lookback"),
        ((1, 1, 0, 1, 0), {"lookback": float("nan")}, "bad_lookback"),
        ((1, 1, 0, 1, 0), {"direct": "none", "passing_over": True}, "no_channel"),
    ],
)
def test_touches_that_are_none_are_refused(row: Row, options: dict[str, object], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        collect(rows_of([row]), **options)  # type: ignore[arg-type]
    assert refused.value.reason == reason


def test_no_touches_and_no_times_are_refused() -> None:
    row: Row = (1, 1, 0, 1.0, 0.0)
    never = rows_of([row])
    never.times[0] = np.datetime64("NaT").astype(np.int64)
    none, nothing = np.empty(0, np.int64), np.empty(0)
    nobody = Touches(NAMES, none, none, none.astype(np.uint16), nothing, nothing)
    for touches, reason in ((never, "no_time"), (nobody, "empty")):
        with pytest.raises(Refused) as refused:
            collect(touches)
        assert refused.value.reason == reason
