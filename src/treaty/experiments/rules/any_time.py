"""Stopping whenever one likes: intervals that hold at every moment at once.

The mixture sequential probability ratio test with a normal mixture (Robbins 1970; Johari, Koomen, Pekelis & Walsh 2022,
"Always Valid Inference", Operations Research 70(3)); for large groups, as the central limit theorem makes it
(Waudby-Smith et al. 2024, "Time-uniform central limit theory").
"""

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused

Floats = NDArray[np.float64]


def reach(standard_error: Floats | float, *, expected: float, confidence: float = 0.95) -> Floats:
    """Half of the interval's width: the lift less and plus this holds the true one at all looks at once with at least
    that confidence. Same shape as `standard_error`.

    `expected`: the size of lift the experiment was planned for, in the unit of the lift, chosen BEFORE any result is
    seen: intervals are narrowest near it and right whatever it is.
    Raises Refused: bad_expected, bad_confidence, no_error.
    """
    variance = np.square(_judged(standard_error, expected, confidence))
    mixed = variance + expected * expected
    return np.asarray(
        np.sqrt(variance * mixed / expected**2 * (np.log(mixed / variance) - 2 * np.log(1 - confidence)))
    )


def p_values(lift: Floats | float, standard_error: Floats | float, *, expected: float) -> Floats:
    """At each look, in order, shape (looks,): never rises, and may be read at any of them."""
    variance = np.square(_judged(standard_error, expected, 0.95))
    mixed = variance + expected * expected
    evidence = np.square(lift) * expected**2 / (2 * variance * mixed) - np.log(mixed / variance) / 2
    return np.asarray(np.minimum.accumulate(np.atleast_1d(np.minimum(1.0, np.exp(-evidence)))))


def _judged(standard_error: Floats | float, expected: float, confidence: float) -> Floats:
    if not (np.isfinite(expected) and expected > 0):
        raise Refused(
            "bad_expected", f"The lift an experiment is planned for must be above 0, not {expected}."
        )
    if not 0 < confidence < 1:
        raise Refused("bad_confidence", f"A confidence lies between 0 and 1, such as 0.95, not {confidence}.")
    errors = np.asarray(standard_error, dtype=np.float64)
    if not (np.isfinite(errors).all() and (errors > 0).all()):
        raise Refused(
            "no_error", "Nobody differs from anybody yet: an interval for all times needs some who do."
        )
    return errors
