"""Media mixes: the compiled search beside its twin, truth that comes back, and what is refused."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import nnls

from tests.harness.published import needs_data
from treaty.forecasts.rules.mix import budget, fitting, solving, told
from treaty.forecasts.rules.mix.weeks import Weeks, dates
from treaty.forecasts.tests import twins
from treaty.forecasts.tests.oracles import example, mix
from treaty.kit.rules.refusals import Refused


def generated(weeks: int = 120, noise: float = 10.0, seed: int = 3) -> Weeks:
    """A base of 1,000, a season, and two media: 400 tanh(carried .5 / .4), 200 tanh(carried .1 / .8)."""
    chance = np.random.default_rng(seed)
    days = np.arange(weeks) * 7 + 20_000
    media = chance.gamma(1.0, 0.3, (2, weeks))
    full = media / media.max(axis=1, keepdims=True)
    brought = 400 * np.tanh(twins.carried(full[0], 0.5) / 0.4) + 200 * np.tanh(
        twins.carried(full[1], 0.1) / 0.8
    )
    season = 50 * np.sin(2 * np.pi * days / 365.25)
    return Weeks(days, 1000 + season + brought + chance.normal(0, noise, weeks), media, np.empty((0, weeks)))


@settings(max_examples=25)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0, 0.95), st.floats(-3, 2))
def test_carry_over_and_saturation_are_those_of_the_twin(
    spend: list[float], decay: float, scale: float
) -> None:
    told_spend, shape = np.array(spend), np.array([decay, scale])
    found = np.empty_like(told_spend)
    basis = np.ones((1, len(spend))) / np.sqrt(len(spend))
    solving.shaped(told_spend, basis, shape, found)
    assert found == pytest.approx(twins.shaped(told_spend, basis, shape), abs=1e-12)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_weights_are_those_of_lawson_and_hanson(seed: int, media: int) -> None:
    chance = np.random.default_rng(seed)
    shapes, target = chance.normal(size=(media, 20)), chance.normal(size=20)
    gram, moment = solving.products(shapes, target)
    assert gram == pytest.approx(shapes @ shapes.T)
    expected = nnls(shapes.T, target)[0]
    assert solving.weighted(gram, moment) == pytest.approx(expected, abs=1e-8)


def test_the_search_ends_where_the_twin_ends() -> None:
    weeks = generated()
    media, basis = fitting.scaled(weeks), fitting.basis(weeks)
    target = weeks.sales - weeks.sales @ basis.T @ basis
    at = np.array([[0.3, -0.5], [0.3, -0.5]])
    shapes, weights, squares = twins.descended(media, basis, target, at)
    place, ours, least = solving.descended(media, basis, target, at)
    assert least == pytest.approx(squares, rel=1e-6)
    assert ours == pytest.approx(weights, rel=1e-3)
    assert place == pytest.approx(shapes, abs=1e-3)


def test_what_was_generated_comes_back() -> None:
    found = fitting.fitted(generated(noise=0.001))
    assert found.shapes[:, 0] == pytest.approx([0.5, 0.1], abs=0.001)
    assert np.exp(found.shapes[:, 1]) == pytest.approx([0.4, 0.8], rel=0.01)
    assert found.weights == pytest.approx([400, 200], rel=0.01)


@needs_data
def test_the_known_truth_lies_within_the_intervals() -> None:
    draws = fitting.drawn(example(), mix(), rounds=300, seed=1)
    for truth, (low, high) in zip((0.2905, 0.0697), fitting.between(draws.shares, 0.95), strict=True):
        assert low < truth < high


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Forty sets of weeks, 90 %: at most 8 of 80 intervals miss in the mean; 18 would be chance once in a thousand."""
    missed = 0
    for seed in range(40):
        weeks, quiet = generated(104, 20.0, seed), generated(104, 0.0, seed)
        found = fitting.fitted(weeks)
        draws = fitting.drawn(weeks, found, rounds=60, seed=seed)
        full = fitting.scaled(quiet)
        effects = [
            400 * np.tanh(twins.carried(full[0], 0.5) / 0.4),
            200 * np.tanh(twins.carried(full[1], 0.1) / 0.8),
        ]
        truth = np.sum(effects, axis=1) / quiet.sales.sum()
        missed += sum(
            not low < one < high
            for one, (low, high) in zip(truth, fitting.between(draws.shares, 0.9), strict=True)
        )
    assert missed <= 18


def test_the_same_seed_draws_the_same() -> None:
    weeks = generated()
    found = fitting.fitted(weeks)
    first, again, other = (fitting.drawn(weeks, found, rounds=5, seed=seed) for seed in (1, 1, 2))
    assert (first.shares == again.shares).all()
    assert (first.shares != other.shares).any()


