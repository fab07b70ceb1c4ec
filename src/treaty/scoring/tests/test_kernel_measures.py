"""The figures of a score: by hand, against every pair counted, and against another library."""

from math import log, sqrt
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty.kit.rules.refusals import Refused
from treaty.scoring.rules.predicted.measures import (
    auc,
    auc_error,
    brier,
    ece,
    lift,
    log_loss,
    measured,
    reliability,
    wilson,
)

SCORE = np.array([0.1, 0.4, 0.35, 0.8])
WON = np.array([False, False, True, True])

ROWS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.2, 0.5, 0.99, 1.0]), st.booleans()), min_size=2
).filter(lambda rows: len({won for _, won in rows}) == 2)


def test_small_cases_by_hand() -> None:
    # Of the four pairs of a buyer and another, three have the buyer ahead: .35 < .4 is the one that has not.
    assert auc(SCORE, WON) == 0.75
    # (.01 + .16 + .4225 + .04) / 4
    assert brier(SCORE, WON) == pytest.approx(0.158125)
    assert log_loss(SCORE, WON) == pytest.approx(-(log(0.9) + log(0.6) + log(0.35) + log(0.8)) / 4)
    # Bins .1, .3, .4, .8 hold one row each: (.1 + .65 + .4 + .2) / 4
    assert ece(SCORE, WON) == pytest.approx(0.3375)


def test_the_error_of_an_auc_by_hand() -> None:
    # Hanley & McNeil 1982, equation 1, for .75 of two and two: Q1 = .6, Q2 = 1.125 / 1.75;
    # (.1875 + (.6 - .5625) + (.642857 - .5625)) / 4 = .0763393
    assert auc_error(0.75, 2, 2) == pytest.approx(sqrt(0.0763393), abs=1e-6)


def test_the_interval_of_a_rate_by_hand() -> None:
    # Wilson for 8 of 10: centre (.8 + 3.8415/20) / 1.38415 = .71674, half 1.95996/1.38415 * sqrt(.016 + .009604) = .22657
    assert wilson(8, 10) == pytest.approx([0.71674 - 0.22657, 0.71674 + 0.22657], abs=1e-4)
    assert wilson(0, 10)[0] == 0.0
    assert sqrt(wilson(10, 10)[1]) == pytest.approx(1.0)


@given(ROWS)
def test_the_area_is_the_share_of_pairs(rows: list[tuple[float, bool]]) -> None:
    score, won = np.array([s for s, _ in rows]), np.array([w for _, w in rows])
    pairs = [(a > b) + (a == b) / 2 for a in score[won] for b in score[~won]]
    assert auc(score, won) == pytest.approx(sum(pairs) / len(pairs))


@given(ROWS)
def test_bins_and_parts_hold_every_row_once(rows: list[tuple[float, bool]]) -> None:
    score, won = np.array([s for s, _ in rows]), np.array([w for _, w in rows])
    bins, parts = reliability(score, won), lift(score, won)
    assert sum(one["rows"] for one in bins) == sum(one["rows"] for one in parts) == len(rows)
    assert sum(one["rows"] * one["rate"] for one in bins) == pytest.approx(won.sum())
    assert parts[-1]["captured"] == pytest.approx(1.0)
    assert sum(abs(one["score"] - one["rate"]) * one["rows"] for one in bins) / len(rows) == pytest.approx(
        ece(score, won)
    )


@given(ROWS, st.randoms(use_true_random=False))
def test_no_figure_depends_on_the_order_of_rows(rows: list[tuple[float, bool]], chance: Random) -> None:
    moved = list(rows)
    chance.shuffle(moved)
    one, other = ((np.array([s for s, _ in told]), np.array([w for _, w in told])) for told in (rows, moved))
    assert vars(measured(*one)) == pytest.approx(vars(measured(*other)))
    assert [part["rate"] for part in lift(*one)] == pytest.approx([part["rate"] for part in lift(*other)])


@pytest.mark.parametrize(
    ("score", "won", "reason"),
    [
        ([], [], "empty"),
        ([0.1], [True, False], "uneven"),
        ([0.1, 1.2], [True, False], "bad_score"),
        ([-0.1, 0.2], [True, False], "bad_score"),
        ([0.1, np.nan], [True, False], "bad_score"),
        ([0.1, 0.2], [True, True], "one_class"),
        ([0.1, 0.2], [False, False], "one_class"),
    ],
)
def test_what_cannot_be_judged_is_refused(score: list[float], won: list[bool], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        measured(np.array(score), np.array(won, dtype=bool))
    assert refused.value.reason == reason
