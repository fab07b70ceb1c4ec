"""The same numbers by brute force, in plain Python: slow, small, and of another making than the kernels they judge."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, permutations
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from treaty.attribution.rules.paths import Amounts, Paths, made

Credited = dict[str, tuple[float, float]]
NAMES = ("ads", "direct", "mail")


class Row(NamedTuple):
    """One raw row: who, when, the place of its channel in NAMES or -1 for no touch, what it brought, and its milestones."""

    person: int
    day: int
    channel: int
    conversions: float = 0.0
    value: float = 0.0
    id: int = 0
    bits: int = 0


class Collected(NamedTuple):
    """One path: its channels, conversions with value and nulls, days before its end, places of its lead and opportunity."""

    touches: tuple[str, ...]
    outcome: tuple[float, ...]
    ages: tuple[float, ...]
    marks: tuple[int, ...]


def collected(
    rows: Sequence[Row], lookback: int = 999, passing_over: bool = False
) -> tuple[list[Collected], tuple[float, float]]:
    """Paths of raw rows, and what no touch preceded; person by person, as the rules are written."""
    found: list[Collected | None] = []
    lost = [0.0, 0.0]
    for person in sorted({row.person for row in rows}):
        path: list[Row] = []
        for row in sorted((row for row in rows if row.person == person), key=lambda row: (row.day, row.id)):
            path.append(row)
            if row.conversions:
                made_ = _path(path, row.day, (row.conversions, row.value, 0.0), lookback, passing_over)
                found.append(made_)
                lost = lost if made_ else [lost[0] + row.conversions, lost[1] + row.value]
                path = []
        if days := [row.day for row in path if row.channel >= 0]:
            found.append(_path(path, days[-1], (0.0, 0.0, 1.0), lookback, passing_over))
    return [path for path in found if path], (lost[0], lost[1])


def _path(
    rows: Sequence[Row], end: int, outcome: tuple[float, ...], lookback: int, passing_over: bool
) -> Collected | None:
    near = [row for row in rows if end - row.day <= lookback]
    touches = [row for row in near if row.channel >= 0]
    kept = [row for row in touches if not passing_over or NAMES[row.channel] != "direct"] or touches
    marks = [-1, -1]
    for place, row in enumerate(near):
        before = sum(any(one is touch for touch in kept) for one in near[: place + 1])
        for mark in (0, 1):
            if row.bits >> mark & 1 and before and marks[mark] < 0:
                marks[mark] = before - 1
    names, ages = tuple(NAMES[row.channel] for row in kept), tuple(float(end - row.day) for row in kept)
    return Collected(names, outcome, ages, tuple(marks)) if kept else None


@dataclass(frozen=True)
class Told:
    """One path as a person would tell it; `ages` in days, `lead` and `opportunity` are places or -1."""

    touches: tuple[str, ...]
    conversions: float = 1.0
    value: float = 0.0
    nulls: float = 0.0
    ages: tuple[float, ...] = ()
    lead: int = -1
    opportunity: int = -1


def paths_of(told: Sequence[Told], names: Sequence[str] = ()) -> Paths:
    """Told paths as the arrays that kernels read; ages where all have them."""
    known = sorted({*names, *(name for one in told for name in one.touches)})
    return made(
        known,
        np.array([known.index(name) for one in told for name in one.touches]),
        np.cumsum([0, *(len(one.touches) for one in told)]),
        np.array([(one.conversions, one.value, one.nulls) for one in told]),
        ages=np.array([age for one in told for age in one.ages]) if all(one.ages for one in told) else None,
        marks=np.array([(one.lead, one.opportunity) for one in told], np.int32),
    )


@st.composite
def journeys(draw: st.DrawFn, *, channels: str = "abcd", longest: int = 6) -> list[Told]:
    """Up to eight paths, one of them converting."""
    found = draw(st.lists(_journey(channels, longest), min_size=1, max_size=8))
    return [replace(found[0], conversions=found[0].conversions + 1), *found[1:]]


@st.composite
def _journey(draw: st.DrawFn, channels: str, longest: int) -> Told:
    touches = draw(st.lists(st.sampled_from(channels), min_size=1, max_size=longest))
    conversions = float(draw(st.integers(0, 3)))
    value = draw(st.sampled_from([0.0, 1.0, 2.5, 99.99])) if conversions else 0.0
    ages = sorted((draw(st.integers(0, 400)) / 8 for _ in touches), reverse=True)
    place = st.integers(-1, len(touches) - 1)
    return Told(
        tuple(touches),
        conversions,
        value,
        float(draw(st.integers(0, 3))),
        tuple(ages),
        draw(place),
        draw(place),
    )


def by_rule(told: Iterable[Told], model: str, *, direct: str = "", half_life: float = 7.0) -> Credited:
    """Credit by the written definition of each model."""
    credit: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in told:
        weights = _weights(one, model, direct, half_life)
        for name, weight in zip(one.touches, weights, strict=True):
            credit[name][0] += one.conversions * weight / sum(weights)
            credit[name][1] += one.value * weight / sum(weights)
    return {name: (conversions, value) for name, (conversions, value) in credit.items()}


def _weights(one: Told, model: str, direct: str, half_life: float) -> list[float]:
    last = len(one.touches) - 1
    if model == "decay":
        return [2 ** ((min(one.ages) - age) / half_life) for age in one.ages]
    indirect = max((place for place, name in enumerate(one.touches) if name != direct), default=last)
    parts = {
        "first": [(0, 1.0)],
        "last": [(last, 1.0)],
        "last-non-direct": [(indirect, 1.0)],
        "linear": [],
        "position": [(0, 0.4), (last, 0.4)],
        "u": [(0, 0.4), (one.lead, 0.4)],
        "w": [(0, 0.3), (one.lead, 0.3), (one.opportunity, 0.3)],
        "full": [(0, 0.225), (one.lead, 0.225), (one.opportunity, 0.225), (last, 0.225)],
    }[model]
    weights = [sum(share for place, share in parts if place == touch) for touch in range(last + 1)]
    rest = {"linear": 1.0, "position": 0.2, "u": 0.2, "w": 0.1, "full": 0.1}.get(model, 0.0)
    others = weights.count(0)
    return [weight or rest / others for weight in weights]


def credited(told: Sequence[Told], model: str, direct: str = "") -> Credited:
    """Credit by the name of a model, as kernels give it."""
    kind, _, parameter = model.partition(":")
    if kind == "shapley":
        return shapley(told, parameter or "sum")
    if kind != "markov":
        return by_rule(told, kind, direct=direct, half_life=float(parameter or 7))
    effects = removal_effects(told, int(parameter))
    whole = [sum(effect[column] for effect in effects.values()) or 1.0 for column in (0, 1)]
    total = sum(one.conversions for one in told), sum(one.value for one in told)
    return {
        name: (effect[0] / whole[0] * total[0], effect[1] / whole[1] * total[1])
        for name, effect in effects.items()
    }


def removal_effects(told: Sequence[Told], order: int) -> dict[str, tuple[float, float]]:
    """For each channel, what part of conversions and value the chain loses without it: a linear solve for each removal."""
    whole = _absorbed(told, order, None)
    names = {name for one in told for name in one.touches}
    lost = {name: _absorbed(told, order, name) for name in names}
    return {
        name: (1 - left[0] / whole[0], 1 - left[1] / whole[1] if whole[1] else 0.0)
        for name, left in lost.items()
    }


def _states(touches: tuple[str, ...], order: int) -> list[tuple[str, ...]]:
    windows = [touches[place : place + order] for place in range(max(1, len(touches) - order + 1))]
    return [window for place, window in enumerate(windows) if not place or window != windows[place - 1]]


def _absorbed(told: Sequence[Told], order: int, without: str | None) -> Amounts:
    """(2,): conversions and value for one path on average, in the chain without a channel's states."""
    begins: dict[tuple[str, ...], float] = defaultdict(float)
    steps: dict[tuple[tuple[str, ...], tuple[str, ...]], float] = defaultdict(float)
    leaving: dict[tuple[str, ...], float] = defaultdict(float)
    paid: dict[tuple[str, ...], Amounts] = defaultdict(lambda: np.zeros(2))
    for one in told:
        weight, states = one.conversions + one.nulls, _states(one.touches, order)
        begins[states[0]] += weight
        for pair in pairwise(states):
            steps[pair] += weight
        for state in states:
            leaving[state] += weight
        paid[states[-1]] = paid[states[-1]] + np.array([one.conversions, one.value])
    kept = [state for state, weight in leaving.items() if weight and without not in state]
    chance = np.array([[steps[here, there] / leaving[here] for there in kept] for here in kept])
    paying = np.array([paid[state] / leaving[state] for state in kept])
    begun = np.array([begins[state] for state in kept]) / sum(begins.values())
    if not kept:
        return np.zeros(2)
    found: Amounts = begun @ np.linalg.solve(np.eye(len(kept)) - chance, paying)
    return found


def shapley(told: Sequence[Told], game: str) -> Credited:
    """The mean gain over all orders in which the channels could join."""
    names = sorted({name for one in told for name in one.touches})
    gains = {name: np.zeros(2) for name in names}
    orders = list(permutations(names))
    for order in orders:
        for place, name in enumerate(order):
            gains[name] = (
                gains[name]
                + _worth(told, set(order[: place + 1]), game)
                - _worth(told, set(order[:place]), game)
            )
    return {name: (gain[0] / len(orders), gain[1] / len(orders)) for name, gain in gains.items()}


def _worth(told: Sequence[Told], coalition: set[str], game: str) -> Amounts:
    inside = [one for one in told if set(one.touches) <= coalition]
    earned = np.array([sum(one.conversions for one in inside), sum(one.value for one in inside)])
    if game == "sum":
        return earned
    whole, paths = (sum(one.conversions + one.nulls for one in some) for some in (told, inside))
    return earned / paths * whole if paths else np.zeros(2)
