"""Leads for measurements: seeded, of any number, with fields that tell something and a chance that is known."""

import numpy as np
from numpy.typing import NDArray

from treaty.scoring.rules.predicted.columns import Choices, Column, Numbers
from treaty.scoring.rules.predicted.model import probability

SIZES = {"source": 20, "country": 40, "channel": 8, "occupation": 6, "sector": 15, "language": 12}
"""Fields of choices and their levels; the first are frequent, the last rare."""


def leads(number: int, seed: int = 11) -> tuple[list[Column], NDArray[np.float64]]:
    """(rows,) fields and outcomes: six fields of choices, four of numbers, each blank for some; a third converts."""
    chance = np.random.default_rng(seed)
    columns: list[Column] = []
    told = np.full(number, -0.9)
    for name, size in SIZES.items():
        share = 1 / np.arange(1, size + 1)
        codes = chance.choice(size, number, p=share / share.sum())
        told += chance.normal(scale=0.5, size=size)[codes]
        codes[chance.random(number) < 0.1] = -1
        columns.append(Choices(name, codes, tuple(f"{name} {level:02}" for level in range(size))))
    for name in ("visits", "pages", "minutes", "mails"):
        values = chance.gamma(2.0, 3.0, number).round(1)
        told += 0.3 * np.log1p(values) - 0.5
        values[chance.random(number) < 0.1] = np.nan
        columns.append(Numbers(name, values))
    return columns, (chance.random(number) < probability(told)).astype(np.float64)
