"""How many persons an experiment needs, decided before it starts."""

import math

from scipy.optimize import brentq
from scipy.special import nctdtr, ndtr, ndtri, stdtrit

from treaty.kit.rules.refusals import Refused

MOST = 1e12
"""Persons beyond which no experiment is planned."""


def persons_for_rates(
    control: float, variant: float, *, power: float = 0.8, confidence: float = 0.95, ratio: float = 1.0
) -> float:
    """Persons of the control arm (a fraction: round up) to find the difference of two rates; the variant's arm is
    `ratio` times as large. Two-sided, normal approximation without correction (Fleiss, Levin & Paik 2003, eq. 4.14).

    Raises Refused: bad_rate, no_lift, bad_power, bad_confidence, bad_ratio.
    """
    _judge(power, confidence, ratio)
    if not (0 <= control <= 1 and 0 <= variant <= 1):
        raise Refused("bad_rate", f"Rates lie between 0 and 1, not {control} and {variant}.")
    if control == variant:
        raise Refused("no_lift", "The two rates are the same: no number of persons tells them apart.")
    pooled = (control + ratio * variant) / (1 + ratio)
    under_null = math.sqrt((1 + 1 / ratio) * pooled * (1 - pooled))
    under_lift = math.sqrt(control * (1 - control) + variant * (1 - variant) / ratio)
    reach = float(ndtri(0.5 + confidence / 2)) * under_null + float(ndtri(power)) * under_lift
    return (reach / (variant - control)) ** 2


def persons_for_means(
    lift: float, deviation: float, *, power: float = 0.8, confidence: float = 0.95, ratio: float = 1.0
) -> float:
    """Persons of the control arm (a fraction: round up) to find a difference of means of `lift`, where single persons
    scatter by the standard deviation `deviation` in both arms; two-sided t test, exact by the noncentral t.

    Raises Refused: no_lift, too_many (more than a million million), bad_deviation, bad_power, bad_confidence, bad_ratio.
    """
    _judge(power, confidence, ratio)
    if not lift:
        raise Refused("no_lift", "A difference of nothing cannot be found.")
    if not deviation > 0:
        raise Refused("bad_deviation", f"The standard deviation must be above 0, not {deviation}.")
    least = 1.0 + 1e-6 if ratio == 1 else 2.0 / min(1.0, ratio)

    def lacking(persons: float) -> float:
        return power_for_means(lift, deviation, persons, confidence=confidence, ratio=ratio) - power

    if lacking(least) >= 0:
        return least
    most = least
    while lacking(most) < 0:
        most *= 2
        if most > MOST:
            raise Refused(
                "too_many", f"A difference of {lift:g} is lost among persons who scatter by {deviation:g}."
            )
    return float(brentq(lacking, most / 2, most, xtol=1e-9))


def power_for_means(
    lift: float, deviation: float, persons: float, *, confidence: float = 0.95, ratio: float = 1.0
) -> float:
    """The chance to find that difference with so many persons in the control arm."""
    freedom = persons * (1 + ratio) - 2
    shift = abs(lift) / (deviation * math.sqrt((1 + 1 / ratio) / persons))
    reach = float(stdtrit(freedom, 0.5 + confidence / 2))
    if freedom > 1e5:  # the noncentral t is the normal by then, and its series is slow
        return float(ndtr(shift - reach))
    return 1 - float(nctdtr(freedom, shift, reach))


def power_for_rates(
    control: float, variant: float, persons: float, *, confidence: float = 0.95, ratio: float = 1.0
) -> float:
    """The chance to find that difference of rates with so many persons in the control arm."""
    pooled = (control + ratio * variant) / (1 + ratio)
    under_null = math.sqrt((1 + 1 / ratio) * pooled * (1 - pooled))
    under_lift = math.sqrt(control * (1 - control) + variant * (1 - variant) / ratio)
    away = abs(variant - control) * math.sqrt(persons) - float(ndtri(0.5 + confidence / 2)) * under_null
    return float(ndtr(away / under_lift)) if under_lift else float(away >= 0)


def _judge(power: float, confidence: float, ratio: float) -> None:
    if not 0 < confidence < 1:
        raise Refused("bad_confidence", f"A confidence lies between 0 and 1, such as 0.95, not {confidence}.")
    if not 1 - confidence < power < 1:
        raise Refused(
            "bad_power", f"A power lies between {1 - confidence:.3g} and 1, such as 0.8, not {power}."
        )
    if not 0 < ratio < math.inf:
        raise Refused(
            "bad_ratio", f"The variant's share of the control's persons must be above 0, not {ratio}."
        )
