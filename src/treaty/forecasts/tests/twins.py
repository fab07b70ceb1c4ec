"""The same numbers by plain NumPy and SciPy, slowly."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares, nnls

Floats = NDArray[np.float64]


def carried(spend: Floats, decay: float) -> Floats:
    """Geometric adstock as the sum that it stands for: week by week, what is left of each earlier one."""
    weeks = np.arange(len(spend))
    ages = weeks[:, None] - weeks[None, :]
    return np.asarray(np.where(ages >= 0, (1 - decay) * decay ** np.maximum(ages, 0), 0.0) @ spend)


def shaped(spend: Floats, basis: Floats, shape: Floats) -> Floats:
    effect = np.tanh(carried(spend, shape[0]) / np.exp(shape[1]))
    return np.asarray(effect - effect @ basis.T @ basis)


def left(media: Floats, basis: Floats, target: Floats, shapes: Floats) -> tuple[Floats, Floats]:
    """What the best weights leave, and the weights, by Lawson & Hanson."""
    effects = np.array([shaped(one, basis, shape) for one, shape in zip(media, shapes, strict=True)])
    weights, _ = nnls(effects.T, target)
    return target - weights @ effects, weights


def descended(media: Floats, basis: Floats, target: Floats, start: Floats) -> tuple[Floats, Floats, float]:
    """The nearest minimum by SciPy's search: shapes, weights, sum of squares."""
    found = least_squares(
        lambda at: left(media, basis, target, at.reshape(-1, 2))[0],
        start.ravel(),
        bounds=([0.0, -3.0] * len(media), [0.95, 2.0] * len(media)),
        x_scale=np.tile([0.1, 0.3], len(media)),
        xtol=1e-12,
        ftol=1e-12,
    )
    shapes = found.x.reshape(-1, 2)
    return shapes, left(media, basis, target, shapes)[1], 2 * float(found.cost)


def product_limit(days: list[int], ends: list[int]) -> list[tuple[float, float, float]]:
    """Open, won and lost share after each day, one deal and one day after the other."""
    still, won, lost, found = 1.0, 0.0, 0.0, []
    for day in range(max(days) + 1):
        risk = sum(one >= day for one in days)
        now = [
            sum(one == day and end == kind for one, end in zip(days, ends, strict=True)) for kind in (1, 2)
        ]
        won, lost = won + still * now[0] / risk, lost + still * now[1] / risk
        still *= 1 - sum(now) / risk
        found.append((still, won, lost))
    return found
