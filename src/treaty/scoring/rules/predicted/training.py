"""How a model is learned: which kinds the outcomes can carry, fitting, calibration on rows it has not seen. Seeded."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused
from treaty.scoring.rules.predicted import cells, tables, trees
from treaty.scoring.rules.predicted.calibration import FEW, calibrated
from treaty.scoring.rules.predicted.cells import ChoiceCells, FieldCells
from treaty.scoring.rules.predicted.columns import Choices, Column, checked, taken
from treaty.scoring.rules.predicted.model import Kind, Model
from treaty.scoring.rules.predicted.tables import Tables
from treaty.scoring.rules.predicted.trees import Trees

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
FEWEST = 20
"""Of the rarer outcome: below it nothing is learned."""
INNER = 5
ROUNDS = 150
FEWEST_OF_LEVEL, FEWEST_OF_LEAF, MOST_PARTS = 20, 30, 10
BOOSTING: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 12,
    "max_depth": 5,
    "lambda_l2": 5.0,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}
"""Small steps and shallow trees; one thread, so that the same seed gives the same trees on every machine."""


def missing_trees() -> str:
    """Why trees cannot be trained here, or nothing: LightGBM needs the system's libgomp.so.1."""
    try:
        import_module("lightgbm")
    except (ImportError, OSError) as error:
        return f"LightGBM cannot be loaded, so logistic regression is trained alone: {error}"
    return ""


def kinds(outcome: Truths) -> tuple[tuple[Kind, ...], str]:
    """Which kinds of model the outcomes carry, and why not all of them.

    Raises Refused ("too_few") with fewer than 20 of the rarer outcome.
    """
    rarer = int(min(outcome.sum(), len(outcome) - outcome.sum()))
    if rarer < FEWEST:
        raise Refused(
            "too_few",
            f"Of the rarer outcome there are {rarer} leads; a score needs {FEWEST}, and is good from {FEW} on.",
        )
    if rarer < FEW:
        return (
            "naive_bayes",
        ), f"Of the rarer outcome there are {rarer} leads; below {FEW} naive Bayes is trained alone."
    without = missing_trees()
    return (("logistic",) if without else ("logistic", "trees")), without


def train(
    columns: Sequence[Column], outcome: NDArray[np.float64], *, kind: Kind, seed: int, inner: int = INNER
) -> Model:
    """A calibrated model of all rows. `outcome`: (rows,) of 1 and 0.

    Its calibration is learned on `inner` parts, each scored by a model of the others. Raises Refused as `checked` does.
    """
    won = checked(columns, outcome)
    fields, body = fit(columns, won, kind=kind, seed=seed)
    margin = np.empty(len(won))
    for learn, judge in folds(won, inner, seed):
        told, asked = taken(columns, learn), taken(columns, judge)
        margin[judge] = unseen(told, won[learn], asked, kind=kind, seed=seed)
    return Model(kind, tuple(fields), body, calibrated(margin, won))


def fit(
    columns: Sequence[Column], outcome: Truths, *, kind: Kind, seed: int
) -> tuple[list[FieldCells], Tables | Trees]:
    """One model before calibration."""
    if kind == "naive_bayes":
        return tables.naive_bayes(columns, outcome)
    return tables.logistic(columns, outcome) if kind == "logistic" else boosted(columns, outcome, seed)


def unseen(
    columns: Sequence[Column], outcome: Truths, asked: Sequence[Column], *, kind: Kind, seed: int
) -> Floats:
    """(rows,) margins of other leads by a model that is not kept. Trees stay in their library: that saves a third."""
    if kind == "trees":
        fields, ranks, booster = grown(columns, outcome, seed)
        return np.asarray(booster.predict(_seen(fields, asked, ranks), raw_score=True))
    learned, body = fit(columns, outcome, kind=kind, seed=seed)
    return body.margin(learned, asked)


def boosted(columns: Sequence[Column], outcome: Truths, seed: int) -> tuple[list[FieldCells], Trees]:
    """Trees by LightGBM (Ke et al. 2017), taken over as arrays."""
    fields, ranks, booster = grown(columns, outcome, seed)
    return fields, trees.gathered(booster.dump_model()["tree_info"], ranks)


def grown(
    columns: Sequence[Column], outcome: Truths, seed: int
) -> tuple[list[FieldCells], list[list[int]], Any]:
    """The fields' cells, the ranks of choices, and the library's own model."""
    library = import_module("lightgbm")
    fields = cells.learned(columns, fewest=FEWEST_OF_LEVEL, most=MOST_PARTS)
    ranks = [ranked(field, column, outcome) for field, column in zip(fields, columns, strict=True)]
    seen = _seen(fields, columns, ranks)
    smallest = max(3, min(FEWEST_OF_LEAF, len(outcome) // 50))
    rows = library.Dataset(seen, outcome.astype(np.float64), params={"verbosity": -1, "num_threads": 1})
    return (
        fields,
        ranks,
        library.train({**BOOSTING, "seed": seed, "min_data_in_leaf": smallest}, rows, ROUNDS),
    )


def _seen(fields: Sequence[FieldCells], columns: Sequence[Column], ranks: Sequence[Sequence[int]]) -> Floats:
    told = zip(fields, columns, ranks, strict=True)
    return np.column_stack([trees.number(field, column, rank) for field, column, rank in told])


def ranked(field: FieldCells, column: Column, outcome: Truths) -> list[int]:
    """The place of each cell of a choice by its rate, drawn to the mean by ten rows, so that rare ones stand in the middle.

    A cell without rows has the place of the one nearest to the mean: what was never seen tells nothing.
    """
    if not (isinstance(field, ChoiceCells) and isinstance(column, Choices)):
        return []
    place, mean = field.cells(column), outcome.mean()
    rows = np.bincount(place, minlength=field.size)
    rate = (np.bincount(place, weights=outcome, minlength=field.size) + 10 * mean) / (rows + 10)
    seen = np.flatnonzero(rows)
    rank = np.empty(field.size, dtype=np.int64)
    rank[seen[np.argsort(rate[seen], kind="stable")]] = np.arange(len(seen))
    rank[rows == 0] = rank[seen[np.argmin(np.abs(rate[seen] - mean))]]
    return [int(at) for at in rank]


def folds(outcome: Truths, count: int, seed: int) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """`count` times (rows to learn from, rows to judge): each row is judged once, both outcomes shared out evenly.

    Raises Refused: "few_folds" (fewer than two).
    """
    if count < 2:
        raise Refused("few_folds", "A validation needs two parts at least.")
    chance = np.random.default_rng(seed)
    part = np.empty(len(outcome), dtype=np.int64)
    for side in (outcome, ~outcome):
        rows = np.flatnonzero(side)
        part[chance.permutation(rows)] = np.arange(len(rows)) % count
    return [(np.flatnonzero(part != one), np.flatnonzero(part == one)) for one in range(count)]
