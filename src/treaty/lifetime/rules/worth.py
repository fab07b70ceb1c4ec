"""Customer lifetime value: what is still to be expected of a person, as money of today; and how well it came true."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused
from treaty.lifetime.rules.fitting import Vector

YEAR = 365.25 / 7
"""Weeks."""
STRIDE = 4.0
"""Weeks at most between two moments of discounting; at 10 % a year, taking the middle costs less than .00001 of the value."""


def worth(
    expected: Callable[[float], Vector], value: Vector, *, weeks: float, discount: float, margin: float
) -> Vector:
    """Of each person: the sum over strides of purchases in it x value x margin / (1+discount)^(years to its middle).

    `expected`: purchases within so many weeks; `value`: of a purchase; `discount`: a year; `margin`: share of the value.
    Raises Refused: horizon, discount, margin.
    """
    if not (np.isfinite(weeks) and weeks > 0):
        raise Refused("horizon", f"A horizon of {weeks:g} weeks cannot be: it is more than 0.")
    if not (np.isfinite(discount) and discount > -1):
        raise Refused(
            "discount", f"A discount of {discount:g} a year cannot be: it is more than -1, such as 0.1."
        )
    if not (np.isfinite(margin) and margin > 0):
        raise Refused(
            "margin", f"A margin of {margin:g} cannot be: it is a share of the value above 0, such as 0.3."
        )
    ends = np.linspace(0, weeks, int(np.ceil(weeks / STRIDE)) + 1)
    before, sums = np.zeros(len(value)), np.zeros(len(value))
    for begin, end in pairwise(ends):
        until = expected(float(end))
        sums += (until - before) * (1 + discount) ** (-(begin + end) / 2 / YEAR)
        before = until
    return sums * value * margin


class HeldOut(NamedTuple):
    """What was expected of persons beside what they did. `correlation`: Pearson's over persons; NaN without spread."""

    correlation: float
    expected: float
    happened: float
    mean_error: float
    """The mean of how far a person was missed, in purchases."""

    @property
    def difference(self) -> float:
        """Expected in sum, less what happened, as a share of it; NaN where nothing happened."""
        return self.expected / self.happened - 1 if self.happened else float("nan")


def held_out(expected: Vector, happened: NDArray[np.int64]) -> HeldOut:
    """The judgement over persons."""
    spread = expected.std() * happened.std()
    correlation = float(np.corrcoef(expected, happened)[0, 1]) if spread > 0 else float("nan")
    missed = float(np.abs(expected - happened).mean())
    return HeldOut(correlation, float(expected.sum()), float(happened.sum()), missed)


def in_sum(newcomer: Callable[[float], float], weeks: Vector) -> float:
    """Repeat purchases of everybody who was a newcomer so many weeks ago, by the model alone."""
    found, persons = np.unique(weeks, return_counts=True)
    return float(sum(count * newcomer(float(age)) for age, count in zip(found, persons, strict=True)))
