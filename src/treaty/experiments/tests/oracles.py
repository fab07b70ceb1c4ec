"""Published figures of experiments: Newcombe's intervals, sizes of R's manual, bounds of Jennison & Turnbull."""

from functools import cache

import numpy as np

from tests.harness.oracles import Oracle
from tests.harness.published import DATA
from treaty.experiments.rules import looks, sizes
from treaty.experiments.rules.lift import Lift, arm, lift, rate
from treaty.kit.tabular import Table

NEWCOMBE = "Newcombe 1998, Statist. Med. 17:873, table II, method 10"
R_POWER = "R manual, stats::power"
TURNBULL = "Jennison & Turnbull 2000, table"
LAN = "Lan & DeMets 1983, O'Brien-Fleming form, five looks (as printed by ldbounds)"
ARMITAGE = "Armitage, McPherson & Rowe 1969, table 2"
SLEEP = "R manual, t.test(extra ~ group, data = sleep); Student 1908"

SLEEP_1 = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
SLEEP_2 = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])


@cache
def hillstrom(metric: str) -> Lift:
    """Men's mail beside no mail."""
    path = DATA / "hillstrom" / "hillstrom_mens_and_control.csv"
    table = Table([path])
    values, segments = table.numbers(metric), table.texts("segment")
    return lift(arm(values[segments == "No E-Mail"]), arm(values[segments == "Mens E-Mail"]))


def sleep() -> Lift:
    return lift(arm(SLEEP_2), arm(SLEEP_1))


def evenly(number: int) -> list[float]:
    return [place / number for place in range(1, number + 1)]


def constant(bound: float, number: int, drift: float = 0.0) -> float:
    """How likely |z| crosses one bound at one of the looks at least."""
    return float(looks.crossings([bound] * number, evenly(number), drift=drift).sum())


def falling(bound: float, number: int) -> float:
    """The same of O'Brien and Fleming's bounds, which fall with the root of the fraction."""
    limits = [bound / one**0.5 for one in evenly(number)]
    return float(looks.crossings(limits, evenly(number)).sum())


def newcombe(a: int, m: int, b: int, n: int, interval: tuple[float, float]) -> list[Oracle]:
    """The interval of a/m less b/n."""
    name = f"interval of {a}/{m} less {b}/{n}"
    return [
        Oracle(f"{name}, low", NEWCOMBE, interval[0], 0.00005, lambda: lift(rate(b, n), rate(a, m)).low),
        Oracle(f"{name}, high", NEWCOMBE, interval[1], 0.00005, lambda: lift(rate(b, n), rate(a, m)).high),
    ]


def bound(place: int) -> float:
    return float(looks.bounds(evenly(5))[place])


def welch_z() -> float:
    found = sleep()
    return found.lift / found.standard_error


ORACLES = [
    Oracle(
        "hillstrom: lift of visits",
        "numbers.md section 5; counted",
        0.0766,
        0.00005,
        lambda: hillstrom("visit").lift,
    ),
    Oracle(
        "hillstrom: z of visits",
        "numbers.md section 5; by hand",
        22.6,
        0.05,
        lambda: hillstrom("visit").z or 0.0,
    ),
    Oracle("hillstrom: lift of spend", "1.42262 - .65279", 0.76983, 0.00001, lambda: hillstrom("spend").lift),
    *newcombe(56, 70, 48, 80, (0.0524, 0.3339)),
    *newcombe(9, 10, 3, 10, (0.1705, 0.8090)),
    *newcombe(6, 7, 2, 7, (0.0582, 0.8062)),
    *newcombe(5, 56, 0, 29, (-0.0381, 0.1926)),
    *newcombe(0, 10, 0, 20, (-0.1611, 0.2775)),
    *newcombe(0, 10, 0, 10, (-0.2775, 0.2775)),
    *newcombe(10, 10, 0, 20, (0.6791, 1.0000)),
    *newcombe(10, 10, 0, 10, (0.6075, 1.0000)),
    Oracle("Welch's t of the sleep data", SLEEP, -1.8608, 0.00005, welch_z),
    Oracle("its p", SLEEP, 0.07939, 0.000005, lambda: sleep().p),
    Oracle("its interval, low", SLEEP, -3.3654832, 5e-8, lambda: sleep().low),
    Oracle("its interval, high", SLEEP, 0.2054832, 5e-8, lambda: sleep().high),
    Oracle(
        "persons per arm, .50 and .75, power .90",
        f"{R_POWER}.prop.test",
        76.7,
        0.05,
        lambda: sizes.persons_for_rates(0.5, 0.75, power=0.9),
    ),
    Oracle(
        "power, .50 and .75, 50 persons per arm",
        f"{R_POWER}.prop.test",
        0.740,
        0.0005,
        lambda: sizes.power_for_rates(0.5, 0.75, 50),
    ),
    Oracle(
        "persons per arm, .05 and .10",
        "by hand: (1.959964 sqrt(.13875) + .841621 sqrt(.1375))^2 / .0025",
        434.43,
        0.005,
        lambda: sizes.persons_for_rates(0.05, 0.10),
    ),
    Oracle(
        "persons per arm, one deviation, power .90",
        f"{R_POWER}.t.test",
        22.02110,
        0.00005,
        lambda: sizes.persons_for_means(1.0, 1.0, power=0.9),
    ),
    Oracle(
        "power, one deviation, 20 persons per arm",
        f"{R_POWER}.t.test",
        0.8689528,
        5e-8,
        lambda: sizes.power_for_means(1.0, 1.0, 20),
    ),
    Oracle("error of 1.96 at 2 looks", ARMITAGE, 0.083, 0.0005, lambda: constant(1.96, 2)),
    Oracle("error of 1.96 at 5 looks", ARMITAGE, 0.142, 0.0005, lambda: constant(1.96, 5)),
    Oracle("error of 1.96 at 10 looks", ARMITAGE, 0.193, 0.0005, lambda: constant(1.96, 10)),
    Oracle("error of Pocock's 2.413 at 5 looks", f"{TURNBULL} 2.1", 0.05, 0.0001, lambda: constant(2.413, 5)),
    Oracle(
        "error of Pocock's 2.555 at 10 looks", f"{TURNBULL} 2.1", 0.05, 0.0001, lambda: constant(2.555, 10)
    ),
    Oracle(
        "error of O'Brien-Fleming's 2.040 at 5 looks",
        f"{TURNBULL} 2.3",
        0.05,
        0.0001,
        lambda: falling(2.040, 5),
    ),
    Oracle(
        "error of O'Brien-Fleming's 2.087 at 10 looks",
        f"{TURNBULL} 2.3",
        0.05,
        0.0001,
        lambda: falling(2.087, 10),
    ),
    Oracle(
        "power of Pocock's five looks with 1.229 times as many persons",
        f"{TURNBULL} 2.2",
        0.8,
        0.0005,
        lambda: constant(2.413, 5, (1.959964 + 0.841621) * 1.229**0.5),
    ),
    *(
        Oracle(f"bound of look {place + 1} of 5", LAN, printed, 0.0005, lambda place=place: bound(place))  # type: ignore[misc]
        for place, printed in enumerate((4.877, 3.357, 2.680, 2.290, 2.031))
    ),
]
"""Every published figure of this noun."""
