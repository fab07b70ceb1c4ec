"""Differences of the logarithm of the gamma function at whole distances, as tables."""

import numpy as np
from numpy.typing import NDArray


def rising(start: float, top: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """ln Γ(start + x) - ln Γ(start) for x = 0..top, and its derivative by `start`: sums of ln(start + k) and 1/(start + k)."""
    steps = start + np.arange(top)
    return _from_zero(np.log(steps)), _from_zero(1 / steps)


def _from_zero(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate(([0.0], np.cumsum(steps)))