def test_twice_the_spending_in_another_unit_changes_no_share() -> None:
    weeks = generated()
    other = Weeks(weeks.days, weeks.sales, weeks.media * [[2.0], [0.01]], weeks.controls)
    assert fitting.fitted(other).shares == pytest.approx(fitting.fitted(weeks).shares)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.floats(1, 100), st.floats(0.05, 3)), min_size=2, max_size=4), st.floats(0.05, 0.95)
)
def test_no_split_brings_more_than_the_advised(media: list[tuple[float, float]], share: float) -> None:
    weights, scales = np.array(media).T
    most = np.ones(len(media))
    money = share * len(media)
    best = budget.split(weights[None], scales[None], most, money)[0]
    assert best.sum() == pytest.approx(money)
    # One draw, or the same twice: the split of all is its split.
    twice = np.array([weights, weights]), np.array([scales, scales])
    assert budget.split_of_all(*twice, most, money) == pytest.approx(best, abs=1e-5)
    assert (best >= -1e-9).all()
    assert (best <= 1 + 1e-9).all()
    others = np.random.default_rng(1).dirichlet(np.ones(len(media)), 500) * money
    others = others[(others <= 1).all(axis=1)]
    if len(others):
        assert budget.brought(best, weights, scales) >= budget.brought(others, weights, scales).max() - 1e-6


def test_no_split_brings_more_in_the_mean_of_all_draws() -> None:
    chance = np.random.default_rng(2)
    weights, scales, most = chance.gamma(2, 50, (40, 3)), chance.gamma(2, 0.4, (40, 3)), np.ones(3)
    best = budget.split_of_all(weights, scales, most, 1.2)
    others = chance.dirichlet(np.ones(3), 300) * 1.2
    means = [budget.brought(one, weights, scales).mean() for one in others[(others <= 1).all(axis=1)]]
    assert budget.brought(best, weights, scales).mean() >= max(means) - 1e-6


def test_advice_moves_money_to_what_brings_more() -> None:
    weeks = generated()
    found = fitting.fitted(weeks)
    draws = fitting.drawn(weeks, found, rounds=20, seed=1)
    advice = budget.advised(weeks, found, draws)
    assert advice.gain >= -1e-6
    assert advice.gain == pytest.approx(advice.drawn_gains.mean())
    assert advice.advised.sum() == pytest.approx(advice.now.sum())
    # Each draw's own best split brings at least as much there as the one advised for all.
    scales = weeks.media.max(axis=1) * np.exp(draws.shapes[:, :, 1])
    own = budget.brought(advice.drawn_advised, draws.weights, scales)
    assert (own >= budget.brought(advice.advised, draws.weights, scales) - 1e-3).all()
    document = told.told(weeks, found, draws, advice, ["search", "radio"], confidence=0.9)
    assert [one["channel"] for one in document["channels"]] == ["search", "radio"]
    for money, reason in ((1e9, "beyond_seen"), (0.0, "bad_budget"), (-1.0, "bad_budget")):
        with pytest.raises(Refused) as refused:
            budget.advised(weeks, found, draws, budget=money)
        assert refused.value.reason == reason


def test_dates_in_usual_forms() -> None:
    for texts in (
        ["2026-02-02", "2026-02-09"],
        ["2/2/2026", "2/9/2026"],
        ["02/02/2026", "09/02/2026"],
        ["02.02.2026", "09.02.2026"],
    ):
        assert dates(texts).tolist() == [20486, 20493]
    for row, texts in ((1, ["someday"]), (3, ["2/2/2026", "2/9/2026", "2026-02-16"])):
        with pytest.raises(Refused, match=f'Row {row}: "{texts[row - 1]}" is not a date'):
            dates(texts)


def changed(**parts: Any) -> Weeks:
    weeks = generated(60)
    told_parts = {"days": weeks.days, "sales": weeks.sales, "media": weeks.media, "controls": weeks.controls}
    return Weeks(**{**told_parts, **parts})


BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("unsorted", {"days": np.arange(60)[::-1] * 7}),
    ("gap", {"days": np.arange(60) * 8}),
    ("negative", {"media": -np.ones((2, 60))}),
    ("no_sales", {"sales": np.zeros(60)}),
    ("not_finite", {"sales": np.full(60, np.nan)}),
    ("one_channel", {"media": np.random.default_rng(1).random((1, 60))}),
    ("unspent", {"media": np.array([np.arange(60.0), np.zeros(60)])}),
    ("constant", {"media": np.array([np.arange(1.0, 61), np.ones(60)])}),
    ("too_few", {"media": np.array([np.arange(1.0, 61), np.r_[np.zeros(9), np.arange(51.0)]])}),
    ("too_few", {"media": np.array([np.arange(1.0, 61), np.r_[np.arange(51.0), np.zeros(9)]])}),
    ("flat", {"sales": np.full(60, 7.0)}),
    ("alike", {"media": np.array([np.arange(60.0), 3 * np.arange(60.0)])}),
]


@pytest.mark.parametrize(
    ("reason", "parts"), BROKEN, ids=[f"{place}-{one}" for place, (one, _) in enumerate(BROKEN)]
)
def test_weeks_that_carry_no_mix_are_refused(reason: str, parts: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        changed(**parts)
    assert refused.value.reason == reason


def test_media_that_lower_sales_bring_nothing() -> None:
    weeks = generated()
    fallen = Weeks(weeks.days, 5000 - weeks.sales, weeks.media, weeks.controls)
    with pytest.raises(Refused, match="did not rise"):
        fitting.fitted(fallen)
