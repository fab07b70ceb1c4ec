"""Models by place: first, last, linear and their kin, the milestone models, and time decay.

One table says them all: what share the first touch has, the one that made the lead, the one that made the opportunity,
the last, the last that was not direct, and all others together. A touch with two places has both shares; the shares of
places that a path does not have go to the others in proportion.

Sources: first, last, last that was not direct, linear, position (40/20/40) and time decay (half-life of seven days) as the
attribution models of Google Analytics and Google Ads defined them; W (30/30/30/10) and full path (four times 22.5, 10) as
Adobe Marketo Measure defines them, "Marketo Measure attribution models"; U is its U-shaped model with 20 % left for others.
"""

from typing import Final

import numpy as np

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
        begin, end = starts[path], starts[path + 1]
        _place(channels, begin, end, direct, places)
        if len(marks):
            places[AT_LEAD], places[AT_OPPORTUNITY] = marks[path, LEAD], marks[path, OPPORTUNITY]
        conversions, value = outcomes[path, CONVERSIONS], outcomes[path, VALUE]
        for model in range(len(shares)):
            if shares[model, OTHERS] > 0.0:
                scale = 1.0 / _weigh(weights, end - begin, places, shares, model)
                for touch in range(end - begin):
                    part = weights[touch] * scale
                    credit[model, channels[begin + touch], CONVERSIONS] += part * conversions
                    credit[model, channels[begin + touch], VALUE] += part * value
            else:
                scale = 1.0 / _given(places, shares, model)
                for role in range(OTHERS):
                    if shares[model, role] > 0.0 and places[role] >= 0:
                        part = shares[model, role] * scale
                        credit[model, channels[begin + places[role]], CONVERSIONS] += part * conversions
                        credit[model, channels[begin + places[role]], VALUE] += part * value
    return credit


@compiled
def _place(channels: Channels, begin: int, end: int, direct: int, places: Places) -> None:
    last = end - 1
    while last > begin and channels[last] == direct:
        last -= 1
    places[FIRST], places[LAST] = 0, end - 1 - begin
    places[LAST_INDIRECT] = last - begin if channels[last] != direct else places[LAST]


@compiled
def _given(places: Places, shares: Amounts, model: int) -> float:
    """The sum of the shares whose places the path has."""
    given = 0.0
    for role in range(OTHERS):
        if places[role] >= 0:
            given += shares[model, role]
    return given


@compiled
def _weigh(weights: Amounts, touches: int, places: Places, shares: Amounts, model: int) -> float:
    """Fill in what each touch weighs; the sum of it."""
    for touch in range(touches):
        weights[touch] = 0.0
    others = touches
    for role in range(OTHERS):
        if shares[model, role] > 0.0 and places[role] >= 0:
            others -= weights[places[role]] == 0.0
            weights[places[role]] += shares[model, role]
    given = _given(places, shares, model)
    if not others:
        return given
    for touch in range(touches):
        if weights[touch] == 0.0:
            weights[touch] = shares[model, OTHERS] / others
    return float(given + shares[model, OTHERS])


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
