"""Lifts, sizes and stopping: what always holds, and what is refused."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treaty.experiments.rules import any_time, judged, looks, sizes
from treaty.experiments.rules.lift import Arm, arm, lift, rate
from treaty.kit.rules.refusals import Refused

counts = st.tuples(st.integers(1, 60), st.floats(0, 1)).map(
    lambda pair: rate(round(pair[0] * pair[1]), pair[0])
)
amounts = st.lists(st.floats(-100, 100, width=32), min_size=2, max_size=30).map(
    lambda told: arm(np.array([*told, 0.5]))
)


@settings(max_examples=50)
@given(counts, counts)
def test_swapping_the_groups_of_rates_turns_the_interval_round(a: Arm, b: Arm) -> None:
    there, back = lift(a, b), lift(b, a)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low), abs=1e-12)
    assert there.p == pytest.approx(back.p)
    assert -1 <= there.low <= there.lift + 1e-12
    assert there.lift - 1e-12 <= there.high <= 1


@settings(max_examples=50)
@given(amounts, amounts)
def test_swapping_the_groups_of_means_turns_the_interval_round(a: Arm, b: Arm) -> None:
    if a.variance + b.variance < 1e-6:
        return
    there, back = lift(a, b), lift(b, a)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.low < there.lift < there.high


@settings(max_examples=50)
@given(st.integers(0, 40), st.integers(0, 40), st.integers(2, 50))
def test_more_persons_make_the_interval_narrower(a: int, b: int, times: int) -> None:
    few, many = lift(rate(a, 40), rate(b, 40)), lift(rate(a * times, 40 * times), rate(b * times, 40 * times))
    assert many.high - many.low < few.high - few.low
    assert many.p <= few.p + 1e-12


def test_more_confidence_makes_the_interval_wider() -> None:
    narrow, wide = (lift(rate(3, 40), rate(9, 40), confidence=share) for share in (0.8, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high


@settings(max_examples=30)
@given(st.floats(0.01, 0.98), st.floats(0.005, 0.5), st.floats(0.5, 0.99), st.floats(0.2, 5))
def test_with_the_persons_asked_for_the_power_is_there(
    control: float, more: float, power: float, ratio: float
) -> None:
    variant = min(0.995, control + more)
    persons = sizes.persons_for_rates(control, variant, power=power, ratio=ratio)
    assert sizes.power_for_rates(control, variant, persons, ratio=ratio) == pytest.approx(power)
    needed = sizes.persons_for_means(more, 1.0, power=power, ratio=ratio)
    assert sizes.power_for_means(more, 1.0, needed, ratio=ratio) >= power - 1e-5


def test_relative_lift_of_the_hand_calculation() -> None:
    # 20/100 and 30/100: ratio 1.5, spread sqrt(.8/20 + .7/30) = .251661, times 1.959964 = .493246.
    found = lift(rate(20, 100), rate(30, 100))
    assert found.relative == pytest.approx(0.5)
    assert (found.relative_low, found.relative_high) == pytest.approx(
        (1.5 * math.exp(-0.493246) - 1, 1.5 * math.exp(0.493246) - 1), abs=1e-5
    )
    assert lift(rate(0, 10), rate(3, 10)).relative is None


@pytest.mark.parametrize(("converted", "p"), [(0, 1.0), (50, 1.0)])
def test_none_and_all_converted_have_an_interval_around_nothing(converted: int, p: float) -> None:
    found = lift(rate(converted, 50), rate(converted, 50))
    assert (found.z, found.p, found.lift) == (None, p, 0)
    assert found.low == pytest.approx(-found.high)


def peeked(persons: int, experiments: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Differences of two equal groups and their standard errors at every tenth pair of persons."""
    chance = np.random.default_rng(seed)
    pairs = chance.exponential(1.0, (2, experiments, persons))
    seen = np.arange(10, persons + 1, 10)
    sums, squares = (np.cumsum(part, axis=2)[:, :, seen - 1] for part in (pairs, pairs**2))
    variances = (squares - sums**2 / seen) / (seen - 1)
    return (sums[1] - sums[0]) / seen, np.sqrt(variances.sum(axis=0) / seen)


def test_looking_again_and_again_keeps_the_error_only_where_it_was_planned_for() -> None:
    """1,000 experiments without a difference, each read 100 times."""
    lifts, errors = peeked(1000, 1000, seed=5)
    naive = (np.abs(lifts) > 1.96 * errors).any(axis=1).mean()
    always = (np.abs(lifts) > any_time.reach(errors, expected=0.2)).any(axis=1).mean()
    assert naive > 0.25
    assert always <= 0.05


def test_planned_looks_keep_the_error() -> None:
    lifts, errors = peeked(500, 2000, seed=6)
    at = np.array([9, 19, 29, 39, 49])
    crossed = np.abs(lifts[:, at] / errors[:, at]) > looks.bounds([0.2, 0.4, 0.6, 0.8, 1.0])
    # Two thousand experiments scatter by .005 around .05.
    assert crossed.any(axis=1).mean() == pytest.approx(0.05, abs=0.015)


