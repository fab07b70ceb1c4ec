"""Files of leads as what the predicted score learns from: fields, outcome, times. Imported where one is read."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused
from treaty.kit.tabular import Table
from treaty.scoring.rules.predicted.card import Leads, Plan
from treaty.scoring.rules.predicted.columns import Column, Numbers, recoded

YES, NO = (
    frozenset({"1", "yes", "true", "won", "converted"}),
    frozenset({"0", "no", "false", "lost", "not converted"}),
)


@dataclass(frozen=True)
class Asked:
    """What the command line said."""

    target: str
    time: str | None
    exclude_leaks: bool
    exclude: tuple[str, ...]
    blank: tuple[str, ...]
    folds: int
    seed: int


def plan(asked: Asked) -> Plan:
    """How to learn."""
    return Plan(folds=asked.folds, seed=asked.seed, without_leaks=asked.exclude_leaks)


def leads(table: Table, asked: Asked) -> Leads:
    """The rows with every column that is neither outcome nor time nor excluded. Raises Refused where one is not there."""
    target = _column(table, asked.target)
    out = {target, *(_column(table, name) for name in (asked.time, *asked.exclude) if name)}
    columns = [_field(table, name, asked.blank) for name in table.names if name not in out]
    times = table.times(_column(table, asked.time)) if asked.time else None
    return Leads(columns, _outcome(table, target), times)


def _column(table: Table, name: str) -> str:
    """The column of that name, or the one that differs only in capitals."""
    return next((one for one in table.names if one == name), None) or next(
        (one for one in table.names if one.casefold() == name.casefold()), name
    )


def _field(table: Table, name: str, blanks: tuple[str, ...]) -> Column:
    if table.is_number(name):
        return Numbers(name, table.numbers(name))
    codes, levels = table.codes(name)
    return recoded(name, codes, levels, ("", *blanks))


def _outcome(table: Table, name: str) -> NDArray[np.float64]:
    told = [text.casefold() for text in table.texts(name)]
    for row, text in enumerate(told, start=1):
        if text not in YES and text not in NO:
            shown = f'"{text}" is' if text else "an empty cell is"
            raise Refused(
                "bad_outcome", f'Row {row}, column "{name}": {shown} no outcome; say 1 or 0, yes or no.'
            )
    return np.array([text in YES for text in told], dtype=np.float64)
