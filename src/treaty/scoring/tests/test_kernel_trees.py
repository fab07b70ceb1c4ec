"""Trees as arrays: the same margins as the library that trained them, and reasons that are Shapley values."""

from importlib import import_module
from itertools import combinations
from math import factorial

import numpy as np
import pytest
from numpy.typing import NDArray

from treaty.scoring.rules.predicted import paths
from treaty.scoring.rules.predicted.training import boosted
from treaty.scoring.rules.predicted.trees import Nodes, Trees, gathered
from treaty.scoring.tests.made import made

Floats = NDArray[np.float64]
PARAMS = {
    "objective": "binary",
    "num_leaves": 9,
    "min_data_in_leaf": 5,
    "verbosity": -1,
    "num_threads": 1,
    "seed": 3,
}


def trained(rounds: int, blanks: float = 0.2) -> tuple[object, Trees, Floats]:
    """LightGBM's own model, ours of it, and rows with blanks."""
    library, chance = import_module("lightgbm"), np.random.default_rng(5)
    seen = chance.normal(size=(300, 4))
    won = seen[:, 0] * seen[:, 1] + seen[:, 2] + chance.normal(size=300) > 0
    seen[chance.random(seen.shape) < blanks] = np.nan
    rows = library.Dataset(seen, won.astype(float), params={"verbosity": -1})
    booster = library.train(PARAMS, rows, rounds)
    return booster, gathered(booster.dump_model()["tree_info"], [()] * 4), seen


def expected(nodes: Nodes, node: int, row: Floats, known: frozenset[int]) -> float:
    """The mean of the leaves that a row reaches where only some of its fields are known."""
    field = int(nodes.field[node])
    if field < 0:
        return float(nodes.value[node])
    left, right = int(nodes.left[node]), int(nodes.right[node])
    if field in known:
        x = row[field]
        goes_left = nodes.is_blank_left[node] if np.isnan(x) else x <= nodes.threshold[node]
        return expected(nodes, left if goes_left else right, row, known)
    both = (expected(nodes, child, row, known) * nodes.cover[child] for child in (left, right))
    return float(sum(both) / nodes.cover[node])


def game(told: Trees, row: Floats, known: frozenset[int]) -> float:
    return sum(expected(told.nodes, int(root), row, known) for root in told.roots)


def brute_force(told: Trees, row: Floats, fields: int) -> list[float]:
    """Shapley's definition (1953): every order in which fields could become known."""
    found = []
    for one in range(fields):
        others = [field for field in range(fields) if field != one]
        total = 0.0
        for size in range(fields):
            weight = factorial(size) * factorial(fields - 1 - size) / factorial(fields)
            for chosen in combinations(others, size):
                known = frozenset(chosen)
                total += weight * (game(told, row, known | {one}) - game(told, row, known))
        found.append(total)
    return found


def test_reasons_are_shapley_values_by_their_definition() -> None:
    _, told, seen = trained(6)
    found = paths.shares(told.paths, seen[:12])
    for row, share in zip(seen[:12], found, strict=True):
        assert share == pytest.approx(brute_force(told, row, 4), abs=1e-12)
    assert told.base == pytest.approx(game(told, seen[0], frozenset()))


@pytest.mark.parametrize("blanks", [0.0, 0.2])
def test_margins_and_reasons_are_those_of_the_library(blanks: float) -> None:
    booster, told, seen = trained(30, blanks)
    nodes = told.nodes
    margin = paths.walk(
        seen,
        told.roots,
        nodes.field,
        nodes.threshold,
        nodes.is_blank_left,
        nodes.left,
        nodes.right,
        nodes.value,
    )
    assert margin == pytest.approx(booster.predict(seen, raw_score=True), abs=1e-12)  # type: ignore[attr-defined]
    theirs = booster.predict(seen, pred_contrib=True)  # type: ignore[attr-defined]
    assert paths.shares(told.paths, seen) == pytest.approx(theirs[:, :-1], abs=1e-9)
    assert told.base == pytest.approx(theirs[0, -1], abs=1e-9)


def walked(told: Trees, seen: Floats) -> Floats:
    """The walk in plain NumPy: all rows go down a tree together."""
    nodes, total, rows = told.nodes, np.zeros(len(seen)), np.arange(len(seen))
    for root in told.roots:
        node = np.full(len(seen), root)
        while (nodes.field[node] >= 0).any():
            x = seen[rows, np.maximum(nodes.field[node], 0)]
            goes_left = np.where(np.isnan(x), nodes.is_blank_left[node], x <= nodes.threshold[node])
            below = np.where(goes_left, nodes.left[node], nodes.right[node])
            node = np.where(nodes.field[node] >= 0, below, node)
        total += nodes.value[node]
    return total


def test_walks_and_reasons_agree_for_fields_of_every_kind() -> None:
    columns, outcome = made(1200)
    fields, told = boosted(columns, outcome.astype(bool), seed=1)
    margin = told.margin(fields, columns)
    assert margin == pytest.approx(walked(told, told.seen(fields, columns)), abs=1e-12)
    assert told.base + told.shares(fields, columns).sum(axis=1) == pytest.approx(margin, abs=1e-9)


def test_a_tree_without_a_split_says_its_leaf() -> None:
    told = gathered([{"tree_structure": {"leaf_value": -0.4}}], [()])
    assert told.base == -0.4
    assert paths.shares(told.paths, np.zeros((2, 1))).tolist() == [[0.0], [0.0]]
