"""Calibration: never turns an order round, promises nobody all or nothing, and finds what was bent."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treaty.scoring.rules.predicted.calibration import calibrated, line, read, steps
from treaty.scoring.rules.predicted.model import probability

ROWS = st.lists(st.tuples(st.floats(-5, 5), st.booleans()), min_size=2, max_size=60).filter(
    lambda rows: len({won for _, won in rows}) == 2
)


@settings(max_examples=25)
@given(ROWS)
def test_a_higher_margin_never_has_lower_odds(rows: list[tuple[float, bool]]) -> None:
    margin, won = np.array([m for m, _ in rows]), np.array([w for _, w in rows])
    asked = np.linspace(-6, 6, 50)
    for told in (steps(margin, won), line(margin, won)):
        found = told.log_odds(asked)
        assert (np.diff(found) >= -1e-12).all()
        assert np.isfinite(found).all()


def test_steps_by_hand() -> None:
    # Margins 1..4, outcomes 0 1 0 1: the middle two fall and become one block of rate 1/2 at 2.5. Each block counts one
    # row more at the mean rate 1/2: (0 + .5) / 2, (1 + .5) / 3, (1 + .5) / 2; log-odds of 1/4, 1/2, 3/4.
    told = steps(np.array([4.0, 2.0, 1.0, 3.0]), np.array([True, True, False, False]))
    assert told.margins == (1.0, 2.5, 4.0)
    assert told.levels == pytest.approx([-np.log(3), 0.0, np.log(3)])
    # Beyond the last knot at the mean slope, 2 log 3 over 3.
    assert told.log_odds(np.array([1.75, 5.5])) == pytest.approx([-np.log(3) / 2, 2 * np.log(3)])


def test_a_bent_margin_is_straightened() -> None:
    chance = np.random.default_rng(1)
    truth = chance.normal(size=20000)
    won = chance.random(20000) < probability(truth)
    for told in (steps(3 * truth + 1, won), line(3 * truth + 1, won)):
        assert told.log_odds(np.array([-2.0, 1.0, 4.0])) == pytest.approx([-1.0, 0.0, 1.0], abs=0.12)


def test_a_wide_step_stays_flat_to_its_edge() -> None:
    # Below nought a fifth converts, above it four fifths, wherever the margin stands there: what lines through the two
    # centres would promise a little below nought is a half.
    chance = np.random.default_rng(1)
    margin = chance.normal(size=20000)
    won = chance.random(20000) < np.where(margin < 0, 0.2, 0.8)
    told = calibrated(margin, won)
    asked = np.array([-1.5, -0.3, -0.1, 0.1, 0.3, 1.5])
    assert probability(told.log_odds(asked)) == pytest.approx([0.2, 0.2, 0.2, 0.8, 0.8, 0.8], abs=0.08)
    assert (np.diff(told.log_odds(asked)) > 0).all()


@pytest.mark.parametrize(("rows", "kind"), [(390, "line"), (410, "steps")])
def test_few_outcomes_get_a_line(rows: int, kind: str) -> None:
    margin = np.linspace(0.0, 4.0, rows)
    told = calibrated(margin, np.arange(rows) % 2 == 0)
    assert told.data()["kind"] == kind
    assert read(told.data()) == told


def test_margins_that_separate_leave_the_line_finite() -> None:
    told = line(np.array([-1.0, -2.0, 1.0, 2.0]), np.array([False, False, True, True]))
    # Platt's targets are 3/4 and 1/4 for two of each.
    assert probability(told.log_odds(np.array([-9.0, 9.0]))) == pytest.approx([0.0, 1.0], abs=0.05)
    assert told.slope < 10
