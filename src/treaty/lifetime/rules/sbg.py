"""Shifted-beta-geometric: contracts that are renewed or not, each person with a chance of their own to leave.

The chance to leave at each renewal is beta(alpha, beta) over persons.
Sources: Fader, Hardie (2007), How to Project Customer Retention, Journal of Interactive Marketing 21(1), equations 5 and 6;
Fader, Hardie (2010), Customer-Base Valuation in a Contractual Setting, Marketing Science 29(1), equation 7.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import hyp2f1

from treaty.kit.rules.refusals import Refused
from treaty.lifetime.rules.fitting import Fitted, Likelihood, Vector, fitted
from treaty.lifetime.rules.rising import rising

NAMES = ("alpha", "beta")


class Parameters(NamedTuple):
    """Both above 0, without unit."""

    alpha: float
    beta: float


def fit(survivors: NDArray[np.float64]) -> Fitted:
    """The parameters with the largest likelihood; `survivors` is how many of one intake were there after 0, 1, 2 ... renewals.

    Raises Refused: too_few, not_finite, impossible, growing, none_lost, no_peak.
    """
    _check(survivors)
    return fitted(likelihood(survivors), NAMES, np.array([1.0, 1.0]), int(survivors[0]))


def likelihood(survivors: NDArray[np.float64]) -> Likelihood:
    """Who left at t: ln B(α+1, β+t-1)/B(α, β); who is still there: ln B(α, β+t)/B(α, β)."""
    lost, left, end = -np.diff(survivors), float(survivors[-1]), len(survivors) - 1

    def told(at: Vector) -> tuple[float, Vector]:
        alpha, beta = at
        (stays, by_stays), (all_, by_all) = rising(beta, end), rising(alpha + beta, end)
        value = lost @ (np.log(alpha) + stays[:-1] - all_[1:]) + left * (stays[-1] - all_[-1])
        of_all = -(lost @ by_all[1:] + left * by_all[-1])
        of_stays = lost @ by_stays[:-1] + left * by_stays[-1]
        return float(value), np.array([lost.sum() / alpha + of_all, of_stays + of_all])

    return told


def survival(at: Parameters, periods: int) -> Vector:
    """S(0), S(1) ... S(periods): the share of an intake that is still there."""
    return np.asarray(np.exp(rising(at.beta, periods)[0] - rising(at.alpha + at.beta, periods)[0]))


def retention(at: Parameters, periods: int) -> Vector:
    """Of those there after t-1 renewals, the share that renews again, for t = 1 .. periods; it grows with t."""
    before = np.arange(periods)
    return np.asarray((at.beta + before) / (at.alpha + at.beta + before))


def residual(at: Parameters, renewals: int, discount: float) -> float:
    """DERL: the periods still to come, in today's worth, of who is about to renew for the n-th time.

    Raises Refused: discount, impossible.
    """
    if not (np.isfinite(discount) and discount > 0):
        raise Refused(
            "discount", f"A discount of {discount:g} a period cannot be: it is above 0, such as 0.1."
        )
    if renewals < 1:
        raise Refused("impossible", "Renewals are counted from 1 on.")
    upper, lower = at.beta + renewals - 1, at.alpha + at.beta + renewals - 1
    return float(upper / lower * hyp2f1(1, upper + 1, lower + 1, 1 / (1 + discount)))


def _check(survivors: NDArray[np.float64]) -> None:
    if len(survivors) < 3:
        raise Refused("too_few", "At least two renewals are needed for two parameters.")
    if not np.isfinite(survivors).all():
        row = int(np.argmin(np.isfinite(survivors))) + 1
        raise Refused("not_finite", f"Row {row} has no number of survivors.")
    if (survivors < 0).any():
        raise Refused("impossible", f"Row {int(np.argmax(survivors < 0)) + 1}: fewer than 0 cannot be there.")
    if (np.diff(survivors) > 0).any():
        row = int(np.argmax(np.diff(survivors) > 0)) + 2
        raise Refused(
            "growing",
            f"Row {row}: more are there than before; rows must be in the order of renewals, of one intake.",
        )
    if survivors[0] == survivors[-1]:
        raise Refused("none_lost", "Nobody left: nothing tells how long people stay.")
