"""Persons with the same history are one row with a weight: the likelihood of a million persons is one of their kinds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.lifetime.rules.histories import Days, Histories


@dataclass(frozen=True)
class Kinds:
    """The different histories of persons who came back, and the counts of everybody.

    `repeats`, `last`, `age`: places in `counts_found` and `days_found`, sorted; `weight`: how many persons.
    `counts`, `days`: the different values of x, and of t_x and T. `of_count`: persons by place of x.
    """

    repeats: NDArray[np.int64]
    last: NDArray[np.int64]
    age: NDArray[np.int64]
    weight: NDArray[np.float64]
    counts: NDArray[np.int64]
    days: Days

    @property
    def of_count(self) -> NDArray[np.float64]:
        """Persons by place of their x."""
        return np.bincount(self.repeats, self.weight, len(self.counts)).astype(np.float64)


def kinds(told: Histories) -> Kinds:
    """Everybody's kind, by one sort of whole numbers."""
    counts, repeats = places(told.repeats)
    days, (last, age) = shared_places(told.last, told.age)
    width = len(days)
    keys, weight = np.unique((repeats * width + last) * width + age, return_counts=True)
    rest, ages = np.divmod(keys, width)
    return Kinds(*np.divmod(rest, width), ages, weight.astype(np.float64), counts, days)


def places(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different numbers (0 or more), sorted, and the place of each among them; without sorting."""
    found, (place,) = shared_places(numbers)
    return found, place


def shared_places(*columns: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """The same for several columns with one list of numbers."""
    is_there = np.zeros(max(int(column.max()) for column in columns) + 1, np.bool_)
    for column in columns:
        is_there[column] = True
    place = np.cumsum(is_there) - 1
    return np.flatnonzero(is_there), [place[column] for column in columns]
