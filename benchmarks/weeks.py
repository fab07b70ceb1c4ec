"""Made data of forecasts and experiments, seeded and sized: weeks of media, deals with stages, persons with outcomes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.forecasts.rules.mix.weeks import Weeks
from treaty.forecasts.rules.pipeline.deals import Deals, of_rows, seen

Floats = NDArray[np.float64]
LAST_DAY = 1095
STAGES = ("first", "second")


def weeks(number: int, media: int, *, seed: int = 1) -> Weeks:
    """A base, a season, noise, and media with carry-over .1 to .6 that saturate."""
    chance = np.random.default_rng(seed)
    days = np.arange(number, dtype=np.int64) * 7 + 18_000
    spend = chance.gamma(1.0, 0.3, (media, number))
    sales = 5000 + 400 * np.sin(2 * np.pi * days / 365.25) + chance.normal(0, 200, number)
    for one, decay in zip(spend, np.linspace(0.1, 0.6, media), strict=True):
        held = 0.0
        for week in range(number):
            held = decay * held + (1 - decay) * one[week]
            sales[week] += 1500 * np.tanh(2 * held)
    return Weeks(days, sales, spend, np.empty((0, number)))


@dataclass(frozen=True)
class Stays:
    """One row per stage of a deal, all (rows,): days since 1970-01-01; `closed` as it comes, be it after the last day seen."""

    deal: NDArray[np.int64]
    created: Floats
    stage: NDArray[np.int64]
    since: Floats
    closed: Floats
    won: NDArray[np.bool_]
    value: Floats


def stays(number: int, *, seed: int = 1) -> Stays:
    """Over three years: half pass on to a second stage, of whom six of ten are won; the others are lost."""
    chance = np.random.default_rng(seed)
    begins = np.sort(np.floor(chance.uniform(0, LAST_DAY, number)))
    first, second = np.floor(chance.exponential(40, number)), np.floor(chance.exponential(60, number))
    goes_on, won = chance.random(number) < 0.5, chance.random(number) < 0.6
    closed = begins + first + np.where(goes_on, second, 0)
    who = np.r_[np.arange(number), np.flatnonzero(goes_on)]
    stage = (np.arange(len(who)) >= number).astype(np.int64)
    since = np.r_[begins, (begins + first)[goes_on]]
    value = np.floor(chance.gamma(2, 500, number)) + 1
    return Stays(who, begins[who], stage, since, closed[who], (won & goes_on)[who], value[who])


def deals(number: int, *, seed: int = 1) -> Deals:
    """The same as the forecast sees them on the last day: what is not over is open."""
    told = stays(number, seed=seed)
    columns = (told.created, told.stage, told.since, told.closed, told.won, told.value)
    return seen(of_rows(told.deal.tolist(), *columns, STAGES, valued_early=True), LAST_DAY)


def outcomes(persons: int, *, seed: int = 1) -> tuple[NDArray[np.int64], Floats]:
    """Two groups, of whom .106 and .110 convert."""
    chance = np.random.default_rng(seed)
    groups = chance.integers(0, 2, persons)
    return groups, (chance.random(persons) < np.where(groups == 1, 0.110, 0.106)).astype(np.float64)
