"""Media mix, forecast of deals and experiments beside their bars; processor seconds, wall, peak memory.

Run: .venv/bin/python benchmarks/forecasts.py --rounds 500 --deals 100000 --persons 10000000
"""

import argparse
import resource
from collections.abc import Callable
from time import perf_counter, process_time

import weeks as made

from treaty.experiments.rules.judged import Stopping, arms, judged
from treaty.forecasts.rules.mix import fitting
from treaty.forecasts.rules.pipeline.backtest import tried
from treaty.forecasts.rules.pipeline.banding import forecast

FIT_BAR, DRAWS_BAR, DEALS_BAR, PERSONS_BAR = 0.01, 1.0, 5.0, 1.0
"""Processor seconds. The first two are those of the prototype; a Bayesian library took 58 for the same answer. The others
are ours: a forecast with eight quarters tried, and ten million persons compared, while one waits."""


def measured(name: str, work: Callable[[], object], bar: float, repeats: int = 3) -> None:
    """The median of some runs after one that compiles."""
    work()
    spent = []
    for _ in range(repeats):
        cpu, wall = process_time(), perf_counter()
        work()
        spent.append((process_time() - cpu, perf_counter() - wall))
    cpu, wall = sorted(spent)[repeats // 2]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:<58} {cpu:8.4f} s  wall {wall:8.4f} s  bar {bar:5.2f} s  {cpu / bar:7.1%} of the bar  {peak:6.0f} MB"
    )


def main() -> None:
    asked = argparse.ArgumentParser()
    for name, size in (("rounds", 500), ("deals", 100_000), ("persons", 10_000_000)):
        asked.add_argument(f"--{name}", type=int, default=size)
    sizes = asked.parse_args()
    for media in (2, 6):
        weeks = made.weeks(179, media)
        mix = fitting.fitted(weeks)
        measured(f"mix, 179 weeks, {media} media: fit", lambda weeks=weeks: fitting.fitted(weeks), FIT_BAR)  # type: ignore[misc]
        measured(
            f"mix, 179 weeks, {media} media: {sizes.rounds} draws",
            lambda weeks=weeks, mix=mix: fitting.drawn(weeks, mix, rounds=sizes.rounds, seed=1),  # type: ignore[misc]
            DRAWS_BAR,
        )
    deals = made.deals(sizes.deals)
    measured(
        f"{sizes.deals:,} deals: forecast", lambda: forecast(deals, 1095, 91, draws=1000, seed=1), DEALS_BAR
    )
    measured(
        f"{sizes.deals:,} deals: eight quarters tried",
        lambda: tried(deals, 1095, periods=8, draws=200, seed=1),
        DEALS_BAR,
        1,
    )
    groups, values = made.outcomes(sizes.persons)
    names = ("control", "new")
    measured(
        f"{sizes.persons:,} persons: lift with interval",
        lambda: judged(arms(groups, names, values), "control", stopping=Stopping(), confidence=0.95),
        PERSONS_BAR,
    )


if __name__ == "__main__":
    main()
