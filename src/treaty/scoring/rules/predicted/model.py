"""A trained model: plain data that scores leads and says why. JSON in, JSON out; nothing of the libraries that trained it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused
from treaty.scoring.rules.predicted import calibration, cells, tables, trees
from treaty.scoring.rules.predicted.calibration import Calibration
from treaty.scoring.rules.predicted.cells import FieldCells
from treaty.scoring.rules.predicted.columns import Column
from treaty.scoring.rules.predicted.tables import Tables
from treaty.scoring.rules.predicted.trees import Trees

Floats = NDArray[np.float64]
Kind = Literal["naive_bayes", "logistic", "trees"]
VERSION = 1
"""Of the data; another one is refused rather than misread."""


@dataclass(frozen=True)
class Reasons:
    """Why rows have their scores: `base` plus the row's `shares` is the score's log-odds."""

    base: float
    """The log-odds of the mean row."""
    shares: Floats
    """(rows, fields) log-odds."""
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """Fields as they were cut, what was learned of them, and the calibration of its margin."""

    kind: Kind
    fields: tuple[FieldCells, ...]
    body: Tables | Trees
    calibration: Calibration

    def margins(self, columns: Sequence[Column]) -> Floats:
        """(rows,) log-odds before calibration."""
        return self.body.margin(self.fields, columns)

    def log_odds(self, columns: Sequence[Column]) -> Floats:
        """(rows,) calibrated log-odds. Raises Refused ("no_field", "wrong_kind") where a field is not what was learned."""
        return self.calibration.log_odds(self.margins(columns))

    def scores(self, columns: Sequence[Column]) -> Floats:
        """(rows,) probabilities."""
        return probability(self.log_odds(columns))

    def reasons(self, columns: Sequence[Column]) -> Reasons:
        """What each field adds, in calibrated log-odds.

        Calibration bends the sum of the shares. What it bends is spread along the straight way from the base to the row
        (Aumann & Shapley 1974): every share is multiplied by the same slope, so that the sum stays exact.
        """
        shares = self.body.shares(self.fields, columns)
        base = np.array([self.body.base])
        moved = shares.sum(axis=1)
        told = self.calibration.log_odds(base)
        bent = self.calibration.log_odds(base + moved) - told
        slope = np.divide(bent, moved, out=np.zeros_like(moved), where=np.abs(moved) > 1e-12)
        return Reasons(float(told[0]), shares * slope[:, None], tuple(field.name for field in self.fields))

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "version": VERSION,
            "kind": self.kind,
            "fields": [field.data() for field in self.fields],
            "body": self.body.data(),
            "calibration": self.calibration.data(),
        }


def read(data: dict[str, Any]) -> Model:
    """What `data` wrote. Raises Refused ("not_a_model") for anything else."""
    if data.get("version") != VERSION:
        raise Refused("not_a_model", f"This is no model of version {VERSION}.")
    try:
        return Model(
            kind=data["kind"],
            fields=tuple(map(cells.read, data["fields"])),
            body=(trees.read if data["kind"] == "trees" else tables.read)(data["body"]),
            calibration=calibration.read(data["calibration"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("not_a_model", f"The model cannot be read: {error!r}.") from None


def probability(log_odds: Floats) -> Floats:
    """Log-odds as probabilities, without overflow."""
    told: Floats = np.exp(-np.logaddexp(0.0, -log_odds))
    return told
