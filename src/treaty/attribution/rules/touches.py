"""Paths from raw touches: by person in the order of time, back to a limit, split at each conversion."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from treaty.attribution.rules.ordering import order_of
from treaty.attribution.rules.paths import (
    CONVERSIONS,
    LEAD,
    NULLS,
    OPPORTUNITY,
    VALUE,
    Amounts,
    Channels,
    Marks,
    Paths,
    Places,
    check_count,
)
from treaty.kit.rules.compiled import compiled
from treaty.kit.rules.refusals import Refused

NO_TOUCH = 65_535
"""The code of a row that is a conversion (or a milestone) and no touch."""
MADE_LEAD, MADE_OPPORTUNITY = 1, 2
"""Bits of milestones."""
DAY = 86_400_000_000
FOREVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class Touches:
    """Rows in any order, all arrays (rows,).

    persons: numbers of persons. times: microseconds. channels: codes into names, or NO_TOUCH. conversions: how many the
    row is, mostly 0 or 1; a row that is a touch too is the last touch of its own path. values: money, read where the row
    converts. milestones: bits, or (0,). ids: break ties of equal times, or (0,): then the order of the rows does.
    """

    names: tuple[str, ...]
    persons: NDArray[np.int64]
    times: NDArray[np.int64]
    channels: Channels
    conversions: Amounts
    values: Amounts
    milestones: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))
    ids: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))


def collect(
    touches: Touches, *, lookback: float | None = None, direct: str | None = None, passing_over: bool = False
) -> Paths:
    """The paths of some touches.

    A path ends with a conversion, or without one with the person's last touch; touches older than `lookback` days before
    its end belong to none, those of exactly that age belong to it. With `passing_over`, touches of the channel `direct`
    are left out of paths that have others. Conversions that no touch precedes are counted as unattributed.
    Raises Refused: empty, no_time, bad_lookback, bad_channel, bad_outcome, negative, no_channel, too_many_channels.
    """
    _check(touches)
    skipped = _code(touches.names, direct) if passing_over else NO_TOUCH
    rows, most = len(touches.times), int(np.count_nonzero(touches.channels != NO_TOUCH))
    starts, outcomes = np.zeros(most + 1, np.int64), np.empty((most, 3))
    marks = np.full((most if len(touches.milestones) else 0, 2), -1, np.int32)
    order, bounds = order_of(touches.persons, touches.times, touches.ids)
    lost = np.zeros(2)
    # Gathered once into the order in which the pass goes, where each row would miss the cache again and again.
    times, kinds = touches.times[order], touches.channels[order]
    converted = (touches.conversions != 0)[order]
    bits = touches.milestones[order] if len(touches.milestones) else touches.milestones
    # A touch is written at its row's place or before it: into the memory of what has been read.
    channels, ages = kinds, times.view(np.float64)
    count = _collect(
        order, bounds, times, kinds, converted, bits, touches.conversions, touches.values,
        _window(lookback), skipped, channels, ages, starts, outcomes, marks, lost,
    )  # fmt: skip
    if not count:
        raise Refused("empty", f"None of {rows} rows is a touch.")
    end = starts[count]
    found = (channels[:end], starts[: count + 1], outcomes[:count], ages[:end], marks[:count])
    return Paths(touches.names, *found, unattributed=(float(lost[0]), float(lost[1])))


def known_codes(codes: NDArray[np.integer], names: Sequence[str]) -> tuple[Channels, tuple[str, ...]]:
    """Codes and names where an empty name means that the row is no touch."""
    check_count(len(names))
    kept = [name for name in names if name]
    place = np.array([kept.index(name) if name else NO_TOUCH for name in names], np.uint16)
    return place[codes], tuple(kept)


def _check(touches: Touches) -> None:
    rows = len(touches.times)
    if not rows:
        raise Refused("empty", "There are no touches.")
    if (touches.times == np.iinfo(np.int64).min).any():
        place = int(np.argmin(touches.times)) + 1
        raise Refused("no_time", f"Row {place} has no time.")
    is_code = (touches.channels < len(touches.names)) | (touches.channels == NO_TOUCH)
    if not is_code.all():
        raise Refused("bad_channel", f"Row {int(np.argmin(is_code)) + 1} has a channel without a name.")
    converted = np.flatnonzero(touches.conversions != 0)  # as NaN is not
    counts, values = touches.conversions[converted], touches.values[converted]
    told = np.isfinite(counts) & ~np.isinf(values)
    if not told.all():
        place = converted[np.argmin(told)] + 1
        raise Refused("bad_outcome", f"Row {place}: its conversions or its value are no number.")
    below = (counts < 0) | (values < 0)
    if below.any():
        place = converted[np.argmax(below)] + 1
        raise Refused("negative", f"Row {place}: its conversions or its value are below zero.")


def _code(names: tuple[str, ...], direct: str | None) -> int:
    if direct not in names:
        raise Refused("no_channel", f'There is no channel "{direct}" to pass over.')
    return names.index(direct)


def _window(lookback: float | None) -> int:
    if lookback is None:
        return int(FOREVER)
    if not 0 <= lookback <= 365_000:
        raise Refused("bad_lookback", "The look back is a number of days, zero or more.")
    return round(lookback * DAY)


@compiled
def _collect(
    order: Places, bounds: Places, times: Places, kinds: Channels, converted: NDArray[np.bool_], bits: NDArray[np.uint8],
    conversions: Amounts, values: Amounts, window: int, skipped: int,
    channels: Channels, ages: Amounts, starts: Places, outcomes: Amounts, marks: Marks, lost: Amounts,
) -> int:  # fmt: skip
    """Fill in paths; how many there are. Times, kinds, converted and bits in order, conversions and values as told."""
    # One function for the whole pass: a call for each path, with all these arrays, would cost more than the pass.
    count = 0
    for person in range(len(bounds) - 1):
        first, stop = bounds[person], bounds[person + 1]
        while first < stop:
            end, last = _end(kinds, converted, first, stop)
            is_won = converted[end - 1]
            begin = at = starts[count]
            if is_won or last >= 0:
                until = times[end - 1] if is_won else times[last]
                for skip in (skipped, NO_TOUCH):
                    for place in range(first, end):
                        age = until - times[place]
                        if age <= window and kinds[place] != NO_TOUCH and kinds[place] != skip:
                            channels[at], ages[at] = kinds[place], age / DAY
                            at += 1
                        if len(bits) and at > begin:
                            _mark(marks, count, bits[place], at - 1 - begin)
                    if at > begin or skipped == NO_TOUCH:
                        break
            many, value = _brought(conversions, values, order[end - 1]) if is_won else (0.0, 0.0)
            if at > begin:
                outcomes[count, CONVERSIONS], outcomes[count, VALUE], outcomes[count, NULLS] = (
                    many,
                    value,
                    not is_won,
                )
                count += 1
                starts[count] = at
            else:
                lost[0], lost[1] = lost[0] + many, lost[1] + value
            first = end
    return count


@compiled
def _end(kinds: Channels, converted: NDArray[np.bool_], first: int, stop: int) -> tuple[int, int]:
    """The place after a path's last row, and that of its last touch or -1."""
    last = -1
    for place in range(first, stop):
        if kinds[place] != NO_TOUCH:
            last = place
        if converted[place]:
            return place + 1, last
    return stop, last


@compiled
def _brought(conversions: Amounts, values: Amounts, row: int) -> tuple[float, float]:
    return conversions[row], 0.0 if np.isnan(values[row]) else values[row]


@compiled
def _mark(marks: Marks, path: int, bits: int, place: int) -> None:
    """Write where a milestone was, unless an earlier row had it."""
    if bits & MADE_LEAD and marks[path, LEAD] < 0:
        marks[path, LEAD] = place
    if bits & MADE_OPPORTUNITY and marks[path, OPPORTUNITY] < 0:
        marks[path, OPPORTUNITY] = place
