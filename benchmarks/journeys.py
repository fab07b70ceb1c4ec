"""Journeys of buyers, seeded and sized: channels as unequal as real ones, paths mostly short, each touch near the one before."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from treaty.attribution.rules.paths import Paths, made
from treaty.attribution.rules.touches import DAY, Touches

NAMES = (
    "paid search", "organic search", "direct", "email", "paid social", "organic social", "referral", "display",
    "affiliates", "organic video",
)  # fmt: skip
MEAN_TOUCHES, CONVERTED, MEAN_VALUE = 3.5, 0.2, 80.0
AGAIN = 0.35
"""How likely the next touch is on the channel of the one before."""


def names(channels: int) -> tuple[str, ...]:
    """Names of so many channels."""
    return tuple(NAMES[place] if place < len(NAMES) else f"campaign {place}" for place in range(channels))


def journeys(paths: int, channels: int, *, seed: int = 2026) -> Paths:
    """So many paths, one in five converting, geometric lengths, with ages of touches."""
    chance = np.random.default_rng(seed)
    lengths = chance.geometric(1 / MEAN_TOUCHES, paths)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    since = np.cumsum(chance.exponential(5.0, starts[-1]))
    ages = np.repeat(since[starts[1:] - 1], lengths) - since
    return made(
        names(channels), met(chance, int(starts[-1]), channels), starts, outcomes(chance, paths), ages=ages
    )


def met(chance: np.random.Generator, touches: int, channels: int) -> NDArray[np.uint16]:
    """Channels of touches one after another: Zipf-like shares, often the same again."""
    weights = 1 / np.arange(1, channels + 1)
    bounds = np.cumsum(weights / weights.sum())
    codes = np.minimum(np.searchsorted(bounds, chance.random(touches)), channels - 1).astype(np.uint16)
    again = np.flatnonzero(chance.random(touches - 1) < AGAIN) + 1
    codes[again] = codes[again - 1]
    return codes


def outcomes(chance: np.random.Generator, paths: int) -> NDArray[np.float64]:
    """(paths, 3): a conversion with its value, or none."""
    converted = chance.random(paths) < CONVERTED
    value = np.where(converted, np.round(chance.gamma(2.0, MEAN_VALUE / 2, paths), 2), 0.0)
    return np.column_stack([converted, value, ~converted]).astype(np.float64)


def texts(paths: Paths) -> list[str]:
    """The paths as they stand in a file."""
    told = [paths.names[code] for code in paths.channels]
    places = paths.starts.tolist()
    return [" > ".join(told[begin:end]) for begin, end in pairwise(places)]


def touches(rows: int, channels: int, *, seed: int = 2026) -> Touches:
    """Raw touches of a year in the order in which they were told: by time, persons mixed; one in twenty converts."""
    chance = np.random.default_rng(seed)
    persons = chance.integers(0, max(1, round(rows / MEAN_TOUCHES)), rows)
    times = np.sort(chance.integers(0, 365 * DAY, rows))
    converted = (chance.random(rows) < 0.05).astype(np.float64)
    values = np.round(chance.gamma(2.0, MEAN_VALUE / 2, rows), 2) * converted
    return Touches(names(channels), persons, times, met(chance, rows, channels), converted, values)
