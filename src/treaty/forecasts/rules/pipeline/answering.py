"""A whole forecast: the next period, what it rests on, and the past quarters it was tried on."""

from typing import Any

import numpy as np

from treaty.forecasts.rules.pipeline import told
from treaty.forecasts.rules.pipeline.backtest import quarter_ends, tried
from treaty.forecasts.rules.pipeline.banding import forecast
from treaty.forecasts.rules.pipeline.deals import seen
from treaty.forecasts.rules.pipeline.reading import Read


def answered(
    read: Read,
    day: float,
    end: float,
    *,
    quarters: int,
    draws: int,
    seed: int,
    confidence: float,
    quota: float | None,
    commit: float,
    best_case: float,
) -> dict[str, Any]:
    """As JSON tells it. Raises Refused: too_few, one_class."""
    known = seen(read.deals, day)
    made = forecast(read.deals, day, end - day, draws=draws, seed=seed)
    began, _ = quarter_ends(day)
    # What counts for the quota is won since the last quarter's end.
    already = known.value[known.won & (known.closed > began)]
    return {
        "as_of": told.day_told(day),
        "until": told.day_told(end),
        "deals": {
            "open": int(known.is_open.sum()),
            "won": int(known.won.sum()),
            "lost": int((~known.won & ~known.is_open).sum()),
            "without_date": read.without_date,
        },
        "values_known": "while open" if read.deals.valued_early else "at the end",
        "stages_used": read.by_stage,
        **told.whole(made, confidence, already=float(np.nansum(already)), quota=quota),
        "categories": told.categories(made, commit=commit, best_case=best_case),
        "stages": told.stages(known, made, day),
        "calibration": told.calibration(made),
        "time_to_close": told.time_to_close(known, day),
        "backtest": told.backtest(
            tried(read.deals, day, periods=quarters, draws=draws, seed=seed), confidence
        ),
    }
