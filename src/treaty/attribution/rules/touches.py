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
    channels, ages = np.empty(most, np.uint16), np.empty(most)
    starts, outcomes = np.zeros(most + 1, np.int64), np.empty((most, 3))
    marks = np.empty((most if len(touches.milestones) else 0, 2), np.int32)
    order, bounds = order_of(touches.persons, touches.times, touches.ids)
    lost = np.zeros(2)
    count = _collect(
        order, bounds, touches.times, touches.channels, touches.conversions, touches.values, touches.milestones,
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
    order: Places, bounds: Places, times: Places, kinds: Channels, conversions: Amounts, values: Amounts,
    milestones: NDArray[np.uint8], window: int, skipped: int,
    channels: Channels, ages: Amounts, starts: Places, outcomes: Amounts, marks: Marks, lost: Amounts,
) -> int:  # fmt: skip
    """Fill in paths; how many there are."""
    count = 0
    for person in range(len(bounds) - 1):
        first, last = bounds[person], -1
        for place in range(bounds[person], bounds[person + 1]):
            row = order[place]
            if kinds[row] != NO_TOUCH:
                last = row
            converted = conversions[row] > 0.0
            if not converted and place + 1 < bounds[person + 1]:
                continue
            begin, end = starts[count], starts[count]
            if converted or last >= 0:
                until = times[row] if converted else times[last]
                rows, mark = order[first : place + 1], marks[count : count + 1]
                end = _emit(
                    rows, times, kinds, milestones, until, window, skipped, channels, ages, begin, mark
                )
                if end == begin and skipped != NO_TOUCH:
                    end = _emit(
                        rows, times, kinds, milestones, until, window, NO_TOUCH, channels, ages, begin, mark
                    )
            value = 0.0 if not converted or np.isnan(values[row]) else values[row]
            if end > begin:
                outcomes[count, CONVERSIONS], outcomes[count, VALUE] = conversions[row], value
                outcomes[count, NULLS] = 0.0 if converted else 1.0
                count += 1
                starts[count] = end
            elif converted:
                lost[0] += conversions[row]
                lost[1] += value
            first, last = place + 1, -1
    return count


@compiled
def _emit(
    rows: Places, times: Places, kinds: Channels, milestones: NDArray[np.uint8], until: int, window: int, skipped: int,
    channels: Channels, ages: Amounts, begin: int, mark: Marks,
) -> int:  # fmt: skip
    """Write the touches of one path; where they end."""
    at = begin
    mark[:, :] = -1
    for row in rows:
        if until - times[row] > window:
            continue
        if kinds[row] != NO_TOUCH and kinds[row] != skipped:
            channels[at] = kinds[row]
            ages[at] = (until - times[row]) / DAY
            at += 1
        if len(mark) and at > begin:
            if milestones[row] & MADE_LEAD and mark[0, LEAD] < 0:
                mark[0, LEAD] = at - 1 - begin
            if milestones[row] & MADE_OPPORTUNITY and mark[0, OPPORTUNITY] < 0:
                mark[0, OPPORTUNITY] = at - 1 - begin
    return at
