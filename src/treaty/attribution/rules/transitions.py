"""Counts of steps between channels, which add over periods: any range of dates is then a solve and no scan.

A state is a window of `order` touches that follow each other; a path that is shorter is one state of its own. The code of
a window reads its channels as digits, the earliest first. Counts of one order hold those of every lower order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from treaty.attribution.rules.paths import CONVERSIONS, NULLS, Amounts, Channels, Paths, Places
from treaty.kit.rules.compiled import compiled
from treaty.kit.rules.refusals import Refused

HIGHEST_ORDER = 4
MOST_CELLS = 1 << 25
"""A quarter of a gigabyte of counts: 322 channels at order 2, 76 at order 3, 32 at order 4."""


@dataclass(frozen=True, slots=True, eq=False)
class Transitions:
    """How often paths began in, stepped between and ended in states; C channels, order k.

    begins (C^k,): paths that began in a window, each weighed by its conversions and nulls.
    moves (C^k, C): steps from a window to the next touch.
    ends (C + C^2 + .. + C^k, 3): conversions, value and nulls of paths by their last window; paths of fewer than k
    touches stand in the blocks of their length, which come first.
    """

    names: tuple[str, ...]
    order: int
    begins: Amounts
    moves: Amounts
    ends: Amounts

    @property
    def totals(self) -> Amounts:
        """(3,): conversions, value and nulls."""
        total: Amounts = self.ends.sum(axis=0)
        return total


def block(size: int, length: int) -> slice:
    """Where in `ends` the windows of some length stand."""
    begin = sum(size**shorter for shorter in range(1, length))
    return slice(begin, begin + size**length)


def counted(paths: Paths, order: int) -> Transitions:
    """The counts of some paths, in one pass. Raises Refused: bad_order, too_many_channels."""
    counts = empty(paths.names, order)
    _count(paths.channels, paths.starts, paths.outcomes, order, counts.begins, counts.moves, counts.ends)
    return counts


def empty(names: Sequence[str], order: int) -> Transitions:
    """Counts of no path. Raises Refused: bad_order, too_many_channels."""
    size = len(names)
    check_order(size, order)
    states = size**order
    ends = np.zeros((block(size, order).stop, 3))
    return Transitions(tuple(names), order, np.zeros(states), np.zeros((states, size)), ends)


def check_order(size: int, order: int) -> None:
    """Raises Refused where the order is unknown, or too high for so many channels."""
    if not 1 <= order <= HIGHEST_ORDER:
        raise Refused("bad_order", f"The order of a Markov model is 1 to {HIGHEST_ORDER}, not {order}.")
    if size ** (order + 1) > MOST_CELLS:
        most = int(MOST_CELLS ** (1 / (order + 1)) + 1e-9)
        text = f"Order {order} counts steps between {most} channels at most, and there are {size}: "
        text += "take a lower order, or group channels."
        raise Refused("too_many_channels", text)


def added(parts: Sequence[Transitions]) -> Transitions:
    """The counts of several periods together; channels that only some of them know are united.

    Raises Refused: empty, mixed_orders, too_many_channels.
    """
    if not parts:
        raise Refused("empty", "There are no counts to add.")
    if len({part.order for part in parts}) > 1:
        raise Refused("mixed_orders", "Counts of different orders do not add.")
    names = sorted({name for part in parts for name in part.names})
    sum_ = empty(names, parts[0].order)
    for part in parts:
        spread = renamed(part, sum_.names)
        for total, more in zip(_arrays(sum_), _arrays(spread), strict=True):
            np.add(total, more, out=total)
    return sum_


def renamed(counts: Transitions, names: Sequence[str]) -> Transitions:
    """The same counts among other channels, which hold all of theirs."""
    if counts.names == tuple(names):
        return counts
    wide = empty(names, counts.order)
    size, order = len(counts.names), counts.order
    place = np.array([wide.names.index(name) for name in counts.names])
    for length in range(1, order + 1):
        _spread(counts.ends[block(size, length)], wide.ends[block(len(names), length)], place, length)
    _spread(counts.begins, wide.begins, place, order)
    _spread(counts.moves.reshape(-1), wide.moves.reshape(-1), place, order + 1)
    return wide


def lowered(counts: Transitions, order: int) -> Transitions:
    """The counts of a lower order, exactly those that a pass over the paths would give. Raises Refused: bad_order."""
    if not 1 <= order <= counts.order:
        raise Refused(
            "bad_order", f"Counts of order {counts.order} hold orders 1 to {counts.order}, not {order}."
        )
    return counts if order == counts.order else lowered(_one_lower(counts), order)


def packed(counts: Transitions) -> tuple[Places, Amounts]:
    """To be kept: the places of what is not zero in begins, moves and ends laid one after another, and the amounts."""
    flat = np.concatenate([array.reshape(-1) for array in _arrays(counts)])
    places = np.flatnonzero(flat)
    return places, flat[places]


def unpacked(names: Sequence[str], order: int, places: Places, amounts: Amounts) -> Transitions:
    """What was kept, as counts; a place that is named twice is summed. Raises Refused: bad_place."""
    counts = empty(names, order)
    sizes = [array.size for array in _arrays(counts)]
    if len(places) and (places.min() < 0 or places.max() >= sum(sizes)):
        raise Refused("bad_place", "The kept counts do not belong to these channels and this order.")
    flat = np.bincount(places, amounts, minlength=sum(sizes))
    parts = np.split(flat, np.cumsum(sizes)[:-1])
    for array, part in zip(_arrays(counts), parts, strict=True):
        array.reshape(-1)[:] = part
    return counts


def _arrays(counts: Transitions) -> tuple[Amounts, Amounts, Amounts]:
    return counts.begins, counts.moves, counts.ends


def _spread(narrow: Amounts, wide: Amounts, place: Places, digits: int) -> None:
    small, large = len(place), round(len(wide) ** (1 / digits))
    rest = narrow.shape[1:]
    wide.reshape((large,) * digits + rest)[np.ix_(*[place] * digits)] = narrow.reshape(
        (small,) * digits + rest
    )


def _one_lower(counts: Transitions) -> Transitions:
    size, order = len(counts.names), counts.order - 1
    short = block(size, order)
    ends = counts.ends[: short.stop].copy()
    begins = counts.begins.reshape(-1, size).sum(axis=1) + ends[short, CONVERSIONS] + ends[short, NULLS]
    ends[short] += counts.ends[block(size, order + 1)].reshape(size, -1, 3).sum(axis=0)
    later = counts.moves.reshape(size, -1, size).sum(axis=0)
    return Transitions(
        counts.names, order, begins, counts.begins.reshape(-1, size) + later.reshape(-1, size), ends
    )


@compiled
def _count(
    channels: Channels,
    starts: Places,
    outcomes: Amounts,
    order: int,
    begins: Amounts,
    moves: Amounts,
    ends: Amounts,
) -> None:
    size, oldest = moves.shape[1], len(moves) // moves.shape[1]
    for path in range(len(starts) - 1):
        begin, end = starts[path], starts[path + 1]
        head = min(order, end - begin)
        state, offset, states = 0, 0, 1
        for touch in range(begin, begin + head):
            state = state * size + channels[touch]
            offset += states
            states *= size
        offset -= 1
        weight = outcomes[path, CONVERSIONS] + outcomes[path, NULLS]
        if head == order:
            begins[state] += weight
        for touch in range(begin + head, end):
            moves[state, channels[touch]] += weight
            state = (state - channels[touch - order] * oldest) * size + channels[touch]
        for column in range(3):
            ends[offset + state, column] += outcomes[path, column]
