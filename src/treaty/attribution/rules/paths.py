"""Paths as flat arrays that every model reads: who was met on which channels, in which order, and how that ended."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused

CONVERSIONS, VALUE, NULLS = 0, 1, 2
"""The columns of outcomes."""
LEAD, OPPORTUNITY = 0, 1
"""The columns of marks."""
MOST_CHANNELS = 65_535

Channels = NDArray[np.uint16]
Places = NDArray[np.int64]
Amounts = NDArray[np.float64]
Marks = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Some paths, each at least one touch long; path i holds the touches starts[i] to starts[i + 1].

    names: what the codes of channels stand for. channels (touches,): codes, in the order of time.
    starts (paths + 1,): where each path begins; the last number is the number of touches.
    outcomes (paths, 3): how many conversions, their value together in money, how many that ended in none.
    ages (touches,): days before the path's end, or (0,) where nobody knows the times.
    marks (paths, 2): the place within the path of the touch that made a lead and of the one that made an opportunity,
    -1 for none; or (0, 2) where nobody knows them. unattributed: conversions and value that no touch preceded.
    """

    names: tuple[str, ...]
    channels: Channels
    starts: Places
    outcomes: Amounts
    ages: Amounts
    marks: Marks
    unattributed: tuple[float, float] = (0.0, 0.0)

    @property
    def totals(self) -> Amounts:
        """(3,): conversions, value and nulls of all paths together."""
        return np.array([column.sum() for column in self.outcomes.T])

    @property
    def size(self) -> int:
        """How many channels there are."""
        return len(self.names)


def made(
    names: Sequence[str],
    channels: NDArray[np.integer],
    starts: NDArray[np.integer],
    outcomes: Amounts,
    *,
    ages: Amounts | None = None,
    marks: Marks | None = None,
) -> Paths:
    """Paths from arrays in the shapes of Paths, checked. Raises Refused: empty, bad_path, bad_channel, bad_outcome,
    negative, value_alone, bad_age, unsorted, bad_mark, too_many_channels."""
    begins = np.ascontiguousarray(starts, np.int64)
    _check_shape(begins, len(channels))
    _check_codes(channels, len(names))
    paths = Paths(
        tuple(names),
        np.ascontiguousarray(channels, np.uint16),
        begins,
        checked_outcomes(outcomes, len(begins) - 1),
        np.empty(0) if ages is None else np.ascontiguousarray(ages, np.float64),
        np.empty((0, 2), np.int32) if marks is None else np.ascontiguousarray(marks, np.int32),
    )
    _check_ages(paths)
    _check_marks(paths)
    return paths


def checked_outcomes(outcomes: Amounts, count: int) -> Amounts:
    """Outcomes (paths, 3) that are finite, not negative, and have no value where nothing converted."""
    told = np.ascontiguousarray(outcomes, np.float64)
    if told.shape != (count, 3):
        raise Refused("bad_outcome", f"There are {count} paths and {len(told)} rows of outcomes.")
    alone = (told[:, VALUE] > 0) & (told[:, CONVERSIONS] == 0)
    for bad, reason, what in (
        (~np.isfinite(told), "bad_outcome", "its conversions, value or nulls are no number"),
        (told < 0, "negative", "its conversions, value or nulls are below zero"),
        (alone[:, None], "value_alone", "it has a value, but no conversion"),
    ):
        if bad.any():
            _check_each(np.asarray(~bad.any(axis=1)), reason, what)
    return told


def check_converted(paths: Paths) -> None:
    """Raises Refused (none_converted) where there is nothing to share out."""
    if not paths.totals[CONVERSIONS]:
        raise Refused("none_converted", "No path converted: there is no credit to share out.")


def check_count(names: int) -> None:
    """Raises Refused (too_many_channels) where codes do not suffice."""
    if names > MOST_CHANNELS:
        raise Refused("too_many_channels", f"There are {names} channels; {MOST_CHANNELS} are the most.")


def _check_shape(starts: Places, touches: int) -> None:
    if len(starts) < 2:
        raise Refused("empty", "There are no paths.")
    if starts[0] != 0 or starts[-1] != touches:
        raise Refused("bad_path", "The paths do not begin at the first touch or do not end with the last.")
    _check_each(np.diff(starts) > 0, "bad_path", "it has no touch")


def _check_codes(channels: NDArray[np.integer], names: int) -> None:
    check_count(names)
    if channels.min() < 0 or channels.max() >= names:
        raise Refused("bad_channel", f"A code of a channel lies outside of 0 to {names - 1}.")


def _check_ages(paths: Paths) -> None:
    if len(paths.ages) not in {0, len(paths.channels)} or not (paths.ages >= 0).all():
        raise Refused(
            "bad_age", "Ages are days before the end of the path, one for each touch, none below zero."
        )
    rises = np.flatnonzero(np.diff(paths.ages) > 0) + 1
    unsorted = rises[~np.isin(rises, paths.starts)] if len(rises) else rises
    if len(unsorted):
        path = int(np.searchsorted(paths.starts, unsorted[0], "right"))
        raise Refused("unsorted", f"Path {path}: its touches do not stand in the order of time.")


def _check_marks(paths: Paths) -> None:
    marks = paths.marks
    if not len(marks):
        return
    lengths = np.diff(paths.starts)
    if marks.shape != (len(lengths), 2) or (marks < -1).any() or (marks >= lengths[:, None]).any():
        raise Refused("bad_mark", "A mark names a place that its path does not have.")


def _check_each(good: NDArray[np.bool_], reason: str, what: str) -> None:
    if not good.all():
        raise Refused(reason, f"Path {int(np.argmin(good)) + 1}: {what}.")
