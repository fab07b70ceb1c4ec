"""Trees as paths from root to leaf, and what each field adds to a row's log-odds: exact Shapley values.

The game (Lundberg, Erion & Lee 2018, "path-dependent"): where a field is not known, a row goes both ways, in proportion
to the rows trained on. Per path, with z the share that passes a field's tests and o whether this row does, the game is a
product over fields; by Owen's multilinear extension (1972) the Shapley value of field i is

    leaf * (o_i - z_i) * integral over u in [0, 1] of product over j != i of (o_j u + z_j (1 - u))

a polynomial, which Gauss-Legendre quadrature integrates exactly. Values of all fields and the base add up to the margin.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.compiled import compiled

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Paths:
    """`leaf`: (paths,). The tests of path p stand at `start[p]` to `start[p + 1]`, one per field: low < x <= high."""

    leaf: Floats
    start: Whole
    field: Whole
    low: Floats
    high: Floats
    takes_blank: Truths
    share: Floats
    """Of the rows that came to the field's tests, those that passed."""

    @property
    def base(self) -> float:
        """The sum over leaves, weighted by the rows that end there."""
        return float(
            sum(
                value * self.share[first:last].prod()
                for value, first, last in zip(self.leaf, self.start[:-1], self.start[1:], strict=True)
            )
        )


Tests = dict[int, tuple[float, float, bool, float]]
"""By field: low, high, whether a blank passes, the share that passes."""


def paths(nodes: Any, roots: Whole) -> Paths:
    """Every leaf of every tree with what leads to it; several tests of one field become one."""
    found: list[tuple[float, Tests]] = []
    for root in roots.tolist():
        _follow(nodes, root, {}, found)
    rows = [(field, *test) for _, tests in found for field, test in tests.items()]
    field, low, high, blank, share = zip(*rows, strict=True) if rows else ((),) * 5
    return Paths(
        leaf=np.array([leaf for leaf, _ in found], np.float64),
        start=np.cumsum([0, *(len(tests) for _, tests in found)], dtype=np.int64),
        field=np.array(field, np.int64),
        low=np.array(low, np.float64),
        high=np.array(high, np.float64),
        takes_blank=np.array(blank, np.bool_),
        share=np.array(share, np.float64),
    )


def _follow(nodes: Any, node: int, tests: Tests, found: list[tuple[float, Tests]]) -> None:
    field = int(nodes.field[node])
    if field < 0:
        found.append((float(nodes.value[node]), tests))
        return
    low, high, blank, share = tests.get(field, (-np.inf, np.inf, True, 1.0))
    edge, is_left = float(nodes.threshold[node]), bool(nodes.is_blank_left[node])
    for child, ends, takes in (
        (int(nodes.left[node]), (low, min(high, edge)), is_left),
        (int(nodes.right[node]), (max(low, edge), high), not is_left),
    ):
        passed = share * float(nodes.cover[child] / nodes.cover[node])
        _follow(nodes, child, {**tests, field: (*ends, blank and takes, passed)}, found)


def shares(told: Paths, seen: Floats) -> Floats:
    """(rows, fields) of numbers to (rows, fields) of log-odds."""
    longest = int(np.diff(told.start).max(initial=1))
    point, weight = np.polynomial.legendre.leggauss((longest + 1) // 2)
    return _shares(
        seen,
        told.leaf,
        told.start,
        told.field,
        told.low,
        told.high,
        told.takes_blank,
        told.share,
        (point + 1) / 2,
        weight / 2,
    )


@compiled
def _shares(
    seen: Floats,
    leaf: Floats,
    start: Whole,
    field: Whole,
    low: Floats,
    high: Floats,
    takes_blank: Truths,
    share: Floats,
    point: Floats,
    weight: Floats,
) -> Floats:
    found = np.zeros(seen.shape)
    passes = np.zeros(len(field))
    for row in range(len(seen)):
        for path in range(len(leaf)):
            first, last = start[path], start[path + 1]
            for at in range(first, last):
                x = seen[row, field[at]]
                passes[at] = takes_blank[at] if np.isnan(x) else (low[at] < x <= high[at])
            for place in range(len(point)):
                u, product = point[place], leaf[path] * weight[place]
                for at in range(first, last):
                    product *= passes[at] * u + share[at] * (1 - u)
                for at in range(first, last):
                    own = passes[at] * u + share[at] * (1 - u)
                    found[row, field[at]] += (passes[at] - share[at]) * product / own
    return found


@compiled
def walk(
    seen: Floats,
    roots: Whole,
    field: Whole,
    threshold: Floats,
    is_blank_left: Truths,
    left: Whole,
    right: Whole,
    value: Floats,
) -> Floats:
    """(rows, fields) of numbers to (rows,): the sum of the leaves where each row ends."""
    found = np.zeros(len(seen))
    for row in range(len(seen)):
        for root in roots:
            node = root
            while field[node] >= 0:
                x = seen[row, field[node]]
                goes_left = is_blank_left[node] if np.isnan(x) else x <= threshold[node]
                node = left[node] if goes_left else right[node]
            found[row] += value[node]
    return found
