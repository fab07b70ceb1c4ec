"""The pass that says whose attempt an excluded event ended, compiled: only what came after the last step is looked at."""

import numpy as np
from numpy.typing import NDArray

from treaty.funnels.rules.ordered import Depths, Ints, Kinds, Places, Roles
from treaty.kit.rules.compiled import compiled


@compiled
def ended(
    starts: Ints,
    time: Ints,
    kind: Kinds,
    roles: Roles,
    window: int,
    depth: Depths,
    at: Places,
    is_ended: NDArray[np.bool_],
) -> None:
    """Fill `is_ended` (P): an excluded event came after the last step that was taken, before the next one and in the window."""
    for person in range(len(depth)):
        is_ended[person] = False
        taken = depth[person]
        if taken == 0 or taken == at.shape[1]:
            continue
        until = time[at[person, 0]] + window
        for place in range(at[person, taken - 1] + 1, starts[person + 1]):
            if time[place] > until:
                break
            if (roles[kind[place]] >> (15 + taken)) & 1:
                is_ended[person] = True
                break
