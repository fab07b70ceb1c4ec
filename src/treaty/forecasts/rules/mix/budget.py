"""Where the same money would bring more, and how sure that is.

A medium that spends s every week brings weight * tanh(s / scale): concave, so the best split gives each medium money
until the next unit brings everywhere the same (Everett 1963). Advised is the split that brings most in the mean of all
draws: where a medium is known badly, less is staked on it. Nothing is told beyond what a medium has ever spent.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.forecasts.rules.mix.fitting import Draws, Mix
from treaty.forecasts.rules.mix.weeks import Weeks
from treaty.kit.rules.refusals import Refused

Floats = NDArray[np.float64]

RECENT = 52
"""Weeks whose spending is the one to improve on."""


@dataclass(frozen=True)
class Advice:
    """A week's money, split anew. `now`, `advised`: (media,). `returns`: sales by one more unit of spending now, (media,).
    `gain`: more sales a week in the mean of all draws; that of every draw, (draws,); the best split of each, (draws, media)."""

    now: Floats
    advised: Floats
    returns: Floats
    gain: float
    drawn_returns: Floats
    drawn_gains: Floats
    drawn_advised: Floats


def advised(weeks: Weeks, mix: Mix, draws: Draws, *, budget: float | None = None) -> Advice:
    """`budget`: for a week, in the media's unit; else what the last year spent in its mean week.

    Raises Refused: bad_budget, beyond_seen.
    """
    now, most = weeks.media[:, -RECENT:].mean(axis=1), weeks.media.max(axis=1)
    money = float(now.sum()) if budget is None else budget
    if not money > 0:
        raise Refused(
            "bad_budget", "There is no budget to split: the last year spent nothing, and none was given."
        )
    if money > most.sum():
        raise Refused(
            "beyond_seen",
            f"No week ever spent more than {most.sum():.6g} in all; beyond that nothing is known.",
        )
    scales = most * np.exp(draws.shapes[:, :, 1])
    best = split_of_all(draws.weights, scales, most, money)
    current = now * (money / now.sum()) if now.any() else np.full(len(now), money / len(now))
    current = np.minimum(current, most)
    gains = brought(best, draws.weights, scales) - brought(current, draws.weights, scales)
    return Advice(
        current,
        best,
        returns(current, mix.weights, most * np.exp(mix.shapes[:, 1])),
        float(gains.mean()),
        returns(current, draws.weights, scales),
        gains,
        split(draws.weights, scales, most, money),
    )


def brought(spend: Floats, weights: Floats, scales: Floats) -> Floats:
    """Sales a week from spending (..., media) evenly."""
    return np.asarray((weights * np.tanh(spend / scales)).sum(axis=-1))


def returns(spend: Floats, weights: Floats, scales: Floats) -> Floats:
    """Sales by one more unit of spending, (..., media)."""
    return np.asarray(weights / scales / np.cosh(spend / scales) ** 2)


def split(weights: Floats, scales: Floats, most: Floats, money: float) -> Floats:
    """The split (draws, media) of the money that brings most: the price of a unit is halved in until it fits."""
    steep = weights / scales
    low, high = np.full(len(weights), -80.0), np.log(np.maximum(steep.max(axis=1), 1e-300))
    for _turn in range(100):
        price = (low + high) / 2
        spent = _taken(steep, scales, most, np.exp(price)).sum(axis=1)
        low, high = np.where(spent > money, price, low), np.where(spent > money, high, price)
    return _filled(_taken(steep, scales, most, np.exp(high)), most, money)


def split_of_all(weights: Floats, scales: Floats, most: Floats, money: float) -> Floats:
    """The one split (media,) that brings most in the mean of all draws: two halvings, of the price and of the spending."""
    low, high = -80.0, float(np.log(np.maximum((weights / scales).mean(axis=0).max(), 1e-300)))
    for _turn in range(60):
        price = (low + high) / 2
        spends_too_much = _taken_of_all(weights, scales, most, np.exp(price)).sum() > money
        low, high = (price, high) if spends_too_much else (low, price)
    taken = _taken_of_all(weights, scales, most, np.exp(high))
    return np.asarray(_filled(taken[None], most, money)[0])


def _taken_of_all(weights: Floats, scales: Floats, most: Floats, price: float) -> Floats:
    """What each medium takes at a price where its mean return over all draws is that price, (media,)."""
    low, high = np.zeros(len(most)), most.copy()
    for _turn in range(50):
        spend = (low + high) / 2
        pays = returns(spend, weights, scales).mean(axis=0) > price
        low, high = np.where(pays, spend, low), np.where(pays, high, spend)
    return np.asarray(low)


def _filled(found: Floats, most: Floats, money: float) -> Floats:
    """Where nothing more brings anything, the rest goes where there is room."""
    found = np.where(found < 1e-9 * money, 0.0, found)
    rest, room = money - found.sum(axis=1), most - found
    rest = np.where(np.abs(rest) < 1e-6 * money, 0.0, rest)
    return np.asarray(found + room * (rest / np.maximum(room.sum(axis=1), 1e-300))[:, None])


def _taken(steep: Floats, scales: Floats, most: Floats, price: Floats) -> Floats:
    """What each medium takes at a price per unit, (draws, media)."""
    ratio = np.maximum(steep / price[:, None], 1.0)
    return np.asarray(np.minimum(scales * np.arccosh(np.sqrt(ratio)), most))
