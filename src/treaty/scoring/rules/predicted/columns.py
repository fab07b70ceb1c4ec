"""What is known of many leads, a column per field: numbers or choices, blanks told apart from values."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused

BLANK = -1


@dataclass(frozen=True)
class Numbers:
    """A field of numbers. `values`: (rows,) float64, NaN where it is blank."""

    name: str
    values: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.values)

    @property
    def blank(self) -> NDArray[np.bool_]:
        """Which rows say nothing."""
        return np.isnan(self.values)

    def taken(self, rows: NDArray[np.int64]) -> "Numbers":
        """The same field of some rows."""
        return Numbers(self.name, self.values[rows])

    def shown(self, row: int) -> str:
        """The value of a row as text."""
        return "" if self.blank[row] else f"{self.values[row]:g}"


@dataclass(frozen=True)
class Choices:
    """A field with one of several texts. `codes`: (rows,) int64, a place in `levels`, or -1 where it is blank."""

    name: str
    codes: NDArray[np.int64]
    levels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def blank(self) -> NDArray[np.bool_]:
        """Which rows say nothing."""
        return np.equal(self.codes, BLANK)

    def taken(self, rows: NDArray[np.int64]) -> "Choices":
        """The same field of some rows; the levels stay, so that codes keep their meaning."""
        return Choices(self.name, self.codes[rows], self.levels)

    def shown(self, row: int) -> str:
        """The value of a row as text."""
        return "" if self.blank[row] else self.levels[self.codes[row]]


Column = Numbers | Choices


def choices(name: str, texts: Sequence[str], blanks: Sequence[str] = ("",)) -> Choices:
    """A column of texts as codes of its sorted levels; what `blanks` lists counts as saying nothing."""
    levels, codes = np.unique(np.asarray(texts, dtype=object).astype(str), return_inverse=True)
    return recoded(name, codes.astype(np.int64), levels.tolist(), blanks)


def recoded(name: str, codes: NDArray[np.int64], levels: Sequence[str], blanks: Sequence[str]) -> Choices:
    """Codes and their levels, from which those that count as blank are taken out."""
    kept = [level for level in levels if level not in set(blanks)]
    place = {level: number for number, level in enumerate(kept)}
    moved = np.array([place.get(level, BLANK) for level in levels], dtype=np.int64)
    return Choices(name, moved[codes], tuple(kept))


def taken(columns: Sequence[Column], rows: NDArray[np.int64]) -> list[Column]:
    """The same fields of some rows."""
    return [column.taken(rows) for column in columns]


def checked(columns: Sequence[Column], outcome: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The outcome as truth values, (rows,).

    Raises Refused: "no_fields", "empty", "uneven" (columns of different lengths), "bad_number" (an infinite one),
    "bad_outcome" (neither 0 nor 1), "one_class" (none converted, or all).
    """
    if not columns:
        raise Refused("no_fields", "There is no field to learn from.")
    if not len(outcome):
        raise Refused("empty", "There are no leads.")
    for column in columns:
        _check(column, len(outcome))
    if not np.isin(outcome, (0.0, 1.0)).all():
        raise Refused("bad_outcome", "An outcome is 1 (converted) or 0 (not), and never blank.")
    if outcome.min() == outcome.max():
        said = "All leads" if outcome[0] else "None of the leads"
        raise Refused("one_class", f"{said} converted, so nothing tells those who do from those who do not.")
    return outcome.astype(np.bool_)


def _check(column: Column, rows: int) -> None:
    if len(column) != rows:
        raise Refused("uneven", f'The field "{column.name}" has {len(column)} rows, the outcome {rows}.')
    if isinstance(column, Numbers) and np.isinf(column.values).any():
        raise Refused("bad_number", f'The field "{column.name}" holds an infinite number.')
