"""Published figures of forecasts and mixes."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tests.harness.oracles import Oracle
from tests.harness.published import DATA
from treaty.forecasts.rules.mix import fitting
from treaty.forecasts.rules.mix.weeks import Weeks, dates
from treaty.forecasts.rules.pipeline.curves import Curve, curve
from treaty.forecasts.rules.pipeline.reading import Columns, Read, read
from treaty.kit.tabular import Table

TRUTH = "generated with known truth (data/README.md); within: half of the interval"


REMISSION = "Freireich et al. 1963, 6-MP; Kleinbaum & Klein 2012, table 2.2; errors: R survival, survfit"
WEEKS_OF_REMISSION = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


@cache
def remission() -> Curve:
    """21 patients with a drug: weeks until relapse, 12 censored."""
    return curve(np.array(WEEKS_OF_REMISSION), np.array(RELAPSED))


@cache
def example() -> Weeks:
    """179 weeks, two media, generated with known effects; without the events that moved sales, too."""
    table = Table([DATA / "mmm" / "mmm_example.csv"])
    media = np.array([table.numbers("x1"), table.numbers("x2")])
    return Weeks(
        dates(table.texts("date_week").tolist()), table.numbers("y"), media, np.empty((0, table.rows))
    )


@cache
def mix() -> fitting.Mix:
    return fitting.fitted(example())


TABLE = [
    (6, 0.8571, 0.0764),
    (7, 0.8067, 0.0869),
    (10, 0.7529, 0.0963),
    (13, 0.6902, 0.1068),
    (16, 0.6275, 0.1141),
    (22, 0.5378, 0.1282),
    (23, 0.4482, 0.1346),
]


def remaining(week: int, share: float, error: float) -> list[Oracle]:
    """Who is still in remission after a week, and the standard error."""
    name = f"6-MP: in remission after week {week}"
    return [
        Oracle(name, REMISSION, share, 0.00005, lambda: float(remission().open[week])),
        Oracle(f"{name}, error", REMISSION, error, 0.00005, lambda: float(remission().errors()[week])),
    ]


@cache
def maven() -> Read:
    """8,800 deals; without a day of creation are the 500 that wait to be engaged."""
    table = Table([DATA / "maven-crm" / "sales_pipeline.csv"])
    stages = table.texts("deal_stage").tolist()
    engaged, closed = (days(table, name) for name in ("engage_date", "close_date"))
    return read(Columns(engaged, closed, engaged, stages, stages, table.numbers("close_value")))


def days(table: Table, name: str) -> NDArray[np.float64]:
    times = table.times(name)
    return np.where(np.isnat(times), np.nan, times.astype("datetime64[D]").astype(np.float64))


def won_rate() -> float:
    deals = maven().deals
    return float(deals.won.sum() / (~deals.is_open).sum())


def won_value() -> float:
    deals = maven().deals
    return float(deals.value[deals.won].sum())


ORACLES = [
    Oracle("mix: share of sales of x1", TRUTH, 0.2905, 0.05, lambda: float(mix().shares[0])),
    Oracle("mix: share of sales of x2", TRUTH, 0.0697, 0.009, lambda: float(mix().shares[1])),
    *(one for printed in TABLE for one in remaining(*printed)),
    Oracle(
        "6-MP: median weeks of remission", REMISSION, 23, 0, lambda: float(remission().days_until(0.5) or 0)
    ),
    Oracle("maven: rate of closed deals that were won", "data/README.md: 63.15 %", 0.6315, 0.00005, won_rate),
    Oracle("maven: won value", "data/README.md: 10,005,534", 10_005_534, 0.5, won_value),
]
"""Every published figure of this noun."""
