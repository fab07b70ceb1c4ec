"""A model with its card: which leads and fields it stands on, how it was judged, why it says what it says. All as JSON."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused
from treaty.scoring.rules.predicted import leaks
from treaty.scoring.rules.predicted.columns import Column, checked, taken
from treaty.scoring.rules.predicted.drift import baseline, over_time
from treaty.scoring.rules.predicted.leaks import Finding
from treaty.scoring.rules.predicted.model import Kind, Model
from treaty.scoring.rules.predicted.reasons import examples, of_fields
from treaty.scoring.rules.predicted.training import INNER, kinds, train
from treaty.scoring.rules.predicted.validation import Validated, cross_validated, forward

Floats = NDArray[np.float64]
Times = NDArray[np.datetime64]
UNTIMED = "No column of times was named, so nothing shows how the score does on leads that come later."
TOLD = 20_000
"""Leads whose reasons are worked out for the card."""
USELESS = ("identifier", "constant")
"""What has no use is left out even where leaks are not."""


@dataclass(frozen=True)
class Leads:
    """What is learned from: the fields of (rows,) leads, their outcome (1 or 0), and when they came, if that is known."""

    columns: Sequence[Column]
    outcome: Floats
    times: Times | None = None


@dataclass(frozen=True)
class Plan:
    """How to learn: folds of the cross-validation and of the calibration inside, the seed, whether leaks are left out."""

    folds: int = 10
    inner: int = INNER
    seed: int = 1
    without_leaks: bool = True


@dataclass(frozen=True)
class Judged:
    """One kind of model, on leads it had not seen."""

    kind: Kind
    cross: Validated
    forward: Validated | None

    @property
    def first(self) -> Validated:
        """What is shown first: forward in time where that is known."""
        return self.forward or self.cross


def study(
    leads: Leads, plan: Plan, progress: Callable[[str], None] = lambda _: None
) -> tuple[Model, dict[str, Any]]:
    """The best model that the leads carry, and its card.

    Raises Refused: as `columns.checked`, "too_few" (fewer than 20 of the rarer outcome), "no_fields" (all were left out).
    """
    won = checked(leads.columns, leads.outcome)
    findings = leaks.found(leads.columns, won)
    used = kept(leads.columns, findings, without_leaks=plan.without_leaks)
    tried, why = kinds(won)
    judged, untimed = [], UNTIMED
    for kind in dict.fromkeys((*tried, "naive_bayes")):
        progress(f"Judging {kind} on leads it has not seen")
        one, untimed = judge(used, leads, plan, kind)
        judged.append(one)
    best = min((one for one in judged if one.kind in tried), key=lambda one: one.first.measured.log_loss)
    progress(f"Training {best.kind}")
    model = train(used, leads.outcome, kind=best.kind, seed=plan.seed, inner=plan.inner)
    return model, {
        **_said(model, won, plan, why),
        **_first(best.first),
        "validation": _validation(best, untimed),
        "candidates": [_candidate(one) for one in judged],
        **_reasons(model, used, won, plan.seed),
        "drift": _drift(model, used, leads.times),
        **_excluded(findings, plan),
    }


def left_out(findings: Sequence[Finding], *, without_leaks: bool) -> set[str]:
    """The fields that are not learned from."""
    return {one.field for one in findings if one.is_left_out and (without_leaks or one.reason in USELESS)}


def kept(columns: Sequence[Column], findings: Sequence[Finding], *, without_leaks: bool) -> list[Column]:
    """The fields that are learned from. Raises Refused ("no_fields") where none is left."""
    out = left_out(findings, without_leaks=without_leaks)
    used = [column for column in columns if column.name not in out]
    if not used:
        raise Refused("no_fields", "Every field was left out, so there is nothing to learn from.")
    return used


def judge(columns: Sequence[Column], leads: Leads, plan: Plan, kind: Kind) -> tuple[Judged, str]:
    """A kind's validations, and why there is none forward in time."""
    ahead, why = None, UNTIMED
    if leads.times is not None:
        try:
            ahead = forward(columns, leads.outcome, leads.times, kind=kind, seed=plan.seed, inner=plan.inner)
            why = ""
        except Refused as refused:
            why = str(refused)
    cross = cross_validated(
        columns, leads.outcome, kind=kind, seed=plan.seed, count=plan.folds, inner=plan.inner
    )
    return Judged(kind, cross, ahead), why


def _said(model: Model, won: NDArray[np.bool_], plan: Plan, why: str) -> dict[str, Any]:
    return {
        "rows": len(won),
        "converted": int(won.sum()),
        "rate": float(won.mean()),
        "kind": model.kind,
        "why_kind": why
        or "Of the kinds that were tried it has the smallest log loss on leads it had not seen.",
        **asdict(plan),
    }


def _first(shown: Validated) -> dict[str, Any]:
    """The figures that are shown first; all of them stand under `validation`."""
    told = shown.measured
    return {name: getattr(told, name) for name in ("auc", "brier", "log_loss", "ece")} | {
        "keeps_promises": told.keeps_promises
    }


def _drift(model: Model, columns: Sequence[Column], times: Times | None) -> dict[str, Any] | None:
    """How the last leads differ from those before; nothing where no time, or one alone, is known."""
    if times is None or np.isnat(times).any():
        return None
    try:
        return over_time(model, columns, times)
    except Refused:
        return None


def _validation(best: Judged, untimed: str) -> dict[str, Any]:
    return {
        "shown_first": "forward" if best.forward else "cross",
        "forward": best.forward.data() if best.forward else None,
        "why_no_forward": untimed,
        "cross": best.cross.data(),
    }


def _candidate(one: Judged) -> dict[str, Any]:
    return {"kind": one.kind, "judged": "forward" if one.forward else "cross", **asdict(one.first.measured)}


def _reasons(model: Model, columns: Sequence[Column], won: NDArray[np.bool_], seed: int) -> dict[str, Any]:
    """Of all leads, or of as many by chance as show what the fields add."""
    rows = np.sort(np.random.default_rng(seed).permutation(len(won))[:TOLD])
    some = taken(columns, rows)
    told = model.reasons(some)
    return {
        "base": told.base,
        "reasons": of_fields(model, some, won[rows], told),
        "examples": examples(model, some, told, rows),
        "baseline": baseline(model, columns),
    }


def _excluded(findings: Sequence[Finding], plan: Plan) -> dict[str, Any]:
    out = left_out(findings, without_leaks=plan.without_leaks)
    return {
        "excluded": [one.data() for one in findings if one.field in out],
        "suspected": [one.data() for one in findings if one.field not in out],
    }
