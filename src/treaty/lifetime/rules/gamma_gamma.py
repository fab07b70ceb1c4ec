"""Gamma-gamma: what a purchase of a person is worth, between their own mean and everybody's.

Values of one person are gamma(p, nu), and nu is gamma(q, v) over persons; value and frequency do not depend on each other.
Source: Fader, Hardie (2013), The Gamma-Gamma Model of Monetary Value; equations 1a and 5.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln

from treaty.kit.rules.refusals import Refused
from treaty.lifetime.rules.fitting import Fitted, Likelihood, Vector, fitted
from treaty.lifetime.rules.histories import REPEATERS, Histories
from treaty.lifetime.rules.rows import places

NAMES = ("p", "q", "v")
TIED = 0.3
"""From this correlation of x and m on, the model's assumption does not hold."""


class Parameters(NamedTuple):
    """`v` in units of value, the others without unit; all above 0."""

    p: float
    q: float
    v: float


class Spent(NamedTuple):
    """Who came back and spent: x and m of each. `free`: how many came back and never paid, who are left out."""

    repeats: NDArray[np.int64]
    value: Vector
    free: int


def spent(told: Histories) -> Spent:
    """The persons whose value tells something. Raises Refused: no_value, too_few, one_value."""
    if told.value is None:
        raise Refused("no_value", "The log has no column of values.")
    back = told.repeats > 0
    paid = back & (np.nan_to_num(told.value) > 0)
    if (found := int(paid.sum())) < REPEATERS:
        text = f"Only {found} persons came back and paid; at least {REPEATERS} are needed for a fit."
        raise Refused("too_few", text)
    value = told.value[paid]
    if value.min() == value.max():
        raise Refused(
            "one_value", f"Every mean value is {value[0]:g}: there is nothing to tell persons apart by."
        )
    return Spent(told.repeats[paid], value, int(back.sum()) - found)


def correlation(told: Spent) -> float:
    """Pearson's, of x and m over who came back: the model holds where it is near 0. NaN where all have one x."""
    if told.repeats.min() == told.repeats.max():
        return float("nan")
    return float(np.corrcoef(told.repeats, told.value)[0, 1])


def fit(told: Spent) -> Fitted:
    """The parameters with the largest likelihood. Raises Refused: no_peak."""
    start = np.array([2.0, 3.0, float(told.value.mean())])
    return fitted(likelihood(told), NAMES, start, len(told.value))


def likelihood(told: Spent) -> Likelihood:
    """A person's is lnΓ(px+q) - lnΓ(px) - lnΓ(q) + q ln v + (px-1) ln m + px ln x - (px+q) ln(v + m x)."""
    counts, place = places(told.repeats)
    x, everybody = told.repeats.astype(np.float64), float(len(place))
    of_count = np.bincount(place).astype(np.float64)
    logs, sums = np.log(told.value), told.value * x
    bought = x @ (logs + np.log(x))

    def likely(at: Vector) -> tuple[float, Vector]:
        p, q, v = at
        pooled, parts = np.log(v + sums), 1 / (v + sums)
        ups = digamma(p * counts + q)
        value = of_count @ (gammaln(p * counts + q) - gammaln(p * counts)) + p * bought - logs.sum()
        value += everybody * (q * np.log(v) - gammaln(q)) - p * (x @ pooled) - q * pooled.sum()
        by_p = (of_count * counts) @ (ups - digamma(p * counts)) + bought - x @ pooled
        by_q = of_count @ ups + everybody * (np.log(v) - digamma(q)) - pooled.sum()
        by_v = everybody * q / v - p * (x @ parts) - q * parts.sum()
        return float(value), np.array([by_p, by_q, by_v])

    return likely


def expected(at: Parameters, told: Histories) -> Vector:
    """E[M | x, m]: the value of a coming purchase of each person; everybody's mean where there is no m.

    Infinite where p x + q <= 1, which a fit to real purchases does not give. Raises Refused: no_value.
    """
    if told.value is None:
        raise Refused("no_value", "The log has no column of values.")
    known = np.where(np.nan_to_num(told.value) > 0, told.repeats, 0)
    seen = at.v + known * np.nan_to_num(told.value)
    shape = at.p * known + at.q - 1
    return np.where(shape > 0, at.p * seen / np.where(shape > 0, shape, 1), np.inf)


def expected_of_newcomer(at: Parameters) -> float:
    """E[M]: everybody's mean, p v/(q-1); infinite where q <= 1."""
    return at.p * at.v / (at.q - 1) if at.q > 1 else float("inf")
