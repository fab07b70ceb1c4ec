"""What a person who is still there will buy under BG/NBD: Gauss's 2F1 by Euler's transform, exact also where a is 1."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.compiled import compiled
from treaty.kit.rules.refusals import Refused

if TYPE_CHECKING:
    from treaty.lifetime.rules.bg_nbd import Parameters

SMALL = 1e-16
"""A term that adds less than this part of the sum is the last."""
LONGEST = 100_000
"""Terms; the share of a horizon in α + T + t is below .9996 then."""


def gain(
    at: "Parameters", repeats: NDArray[np.float64], age: NDArray[np.float64], weeks: float
) -> NDArray[np.float64]:
    """The numerator of equation 10 of Fader, Hardie, Lee (2005), for each x and T (in weeks).

    With z = t/(α+T+t), C = a+b+x-1 and e = a-1 it is C/e (1 - (1-z)^e 2F1(C-r-x, e; C; z)) by Euler's transform of
    their 2F1. Every term of that series but the first bears the factor e, so that it is
    -C expm1(e ln(1-z))/e - (1-z)^e S with S = C sum of (C-r-x)_n (1+e)_(n-1) z^n / ((C)_n n!): nothing is divided by 0
    at a = 1, nor at C = 0. Raises Refused: horizon.
    """
    if not (np.isfinite(weeks) and weeks >= 0):
        raise Refused("horizon", f"A horizon of {weeks:g} weeks cannot be: it is 0 or more.")
    share = weeks / (at.alpha + age + weeks)
    first = _sums(at.a + at.b - 1 - at.r, at.a - 1, at.a + at.b + repeats - 1, share)
    left, e = np.log1p(-share), at.a - 1
    shrunk = -left if e == 0 else -np.expm1(e * left) / e
    return np.asarray((at.a + at.b + repeats - 1) * shrunk - np.exp(e * left) * first)


@compiled
def _sums(p: float, e: float, c: NDArray[np.float64], z: NDArray[np.float64]) -> NDArray[np.float64]:
    """S of `gain`; its n-th term, without the factor C/(C)_1 = 1, is p (p+1).. (1+e)..(n-1+e) z^n / ((C+1)_(n-1) n!)."""
    sums = np.zeros(len(c))
    for row in range(len(c)):
        term = p * z[row]
        n = 1.0
        while abs(term) > SMALL * abs(sums[row]) and n < LONGEST:
            sums[row] += term
            term *= (p + n) * (e + n) * z[row] / ((c[row] + n) * (n + 1.0))
            n += 1.0
    return sums
