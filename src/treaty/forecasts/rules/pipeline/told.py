"""A forecast as one document of figures."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from treaty.forecasts.rules.pipeline.backtest import EPOCH, Tried, reliability
from treaty.forecasts.rules.pipeline.banding import Forecast
from treaty.forecasts.rules.pipeline.chances import standing
from treaty.forecasts.rules.pipeline.curves import CENSORED, LOST, WON, curve
from treaty.forecasts.rules.pipeline.deals import Deals


def day_told(day: float) -> str:
    """As 2026-01-31."""
    return date.fromordinal(int(day) + EPOCH).isoformat()


def whole(made: Forecast, confidence: float, *, already: float, quota: float | None) -> dict[str, Any]:
    """Expected and band of the open deals; with what is won already, against the quota."""
    found: dict[str, Any] = {
        "expected": made.expected,
        "band": list(made.band(confidence)),
        "confidence": confidence,
        "won_already": already,
        "total_expected": already + made.expected,
    }
    if quota is not None:
        found |= {"quota": quota, "chance_of_quota": made.reaches(quota - already)}
    return found


def categories(made: Forecast, *, commit: float, best_case: float) -> list[dict[str, Any]]:
    """Open deals by their chance to be won in time: commit, best case, the rest of the pipeline."""
    edges = (("commit", commit, 1.1), ("best case", best_case, commit), ("pipeline", 0.0, best_case))
    return [
        {
            "category": name,
            "deals": int(inside.sum()),
            "value": float(made.values[inside].sum()),
            "expected": float((made.values * made.chances)[inside].sum()),
        }
        for name, low, high in edges
        for inside in [(made.chances >= low) & (made.chances < high)]
    ]


def stages(known: Deals, made: Forecast, day: float) -> list[dict[str, Any]]:
    """Open deals by stage; `compared_with`: past deals of the same stage, or of all."""
    stage, age = standing(known, day)
    own = made.compared.by_stage[made.compared.group]
    return [
        {
            "stage": known.names[place] if place >= 0 else "all",
            "deals": int(here.sum()),
            "days_there": float(np.median(age[here])),
            "chance": float(made.chances[here].mean()),
            "expected": float((made.values * made.chances)[here].sum()),
            "compared_with": "the same stage" if own[here].all() else "all deals",
        }
        for place in np.unique(stage)
        for here in [stage == place]
    ]


def time_to_close(known: Deals, day: float) -> dict[str, Any]:
    """How long deals stay open, those that still are counted as far as they were seen."""
    until = np.where(known.is_open, day, known.closed)
    ends = np.where(known.is_open, CENSORED, np.where(known.won, WON, LOST)).astype(np.int64)
    found = curve(np.floor(until - known.created).astype(np.int64), ends)
    errors, last = found.errors(), len(found.open) - 1
    return {
        "median_days": found.days_until(0.5),
        "won_in_the_end": float(found.won[-1]),
        "lost_in_the_end": float(found.lost[-1]),
        "open_after": [
            {"days": days, "share": float(found.open[days]), "standard_error": float(errors[days])}
            for days in (30, 60, 90, 180, 365)
            if days <= last
        ],
    }


def calibration(made: Forecast) -> dict[str, Any]:
    """The shift of log-odds that earlier periods asked for, and how much it may differ next time."""
    return {"shift": made.shift.mean, "spread": made.shift.spread, "periods": made.shift.periods}


def backtest(found: Sequence[Tried], confidence: float) -> dict[str, Any]:
    """Each past quarter with its error, and all together."""
    rows = [
        {
            "from": day_told(one.begin),
            "until": day_told(one.end),
            "open": len(one.happened),
            "expected": one.forecast.expected,
            "band": list(one.forecast.band(confidence)),
            "actual": one.actual,
            "error": one.forecast.expected / one.actual - 1 if one.actual else None,
            "within": bool(
                one.forecast.band(confidence)[0] <= one.actual <= one.forecast.band(confidence)[1]
            ),
            "brier": float(np.mean((one.forecast.chances - one.happened) ** 2)),
            "won_from_new_deals": one.from_new,
        }
        for one in found
    ]
    errors = [abs(row["error"]) for row in rows if isinstance(row["error"], float)]
    mean = sum(errors) / len(errors) if errors else None
    return {"quarters": rows, "mean_absolute_error": mean, "reliability": reliability(found)}
