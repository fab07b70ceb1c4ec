"""What the models know of persons: repeat purchases x, the last of them t_x, age T; counted in days, told in weeks."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused

Days = NDArray[np.int64]
WEEK = 7.0
"""Days of one unit of time: parameters and horizons are in weeks, as in the literature."""
REPEATERS = 30
"""Below so many persons who came back, four parameters cannot be told apart."""


@dataclass(frozen=True)
class Histories:
    """One row a person, all of one length; checked when made.

    `repeats`: x, days with a purchase after the first one. `last`: t_x, days from the first purchase to the last
    (0 where x is 0). `age`: T, days from the first purchase to the end of watching. `value`: mean value of a repeat
    purchase, NaN where there is none. Raises Refused: empty, lengths, impossible, bad_value (with the row, from 1 on).
    """

    repeats: Days
    last: Days
    age: Days
    value: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        """Refuse what no person can have done."""
        if not len(self.repeats):
            raise Refused("empty", "There is nobody to look at.")
        columns = (self.repeats, self.last, self.age, *([] if self.value is None else [self.value]))
        if len({len(column) for column in columns}) > 1:
            raise Refused("lengths", "The columns of the histories differ in length.")
        wrong = (self.repeats < 0) | (self.last < 0) | (self.last > self.age)
        wrong |= (self.repeats == 0) != (self.last == 0)
        if wrong.any():
            row = int(np.argmax(wrong))
            told = f"x {self.repeats[row]}, t_x {self.last[row]} days, T {self.age[row]} days"
            raise Refused(
                "impossible",
                f"Row {row + 1} cannot be ({told}): 0 <= t_x <= T, and t_x is 0 only where x is.",
            )
        if self.value is not None and (bad := (self.value < 0) | np.isinf(self.value)).any():
            row = int(np.argmax(bad))
            raise Refused(
                "bad_value", f"Row {row + 1}: purchases cannot be worth {self.value[row]:g} in the mean."
            )

    def __len__(self) -> int:
        """How many persons."""
        return len(self.repeats)

    @cached_property
    def repeaters(self) -> int:
        """How many persons came back at least once."""
        return int(np.count_nonzero(self.repeats))


def histories(repeats: NDArray[np.float64], last: NDArray[np.float64], age: NDArray[np.float64]) -> Histories:
    """From a table of x, t_x and T in weeks, which may be rounded: days are what was counted.

    Raises Refused: not_finite, and as `Histories`.
    """
    columns = {"x": repeats, "t_x": last, "T": age}
    for name, column in columns.items():
        if not np.isfinite(column).all():
            raise Refused(
                "not_finite", f"Row {int(np.argmin(np.isfinite(column))) + 1} has no number in {name}."
            )
    if (repeats != np.floor(repeats)).any():
        raise Refused(
            "impossible", f"Row {int(np.argmax(repeats != np.floor(repeats))) + 1}: x is not a whole number."
        )
    x, days, ages = (np.rint(column).astype(np.int64) for column in (repeats, last * WEEK, age * WEEK))
    return Histories(x, days, ages)


def enough(told: Histories) -> None:
    """Refuse to fit where too few came back, or nobody could have. Raises Refused: none_repeat, too_few, no_time."""
    if not told.age.any():
        raise Refused(
            "no_time", "Everybody bought for the first time on the last day: there was no time to come back."
        )
    if not told.repeaters:
        raise Refused(
            "none_repeat",
            f"None of {len(told)} persons bought twice: nothing tells how often people come back.",
        )
    if told.repeaters < REPEATERS:
        text = f"Only {told.repeaters} of {len(told)} persons bought twice; at least {REPEATERS} are needed for a fit."
        raise Refused("too_few", text)
