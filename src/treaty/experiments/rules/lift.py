"""The difference between two arms with its interval: rates by Newcombe's hybrid score, means by Welch."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from treaty.kit.rules.refusals import Refused

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Arm:
    """One group: its persons, the mean of their values and the variance between them (of a rate p: p(1 - p))."""

    persons: int
    mean: float
    variance: float
    is_rate: bool


@dataclass(frozen=True)
class Lift:
    """The variant's mean less the control's, in the unit of the values, and what chance leaves open."""

    lift: float
    low: float
    high: float
    standard_error: float
    z: float | None
    """Lift over its standard error; None where nobody differs from anybody."""
    p: float
    """How often chance alone gives at least this difference: score test of rates (pooled), Welch's t of means."""
    relative: float | None
    """Lift as a share of the control's mean, None where that is not above zero."""
    relative_low: float | None
    relative_high: float | None


def arm(values: Floats) -> Arm:
    """Sums up one value per person, shape (persons,); noughts and ones alone are a rate.

    Raises Refused: empty, not_finite.
    """
    if not len(values):
        raise Refused("empty", "A group without persons cannot be compared.")
    if not np.isfinite(values).all():
        raise Refused(
            "not_finite", f"{int((~np.isfinite(values)).sum())} persons have no value; give each of them one."
        )
    if np.isin(values, (0.0, 1.0)).all():
        return rate(int(values.sum()), len(values))
    variance = float(values.var(ddof=1)) if len(values) > 1 else 0.0
    return Arm(len(values), float(values.mean()), variance, is_rate=False)


def rate(converted: int, persons: int) -> Arm:
    """An arm of which only two counts are known. Raises Refused: empty, bad_count."""
    if persons < 1:
        raise Refused("empty", "A group without persons cannot be compared.")
    if not 0 <= converted <= persons:
        raise Refused("bad_count", f"{converted} of {persons} persons cannot have converted.")
    share = converted / persons
    return Arm(persons, share, share * (1 - share), is_rate=True)


def lift(control: Arm, variant: Arm, *, confidence: float = 0.95) -> Lift:
    """The two-sample comparison with one look at the end.

    Raises Refused: bad_confidence; of means too_few, constant.
    """
    if not 0 < confidence < 1:
        raise Refused("bad_confidence", f"A confidence lies between 0 and 1, such as 0.95, not {confidence}.")
    both_rates = control.is_rate and variant.is_rate
    low, high, p = (_of_rates if both_rates else _of_means)(control, variant, confidence)
    error = standard_error(control, variant)
    difference = variant.mean - control.mean
    z = difference / error if error else None
    return Lift(difference, low, high, error, z, p, *_relative(control, variant, confidence))


def standard_error(control: Arm, variant: Arm) -> float:
    """Of the lift, each arm with its own variance."""
    return math.sqrt(control.variance / control.persons + variant.variance / variant.persons)


def score_interval(converted_share: float, persons: int, z: float) -> tuple[float, float]:
    """Wilson's (1927) interval of one rate."""
    centre = converted_share + z * z / (2 * persons)
    reach = z * math.sqrt(converted_share * (1 - converted_share) / persons + z * z / (4 * persons * persons))
    scale = 1 + z * z / persons
    return max(0.0, (centre - reach) / scale), min(1.0, (centre + reach) / scale)


def _of_rates(control: Arm, variant: Arm, confidence: float) -> tuple[float, float, float]:
    """Newcombe (1998), method 10: sound also near 0 and 1 and in small groups. The test is Pearson's, as z."""
    z = float(ndtri(0.5 + confidence / 2))
    low0, high0 = score_interval(control.mean, control.persons, z)
    low1, high1 = score_interval(variant.mean, variant.persons, z)
    p0, p1 = control.mean, variant.mean
    low = max(-1.0, p1 - p0 - math.hypot(p1 - low1, high0 - p0))
    high = min(1.0, p1 - p0 + math.hypot(high1 - p1, p0 - low0))
    pooled = (p0 * control.persons + p1 * variant.persons) / (control.persons + variant.persons)
    error = math.sqrt(pooled * (1 - pooled) * (1 / control.persons + 1 / variant.persons))
    return low, high, 2 * float(ndtr(-abs(p1 - p0) / error)) if error else 1.0


def _of_means(control: Arm, variant: Arm, confidence: float) -> tuple[float, float, float]:
    """Welch (1947) with Satterthwaite's degrees of freedom."""
    if min(control.persons, variant.persons) < 2:
        raise Refused(
            "too_few", "The mean of a single person has no error; at least two are needed per group."
        )
    error = standard_error(control, variant)
    if not error:
        raise Refused(
            "constant", "Within each group every person has the same value; there is no chance to measure."
        )
    parts = (control.variance / control.persons, variant.variance / variant.persons)
    freedom = error**4 / (parts[0] ** 2 / (control.persons - 1) + parts[1] ** 2 / (variant.persons - 1))
    difference = variant.mean - control.mean
    reach = float(stdtrit(freedom, 0.5 + confidence / 2)) * error
    return difference - reach, difference + reach, 2 * float(stdtr(freedom, -abs(difference) / error))


def _relative(
    control: Arm, variant: Arm, confidence: float
) -> tuple[float | None, float | None, float | None]:
    """The ratio less one, its interval on the logarithm's scale (Katz et al. 1978; delta method)."""
    if control.mean <= 0:
        return None, None, None
    ratio = variant.mean / control.mean
    if variant.mean <= 0:
        return ratio - 1, None, None
    spread = math.sqrt(sum(one.variance / (one.persons * one.mean**2) for one in (control, variant)))
    reach = math.exp(float(ndtri(0.5 + confidence / 2)) * spread)
    return ratio - 1, ratio / reach - 1, ratio * reach - 1
