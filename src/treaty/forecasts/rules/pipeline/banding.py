"""What the open deals bring until a day: expected, and a band by drawing (Monte Carlo, seeded).

Each draw takes past deals anew (Poisson bootstrap), a shift as far off as past periods were, wins or losses of each deal,
and for deals of unknown value one of the values that were won. A lost deal counts zero.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.forecasts.rules.pipeline.calibrating import Shift, shift
from treaty.forecasts.rules.pipeline.chances import Compared, compared
from treaty.forecasts.rules.pipeline.deals import Deals, seen

Floats = NDArray[np.float64]

CURVES = 50
"""Times that past deals are taken anew; draws share them."""


@dataclass(frozen=True)
class Forecast:
    """`chances` and `values` of the open deals, (open,); `totals` drawn, (draws,); `shift` of the chances."""

    chances: Floats
    values: Floats
    totals: Floats
    shift: Shift
    compared: Compared

    @property
    def expected(self) -> float:
        """Each chance times its value."""
        return float(self.chances @ self.values)

    def band(self, confidence: float) -> tuple[float, float]:
        """What lies between in that share of all draws."""
        low, high = np.quantile(self.totals, [(1 - confidence) / 2, (1 + confidence) / 2])
        return float(low), float(high)

    def reaches(self, amount: float) -> float:
        """In which share of all draws at least this comes in."""
        return float((self.totals >= amount).mean())


def forecast(deals: Deals, day: float, horizon: float, *, draws: int, seed: int) -> Forecast:
    """Of what is open on a day, within the days after it. Later rows are not looked at.

    Raises Refused: too_few, one_class.
    """
    known = seen(deals, day)
    groups, mend = compared(known, day), shift(known, day, horizon)
    chances = _mended(groups.chances(horizon), mend)
    told = known.value[known.is_open]
    pool = known.value[known.won & np.isfinite(known.value)]
    values = np.where(np.isnan(told), pool.mean() if len(pool) else 0.0, told)
    totals = _drawn(known, groups, mend, told, pool, horizon, draws, np.random.default_rng(seed))
    return Forecast(chances, values, totals, mend, groups)


def _drawn(
    known: Deals,
    groups: Compared,
    mend: Shift,
    told: Floats,
    pool: Floats,
    horizon: float,
    draws: int,
    chance: np.random.Generator,
) -> Floats:
    totals = np.empty(draws)
    unknown = np.flatnonzero(np.isnan(told))
    raw = [
        groups.chances(horizon, chance.poisson(1.0, len(known.created)).astype(np.float64))
        for _ in range(CURVES)
    ]
    for turn in range(draws):
        odds = _mended(raw[turn % CURVES], mend, float(chance.standard_normal()))
        values = told
        if len(unknown) and len(pool):
            values = told.copy()
            values[unknown] = chance.choice(pool, len(unknown))
        totals[turn] = np.nansum(values[chance.random(len(told)) < odds])
    return totals


def _mended(chances: Floats, mend: Shift, away: float = 0.0) -> Floats:
    # Where no comparable deal was ever won, no shift makes it likely.
    return np.where(chances > 0, mend.mended(np.clip(chances, 1e-9, 1 - 1e-9), away), 0.0)
