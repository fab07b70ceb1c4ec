"""Published figures of attribution: the paths of PathData, the exact chain of order 1, and chains worked out by hand."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tests.harness.oracles import Oracle
from tests.harness.published import DATA
from treaty.attribution.rules.attributing import credits_of, parsed
from treaty.attribution.rules.paths import Amounts, Paths
from treaty.attribution.rules.removal import removal
from treaty.attribution.rules.shapley import mean_gains
from treaty.attribution.rules.strings import read
from treaty.attribution.rules.transitions import counted
from treaty.attribution.tests.twins import Told, paths_of
from treaty.kit.tabular import Table

PATHDATA = "PathData"
LIBRARY = f"{PATHDATA}, by ChannelAttribution 2.2.5"
CHAIN = f"{PATHDATA}, chain of order 1 solved exactly"
HAND = "by hand (tests/oracles.py)"
BRYL = "Bryl 2016, Marketing multi-channel attribution model with R (part 1), the example of three paths"
AUMANN = "Aumann 2010, Some non-superadditive games, and their Shapley values, in the Talmud: Ibn Ezra's inheritance"
HAINES = "Haines, Attribution models: the math, worked: five touches in 38 days before 12,000 dollars"
MEASURE = "Adobe, Marketo Measure attribution models: the full path"

SHORT = [Told(("a", "b")), Told(("a",), 0, 0, 1), Told(("b",), 0, 0, 1)]
"""From a half of the paths go on to b; from b half convert. P = 2/3 * 1/2 * 1/2 + 1/3 * 1/2 = 1/3; without a 1/6, without
b 0: effects 1/2 and 1."""
MEMORY = [Told(("a", "c")), Told(("b", "c"), 0, 0, 1)]
"""Order 1 forgets how c was reached: P = 1/2, without a 1/4. Order 2 does not: what passes a converts, what passes b never."""
WORTH = [Told(("a",), 1, 10.0), Told(("b",), 1, 30.0), Told(("a", "b"), 0, 0, 1)]
"""From a half convert, worth 10, half go on to b; from b half convert, worth 30. Worth of a path 2/3 * 5 + 2/3 * 15 = 40/3;
without a 1/3 * 15 = 5, without b 2/3 * 5 = 10/3: effects 5/8 and 3/4, of 40 together 200/11 and 240/11."""
LOSING = [Told(("a",), 1), Told(("b",), 0, 0, 1), Told(("a", "b"), 0, 0, 1)]
"""Rates: a 1, b 0, both 1/3. Gains: a (1 + 1/3) / 2 = 2/3, b (0 - 2/3) / 2 = -1/3; times three paths 2 and -1."""
MEETING = [Told(("a", "b", "a")), Told(("a",))]
"""The first is shared by two channels, the second is a's: 3/2 and 1/2."""


THREE = [Told(("c1", "c2", "c3")), Told(("c1",), 0, 0, 1), Told(("c2", "c3"), 0, 0, 1)]
"""Bryl's paths: P = 33.3 %, without c1 16.7 %; effects 50, 100 and 100 %, credit .2, .4 and .4."""
INHERITANCE = {
    "1": 120, "2": 60, "3": 40, "4": 30, "12": 120, "13": 120, "14": 120, "23": 60, "24": 60, "34": 40,
    "123": 120, "124": 120, "134": 120, "234": 60, "1234": 120,
}  # fmt: skip
"""What each group of heirs can claim. Printed shares: 80.83333, 20.83333, 10.83333, 7.5 (also in CoopGame's manual)."""
DEAL = [Told(tuple("abcde"), 1, 12_000.0, ages=(38.0, 33.0, 26.0, 8.0, 0.0), lead=1, opportunity=3)]
"""Haines's journey: half-life of seven days; 7,545 dollars are for the last touch, 4,800 for the first by position."""


BY_HAND = [SHORT, MEMORY, WORTH, LOSING, MEETING, THREE]


@cache
def pathdata() -> Paths:
    """The 10,000 paths."""
    table = Table([folder() / "PathData.csv"])
    columns = ("total_conversions", "total_conversion_value", "total_null")
    return read(table.texts("path").tolist(), np.column_stack([table.numbers(name) for name in columns]))


@cache
def library() -> dict[str, Any]:
    """What the library gave, by channel."""
    found: dict[str, Any] = json.loads((folder() / "reference_channelattribution_2.2.5.json").read_text())
    return found


def folder() -> Path:
    return DATA / "pathdata"


def credited(paths: Paths, model: str) -> Amounts:
    """(channels, 2)."""
    return credits_of(paths, [parsed(model)])[0].by_channel


def farthest(model: str, column: str, place: int) -> float:
    """The largest difference from the library over all channels."""
    at = library()["columns"].index(column)
    theirs = [library()[name][at] for name in pathdata().names]
    return float(np.abs(credited(pathdata(), model)[:, place] - theirs).max())


