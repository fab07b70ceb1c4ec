"""Leads whose true chance is known: what a score can find, it must."""

import numpy as np
from numpy.typing import NDArray

from treaty.scoring.rules.predicted.columns import Choices, Column, Numbers
from treaty.scoring.rules.predicted.model import probability

Floats = NDArray[np.float64]
CHANNELS = ("event", "mail", "referral", "search")
ADDS = np.array([0.0, -0.8, 1.5, -0.3])


def made(rows: int, seed: int = 7) -> tuple[list[Column], Floats]:
    """Fields and outcomes: a channel, visits (blank for a tenth), a size that matters only with visits, and noise."""
    chance = np.random.default_rng(seed)
    channel = chance.integers(0, 4, rows)
    visits = np.where(chance.random(rows) < 0.1, np.nan, chance.poisson(3, rows).astype(float))
    size, noise = chance.normal(size=rows), chance.normal(size=rows)
    told = ADDS[channel] + 0.4 * (np.nan_to_num(visits, nan=1.0) - 3) * (size > 0) - 0.6
    outcome = (chance.random(rows) < probability(told)).astype(float)
    return [
        Choices("channel", channel, CHANNELS),
        Numbers("visits", visits),
        Numbers("size", size),
        Numbers("noise", noise),
    ], outcome
