"""How far chances were off at earlier times, and the shift that mends them.

Calibration in the large (Cox 1958; Steyerberg 2019, chapter 15): one shift of all log-odds. Each earlier period gives
one; their mean mends, and how they differ is part of the band.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

from treaty.forecasts.rules.pipeline.chances import compared
from treaty.forecasts.rules.pipeline.deals import Deals, seen
from treaty.kit.rules.refusals import Refused

Floats = NDArray[np.float64]

PERIODS = 4
"""Earlier periods that are looked back on."""
USUAL = 0.35
"""Of log-odds: how far a period's shift lies from the mean where nothing else is known; weighs as one period."""


@dataclass(frozen=True)
class Shift:
    """What is added to log-odds, how far one period scatters around it, and from how many periods that is known."""

    mean: float = 0.0
    spread: float = USUAL
    periods: int = 0

    def mended(self, chances: Floats, away: float = 0.0) -> Floats:
        """The chances shifted; `away`: by so many spreads more."""
        return np.asarray(expit(logit(chances) + self.mean + away * self.spread))


def shift(deals: Deals, day: float, horizon: float) -> Shift:
    """From periods of the same length that ended on that day and before; `deals` are those known on it."""
    found = [
        one
        for turn in range(1, PERIODS + 1)
        if (one := _missed(deals, day - turn * horizon, horizon)) is not None
    ]
    return of_periods(found)


def of_periods(shifts: Sequence[float]) -> Shift:
    """The mean, drawn to none as one more period without a shift would; the spread of a next period around it."""
    number = len(shifts)
    if not number:
        return Shift()
    mean = sum(shifts) / (number + USUAL**2)
    scatter = (USUAL**2 + sum((one - mean) ** 2 for one in shifts)) / (1 + max(0, number - 1))
    return Shift(mean, math.sqrt(scatter * (1 + 1 / number)), number)


def offset(chances: Floats, happened: NDArray[np.bool_]) -> float:
    """The shift by which the chances add up to what happened; half a case is added to both sides, so that it is finite."""
    chances = np.clip(chances, 1e-6, 1 - 1e-6)
    aim = (happened.sum() + 0.5) / (len(chances) + 1) * len(chances)
    odds = logit(chances)
    return float(brentq(lambda by: expit(odds + by).sum() - aim, -30, 30))


def _missed(deals: Deals, day: float, horizon: float) -> float | None:
    """The shift that would have been right for a period; None where nothing could be said at its beginning."""
    then = seen(deals, day)
    try:
        chances = compared(then, day).chances(horizon)
    except Refused:
        return None
    if len(chances) < 10:
        return None
    return offset(chances, won_within(deals, day, horizon))


def won_within(deals: Deals, day: float, horizon: float) -> NDArray[np.bool_]:
    """Of the deals that were open on a day, in order: whether they were won within so many days, (open,)."""
    was_open = (deals.created <= day) & ~(deals.closed <= day)
    return np.asarray((deals.won & (deals.closed <= day + horizon))[was_open])
