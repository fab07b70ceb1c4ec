"""One task of a rival over one file, in the rivals' own environment; prints one JSON line with what it cost.

Run by benchmarks/rivals.py: build/peers/bin/python benchmarks/peers/tasks.py TASK FILE
Reading the file and importing are not counted.
"""

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
Work = Callable[[], Mapping[str, float]]


def markov(order: int) -> Callable[[str], Work]:
    """ChannelAttribution over path strings; it simulates, so its credit differs a little with each seed."""

    def prepared(file: str) -> Work:
        from ChannelAttribution import markov_model

        rows = pd.read_parquet(file)

        def work() -> Mapping[str, float]:
            named = {"var_value": "total_conversion_value", "var_null": "total_null"}
            found = markov_model(rows, "path", "total_conversions", order=order, verbose=False, **named)
            return dict(zip(found["channel_name"], map(float, found["total_conversions"]), strict=True))

        return work

    return prepared


def touches(file: str) -> Work:
    """Raw touches to paths by Polars (ninety days back, split at conversions), to credit by ChannelAttribution."""
    import polars as pl
    from ChannelAttribution import markov_model

    rows = pl.read_parquet(file)
    before = pl.col("conversion").cum_sum().over("person") - pl.col("conversion")
    is_near = pl.col("time").max() - pl.col("time") <= pl.duration(days=90)
    columns = [
        pl.col("channel").filter(is_near).str.join(" > ").alias("path"),
        pl.col("conversion").sum().alias("total_conversions"),
        pl.col("conversion_value").sum().alias("total_conversion_value"),
    ]

    def work() -> Mapping[str, float]:
        each = rows.sort("person", "time").with_columns(part=before).group_by("person", "part").agg(columns)
        each = each.with_columns(total_null=1 - pl.col("total_conversions"))
        paths = each.group_by("path").agg(pl.col("^total_.*$").sum()).to_pandas()
        named = {"var_value": "total_conversion_value", "var_null": "total_null"}
        found = markov_model(paths, "path", "total_conversions", order=1, verbose=False, **named)
        return dict(zip(found["channel_name"], map(float, found["total_conversions"]), strict=True))

    return work


def heuristics(file: str) -> Work:
    """ChannelAttribution's first, last and linear over path strings."""
    from ChannelAttribution import heuristic_models

    rows = pd.read_parquet(file)

    def work() -> Mapping[str, float]:
        found = heuristic_models(rows, "path", "total_conversions", var_value="total_conversion_value")
        return dict(zip(found["channel_name"], map(float, found["linear_touch_conversions"]), strict=True))

    return work


def mam(file: str) -> Work:
    """marketing-attribution-models' Markov of order 1; it takes one outcome for each row of paths."""
    import polars as pl
    from mam import MAM

    rows = pd.read_parquet(file)
    parts = [
        rows.assign(won=won, times=rows[column])[rows[column] > 0]
        for won, column in ((True, "total_conversions"), (False, "total_null"))
    ]
    journeys = pl.from_pandas(pd.concat(parts)[["path", "won", "times"]])

    def work() -> Mapping[str, float]:
        named = {
            "channels_colname": "path",
            "journey_with_conv_colname": "won",
            "occurrences_colname": "times",
        }
        MAM(journeys, format_type="grouped_journey", **named).run_markov()
        return {}

    return work


def lifetimes(model: str) -> Callable[[str], Work]:
    """The library lifetimes fits a model of customer value over x, t_x and T in weeks."""

    def prepared(file: str) -> Work:
        import lifetimes as library

        rows = pd.read_parquet(file)
        fitter = getattr(library, model)()

        def work() -> Mapping[str, float]:
            fitter.fit(*(rows[name].to_numpy(np.float64) for name in ("x", "t_x", "T")))
            return {name: float(value) for name, value in fitter.params_.items()}

        return work

    return prepared


def lifetimes_score(file: str) -> Work:
    """The library lifetimes scores everybody: purchases expected in 39 weeks, with the parameters of the paper's sample."""
    import lifetimes as library

    rows = pd.read_parquet(file)
    fitter = library.BetaGeoFitter()
    fitter.params_ = pd.Series({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426})

    def work() -> Mapping[str, float]:
        expected = fitter.conditional_expected_number_of_purchases_up_to_time(
            39.0, *(rows[name].to_numpy(np.float64) for name in ("x", "t_x", "T"))
        )
        return {"sum": float(np.sum(expected))}

    return work


def gamma_gamma(file: str) -> Work:
    """The library lifetimes fits what a purchase is worth."""
    import lifetimes as library

    rows = pd.read_parquet(file)
    fitter = library.GammaGammaFitter()

    def work() -> Mapping[str, float]:
        fitter.fit(rows["x"].to_numpy(np.float64), rows["m"].to_numpy(np.float64))
        return {name: float(value) for name, value in fitter.params_.items()}

    return work


def funnel(file: str) -> Work:
    """DuckDB follows each person's first attempt, asked in SQL over a table of its own."""
    import duckdb

    base = duckdb.connect()
    base.execute("CREATE TABLE kept AS SELECT * FROM read_parquet(?)", [file])
    query = Path(__file__).with_name("funnel.sql").read_text(encoding="utf-8")

    def work() -> Mapping[str, float]:
        [found] = base.execute(query).fetchall()
        return {f"step {place}": float(persons) for place, persons in enumerate(found, 1)}

    return work


def pymc(file: str) -> Work:
    """pymc-marketing's BG/NBD at its most likely parameters (MAP), as it is shipped."""
    from pymc_marketing.clv import BetaGeoModel

    rows = pd.read_parquet(file)
    named = rows.rename(columns={"x": "frequency", "t_x": "recency"})
    named["customer_id"] = np.arange(len(named))

    def work() -> Mapping[str, float]:
        model = BetaGeoModel(named)
        model.fit(method="map", progressbar=False)
        summary = model.fit_summary()
        return {name: float(summary[name]) for name in ("r", "alpha", "a", "b")}

    return work


TASKS: dict[str, Callable[[str], Work]] = {
    "markov-1": markov(1),
    "markov-2": markov(2),
    "markov-3": markov(3),
    "touches": touches,
    "heuristics": heuristics,
    "mam": mam,
    "bg-nbd": lifetimes("BetaGeoFitter"),
    "pareto-nbd": lifetimes("ParetoNBDFitter"),
    "gamma-gamma": gamma_gamma,
    "bg-nbd-score": lifetimes_score,
    "pymc": pymc,
    "funnel": funnel,
}


def spent() -> float:
    """Seconds of processor time of this process and of the compilers that it ran."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main(task: str, file: str) -> None:
    """Do one task and print its cost."""
    work = TASKS[task](file)
    wall, cpu = time.perf_counter(), spent()
    answer = work()
    cost: dict[str, Any] = {"cpu": spent() - cpu, "wall": time.perf_counter() - wall}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**cost, "peak_mb": peak, "answer": answer}))


if __name__ == "__main__":
    main(*sys.argv[1:])
