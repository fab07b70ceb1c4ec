"""Media mix, forecast of deals and experiments beside their bars; processor seconds, wall, peak memory.

Run: .venv/bin/python benchmarks/forecasts.py --rounds 500 --deals 100000 --persons 10000000
"""

import argparse
from collections.abc import Callable
from functools import partial

import weeks as made
from clock import told

from treaty.experiments.rules.judged import Stopping, arms, judged
from treaty.forecasts.rules.mix import fitting
from treaty.forecasts.rules.pipeline.backtest import tried
from treaty.forecasts.rules.pipeline.banding import forecast

FIT_BAR, DRAWS_BAR, DEALS_BAR, PERSONS_BAR = 0.01, 1.0, 5.0, 1.0
"""Processor seconds. The first two are those of the prototype; a Bayesian library took 58 for the same answer. The others
are ours: a forecast with eight quarters tried, and ten million persons compared, while one waits."""


def measured(name: str, work: Callable[[], object], bar: float) -> None:
    """Three runs after one that compiles."""
    work()
    told(name, work, bar)


def main() -> None:
    """Mixes, deals, experiments."""
    asked = argparse.ArgumentParser(description=__doc__)
    for name, size in (("rounds", 500), ("deals", 100_000), ("persons", 10_000_000)):
        asked.add_argument(f"--{name}", type=int, default=size)
    sizes = asked.parse_args()
    for media in (2, 6):
        mixes(media, sizes.rounds)
    forecasts(sizes.deals)
    experiments(sizes.persons)


def mixes(media: int, rounds: int) -> None:
    """So many media over 179 weeks: fitted, and drawn anew."""
    weeks = made.weeks(179, media)
    mix = fitting.fitted(weeks)
    name = f"mix, 179 weeks, {media} media"
    measured(f"{name}: fit", partial(fitting.fitted, weeks), FIT_BAR)
    drawn = partial(fitting.drawn, weeks, mix, rounds=rounds, seed=1)
    measured(f"{name}: {rounds} draws", drawn, DRAWS_BAR)


def forecasts(number: int) -> None:
    """So many deals over three years: a quarter ahead, and eight past ones tried."""
    deals = made.deals(number)
    measured(f"{number:,} deals: forecast", partial(forecast, deals, 1095, 91, draws=1000, seed=1), DEALS_BAR)
    past = partial(tried, deals, 1095, periods=8, draws=200, seed=1)
    told(f"{number:,} deals: eight quarters tried", past, DEALS_BAR, rounds=1)


def experiments(number: int) -> None:
    """So many persons in two groups compared."""
    groups, values = made.outcomes(number)

    def work() -> object:
        return judged(
            arms(groups, ("control", "new"), values), "control", stopping=Stopping(), confidence=0.95
        )

    measured(f"{number:,} persons: lift with interval", work, PERSONS_BAR)


if __name__ == "__main__":
    main()
