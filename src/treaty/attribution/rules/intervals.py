"""How far credit would move with other luck: each path comes again a Poisson number of times (Chamandy et al. 2012)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from treaty.attribution.rules.attributing import Model, credits_of
from treaty.attribution.rules.paths import CONVERSIONS, NULLS, VALUE, Amounts, Paths, check_converted
from treaty.kit.rules.refusals import Refused

FEWEST = 20
"""Replicates below which the ends of an interval are no more than two of them."""


def intervals(
    paths: Paths,
    models: Sequence[Model],
    *,
    seed: int,
    replicates: int = 200,
    level: float = 0.95,
    direct: str | None = None,
) -> Amounts:
    """(models, channels, 2, 2): low and high of conversions and of value, as percentiles of replicates.

    A path that stands for n conversions comes Poisson(n) times; its value follows in proportion. Replicates in which
    nothing converts count as no credit. The same seed gives the same intervals. Raises Refused: bad_interval, and what
    the models refuse.
    """
    check_converted(paths)
    if replicates < FEWEST or not 0 < level < 1:
        raise Refused(
            "bad_interval", f"An interval needs {FEWEST} replicates or more, and a level between 0 and 1."
        )
    chance = np.random.default_rng(seed)
    drawn = np.stack([_replicate(resampled(paths, chance), models, direct) for _ in range(replicates)])
    tail = (1 - level) / 2
    ends: Amounts = np.moveaxis(np.quantile(drawn, [tail, 1 - tail], axis=0), 0, -1)
    return ends


def resampled(paths: Paths, chance: np.random.Generator) -> Paths:
    """The paths with other numbers of conversions and nulls, each Poisson with the observed mean."""
    outcomes = np.empty_like(paths.outcomes)
    outcomes[:, NULLS] = chance.poisson(paths.outcomes[:, NULLS])
    observed = paths.outcomes[:, CONVERSIONS]
    drawn = outcomes[:, CONVERSIONS] = chance.poisson(observed)
    ratio = np.divide(drawn, observed, out=np.zeros_like(observed), where=observed > 0)
    outcomes[:, VALUE] = paths.outcomes[:, VALUE] * ratio
    return replace(paths, outcomes=outcomes)


def _replicate(paths: Paths, models: Sequence[Model], direct: str | None) -> Amounts:
    if not paths.totals[CONVERSIONS]:
        return np.zeros((len(models), paths.size, 2))
    return np.stack([credit.by_channel for credit in credits_of(paths, models, direct=direct)])
