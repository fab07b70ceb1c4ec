"""Forecasts of deals: curves beside their twin, no look ahead, bands that hold, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness.published import needs_data
from treaty.forecasts.rules.pipeline.backtest import EPOCH, quarter_ends, reliability, tried
from treaty.forecasts.rules.pipeline.banding import forecast
from treaty.forecasts.rules.pipeline.calibrating import Shift, of_periods, offset
from treaty.forecasts.rules.pipeline.chances import compared, standing
from treaty.forecasts.rules.pipeline.curves import curve
from treaty.forecasts.rules.pipeline.deals import Deals, of_rows, seen
from treaty.forecasts.rules.pipeline.reading import Columns, read
from treaty.forecasts.tests.oracles import maven
from treaty.forecasts.tests.twins import product_limit
from treaty.kit.rules.refusals import Refused

watched = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 2)), min_size=1, max_size=40)


def generated(number: int = 3000, seed: int = 1, until: float = 1000.0) -> Deals:
    """Deals of two stages over 1,000 days: first a stay of about 20 days, then, for half of them, a second of about 30.

    Of the first stage nobody is won; out of the second 6 of 10 are. What is not over by `until` is open.
    """
    chance = np.random.default_rng(seed)
    begins = np.sort(np.floor(chance.uniform(0, until, number)))
    first, second = np.floor(chance.exponential(20, number)), np.floor(chance.exponential(30, number))
    goes_on, won = chance.random(number) < 0.5, chance.random(number) < 0.6
    closed = begins + first + np.where(goes_on, second, 0)
    value = np.floor(chance.gamma(2, 500, number)) + 1
    who = np.r_[np.arange(number), np.flatnonzero(goes_on)]
    stage = np.r_[np.zeros(number, dtype=np.int64), np.ones(int(goes_on.sum()), dtype=np.int64)]
    since = np.r_[begins, (begins + first)[goes_on]]
    told = (begins[who], stage, since, closed[who], (won & goes_on)[who], value[who])
    everything = of_rows(who.tolist(), *told, ("first", "second"), valued_early=True)
    return seen(everything, until)


@settings(max_examples=40)
@given(watched)
def test_shares_are_those_of_the_twin_and_add_up_to_one(seen_deals: list[tuple[int, int]]) -> None:
    days, ends = (list(part) for part in zip(*seen_deals, strict=True))
    found = curve(np.array(days), np.array(ends))
    expected = np.array(product_limit(days, ends))
    assert np.column_stack([found.open, found.won, found.lost]) == pytest.approx(expected, abs=1e-12)
    assert found.open + found.won + found.lost == pytest.approx(np.ones(len(found.open)))


@settings(max_examples=40)
@given(watched, st.integers(1, 5))
def test_a_deal_that_counts_twice_is_two_deals(seen_deals: list[tuple[int, int]], times: int) -> None:
    days, ends = (np.array(part) for part in zip(*seen_deals, strict=True))
    weighed = curve(days, ends, np.full(len(days), float(times)))
    assert weighed.won == pytest.approx(curve(np.tile(days, times), np.tile(ends, times)).won)


def test_where_nothing_is_censored_shares_are_counts() -> None:
    found = curve(np.array([1, 2, 2, 5]), np.array([1, 2, 1, 2]))
    assert found.won.tolist() == pytest.approx([0, 0.25, 0.5, 0.5, 0.5, 0.5])
    assert (found.days_until(0.5), found.days_until(0.0)) == (2, 5)
    assert curve(np.array([3, 4]), np.array([0, 0])).days_until(0.5) is None


def test_an_open_deal_stands_in_its_last_stage() -> None:
    # Deal a: created 0, second stage since 10, open. Deal b: closed. Deal c: created 5, open in the first.
    deals = of_rows(
        ["a", "a", "b", "c"],
        np.array([0.0, 0, 2, 5]),
        np.array([0, 1, 0, 0]),
        np.array([0.0, 10, 2, 5]),
        np.array([np.nan, np.nan, 9, np.nan]),
        np.array([False, False, True, False]),
        np.array([1.0, 1, 1, 1]),
        ("first", "second"),
        valued_early=True,
    )
    stage, age = standing(deals, 30)
    assert (stage.tolist(), age.tolist()) == ([1, 0], [20, 25])
    then, age_then = standing(seen(deals, 8), 8)
    assert (then.tolist(), age_then.tolist()) == ([0, 0, 0], [8, 6, 3])


def test_chances_are_those_of_the_stage() -> None:
    """By construction: out of the second stage .6 are won, 1 - exp(-91/30) of them in a quarter: .571."""
    deals = generated()
    groups = compared(deals, 1000)
    chances, stage = groups.chances(91), standing(deals, 1000)[0]
    assert groups.by_stage.all()
    assert chances[stage == 1].mean() == pytest.approx(0.571, abs=0.04)
    # From the first: half go on after 20 days in the mean, then as above: .5 x .6 x .93 of both waits together.
    assert chances[stage == 0].mean() == pytest.approx(0.27, abs=0.04)


def test_no_forecast_looks_ahead() -> None:
    deals = generated()
    late = deals.closed > 700
    other = replace(
        deals,
        won=np.where(late, ~deals.won, deals.won),
        closed=np.where(late, deals.closed + 5, deals.closed),
    )
    here, there = (forecast(one, 700, 91, draws=50, seed=1) for one in (deals, other))
    assert (here.chances == there.chances).all()
    assert (here.totals == there.totals).all()


def test_values_written_at_the_end_are_not_known_before() -> None:
    deals = replace(generated(), valued_early=False)
    then = seen(deals, 700)
    assert np.isnan(then.value[then.is_open]).all()
    made = forecast(deals, 700, 91, draws=50, seed=1)
    assert (made.values == then.value[then.won].mean()).all()


def test_bands_hold_what_came_as_often_as_they_say() -> None:
    """16 quarters of 4 companies at 80 %: at least 9 hold but once in a thousand."""
    held = []
    for seed in range(4):
        for one in tried(generated(1500, seed), 1000, periods=4, draws=100, seed=seed):
            low, high = one.forecast.band(0.8)
            held.append(low <= one.actual <= high)
    assert len(held) == 16
    assert sum(held) >= 9


def test_lost_deals_count_zero() -> None:
    deals = generated()
    lost = ~deals.is_open & ~deals.won
    dear = replace(deals, value=np.where(lost, 1e9, deals.value))
    assert forecast(dear, 1000, 91, draws=50, seed=1).totals.max() < 1e9
    [last] = tried(dear, 1000, periods=1, draws=50, seed=1)
    assert last.actual < 1e9


def test_the_same_seed_draws_the_same() -> None:
    first, again, other = (
        forecast(generated(500), 1000, 91, draws=60, seed=seed).totals for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_a_longer_horizon_never_lowers_a_chance() -> None:
    groups = compared(generated(), 1000)
    short, long = groups.chances(30), groups.chances(91)
    assert (short <= long + 1e-12).all()


@settings(max_examples=25)
@given(st.lists(st.floats(0.01, 0.99), min_size=5, max_size=50), st.floats(0, 1))
def test_shifted_chances_add_up_to_what_happened(chances: list[float], share: float) -> None:
    told = np.array(chances)
    happened = np.arange(len(told)) < share * len(told)
    mended = Shift(mean=offset(told, happened)).mended(told)
    assert mended.sum() == pytest.approx((happened.sum() + 0.5) / (len(told) + 1) * len(told))


def test_shifts_of_the_hand_calculation() -> None:
    # Two periods, .4 and .6: mean 1 / (2 + .1225); spread sqrt((.1225 + squares) / 2 x 1.5).
    found = of_periods([0.4, 0.6])
    mean = 1 / 2.1225
    assert found.mean == pytest.approx(mean)
    assert found.spread == pytest.approx(
        (((0.1225 + (0.4 - mean) ** 2 + (0.6 - mean) ** 2) / 2) * 1.5) ** 0.5
    )
    assert of_periods([]) == Shift()


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        ("2017-12-31", "2017-12-31", "2018-03-31"),
        ("2017-07-01", "2017-06-30", "2017-09-30"),
        ("2016-02-29", "2015-12-31", "2016-03-31"),
    ],
)
def test_quarters_of_the_calendar(day: str, before: str, after: str) -> None:
    told = [
        date.fromordinal(int(one) + EPOCH).isoformat()
        for one in quarter_ends(date.fromisoformat(day).toordinal() - EPOCH)
    ]
    assert told == [before, after]


@needs_data
def test_past_quarters_of_real_deals_lie_near_what_was_forecast() -> None:
    """Three quarters of 2017. Without calibration the third would be 66 % too high, with it no quarter misses by 25 %."""
    found = tried(maven().deals, date(2017, 12, 31).toordinal() - EPOCH, periods=8, draws=100, seed=1)
    errors = [one.forecast.expected / one.actual - 1 for one in found]
    assert len(found) == 3
    assert max(map(abs, errors)) < 0.25
    assert all(one.forecast.band(0.9)[0] <= one.actual <= one.forecast.band(0.9)[1] for one in found)
    assert {row["deals"] for row in reliability(found)} - {0}
    assert (maven().without_date, maven().by_stage, maven().deals.valued_early) == (500, False, False)


def test_stages_of_single_rows_are_used_where_they_are_stages() -> None:
    closed = np.array([5.0, 9, np.nan])
    words = ["proposal", "talks", "talks"]
    parts = (np.zeros(3), closed, np.array([1.0, 2, 3]))
    used = read(Columns(*parts, words, ["yes", "no", ""], np.ones(3)))
    ends = read(Columns(*parts, ["Won", "Lost", "talks"], ["yes", "no", ""], np.ones(3)))
    assert (used.by_stage, ends.by_stage) == (True, False)
    assert used.deals.names == ["proposal", "talks"]


def rows(**parts: Any) -> Deals:
    told = {
        "who": [1, 2],
        "created": np.array([0.0, 1]),
        "stage": np.array([0, 0]),
        "since": np.array([0.0, 1]),
        "closed": np.array([5.0, np.nan]),
        "won": np.array([True, False]),
        "value": np.array([1.0, 2]),
        "names": ["only"],
    }
    return of_rows(**{**told, **parts}, valued_early=True)


BROKEN: list[tuple[str, Callable[[], object]]] = [
    (
        "empty",
        lambda: rows(
            **dict.fromkeys(("created", "stage", "since", "closed", "value"), np.array([])),
            who=[],
            won=np.array([], dtype=bool),
        ),
    ),
    ("not_finite", lambda: rows(created=np.array([0.0, np.nan]))),
    ("negative", lambda: rows(value=np.array([-1.0, 2]))),
    ("not_finite", lambda: rows(value=np.array([np.inf, 2]))),
    ("not_finite", lambda: rows(since=np.array([np.nan, 2]))),
    ("unsorted", lambda: rows(created=np.array([9.0, 1]))),
    ("unsorted", lambda: rows(since=np.array([7.0, 1]))),
    ("open_and_won", lambda: rows(won=np.array([True, True]))),
    ("too_few", lambda: forecast(rows(), 100, 30, draws=10, seed=1)),
    (
        "one_class",
        lambda: forecast(replace(generated(200), won=~generated(200).is_open), 1000, 30, draws=10, seed=1),
    ),
    (
        "one_class",
        lambda: forecast(replace(generated(200), won=np.zeros(200, dtype=bool)), 1000, 30, draws=10, seed=1),
    ),
    ("negative", lambda: curve(np.array([-1]), np.array([0]))),
    ("empty", lambda: curve(np.array([], dtype=np.int64), np.array([], dtype=np.int64))),
]


@pytest.mark.parametrize(
    ("reason", "asked"), BROKEN, ids=[f"{place}-{one}" for place, (one, _) in enumerate(BROKEN)]
)
def test_deals_that_carry_no_forecast_are_refused(reason: str, asked: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refused:
        asked()
    assert refused.value.reason == reason
