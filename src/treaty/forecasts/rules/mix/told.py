"""A media mix as one document of figures, each with its interval."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from treaty.forecasts.rules.mix.budget import Advice
from treaty.forecasts.rules.mix.fitting import Draws, Mix, between
from treaty.forecasts.rules.mix.weeks import Weeks

EPOCH = date(1970, 1, 1).toordinal()


def told(
    weeks: Weeks, mix: Mix, draws: Draws, advice: Advice, names: Sequence[str], *, confidence: float
) -> dict[str, Any]:
    """Shares, carry-over, returns and advice by medium."""
    return {
        "weeks": len(weeks.days),
        "from": date.fromordinal(int(weeks.days[0]) + EPOCH).isoformat(),
        "to": date.fromordinal(int(weeks.days[-1]) + EPOCH).isoformat(),
        "confidence": confidence,
        "draws": len(draws.shares),
        "channels": _channels(mix, draws, names, confidence),
        "base_share": 1 - float(mix.shares.sum()),
        "fit": _fit(weeks, mix),
        "budget": _budget(advice, names, confidence),
    }


def _channels(mix: Mix, draws: Draws, names: Sequence[str], confidence: float) -> list[dict[str, Any]]:
    shares, decays = between(draws.shares, confidence), between(draws.shapes[:, :, 0], confidence)
    scales = between(np.exp(draws.shapes[:, :, 1]), confidence)
    return [
        {
            "channel": name,
            "share": float(mix.shares[place]),
            "interval": shares[place],
            "sales": float(mix.effects[place].sum()),
            "carried_over": float(mix.shapes[place, 0]),
            "carried_over_interval": decays[place],
            "saturation": float(np.exp(mix.shapes[place, 1])),
            "saturation_interval": scales[place],
        }
        for place, name in enumerate(names)
    ]


def _fit(weeks: Weeks, mix: Mix) -> dict[str, float]:
    """How much is explained, and whether what is left still hangs together (then intervals are too narrow)."""
    rest = mix.residuals - mix.residuals.mean()
    around = weeks.sales - weeks.sales.mean()
    return {
        "r_squared": 1 - float(rest @ rest / (around @ around)),
        "mean_error": float(np.abs(rest).mean() / weeks.sales.mean()),
        "autocorrelation": float(rest[1:] @ rest[:-1] / (rest @ rest)),
    }


def _budget(advice: Advice, names: Sequence[str], confidence: float) -> dict[str, Any]:
    gains = between(advice.drawn_gains[:, None], confidence)[0]
    splits = between(advice.drawn_advised, confidence)
    returns = between(advice.drawn_returns, confidence)
    return {
        "per_week": float(advice.advised.sum()),
        "gain": advice.gain,
        "gain_interval": gains,
        "is_sure": gains[0] > 0,
        "better_in": float((advice.drawn_gains > 0).mean()),
        "channels": [
            {
                "channel": name,
                "now": float(advice.now[place]),
                "advised": float(advice.advised[place]),
                "advised_interval": splits[place],
                "return_of_next_unit": float(advice.returns[place]),
                "return_interval": returns[place],
            }
            for place, name in enumerate(names)
        ],
    }
