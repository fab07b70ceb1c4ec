"""The passes for cohorts, compiled: who came back in which period, and what it brought."""

import numpy as np
from numpy.typing import NDArray

from treaty.funnels.rules.ordered import Ints, Kinds, Roles
from treaty.kit.rules.compiled import compiled

Floats = NDArray[np.float64]
QUALIFIES, COUNTS = 1, 2
"""What a kind of event does: it lets a person into a cohort; it counts as having come back."""


@compiled
def tabled(
    starts: Ints,
    time: Ints,
    kind: Kinds,
    roles: Roles,
    value: Floats,
    edges: Ints,
    since: NDArray[np.int16],
    persons: Ints,
    revenue: Floats,
) -> None:
    """Fill `since` (P), the period in which each person qualifies (-1: never), and add to two tables (B, B) by cohort and age.

    `persons`: those with an event that counts in that period, from the qualifying one on. `revenue`: the sum of `value` (E)
    of these events; with an empty `value` it stays as it is.
    """
    has_value = len(value) > 0
    for person in range(len(since)):
        cohort, period, is_new, until = -1, -1, True, edges[0]
        for place in range(starts[person], starts[person + 1]):
            role = roles[kind[place]]
            if cohort < 0:
                if role & 1 == 0:
                    continue
                cohort = np.searchsorted(edges, time[place], "right") - 1
                period, until = cohort, edges[cohort + 1]
            if role & 2 == 0:
                continue
            while time[place] >= until:
                period, is_new = period + 1, True
                until = edges[period + 1]
            if is_new:
                persons[cohort, period - cohort] += 1
                is_new = False
            if has_value:
                revenue[cohort, period - cohort] += value[place]
        since[person] = cohort


@compiled
def present(
    starts: Ints,
    time: Ints,
    kind: Kinds,
    roles: Roles,
    begin: int,
    end: int,
    chosen: Ints,
    is_there: NDArray[np.bool_],
) -> None:
    """Fill `is_there`: whether each of the chosen persons has an event that counts from `begin` to before `end`.

    Events before the qualifying one do not count.
    """
    for number in range(len(chosen)):
        is_in = False
        is_there[number] = False
        for place in range(starts[chosen[number]], starts[chosen[number] + 1]):
            role = roles[kind[place]]
            is_in = is_in or role & 1 > 0
            if is_in and role & 2 and begin <= time[place] < end:
                is_there[number] = True
                break