def misplaced() -> float:
    """What part of the credit of order 1 the library's simulation gives to other channels than the exact chain."""
    theirs = [library()[name][6] for name in pathdata().names]
    return float(np.abs(credited(pathdata(), "markov:1")[:, 0] - theirs).sum() / 2 / pathdata().totals[0])


def effect(channel: str) -> Callable[[], float]:
    return lambda: float(removal(counted(pathdata(), 1)).effects[pathdata().names.index(channel), 0])


def hand(told: list[Told], model: str, channel: int, column: int = 0) -> Callable[[], float]:
    return lambda: float(credited(paths_of(told), model)[channel, column])


def heir(number: int) -> Callable[[], float]:
    """What an heir gets."""
    worths = np.zeros((16, 1))
    for heirs, worth in INHERITANCE.items():
        worths[sum(1 << (int(one) - 1) for one in heirs)] = worth
    return lambda: float(mean_gains(worths, 4)[number - 1, 0])


def by_place(model: str) -> list[Oracle]:
    """A model by place beside the library's printed six decimals."""
    return [
        Oracle(f"{model}, conversions: largest of 12 gaps", LIBRARY, 0.0, 6e-7, lambda: farthest(model, f"{model}_touch", 0)),
        Oracle(f"{model}, value: largest of 12 gaps", LIBRARY, 0.0, 6e-7, lambda: farthest(model, f"{model}_value", 1)),
    ]  # fmt: skip


ORACLES = [
    *by_place("first"),
    *by_place("last"),
    *by_place("linear"),
    Oracle("order 1, probability of a conversion", CHAIN, 0.2238451, 5e-8, lambda: removal(counted(pathdata(), 1)).probability),
    Oracle("order 1, removal effect of alpha", CHAIN, 0.558399, 5e-7, effect("alpha")),
    Oracle("order 1, removal effect of iota", CHAIN, 0.405835, 5e-7, effect("iota")),
    Oracle("order 1, removal effect of eta", CHAIN, 0.349026, 5e-7, effect("eta")),
    Oracle("order 1, credit that the simulation misplaces", f"{LIBRARY}, one million runs", 0.0, 0.003, misplaced),
    Oracle("order 1, credit of a where half stop short", HAND, 1 / 3, 1e-12, hand(SHORT, "markov:1", 0)),
    Oracle("order 2, the same paths (a window holds both)", HAND, 1 / 2, 1e-12, hand(SHORT, "markov:2", 0)),
    Oracle("order 1 forgets: credit of a", HAND, 1 / 4, 1e-12, hand(MEMORY, "markov:1", 0)),
    Oracle("order 2 remembers: credit of a", HAND, 1 / 2, 1e-12, hand(MEMORY, "markov:2", 0)),
    Oracle("order 1, value of a", HAND, 200 / 11, 1e-12, hand(WORTH, "markov:1", 0, 1)),
    Oracle("order 1, value of b", HAND, 240 / 11, 1e-12, hand(WORTH, "markov:1", 1, 1)),
    Oracle("order 1, probability of a conversion", BRYL, 0.333, 5e-4, lambda: removal(counted(paths_of(THREE), 1)).probability),
    Oracle("order 1, removal effect of c1", BRYL, 0.5, 1e-12, lambda: float(removal(counted(paths_of(THREE), 1)).effects[0, 0])),
    Oracle("order 1, credit of c1", BRYL, 0.2, 1e-12, hand(THREE, "markov:1", 0)),
    Oracle("order 1, credit of c2", BRYL, 0.4, 1e-12, hand(THREE, "markov:1", 1)),
    Oracle("order 1, credit of c3", BRYL, 0.4, 1e-12, hand(THREE, "markov:1", 2)),
    Oracle("time decay, value of the last touch", HAINES, 7545, 0.5, hand(DEAL, "decay:7", 4, 1)),
    Oracle("position, value of the first touch", HAINES, 4800, 1e-9, hand(DEAL, "position", 0, 1)),
    Oracle("position, value of a touch between", HAINES, 800, 1e-9, hand(DEAL, "position", 2, 1)),
    Oracle("full path, share of a milestone", MEASURE, 0.225, 1e-12, hand(DEAL, "full", 1)),
    Oracle("full path, share of what is between", MEASURE, 0.1, 1e-12, hand(DEAL, "full", 2)),
    *(Oracle(f"mean gain of heir {number}", AUMANN, share, 5e-6, heir(number))
      for number, share in enumerate((80.83333, 20.83333, 10.83333, 7.5), 1)),
    Oracle("shapley, sum: credit of a", HAND, 3 / 2, 1e-12, hand(MEETING, "shapley", 0)),
    Oracle("shapley, rate: credit of a", HAND, 2.0, 1e-12, hand(LOSING, "shapley:rate", 0)),
    Oracle("shapley, rate: credit of b, below zero", HAND, -1.0, 1e-12, hand(LOSING, "shapley:rate", 1)),
]  # fmt: skip
