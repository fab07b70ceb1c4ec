"""Pareto/NBD: people buy at their own rate until they stop, which may be at any moment.

Rates are gamma(r, alpha) per week, the hazard of stopping is gamma(s, beta) per week.
Sources: Schmittlein, Morrison, Colombo (1987), Management Science 33(1); Fader, Hardie (2005), A Note on Deriving the
Pareto/NBD Model and Related Expressions.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.compiled import compiled
from treaty.kit.rules.refusals import Refused
from treaty.lifetime.rules.fitting import Fitted, Likelihood, Vector, fitted
from treaty.lifetime.rules.histories import WEEK, Histories, enough
from treaty.lifetime.rules.rising import rising
from treaty.lifetime.rules.rows import Kinds, kinds, places, shared_places
from treaty.lifetime.rules.stopping import Cells, Point, chances, slopes

NAMES = ("r", "alpha", "s", "beta")


class Parameters(NamedTuple):
    """`alpha` and `beta` in weeks, the others without unit; all above 0."""

    r: float
    alpha: float
    s: float
    beta: float


def fit(told: Histories) -> Fitted:
    """The parameters with the largest likelihood. Raises Refused: none_repeat, too_few, no_time, no_peak."""
    enough(told)
    weeks = max(float(told.age.mean()) / WEEK, 1.0)
    return fitted(likelihood(kinds(told)), NAMES, np.array([1.0, weeks, 1.0, weeks]), len(told))


def likelihood(found: Kinds) -> Likelihood:
    """The log-likelihood of everybody and its derivatives.

    A person's is lnΓ(r+x)/Γ(r) + r ln α + ln(e^C(x, T) + e^H(x, t_x)), C and H being tables (`stopping`).
    """
    everybody, of_count, counts = float(found.weight.sum()), found.of_count, found.counts
    cells = Cells(counts.astype(np.float64), found.days / WEEK)
    rows = (found.repeats, found.last, found.age, found.weight)

    def told(at: Vector) -> tuple[float, Vector]:
        point = Point(*at)
        logs, by_r = (table[counts] for table in rising(point.r, int(counts[-1])))
        tables = chances(point, cells)
        gained, of_last, of_age = _mixed(*rows, tables.lasting, tables.stopped)
        value = of_count @ logs + everybody * point.r * np.log(point.alpha) + gained
        slope = slopes(point, cells, tables, of_last, of_age)
        slope[0] += of_count @ by_r + everybody * np.log(point.alpha)
        slope[1] += everybody * point.r / point.alpha
        return float(value), slope

    return told


@compiled
def _mixed(
    repeats: NDArray[np.int64],
    last: NDArray[np.int64],
    age: NDArray[np.int64],
    weight: Vector,
    lasting: NDArray[np.float64],
    stopped: NDArray[np.float64],
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """The sum of ln(e^C + e^H) over rows, and the weight that each cell of H and of C has in its derivative."""
    gained = 0.0
    of_last, of_age = np.zeros_like(stopped), np.zeros_like(lasting)
    for row in range(len(repeats)):
        x, begin, end = repeats[row], last[row], age[row]
        stays, stops = lasting[x, end], stopped[x, begin]
        small = np.exp(-abs(stops - stays))
        gained += weight[row] * (max(stays, stops) + np.log1p(small))
        share = weight[row] * (1.0 if stops >= stays else small) / (1.0 + small)
        of_last[x, begin] += share
        of_age[x, end] += weight[row] - share
    return gained, of_last, of_age


def alive(at: Parameters, told: Histories) -> Vector:
    """The chance of each person not to have stopped by T."""
    counts, x = places(told.repeats)
    days, (last, age) = shared_places(told.last, told.age)
    tables = chances(Point(*at), Cells(counts.astype(np.float64), days / WEEK))
    return np.asarray(
        np.exp(tables.alive[x, age] - np.logaddexp(tables.lasting[x, age], tables.stopped[x, last]))
    )


def expected(at: Parameters, told: Histories, weeks: float) -> Vector:
    """E[Y(t) | x, t_x, T]: purchases of each person in the next `weeks` (0 or more). Raises Refused: horizon."""
    age = told.age / WEEK
    rate = (at.r + told.repeats) / (at.alpha + age)
    return alive(at, told) * rate * _living(at.s, at.beta + age, weeks)


def expected_of_newcomer(at: Parameters, weeks: float) -> float:
    """E[X(t)]: repeat purchases of a person in the `weeks` after the first purchase."""
    return float(at.r / at.alpha * _living(at.s, np.array([at.beta]), weeks)[0])


def _living(s: float, since: Vector, weeks: float) -> Vector:
    """Weeks that somebody who is there will stay within the horizon: b (1 - (b/(b+t))^(s-1))/(s-1); b ln((b+t)/b) at s = 1."""
    if not (np.isfinite(weeks) and weeks >= 0):
        raise Refused("horizon", f"A horizon of {weeks:g} weeks cannot be: it is 0 or more.")
    left = -np.log1p(weeks / since)
    return since * (-left if s == 1 else -np.expm1((s - 1) * left) / (s - 1))
