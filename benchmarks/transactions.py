"""Purchases of many persons who buy and stop as BG/NBD says; the same seed gives the same persons."""

import numpy as np

from treaty.lifetime.rules.histories import Histories
from treaty.lifetime.rules.transactions import Log, watched

TRUE = (0.243, 4.414, 0.793, 2.426)
"""r, alpha (weeks), a, b: those of the CDNOW sample."""
DAYS = 273
"""Watched, as there; first purchases fall into the first 84 days of it."""
INTAKE = 84


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
