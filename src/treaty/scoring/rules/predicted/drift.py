"""Whether later leads are still those the model learned from, and whether its promises still hold; then a new calibration.

Population stability index (Siddiqi 2006): sum over cells of (now - then) * log(now / then); below .1 steady, from .25 on
shifted, and steady as long as chance alone gives as much: for n rows then and m now it is chi-square over the cells less
one, times 1/n + 1/m (Yurdakul & Naranjo 2020). Whether promises hold says `measures.spiegelhalter`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused
from treaty.scoring.rules.predicted.calibration import calibrated
from treaty.scoring.rules.predicted.cells import matched
from treaty.scoring.rules.predicted.columns import Column, checked, taken
from treaty.scoring.rules.predicted.model import Model
from treaty.scoring.rules.predicted.validation import PARTS as PERIODS
from treaty.scoring.rules.predicted.validation import splits

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
STEADY, SHIFTED = 0.1, 0.25
PARTS = 10


def psi(then: Counts, now: Counts) -> float:
    """Of two counts over the same cells, (cells,) each; half a row is added to each cell, so that none is nought, and cells
    that are empty on both sides do not count.

    Raises Refused: "uneven", "negative", "empty".
    """
    if len(then) != len(now):
        raise Refused("uneven", f"There are {len(then)} cells then and {len(now)} now.")
    if then.min(initial=0) < 0 or now.min(initial=0) < 0:
        raise Refused("negative", "A count is never below nought.")
    if not then.sum() or not now.sum():
        raise Refused("empty", "A drift needs rows on both sides.")
    there = then + now > 0
    before, after = ((one[there] + 0.5) / (one.sum() + 0.5 * there.sum()) for one in (then, now))
    return float(((after - before) * np.log(after / before)).sum())


def by_chance(then: Counts, now: Counts) -> float:
    """What the index stays below in 95 of 100 pairs of counts from leads that did not change, (cells,) each."""
    cells = int(np.count_nonzero(then + now))
    reach = float(import_module("scipy.special").chdtri(max(cells - 1, 1), 0.05))
    return reach * float(1 / then.sum() + 1 / now.sum())


def verdict(index: float, chance: float = 0.0) -> str:
    """ "steady", "moving" or "shifted"; `chance`: the index that leads which did not change stay below."""
    if index < max(STEADY, chance):
        return "steady"
    return "moving" if index < SHIFTED else "shifted"


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
    """The score and each field, most shifted first: the index, what chance alone gives, and the verdict.

    `then`: what `baseline` gave. Raises Refused as `Model.log_odds` and `psi` do.
    """
    rows = [("score", then["score"], _parts(np.asarray(then["edges"]), model.log_odds(now)))]
    rows += [(name, then["fields"][name], counted) for name, counted in _cells(model, now)]
    found = [_moved(name, np.asarray(before), after) for name, before, after in rows]
    return sorted(found, key=lambda one: -float(one["psi"]))


def _moved(name: str, then: Counts, now: Counts) -> dict[str, Any]:
    index = psi(then, now)
    chance = by_chance(then, now)
    return {"of": name, "psi": index, "by_chance": chance, "verdict": verdict(index, chance)}


def over_time(model: Model, columns: Sequence[Column], times: NDArray[np.datetime64]) -> dict[str, Any]:
    """Drift within the leads learned from: those of the last part of the time beside all before. `times`: (rows,), none blank.

    Raises Refused: "too_short" where all have one time.
    """
    parts = list(splits(times, PERIODS))
    if not parts:
        raise Refused("too_short", "All leads came at one time: nothing tells whether they changed.")
    before, last = parts[-1]
    then = baseline(model, taken(columns, before))
    return {
        "since": str(times[last].min().astype("datetime64[s]")),
        "before": len(before),
        "rows": len(last),
        "moved": drift(model, then, taken(columns, last)),
    }


def _parts(edges: Floats, log_odds: Floats) -> Counts:
    return np.bincount(np.searchsorted(edges, log_odds), minlength=len(edges) + 1)


def _cells(model: Model, columns: Sequence[Column]) -> Iterator[tuple[str, Counts]]:
    for field, column in zip(model.fields, matched(model.fields, columns), strict=True):
        yield field.name, np.bincount(field.cells(column), minlength=field.size)


def recalibrated(model: Model, columns: Sequence[Column], outcome: Floats) -> Model:
    """The same model with a calibration learned on later leads, which it has not seen. Raises Refused as `checked` does."""
    won = checked(columns, outcome)
    return replace(model, calibration=calibrated(model.margins(columns), won))
