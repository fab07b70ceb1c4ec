"""What `treaty analyze value` says of survivors of contracts, and of counts of occasions."""

import numpy as np

from treaty.kit.rules.refusals import Refused
from treaty.lifetime.rules import bg_bb, sbg
from treaty.lifetime.rules.fitting import Vector
from treaty.lifetime.telling import Answer, told


def of_survivors(survivors: Vector, *, ahead: int, discount: float) -> Answer:
    """sBG: the told survivors of one intake beside the fitted ones, and `ahead` periods more; `discount` a period."""
    found = sbg.fit(survivors)
    at, periods = sbg.Parameters(*found.values), len(survivors) - 1 + ahead
    shares, kept = sbg.survival(at, periods), [None, *sbg.retention(at, periods).tolist()]
    happened = [*(survivors / survivors[0]).tolist(), *[None] * ahead]
    return {
        "model": "sbg",
        "persons": found.persons,
        **told(found),
        "discount": discount,
        "residual_periods_at_first_renewal": sbg.residual(at, 1, discount),
        "periods": [
            {
                "period": period,
                "happened": happened[period],
                "expected": float(shares[period]),
                "retention": kept[period],
            }
            for period in range(periods + 1)
        ],
    }


def of_occasions(columns: dict[str, Vector], *, ahead: int) -> Answer:
    """BG/BB: each row of x, t_x, n and count with the chance to be there, and purchases at the next `ahead` occasions."""
    for name, column in columns.items():
        bad = ~np.isfinite(column) | ((column != np.floor(column)) & (name != "count"))
        if bad.any():
            raise Refused("impossible", f"Row {int(np.argmax(bad)) + 1}: {name} is not a whole number.")
    x, last, occasions = (columns[name].astype(np.int64) for name in ("x", "t_x", "n"))
    rows = bg_bb.Occasions(x, last, occasions, columns["count"])
    found = bg_bb.fit(rows)
    at = bg_bb.Parameters(*found.values)
    shown = {**columns, "p_alive": bg_bb.alive(at, rows), "expected": bg_bb.expected(at, rows, ahead)}
    return {
        "model": "bg-bb",
        "persons": found.persons,
        **told(found),
        "ahead": ahead,
        "expected_purchases": float(shown["expected"] @ rows.persons),
        "rows": [
            dict(zip(shown, row, strict=True))
            for row in zip(*(part.tolist() for part in shown.values()), strict=True)
        ],
    }
