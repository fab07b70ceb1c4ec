"""Honest figures: every score comes from a model that had not seen its row. Forward in time first, then cross-validation."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused
from treaty.scoring.rules.predicted.columns import Column, checked, taken
from treaty.scoring.rules.predicted.measures import Measured, lift, measured, reliability
from treaty.scoring.rules.predicted.model import Kind
from treaty.scoring.rules.predicted.training import FEWEST, INNER, folds, train

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Rows = NDArray[np.int64]
PARTS = 6
"""Of the time: the first is only learned from."""


@dataclass(frozen=True)
class Validated:
    """Scores of rows that the scoring model had not seen, and what became of them."""

    kind: Kind
    score: Floats
    outcome: Truths

    @property
    def measured(self) -> Measured:
        """The figures over all of them."""
        return measured(self.score, self.outcome)

    def data(self) -> dict[str, Any]:
        """Every figure a page shows, as JSON."""
        return {
            "kind": self.kind,
            **asdict(self.measured),
            "reliability": reliability(self.score, self.outcome),
            "lift": lift(self.score, self.outcome),
        }


def cross_validated(
    columns: Sequence[Column], outcome: Floats, *, kind: Kind, seed: int, count: int = 10, inner: int = INNER
) -> Validated:
    """Each row scored once, by a model of the other parts; calibration, too, is learned inside of those."""
    won = checked(columns, outcome)
    score = np.empty(len(won))
    for learn, judge in folds(won, count, seed):
        score[judge] = _scored(columns, outcome, learn, judge, kind, seed, inner)
    return Validated(kind, score, won)


def forward(
    columns: Sequence[Column],
    outcome: Floats,
    times: NDArray[np.datetime64],
    *,
    kind: Kind,
    seed: int,
    parts: int = PARTS,
    inner: int = INNER,
) -> Validated:
    """Each later part of the time scored by a model of all that came before it, as it is in use.

    Raises Refused: "no_time" (a blank one), "too_short" (no part has enough outcomes before it).
    """
    won = checked(columns, outcome)
    if np.isnat(times).any():
        raise Refused("no_time", "A validation forward in time needs a time in every row.")
    told = [
        (judge, _scored(columns, outcome, learn, judge, kind, seed, inner))
        for learn, judge in splits(times, parts)
        if min(won[learn].sum(), (~won[learn]).sum()) >= FEWEST
    ]
    if not told:
        raise Refused("too_short", f"No part of the time has {FEWEST} of each outcome before it.")
    rows = np.concatenate([judge for judge, _ in told])
    return Validated(kind, np.concatenate([score for _, score in told]), won[rows])


def splits(times: NDArray[np.datetime64], parts: int) -> Iterator[tuple[Rows, Rows]]:
    """(rows before, rows of the part) for each part but the first. Equal times stay on one side."""
    edges = np.sort(times)[np.arange(1, parts) * len(times) // parts]
    part = np.searchsorted(np.unique(edges), times, side="right")
    for one in range(1, int(part.max(initial=0)) + 1):
        learn, judge = np.flatnonzero(part < one), np.flatnonzero(part == one)
        if len(learn) and len(judge):
            yield learn, judge


def _scored(
    columns: Sequence[Column], outcome: Floats, learn: Rows, judge: Rows, kind: Kind, seed: int, inner: int
) -> Floats:
    model = train(taken(columns, learn), outcome[learn], kind=kind, seed=seed, inner=inner)
    return model.scores(taken(columns, judge))
