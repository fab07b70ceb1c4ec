"""The Markov removal effect: what part of the conversions would be lost without a channel; exact, never simulated.

Paths are an absorbing chain over the windows of `transitions` (Kemeny & Snell 1960, chapter 3); the removal effect of a
channel is 1 - P(conversion without any state that holds it) / P(conversion) (Anderl, Becker, von Wangenheim & Schumann
2016). Order 1 is one solve: with N = (I - Q)^-1, f = x0 N and h = N b, what converts through c is f[c] h[c] / N[c, c].
Higher orders advance the chain and its C chains with one channel removed together, as products over the blocks of windows
that share all but their first touch, and extrapolate what is absorbed by Aitken's process.
"""

from dataclasses import dataclass

import numpy as np

from treaty.attribution.rules.paths import CONVERSIONS, NULLS, VALUE, Amounts
from treaty.attribution.rules.transitions import Transitions, block
from treaty.kit.rules.refusals import Refused

EXACT = 1e-9
"""How far the probability of a conversion may lie from the share of paths that converted."""
STILL = 1e-13
"""Changes of the extrapolated probabilities, as parts of the whole, that count as none."""
MOST_STEPS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Removal:
    """What leaving out each channel would lose.

    effects (channels, 2): parts of the conversions and of the value, 0 to 1. probability: of a conversion, by the chain.
    difference: between it and conversions / (conversions + nulls), which the conservation of flow makes equal.
    value, value_difference: the same of the value of one path, in money. steps: how far the chain was advanced; 0: a solve.
    """

    order: int
    effects: Amounts
    probability: float
    difference: float
    value: float
    value_difference: float
    steps: int


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """An absorbing chain: begins (S,), steps (S, C), payoffs (S, 2) for one path on average; S = C^order."""

    order: int
    begins: Amounts
    steps: Amounts
    payoffs: Amounts
    at_once: Amounts
    """(C + 1, 2): payoffs of paths too short for a window; of all, then of those without each channel."""
    whole: Amounts
    """(2,): conversions and value for one path on average, counted."""


def removal(counts: Transitions) -> Removal:
    """The removal effects of all channels, for conversions and for value.

    The value of a conversion is the mean observed in the state before it. Raises Refused: none_converted, and inexact
    where the self-check fails, which only overflowing counts can bring about.
    """
    if not counts.totals[CONVERSIONS]:
        raise Refused("none_converted", "No path converted: removing a channel cannot lose anything.")
    chain = chained(counts)
    left, steps = (_solved(chain), 0) if chain.order == 1 else _advanced(chain)
    left += chain.at_once
    difference = left[0] - chain.whole
    if not abs(difference[0]) < EXACT or not abs(difference[1]) <= EXACT * max(1.0, chain.whole[1]):
        raise Refused(
            "inexact", f"The chain converts {left[0, 0]:.12g} of all paths; {chain.whole[0]:.12g} did."
        )
    lost = np.clip(left[0] - left[1:], 0.0, None)
    effects = np.divide(lost, left[0], out=np.zeros_like(lost), where=left[0] > 0)
    probability, value = left[0].tolist()
    return Removal(
        counts.order, effects, probability, float(difference[0]), value, float(difference[1]), steps
    )


def chained(counts: Transitions) -> Chain:
    """The chain of some counts: steps from a state to itself are merged, as they change no probability."""
    size, order = len(counts.names), counts.order
    moves, ends = counts.moves.copy(), counts.ends[block(size, order)]
    same = np.arange(size) * sum(size**digit for digit in range(order))
    moves[same, np.arange(size)] = 0.0
    leaving = moves.sum(axis=1) + ends[:, CONVERSIONS] + ends[:, NULLS]
    scale = np.divide(1.0, leaving, out=np.zeros_like(leaving), where=leaving > 0)[:, None]
    paths = counts.totals[CONVERSIONS] + counts.totals[NULLS]
    moves *= scale
    return Chain(
        order,
        counts.begins / paths,
        moves,
        ends[:, : VALUE + 1] * scale,
        _at_once(counts) / paths,
        counts.totals[: VALUE + 1] / paths,
    )


def _at_once(counts: Transitions) -> Amounts:
    size = len(counts.names)
    left = np.zeros((size + 1, 2))
    for length in range(1, counts.order):
        ends = counts.ends[block(size, length), : VALUE + 1].reshape((size,) * length + (2,))
        left[0] += ends.reshape(-1, 2).sum(axis=0)
        for channel in range(size):
            without = np.arange(size) != channel
            left[channel + 1] += ends[np.ix_(*[without] * length)].reshape(-1, 2).sum(axis=0)
    return left


def _solved(chain: Chain) -> Amounts:
    """(C + 1, 2): payoffs of the whole chain and without each channel, by one inverse; order 1."""
    visits = np.linalg.inv(np.eye(len(chain.steps)) - chain.steps)
    begun, later = chain.begins @ visits, visits @ chain.payoffs
    through = (begun / np.diag(visits))[:, None] * later
    whole = begun @ chain.payoffs
    return np.vstack([whole, whole - through])


def _advanced(chain: Chain) -> tuple[Amounts, int]:
    """(C + 1, 2) and the number of steps: mass moves until what is still absorbed is known to the last digits."""
    size = chain.steps.shape[1]
    blocks = np.ascontiguousarray(chain.steps.reshape(size, -1, size).transpose(1, 2, 0))
    mass = _begun(chain)
    moved = np.empty_like(mass)
    paid = (chain.payoffs.T @ mass).T
    before, guess, still = paid.copy(), paid.copy(), 0
    due = chain.whole - chain.at_once[0]
    for step in range(1, MOST_STEPS):
        np.matmul(
            blocks, mass.reshape(size, -1, size + 1).transpose(1, 0, 2), out=moved.reshape(-1, size, size + 1)
        )
        mass, moved = moved, mass
        for channel in range(size):
            mass[channel::size, channel + 1] = 0.0
        gain = (chain.payoffs.T @ mass).T
        paid += gain
        better = paid + _rest(gain, before)
        is_still = _is_near(better, guess, chain, STILL) and _is_near(better[0], due, chain, 10 * STILL)
        still = still + 1 if is_still else 0
        if still == 3 or not mass[:, 0].any():
            return better, step
        before, guess = gain, better
    raise Refused("inexact", f"After {MOST_STEPS} steps paths still run: nearly all of them end in none.")


def _is_near(one: Amounts, other: Amounts, chain: Chain, parts: float) -> bool:
    return bool((abs(one - other) <= parts * chain.whole).all())


def _begun(chain: Chain) -> Amounts:
    """(S, C + 1): where paths begin, in the whole chain and in each without a channel."""
    size = chain.steps.shape[1]
    mass = np.repeat(chain.begins[:, None], size + 1, axis=1)
    grid = mass.reshape((size,) * chain.order + (size + 1,))
    for digit in range(chain.order):
        for channel in range(size):
            np.moveaxis(grid, digit, 0)[channel, ..., channel + 1] = 0.0
    return mass


def _rest(gain: Amounts, before: Amounts) -> Amounts:
    """What a geometric tail still brings (Aitken): gain * r / (1 - r), where r is the ratio of the last two gains."""
    ratio = np.divide(gain, before, out=np.zeros_like(gain), where=before > 0)
    return np.where(ratio < 1.0, gain * ratio / np.where(ratio < 1.0, 1.0 - ratio, 1.0), 0.0)