@settings(max_examples=20)
@given(st.lists(st.integers(1, 99), min_size=1, max_size=8, unique=True))
def test_looks_spend_the_whole_error_and_no_more(percents: list[int]) -> None:
    fractions = [*(one / 100 for one in sorted(percents)), 1.0]
    limits = looks.bounds(fractions)
    assert looks.crossings(limits, fractions).sum() == pytest.approx(0.05, abs=1e-8)
    assert limits[-1] >= 1.9599


def test_always_valid_p_and_interval_say_the_same_and_p_never_rises() -> None:
    errors = np.array([0.4, 0.3, 0.2, 0.1])
    reach = any_time.reach(errors, expected=0.5)
    # At the interval's very edge the evidence is 1 / .05.
    assert [
        any_time.p_values(r, e, expected=0.5)[0] for r, e in zip(reach, errors, strict=True)
    ] == pytest.approx([0.05] * 4)
    rising = any_time.p_values(np.array([0.9, 0.1, 0.5, 0.2]), errors, expected=0.5)
    assert (np.diff(rising) <= 0).all()


def test_several_variants_pay_for_being_several() -> None:
    # Holm by hand: .01 x 3, .02 x 2, .04 x 1 raised to the one before.
    assert judged.holm([0.04, 0.01, 0.02]) == pytest.approx([0.04, 0.03, 0.04])
    arms = {"old": rate(100, 1000), "new": rate(130, 1000), "newer": rate(101, 1000)}
    one = judged.judged(
        {"old": arms["old"], "new": arms["new"]}, "old", stopping=judged.Stopping(), confidence=0.95
    )
    two = judged.judged(arms, "old", stopping=judged.Stopping(), confidence=0.95)
    assert two[0].high - two[0].low > one[0].high - one[0].low
    assert (one[0].is_different, two[1].is_different) == (True, False)


def test_groups_that_chance_did_not_make_are_seen() -> None:
    # 600 and 400 of 1,000: chi-square 40 with one degree of freedom, p 2.5e-10.
    arms = {"a": rate(1, 600), "b": rate(1, 400)}
    assert judged.same_sizes_p(arms, "a") == pytest.approx(2.54e-10, rel=0.01)
    assert judged.same_sizes_p({"a": rate(1, 500), "b": rate(1, 500)}, "a") == 1
    # Planned were two thirds: 600 and 400 of 1,000 are just that.
    assert judged.same_sizes_p(arms, "a", ratio=2 / 3) == pytest.approx(1)
    assert judged.same_sizes_p(arms, "b", ratio=1.5) == pytest.approx(1)


REFUSED: list[tuple[str, Callable[[], object]]] = [
    ("empty", lambda: arm(np.array([]))),
    ("empty", lambda: rate(0, 0)),
    ("bad_count", lambda: rate(-1, 5)),
    ("bad_count", lambda: rate(6, 5)),
    ("not_finite", lambda: arm(np.array([1.0, math.nan]))),
    ("bad_confidence", lambda: lift(rate(1, 5), rate(2, 5), confidence=1)),
    ("too_few", lambda: lift(arm(np.array([2.5])), arm(np.array([2.5, 3.5])))),
    ("constant", lambda: lift(arm(np.array([2.0, 2.0])), arm(np.array([3.0, 3.0])))),
    ("one_group", lambda: judged.arms(np.array([0, 0]), ["a"], np.array([0.0, 1.0]))),
    (
        "no_control",
        lambda: judged.judged({"a": rate(1, 5)}, "b", stopping=judged.Stopping(), confidence=0.95),
    ),
    (
        "bad_stopping",
        lambda: judged.judged(
            {"a": rate(1, 5), "b": rate(2, 5)}, "a", stopping=judged.Stopping("looks", 3, 2), confidence=0.95
        ),
    ),
    ("bad_rate", lambda: sizes.persons_for_rates(0.5, 1.2)),
    ("no_lift", lambda: sizes.persons_for_rates(0.5, 0.5)),
    ("no_lift", lambda: sizes.persons_for_means(0.0, 1.0)),
    ("too_many", lambda: sizes.persons_for_means(1e-9, 1.0)),
    ("bad_deviation", lambda: sizes.persons_for_means(1.0, -1.0)),
    ("bad_power", lambda: sizes.persons_for_rates(0.1, 0.2, power=0.01)),
    ("bad_ratio", lambda: sizes.persons_for_rates(0.1, 0.2, ratio=0)),
    ("bad_ratio", lambda: judged.same_sizes_p({"a": rate(1, 5), "b": rate(1, 5)}, "a", ratio=math.nan)),
    ("bad_looks", lambda: looks.bounds([0.5, 0.4])),
    ("bad_looks", lambda: looks.bounds([])),
    ("bad_expected", lambda: any_time.reach(0.1, expected=0)),
    ("no_error", lambda: any_time.reach(0.0, expected=0.1)),
]


@pytest.mark.parametrize(
    ("reason", "asked"), REFUSED, ids=[f"{place}-{one}" for place, (one, _) in enumerate(REFUSED)]
)
def test_what_carries_no_number_is_refused(reason: str, asked: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refused:
        asked()
    assert refused.value.reason == reason
