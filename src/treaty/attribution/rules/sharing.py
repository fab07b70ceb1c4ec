"""Models by place: first, last, linear and their kin, the milestone models, and time decay.

One table says them all: what share the first touch has, the one that made the lead, the one that made the opportunity,
the last, the last that was not direct, and all others together. A touch with two places has both shares; the shares of
places that a path does not have go to the others in proportion.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from treaty.attribution.rules.paths import (
    CONVERSIONS,
    LEAD,
    OPPORTUNITY,
    VALUE,
    Amounts,
    Channels,
    Marks,
    Paths,
    Places,
)
from treaty.kit.rules.compiled import compiled
from treaty.kit.rules.refusals import Refused

FIRST, AT_LEAD, AT_OPPORTUNITY, LAST, LAST_INDIRECT, OTHERS = range(6)

SHARES: Final = {
    "first": (1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    "last": (0.0, 0.0, 0.0, 1.0, 0.0, 0.0),
    "last-non-direct": (0.0, 0.0, 0.0, 0.0, 1.0, 0.0),
    "linear": (0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
    "position": (0.4, 0.0, 0.0, 0.4, 0.0, 0.2),
    "u": (0.4, 0.4, 0.0, 0.0, 0.0, 0.2),
    "w": (0.3, 0.3, 0.3, 0.0, 0.0, 0.1),
    "full": (0.225, 0.225, 0.225, 0.225, 0.0, 0.1),
}
"""Each model's shares: first, lead, opportunity, last, last that was not direct, all others together."""
NEED_MARKS: Final = frozenset({"u", "w", "full"})


def shared(paths: Paths, models: list[str], *, direct: str | None = None) -> Amounts:
    """Credit (models, channels, 2), conversions and value, of some models of SHARES in one pass.

    direct: the name of the channel that `last-non-direct` passes over. Raises Refused (no_marks).
    """
    if NEED_MARKS & set(models) and not len(paths.marks):
        raise Refused(
            "no_marks", "Milestone models need to know which touch made the lead and the opportunity."
        )
    code = paths.names.index(direct) if direct in paths.names else -1
    shares = np.array([SHARES[model] for model in models])
    return _shared(paths.channels, paths.starts, paths.outcomes, paths.marks, code, shares, paths.size)


def decayed(paths: Paths, half_life: float) -> Amounts:
    """Credit (channels, 2) by time decay: a touch weighs 2^(-age / half-life), both in days, within its path.

    Raises Refused: no_times, bad_half_life.
    """
    if not len(paths.ages):
        raise Refused(
            "no_times", "Time decay needs the time of each touch; these paths have only their order."
        )
    if not half_life > 0 or not np.isfinite(half_life):
        raise Refused("bad_half_life", "The half-life is a number of days above zero.")
    return _decayed(paths.channels, paths.starts, paths.outcomes, paths.ages, 1.0 / half_life, paths.size)


@compiled
def _shared(
    channels: Channels,
    starts: Places,
    outcomes: Amounts,
    marks: Marks,
    direct: int,
    shares: Amounts,
    size: int,
) -> Amounts:
    credit = np.zeros((len(shares), size, 2))
    places = np.full(5, -1, np.int64)
    weights = np.empty(np.max(np.diff(starts)))
    for path in range(len(starts) - 1):
        if outcomes[path, CONVERSIONS] == 0.0:
            continue
        touches = channels[starts[path] : starts[path + 1]]
        _place(touches, direct, places)
        if len(marks):
            places[AT_LEAD], places[AT_OPPORTUNITY] = marks[path, LEAD], marks[path, OPPORTUNITY]
        for model in range(len(shares)):
            if shares[model, OTHERS] > 0.0:
                _spread(
                    credit[model], touches, places, shares[model], weights[: len(touches)], outcomes[path]
                )
            else:
                _pay(credit[model], touches, places, shares[model], outcomes[path])
    return credit


@compiled
def _place(touches: Channels, direct: int, places: Places) -> None:
    last = len(touches) - 1
    places[FIRST], places[LAST], places[LAST_INDIRECT] = 0, last, last
    for touch in range(last, -1, -1):
        if touches[touch] != direct:
            places[LAST_INDIRECT] = touch
            break


@compiled
def _pay(credit: Amounts, touches: Channels, places: Places, shares: Amounts, outcome: Amounts) -> None:
    """Share out over places alone."""
    given = 0.0
    for role in range(OTHERS):
        if places[role] >= 0:
            given += shares[role]
    for role in range(OTHERS):
        if shares[role] > 0.0 and places[role] >= 0:
            part = shares[role] / given
            credit[touches[places[role]], CONVERSIONS] += part * outcome[CONVERSIONS]
            credit[touches[places[role]], VALUE] += part * outcome[VALUE]


@compiled
def _spread(
    credit: Amounts, touches: Channels, places: Places, shares: Amounts, weights: Amounts, outcome: Amounts
) -> None:
    """Share out over places and all others."""
    scale = 1.0 / _weigh(weights, places, shares)
    for touch in range(len(touches)):
        part = weights[touch] * scale
        credit[touches[touch], CONVERSIONS] += part * outcome[CONVERSIONS]
        credit[touches[touch], VALUE] += part * outcome[VALUE]


@compiled
def _weigh(weights: Amounts, places: Places, shares: NDArray[np.float64]) -> float:
    """Fill in what each touch weighs; the sum of it."""
    weights[:] = 0.0
    given, taken = 0.0, 0
    for role in range(OTHERS):
        if shares[role] > 0.0 and places[role] >= 0:
            taken += weights[places[role]] == 0.0
            weights[places[role]] += shares[role]
            given += shares[role]
    others = len(weights) - taken
    if shares[OTHERS] <= 0.0 or not others:
        return given
    for touch in range(len(weights)):
        if weights[touch] == 0.0:
            weights[touch] = shares[OTHERS] / others
    return float(given + shares[OTHERS])


@compiled
def _decayed(
    channels: Channels, starts: Places, outcomes: Amounts, ages: Amounts, rate: float, size: int
) -> Amounts:
    credit = np.zeros((size, 2))
    for path in range(len(starts) - 1):
        begin, end = starts[path], starts[path + 1]
        if outcomes[path, CONVERSIONS] == 0.0:
            continue
        youngest = ages[begin:end].min()  # as the zero of time, so that no weight of an old path vanishes
        total = 0.0
        for touch in range(begin, end):
            total += np.exp2((youngest - ages[touch]) * rate)
        for touch in range(begin, end):
            part = np.exp2((youngest - ages[touch]) * rate) / total
            credit[channels[touch], CONVERSIONS] += part * outcomes[path, CONVERSIONS]
            credit[channels[touch], VALUE] += part * outcomes[path, VALUE]
    return credit
