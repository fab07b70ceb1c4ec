"""BG/NBD: people buy at their own rate, and after each purchase may stop for good.

Rates are gamma(r, alpha) per week, the chance to stop after a purchase is beta(a, b).
Source: Fader, Hardie, Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2); equation 6 for
the likelihood, 10 for what is expected.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.compiled import compiled
from treaty.lifetime.rules.fitting import Fitted, Likelihood, Vector, fitted
from treaty.lifetime.rules.histories import WEEK, Histories, enough
from treaty.lifetime.rules.rising import rising
from treaty.lifetime.rules.rows import Kinds, kinds, places
from treaty.lifetime.rules.series import gain

NAMES = ("r", "alpha", "a", "b")
NOTE = (
    "P(alive) is 1 for everybody who bought once: in this model people stop only right after a repeat purchase."
    " Pareto/NBD lets them stop at any time."
)


class Parameters(NamedTuple):
    """`alpha` in weeks, the others without unit; all above 0."""

    r: float
    alpha: float
    a: float
    b: float


def fit(told: Histories) -> Fitted:
    """The parameters with the largest likelihood. Raises Refused: none_repeat, too_few, no_time, no_peak."""
    enough(told)
    start = np.array([1.0, max(float(told.age.mean()) / WEEK, 1.0), 1.0, 2.0])
    return fitted(likelihood(kinds(told)), NAMES, start, len(told))


def likelihood(found: Kinds) -> Likelihood:
    """The log-likelihood of everybody and its derivatives.

    A person's is lnΓ(r+x)/Γ(r) + r ln α - (r+x) ln(α+T) + lnΓ(b+x)/Γ(b) - lnΓ(a+b+x)/Γ(a+b), and for who came back
    ln(1 + e^d) more, d being the log-odds of having stopped (`_stopped`). All but that last term are sums over counts.
    """
    back = slice(int(np.searchsorted(found.repeats, int(found.counts[0] == 0))), None)
    rows = (found.repeats[back], found.last[back], found.age[back], found.weight[back])
    of_count, top = found.of_count, int(found.counts[-1])
    of_age = np.bincount(found.age, found.weight, len(found.days))
    bought = np.bincount(found.age, found.weight * found.counts[found.repeats], len(found.days))
    counts, weeks, everybody = found.counts, found.days / WEEK, float(found.weight.sum())

    def told(at: Vector) -> tuple[float, Vector]:
        r, alpha, a, b = at
        logs, parts = np.log(alpha + weeks), 1 / (alpha + weeks)
        before = np.maximum(b + counts - 1, np.finfo(float).tiny)
        stop = np.log(a) - np.log(before)
        gained, by_r, by_alpha, stopped, by_b = _stopped(*rows, r + counts, stop, 1 / before, logs, parts)
        (ups, by_ups), (stays, by_stays), (all_, by_all) = (
            (log[counts], slope[counts])
            for log, slope in (rising(r, top), rising(b, top), rising(a + b, top))
        )
        ages = r * of_age + bought
        value = of_count @ (ups + stays - all_) + everybody * r * np.log(alpha) - ages @ logs + gained
        slopes = (
            of_count @ by_ups + everybody * np.log(alpha) - of_age @ logs + by_r,
            everybody * r / alpha - ages @ parts + by_alpha,
            stopped / a - of_count @ by_all,
            of_count @ (by_stays - by_all) - by_b,
        )
        return float(value), np.array(slopes)

    return told


@compiled
def _stopped(
    repeats: NDArray[np.int64],
    last: NDArray[np.int64],
    age: NDArray[np.int64],
    weight: Vector,
    shape: Vector,
    stop: Vector,
    part: Vector,
    logs: Vector,
    parts: Vector,
) -> tuple[float, float, float, float, float]:
    """Over rows of who came back, d = ln a - ln(b+x-1) + (r+x) ln((α+T)/(α+t_x)): the sums of ln(1 + e^d) and of its
    derivatives by r, by α, by ln a, and (turned over) by b."""
    gained = by_r = by_alpha = stopped = by_b = 0.0
    for row in range(len(repeats)):
        x, begin, end = repeats[row], last[row], age[row]
        stretch = logs[end] - logs[begin]
        odds = stop[x] + shape[x] * stretch
        small = np.exp(-abs(odds))
        gained += weight[row] * (max(odds, 0.0) + np.log1p(small))
        share = weight[row] * (1.0 if odds >= 0 else small) / (1.0 + small)
        by_r += share * stretch
        by_alpha += share * shape[x] * (parts[end] - parts[begin])
        stopped += share
        by_b += share * part[x]
    return gained, by_r, by_alpha, stopped, by_b


def alive(at: Parameters, told: Histories) -> Vector:
    """The chance of each person not to have stopped; 1 where x is 0 (NOTE)."""
    back = told.repeats > 0
    x = np.maximum(told.repeats, 1)
    stretch = np.log1p((told.age - told.last) / WEEK / (at.alpha + told.last / WEEK))
    odds = np.log(at.a) - np.log(at.b + x - 1) + (at.r + x) * stretch
    return np.where(back, 1 / (1 + np.exp(np.minimum(odds, 700.0))), 1.0)


def expected(at: Parameters, told: Histories, weeks: float) -> Vector:
    """E[Y(t) | x, t_x, T]: purchases of each person in the next `weeks` (0 or more). Raises Refused: horizon."""
    counts, x = places(told.repeats)
    ages, age = places(told.age)
    there = np.zeros((len(counts), len(ages)), np.bool_)
    there[x, age] = True
    row, column = np.nonzero(there)
    table = np.zeros(there.shape)
    table[row, column] = gain(at, counts[row].astype(np.float64), ages[column] / WEEK, weeks)
    return alive(at, told) * table[x, age]


def expected_of_newcomer(at: Parameters, weeks: float) -> float:
    """E[X(t)]: repeat purchases of a person in the `weeks` after the first purchase (equation 9)."""
    return float(gain(at, np.zeros(1), np.zeros(1), weeks)[0])
