"""Forecasts as they would have been made at past quarter ends, beside what came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from treaty.forecasts.rules.pipeline.banding import Forecast, forecast
from treaty.forecasts.rules.pipeline.calibrating import won_within
from treaty.forecasts.rules.pipeline.deals import Deals
from treaty.kit.rules.refusals import Refused

Floats = NDArray[np.float64]
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Tried:
    """One past period: forecast at its beginning, and what came by the deals that were open then."""

    begin: float
    end: float
    forecast: Forecast
    happened: NDArray[np.bool_]
    actual: float
    from_new: float
    """Won in the period by deals that were created in it: no forecast of open deals can hold it."""


def quarter_ends(day: float) -> tuple[float, float]:
    """The last calendar quarter's end on or before a day, and the next one after it."""
    told = date.fromordinal(int(day) + 1 + EPOCH)
    begins = date(told.year, (told.month - 1) // 3 * 3 + 1, 1)
    follows = date(begins.year + (begins.month == 10), (begins.month + 2) % 12 + 1, 1)
    return float(begins.toordinal() - 1 - EPOCH), float(follows.toordinal() - 1 - EPOCH)


def tried(deals: Deals, day: float, *, periods: int, draws: int, seed: int) -> list[Tried]:
    """The last quarters that were over on a day, the oldest first; those in which nothing could be said are left out."""
    found: list[Tried] = []
    end, _ = quarter_ends(day)
    for _turn in range(periods):
        begin, _ = quarter_ends(end - 1)
        try:
            made = forecast(deals, begin, end - begin, draws=draws, seed=seed)
        except Refused:
            break
        found.append(_tried(deals, begin, end, made))
        end = begin
    return found[::-1]


def reliability(all_tried: Sequence[Tried], buckets: int = 5) -> list[dict[str, float]]:
    """Chances in buckets beside how many of these deals were won in time."""
    chances = np.concatenate([one.forecast.chances for one in all_tried]) if all_tried else np.empty(0)
    happened = np.concatenate([one.happened for one in all_tried]) if all_tried else np.empty(0)
    place = np.minimum((chances * buckets).astype(np.int64), buckets - 1)
    return [
        {
            "from": bucket / buckets,
            "to": (bucket + 1) / buckets,
            "deals": int((place == bucket).sum()),
            "expected": float(chances[place == bucket].mean()),
            "actual": float(happened[place == bucket].mean()),
        }
        for bucket in range(buckets)
        if (place == bucket).any()
    ]


def _tried(deals: Deals, begin: float, end: float, made: Forecast) -> Tried:
    happened = won_within(deals, begin, end - begin)
    was_open = (deals.created <= begin) & ~(deals.closed <= begin)
    in_time = deals.won & (deals.closed > begin) & (deals.closed <= end)
    actual = np.nansum(deals.value[was_open][happened])
    return Tried(
        begin, end, made, happened, float(actual), float(np.nansum(deals.value[in_time & ~was_open]))
    )
