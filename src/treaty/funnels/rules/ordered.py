"""The passes for steps that follow one another, compiled: each person's events once, and the winning attempt again."""

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.compiled import compiled

Ints = NDArray[np.int64]
Kinds = NDArray[np.uint16]
Roles = NDArray[np.uint32]
Depths = NDArray[np.uint8]
Places = NDArray[np.int32]


@compiled
def loosely(
    starts: Ints, time: Ints, kind: Kinds, roles: Roles, window: int, depth: Depths, at: Places
) -> None:
    """Fill `depth` (P) and `at` (P, K): steps taken by each person's deepest attempt, and by which events (-1: none).

    Attempts that have taken as many steps move on together, since each takes the first event that fits, and of those only
    the one begun last matters for the window: one time for each level is all that a pass must keep. Among attempts that
    come as deep the earliest also comes there by the same event, so it is found again from the first step in the window.
    """
    begun = np.empty((2, at.shape[1]), np.int64)
    for person in range(len(depth)):
        at[person] = -1
        begin, end = starts[person], starts[person + 1]
        best, first, last = deepest(begin, end, time, kind, roles, window, begun)
        depth[person] = best
        if best == 1:
            at[person, 0] = last
        elif best > 1:
            trace(first, last, time, kind, roles, window, best, at[person])


@compiled
def deepest(
    begin: int, end: int, time: Ints, kind: Kinds, roles: Roles, window: int, begun: Ints
) -> tuple[int, int, int]:
    """How many steps the deepest attempt takes, an event before which none such began, and by which event one first comes there.

    `begun` (2, K): of the attempts that have taken so many steps the time of the last beginning and the place of the first one;
    read only where `levels` has their bit.
    """
    latest, earliest = begun[0], begun[1]
    best, first, last, steps, levels = 0, begin, begin, len(latest), np.int64(0)
    for place in range(begin, end):
        role = np.int64(roles[kind[place]])
        levels &= ~(role >> 16)
        # Step one is always open, another one where somebody has taken the step before it: most events take neither.
        taken = role & ((levels << 1) | 1)
        if taken == 0:
            continue
        for step in range(min(best, steps - 1), -1, -1):
            if (taken >> step) & 1 == 0:
                continue
            began, since = time[place], place
            if step > 0:
                began, since = latest[step - 1], earliest[step - 1]
                levels &= ~(1 << (step - 1))
            if time[place] - began > window:
                continue
            latest[step] = began
            if (levels >> step) & 1 == 0:
                earliest[step] = since
            levels |= 1 << step
            if step == best:
                best, first, last = best + 1, since, place
        if best == steps:
            break
    return best, first, last


@compiled
def trace(
    first: int, last: int, time: Ints, kind: Kinds, roles: Roles, window: int, best: int, row: Places
) -> None:
    """Write the events of the earliest attempt, not before `first`, that takes its `best`-th step by the event `last`."""
    for place in range(first, last + 1):
        if (
            roles[kind[place]] & 1
            and time[last] - time[place] <= window
            and is_followed(place, last, kind, roles, best, row)
        ):
            return


@compiled
def is_followed(first: int, last: int, kind: Kinds, roles: Roles, best: int, row: Places) -> bool:
    """Whether the attempt begun at `first` has taken `best` steps by `last`; its events are written as it goes."""
    level = 0
    row[0] = first
    for place in range(first + 1, last + 1):
        role = roles[kind[place]]
        if level + 1 < best and (role >> (level + 1)) & 1:
            level += 1
            row[level] = place
        elif (role >> (16 + level)) & 1:
            break
    if level + 1 < best:
        row[: level + 1] = -1
    return level + 1 == best


@compiled
def strictly(
    starts: Ints, time: Ints, kind: Kinds, roles: Roles, window: int, depth: Depths, at: Places
) -> None:
    """As `loosely`, where the events of an attempt stand directly one after the other."""
    steps = at.shape[1]
    for person in range(len(depth)):
        at[person] = -1
        begin, end = starts[person], starts[person + 1]
        best = 0
        for first in range(begin, end):
            if roles[kind[first]] & 1 == 0:
                continue
            taken = run_length(first, end, time, kind, roles, window, steps)
            if taken > best:
                best = taken
                for step in range(taken):
                    at[person, step] = first + step
            if best == steps:
                break
        depth[person] = best


@compiled
def run_length(first: int, end: int, time: Ints, kind: Kinds, roles: Roles, window: int, steps: int) -> int:
    """How many steps are taken by the events from `first` on, one by each."""
    taken = 1
    while (
        taken < steps
        and first + taken < end
        and (roles[kind[first + taken]] >> taken) & 1
        and time[first + taken] - time[first] <= window
    ):
        taken += 1
    return taken
