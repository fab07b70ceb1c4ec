"""The CDNOW sample as the papers cut it, and the donations of the BG/BB paper; each fitted once."""

import csv
from functools import cache

import numpy as np

from tests.harness.published import DATA
from treaty.lifetime.rules import bg_bb, bg_nbd, gamma_gamma, pareto_nbd, sbg
from treaty.lifetime.rules.fitting import Fitted
from treaty.lifetime.rules.histories import Histories, histories
from treaty.lifetime.rules.transactions import Watched, merged, watched
from treaty.lifetime.rules.worth import HeldOut, held_out, in_sum

FILE = DATA / "cdnow" / "cdnow_sample.csv"
WEEKS = 39.0
"""From 1997-10-01 to 1998-06-30."""

DONATIONS = """6 6 1203, 5 6 728, 4 6 512, 3 6 357, 2 6 234, 1 6 129, 5 5 335, 4 5 284, 3 5 225, 2 5 173, 1 5 119,
4 4 240, 3 4 181, 2 4 155, 1 4 78, 3 3 322, 2 3 255, 1 3 129, 2 2 613, 1 2 277, 1 1 1091, 0 0 3464"""
"""Fader, Hardie, Shang (2010), table 2: x, t_x and how many of the 11,104 who first gave in 1995; six years each."""
REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241)
HIGH_END = (1000, 869, 743, 653, 593, 551, 517, 491)
"""Fader, Hardie (2007), table 1: of 1,000 contracts, after 0 to 7 renewals."""


@cache
def cdnow() -> Watched:
    """2,357 persons up to 1997-09-30."""
    with FILE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    person = np.array([int(row["customer"]) for row in rows])
    time = np.array([row["date"] for row in rows], "datetime64[us]")
    log = merged(person, time, np.array([float(row["value"]) for row in rows]))
    return watched(log, int(np.datetime64("1997-09-30", "D").astype(np.int64)))


def one(x: float, t_x: float, age: float) -> Histories:
    """One person, in weeks."""
    return histories(np.array([x]), np.array([t_x]), np.array([age]))


@cache
def bg_nbd_fit() -> Fitted:
    return bg_nbd.fit(cdnow().told)


@cache
def pareto_fit() -> Fitted:
    return pareto_nbd.fit(cdnow().told)


@cache
def value_fit() -> Fitted:
    return gamma_gamma.fit(gamma_gamma.spent(cdnow().told))


@cache
def sbg_fit(survivors: tuple[int, ...]) -> Fitted:
    return sbg.fit(np.array(survivors, np.float64))


def donations() -> bg_bb.Occasions:
    rows = np.array([[int(cell) for cell in row.split()] for row in DONATIONS.split(",")])
    return bg_bb.Occasions(rows[:, 0], rows[:, 1], np.full(len(rows), 6), rows[:, 2].astype(np.float64))


@cache
def donations_fit() -> Fitted:
    return bg_bb.fit(donations())


def at_peak() -> bg_nbd.Parameters:
    return bg_nbd.Parameters(*bg_nbd_fit().values)


@cache
def weeks_40_to_78() -> HeldOut:
    return held_out(bg_nbd.expected(at_peak(), cdnow().told, WEEKS), cdnow().later)


@cache
def difference_by_week_78() -> float:
    """Of all repeat purchases since the first day, in percent."""
    seen = cdnow()
    expected = in_sum(lambda age: bg_nbd.expected_of_newcomer(at_peak(), age), seen.told.age / 7 + WEEKS)
    return 100 * (expected / float(seen.told.repeats.sum() + seen.later.sum()) - 1)
