"""How long credit takes to be shared out, beside the bars of the design.

Run: .venv/bin/python benchmarks/attribution.py [--paths 10000000] [--texts 1000000] [--touches 10000000] [--channels 30]
One core does the work. Each figure is the middle one of three, after what numba compiles once.
"""

import argparse
from functools import partial

import numpy as np
from clock import told
from journeys import journeys, texts, touches
from numpy.typing import NDArray

from treaty.attribution.rules.attributing import credits_of, markov, parsed
from treaty.attribution.rules.paths import Paths
from treaty.attribution.rules.removal import removal
from treaty.attribution.rules.strings import read
from treaty.attribution.rules.touches import collect
from treaty.attribution.rules.transitions import counted, packed, unpacked

RULES = ("first", "last", "last-non-direct", "linear", "position")
PERIODS = 12


def main() -> None:
    """Measure and print each figure with its ratio to the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--paths", type=int, default=10_000_000)
    parser.add_argument("--texts", type=int, default=1_000_000)
    parser.add_argument("--touches", type=int, default=10_000_000)
    parser.add_argument("--channels", type=int, default=30)
    asked = parser.parse_args()
    warm(asked.channels)
    by_texts(asked.texts)
    by_codes(asked.paths, asked.channels)
    by_touches(asked.touches, asked.channels)
    by_counts(asked.texts, asked.channels)


def credit(paths: Paths, *models: str) -> None:
    """Credit by some models."""
    credits_of(paths, [parsed(model) for model in models], direct="direct")


def warm(channels: int) -> None:
    """Have everything compiled."""
    paths = journeys(100, channels)
    credit(read(texts(paths), paths.outcomes), *RULES, "markov:3", "shapley")
    credit(collect(touches(100, channels), lookback=30.0), "decay:7", "markov:1", "last")


def by_texts(count: int) -> None:
    """Texts to exact Markov: encoded, counted, solved."""
    paths = journeys(count, 10)
    listed = texts(paths)
    for order, bar in ((1, 0.3), (3, 0.3)):
        work = f"{count:,} texts, 10 channels: Markov of order {order}"
        told(work, partial(from_texts, listed, paths, order), bar)
    told("  of it reading", lambda: read(listed, paths.outcomes))
    told(f"five rules over {count:,} paths", partial(credit, paths, *RULES), 0.1)
    told(f"time decay over {count:,} paths", partial(credit, paths, "decay:7"))
    told(f"both Shapley games over {count:,} paths", partial(credit, paths, "shapley", "shapley:rate"))


def from_texts(listed: list[str], paths: Paths, order: int) -> None:
    """Texts to credit."""
    credit(read(listed, paths.outcomes), f"markov:{order}")


def by_codes(count: int, channels: int) -> None:
    """Paths as integers to exact Markov, each order for itself and all at once."""
    paths = journeys(count, channels)
    for order in (1, 2, 3):
        work = f"{count:,} paths as integers, {channels} channels: order {order}"
        told(work, partial(credit, paths, f"markov:{order}"), 1.0)
    told("  orders 1 to 3 together", partial(credit, paths, "markov:1", "markov:2", "markov:3"), 1.0)


def by_touches(count: int, channels: int) -> None:
    """Raw touches, persons mixed, to attribution."""
    rows = touches(count, channels)

    def all_of_it() -> None:
        credit(collect(rows, lookback=90.0), "last", "linear", "markov:1")

    told(f"{count:,} raw touches: paths, last, linear, order 1", all_of_it, 2.5)
    told("  of it paths", partial(collect, rows, lookback=90.0))


def by_counts(count: int, channels: int) -> None:
    """A year of kept counts by month, order 3: any range is a solve."""
    kept: list[tuple[tuple[str, ...], NDArray[np.int64], NDArray[np.float64]]] = []
    for month in range(PERIODS):
        paths = journeys(max(1, count // PERIODS), channels, seed=month)
        kept.append((paths.names, *packed(counted(paths, 3))))
    cells = sum(len(places) for _, places, _ in kept)

    def asked() -> None:
        places, amounts = (np.concatenate([month[column] for month in kept]) for column in (1, 2))
        markov(unpacked(kept[0][0], 3, places, amounts), 3)

    told(f"{PERIODS} kept months ({cells:,} cells), {channels} channels: order 3", asked, 0.2)
    counts = counted(journeys(count, channels), 3)
    told("  of it the solve", partial(markov, counts, 3))
    print(f"  of it {removal(counts).steps} steps over {len(counts.begins):,} states")


if __name__ == "__main__":
    main()
