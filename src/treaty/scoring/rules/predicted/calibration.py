"""From a model's own margin to a log-odds that keeps its promise: of those scored .3, three of ten convert.

Learned on margins of rows the model had not seen. `Steps` is isotonic regression, its blocks centred and joined by lines
in log-odds (Oron & Flournoy 2017), so that order is kept; a wide block stays flat, because lines would bend most of it.
`Line` is a slope and an intercept (Platt 1999), for few outcomes.
"""

from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FEW = 200
"""With fewer of the rarer outcome a line is drawn: steps would follow chance."""
FEWEST_OF_BLOCK = 50
"""Rows of a step: smaller ones follow chance."""
WIDE, TILT = 0.15, 0.001
"""Share of the rows from which on a block is wide; log-odds by which it rises to each side, so that order is kept there."""


@dataclass(frozen=True)
class Line:
    """log-odds = slope * margin + intercept."""

    slope: float
    intercept: float

    def log_odds(self, margin: Floats) -> Floats:
        """(rows,) margins to (rows,) log-odds."""
        return self.slope * margin + self.intercept

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "line", **asdict(self)}


@dataclass(frozen=True)
class Steps:
    """Knots of a line that never falls; outside of them it goes on at its mean slope, so that order is kept there, too."""

    margins: tuple[float, ...]
    levels: tuple[float, ...]

    def log_odds(self, margin: Floats) -> Floats:
        """(rows,) margins to (rows,) log-odds."""
        first, last = self.margins[0], self.margins[-1]
        slope = (self.levels[-1] - self.levels[0]) / (last - first) if last > first else 0.0
        beyond = margin - np.clip(margin, first, last)
        return np.asarray(np.interp(margin, self.margins, self.levels) + slope * beyond, dtype=np.float64)

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "steps", "margins": list(self.margins), "levels": list(self.levels)}


Calibration = Line | Steps


def read(data: dict[str, Any]) -> Calibration:
    """What `data` wrote."""
    if data["kind"] == "line":
        return Line(data["slope"], data["intercept"])
    return Steps(tuple(data["margins"]), tuple(data["levels"]))


def calibrated(margin: Floats, outcome: NDArray[np.bool_]) -> Calibration:
    """Learned from (rows,) margins of unseen rows and what became of them: steps, or a line for few outcomes."""
    won = int(outcome.sum())
    if min(won, len(outcome) - won) < FEW:
        return line(margin, outcome)
    return steps(margin, outcome, fewest=FEWEST_OF_BLOCK)


def line(margin: Floats, outcome: NDArray[np.bool_]) -> Line:
    """Platt's line with his targets, which keep it from running to infinity where margins separate; never falling."""
    won = int(outcome.sum())
    lost = len(outcome) - won
    target = np.where(outcome, (won + 1) / (won + 2), 1 / (lost + 2))
    found = import_module("scipy.optimize").minimize(
        _loss, np.array([1.0, 0.0]), args=(margin, target), jac=True, bounds=[(0.0, None), (None, None)]
    )
    return Line(float(found.x[0]), float(found.x[1]))


def _loss(at: Floats, margin: Floats, target: Floats) -> tuple[float, Floats]:
    told = at[0] * margin + at[1]
    gap = 1 / (1 + np.exp(-told)) - target
    loss = np.logaddexp(0, told) - target * told
    return float(loss.mean()), np.array([(gap * margin).mean(), gap.mean()])


def steps(margin: Floats, outcome: NDArray[np.bool_], *, fewest: int = 1) -> Steps:
    """Centred isotonic regression over groups of about `fewest` neighbours; rows of one margin stay together.

    Each block counts one row more, of the mean rate: nobody is promised all or nothing.
    """
    order = np.argsort(margin, kind="stable")
    _, begins = np.unique(margin[order], return_index=True)
    start = begins[np.flatnonzero(np.diff(begins // fewest, prepend=-1) > 0)]
    rows = np.diff(start, append=len(order))
    value = np.add.reduceat(margin[order], start) / rows
    won = np.add.reduceat(outcome[order].astype(np.float64), start)
    edges = np.flatnonzero(np.diff(_rising(won / rows, rows), prepend=-1.0) > 0)
    size = np.add.reduceat(rows, edges)
    centre = np.add.reduceat(value * rows, edges) / size
    level = _rising((np.add.reduceat(won, edges) + outcome.mean()) / (size + 1), size)
    return _joined(margin[order], start[edges], centre, np.log(level / (1 - level)))


def _joined(margin: Floats, first: NDArray[np.int64], centre: Floats, level: Floats) -> Steps:
    """Blocks of sorted margins as knots: one in the centre, or two that leave a tenth of a wide block to each side."""
    size = np.diff(first, append=len(margin))
    wide, tenth = size > max(WIDE * len(margin), FEWEST_OF_BLOCK), (size - 1) // 10
    low, high = margin[first + tenth], margin[first + size - 1 - tenth]
    at = np.column_stack([np.where(wide, low, centre), np.where(wide, high, centre)]).ravel()
    told = np.column_stack([level - TILT * wide, level + TILT * wide]).ravel()
    apart = np.diff(at, prepend=-np.inf) > 0
    return Steps(tuple(at[apart].tolist()), tuple(np.maximum.accumulate(told[apart]).tolist()))


def _rising(rate: Floats, rows: NDArray[np.int64]) -> Floats:
    fitted = import_module("scipy.optimize").isotonic_regression(rate, weights=rows.astype(np.float64))
    return np.asarray(fitted.x, dtype=np.float64)
