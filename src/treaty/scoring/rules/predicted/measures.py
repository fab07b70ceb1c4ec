"""How good a score is: order, distance, calibration and use, each from scores and outcomes alone.

Everywhere `score` is (rows,) float64 of probabilities and `outcome` (rows,) of truth values. Sources: AUC with its
standard error, Hanley & McNeil 1982; Brier 1950; expected calibration error with ten bins of equal width, Naeini,
Cooper & Hauskrecht 2015; z of the Brier score, Spiegelhalter 1986; interval of a rate, Wilson 1927.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused

BINS = 10
Z95 = 1.959963984540054
SMALLEST = 1e-15
"""What a probability of nothing counts as in the log loss, which would be endless."""


@dataclass(frozen=True)
class Measured:
    """The figures of a score over rows it was not trained on; `calibration_z` is Spiegelhalter's."""

    rows: int
    converted: int
    auc: float
    auc_error: float
    brier: float
    log_loss: float
    ece: float
    calibration_z: float

    @property
    def keeps_promises(self) -> bool:
        """Whether outcomes are no further from the scores than chance brings them in 95 of 100 cases."""
        return abs(self.calibration_z) <= Z95


def measured(score: NDArray[np.float64], outcome: NDArray[np.bool_]) -> Measured:
    """All of them. Raises Refused as `auc` does."""
    check(score, outcome)
    area = auc(score, outcome)
    won = int(outcome.sum())
    return Measured(
        rows=len(outcome),
        converted=won,
        auc=area,
        auc_error=auc_error(area, won, len(outcome) - won),
        brier=brier(score, outcome),
        log_loss=log_loss(score, outcome),
        ece=ece(score, outcome),
        calibration_z=spiegelhalter(score, outcome),
    )


def check(score: NDArray[np.float64], outcome: NDArray[np.bool_]) -> None:
    """Raises Refused: "empty", "uneven", "bad_score" (no probability), "one_class"."""
    if not len(score):
        raise Refused("empty", "There are no scores to judge.")
    if len(score) != len(outcome):
        raise Refused("uneven", f"There are {len(score)} scores and {len(outcome)} outcomes.")
    if not ((score >= 0) & (score <= 1)).all():
        raise Refused("bad_score", "A score is a probability between 0 and 1, and never blank.")
    if outcome.all() or not outcome.any():
        raise Refused("one_class", "A score is judged by leads that converted and leads that did not.")


def auc(score: NDArray[np.float64], outcome: NDArray[np.bool_]) -> float:
    """The chance that one who converted has the higher score than one who did not; equal scores count half."""
    _, place, times = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(times) - (times - 1) / 2)[place]
    won = int(outcome.sum())
    lost = len(outcome) - won
    return float((rank[outcome].sum() - won * (won + 1) / 2) / (won * lost))


def auc_error(area: float, won: int, lost: int) -> float:
    """Its standard error (Hanley & McNeil 1982, equation 1)."""
    both, single = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (won - 1) * (both - area**2) + (lost - 1) * (single - area**2)
    return float(np.sqrt(max(spread, 0.0) / (won * lost)))


def brier(score: NDArray[np.float64], outcome: NDArray[np.bool_]) -> float:
    """The mean square of score less outcome."""
    return float(np.mean((score - outcome) ** 2))


def log_loss(score: NDArray[np.float64], outcome: NDArray[np.bool_]) -> float:
    """The mean surprise in nats."""
    held = np.where(outcome, score, 1 - score)
    return float(-np.log(np.clip(held, SMALLEST, 1.0)).mean())


def ece(score: NDArray[np.float64], outcome: NDArray[np.bool_], bins: int = BINS) -> float:
    """The mean distance of score and rate over bins of equal width, weighted by their rows."""
    place = _bin(score, bins)
    gap = np.bincount(place, weights=score - outcome, minlength=bins)
    return float(np.abs(gap).sum() / len(score))


def spiegelhalter(score: NDArray[np.float64], outcome: NDArray[np.bool_]) -> float:
    """z: how far outcomes are from what the scores promise, in standard errors. Beyond 1.96 the
    promises do not hold. Raises Refused as `check` does."""
    check(score, outcome)
    lean = 1 - 2 * score
    spread = float(np.sqrt((lean**2 * score * (1 - score)).sum()))
    return float(((outcome - score) * lean).sum() / spread) if spread else 0.0


def reliability(
    score: NDArray[np.float64], outcome: NDArray[np.bool_], bins: int = BINS
) -> list[dict[str, Any]]:
    """Each bin that has rows: what was promised, what came, and the interval of what came."""
    place = _bin(score, bins)
    rows = np.bincount(place, minlength=bins)
    told = np.bincount(place, weights=score, minlength=bins)
    won = np.bincount(place, weights=outcome, minlength=bins)
    return [
        {
            "from": number / bins,
            "to": (number + 1) / bins,
            "rows": int(rows[number]),
            "score": float(told[number] / rows[number]),
            "rate": float(won[number] / rows[number]),
            "interval": wilson(won[number], rows[number]),
        }
        for number in np.flatnonzero(rows)
    ]


def wilson(won: float, rows: float) -> list[float]:
    """The interval of 95 % of a rate."""
    rate, square = won / rows, Z95**2
    middle = (rate + square / (2 * rows)) / (1 + square / rows)
    half = Z95 / (1 + square / rows) * np.sqrt(rate * (1 - rate) / rows + square / (4 * rows**2))
    return [float(max(middle - half, 0.0)), float(min(middle + half, 1.0))]


def lift(score: NDArray[np.float64], outcome: NDArray[np.bool_], parts: int = 10) -> list[dict[str, Any]]:
    """The best tenth of the scores, the next and so on: their rate, how many times the mean, and what share of all
    who converted stands at or above them. Equal scores share their outcomes evenly, whatever order they came in."""
    value = _shared(score, outcome)
    edges = np.linspace(0, len(score), min(parts, len(score)) + 1).round().astype(int)
    won = np.add.reduceat(value, edges[:-1])
    rate, all_won = won / np.diff(edges), value.sum()
    return [
        {
            "part": number + 1,
            "rows": int(edges[number + 1] - edges[number]),
            "rate": float(rate[number]),
            "lift": float(rate[number] / (all_won / len(score))),
            "captured": float(won[: number + 1].sum() / all_won),
        }
        for number in range(len(won))
    ]


def _shared(score: NDArray[np.float64], outcome: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Outcomes from the highest score down, each the mean of those with the same score."""
    _, place = np.unique(-score, return_inverse=True)
    mean = np.bincount(place, weights=outcome) / np.bincount(place)
    shared: NDArray[np.float64] = mean[np.sort(place)]
    return shared


def _bin(score: NDArray[np.float64], bins: int) -> NDArray[np.int64]:
    return np.minimum((score * bins).astype(np.int64), bins - 1)
