"""Events as arrays, sorted once by person, time and id; every pass of this noun reads them in that order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused

Ints = NDArray[np.int64]
Kinds = NDArray[np.uint16]
MOST_EVENTS = 2**31 - 1
MOST_KINDS = 2**16
FARTHEST = 2**61
"""Times lie nearer than this to the epoch, so that differences of two never overflow."""


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """E events of P persons, sorted by person, then time, then id.

    `starts`: (P + 1) where each person's events begin, and E at the end. `who`: (P) the person's number as it was given.
    `time`: (E) microseconds. `kind`: (E) what happened, as a number. `rows`: (E) the place in what was given, or None where
    that is the same.
    """

    starts: Ints
    who: Ints
    time: Ints
    kind: Kinds
    rows: Ints | None = None

    @property
    def persons(self) -> int:
        """How many persons have events."""
        return len(self.who)

    def given(self, places: NDArray[np.integer]) -> Ints:
        """Places in these arrays as places in what was given."""
        return places.astype(np.int64) if self.rows is None else self.rows[places]

    def arranged(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """A column of what was given, in the order of these arrays."""
        if len(values) != len(self.time):
            raise Refused("lengths", f"{len(values)} values were given for {len(self.time)} events.")
        return values if self.rows is None else values[self.rows]


def arranged(
    person: NDArray[np.integer],
    time: NDArray[np.int64],
    kind: NDArray[np.integer],
    ids: NDArray[np.integer] | None = None,
) -> Events:
    """Sort events by person, time and id; without ids equal times keep the order in which they were given.

    All (E). `time` in microseconds (a datetime64[us] seen as int64: NaT is refused), `kind` from 0 to 65,535.
    Raises Refused: empty, lengths, too_many, no_time, bad_kind.
    """
    _check(person, time, kind, ids)
    # Numbers of 16 bits are what the passes read: a sixth of the memory that must flow through them.
    kinds = kind.astype(np.uint16, copy=False)
    if is_sorted(person, time, ids):
        return _events(person, time, kinds, None)
    keys = (time, person) if ids is None else (ids, time, person)
    rows = np.lexsort(keys)
    return _events(person[rows], time[rows], kinds[rows], rows.astype(np.int64, copy=False))


def is_sorted(
    person: NDArray[np.integer], time: NDArray[np.int64], ids: NDArray[np.integer] | None = None
) -> bool:
    """Whether each event comes after the one before it, by person, time and id (equal is in order)."""
    if np.any(person[1:] < person[:-1]):
        return False
    same = person[1:] == person[:-1]
    if np.any(same & (time[1:] < time[:-1])):
        return False
    return ids is None or not np.any(same & (time[1:] == time[:-1]) & (ids[1:] < ids[:-1]))


def _events(person: NDArray[np.integer], time: Ints, kind: Kinds, rows: Ints | None) -> Events:
    starts = np.concatenate(([0], np.flatnonzero(person[1:] != person[:-1]) + 1, [len(person)]))
    who = person[starts[:-1]].astype(np.int64)
    return Events(starts.astype(np.int64), who, np.ascontiguousarray(time), np.ascontiguousarray(kind), rows)


def _check(
    person: NDArray[np.integer],
    time: NDArray[np.int64],
    kind: NDArray[np.integer],
    ids: NDArray[np.integer] | None,
) -> None:
    if not len(person):
        raise Refused("empty", "There are no events.")
    lengths = {len(person), len(time), len(kind), *([] if ids is None else [len(ids)])}
    if len(lengths) != 1:
        raise Refused(
            "lengths", f"Persons, times and kinds are columns of one length, not of {sorted(lengths)}."
        )
    if len(person) > MOST_EVENTS:
        raise Refused("too_many", f"{len(person):,} events; one batch holds at most {MOST_EVENTS:,}.")
    if time.min() < -FARTHEST or time.max() > FARTHEST:
        at = int(np.flatnonzero((time < -FARTHEST) | (time > FARTHEST))[0])
        raise Refused("no_time", f"Row {at + 1} has no time.")
    if kind.min() < 0 or kind.max() >= MOST_KINDS:
        raise Refused("bad_kind", f"A kind of event is a number from 0 to {MOST_KINDS - 1:,}.")
