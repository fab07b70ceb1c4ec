"""The pass for steps in any order, compiled: a window slides over each person's events."""

import numpy as np

from treaty.funnels.rules.ordered import Depths, Ints, Kinds, Places, Roles
from treaty.kit.rules.compiled import compiled


@compiled
def anyhow(
    starts: Ints,
    time: Ints,
    kind: Kinds,
    roles: Roles,
    wanted: Ints,
    window: int,
    depth: Depths,
    at: Places,
) -> None:
    """Fill `depth` (P) and `at` (P, K): how many steps each person's deepest attempt takes, and its events in their order.

    `wanted` (K): how many events of a kind there are among the steps. An attempt begins with any step; an event takes one
    step that no event before it has taken.
    """
    seen = np.zeros(at.shape[1], np.int64)
    for person in range(len(depth)):
        at[person] = -1
        begin, end = starts[person], starts[person + 1]
        best, first = fullest(begin, end, time, kind, roles, wanted, window, seen)
        depth[person] = best
        seen[:] = 0
        taken, place = 0, first
        while taken < best:
            slot = np.int64(roles[kind[place]]) - 1
            if slot >= 0 and seen[slot] < wanted[slot]:
                seen[slot] += 1
                at[person, taken] = place
                taken += 1
            place += 1


@compiled
def fullest(
    begin: int,
    end: int,
    time: Ints,
    kind: Kinds,
    roles: Roles,
    wanted: Ints,
    window: int,
    seen: Ints,
) -> tuple[int, int]:
    """How many steps the deepest attempt takes, and its first event. `seen` (K) counts the events inside of the window."""
    seen[:] = 0
    best, first, full, ahead = 0, begin, 0, begin
    for place in range(begin, end):
        role = np.int64(roles[kind[place]])
        if role >> 16:
            ahead = place + 1
        elif role:
            while ahead < end and time[ahead] - time[place] <= window:
                later = np.int64(roles[kind[ahead]])
                if later >> 16:
                    break
                if later:
                    seen[later - 1] += 1
                    full += seen[later - 1] <= wanted[later - 1]
                ahead += 1
            if full > best:
                best, first = full, place
            if best == len(seen) or ahead == end:  # what begins later sees a part of the same events
                break
            full -= seen[role - 1] <= wanted[role - 1]
            seen[role - 1] -= 1
    return best, first
