"""Customer value: how long fitting and scoring take, and whether the parameters behind generated persons come back.

Run: .venv/bin/python benchmarks/value.py [--persons 1000000]
Bars of the design on two cores: BG/NBD on 1,000,000 persons fitted in 1.0 s (lifetimes 7.2) and scored in .2 s (.38);
Pareto/NBD on 100,000 / 1,000,000 fitted in 2.9 / 15 s (lifetimes 33.5 / -).
"""

import argparse
from functools import partial

import numpy as np
from clock import told
from transactions import DAYS, TRUE, histories, log

from treaty.lifetime.rules import bg_nbd, gamma_gamma, pareto_nbd
from treaty.lifetime.rules.histories import Histories
from treaty.lifetime.rules.transactions import merged, watched
from treaty.lifetime.rules.worth import worth

FIT, SCORE = 1.0, 0.2
PARETO = {100_000: 2.9, 1_000_000: 15.0}
WEEKS = 39.0
SLOWER = 10


def came_back(persons: int) -> None:
    """The fitted parameters beside those that made the persons, in standard errors."""
    found = bg_nbd.fit(histories(persons, slower=SLOWER))
    true = np.array(TRUE) * np.array([1, SLOWER, 1, 1])
    away = zip(found.names, found.values, true, (found.values - true) / found.errors, strict=True)
    print(f"  BG/NBD: parameters that made {persons:,} persons, times {SLOWER} times as long")
    print(
        "    "
        + "  ".join(f"{name} {value:.4f} for {at:.4g} ({far:+.1f} errors)" for name, value, at, far in away)
    )


def main() -> None:
    """Measure each at the asked size, Pareto/NBD at a tenth, too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    asked = parser.parse_args()
    small = histories(5000)
    bg_nbd.expected(bg_nbd.Parameters(*bg_nbd.fit(small).values), small, WEEKS)  # compiles
    pareto_nbd.fit(small)
    bought = log(asked.persons)
    print(f"{asked.persons:,} persons, {len(bought.day):,} days with a purchase")
    times = bought.day.astype("datetime64[D]").astype("datetime64[us]")
    mixed = np.random.default_rng(3).permutation(len(times))
    raw = (bought.person[mixed], times[mixed], bought.value[mixed] if bought.value is not None else None)
    everybody = told("log in any order to x, t_x, T, m", lambda: watched(merged(*raw), DAYS - 1).told)
    frequency(everybody)
    came_back(max(asked.persons // 4, 5000))
    for persons in sorted({max(asked.persons // 10, 5000), asked.persons}):
        some = Histories(everybody.repeats[:persons], everybody.last[:persons], everybody.age[:persons])
        told(f"Pareto/NBD fitted to {persons:,}", partial(pareto_nbd.fit, some), PARETO.get(persons))


def frequency(everybody: Histories) -> None:
    """BG/NBD and gamma-gamma: fit, score, worth."""
    is_full = len(everybody) == 1_000_000
    found = told("BG/NBD fitted", lambda: bg_nbd.fit(everybody), FIT if is_full else None)
    at = bg_nbd.Parameters(*found.values)
    told("BG/NBD scored", lambda: bg_nbd.expected(at, everybody, WEEKS), SCORE if is_full else None)
    values = told("gamma-gamma fitted", lambda: gamma_gamma.fit(gamma_gamma.spent(everybody)))
    value = gamma_gamma.expected(gamma_gamma.Parameters(*values.values), everybody)
    terms = {"weeks": 52.0, "discount": 0.1, "margin": 1.0}
    told(
        "worth of each over 52 weeks",
        lambda: worth(lambda weeks: bg_nbd.expected(at, everybody, weeks), value, **terms),
    )


if __name__ == "__main__":
    main()
