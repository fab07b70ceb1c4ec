"""How long tests take, whatever the machine: their processor time beside that of a fixed piece of work.

A busy or slower machine needs longer for both; their ratio stays. It is told as seconds of the machine for which
the limit was set.
"""

import json
from collections.abc import Generator
from time import process_time

import pytest

PIECE_SECONDS = 0.0008
"""What a piece of work takes on an idle core of that machine."""

SHARE = 5
"""A fifth as much time as the tests take goes into pieces: after each test, so that both meet the same load."""


class Row:
    """Something to allocate, as rules do."""

    def __init__(self, number: int, name: str) -> None:
        self.number, self.name = number, name


def piece() -> int:
    """A little of what rules and their tests do: objects, texts, tables, order, a document."""
    rows = [Row(n * 7919 % 1000, f"name {n % 97}") for n in range(900)]
    groups: dict[str, list[int]] = {}
    for row in rows:
        groups.setdefault(row.name.upper(), []).append(row.number)
    ordered = sorted(rows, key=lambda row: (row.name, row.number))
    kept: dict[str, list[int]] = json.loads(json.dumps(groups))
    return sum(len(numbers) for numbers in kept.values()) + sum(row.number for row in ordered)


class Pace:
    """A plugin that prints the seconds of setting tests up and running them; not those of collecting them."""

    def __init__(self) -> None:
        self.of_tests = self.of_pieces = 0.0
        self.pieces = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Generator[None]:
        began = process_time()
        yield
        self.of_tests += process_time() - began

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None]:
        began = process_time()
        yield
        self.of_tests += process_time() - began
        self.keep_up()

    def keep_up(self) -> None:
        """Does pieces until they had their share."""
        while self.of_pieces <= self.of_tests / SHARE:
            began = process_time()
            piece()
            self.of_pieces += process_time() - began
            self.pieces += 1

    def pytest_sessionfinish(self) -> None:
        slowness = self.of_pieces / (self.pieces * PIECE_SECONDS) if self.pieces else 1.0
        print(f"\nSECONDS {self.of_tests / slowness:.3f} of {self.of_tests:.3f} at {slowness:.2f}")
