"""Whether later leads are still those the model learned from, and whether its promises still hold; then a new calibration.

Population stability index (Siddiqi 2006): sum over cells of (now - then) * log(now / then); below .1 steady, from .25 on
shifted. Calibration: Spiegelhalter's z (1986) of the Brier score, beyond 1.96 the promises no longer hold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused
from treaty.scoring.rules.predicted.calibration import calibrated
from treaty.scoring.rules.predicted.cells import matched
from treaty.scoring.rules.predicted.columns import Column, checked
from treaty.scoring.rules.predicted.measures import check
from treaty.scoring.rules.predicted.model import Model

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
STEADY, SHIFTED = 0.1, 0.25
PARTS = 10


def psi(then: Counts, now: Counts) -> float:
    """Of two counts over the same cells, (cells,) each; half a row is added to each cell, so that none is nought.

    Raises Refused: "uneven", "negative", "empty".
    """
    if len(then) != len(now):
        raise Refused("uneven", f"There are {len(then)} cells then and {len(now)} now.")
    if then.min(initial=0) < 0 or now.min(initial=0) < 0:
        raise Refused("negative", "A count is never below nought.")
    if not then.sum() or not now.sum():
        raise Refused("empty", "A drift needs rows on both sides.")
    before, after = ((one + 0.5) / (one.sum() + 0.5 * len(one)) for one in (then, now))
    return float(((after - before) * np.log(after / before)).sum())


def verdict(index: float) -> str:
    """ "steady", "moving" or "shifted"."""
    return "steady" if index < STEADY else "moving" if index < SHIFTED else "shifted"


def baseline(model: Model, columns: Sequence[Column]) -> dict[str, Any]:
    """What later leads are compared with, as JSON: the rows of each cell of each field, and of each part of the score."""
    log_odds = model.log_odds(columns)
    edges = np.unique(np.quantile(log_odds, np.arange(1, PARTS) / PARTS))
    return {
        "edges": edges.tolist(),
        "score": _parts(edges, log_odds).tolist(),
        "fields": {name: rows.tolist() for name, rows in _cells(model, columns)},
    }


def drift(model: Model, then: dict[str, Any], now: Sequence[Column]) -> list[dict[str, Any]]:
    """The score and each field, most shifted first: the index and its verdict. `then`: what `baseline` gave."""
    rows = [("score", then["score"], _parts(np.asarray(then["edges"]), model.log_odds(now)))]
    rows += [(name, then["fields"][name], counted) for name, counted in _cells(model, now)]
    found = [(name, psi(np.asarray(before), after)) for name, before, after in rows]
    found.sort(key=lambda pair: -pair[1])
    return [{"of": name, "psi": index, "verdict": verdict(index)} for name, index in found]


def _parts(edges: Floats, log_odds: Floats) -> Counts:
    return np.bincount(np.searchsorted(edges, log_odds), minlength=len(edges) + 1)


def _cells(model: Model, columns: Sequence[Column]) -> Iterator[tuple[str, Counts]]:
    for field, column in zip(model.fields, matched(model.fields, columns), strict=True):
        yield field.name, np.bincount(field.cells(column), minlength=field.size)


def spiegelhalter(score: Floats, outcome: NDArray[np.bool_]) -> float:
    """z: how far outcomes are from what the scores promise, in standard errors. Raises Refused as `measures.check` does."""
    check(score, outcome)
    lean = 1 - 2 * score
    spread = float(np.sqrt((lean**2 * score * (1 - score)).sum()))
    return float(((outcome - score) * lean).sum() / spread) if spread else 0.0


def recalibrated(model: Model, columns: Sequence[Column], outcome: Floats) -> Model:
    """The same model with a calibration learned on later leads, which it has not seen. Raises Refused as `checked` does."""
    won = checked(columns, outcome)
    return replace(model, calibration=calibrated(model.margins(columns), won))
