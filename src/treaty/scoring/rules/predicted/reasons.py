"""Why scores are as they are: each field's weight and what its values add, and single leads told in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treaty.scoring.rules.predicted.cells import FieldCells, matched
from treaty.scoring.rules.predicted.columns import Column
from treaty.scoring.rules.predicted.model import Model, Reasons, probability

NOTABLE = 0.05
"""Log-odds below which a reason is not told: about one part in a hundred of the chance."""


@dataclass(frozen=True)
class Reason:
    """What one field adds to one lead's log-odds."""

    field: str
    value: str
    log_odds: float

    @property
    def words(self) -> str:
        """As a sentence without its full stop."""
        told = f"is {self.value}" if self.value else "is blank"
        return f"{self.field} {told}: {'raises' if self.log_odds > 0 else 'lowers'} the odds {self._times()}"

    def _times(self) -> str:
        return f"{np.exp(abs(self.log_odds)):.2f} times"


def of_fields(
    model: Model, columns: Sequence[Column], outcome: NDArray[np.bool_], told: Reasons
) -> list[dict[str, Any]]:
    """Every field, the weightiest first: its mean absolute log-odds, and per cell its rows, their rate and what it adds."""
    named = enumerate(zip(model.fields, matched(model.fields, columns), strict=True))
    found = [
        {
            "field": field.name,
            "weight": float(np.abs(told.shares[:, at]).mean()),
            "values": _values(field, column, outcome, told.shares[:, at]),
        }
        for at, (field, column) in named
    ]
    return sorted(found, key=lambda one: -float(str(one["weight"])))


def _values(
    field: FieldCells, column: Column, outcome: NDArray[np.bool_], share: NDArray[np.float64]
) -> list[dict[str, Any]]:
    place = field.cells(column)
    rows = np.bincount(place, minlength=field.size)
    won = np.bincount(place, weights=outcome, minlength=field.size)
    adds = np.bincount(place, weights=share, minlength=field.size)
    return [
        {
            "value": field.words(int(cell)),
            "rows": int(rows[cell]),
            "rate": float(won[cell] / rows[cell]),
            "log_odds": float(adds[cell] / rows[cell]),
        }
        for cell in np.flatnonzero(rows)
    ]


def of_row(model: Model, columns: Sequence[Column], told: Reasons, row: int) -> dict[str, Any]:
    """One lead: its score, the base, and all reasons, the strongest first; `words` tells the notable ones."""
    named = zip(matched(model.fields, columns), told.shares[row].tolist(), strict=True)
    reasons = [Reason(column.name, column.shown(row), share) for column, share in named]
    reasons.sort(key=lambda one: -abs(one.log_odds))
    log_odds = told.base + float(told.shares[row].sum())
    return {
        "score": float(probability(np.array([log_odds]))[0]),
        "log_odds": log_odds,
        "base": told.base,
        "reasons": [{"field": one.field, "value": one.value, "log_odds": one.log_odds} for one in reasons],
        "words": [one.words for one in reasons if abs(one.log_odds) >= NOTABLE],
    }


def examples(
    model: Model, columns: Sequence[Column], told: Reasons, rows: NDArray[np.int64]
) -> list[dict[str, Any]]:
    """The lead with the highest score, the one in the middle and the one with the lowest, each with its reasons.

    `rows`: (rows,) the place of each in the file, which is told counted from 1.
    """
    order = np.argsort(-told.shares.sum(axis=1), kind="stable")
    places = [int(order[place]) for place in dict.fromkeys((0, len(order) // 2, len(order) - 1))]
    return [{"row": int(rows[place]) + 1, **of_row(model, columns, told, place)} for place in places]
