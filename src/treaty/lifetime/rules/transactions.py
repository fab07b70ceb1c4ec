"""From a log of purchases to what the models know of persons; what comes after a day is held out to judge them by."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused
from treaty.lifetime.rules.histories import Days, Histories


@dataclass(frozen=True)
class Log:
    """Days with a purchase, in the order of persons and days; purchases of one person and day are one.

    `person`: codes from 0 on. `day`: days since 1970-01-01. `value`: sum of the day, None where the log has none.
    """

    person: NDArray[np.int64]
    day: Days
    value: NDArray[np.float64] | None


@dataclass(frozen=True)
class Watched:
    """A log cut at a day. `persons`: the code of each row; `later`: days with a purchase after it; `horizon`: days held out."""

    persons: NDArray[np.int64]
    told: Histories
    later: NDArray[np.int64]
    horizon: int
    newcomers: int
    """Persons whose first purchase came after the cut: nobody knew of them."""


def merged(
    person: NDArray[np.int64], time: NDArray[np.datetime64], value: NDArray[np.float64] | None = None
) -> Log:
    """The log of raw purchases in any order; times may bear hours. Raises Refused: empty, lengths, no_date, bad_value."""
    _check(person, time, value)
    day = time.astype("datetime64[D]").astype(np.int64)
    first = int(day.min())
    span = int(day.max()) - first + 1
    key = person * span + (day - first)
    order = np.argsort(key, kind="stable")
    key = key[order]
    begins = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    sums = None if value is None else np.add.reduceat(value[order], begins)
    return Log(key[begins] // span, key[begins] % span + first, sums)


def watched(log: Log, until: int | None = None) -> Watched:
    """The histories up to and with the day `until` (the log's last by default), and what came later.

    Raises Refused: nobody_yet.
    """
    end = int(log.day.max())
    cut = end if until is None else until
    begins = np.flatnonzero(np.concatenate(([True], log.person[1:] != log.person[:-1])))
    first = log.day[begins]
    seen = first <= cut
    if not seen.any():
        raise Refused("nobody_yet", "Nobody had bought by the last day to calibrate on.")
    within = (log.day <= cut).astype(np.int64)
    repeats = np.add.reduceat(within, begins) - 1
    days = np.diff(np.append(begins, len(log.person)))
    last = log.day[begins + np.maximum(repeats, 0)] - first
    means = None if log.value is None else _means(log.value, begins, within, repeats)[seen]
    told = Histories(repeats[seen], last[seen], cut - first[seen], means)
    later = (days - 1 - repeats)[seen]
    return Watched(log.person[begins][seen], told, later, max(end - cut, 0), int((~seen).sum()))


def _means(
    value: NDArray[np.float64], begins: Days, within: NDArray[np.int64], repeats: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Of the repeat purchases within; nobody's first one counts."""
    bought = np.add.reduceat(value * within, begins) - value[begins]
    return np.where(repeats > 0, bought / np.maximum(repeats, 1), np.nan)


def _check(
    person: NDArray[np.int64], time: NDArray[np.datetime64], value: NDArray[np.float64] | None
) -> None:
    if not len(person):
        raise Refused("empty", "The log has no purchases.")
    if len(person) != len(time) or (value is not None and len(value) != len(person)):
        raise Refused("lengths", "The columns of the log differ in length.")
    if np.isnat(time).any():
        raise Refused("no_date", f"Row {int(np.argmax(np.isnat(time))) + 1} has no date.")
    if value is None:
        return
    good = (value >= 0) & np.isfinite(value)
    if not good.all():
        row = int(np.argmin(good))
        text = "has no value" if np.isnan(value[row]) else f"has the value {value[row]:g}"
        raise Refused("bad_value", f"Row {row + 1} {text}: a purchase has a value of 0 or more.")
