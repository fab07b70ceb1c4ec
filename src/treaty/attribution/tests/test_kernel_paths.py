"""Paths are read from texts and from raw touches, as a plain reading of the rules would."""

from collections.abc import Callable

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
from treaty.attribution.tests.twins import NAMES, Collected, Row, collected
from treaty.kit.rules.refusals import Refused

Reading = Callable[..., tuple[list[Collected], tuple[float, float]]]


def rows_of(rows: list[Row]) -> Touches:
    """Rows as arrays."""
    person, day, channel, conversions, value, id_, bits = (
        np.array(column) for column in zip(*rows, strict=True)
    )
    codes = np.where(channel < 0, NO_TOUCH, channel).astype(np.uint16)
    amounts = conversions.astype(float), value.astype(float)
    return Touches(NAMES, person, day * DAY, codes, *amounts, bits.astype(np.uint8), id_)


def ours(
    rows: list[Row], lookback: int = 999, passing_over: bool = False
) -> tuple[list[Collected], tuple[float, float]]:
    """What the kernel makes of the rows, as the twin tells it."""
    paths = collect(rows_of(rows), lookback=lookback, direct="direct", passing_over=passing_over)
    ages = map(tuple, np.split(paths.ages, paths.starts[1:-1]))
    outcomes, marks = (map(tuple, told.tolist()) for told in (paths.outcomes, paths.marks))
    return [*map(Collected, told(paths), outcomes, ages, marks)], paths.unattributed


reading = pytest.mark.parametrize("read_rows", [ours, collected], ids=["kernel", "twin"])


def ones(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """As many outcomes of one conversion."""
    return np.tile([1.0, 0.0, 0.0], (count, 1))


def told(paths: Paths) -> list[tuple[str, ...]]:
    """The paths as names."""
    named = [paths.names[code] for code in paths.channels]
    return [tuple(named[begin:end]) for begin, end in zip(paths.starts, paths.starts[1:], strict=False)]


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


ROWS = st.lists(
    st.builds(
        Row, st.integers(-3, 3), st.integers(0, 9), st.integers(-1, 2), st.sampled_from([0.0, 0.0, 1.0, 2.0]), st.just(5.0),
        st.integers(0, 3), st.sampled_from([0, 0, MADE_LEAD, MADE_OPPORTUNITY, MADE_LEAD | MADE_OPPORTUNITY]),
    ),
    min_size=1, max_size=30,
).filter(lambda rows: any(row.channel >= 0 for row in rows))  # fmt: skip


@given(ROWS, st.integers(0, 9), st.booleans())
def test_raw_touches_become_the_paths_of_a_plain_reading(
    rows: list[Row], lookback: int, passing_over: bool
) -> None:
    assert ours(rows, lookback, passing_over) == collected(rows, lookback, passing_over)


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


@reading
def test_equal_times_go_by_id_and_a_touch_after_the_conversion_never_counts(read_rows: Reading) -> None:
    rows = [Row(1, 4, 0), Row(1, 4, 2, 1, 9), Row(1, 4, 1)]
    assert [path.touches for path in read_rows(rows)[0]] == [("ads", "mail"), ("direct",)]
    rows = [row._replace(id=id_) for row, id_ in zip(rows, (3, 2, 1), strict=True)]
    assert [path.touches for path in read_rows(rows)[0]] == [("direct", "mail"), ("ads",)]


@reading
def test_a_conversion_that_no_touch_precedes_is_counted_apart(read_rows: Reading) -> None:
    rows = [Row(1, 1, -1, 2, 30), Row(1, 2, 0), Row(2, 1, 0), Row(2, 99, -1, 1, 7)]
    [path], lost = read_rows(rows, 30)
    assert lost == (3.0, 37.0)
    assert (path.touches, path.outcome) == (("ads",), (0, 0, 1))


@reading
def test_the_touch_at_a_milestone_is_the_last_one_up_to_it(read_rows: Reading) -> None:
    lead, opportunity = MADE_LEAD, MADE_OPPORTUNITY
    channels, bits = (0, 2, -1, 1, -1), (0, 0, lead, opportunity, lead)
    rows = [
        Row(1, day, channel, bits=bit)
        for day, (channel, bit) in enumerate(zip(channels, bits, strict=True), 1)
    ]
    rows[-1] = rows[-1]._replace(conversions=1, value=9)
    assert read_rows(rows)[0][0].marks == (1, 2)
    early = [row._replace(bits=lead if row.day == 1 else 0) for row in rows]
    assert read_rows(early, 3)[0][0].marks == (-1, -1)


def test_codes_of_an_empty_name_are_no_touch() -> None:
    codes, names = known_codes(np.array([0, 1, 2]), ["", "ads", "mail"])
    assert (codes.tolist(), names) == ([NO_TOUCH, 0, 1], ("ads", "mail"))


@pytest.mark.parametrize(
    ("row", "options", "reason"),
    [
        (Row(1, 1, 0, np.nan), {}, "bad_outcome"),
        (Row(1, 1, 0, 1, np.inf), {}, "bad_outcome"),
        (Row(1, 1, 0, -1), {}, "negative"),
        (Row(1, 1, 0, 1, -5), {}, "negative"),
        (Row(1, 1, 9, 1), {}, "bad_channel"),
        (Row(1, 1, -1, 1), {}, "empty"),
        (Row(1, 1, 0, 1), {"lookback": -1}, "bad_lookback"),
        (Row(1, 1, 0, 1), {"lookback": float("nan")}, "bad_lookback"),
        (Row(1, 1, 0, 1), {"direct": "none", "passing_over": True}, "no_channel"),
    ],
)
def test_touches_that_are_none_are_refused(row: Row, options: dict[str, object], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        collect(rows_of([row]), **options)  # type: ignore[arg-type]
    assert refused.value.reason == reason


def test_no_touches_and_no_times_are_refused() -> None:
    never = rows_of([Row(1, 1, 0, 1)])
    never.times[0] = np.datetime64("NaT").astype(np.int64)
    none, nothing = np.empty(0, np.int64), np.empty(0)
    nobody = Touches(NAMES, none, none, none.astype(np.uint16), nothing, nothing)
    for touches, reason in ((never, "no_time"), (nobody, "empty")):
        with pytest.raises(Refused) as refused:
            collect(touches)
        assert refused.value.reason == reason
