"""Shapley values: a channel's mean gain over all orders in which channels could join.

Game "sum" (Zhao, Mahboobi & Bagheri 2018): a coalition earns what paths brought that meet only its channels; then each path's
outcome is shared equally by its different channels. Game "rate": a coalition earns the share of conversions among
those paths; its values may be negative, and are shown as they are.
"""

from typing import Final

import numpy as np

from treaty.attribution.rules.paths import (
    CONVERSIONS,
    NULLS,
    VALUE,
    Amounts,
    Channels,
    Paths,
    Places,
    check_converted,
)
from treaty.kit.rules.compiled import compiled
from treaty.kit.rules.refusals import Refused

GAMES: Final = ("sum", "rate")
MOST_IN_RATE = 20
EXACT = 1e-9


def shapley(paths: Paths, game: str = "sum") -> Amounts:
    """Credit (channels, 2), conversions and value; it sums to theirs.

    Raises Refused: bad_game, none_converted, too_many_channels.
    """
    if game not in GAMES:
        raise Refused("bad_game", f'The games are sum and rate, not "{game}".')
    check_converted(paths)
    if game == "sum":
        return _sum(paths.channels, paths.starts, paths.outcomes, paths.size)
    if paths.size > MOST_IN_RATE:
        text = f'The game "rate" weighs all coalitions of {MOST_IN_RATE} channels at most, and there are {paths.size}.'
        raise Refused("too_many_channels", text)
    table = _by_set(paths.channels, paths.starts, paths.outcomes, paths.size)
    credit: Amounts = mean_gains(_rates(table), paths.size) * (
        paths.totals[CONVERSIONS] + paths.totals[NULLS]
    )
    return credit


def mean_gains(worths: Amounts, players: int) -> Amounts:
    """(players, n) from the worths (2^players, n) of all coalitions, whose bits say who is in; the empty one is worth 0.

    Raises Refused (inexact) where the gains do not sum to the worth of all.
    """
    in_, out = _weights(players)
    gains = np.empty((players, worths.shape[1]))
    for player in range(players):
        split = worths.reshape(-1, 2, 1 << player, worths.shape[1])
        with_, without = in_.reshape(split.shape[:3])[:, 1], out.reshape(split.shape[:3])[:, 0]
        gains[player] = np.einsum("ab,abn->n", with_, split[:, 1]) - np.einsum(
            "ab,abn->n", without, split[:, 0]
        )
    if not np.allclose(gains.sum(axis=0), worths[-1], rtol=EXACT, atol=EXACT):
        raise Refused("inexact", "The gains do not sum to what all earn together.")
    return gains


def _weights(players: int) -> tuple[Amounts, Amounts]:
    """By coalition: |S|! (n - |S| - 1)! / n! for who joins it, and the same for who has joined it last."""
    joining = np.empty(players)
    joining[0] = 1.0 / players
    for size in range(1, players):
        joining[size] = joining[size - 1] * size / (players - size)
    sizes = np.zeros(1, np.int64)
    for _ in range(players):
        sizes = np.concatenate([sizes, sizes + 1])
    return np.append(0.0, joining)[sizes], np.append(joining, 0.0)[sizes]


def _rates(table: Amounts) -> Amounts:
    """(2^channels, 2): conversions and value for one path on average, over paths within each coalition (zeta transform)."""
    within = table.copy()
    for player in range(len(table).bit_length() - 1):
        split = within.reshape(-1, 2, 1 << player, 3)
        split[:, 1] += split[:, 0]
    paths = (within[:, CONVERSIONS] + within[:, NULLS])[:, None]
    return np.divide(within[:, : VALUE + 1], paths, out=np.zeros((len(table), 2)), where=paths > 0)


@compiled
def _by_set(channels: Channels, starts: Places, outcomes: Amounts, size: int) -> Amounts:
    table = np.zeros((1 << size, 3))
    for path in range(len(starts) - 1):
        met = 0
        for touch in range(starts[path], starts[path + 1]):
            met |= 1 << int(channels[touch])
        for column in range(3):
            table[met, column] += outcomes[path, column]
    return table


@compiled
def _sum(channels: Channels, starts: Places, outcomes: Amounts, size: int) -> Amounts:
    credit = np.zeros((size, 2))
    met_in = np.full(size, -1, np.int64)
    met = np.empty(size, np.int64)
    for path in range(len(starts) - 1):
        if outcomes[path, CONVERSIONS] == 0.0:
            continue
        count = 0
        for touch in range(starts[path], starts[path + 1]):
            channel = channels[touch]
            if met_in[channel] != path:
                met_in[channel] = path
                met[count] = channel
                count += 1
        for place in range(count):
            credit[met[place], CONVERSIONS] += outcomes[path, CONVERSIONS] / count
            credit[met[place], VALUE] += outcomes[path, VALUE] / count
    return credit
