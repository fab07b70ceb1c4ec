"""Purchases of many persons who buy and stop as BG/NBD says, and contracts and gifts; the same seed gives the same persons."""

import numpy as np
from numpy.typing import NDArray

from treaty.lifetime.rules.histories import Histories
from treaty.lifetime.rules.transactions import Log, watched

TRUE = (0.243, 4.414, 0.793, 2.426)
"""r, alpha (weeks), a, b: those of the CDNOW sample."""
DAYS = 273
"""Watched, as there; first purchases fall into the first 84 days of it."""
INTAKE = 84
ENDING, CONTRACTS = (0.668, 3.806), 1000
"""alpha, beta of sBG: those of Fader & Hardie's high end (2007); and how many contracts begin at once."""
GIVING, OCCASIONS = (1.204, 0.750, 0.657, 2.783), 6
"""alpha, beta, gamma, delta of BG/BB: those of Fader, Hardie & Shang's donors (2010), asked once a year for six years."""


def log(persons: int, seed: int = 1998, slower: int = 1) -> Log:
    """Days with a purchase in the order of persons and days, with what was paid.

    `slower` stretches all times: purchases of one day are one, which the model does not know and slow buyers hardly feel.
    """
    days = DAYS * slower
    chance = np.random.default_rng(seed)
    r, alpha, a, b = TRUE
    rate = chance.gamma(r, 1 / alpha, persons) / 7 / slower
    stop = chance.beta(a, b, persons)
    first = chance.integers(0, INTAKE * slower, persons)
    mean = 15.44 * chance.gamma(6.25, 1.0, persons) / chance.gamma(3.74, 1.0, persons)
    who, at = np.arange(persons), first.astype(np.float64)
    bought = [(who, first)]
    while len(who):
        at = at + chance.exponential(1 / np.maximum(rate[who], 1e-12))
        seen = at < days
        who, at = who[seen], at[seen]
        bought.append((who, at.astype(np.int64)))
        stays = chance.random(len(who)) >= stop[who]
        who, at = who[stays], at[stays]
    person, day = (np.concatenate(column) for column in zip(*bought, strict=True))
    key = np.unique(person * days + day)
    person = key // days
    return Log(person, key % days, np.round(mean[person] * chance.gamma(6.25, 1 / 6.25, len(key)), 2))


def histories(persons: int, seed: int = 1998, slower: int = 1) -> Histories:
    """x, t_x, T and m of everybody."""
    return watched(log(persons, seed, slower), DAYS * slower - 1).told


def survivors(periods: int, seed: int = 2007) -> NDArray[np.int64]:
    """How many of the contracts are there after 0, 1, 2 ... renewals, (periods,): each ends by a chance of its own."""
    chance = np.random.default_rng(seed)
    lasted = chance.geometric(chance.beta(*ENDING, CONTRACTS))
    return np.array([(lasted > renewals).sum() for renewals in range(periods)], np.int64)


def gifts(persons: int, seed: int = 2010) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(kinds, 2): the different x and t_x of persons who were asked six times after they gave; (kinds,): how many of each."""
    chance = np.random.default_rng(seed)
    alpha, beta, gamma, delta = GIVING
    stays = chance.geometric(chance.beta(gamma, delta, persons)) - 1
    asked = np.arange(1, OCCASIONS + 1)
    gave = chance.random((persons, OCCASIONS)) < chance.beta(alpha, beta, persons)[:, None]
    gave &= asked <= stays[:, None]
    rows = np.column_stack([gave.sum(axis=1), (gave * asked).max(axis=1)])
    return np.unique(rows, axis=0, return_counts=True)
