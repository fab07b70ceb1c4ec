"""The compiled heart: carry-over and saturation searched, the linear rest solved away (variable projection).

Golub & Pereyra 1973: for each decay and scale per medium the best weights are linear least squares, so that only two
numbers per medium are searched, by Levenberg & Marquardt within a box. Plain loops: they compile in a third of the time.
"""

import math

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.compiled import compiled

Floats = NDArray[np.float64]

MOST_DECAY, LEAST_SCALE, MOST_SCALE = 0.95, -3.0, 2.0
"""Of a week's effect at most so much is left in the next; the scale is the logarithm of the spend, as a share of the
medium's highest week, at which tanh has reached .76."""
TURNS, TRIES = 60, 8


@compiled
def shaped(spend: Floats, basis: Floats, shape: Floats, found: Floats) -> None:
    """One medium carried over, saturated, and freed of what the orthonormal rows of the basis explain, into `found`."""
    held, stretch = 0.0, math.exp(-shape[1])
    for week in range(len(spend)):
        held = shape[0] * held + (1.0 - shape[0]) * spend[week]
        found[week] = math.tanh(held * stretch)
    for row in range(len(basis)):
        along = 0.0
        for week in range(len(spend)):
            along += basis[row, week] * found[week]
        for week in range(len(spend)):
            found[week] -= along * basis[row, week]


@compiled
def products(rows: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Of rows (n, weeks) with each other, (n, n), and with the target, (n,)."""
    size = len(rows)
    gram, moment = np.zeros((size, size)), np.zeros(size)
    for one in range(size):
        for week in range(len(target)):
            moment[one] += rows[one, week] * target[week]
        for other in range(one + 1):
            total = 0.0
            for week in range(len(target)):
                total += rows[one, week] * rows[other, week]
            gram[one, other] = gram[other, one] = total
    return gram, moment


@compiled
def weighted(gram: Floats, moment: Floats) -> Floats:
    """Weights of least squares that are not negative, one after the other: the problem is convex, so it ends at its best."""
    found = np.zeros(len(moment))
    for _turn in range(500):
        moved = 0.0
        for one in range(len(moment)):
            rest = moment[one] + gram[one, one] * found[one]
            for other in range(len(moment)):
                rest -= gram[one, other] * found[other]
            best = max(0.0, rest / gram[one, one]) if gram[one, one] > 1e-12 else 0.0
            moved = max(moved, abs(best - found[one]))
            found[one] = best
        if moved <= 1e-12 * (1.0 + found.max()):
            break
    return found


@compiled
def left(shapes: Floats, target: Floats, rest: Floats) -> tuple[float, Floats]:
    """What the best weights leave of the target, into `rest`; its sum of squares, and the weights."""
    gram, moment = products(shapes, target)
    weights, squares = weighted(gram, moment), 0.0
    for week in range(len(target)):
        rest[week] = target[week]
        for one in range(len(weights)):
            rest[week] -= weights[one] * shapes[one, week]
        squares += rest[week] * rest[week]
    return squares, weights


@compiled
def solved(matrix: Floats, right: Floats, damping: float) -> Floats:
    """The damped step of Marquardt: (A + d diag A) x = b for a symmetric, not negative A, by Cholesky."""
    size = len(right)
    root, found = np.zeros((size, size)), right.copy()
    for row in range(size):
        for column in range(row + 1):
            total = matrix[row, column]
            if row == column:
                total += damping * matrix[row, row] + 1e-9
            for place in range(column):
                total -= root[row, place] * root[column, place]
            root[row, column] = (
                math.sqrt(max(total, 1e-12)) if row == column else total / root[column, column]
            )
    for row in range(size):
        for place in range(row):
            found[row] -= root[row, place] * found[place]
        found[row] /= root[row, row]
    for row in range(size - 1, -1, -1):
        for place in range(row + 1, size):
            found[row] -= root[place, row] * found[place]
        found[row] /= root[row, row]
    return found


@compiled
def slopes(media: Floats, basis: Floats, target: Floats, at: Floats, shapes: Floats, rest: Floats) -> Floats:
    """How the rest changes with each number searched, (2 media, weeks), by differences that stay within the box."""
    found, nudged, moved = np.empty((at.size, len(target))), shapes.copy(), at.copy()
    for place in range(at.size):
        one, which = place // 2, place % 2
        step = -1e-6 if at[one, which] > (0.9 if which == 0 else 1.9) else 1e-6
        moved[one, which] += step
        shaped(media[one], basis, moved[one], nudged[one])
        left(nudged, target, found[place])
        for week in range(len(target)):
            found[place, week] = (found[place, week] - rest[week]) / step
            nudged[one, week] = shapes[one, week]
        moved[one, which] = at[one, which]
    return found


@compiled
def judged(
    media: Floats, basis: Floats, target: Floats, at: Floats, shapes: Floats, rest: Floats
) -> tuple[float, Floats]:
    """The media shaped at a place, what they leave, its sum of squares, and their weights."""
    for one in range(len(media)):
        shaped(media[one], basis, at[one], shapes[one])
    return left(shapes, target, rest)


@compiled
def within(at: Floats, step: Floats) -> Floats:
    """A step from a place, cut at the walls of the box."""
    moved = np.empty_like(at)
    for one in range(len(at)):
        moved[one, 0] = min(max(at[one, 0] - step[2 * one], 0.0), MOST_DECAY)
        moved[one, 1] = min(max(at[one, 1] - step[2 * one + 1], LEAST_SCALE), MOST_SCALE)
    return moved


@compiled
def descended(media: Floats, basis: Floats, target: Floats, at: Floats) -> tuple[Floats, Floats, float]:
    """From `at` (media, 2) to the nearest minimum: the place, weights (media,), sum of squares.

    `media`: (media, weeks), each at most 1. `basis`: orthonormal rows (columns, weeks). `target`: (weeks,), freed of it.
    """
    shapes, rest, tried = np.empty_like(media), np.empty_like(target), np.empty_like(target)
    squares, weights = judged(media, basis, target, at, shapes, rest)
    damping = 1e-3
    for _turn in range(TURNS):
        normal, downhill = products(slopes(media, basis, target, at, shapes, rest), rest)
        before = squares
        for _try in range(TRIES):
            moved = within(at, solved(normal, downhill, damping))
            found, heavier = judged(media, basis, target, moved, shapes, tried)
            if found < squares:
                at, squares, weights = moved, found, heavier
                rest, tried = tried, rest
                damping = max(damping / 8.0, 1e-9)
                break
            damping *= 4.0
        if before - squares <= 1e-9 * before:
            break
    return at, weights, squares


def descents(media: Floats, basis: Floats, targets: Floats, starts: Floats) -> tuple[Floats, Floats, Floats]:
    """The best minimum of all starts for each target: shapes (targets, media, 2), weights (targets, media), squares."""
    rounds, channels = len(targets), len(media)
    shapes, weights = np.empty((rounds, channels, 2)), np.empty((rounds, channels))
    squares = np.full(rounds, np.inf)
    for turn in range(rounds):
        for place in range(len(starts)):
            at, weight, square = descended(media, basis, targets[turn], starts[place])
            if square < squares[turn]:
                shapes[turn], weights[turn], squares[turn] = at, weight, square
    return shapes, weights, squares
