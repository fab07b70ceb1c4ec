"""A media mix fitted, and drawn again and again for its intervals.

sales = base + trend + season + controls + sum over media of weight * tanh(carried(spend) / scale) + noise, where carried
is geometric adstock. Carry-over and shape after Broadbent (1979) and Jin et al. (2017); tanh is the logistic saturation.
Solved by variable projection (`solving`), intervals by a moving-block bootstrap of the residuals (Kuensch 1989).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.forecasts.rules.mix import solving
from treaty.forecasts.rules.mix.weeks import Weeks
from treaty.kit.rules.refusals import Refused

Floats = NDArray[np.float64]

YEAR, WAVES, BLOCK = 365.25, 2, 4
"""Days; sine and cosine of so many waves a year; weeks of residuals that stay together when they are drawn."""


@dataclass(frozen=True)
class Mix:
    """One solution. `shapes`: decay and logarithm of the scale, (media, 2). `weights`: sales at full effect, (media,).
    `effects`: sales brought by each medium in each week, (media, weeks). `base`: the other sales, (weeks,)."""

    shapes: Floats
    weights: Floats
    effects: Floats
    base: Floats
    residuals: Floats
    columns: int
    """Numbers fitted beside the media's."""

    @property
    def shares(self) -> Floats:
        """Of all sales, by medium, (media,)."""
        total = self.base.sum() + self.effects.sum() + self.residuals.sum()
        return np.asarray(self.effects.sum(axis=1) / total)


@dataclass(frozen=True)
class Draws:
    """Solutions of the same weeks with other noise: shapes (draws, media, 2), weights and shares (draws, media)."""

    shapes: Floats
    weights: Floats
    shares: Floats


def basis(weeks: Weeks) -> Floats:
    """What is solved away beside the media, as orthonormal rows (columns, weeks): base, trend, season, controls."""
    turn = 2 * np.pi * weeks.days / YEAR
    season = [wave(number * turn) for number in range(1, WAVES + 1) for wave in (np.sin, np.cos)]
    columns = np.vstack([np.ones(len(turn)), np.linspace(-1, 1, len(turn)), *season, weeks.controls])
    columns = columns / np.maximum(np.linalg.norm(columns, axis=1, keepdims=True), 1e-300)
    _, sizes, rows = np.linalg.svd(columns, full_matrices=False)
    return np.ascontiguousarray(rows[sizes > 1e-8 * sizes[0]])


def fitted(weeks: Weeks) -> Mix:
    """The best of several starts. Raises Refused: no_effect."""
    rows, media = basis(weeks), scaled(weeks)
    target = _freed(weeks.sales[None, :], rows)
    shapes, weights, _ = solving.descents(media, rows, target, _starts(len(media)))
    if not weights.any():
        raise Refused("no_effect", "Sales did not rise with the spending of any medium.")
    effects = weights[0][:, None] * saturated(media, shapes[0])
    base = (weeks.sales - effects.sum(axis=0)) @ rows.T @ rows
    residuals = weeks.sales - effects.sum(axis=0) - base
    return Mix(shapes[0], weights[0], effects, base, residuals, len(rows))


def drawn(weeks: Weeks, mix: Mix, *, rounds: int, seed: int) -> Draws:
    """Fit again to the fitted sales plus residuals drawn in blocks of weeks, made as large as the noise (they are
    smaller by what was fitted)."""
    chance = np.random.default_rng(seed)
    number = len(weeks.sales)
    freedom = max(1, number - mix.columns - 3 * len(mix.weights))
    noise = (mix.residuals - mix.residuals.mean()) * np.sqrt(number / freedom)
    begins = chance.integers(0, number, (rounds, -(-number // BLOCK)))
    places = ((begins[:, :, None] + np.arange(BLOCK)) % number).reshape(rounds, -1)[:, :number]
    sales = mix.base + mix.effects.sum(axis=0) + noise[places]
    rows, media = basis(weeks), scaled(weeks)
    shapes, weights, _ = solving.descents(media, rows, _freed(sales, rows), mix.shapes[None])
    brought = np.array(
        [one[:, None] * saturated(media, shape) for one, shape in zip(weights, shapes, strict=True)]
    )
    return Draws(shapes, weights, brought.sum(axis=2) / sales.sum(axis=1, keepdims=True))


def scaled(weeks: Weeks) -> Floats:
    """Spending as a share of each medium's highest week, (media, weeks)."""
    return np.ascontiguousarray(weeks.media / weeks.media.max(axis=1, keepdims=True))


def saturated(media: Floats, shapes: Floats) -> Floats:
    """What each week of spending does, of 1 at most, (media, weeks)."""
    found, nothing = np.empty_like(media), np.empty((0, media.shape[1]))
    for one, shape in enumerate(shapes):
        solving.shaped(media[one], nothing, shape, found[one])
    return found


def between(values: Floats, confidence: float) -> list[list[float]]:
    """Low and high of each column of draws, (draws, columns)."""
    ends = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    return [[float(low), float(high)] for low, high in ends.T]


def _freed(sales: Floats, rows: Floats) -> Floats:
    return np.ascontiguousarray(sales - sales @ rows.T @ rows)


def _starts(media: int) -> Floats:
    """All media slow or fast, soon or late full."""
    pairs = [(decay, np.log(scale)) for decay in (0.1, 0.5, 0.8) for scale in (0.2, 1.0)]
    return np.array([[pair] * media for pair in pairs])
