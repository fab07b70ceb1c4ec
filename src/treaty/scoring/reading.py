"""Files of leads as what the predicted score learns from: fields, outcome, times. Imported where one is read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused
from treaty.kit.tabular import Table
from treaty.scoring.rules.predicted import drift
from treaty.scoring.rules.predicted import model as models
from treaty.scoring.rules.predicted.applied import known
from treaty.scoring.rules.predicted.card import Leads, Plan
from treaty.scoring.rules.predicted.cells import NumberCells
from treaty.scoring.rules.predicted.columns import Column, Numbers, recoded, taken
from treaty.scoring.rules.predicted.model import Model

YES, NO = (
    frozenset({"1", "1.0", "yes", "y", "true", "t", "won", "converted"}),
    frozenset({"0", "0.0", "no", "n", "false", "f", "lost", "not converted"}),
)
CAME = ("time", "created", "created_at", "came")
"""Columns of when a lead came, where none was named."""


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
    out = {target, *(_column(table, name) for name in asked.exclude)}
    if unknown := out - {target, *table.names}:
        raise Refused("no_column", f'There is no column "{min(unknown)}" to leave out.')
    time, times = _came(table, asked.time, out)
    columns = [_field(table, name, asked.blank) for name in table.names if name not in {*out, time}]
    return Leads(columns, _outcome(table, target, needed=True), times)


def _came(table: Table, asked: str | None, out: set[str]) -> tuple[str | None, NDArray[np.datetime64] | None]:
    """The column of when leads came: the one that was asked for, else the first of the usual ones that holds times."""
    if asked:
        return _column(table, asked), table.times(_column(table, asked))
    for name in (_column(table, usual) for usual in CAME):
        if name in table.names and name not in out:
            try:
                return name, table.times(name)
            except Refused:  # it is called so and holds something else: a field as any other
                continue
    return None, None


@dataclass(frozen=True)
class Saved:
    """What `--save` wrote: a model, its card, and how its leads were read."""

    model: Model
    card: dict[str, Any]
    target: str
    blank: tuple[str, ...]

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "target": self.target,
            "blank": list(self.blank),
            "model": self.model.data(),
            "card": self.card,
        }


def saved(path: Path) -> Saved:
    """A model from its file. Raises Refused ("not_a_model")."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        card = {"recalibrated": None, "baseline": told["card"]["baseline"], **told["card"]}
        return Saved(models.read(told["model"]), card, told["target"], tuple(told["blank"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(
            "not_a_model", f"{path.name} is no model that `treaty analyze score --save` wrote."
        ) from None


def recalibrated(told: Saved, columns: Sequence[Column], outcome: NDArray[np.float64] | None) -> Saved:
    """The model with a calibration learned on leads whose outcome is known, which are from now on what drift is held against.

    Raises Refused: "no_outcome", and as `drift.recalibrated`.
    """
    if outcome is None:
        raise Refused(
            "no_outcome", "A new calibration is learned from outcomes, and the file has no column of them."
        )
    rows = known(outcome)
    model = drift.recalibrated(told.model, taken(columns, rows), outcome[rows])
    anew = {"rows": len(rows), "converted": int(outcome[rows].sum())}
    card = {**told.card, "baseline": drift.baseline(model, columns), "recalibrated": anew}
    return replace(told, model=model, card=card)


def fields(table: Table, model: Model, blank: Sequence[str]) -> list[Column]:
    """The columns that a model needs, each read as what it was learned as. Raises Refused where one is not there."""
    return [
        Numbers(field.name, table.numbers(field.name))
        if isinstance(field, NumberCells)
        else recoded(field.name, *table.codes(field.name), ("", *blank))
        for field in model.fields
    ]


def outcomes(table: Table, name: str | None, target: str) -> NDArray[np.float64] | None:
    """The column of that name, else the one the model was learned from, if it is there; NaN where nobody knows yet."""
    column = _column(table, name or target)
    return _outcome(table, column) if name or column in table.names else None


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


def _outcome(table: Table, name: str, *, needed: bool = False) -> NDArray[np.float64]:
    """1, 0, and NaN for an empty cell, which is refused where an outcome is needed."""
    codes, names = table.codes(name, needed=needed)
    said = np.array([_said(text.casefold()) for text in names])
    if (wrong := np.flatnonzero(np.isinf(said)[codes])).size:
        row, text = int(wrong[0]), names[codes[wrong[0]]]
        raise Refused(
            "bad_outcome",
            f'{table.place(row + 1)}, column "{name}": "{text}" is no outcome; say 1 or 0, yes or no.',
        )
    return np.asarray(said[codes])


def _said(text: str) -> float:
    """What an outcome's text means; endless where nothing."""
    if not text:
        return np.nan
    return 1.0 if text in YES else 0.0 if text in NO else np.inf
