"""An experiment's groups against their control, by the rule of stopping that was stated before."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from treaty.experiments.rules import any_time, looks
from treaty.experiments.rules.lift import Arm, Lift, arm, lift
from treaty.kit.rules.refusals import Refused

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stopping:
    """How it was decided beforehand to stop: "fixed", "looks" (look `look` of `looks`, evenly spaced) or "any-time"."""

    kind: str = "fixed"
    look: int = 1
    looks: int = 1
    expected: float = 0.0
    """Of any-time: the lift that was planned for."""


@dataclass(frozen=True)
class Judged:
    """One variant against the control. The interval is the one of the stated stopping."""

    group: str
    arm: Arm
    lift: Lift
    low: float
    high: float
    p: float
    """As the stopping reads it; of `looks` the p of one look, to be held against the bound only."""
    p_adjusted: float
    """Holm (1979): for as many variants as there are."""
    is_different: bool
    bound: float | None
    """Of `looks`: beyond which |z| this look may stop."""


def arms(groups: NDArray[np.int64], names: Sequence[str], values: Floats) -> dict[str, Arm]:
    """By name; `groups` holds the place of each person's group in `names`, shape (persons,), as `values`.

    Raises Refused: what `arm` raises, one_group.
    """
    if len(names) < 2:
        raise Refused("one_group", "Everybody is in one group; a control and a variant are needed.")
    found = {name: arm(values[groups == place]) for place, name in enumerate(names)}
    if not all(one.is_rate for one in found.values()):  # a group of noughts among amounts is a mean, too
        return {name: _as_mean(one) for name, one in found.items()}
    return found


def judged(by_name: dict[str, Arm], control: str, *, stopping: Stopping, confidence: float) -> list[Judged]:
    """Every other group against the control. Raises Refused: no_control, bad_stopping and those of the parts."""
    if control not in by_name:
        raise Refused(
            "no_control", f'No group is called "{control}"; there are {", ".join(map(repr, by_name))}.'
        )
    others = [name for name in by_name if name != control]
    # Bonferroni's share for intervals, so that all of them hold together; Holm for the tests.
    each = 1 - (1 - confidence) / len(others)
    lifts = [lift(by_name[control], by_name[name], confidence=each) for name in others]
    read = [_read(one, stopping, each) for one in lifts]
    adjusted = holm([p for _, _, p, _ in read])
    return [
        Judged(
            name,
            by_name[name],
            one,
            low,
            high,
            p,
            adjusted_p,
            _differs(one, bound, adjusted_p, confidence),
            bound,
        )
        for name, one, (low, high, p, bound), adjusted_p in zip(others, lifts, read, adjusted, strict=True)
    ]


def holm(ps: Sequence[float]) -> list[float]:
    """Adjusted p values (Holm 1979): reject where one is at most the error allowed for all together."""
    order = np.argsort(ps, kind="stable")
    steps = np.maximum.accumulate(np.asarray(ps)[order] * np.arange(len(ps), 0, -1))
    found = np.empty(len(ps))
    found[order] = np.minimum(1.0, steps)
    return [float(one) for one in found]


def same_sizes_p(by_name: dict[str, Arm], control: str, *, ratio: float = 1.0) -> float:
    """How often chance alone makes groups of sizes this far from the planned ones: every variant `ratio` times the control.

    Below .001 the choice was not by chance, and no other figure can be trusted (Fabijan et al. 2019; Pearson's
    chi-square). Raises Refused: bad_ratio.
    """
    if not 0 < ratio < np.inf:
        raise Refused(
            "bad_ratio", f"The variant's share of the control's persons must be above 0, not {ratio}."
        )
    persons = np.array([one.persons for one in by_name.values()], dtype=np.float64)
    planned = np.array([1.0 if name == control else ratio for name in by_name])
    expected = persons.sum() * planned / planned.sum()
    return float(chdtrc(len(persons) - 1, ((persons - expected) ** 2 / expected).sum()))


def _read(one: Lift, stopping: Stopping, confidence: float) -> tuple[float, float, float, float | None]:
    if stopping.kind == "fixed":
        return one.low, one.high, one.p, None
    if stopping.kind == "any-time":
        reach = float(any_time.reach(one.standard_error, expected=stopping.expected, confidence=confidence))
        p = float(any_time.p_values(one.lift, one.standard_error, expected=stopping.expected)[-1])
        return one.lift - reach, one.lift + reach, p, None
    if stopping.kind == "looks" and 1 <= stopping.look <= stopping.looks:
        fractions = [place / stopping.looks for place in range(1, stopping.look + 1)]
        bound = float(looks.bounds(fractions, confidence=confidence)[-1])
        return one.lift - bound * one.standard_error, one.lift + bound * one.standard_error, one.p, bound
    raise Refused(
        "bad_stopping", "Stopping is fixed, any-time, or looks with a look between 1 and their number."
    )


def _differs(one: Lift, bound: float | None, adjusted: float, confidence: float) -> bool:
    if bound is not None:
        return one.z is not None and abs(one.z) > bound
    return adjusted < 1 - confidence


def _as_mean(one: Arm) -> Arm:
    if not one.is_rate:
        return one
    if one.persons < 2:
        return Arm(one.persons, one.mean, one.variance, is_rate=False)
    return Arm(one.persons, one.mean, one.variance * one.persons / (one.persons - 1), is_rate=False)
