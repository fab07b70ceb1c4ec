"""Gamma-gamma, sBG, BG/BB and worth beside hand calculations and what must always hold."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused
from treaty.lifetime.rules import bg_bb, gamma_gamma, sbg
from treaty.lifetime.rules.histories import Histories
from treaty.lifetime.rules.worth import YEAR, held_out, in_sum, worth
from treaty.lifetime.tests import twins

PARAMETERS = st.tuples(*[st.floats(0.05, 20)] * 4)


def bought(*rows: tuple[int, float]) -> Histories:
    """From x and m."""
    x, m = np.array([row[0] for row in rows], np.int64), np.array([row[1] for row in rows])
    return Histories(x, 7 * x, np.full(len(x), 7 * int(x.max()) + 1), m)


MANY = bought(*[(1 + place % 4, 10.0 + place * 7 % 40) for place in range(60)])


def test_gamma_gammas_derivatives_are_those_of_its_value() -> None:
    likelihood = gamma_gamma.likelihood(gamma_gamma.spent(MANY))
    at = np.array([6.25, 3.74, 15.44])
    assert likelihood(at)[1] == pytest.approx(twins.slope(likelihood, at), rel=1e-6)


@settings(max_examples=25)
@given(
    st.tuples(st.floats(0.5, 10), st.floats(0.8, 10), st.floats(1, 50)),
    st.lists(st.tuples(st.integers(1, 20), st.floats(0.5, 300)), min_size=1, max_size=4),
)
def test_gamma_gamma_is_the_integral_over_everybodys_scale(
    at: tuple[float, ...], rows: list[tuple[int, float]]
) -> None:
    x, m = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    found = gamma_gamma.likelihood(gamma_gamma.Spent(x, m, 0))(np.array(at))[0]
    by_hand = sum(twins.spent_log_likelihood(gamma_gamma.Parameters(*at), *row) for row in rows)
    assert found == pytest.approx(by_hand, rel=1e-6, abs=1e-6)


@given(st.tuples(st.floats(0.05, 20), st.floats(0.05, 20)), st.integers(1, 12))
def test_contracts_end_once_or_stay(at: tuple[float, float], periods: int) -> None:
    shares = sbg.survival(sbg.Parameters(*at), periods)
    kept = sbg.retention(sbg.Parameters(*at), periods)
    assert np.cumprod(kept) == pytest.approx(shares[1:])
    assert (np.diff(kept) > 0).all()
    # Of a thousand, those who left at t with chance S(t-1) - S(t), and those who stay with S(end): logarithms by counts.
    there = np.floor(1000 * shares)
    chances = np.append(-np.diff(shares), shares[-1])
    counts = np.append(-np.diff(there), there[-1])
    by_hand = float(counts @ np.log(np.maximum(chances, 1e-300)))
    assert sbg.likelihood(there)(np.array(at))[0] == pytest.approx(by_hand, rel=1e-7, abs=1e-6)


@given(st.floats(0, 2), st.floats(0.1, 1), st.floats(5, 200))
def test_worth_falls_with_the_discount_and_grows_with_the_margin(
    discount: float, margin: float, weeks: float
) -> None:
    def some(until: float) -> NDArray[np.float64]:
        return np.array([until, 2 * np.sqrt(until)])

    value = np.array([3.0, 10.0])
    free = worth(some, value, weeks=weeks, discount=0.0, margin=1.0)
    assert free == pytest.approx(some(weeks) * value)
    found = worth(some, value, weeks=weeks, discount=discount, margin=margin)
    assert (found <= margin * free * (1 + 1e-12)).all()
    more = worth(some, value, weeks=weeks, discount=discount, margin=2 * margin)
    assert more == pytest.approx(2 * found)


def test_the_value_of_a_purchase_by_hand() -> None:
    # p 2, q 3, v 10: of everybody 2 x 10 / (3-1) = 10; of x 2, m 20: 2 (10 + 2 x 20) / (2 x 2 + 3 - 1) = 100/6.
    at = gamma_gamma.Parameters(2, 3, 10)
    assert gamma_gamma.expected(at, bought((0, np.nan), (2, 20.0), (3, 0.0))).tolist() == pytest.approx(
        [10, 100 / 6, 10]
    )
    assert gamma_gamma.expected_of_newcomer(at) == 10
    assert gamma_gamma.expected_of_newcomer(gamma_gamma.Parameters(2, 1, 10)) == np.inf


def test_who_never_paid_is_counted_and_left_out() -> None:
    spent = gamma_gamma.spent(bought(*[(2, float(value)) for value in range(40)]))
    assert (len(spent.value), spent.free) == (39, 1)
    assert np.isnan(gamma_gamma.correlation(spent))


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (Histories(*np.array([[1], [7], [9]])), "no_value"),
        (bought((2, 20.0), (3, 9.0)), "too_few"),
        (bought(*[(2, 20.0)] * 40), "one_value"),
    ],
)
def test_values_that_tell_nothing_are_refused(told: Histories, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        gamma_gamma.spent(told)
    assert refused.value.reason == reason


def test_contracts_by_hand() -> None:
    # alpha 1, beta 2: 2/3 renew first, 3/4 of them again: 1/2 is left.
    at = sbg.Parameters(1, 2)
    assert sbg.survival(at, 2).tolist() == pytest.approx([1, 2 / 3, 1 / 2])
    assert sbg.retention(at, 2).tolist() == pytest.approx([2 / 3, 3 / 4])


def test_periods_to_come_are_the_sum_of_survival() -> None:
    # Fader & Hardie (2010): DERL before renewal n is the sum over t >= n of S(t)/S(n-1) / (1+d)^(t-n).
    at, shares = sbg.Parameters(0.704, 1.182), sbg.survival(sbg.Parameters(0.704, 1.182), 2000)
    by_hand = sum(shares[period] / shares[2] / 1.1 ** (period - 3) for period in range(3, 2000))
    assert sbg.residual(at, 3, 0.1) == pytest.approx(by_hand)


def test_contracts_derivatives_are_those_of_their_value() -> None:
    likelihood = sbg.likelihood(np.array([1000.0, 631, 468, 382]))
    assert likelihood(np.array([0.7, 1.2]))[1] == pytest.approx(
        twins.slope(likelihood, np.array([0.7, 1.2])), rel=1e-6
    )


@pytest.mark.parametrize(
    ("survivors", "reason"),
    [
        ([], "too_few"),
        ([10, 5], "too_few"),
        ([10, np.nan, 3], "not_finite"),
        ([10, 5, -1], "impossible"),
        ([10, 5, 7], "growing"),
        ([10, 10, 10], "none_lost"),
        ([100, 0, 0], "no_peak"),
        ([1000, 500, 250, 125], "no_peak"),
    ],
)
def test_survivors_that_tell_nothing_are_refused(survivors: list[float], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        sbg.fit(np.array(survivors, np.float64))
    assert refused.value.reason == reason


@pytest.mark.parametrize(("renewals", "discount", "reason"), [(0, 0.1, "impossible"), (1, 0.0, "discount")])
def test_periods_to_come_need_a_renewal_and_a_discount(renewals: int, discount: float, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        sbg.residual(sbg.Parameters(1, 2), renewals, discount)
    assert refused.value.reason == reason


def occasions(*rows: tuple[int, int, int], count: float = 1.0) -> bg_bb.Occasions:
    x, last, n = np.array(rows, np.int64).T
    return bg_bb.Occasions(x, last, n, np.full(len(rows), count))


def test_one_occasion_by_hand() -> None:
    # All parameters 1: who is there at the occasion (1/2) buys (1/2).
    found = bg_bb.likelihood(occasions((1, 1, 1)))(np.ones(4))[0]
    assert np.exp(found) == pytest.approx(1 / 4)


@given(PARAMETERS, st.integers(1, 6))
def test_all_that_can_happen_at_some_occasions_has_chance_1(at: tuple[float, ...], n: int) -> None:
    # (x, t_x) can come about in (t_x - 1 choose x - 1) ways.
    rows = [(0, 0, n), *[(x, last, n) for last in range(1, n + 1) for x in range(1, last + 1)]]
    chances = [np.exp(bg_bb.likelihood(occasions(row))(np.array(at))[0]) for row in rows]
    ways = [1, *[comb(last - 1, x - 1) for x, last, _ in rows[1:]]]
    assert np.dot(chances, ways) == pytest.approx(1, rel=1e-9)
    by_hand = [twins.occasions_likelihood(bg_bb.Parameters(*at), *row) for row in rows]
    assert chances == pytest.approx(by_hand, rel=1e-8)


def test_bg_bbs_derivatives_are_those_of_its_value() -> None:
    likelihood = bg_bb.likelihood(occasions((4, 5, 6), (0, 0, 6), (1, 2, 3), count=7))
    at = np.array([1.2, 0.75, 0.66, 2.8])
    assert likelihood(at)[1] == pytest.approx(twins.slope(likelihood, at), rel=1e-6)


def test_what_is_expected_at_one_more_occasion_is_being_there_and_buying() -> None:
    # Who bought at n + 1, too, of who has (x, t_x, n): the likelihoods' ratio.
    at, rows = bg_bb.Parameters(1.2, 0.75, 0.66, 2.8), occasions((4, 5, 6), (0, 0, 6), count=3)
    for place, (x, last) in enumerate(((4, 5), (0, 0))):
        more = twins.occasions_likelihood(at, x + 1, 7, 7) / twins.occasions_likelihood(at, x, last, 6)
        assert bg_bb.expected(at, rows, 1)[place] == pytest.approx(more)
    assert (bg_bb.expected(at, rows, 0) == 0).all()
    assert (bg_bb.alive(at, rows) > bg_bb.expected(at, rows, 1)).all()


@pytest.mark.parametrize(
    ("rows", "count", "reason"),
    [
        ([(3, 2, 6)], 1.0, "impossible"),
        ([(1, 7, 6)], 1.0, "impossible"),
        ([(0, 1, 6)], 1.0, "impossible"),
        ([(1, 1, 6)], -1.0, "impossible"),
        ([(1, 1, 6)], np.nan, "impossible"),
        ([(0, 0, 6)], 90.0, "none_repeat"),
        ([(1, 1, 6)], 5.0, "too_few"),
    ],
)
def test_occasions_that_tell_nothing_are_refused(
    rows: list[tuple[int, int, int]], count: float, reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        bg_bb.fit(occasions(*rows, count=count))
    assert refused.value.reason == reason


def test_worth_by_hand() -> None:
    # One purchase a week for two years, of value 2, of which half is earned; then half a year and 1.5 years to the middles.
    def weekly(weeks: float) -> NDArray[np.float64]:
        return np.array([weeks])

    of = {"weeks": 2 * YEAR, "margin": 0.5}
    assert worth(weekly, np.array([2.0]), discount=0.0, **of) == pytest.approx([2 * YEAR])
    # A stream of 1 a week at a force of ln 1.1 a year is YEAR (1 - 1.1^-2) / ln 1.1.
    stream = YEAR * (1 - 1.1**-2) / np.log(1.1)
    assert worth(weekly, np.array([2.0]), discount=0.1, **of) == pytest.approx([stream], rel=1e-5)


@pytest.mark.parametrize("wrong", [{"weeks": 0.0}, {"discount": -1.0}, {"margin": np.nan}])
def test_terms_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(Refused, match="cannot be"):
        worth(
            lambda weeks: np.array([weeks]),
            np.ones(1),
            **({"weeks": 9.0, "discount": 0.1, "margin": 1.0} | wrong),
        )


def test_the_hold_out_by_hand() -> None:
    found = held_out(np.array([1.0, 2.0, 3.0]), np.array([2, 2, 4]))
    assert (found.expected, found.happened, found.difference) == (6, 8, -0.25)
    assert found.mean_error == pytest.approx(2 / 3)
    assert found.correlation == pytest.approx(0.8660254)  # cov 2/3, deviations .8165 and .9428
    none = held_out(np.array([1.0, 1.0]), np.array([0, 0]))
    assert np.isnan([none.correlation, none.difference]).all()
    assert in_sum(lambda weeks: 2 * weeks, np.array([3.0, 3.0, 5.0])) == 22
