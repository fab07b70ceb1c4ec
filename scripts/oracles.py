"""`make numbers`: every number that somebody published beside ours. Ends with 1 where one is too far away."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from itertools import groupby
from pathlib import Path
from textwrap import fill, shorten

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.harness.oracles import Oracle

SOURCE = Path(__file__).parent.parent / "src" / "treaty"
WIDTH = 100
"""Columns of the table."""
NAME = 54
HEAD = f"  {'number':{NAME}} {'published':>11} {'ours':>11} {'differs':>8} within"
FAR = "!"
"""Stands before a number that is too far away."""


def oracles() -> dict[str, list[Oracle]]:
    """By noun, in the order of their names."""
    found = sorted(path.parent.parent.name for path in SOURCE.glob("*/tests/oracles.py"))
    return {noun: import_module(f"treaty.{noun}.tests.oracles").ORACLES for noun in found}


def table(listed: Mapping[str, Sequence[Oracle]]) -> Iterator[str]:
    """Line by line; a source stands above its numbers."""
    yield HEAD
    for noun, each in listed.items():
        for source, numbers in groupby(each, lambda oracle: oracle.source):
            yield "\n" + fill(f"{noun}: {source}", WIDTH, subsequent_indent="  ")
            yield from map(line, numbers)


def line(oracle: Oracle) -> str:
    """A number; marked where it is too far away, or none."""
    ours = oracle.ours()
    difference = ours - oracle.published
    mark = " " if abs(difference) <= oracle.within else FAR
    figures = f"{oracle.published:11.7g} {ours:11.7g} {difference:8.2g} {oracle.within:6.1g}"
    return f"{mark} {shorten(oracle.name, NAME, placeholder=' …'):{NAME}} {figures}"


def report(listed: Mapping[str, Sequence[Oracle]]) -> int:
    """Print the table; a number that is too far away decides the exit."""
    far = 0
    for told in table(listed):
        print(told, flush=True)
        far += told.startswith(FAR)
    count = sum(map(len, listed.values()))
    print(f"\n{far} of {count} too far away ({FAR})." if far else f"\nAll {count} within what was printed.")
    return int(far > 0)


def main() -> int:
    """All of them."""
    if not os.environ.get("TREATY_TEST_DATA"):
        print("TREATY_TEST_DATA must name the folder of the published data.", file=sys.stderr)
        return 2
    return report(oracles())


if __name__ == "__main__":
    sys.exit(main())
