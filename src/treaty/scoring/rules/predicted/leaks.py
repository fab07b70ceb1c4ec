"""The leak guard: fields that know the outcome because they were filled after it, each named with the reason and its figures.

A leak makes every figure look good and the score useless. Three signs are looked for: a name that tells of a state at the
end ("Last Activity") or of somebody's judgement ("Lead Quality"), a field that alone all but tells the outcome, and a
field whose being empty does. Fields that name a row, or say the same everywhere, have no use and are named as well.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treaty.scoring.rules.predicted import cells
from treaty.scoring.rules.predicted.columns import Choices, Column, Numbers
from treaty.scoring.rules.predicted.measures import auc

Truths = NDArray[np.bool_]
LATEST = re.compile(r"^(last|latest|most recent|final)\b", re.IGNORECASE)
JUDGED = re.compile(
    r"\b(tags?|quality|status|stage|disposition|outcome|result|probability|profile|score|index|grade|rating|lost|won"
    r"|closed|closing|reason)\b",
    re.IGNORECASE,
)
TOO_GOOD = 0.8
"""AUC of a field by itself from which on it is taken for a leak: what is known beforehand seldom reaches .75."""
EMPTY_TELLS, EMPTY_WATCHED = 0.7, 0.6
"""AUC of a field's being empty, by itself: left out from the first on, named from the second on."""
FEWEST = 20
"""Rows that a level needs to count by itself."""
DRAWN, PARTS = 10, 20
"""Rows of the mean rate that each cell counts besides its own; parts of a number."""
DIFFERENT = 0.95
"""Share of different texts from which on a field names its row."""
NUMBERED, CLOSE = re.compile(r"(^|[\W_])(id|no|nr|number|key)$", re.IGNORECASE), 100
"""What counters of rows are called; how far apart they lie in the mean, at most. Revenues are all different, too."""


@dataclass(frozen=True)
class Finding:
    """A field and what is wrong with it. `is_left_out` is false where it is only to be looked at."""

    field: str
    reason: str
    """"identifier", "constant", "latest", "judged", "tells" or "empty_tells"."""
    why: str
    is_left_out: bool
    auc: float | None = None
    """Of the field alone."""
    blank: float | None = None
    """The share of rows where it is empty."""
    rate_blank: float | None = None
    rate_filled: float | None = None

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def found(columns: Sequence[Column], outcome: Truths) -> list[Finding]:
    """What is wrong with which field, in the order of the fields. `outcome`: (rows,) with both values."""
    told = (finding(column, outcome) for column in columns)
    return [one for one in told if one is not None]


def finding(column: Column, outcome: Truths) -> Finding | None:
    """The first sign that a field shows, or None."""
    if useless := _useless(column):
        return Finding(column.name, *useless, is_left_out=True)
    alone, empty = alone_auc(column, outcome), empty_auc(column, outcome)
    sign = _sign(column, alone, empty, outcome)
    if sign is None:
        return None
    reason, why, is_left_out = sign
    return Finding(
        column.name, reason, why, is_left_out, alone, float(column.blank.mean()), *_rates(column, outcome)
    )


def _useless(column: Column) -> tuple[str, str] | None:
    told = column.codes if isinstance(column, Choices) else column.values
    rows = told[~column.blank]
    kinds = len(np.unique(rows))
    if not len(rows):
        return "constant", "It is empty in every row."
    if kinds == 1 and len(rows) == len(told):
        return "constant", "It says the same in every row."
    may_name = isinstance(column, Choices) or _counts(column)
    if may_name and kinds >= max(DIFFERENT * len(rows), FEWEST) and len(rows) > len(told) / 2:
        return (
            "identifier",
            "Nearly every row has a value of its own: it names the lead and says nothing about the next.",
        )
    return None


def _counts(column: Numbers) -> bool:
    """Whether whole numbers count rows: none comes twice, and they are called so or lie close together."""
    numbers = column.values[~column.blank]
    if (numbers != np.floor(numbers)).any() or len(np.unique(numbers)) < len(numbers):
        return False
    return bool(NUMBERED.search(column.name)) or bool(np.ptp(numbers) <= CLOSE * len(numbers))


def _sign(column: Column, alone: float, empty: float, outcome: Truths) -> tuple[str, str, bool] | None:
    blank, filled = _rates(column, outcome)
    by_itself = f"By itself it has an AUC of {alone:.3f}."
    if LATEST.search(column.name):
        return (
            "latest",
            f"It holds the latest of something, which is written over after the outcome. {by_itself}",
            True,
        )
    if JUDGED.search(column.name):
        why = (
            "Its name tells of a judgement or a state that staff or a program note while working on the lead."
        )
        return "judged", f"{why} {by_itself}", True
    rates = (
        f"{blank:.1%} convert where it is empty, {filled:.1%} where it is filled" if blank is not None else ""
    )
    if empty >= EMPTY_TELLS:
        return (
            "empty_tells",
            f"Being empty predicts the outcome: {rates}. It is filled once a lead goes well.",
            True,
        )
    if alone >= TOO_GOOD:
        return (
            "tells",
            f"{by_itself} So much is seldom known beforehand: it was filled after the outcome.",
            True,
        )
    if empty < EMPTY_WATCHED:
        return None
    why = f"{rates}. It is kept; leave it out where it is filled only after somebody spoke with the lead."
    return "empty_tells", why, False


def alone_auc(column: Column, outcome: Truths) -> float:
    """AUC of the rates of the field's cells, each drawn to the mean by ten rows, so that rare ones gain little."""
    place = _cells(column)
    rows, won = np.bincount(place), np.bincount(place, weights=outcome)
    return auc(((won + DRAWN * outcome.mean()) / (rows + DRAWN))[place], outcome)


def empty_auc(column: Column, outcome: Truths) -> float:
    """AUC of the field's being empty, whichever way it points."""
    area = auc(column.blank.astype(np.float64), outcome)
    return max(area, 1 - area)


def _cells(column: Column) -> NDArray[np.int64]:
    [field] = cells.learned([column], fewest=FEWEST, most=PARTS)
    return field.cells(column)


def _rates(column: Column, outcome: Truths) -> tuple[float | None, float | None]:
    blank = column.blank
    if blank.all() or not blank.any():
        return None, None
    return float(outcome[blank].mean()), float(outcome[~blank].mean())
