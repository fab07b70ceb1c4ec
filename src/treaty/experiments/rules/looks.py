"""Planned looks: bounds of z at each of them that together keep the error of one look at the end.

Alpha spending of Lan & DeMets (1983) with their O'Brien-Fleming form: early looks need much, the last nearly as much as
a single one. Crossing probabilities by recursive integration (Armitage, McPherson & Rowe 1969; Jennison & Turnbull 2000,
chapter 19).
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from treaty.kit.rules.refusals import Refused

Floats = NDArray[np.float64]
NODES, WEIGHTS = np.polynomial.legendre.leggauss(192)
FARTHEST = 12.0
"""No z is expected beyond this."""


def spent(fraction: float, *, confidence: float = 0.95) -> float:
    """How much of the error of 1 - confidence may be used up when this fraction of the persons is in.

    Each side spends its own half, as programs for clinical trials do.
    """
    return 4 * float(ndtr(-ndtri(0.75 + confidence / 4) / math.sqrt(fraction)))


def bounds(fractions: Sequence[float], *, confidence: float = 0.95) -> Floats:
    """Beyond which |z| to stop at each look, shape (looks,); the fractions of all persons rise to at most 1.

    Raises Refused: bad_looks, bad_confidence.
    """
    _judge(fractions, confidence)
    found: list[float] = []
    before, density = 0.0, _Density()
    for fraction in fractions:
        until = spent(fraction, confidence=confidence)
        bound = _bound(density, fraction, until - before)
        density = density.after(fraction, bound)
        found.append(bound)
        before = until
    return np.array(found)


def crossings(limits: Sequence[float] | Floats, fractions: Sequence[float], *, drift: float = 0.0) -> Floats:
    """How likely |z| crosses its limit first at each look, shape (looks,).

    `drift`: what z is expected to be at the very end; 0 where there is no difference.
    """
    found, density = [], _Density(drift=drift)
    for limit, fraction in zip(limits, fractions, strict=True):
        found.append(density.beyond(fraction, limit))
        density = density.after(fraction, limit)
    return np.array(found)


def more_persons(fractions: Sequence[float], *, power: float = 0.8, confidence: float = 0.95) -> float:
    """By which factor the looks make the experiment larger, at most, than one look at the end for the same power."""
    limits = bounds(fractions, confidence=confidence)
    alone = float(ndtri(0.5 + confidence / 2) + ndtri(power))
    needed = brentq(lambda drift: crossings(limits, fractions, drift=drift).sum() - power, 0.1, 3 * alone)
    return (float(needed) / alone) ** 2


class _Density:
    """Where the sum of differences stands, scaled so that it is a Brownian motion over [0, 1], while no look stopped."""

    def __init__(
        self, at: float = 0.0, places: Floats | None = None, mass: Floats | None = None, drift: float = 0.0
    ) -> None:
        self.at, self.drift = at, drift
        self.places = np.zeros(1) if places is None else places
        self.mass = np.ones(1) if mass is None else mass

    def beyond(self, fraction: float, limit: float) -> float:
        """The probability to stand beyond the limit at that fraction."""
        step = fraction - self.at
        moved, edge = self.places + self.drift * step, limit * math.sqrt(fraction)
        out = ndtr((moved - edge) / math.sqrt(step)) + ndtr((-moved - edge) / math.sqrt(step))
        return float(self.mass @ out)

    def after(self, fraction: float, limit: float) -> "_Density":
        """The density within the limit at that fraction."""
        step, edge = fraction - self.at, limit * math.sqrt(fraction)
        places = NODES * edge
        away = places[:, None] - self.places[None, :] - self.drift * step
        density = np.exp(-away * away / (2 * step)) @ self.mass / math.sqrt(2 * math.pi * step)
        return _Density(fraction, places, density * WEIGHTS * edge, self.drift)


def _bound(density: _Density, fraction: float, allowed: float) -> float:
    if density.beyond(fraction, FARTHEST) >= allowed:  # so early that next to nothing may be spent
        return FARTHEST
    return float(brentq(lambda limit: density.beyond(fraction, limit) - allowed, 0.0, FARTHEST, xtol=1e-10))


def _judge(fractions: Sequence[float], confidence: float) -> None:
    if not 0.5 <= confidence < 1:
        raise Refused(
            "bad_confidence", f"A confidence lies between 0.5 and 1, such as 0.95, not {confidence}."
        )
    rising = all(a < b for a, b in pairwise(fractions))
    if not fractions or not rising or not fractions[0] > 0 or fractions[-1] > 1 or len(fractions) > 50:
        raise Refused(
            "bad_looks", "Looks are 1 to 50 fractions of the planned persons that rise to at most 1."
        )
