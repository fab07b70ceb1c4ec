"""Made-up events of many persons, sorted by person and time: most persons do little, few do much; the same for the same seed."""

import numpy as np
from numpy.typing import NDArray

from treaty.funnels.rules import Events

KINDS = 40
DAY = 86_400_000_000
BEGIN = 1_704_067_200_000_000
"""2024-01-01, in microseconds."""
MEAN = 12
"""Events of a person, on average."""
AT_ONCE = 2_000_000
"""Events that are made at a time, so that making them takes little more memory than keeping them."""


def happenings(size: int, seed: int = 2026) -> tuple[Events, NDArray[np.float64]]:
    """About `size` events over two years of 40 kinds, the first ones the most frequent, and a value of each."""
    chance = np.random.default_rng(seed)
    numbers = 1 + chance.geometric(1 / (MEAN - 1), size // MEAN)
    starts = np.concatenate(([0], np.cumsum(numbers))).astype(np.int64)
    count = int(starts[-1])
    time, value = np.empty(count, np.int64), np.empty(count, np.float64)
    kind = np.empty(count, np.uint16)
    frequent = np.cumsum(1 / np.arange(1, KINDS + 1))
    first = 0
    while first < len(numbers):
        last = int(np.searchsorted(starts, starts[first] + AT_ONCE, "right")) - 1
        last = min(max(last, first + 1), len(numbers))
        part = slice(int(starts[first]), int(starts[last]))
        length = part.stop - part.start
        time[part] = _times(chance, numbers[first:last], length)
        kind[part] = np.searchsorted(frequent, chance.random(length) * frequent[-1])
        value[part] = np.round(chance.gamma(2.0, 20.0, length), 2)
        first = last
    return Events(starts, np.arange(len(numbers), dtype=np.int64), time, kind), value


def _times(chance: np.random.Generator, numbers: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """Each person begins some day of two years; from event to event it takes three days on average."""
    gaps = np.cumsum(chance.exponential(3 * DAY, length).astype(np.int64))
    begins = np.concatenate(([0], np.cumsum(numbers)[:-1]))
    first = BEGIN + chance.integers(0, 700 * DAY, len(numbers))
    return gaps + np.repeat(first - gaps[begins], numbers)
