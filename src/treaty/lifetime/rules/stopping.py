"""Pareto/NBD's integral over the moment of stopping, for all x and all days at once, without a hypergeometric function.

For q = r+x, with u from y to infinity: e^H(x, y) = integral of s β^s (α+u)^-q (β+u)^-(s+1) du. By z = (α+y)/(α+u)
it is s β^s (α+y)^-(q+s) h, h = integral over z in 0..1 of z^(q+s-1) (1 + c z)^-(s+1) dz, c = (β-α)/(α+y). By the
rule of Takahasi and Mori (1974; fixed points z that crowd at both ends) h is a product of one matrix that knows x and
one that knows y, and so are its derivatives. Every term is positive: nothing cancels, whichever of α and β is larger.
What is to be added for a person watched to T is e^C + e^H(t_x), where e^C = β^s (β+T)^-s (α+T)^-q - e^H(T) > 0.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.float64]
PACE = 0.09
"""Of the rule's points; halving it changes no figure by more than 1e-12 of itself."""
_T = np.arange(-6.6, 3.6, PACE)
_LEFT = np.pi * np.sinh(_T)
LOG_Z = -np.logaddexp(0, -_LEFT)
"""ln z of the rule's points."""
REST = np.exp(-np.logaddexp(0, _LEFT))
"""1 - z of them."""
WEIGHT = PACE * np.pi * np.cosh(_T) * REST
"""Of z^k in an integral of z^(k-1)."""
Z = np.exp(LOG_Z)


class Point(NamedTuple):
    """Parameters as in `pareto_nbd.Parameters`."""

    r: float
    alpha: float
    s: float
    beta: float


@dataclass(frozen=True)
class Cells:
    """What the tables are made for: `counts` (X,), the x; `weeks` (Y,), the t_x and T."""

    counts: Grid
    weeks: Grid


@dataclass(frozen=True)
class Chances:
    """Tables (X, Y) of logarithms, all without α^r Γ(r+x)/Γ(r): `stopped` H, `lasting` C, `alive` (who lives at T).

    `ratio`: e^H / e^alive, below 1. `powers` (X, J), `factors` (Y, J): the matrices of h. `h` (X, Y).
    """

    stopped: Grid
    lasting: Grid
    alive: Grid
    ratio: Grid
    powers: Grid
    factors: Grid
    h: Grid


def chances(at: Point, cells: Cells) -> Chances:
    """All tables at these parameters."""
    r, alpha, s, beta = at
    shape = (r + cells.counts)[:, None]
    log_a, log_b = np.log(alpha + cells.weeks), np.log(beta + cells.weeks)
    powers = np.exp((shape + s) * LOG_Z) * WEIGHT
    factors = np.exp(-(s + 1) * np.log(_bases(at, cells)))
    h = powers @ factors.T
    log_h = np.log(s) + np.log(h)
    stopped = s * np.log(beta) - (shape + s) * log_a + log_h
    living = s * np.log(beta) - s * log_b - shape * log_a
    ratio = np.exp(s * (log_b - log_a) + log_h)
    return Chances(stopped, living + np.log1p(-ratio), living, ratio, powers, factors, h)


def slopes(at: Point, cells: Cells, told: Chances, of_last: Grid, of_age: Grid) -> Grid:
    """The derivative by r, alpha, s, beta of the sum of `of_last` x H + `of_age` x C; both (X, Y)."""
    r, alpha, s, beta = at
    a, b = alpha + cells.weeks, beta + cells.weeks
    shape = (r + cells.counts)[:, None]
    lost = of_age * told.ratio / (1 - told.ratio)
    by_power, by_exponent, by_c = _of_h(at, cells, told, (of_last - lost) / told.h)
    last, age, gone = of_last.sum(0), of_age.sum(0), lost.sum(0)
    by_r = by_power - (last + age) @ np.log(a)
    by_alpha = (
        -(((shape + s) * of_last + shape * of_age).sum(0) @ (1 / a)) + s * gone @ (1 / a) - by_c @ (b / a**2)
    )
    by_s = by_power + by_exponent + (last + age).sum() * np.log(beta) + (last - gone).sum() / s
    by_s -= last @ np.log(a) + age @ np.log(b) + gone @ (np.log(b) - np.log(a))
    by_beta = (last + age).sum() * s / beta - s * (age + gone) @ (1 / b) + by_c @ (1 / a)
    return np.array([by_r, by_alpha, by_s, by_beta])


def _of_h(at: Point, cells: Cells, told: Chances, mass: Grid) -> tuple[float, float, Grid]:
    """The derivative of the sum of `mass` x h by the power of z, by the exponent s, and by c (Y,)."""
    base = _bases(at, cells)
    mixed = (mass.T @ told.powers) * told.factors
    by_power = mixed.sum(0) @ LOG_Z
    by_exponent = -(mixed * np.log(base)).sum()
    by_c = np.asarray(-(at.s + 1) * ((mixed / base) @ Z))
    return float(by_power), float(by_exponent), by_c


def _bases(at: Point, cells: Cells) -> Grid:
    """1 + c z, as (1-z) + z (β+y)/(α+y): a sum of what is positive. (Y, J)."""
    ratio = (at.beta + cells.weeks) / (at.alpha + cells.weeks)
    return np.asarray(REST + ratio[:, None] * Z)
