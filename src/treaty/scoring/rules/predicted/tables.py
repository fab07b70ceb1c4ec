"""Models whose log-odds are a sum of one entry per field: naive Bayes, and logistic regression over cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treaty.scoring.rules.predicted import cells
from treaty.scoring.rules.predicted.cells import BLANK_CELL, Cells, FieldCells
from treaty.scoring.rules.predicted.columns import Column

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
FEWEST, MOST = 20, 20
"""Of logistic regression: rows that give a level a cell of its own, and parts of a number."""
FEWEST_COUNTED, MOST_COUNTED = 2, 5
"""Of naive Bayes, which learns from little."""
SMOOTHING = 1.0
"""Rows that naive Bayes adds to each cell of both outcomes (Laplace)."""


@dataclass(frozen=True)
class Tables:
    """`entries[f][cell]`: log-odds that a cell of field f adds to `base`, which is the mean of all rows trained on."""

    base: float
    entries: tuple[tuple[float, ...], ...]

    def shares(self, fields: Sequence[FieldCells], columns: Sequence[Column]) -> Floats:
        """(rows, fields): what each field adds to the base, in log-odds."""
        place = cells.matrix(fields, columns)
        return np.column_stack([np.asarray(entry)[place[:, at]] for at, entry in enumerate(self.entries)])

    def margin(self, fields: Sequence[FieldCells], columns: Sequence[Column]) -> Floats:
        """(rows,) log-odds before calibration."""
        return np.asarray(self.base + self.shares(fields, columns).sum(axis=1), dtype=np.float64)

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return {"base": self.base, "entries": [list(entry) for entry in self.entries]}


def read(data: dict[str, Any]) -> Tables:
    """What `data` wrote."""
    return Tables(data["base"], tuple(tuple(entry) for entry in data["entries"]))


def naive_bayes(columns: Sequence[Column], outcome: Truths) -> tuple[list[FieldCells], Tables]:
    """Counts per field and outcome (Laplace's smoothing); a blank says nothing, for or against.

    Entry = log P(cell | converted) - log P(cell | not), as if fields did not depend on each other.
    """
    fields = cells.learned(columns, fewest=FEWEST_COUNTED, most=MOST_COUNTED)
    place, won = cells.matrix(fields, columns), int(outcome.sum())
    entries = [_counted(place[:, at], field.size, outcome) for at, field in enumerate(fields)]
    return fields, centred(float(np.log(won / (len(outcome) - won))), entries, place)


def _counted(place: Cells, size: int, outcome: Truths) -> Floats:
    told = SMOOTHING + np.bincount(place + size * outcome, minlength=2 * size).reshape(2, size).astype(float)
    entry = np.log(told[1]) - np.log(told[0])
    entry -= np.log(told[1, 1:].sum()) - np.log(told[0, 1:].sum())
    entry[BLANK_CELL] = 0.0
    return np.asarray(entry, dtype=np.float64)


def logistic(
    columns: Sequence[Column], outcome: Truths, *, strength: float = 1.0
) -> tuple[list[FieldCells], Tables]:
    """Maximum likelihood over all cells at once, with a penalty on squares (1 / `strength`): rare cells stay near nought."""
    fields = cells.learned(columns, fewest=FEWEST, most=MOST)
    place = cells.matrix(fields, columns)
    sizes = [field.size for field in fields]
    # Newton's steps reach the peak in five; the usual L-BFGS takes ten times as long and ends a little before it.
    fitted = import_module("sklearn.linear_model").LogisticRegression(
        C=strength, solver="newton-cholesky", tol=1e-8
    )
    fitted.fit(one_hot(place, sizes), outcome)
    entries = np.split(fitted.coef_[0], np.cumsum(sizes)[:-1])
    return fields, centred(float(fitted.intercept_[0]), entries, place)


def one_hot(place: Cells, sizes: Sequence[int]) -> Any:
    """(rows, cells of all fields) sparse: a one in the cell of each field."""
    rows, count = place.shape
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return import_module("scipy.sparse").csr_array(
        (np.ones(rows * count), (place + starts[:-1]).ravel(), np.arange(0, rows * count + 1, count)),
        shape=(rows, int(starts[-1])),
    )


def centred(base: float, entries: Sequence[Floats], place: Cells) -> Tables:
    """The same sums, told as what each field adds to the mean row: entries then have the mean nought."""
    means = [float(entry[place[:, at]].mean()) for at, entry in enumerate(entries)]
    moved = (tuple((entry - mean).tolist()) for entry, mean in zip(entries, means, strict=True))
    return Tables(base + sum(means), tuple(moved))
