"""How a fit is told: names with numbers, and nothing that JSON does not know."""

from typing import Any

import numpy as np

from treaty.lifetime.rules.fitting import Fitted

Answer = dict[str, Any]


def told(found: Fitted) -> Answer:
    """Parameters with their standard errors, and how likely they make what was seen."""
    return {
        "parameters": found.parameters,
        "errors": dict(zip(found.names, found.errors.tolist(), strict=True)),
        "log_likelihood": found.log_likelihood,
    }


def plain(value: Any) -> Any:
    """JSON knows neither NaN nor infinity: nothing is known then."""
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return None if isinstance(value, float) and not np.isfinite(value) else value
