"""A trained model on other leads: their scores, whether they are still those it learned from, whether its promises hold."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused
from treaty.scoring.rules.predicted.columns import Column, taken
from treaty.scoring.rules.predicted.drift import drift
from treaty.scoring.rules.predicted.measures import lift, measured, reliability
from treaty.scoring.rules.predicted.model import Model
from treaty.scoring.rules.predicted.reasons import of_row

Floats = NDArray[np.float64]


def applied(
    model: Model,
    baseline: dict[str, Any],
    columns: Sequence[Column],
    outcome: Floats | None = None,
    *,
    first: int = 10,
) -> tuple[Floats, dict[str, Any]]:
    """The scores of (rows,) leads, and as JSON what they tell.

    `baseline`: as `drift.baseline` gave it when the model was trained. `outcome`: (rows,) of 1, 0, or NaN where nobody
    knows yet. `first`: how many leads are told with their reasons, the best first.
    Raises Refused as `Model.scores` and `drift.psi` do, and "bad_outcome".
    """
    scores = model.scores(columns)
    return scores, {
        "rows": len(scores),
        "mean_score": float(scores.mean()) if len(scores) else None,
        "drift": drift(model, baseline, columns),
        "outcomes": None if outcome is None else judged(scores, outcome),
        "leads": _told(model, columns, scores, first),
    }


def known(outcome: Floats) -> NDArray[np.int64]:
    """The places of the leads whose outcome is known. Raises Refused: "bad_outcome"."""
    places = np.flatnonzero(~np.isnan(outcome))
    if not np.isin(outcome[places], (0.0, 1.0)).all():
        raise Refused("bad_outcome", "An outcome is 1 (converted), 0 (not), or blank while nobody knows.")
    return places


def judged(scores: Floats, outcome: Floats) -> dict[str, Any]:
    """Scores beside what came, where it is known; or why nothing can be said."""
    rows = known(outcome)
    score, won = scores[rows], outcome[rows].astype(np.bool_)
    try:
        found = measured(score, won)
    except Refused as refused:
        return {"rows": len(rows), "refused": refused.reason, "why": str(refused)}
    return {
        **asdict(found),
        "promised": float(score.mean()),
        "rate": float(won.mean()),
        "keeps_promises": found.keeps_promises,
        "reliability": reliability(score, won),
        "lift": lift(score, won),
    }


def _told(model: Model, columns: Sequence[Column], scores: Floats, first: int) -> list[dict[str, Any]]:
    rows = np.argsort(-scores, kind="stable")[:first]
    if not len(rows):
        return []
    some = taken(columns, rows)
    reasons = model.reasons(some)
    return [{"row": int(row) + 1, **of_row(model, some, reasons, place)} for place, row in enumerate(rows)]
