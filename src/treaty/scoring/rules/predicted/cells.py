"""Fields cut into cells: a choice per level, a number by its quantiles, a blank by itself. Learned once for all rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused
from treaty.scoring.rules.predicted.columns import Choices, Column, Numbers

Cells = NDArray[np.int64]
BLANK_CELL, OTHER_CELL = 0, 1
"""The first cell of every field; the second of choices: levels too rare, or never seen."""


@dataclass(frozen=True)
class NumberCells:
    """Cell 0 is blank, cell 1 below or at the first edge, and so on."""

    name: str
    edges: tuple[float, ...]

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.edges) + 2

    def cells(self, column: Column) -> Cells:
        """(rows,) values to (rows,) cells. Raises Refused: "wrong_kind"."""
        if not isinstance(column, Numbers):
            raise Refused(
                "wrong_kind", f'The field "{self.name}" was learned as a number and now holds texts.'
            )
        place = np.searchsorted(self.edges, column.values, side="left") + 1
        return np.where(column.blank, BLANK_CELL, place).astype(np.int64)

    def words(self, cell: int) -> str:
        """The cell as a person reads it."""
        if cell == BLANK_CELL:
            return "blank"
        low = f"above {self.edges[cell - 2]:g}" if cell > 1 else ""
        high = f"at most {self.edges[cell - 1]:g}" if cell <= len(self.edges) else ""
        return ", ".join(filter(None, (low, high))) or "any number"

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return {"name": self.name, "kind": "number", "edges": list(self.edges)}


@dataclass(frozen=True)
class ChoiceCells:
    """Cell 0 is blank, cell 1 any other level, then one cell for each of `levels`."""

    name: str
    levels: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.levels) + 2

    def cells(self, column: Column) -> Cells:
        """(rows,) values to (rows,) cells; levels are matched by their text, so that other files may code them otherwise.

        Raises Refused: "wrong_kind".
        """
        if not isinstance(column, Choices):
            raise Refused(
                "wrong_kind", f'The field "{self.name}" was learned as texts and now holds numbers.'
            )
        place = {level: number + 2 for number, level in enumerate(self.levels)}
        moved = [place.get(level, OTHER_CELL) for level in column.levels]
        return np.array([*moved, BLANK_CELL], dtype=np.int64)[
            column.codes
        ]  # the code of blank, -1, is the last

    def words(self, cell: int) -> str:
        """The cell as a person reads it."""
        return {BLANK_CELL: "blank", OTHER_CELL: "another"}.get(cell) or self.levels[cell - 2]

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return {"name": self.name, "kind": "choice", "levels": list(self.levels)}


FieldCells = NumberCells | ChoiceCells


def learned(columns: Sequence[Column], *, fewest: int, most: int) -> list[FieldCells]:
    """The cells of each field: levels with at least `fewest` rows; numbers in at most `most` parts of like size."""
    return [
        _edges(column, most) if isinstance(column, Numbers) else _levels(column, fewest) for column in columns
    ]


def _edges(column: Numbers, most: int) -> NumberCells:
    told = column.values[~column.blank]
    if not len(told):
        return NumberCells(column.name, ())
    parts = np.arange(1, most) / most
    edges = np.unique(np.quantile(told, parts, method="inverted_cdf"))
    return NumberCells(column.name, tuple(edges[edges < told.max()].tolist()))


def _levels(column: Choices, fewest: int) -> ChoiceCells:
    rows = np.bincount(column.codes[~column.blank], minlength=len(column.levels))
    kept = (level for level, count in zip(column.levels, rows, strict=True) if count >= fewest)
    return ChoiceCells(column.name, tuple(kept))


def read(data: dict[str, Any]) -> FieldCells:
    """What `data` wrote."""
    if data["kind"] == "number":
        return NumberCells(data["name"], tuple(data["edges"]))
    return ChoiceCells(data["name"], tuple(data["levels"]))


def matched(fields: Sequence[FieldCells], columns: Sequence[Column]) -> list[Column]:
    """The columns in the order that was learned. Raises Refused ("no_field") where one is not there."""
    by_name = {column.name: column for column in columns}
    for field in fields:
        if field.name not in by_name:
            raise Refused("no_field", f'The model needs the field "{field.name}", which is not there.')
    return [by_name[field.name] for field in fields]


def matrix(fields: Sequence[FieldCells], columns: Sequence[Column]) -> Cells:
    """(rows, fields) of cells."""
    return np.column_stack(
        [field.cells(column) for field, column in zip(fields, matched(fields, columns), strict=True)]
    )
